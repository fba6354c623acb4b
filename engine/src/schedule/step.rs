//! The steps of a tick: instructions, then processes, each guarded against its own failure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::due::Due;
use super::table::{Slot, Table, Wait};
use super::{FrameBudget, take_in_changes, with_table};
use crate::alert::{self, Level};
use crate::clock::{Flicks, Now, Stopwatch};
use crate::instruction::{CallError, Instruction, Instructions, Outcome};
use crate::process::{
    self, Behaviour, Changes, Fault, Names, Next, Restart, Step, StepError, instance_name,
};

/// The reading of the stopwatch at which a tick that begins now, and takes place in real time, has no
/// more room for steps.
pub(crate) fn deadline(world: &World) -> u64 {
    let FrameBudget(share) = *world.resource();
    let span = world.resource::<Now>().span().as_duration();
    let stopwatch = world.resource::<Stopwatch>();
    stopwatch.read() + stopwatch.count(span.mul_f64(share))
}

/// Executes the instructions that are due in this tick.
pub(crate) fn execute_instructions(world: &mut World) {
    let now = world.resource::<Now>().time();
    let due = world.resource_mut::<Instructions>().take_due(now);
    if due.is_empty() {
        return;
    }
    with_table(world, |world, table| {
        for instruction in due {
            execute(world, table, instruction);
            take_in_changes(world, table);
        }
    });
}

/// Steps every process that is due in this tick. What has not begun when the stopwatch reads
/// `deadline` waits for the next tick, but one step is always made.
pub(crate) fn run(world: &mut World, deadline: Option<u64>) {
    with_table(world, |world, table| {
        let mut pass = Pass::new(world, deadline);
        table.find_due(pass.now);
        // A process that asks for its next step within this tick has it in the next round.
        while pass.run(world, table) {
            table.due.clear();
            if !table.find_timed(pass.now) {
                break;
            }
        }
    });
}

/// The steps of one tick.
struct Pass {
    now: Now,
    time: Flicks,
    stopwatch: Stopwatch,
    /// The last reading of the stopwatch: the end of one step is the beginning of the next, so that
    /// a step costs one reading.
    reading: u64,
    /// The reading from which on no more steps are begun.
    deadline: u64,
    has_stepped: bool,
    /// The last time between two steps of a process, and the same in seconds: in a tick most have
    /// the same one, and a division takes as long as finding that out ten times.
    span: Flicks,
    dt: f64,
}

impl Pass {
    fn new(world: &World, deadline: Option<u64>) -> Self {
        let now = *world.resource::<Now>();
        let stopwatch = world.resource::<Stopwatch>().clone();
        let reading = stopwatch.read();
        let deadline = deadline.unwrap_or(u64::MAX);
        Self {
            now,
            time: now.time(),
            stopwatch,
            reading,
            deadline,
            has_stepped: false,
            span: Flicks::ZERO,
            dt: 0.0,
        }
    }

    /// Makes the steps found; whether there was room for all of them.
    fn run(&mut self, world: &mut World, table: &mut Table) -> bool {
        let are_changes_pending = world.resource::<Changes>().flag();
        while let Some(due) = table.next_due(self.time) {
            if self.reading >= self.deadline && self.has_stepped {
                self.defer(due, table);
                return false;
            }
            self.step(world, table, &due);
            if are_changes_pending.load(Ordering::Relaxed) {
                take_in_changes(world, table);
                self.reading = self.stopwatch.read();
            }
        }
        true
    }

    fn step(&mut self, world: &mut World, table: &mut Table, due: &Due) {
        let Some(slot) = table.valid(due.slot, due.stamp) else { return };
        let span = due.at - slot.last;
        if span != self.span {
            (self.span, self.dt) = (span, span.as_secs());
        }
        let dt = self.dt;
        slot.last = due.at;
        if let Some(since) = slot.end_wait() {
            let lateness = self.time - Flicks::of_tick(since, self.now.hz);
            slot.account.late(lateness, due.missed);
        }
        let process = slot.process;
        let outcome = started(world, slot, dt, |behaviour, world| {
            behaviour.step(Step { world, process, dt })
        });
        let reading = self.stopwatch.read();
        slot.account.step(reading - self.reading);
        self.reading = reading;
        self.has_stepped = true;
        match outcome {
            Ok(Next::Interval) if slot.wait == Wait::Interval => {}
            Ok(Next::Done) | Err(StepError::Exit) => process::delete(world, process),
            Ok(next) => table.wait(due.slot, next, due.at, self.now),
            Err(StepError::Fault(fault)) => fail(world, table, due.slot, *fault, self.now),
        }
    }

    /// Has the steps that are left wait for the next tick.
    fn defer(&mut self, first: Due, table: &mut Table) {
        table.defer(&first, self.now);
        while let Some(due) = table.next_due(self.time) {
            table.defer(&due, self.now);
        }
    }
}

/// Restarts a process whose step failed, if it may be, and holds it otherwise.
fn fail(world: &mut World, table: &mut Table, index: usize, fault: Fault, now: Now) {
    let Some(slot) = table.slots[index].as_mut() else { return };
    let process = slot.process;
    slot.account.fault();
    let restart = world.get::<Restart>(process).copied();
    let number = restart.and_then(|restart| slot.count_restart(restart, now.time()));
    let (Some(Restart { limit, within }), Some(number)) = (restart, number) else {
        slot.wait = Wait::Interval;
        return process::hold(world, process, fault);
    };
    let name = instance_name(world, process);
    let text = format!("restarted ({number} of {limit} in {within}): {}", fault.report());
    alert::raise(world, &name, Level::Error, text);
    let behaviour = &mut slot.behaviour;
    let restarted = guarded(|| {
        behaviour.restart(world, process);
        Ok(())
    });
    table.restart(index, now);
    if let Err(StepError::Fault(fault)) = restarted {
        process::hold(world, process, *fault);
    }
}

fn execute(world: &mut World, table: &mut Table, instruction: Instruction) {
    let Instruction { target, method, arguments, reply, .. } = instruction;
    let outcome = match world.resource::<Names>().get(&target) {
        None => Err(no_such_process(world, &target, &method)),
        Some(process) => match table.find(process) {
            None => Err(CallError::NotLaunched(target.clone())),
            Some(slot) => {
                let outcome = started(world, slot, 0.0, |behaviour, world| {
                    behaviour.call(Step { world, process, dt: 0.0 }, &method, &arguments)
                });
                call_outcome(world, process, &target, outcome)
            }
        },
    };
    let failure = outcome.as_ref().err().cloned();
    let is_told = reply.is_some_and(|reply| reply.settle(world, outcome));
    match failure {
        Some(CallError::Failed(fault)) if !is_told => {
            let text = format!("instruction {target}.{method} failed: {}", fault.report());
            alert::raise(world, &target, Level::Error, text);
        }
        // Whoever awaits it may be gone by then, and a wrong name is a mistake in any case.
        Some(error @ (CallError::NoSuchProcess { .. } | CallError::NotLaunched(_))) => {
            alert::raise(world, "instruction", Level::Error, error.to_string());
        }
        _ => {}
    }
}

fn no_such_process(world: &World, target: &str, method: &str) -> CallError {
    CallError::NoSuchProcess {
        target: target.to_owned(),
        method: method.to_owned(),
        nearest: world.resource::<Names>().nearest(target),
    }
}

/// Calls into a behaviour, which starts first if it has not yet. One whose start fails has not
/// started, and does so again when it is resumed.
fn started<R>(
    world: &mut World,
    slot: &mut Slot,
    dt: f64,
    call: impl FnOnce(&mut dyn Behaviour, &mut World) -> Result<R, StepError>,
) -> Result<R, StepError> {
    let Slot { process, behaviour, is_started, .. } = slot;
    guarded(|| {
        if !*is_started {
            behaviour.start(Step { world, process: *process, dt })?;
            *is_started = true;
        }
        call(behaviour.as_mut(), world)
    })
}

fn call_outcome(
    world: &mut World,
    process: Entity,
    target: &str,
    outcome: Result<process::BoxedParcel, StepError>,
) -> Outcome {
    outcome.map_err(|error| match error {
        StepError::Fault(fault) => CallError::Failed(fault),
        StepError::Exit => {
            process::delete(world, process);
            CallError::Ended(target.to_owned())
        }
    })
}

/// Runs a piece of a behaviour; a panic in it becomes a fault.
pub(super) fn guarded<R>(act: impl FnOnce() -> Result<R, StepError>) -> Result<R, StepError> {
    // What a panic leaves half done is the process's own state, and the process is held for it.
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|payload| Err(Fault::panicked(payload.as_ref()).into()))
}
