//! The console: lines that users type, evaluated at a tick's boundary in their session.
//!
//! Lines are submitted at any time and evaluated in the input phase, in order. A line whose first
//! word is a [`Command`] is one, unless the session has given that name a meaning of its own; a `%`
//! before the name leaves no doubt. All else an [`Interpreter`] understands. Where a session's
//! output goes is the affair of its front end.
//!
//! Front ends share one [`editor`]; those that are a terminal, here or elsewhere, share [`ansi`] too,
//! and those that are a pipe [`plain`].

pub mod ansi;
mod command;
mod commands;
mod complete;
pub mod completion;
mod desk;
pub mod editor;
pub mod host;
mod interpreter;
mod job;
mod log;
pub mod plain;
mod reference;
mod session;
mod table;
mod understand;
mod words;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

pub use command::{Arguments, Command, Complaint, Context, Count, Parameter, Takes};
pub use commands::{GROUPS, Group};
pub use complete::complete;
pub use completion::{Candidate, Completion};
pub use desk::{Desk, FrontEnd};
pub use interpreter::{Deed, Evaluation, Interpreter, NoInterpreter, Placing, SceneDeed};
pub use job::Job;
use job::Jobs;
pub use reference::reference;
pub use session::{Role, Session, SessionId, Sessions};
use understand::understand;
pub use words::Word;

use crate::clock::Stopwatch;
use crate::process::Fault;
use crate::schedule;

/// Lines that wait for the next tick.
#[derive(Debug, Default, Resource)]
pub struct Console {
    lines: VecDeque<(SessionId, String)>,
    jobs: Jobs,
    failures: u64,
}

impl Console {
    /// Puts a line on the list.
    pub fn submit(&mut self, session: SessionId, line: String) {
        self.lines.push_back((session, line));
    }

    /// How many lines of whoever started the machine wait for the next tick.
    pub fn waiting(&self) -> u64 {
        self.lines.iter().filter(|(session, _)| *session == SessionId::LOCAL).count() as u64
    }

    /// How many lines of whoever started the machine have failed so far: others see theirs themselves.
    pub fn failures(&self) -> u64 {
        self.failures
    }
}

/// Takes lines in, goes on with what has waited, and evaluates the lines whose turn it is.
pub(crate) fn evaluate(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    front_ends: &mut [Box<dyn FrontEnd>],
) {
    for front_end in front_ends.iter_mut() {
        front_end.poll(&mut Desk::new(world, interpreter));
    }
    let stopwatch = world.resource::<Stopwatch>();
    let until = stopwatch.read().saturating_add(stopwatch.count(BUDGET));
    advance_jobs(world, interpreter, front_ends, until);
    for (session, evaluation) in interpreter.resume(world) {
        schedule::settle(world);
        show(world, front_ends, session, "", &evaluation);
    }
    let lines = std::mem::take(&mut world.resource_mut::<Console>().lines);
    for (session, text) in lines {
        if is_waiting(world, session) && !interpreter.is_asking(world, session) {
            world.resource_mut::<Console>().lines.push_back((session, text));
            continue;
        }
        // A panic in a line is the line's failure; what it was about goes on.
        let evaluate = AssertUnwindSafe(|| understand(world, interpreter, session, &text, until));
        let evaluation = catch_unwind(evaluate).unwrap_or_else(|payload| {
            let error = Some(Fault::panicked(payload.as_ref()).summary);
            Evaluation { error, ..Evaluation::default() }
        });
        // The next line finds the world as this one has left it.
        schedule::settle(world);
        show(world, front_ends, session, &text, &evaluation);
    }
}

/// How long commands may hold a tick, all of them together but for the least that each does: a tenth
/// of one at 60 Hz.
const BUDGET: Duration = Duration::from_micros(1_600);

/// Goes on with what commands of earlier ticks have left to do.
fn advance_jobs(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    front_ends: &mut [Box<dyn FrontEnd>],
    until: u64,
) {
    let jobs = std::mem::take(&mut world.resource_mut::<Console>().jobs.0);
    for (session, job) in jobs {
        if world.resource::<Sessions>().get(session).is_none() {
            continue;
        }
        let evaluation = go_on(world, interpreter, session, job, until);
        if !evaluation.is_waiting || !evaluation.output.is_empty() {
            show(world, front_ends, session, "", &evaluation);
        }
    }
}

/// Goes on with a job, and keeps it if there is more to do.
fn go_on(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    mut job: Box<dyn Job>,
    until: u64,
) -> Evaluation {
    let mut context = Context::new(world, interpreter, session, until);
    let is_done = job.advance(&mut context);
    let Context { out: output, error, placing, .. } = context;
    if !is_done {
        world.resource_mut::<Console>().jobs.0.insert(session, job);
    }
    Evaluation { output, error, is_waiting: !is_done, placing }
}

/// Whether a line of the session awaits something.
fn is_waiting(world: &World, session: SessionId) -> bool {
    world.resource::<Sessions>().get(session).is_some_and(|session| session.is_waiting)
}

fn show(
    world: &mut World,
    front_ends: &mut [Box<dyn FrontEnd>],
    session: SessionId,
    text: &str,
    evaluation: &Evaluation,
) {
    if evaluation.error.is_some() && session == SessionId::LOCAL {
        world.resource_mut::<Console>().failures += 1;
    }
    if let Some(session) = world.resource_mut::<Sessions>().get_mut(session) {
        session.is_waiting = evaluation.is_waiting;
    }
    for front_end in front_ends {
        front_end.show(session, text, evaluation);
    }
}

#[cfg(test)]
mod tests;
