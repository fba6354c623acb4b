//! The steps of a tick: instructions, then processes, each guarded against its own failure.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::due::Due;
use super::table::{Slot, Table, Wait};
use super::{FrameBudget, take_in_changes, with_table};
use crate::alert::{self, Level};
use crate::clock::{Flicks, Now, Stopwatch};
use crate::instruction::{CallError, Instruction, Instructions, Outcome};
use crate::process::{
    self, Behaviour, Changes, Fault, Names, Next, Restart, Step, StepError, StepsInARow,
    instance_name,
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
        let now = *world.resource::<Now>();
        table.find_due(now);
        let mut pass = Pass::new(world, table, deadline);
        // A process that asks for its next step within this tick has it in the next round.
        while pass.run(world) {
            pass.table.due.clear();
            if !pass.table.find_timed(now) {
                break;
            }
        }
    });
}

/// The steps of one tick.
struct Pass<'a> {
    table: &'a mut Table,
    now: Now,
    time: Flicks,
    stopwatch: Stopwatch,
    /// The last reading of the stopwatch: the end of one step is the beginning of the next, so that
    /// a step costs one reading.
    reading: u64,
    /// The reading from which on no more steps are begun.
    deadline: u64,
    has_stepped: bool,
    /// Whether there are changes to be taken in before the next step.
    are_changes_pending: Arc<AtomicBool>,
    /// The next step, if it has been looked at already.
    ahead: Option<Due>,
    /// The last time between two steps of a process, and the same in seconds: in a tick most have
    /// the same one, and a division takes as long as finding that out ten times.
    span: Flicks,
    dt: f64,
}

impl<'a> Pass<'a> {
    fn new(world: &World, table: &'a mut Table, deadline: Option<u64>) -> Self {
        let now = *world.resource::<Now>();
        let stopwatch = world.resource::<Stopwatch>().clone();
        let reading = stopwatch.read();
        Self {
            table,
            now,
            time: now.time(),
            stopwatch,
            reading,
            deadline: deadline.unwrap_or(u64::MAX),
            has_stepped: false,
            are_changes_pending: world.resource::<Changes>().flag(),
            ahead: None,
            span: Flicks::ZERO,
            dt: 0.0,
        }
    }

    /// Makes the steps found; whether there was room for all of them.
    fn run(&mut self, world: &mut World) -> bool {
        while let Some(due) = self.look() {
            if !self.has_room() {
                self.defer();
                return false;
            }
            match self.table.slots[due.slot].row() {
                Some(steps) => self.step_in_a_row(world, steps),
                None => self.step(world),
            }
            if self.are_changes_pending.load(Ordering::Relaxed) {
                take_in_changes(world, self.table);
                self.reading = self.stopwatch.read();
            }
        }
        true
    }

    fn has_room(&self) -> bool {
        self.reading < self.deadline || !self.has_stepped
    }

    /// The next step, which stays the next one.
    #[inline]
    fn look(&mut self) -> Option<Due> {
        loop {
            let due = match self.ahead {
                Some(due) => due,
                None => *self.ahead.insert(self.table.next_due(self.time)?),
            };
            if self.table.slots[due.slot].stamp == due.stamp {
                return Some(due);
            }
            self.ahead = None;
        }
    }

    /// Begins the step that was looked at; the seconds since the last one of that process.
    #[inline]
    fn begin(&mut self, due: &Due) -> f64 {
        self.ahead = None;
        let slot = &mut self.table.slots[due.slot];
        let span = due.at - slot.last;
        slot.last = due.at;
        if slot.is_late {
            self.end_wait(due);
        }
        if span != self.span {
            (self.span, self.dt) = (span, span.as_secs());
        }
        self.dt
    }

    #[cold]
    fn end_wait(&mut self, due: &Due) {
        let since = self.table.late_since(due.slot).unwrap_or(self.now.tick);
        self.table.slots[due.slot].is_late = false;
        let lateness = self.time - Flicks::of_tick(since, self.now.hz);
        self.table.slots.shared(due.slot).late(lateness, due.missed.into());
    }

    /// Ends a step: its time is what has passed since the one before it ended.
    #[inline]
    fn end(&mut self, due: &Due) {
        let reading = self.stopwatch.read();
        self.table.slots.shared(due.slot).step(reading - self.reading);
        self.reading = reading;
        self.has_stepped = true;
    }

    /// Makes the next step.
    fn step(&mut self, world: &mut World) {
        let Some(due) = self.look() else { return };
        let dt = self.begin(&due);
        let slot = &mut self.table.slots[due.slot];
        let process = slot.process;
        let outcome = started(world, slot, dt, |behaviour, world| {
            behaviour.step(Step { world, process, dt })
        });
        self.end(&due);
        self.take_in(world, &due, outcome);
    }

    /// Makes the next step and those after it that can be made with it.
    fn step_in_a_row(&mut self, world: &mut World, steps: StepsInARow) {
        let mut row = Row { pass: self, under_way: None, has_begun: false };
        let outcome = guarded(|| steps(world, &mut row));
        let Row { under_way, has_begun, .. } = row;
        if let Some(due) = under_way {
            self.end(&due);
            self.take_in(world, &due, outcome);
        } else if !has_begun {
            self.step(world);
        }
    }

    #[inline]
    fn take_in(&mut self, world: &mut World, due: &Due, outcome: Result<Next, StepError>) {
        let slot = &self.table.slots[due.slot];
        match outcome {
            Ok(Next::Interval) if slot.wait == Wait::Interval => {}
            Ok(Next::Done) | Err(StepError::Exit) => process::delete(world, slot.process),
            Ok(next) => self.table.wait(due.slot, next, due.at, self.now),
            Err(StepError::Fault(fault)) => fail(world, self.table, due.slot, *fault, self.now),
        }
    }

    /// Has the steps that are left wait for the next tick.
    fn defer(&mut self) {
        while let Some(due) = self.look() {
            self.ahead = None;
            self.table.defer(&due, self.now);
        }
    }
}

/// Steps of behaviours of one type that follow each other in a tick, for those that can make several
/// more cheaply than one by one ([`Behaviour::row`]).
pub struct Row<'a, 'b> {
    pass: &'a mut Pass<'b>,
    under_way: Option<Due>,
    has_begun: bool,
}

impl Row<'_, '_> {
    /// Ends the step before, which must have come out as [`Next::Interval`], and begins the next one: the
    /// behaviour, and the seconds since its last step. `None` if the next one, if there is any, must
    /// be made by itself: it is none of a `B` that `is_meant`, or something has to be done before.
    #[inline]
    pub fn next<B: Behaviour>(
        &mut self,
        is_meant: impl FnOnce(&B) -> bool,
    ) -> Option<(&mut B, f64)> {
        let pass = &mut *self.pass;
        if let Some(due) = self.under_way.take() {
            pass.end(&due);
        }
        if pass.are_changes_pending.load(Ordering::Relaxed) || !pass.has_room() {
            return None;
        }
        let due = pass.look()?;
        let slot = &pass.table.slots[due.slot];
        let behaviour: &dyn Any = slot.behaviour.as_ref();
        let is_plain = slot.is_started && slot.wait == Wait::Interval;
        if !is_plain || !behaviour.downcast_ref().is_some_and(is_meant) {
            return None;
        }
        let dt = pass.begin(&due);
        self.under_way = Some(due);
        self.has_begun = true;
        let behaviour: &mut dyn Any = self.pass.table.slots[due.slot].behaviour.as_mut();
        behaviour.downcast_mut().map(|behaviour| (behaviour, dt))
    }
}

/// Restarts a process whose step failed, if it may be, and holds it otherwise.
fn fail(world: &mut World, table: &mut Table, index: u32, fault: Fault, now: Now) {
    let process = table.slots[index].process;
    table.slots.shared(index).fault();
    let restart = world.get::<Restart>(process).copied();
    let number = restart.and_then(|restart| table.count_restart(index, restart, now.time()));
    let (Some(Restart { limit, within }), Some(number)) = (restart, number) else {
        table.slots[index].wait = Wait::Interval;
        return process::hold(world, process, fault);
    };
    let name = instance_name(world, process);
    let text = format!("restarted ({number} of {limit} in {within}): {}", fault.report());
    alert::raise(world, &name, Level::Error, text);
    let behaviour = &mut table.slots[index].behaviour;
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
                let slot = &mut table.slots[slot];
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
