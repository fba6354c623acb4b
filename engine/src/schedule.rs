//! The schedule: who is due, in which order, and the steps themselves.
//!
//! It keeps a run table derived from the components of the processes. Its cost in a tick grows
//! with the processes that are due: those of interval zero stand in a list kept in step order, all
//! others wait in a queue by due time, and a paused or held process is in neither.
//!
//! Within a tick, steps go by priority (the higher first), then due time, then spawn order. Due
//! times never drift: the next is the last due time plus the interval. A process whose interval is
//! shorter than a tick is stepped once for each due time in it.

mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

pub use table::Schedule;
use table::{DueStep, Loan, Terms};

use crate::alert::{self, Level};
use crate::clock::Now;
use crate::instruction::{Instruction, Instructions};
use crate::nearest::nearest;
use crate::process::{
    self, Behaviour, Change, Changes, Fault, Held, Interval, Names, Paused, Priority, SpawnOrder,
    Step, StepError,
};

/// Takes in what changed since the last step: launches, deletions, new terms.
pub(crate) fn settle(world: &mut World) {
    while !world.resource::<Changes>().is_empty() {
        for change in world.resource_mut::<Changes>().take() {
            match change {
                Change::Launch { process, behaviour, at } => match terms(world, process) {
                    Some(terms) => {
                        let mut schedule = world.resource_mut::<Schedule>();
                        schedule.add(process, behaviour, terms, at);
                    }
                    None => end(world, process, behaviour),
                },
                Change::Reschedule { process, at } => {
                    if let Some(terms) = terms(world, process) {
                        world.resource_mut::<Schedule>().reschedule(process, terms, at);
                    }
                }
                Change::Delete { process } => delete(world, process),
            }
        }
    }
}

/// Executes the instructions that are due in this tick.
pub(crate) fn execute_instructions(world: &mut World) {
    let now = world.resource::<Now>().time();
    for instruction in world.resource_mut::<Instructions>().take_due(now) {
        execute(world, &instruction);
        settle(world);
    }
}

/// Steps every process that is due in this tick.
pub(crate) fn run(world: &mut World) {
    let now = world.resource::<Now>().time();
    let due = world.resource_mut::<Schedule>().take_due(now);
    for step in &due {
        step_one(world, step);
        if !world.resource::<Changes>().is_empty() {
            settle(world);
        }
    }
    world.resource_mut::<Schedule>().recycle(due);
}

fn step_one(world: &mut World, due: &DueStep) {
    let Some(loan) = world.resource_mut::<Schedule>().lend_due(due) else { return };
    let Loan { slot, process, mut behaviour, dt, is_first } = loan;
    let outcome = guarded(|| {
        if is_first {
            behaviour.start(Step { world, process, dt })?;
        }
        behaviour.step(Step { world, process, dt })
    });
    world.resource_mut::<Schedule>().give_back(slot, behaviour);
    match outcome {
        Ok(()) => {}
        Err(StepError::Exit) => process::delete(world, process),
        Err(StepError::Fault(fault)) => process::hold(world, process, fault),
    }
}

fn execute(world: &mut World, instruction: &Instruction) {
    let Instruction { target, method, arguments, .. } = instruction;
    let Some(process) = world.resource::<Names>().get(target) else {
        let near = nearest(target, world.resource::<Names>().iter().map(|(name, _)| name));
        let hint = near.map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
        let text = format!("there is no process `{target}` to call {method}() of{hint}");
        return alert::raise(world, "instruction", Level::Error, text);
    };
    let outcome = with_behaviour(world, process, |behaviour, world| {
        guarded(|| behaviour.call(Step { world, process, dt: 0.0 }, method, arguments))
    });
    match outcome {
        None | Some(Ok(())) => {}
        Some(Err(StepError::Exit)) => process::delete(world, process),
        Some(Err(StepError::Fault(fault))) => {
            let text = format!("instruction {target}.{method} failed: {}", fault.report());
            alert::raise(world, target, Level::Error, text);
        }
    }
}

/// Lends the behaviour of a process to `act`, or returns `None` where it has none or is being
/// stepped.
pub(crate) fn with_behaviour<R>(
    world: &mut World,
    process: Entity,
    act: impl FnOnce(&mut dyn Behaviour, &mut World) -> R,
) -> Option<R> {
    let (slot, mut behaviour) = world.resource_mut::<Schedule>().lend(process)?;
    let result = act(behaviour.as_mut(), world);
    world.resource_mut::<Schedule>().give_back(slot, behaviour);
    Some(result)
}

fn delete(world: &mut World, process: Entity) {
    if world.get_entity(process).is_err() {
        return;
    }
    for member in process::family(world, process) {
        let behaviour = world.resource_mut::<Schedule>().remove(member);
        if let Some(behaviour) = behaviour {
            end(world, member, behaviour);
        }
    }
    world.despawn(process);
}

fn end(world: &mut World, process: Entity, mut behaviour: Box<dyn Behaviour>) {
    let outcome = guarded(|| {
        behaviour.end(world, process);
        Ok(())
    });
    if let Err(StepError::Fault(fault)) = outcome {
        let name = process::instance_name(world, process);
        let text = format!("its end failed: {}", fault.report());
        alert::raise(world, &name, Level::Error, text);
    }
}

/// Runs a piece of a behaviour; a panic in it becomes a fault.
fn guarded(act: impl FnOnce() -> Result<(), StepError>) -> Result<(), StepError> {
    // What a panic leaves half done is the process's own state, and the process is held for it.
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|payload| Err(StepError::Fault(Fault::panicked(payload.as_ref()))))
}

fn terms(world: &World, process: Entity) -> Option<Terms> {
    let entity = world.get_entity(process).ok()?;
    Some(Terms {
        priority: entity.get::<Priority>()?.0,
        interval: entity.get::<Interval>()?.0,
        order: *entity.get::<SpawnOrder>()?,
        is_active: !entity.contains::<Paused>() && !entity.contains::<Held>(),
    })
}

#[cfg(test)]
mod tests;
