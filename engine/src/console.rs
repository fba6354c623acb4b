//! The console: lines that users type, evaluated at a tick's boundary in their session.
//!
//! Lines are submitted at any time and evaluated in the input phase, in order. What a line *means*
//! an [`Interpreter`] knows. Where a session's output goes is the affair of its front end.

mod completion;
mod session;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use crate::process::Fault;
use crate::value::Value;

pub use completion::{Candidate, Completion};
pub use session::{Role, Session, SessionId, Sessions};

/// What a text came to, so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// What it printed and, for an expression, its value.
    pub output: String,
    /// Why it failed: a traceback.
    pub error: Option<String>,
    /// Whether the session waits for something: what comes of it, [`Interpreter::resume`] tells.
    pub is_waiting: bool,
}

/// Understands what is typed at a console, and holds the random sources of the scripts.
pub trait Interpreter {
    /// Evaluates a piece of text in the namespace of a session.
    ///
    /// What comes while the session waits is the answer, if it has asked for one (its evaluation
    /// is what the waiting text comes to), and has its turn after what waits otherwise.
    fn evaluate(&mut self, world: &mut World, session: SessionId, text: &str) -> Evaluation;

    /// Whether a text is a whole piece: if not, more lines are wanted.
    fn is_complete(&mut self, world: &mut World, session: SessionId, text: &str) -> bool {
        let _ = (world, session, text);
        true
    }

    /// What the word before `cursor` (a byte position in `text`) may become.
    fn complete(
        &mut self,
        world: &mut World,
        session: SessionId,
        text: &str,
        cursor: usize,
    ) -> Completion {
        let _ = (world, session, text);
        Completion { start: cursor, candidates: Vec::new() }
    }

    /// Whether a name means something in the session, or it has asked for an answer: a command of that
    /// name is not meant then.
    fn is_name(&mut self, world: &mut World, session: SessionId, name: &str) -> bool {
        let _ = (world, session, name);
        false
    }

    /// Goes on with evaluations that wait (`await` in a line), once a tick: those that are over by now,
    /// and what others have printed meanwhile, which are still waiting.
    fn resume(&mut self, world: &mut World) -> Vec<(SessionId, Evaluation)> {
        let _ = world;
        Vec::new()
    }

    /// Ends what the session evaluates now, waiting or not: Ctrl-C.
    fn interrupt(&mut self, world: &mut World, session: SessionId) {
        let _ = (world, session);
    }

    /// Forgets a session.
    fn end_session(&mut self, world: &mut World, session: SessionId) {
        let _ = (world, session);
    }

    /// The state of the random sources that scripts draw from, as plain data.
    fn random_state(&mut self, world: &mut World) -> Value;
}

/// The interpreter of a machine without scripts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoInterpreter;

impl Interpreter for NoInterpreter {
    fn evaluate(&mut self, _world: &mut World, _session: SessionId, _text: &str) -> Evaluation {
        let error = "this machine has no interpreter for console lines".to_owned();
        Evaluation { error: Some(error), ..Evaluation::default() }
    }

    fn random_state(&mut self, _world: &mut World) -> Value {
        Value::None
    }
}

/// Shows a session what its lines came to.
pub trait FrontEnd {
    /// Takes what a line came to, or what has come of one that waited: `line` is empty then.
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

/// Evaluates the lines that have come, and goes on with those that wait for something.
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
            error: Some(Fault::panicked(payload.as_ref()).summary),
            ..Evaluation::default()
        });
        show(world, front_end, session, &line, &evaluation);
    }
    for (session, evaluation) in interpreter.resume(world) {
        show(world, front_end, session, "", &evaluation);
    }
}

/// Hands an evaluation to the front end.
fn show(
    world: &mut World,
    front_end: &mut dyn FrontEnd,
    session: SessionId,
    line: &str,
    evaluation: &Evaluation,
) {
    if evaluation.error.is_some() {
        world.resource_mut::<Console>().failures += 1;
    }
    front_end.show(session, line, evaluation);
}
