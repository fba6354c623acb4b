//! The port to whoever understands lines that are no commands, and what a line comes to.

use std::borrow::Cow;
use std::path::Path;

use bevy_ecs::world::World;

use super::{Candidate, Completion, SessionId};
use crate::scene::{Scene, SceneError};
use crate::value::Value;

/// What a line came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// What it printed and, for an expression, its value.
    pub output: String,
    /// Why it failed: a traceback, or what is wrong with a command.
    pub error: Option<String>,
    /// Whether it awaits something: its outcome comes later ([`Interpreter::resume`]).
    pub is_waiting: bool,
    /// What it asks, to stand before the answer: what it printed after its last line break.
    pub question: Option<String>,
    /// Where the output stands.
    pub placing: Placing,
}

impl Evaluation {
    /// What it printed, with the question at its end: for where no line is edited after that.
    pub fn whole_output(&self) -> Cow<'_, str> {
        match &self.question {
            Some(question) => Cow::Owned(format!("{}{question}", self.output)),
            None => Cow::Borrowed(&self.output),
        }
    }
}

/// Where output stands, as far as a front end can choose; one that cannot puts all of it below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placing {
    /// Below what was shown before.
    #[default]
    Below,
    /// In place of what the same line was shown last: a table that is kept up to date.
    Instead,
    /// At the top of a screen that is cleared for it.
    Alone,
}

/// Understands console lines, and holds the random sources of the scripts.
pub trait Interpreter {
    /// Evaluates a piece of text in the namespace of a session.
    ///
    /// What comes while the session waits is the answer, if it has asked for one (its evaluation is
    /// what the waiting text comes to), and has its turn after what waits otherwise.
    fn evaluate(&mut self, world: &mut World, session: SessionId, text: &str) -> Evaluation;

    /// What an expression comes to in the namespace of a session, for who asks again and again: its value
    /// is shown, whatever it is, and the session does not remember it.
    fn watch(&mut self, world: &mut World, session: SessionId, expression: &str) -> Evaluation {
        let _ = (world, session, expression);
        failed("this machine has no interpreter for expressions\n")
    }

    /// Whether a text is a whole piece: if not, more lines are wanted.
    fn is_complete(&mut self, world: &mut World, session: SessionId, text: &str) -> bool {
        let _ = (world, session, text);
        true
    }

    /// What the word before `cursor` may become, which is a byte position in `text`.
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

    /// The words of a kind that begin with `prefix`, in order, each with what it is; 1,000 at most. Sessions
    /// of every role ask: no code of scripts runs for it.
    fn words(&mut self, world: &mut World, wanted: Wanted<'_>, prefix: &str) -> Vec<Candidate> {
        let _ = (world, wanted, prefix);
        Vec::new()
    }

    /// Carries out what a command asks of scripts.
    fn perform(&mut self, world: &mut World, session: SessionId, deed: &Deed) -> Evaluation {
        let _ = (world, session, deed);
        failed("this machine runs no scripts\n")
    }

    /// Makes a scene of the world: all values are taken now, and written later. It is for `file`, from the
    /// working directory, else for the file that was loaded.
    ///
    /// # Errors
    /// Why there is none.
    fn record(
        &mut self,
        world: &mut World,
        session: SessionId,
        file: Option<&Path>,
    ) -> Result<Recorded, Evaluation> {
        let _ = (world, session, file);
        Err(failed("this machine runs no scripts\n"))
    }

    /// Has the processes of a scene that was read from `path` take the place of all others, or tells why
    /// they do not: also if it could not be read.
    fn replace(
        &mut self,
        world: &mut World,
        session: SessionId,
        path: &Path,
        scene: Result<Scene, SceneError>,
    ) -> Evaluation {
        let _ = (world, session, path, scene);
        failed("this machine runs no scripts\n")
    }

    /// Whether the session waits for an answer of its user: what comes next is that, and no command.
    fn is_asking(&mut self, world: &mut World, session: SessionId) -> bool {
        let _ = (world, session);
        false
    }

    /// Whether a name means something in the session: a command of that name is not meant then.
    fn is_name(&mut self, world: &mut World, session: SessionId, name: &str) -> bool {
        let _ = (world, session, name);
        false
    }

    /// Whether a name is a word of the language, or means something everywhere in it: a line that begins
    /// with it must not come to mean something else.
    fn is_reserved(&mut self, world: &mut World, name: &str) -> bool {
        let _ = (world, name);
        false
    }

    /// Goes on with evaluations that wait, once a tick: those that are over by now, and what others
    /// have printed meanwhile, which are still waiting.
    fn resume(&mut self, world: &mut World) -> Vec<(SessionId, Evaluation)> {
        let _ = world;
        Vec::new()
    }

    /// Ends what the session evaluates now, waiting or not: Ctrl-C.
    fn interrupt(&mut self, world: &mut World, session: SessionId) {
        let _ = (world, session);
    }

    /// Nobody will answer what the session asks: it goes on without.
    fn end_input(&mut self, world: &mut World, session: SessionId) {
        self.interrupt(world, session);
    }

    /// Forgets a session.
    fn end_session(&mut self, world: &mut World, session: SessionId) {
        let _ = (world, session);
    }

    /// The state of the random sources that scripts draw from, as plain data.
    fn random_state(&mut self, world: &mut World) -> Value;
}

/// A kind of words that only who runs scripts knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Process classes: `Ball`, or `pong.Ball` where it is written so or there are several.
    Class,
    /// What a command may call of the process that has this name.
    Method(&'a str),
    /// The scripts whose newest text can be taken in.
    Script,
}

/// Something that only who runs scripts can do, of what sessions may do that run no Python.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Create a process of a class, `Ball` or `pong.Ball`.
    Spawn {
        /// The class.
        class: String,
        /// What it is called with, by name or not.
        arguments: Vec<(Option<String>, Value)>,
    },
    /// Call a public method of a process.
    Call {
        /// The name of a process that there is.
        process: String,
        /// The method.
        method: String,
        /// What it is called with, by name or not.
        arguments: Vec<(Option<String>, Value)>,
    },
    /// Set an attribute of a process that its class declares, as a scene would.
    SetAttribute {
        /// The name of a process that there is.
        process: String,
        /// The attribute.
        attribute: String,
        /// What it is set to.
        value: Value,
    },
    /// Tell the source of a process's class, or of a class.
    Source {
        /// Either's name.
        name: String,
    },
    /// Take the newest text of a script in.
    Update {
        /// Its path, or its name alone.
        file: String,
    },
}

/// A scene of a living world that is to be saved.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The scene, as it is to be written.
    pub scene: Scene,
    /// What is told of it when that is done: how much it is, and what it leaves out.
    pub summary: String,
}

/// The interpreter of a machine without scripts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoInterpreter;

impl Interpreter for NoInterpreter {
    fn evaluate(&mut self, _world: &mut World, _session: SessionId, _line: &str) -> Evaluation {
        failed("this machine has no interpreter for console lines")
    }

    fn random_state(&mut self, _world: &mut World) -> Value {
        Value::None
    }
}

/// What has failed, and why.
pub(super) fn failed(error: impl Into<String>) -> Evaluation {
    Evaluation { error: Some(error.into()), ..Evaluation::default() }
}
