//! The console: lines that users type, evaluated at a tick's boundary in their session.
//!
//! Lines are submitted at any time and evaluated in the input phase: those of a session in order, and
//! the sessions in turn. A line whose first word is a [`Command`] is one, unless the session has given
//! that name a meaning of its own; a `%` before the name leaves no doubt. All else an [`Interpreter`]
//! understands. Where a session's output goes is the affair of its front end.
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
pub(crate) mod escape;
pub mod host;
mod interpreter;
mod job;
mod log;
pub mod plain;
mod queue;
mod reach;
mod reference;
mod session;
pub mod session_host;
mod table;
mod understand;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

pub use command::{Arguments, Command, Complaint, Context, Count, Parameter, Takes};
pub use commands::{GROUPS, Group};
pub use complete::complete;
pub use completion::{Candidate, Completion};
pub use desk::{Desk, FrontEnd};
use interpreter::failed;
pub use interpreter::{Deed, Evaluation, Interpreter, NoInterpreter, Placing, Recorded, Wanted};
pub use job::Job;
use job::Jobs;
use queue::{Line, Queue};
pub use reference::reference;
pub use session::{Role, Session, SessionId, Sessions};
use understand::understand;
pub use words::Word;

use crate::alert::{self, Level};
use crate::clock::Stopwatch;
use crate::machine::Stop;
use crate::process::Fault;
use crate::schedule;

/// Lines that wait for their turn.
#[derive(Debug, Default, Resource)]
pub struct Console {
    lines: Queue,
    jobs: Jobs,
    failures: u64,
}

impl Console {
    /// Puts a line on the list. It is evaluated in the next tick, however long that takes, unless its
    /// session awaits something.
    pub fn submit(&mut self, session: SessionId, line: String) {
        self.lines.push(session, Line { text: line, may_wait: false });
    }

    /// How many lines of whoever started the machine wait for the next tick.
    pub fn waiting(&self) -> u64 {
        self.queued(SessionId::LOCAL) as u64
    }

    /// How many lines of whoever started the machine have failed so far: others see theirs themselves.
    pub fn failures(&self) -> u64 {
        self.failures
    }

    fn queued(&self, session: SessionId) -> usize {
        self.lines.count(session)
    }

    /// How many bytes of lines of a session wait.
    fn queued_bytes(&self, session: SessionId) -> usize {
        self.lines.bytes(session)
    }

    fn drop_lines(&mut self, session: SessionId) {
        self.lines.forget(session);
    }
}

/// How long the console may hold a tick, lines and jobs all together but for the least that each does:
/// a tenth of one at 60 Hz.
const BUDGET: Duration = Duration::from_micros(1_600);

/// How often front ends are asked in a tick, at most, as long as lines come and there is time.
const ROUNDS: usize = 1_000;

/// Takes lines in, goes on with what has waited, and evaluates the lines whose turn it is; then those
/// that come after them, for a front end may hand out one at a time.
pub(crate) fn evaluate(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    front_ends: &mut [Box<dyn FrontEnd>],
) {
    let stopwatch = world.resource::<Stopwatch>();
    let until = stopwatch.read().saturating_add(stopwatch.count(BUDGET));
    poll(world, interpreter, front_ends);
    advance_jobs(world, interpreter, front_ends, until);
    resume(world, interpreter, front_ends);
    for _ in 0..ROUNDS {
        if !evaluate_lines(world, interpreter, front_ends, until) || is_late(world, until) {
            break;
        }
        poll(world, interpreter, front_ends);
    }
}

fn is_late(world: &World, until: u64) -> bool {
    world.resource::<Stopwatch>().read() >= until
}

/// Has something done whose panic is a failure of its own: the machine goes on.
fn caught<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(act))
        .map_err(|payload| Fault::panicked(payload.as_ref()).summary.clone())
}

fn poll(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    front_ends: &mut [Box<dyn FrontEnd>],
) {
    for front_end in front_ends {
        let outcome = caught(|| front_end.poll(&mut Desk::new(world, interpreter)));
        tell_panic(world, outcome);
    }
}

fn tell_panic(world: &mut World, outcome: Result<(), String>) {
    if let Err(text) = outcome {
        alert::raise(world, "console", Level::Error, text);
    }
}

/// Goes on with what the interpreter has waited for.
fn resume(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    front_ends: &mut [Box<dyn FrontEnd>],
) {
    let outcome = caught(|| interpreter.resume(world)).map(|told| {
        for (session, mut evaluation) in told {
            schedule::settle(world);
            if world.resource::<Console>().queued(session) > 0 {
                answered_ahead(&mut evaluation);
            }
            show(world, front_ends, session, "", &evaluation);
        }
    });
    tell_panic(world, outcome);
}

/// Evaluates the lines whose turn it is, one at least; whether there were any.
fn evaluate_lines(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    front_ends: &mut [Box<dyn FrontEnd>],
    until: u64,
) -> bool {
    let mut has_done_any = false;
    let mut lines = std::mem::take(&mut world.resource_mut::<Console>().lines);
    // Nobody is there after the end to whom they matter.
    while world.resource::<Stop>().0.is_none() {
        let next = lines.pop(|session, line| {
            let is_too_late = has_done_any && line.may_wait && is_late(world, until);
            !is_too_late && (!is_waiting(world, session) || interpreter.is_asking(world, session))
        });
        let Some((session, Line { text, may_wait })) = next else { break };
        has_done_any = true;
        let (text, rest) = understand::first_piece(world, interpreter, session, text);
        if let Some(text) = rest {
            lines.push_front(session, Line { text, may_wait });
        }
        let until = if may_wait { until } else { u64::MAX };
        let was_open = is_open(world, session);
        let mut evaluation =
            caught(|| understand(world, interpreter, session, &text, until)).unwrap_or_else(failed);
        if lines.count(session) > 0 {
            answered_ahead(&mut evaluation);
        }
        // The next line finds the world as this one has left it.
        schedule::settle(world);
        show(world, front_ends, session, &text, &evaluation);
        if was_open && !is_open(world, session) {
            lines.forget(session);
        }
    }
    // What was submitted meanwhile comes after them.
    let console = &mut *world.resource_mut::<Console>();
    lines.append(std::mem::take(&mut console.lines));
    console.lines = lines;
    has_done_any
}

/// Goes on with what commands of earlier ticks have left to do.
fn advance_jobs(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    front_ends: &mut [Box<dyn FrontEnd>],
    until: u64,
) {
    let jobs = std::mem::take(&mut world.resource_mut::<Console>().jobs.0);
    for (session, job) in jobs {
        if !is_open(world, session) {
            end_job(world, interpreter, session, job);
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
    let outcome = caught(|| job.advance(&mut context));
    let Context { out, error, placing, .. } = context;
    let output = escape::escaped(&out).into_owned();
    let (is_done, panic) = match outcome {
        Ok(is_done) => (is_done, None),
        Err(text) => (true, Some(text)),
    };
    if !is_done {
        world.resource_mut::<Console>().jobs.0.insert(session, job);
    }
    let error = panic.or(error);
    Evaluation { output, error, is_waiting: !is_done, placing, ..Evaluation::default() }
}

/// Ends a job before its time.
fn end_job(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    mut job: Box<dyn Job>,
) {
    let outcome = caught(|| job.end(&mut Context::new(world, interpreter, session, 0)));
    tell_panic(world, outcome);
}

/// What is asked has its answer already, which nobody types after it: it is shown as what is printed.
fn answered_ahead(evaluation: &mut Evaluation) {
    if let Some(question) = evaluation.question.take() {
        evaluation.output += &question;
    }
}

fn is_open(world: &World, session: SessionId) -> bool {
    world.resource::<Sessions>().get(session).is_some()
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
        session.question.clone_from(&evaluation.question);
    }
    for front_end in front_ends {
        front_end.show(session, text, evaluation);
    }
}

#[cfg(test)]
mod tests;
