//! The console: lines that users type, evaluated at a tick's boundary in their session.
//!
//! Lines are submitted at any time and evaluated in the input phase, in order. What a line *means*
//! an [`Interpreter`] knows. Where a session's output goes is the affair of its front end.
//!
//! Front ends share one [`editor`]; those that are a terminal, here or elsewhere, share [`ansi`] too,
//! and those that are a pipe [`plain`].

pub mod ansi;
pub mod completion;
pub mod editor;
pub mod host;
pub mod plain;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use crate::process::Fault;
use crate::value::Value;

/// One user of the console; the interpreter keeps a namespace for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u32);

impl SessionId {
    /// The session of whoever started the machine.
    pub const LOCAL: Self = Self(0);
}

/// What a line came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// What it printed and, for an expression, its value.
    pub output: String,
    /// Why it failed: a traceback.
    pub error: Option<String>,
}

/// Understands console lines, and holds the random sources of the scripts.
pub trait Interpreter {
    /// Evaluates one line in the namespace of a session.
    fn evaluate(&mut self, world: &mut World, session: SessionId, line: &str) -> Evaluation;

    /// The state of the random sources that scripts draw from, as plain data.
    fn random_state(&mut self, world: &mut World) -> Value;
}

/// The interpreter of a machine without scripts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoInterpreter;

impl Interpreter for NoInterpreter {
    fn evaluate(&mut self, _world: &mut World, _session: SessionId, _line: &str) -> Evaluation {
        let error = "this machine has no interpreter for console lines".to_owned();
        Evaluation { output: String::new(), error: Some(error) }
    }

    fn random_state(&mut self, _world: &mut World) -> Value {
        Value::None
    }
}

/// Shows a session what its lines came to.
pub trait FrontEnd {
    /// Takes the outcome of one line.
    fn show(&mut self, session: SessionId, line: &str, evaluation: &Evaluation);
}

/// The front end of a machine that nobody looks at.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFrontEnd;

impl FrontEnd for NoFrontEnd {
    fn show(&mut self, _session: SessionId, _line: &str, _evaluation: &Evaluation) {}
}

/// Lines that wait for the next tick.
#[derive(Debug, Default, Resource)]
pub struct Console {
    lines: VecDeque<(SessionId, String)>,
    failures: u64,
}

impl Console {
    /// Puts a line on the list.
    pub fn submit(&mut self, session: SessionId, line: String) {
        self.lines.push_back((session, line));
    }

    /// How many lines wait for the next tick.
    pub fn waiting(&self) -> u64 {
        self.lines.len() as u64
    }

    /// How many lines have failed so far.
    pub fn failures(&self) -> u64 {
        self.failures
    }
}

/// Evaluates the lines that wait.
pub(crate) fn evaluate(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    front_end: &mut dyn FrontEnd,
) {
    let lines = std::mem::take(&mut world.resource_mut::<Console>().lines);
    for (session, line) in lines {
        // A panic in a line is the line's failure; what it was about goes on.
        let evaluate = AssertUnwindSafe(|| interpreter.evaluate(world, session, &line));
        let evaluation = catch_unwind(evaluate).unwrap_or_else(|payload| Evaluation {
            output: String::new(),
            error: Some(Fault::panicked(payload.as_ref()).summary),
        });
        if evaluation.error.is_some() {
            world.resource_mut::<Console>().failures += 1;
        }
        front_end.show(session, &line, &evaluation);
    }
}
