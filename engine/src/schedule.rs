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
use crate::nearest::{did_you_mean, nearest};
use crate::process::{
    self, Behaviour, Change, Changes, Fault, Held, Interval, Names, Paused, Priority, SpawnOrder,
    Step, StepError,
};
use crate::value::Value;

/// Takes in what changed since the last step: launches, deletions, new terms.
///
/// What the end of a deleted process asks for in turn is taken in the next time, so that processes
/// that create each other in their ends keep the machine busy, but never hold it.
pub(crate) fn settle(world: &mut World) {
    if world.resource::<Changes>().is_empty() {
        return;
    }
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
        settle(world);
    }
    world.resource_mut::<Schedule>().recycle(due);
}

fn step_one(world: &mut World, due: &DueStep) {
    let Some(loan) = world.resource_mut::<Schedule>().lend_due(due) else { return };
    let (process, dt) = (loan.process, loan.dt);
    let outcome =
        borrowed(world, loan, |behaviour, world| behaviour.step(Step { world, process, dt }));
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
        let hint = did_you_mean(near.as_deref());
        let text = format!("there is no process `{target}` to call {method}() of{hint}");
        return alert::raise(world, "instruction", Level::Error, text);
    };
    let Some(loan) = world.resource_mut::<Schedule>().lend(process) else { return };
    let outcome = borrowed(world, loan, |behaviour, world| {
        behaviour.call(Step { world, process, dt: 0.0 }, method, arguments)
    });
    match outcome {
        Ok(()) => {}
        Err(StepError::Exit) => process::delete(world, process),
        Err(StepError::Fault(fault)) => {
            let text = format!("instruction {target}.{method} failed: {}", fault.report());
            alert::raise(world, target, Level::Error, text);
        }
    }
}

/// Runs a piece of a lent behaviour and gives it back. A behaviour that has not started yet starts
/// first; one whose start fails has not started, and does so again when it is resumed.
fn borrowed(
    world: &mut World,
    loan: Loan,
    act: impl FnOnce(&mut dyn Behaviour, &mut World) -> Result<(), StepError>,
) -> Result<(), StepError> {
    let Loan { slot, process, mut behaviour, dt, mut is_started } = loan;
    let outcome = guarded(|| {
        if !is_started {
            behaviour.start(Step { world, process, dt })?;
            is_started = true;
        }
        act(behaviour.as_mut(), world)
    });
    world.resource_mut::<Schedule>().give_back(slot, behaviour, is_started);
    outcome
}

/// The attributes of a process: its state that is not in components. Empty where it has no
/// behaviour, or is being stepped.
pub(crate) fn attributes(world: &mut World, process: Entity) -> Vec<(String, Value)> {
    let Some(loan) = world.resource_mut::<Schedule>().lend(process) else { return Vec::new() };
    let Loan { slot, behaviour, is_started, .. } = loan;
    let read = AssertUnwindSafe(|| behaviour.attributes(world, process));
    let attributes = catch_unwind(read).unwrap_or_default();
    world.resource_mut::<Schedule>().give_back(slot, behaviour, is_started);
    attributes
}

/// Deletes all processes, and what their ends create, up to a bound: the machine ends.
pub(crate) fn clear(world: &mut World) {
    /// How often processes that create others in their ends are let do so.
    const GENERATIONS: usize = 10;
    for _ in 0..GENERATIONS {
        let processes = process::all(world);
        if processes.is_empty() && world.resource::<Changes>().is_empty() {
            return;
        }
        for process in processes {
            process::delete(world, process);
        }
        settle(world);
    }
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
        // One by one: the ECS would take a whole family by recursion, and overflow the stack.
        world.despawn(member);
    }
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
