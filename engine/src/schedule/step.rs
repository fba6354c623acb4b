//! The steps of a tick: instructions, then processes, each guarded against its own failure.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::table::{Slot, Table, Wait};
use super::{FrameBudget, take_in_changes, with_table};
use crate::alert::{self, Level};
use crate::clock::{Flicks, Now, Stopwatch};
use crate::inspect::trace::{self, Event};
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
    /// The due time of the last step that was begun.
    at: Flicks,
    span: Span,
}

/// The last time between two steps of a process, and the same in seconds: in a tick most have the
/// same one, and a division takes as long as finding that out ten times.
#[derive(Default)]
struct Span(Flicks, f64);

impl Span {
    #[inline]
    fn secs(&mut self, span: Flicks) -> f64 {
        if span != self.0 {
            *self = Self(span, span.as_secs());
        }
        self.1
    }
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
            at: Flicks::ZERO,
            span: Span::default(),
        }
    }

    /// Makes the steps found; whether there was room for all of them.
    fn run(&mut self, world: &mut World) -> bool {
        while let Some(slot) = self.table.look(self.time) {
            if !self.has_room() {
                self.defer();
                return false;
            }
            match self.table.slots[slot].row() {
                Some(steps) => self.step_in_a_row(world, slot, steps),
                None => self.step(world, slot),
            }
            if self.are_changes_pending.load(Ordering::Relaxed) {
                take_in_changes(world, self.table);
                self.reading = self.stopwatch.read();
            }
        }
        true
    }

    #[inline]
    fn has_room(&self) -> bool {
        self.reading < self.deadline || !self.has_stepped
    }

    /// Begins the step of a slot that was looked at; the seconds since its last one.
    fn begin(&mut self, slot: u32) -> f64 {
        self.table.look_ahead();
        let (at, missed) = self.table.due.advance(self.time);
        self.at = at;
        if let Some(since) = self.table.late_since(slot) {
            let lateness = self.time - Flicks::of_tick(since, self.now.hz);
            self.table.slots.shared(slot).late(lateness, missed.into());
        }
        let slot = &mut self.table.slots[slot];
        slot.is_late = false;
        self.span.secs(at - std::mem::replace(&mut slot.last, at))
    }

    /// Ends a step: its time is what has passed since the one before it ended.
    #[inline]
    fn end(&mut self, slot: u32) {
        let reading = self.stopwatch.read();
        self.table.slots.shared(slot).step(reading - self.reading);
        self.reading = reading;
        self.has_stepped = true;
    }

    /// Makes the step of a slot that was looked at.
    fn step(&mut self, world: &mut World, slot: u32) {
        let (dt, begun) = (self.begin(slot), self.reading);
        let stepped = &mut self.table.slots[slot];
        let Slot { process, is_followed, .. } = *stepped;
        if is_followed {
            trace::begin(world, process);
        }
        let outcome = started(world, stepped, dt, |behaviour, world| {
            behaviour.step(Step { world, process, dt })
        });
        self.end(slot);
        if is_followed {
            let time_secs = self.stopwatch.secs(self.reading - begun);
            let next = outcome.as_ref().ok().copied();
            let event = Event::Step { dt_secs: dt, time_secs, next };
            self.table.slots[slot].is_followed = trace::end(world, process, event);
        }
        self.take_in(world, slot, outcome);
    }

    /// Makes the step of a slot that was looked at, and those after it that can be made with it.
    fn step_in_a_row(&mut self, world: &mut World, slot: u32, steps: StepsInARow) {
        let mut row = Row { pass: self, under_way: None, has_begun: false };
        let outcome = guarded(|| steps(world, &mut row));
        let Row { under_way, has_begun, .. } = row;
        if let Some(slot) = under_way {
            self.end(slot);
            self.take_in(world, slot, outcome);
        } else if !has_begun {
            self.step(world, slot);
        } else if let Err(StepError::Fault(fault)) = outcome {
            let text = format!("steps in a row failed between two of them: {}", fault.report());
            alert::raise(world, "schedule", Level::Error, text);
        }
    }

    #[inline]
    fn take_in(&mut self, world: &mut World, slot: u32, outcome: Result<Next, StepError>) {
        let Slot { process, wait, .. } = self.table.slots[slot];
        match outcome {
            Ok(Next::Interval) if wait == Wait::Interval => {}
            Ok(Next::Done) | Err(StepError::Exit) => process::delete(world, process),
            Ok(next) => self.table.wait(slot, next, self.at, self.now),
            Err(StepError::Fault(fault)) => fail(world, self.table, slot, *fault, self.now),
        }
    }

    /// Has the steps that are left wait for the next tick.
    fn defer(&mut self) {
        while let Some(slot) = self.table.look(self.time) {
            let (at, _) = self.table.due.advance(self.time);
            self.table.defer(slot, at, self.now);
        }
    }
}

/// Steps of behaviours of one type that follow each other in a tick, for those that can make several
/// more cheaply than one by one ([`Behaviour::row`]).
pub struct Row<'a, 'b> {
    pass: &'a mut Pass<'b>,
    under_way: Option<u32>,
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
        if let Some(slot) = self.under_way.take() {
            pass.end(slot);
        }
        if pass.are_changes_pending.load(Ordering::Relaxed) || !pass.has_room() {
            return None;
        }
        let index = pass.table.look(pass.time)?;
        pass.table.look_ahead();
        let slot = &mut pass.table.slots[index];
        if !slot.is_plain() {
            return None;
        }
        let behaviour: &mut dyn Any = slot.behaviour.as_mut();
        let behaviour = behaviour.downcast_mut().filter(|behaviour| is_meant(behaviour))?;
        // None was passed over before this one: only a late step can have missed some.
        (pass.at, _) = pass.table.due.advance(pass.time);
        let dt = pass.span.secs(pass.at - std::mem::replace(&mut slot.last, pass.at));
        self.under_way = Some(index);
        self.has_begun = true;
        Some((behaviour, dt))
    }
}

/// Restarts a process whose step failed, if it may be, and holds it otherwise.
fn fail(world: &mut World, table: &mut Table, index: u32, fault: Fault, now: Now) {
    let process = table.slots[index].process;
    table.slots.shared(index).fault();
    if table.slots[index].is_followed {
        trace::note(world, process, Event::Failed { summary: fault.summary.clone() });
    }
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
                let stopwatch = slot.is_followed.then(|| world.resource::<Stopwatch>().clone());
                let begun = stopwatch.as_ref().map_or(0, Stopwatch::read);
                if stopwatch.is_some() {
                    trace::begin(world, process);
                }
                let outcome = started(world, slot, 0.0, |behaviour, world| {
                    behaviour.call(Step { world, process, dt: 0.0 }, &method, &arguments)
                });
                let outcome = call_outcome(world, process, &target, outcome);
                if let Some(stopwatch) = stopwatch {
                    let time_secs = stopwatch.secs(stopwatch.read() - begun);
                    let failure = outcome.as_ref().err().map(in_a_line);
                    let event = Event::Called { method: method.clone(), time_secs, failure };
                    slot.is_followed = trace::end(world, process, event);
                }
                outcome
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

/// Why a call has no answer, without the traceback.
fn in_a_line(error: &CallError) -> String {
    match error {
        CallError::Failed(fault) => fault.summary.clone(),
        error => error.to_string(),
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
