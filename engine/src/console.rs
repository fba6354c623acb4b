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
pub mod editor;
pub mod host;
mod job;
mod log;
pub mod plain;
mod reference;
mod session;
mod table;
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
pub use job::Job;
use job::Jobs;
pub use reference::reference;
pub use session::{Role, Session, SessionId, Sessions};
pub use words::Word;

use crate::clock::Stopwatch;
use crate::machine::Stop;
use crate::nearest::nearest;
use crate::process::Fault;
use crate::schedule;
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
    /// Where the output stands.
    pub placing: Placing,
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

    /// Carries out what a command asks of scripts.
    fn perform(&mut self, world: &mut World, session: SessionId, deed: &Deed) -> Evaluation {
        let _ = (world, session, deed);
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

    /// Forgets a session.
    fn end_session(&mut self, world: &mut World, session: SessionId) {
        let _ = (world, session);
    }

    /// The state of the random sources that scripts draw from, as plain data.
    fn random_state(&mut self, world: &mut World) -> Value;
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
    /// Save or load a scene.
    Scene(SceneDeed),
}

/// What can be done with scenes. Files are paths, from the working directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SceneDeed {
    /// Write the world as a scene.
    Save {
        /// Where to; otherwise the file that was loaded.
        file: Option<String>,
    },
    /// Have the processes of a scene take the place of all others.
    Load {
        /// The scene.
        file: String,
    },
    /// Load the scene once more that was loaded last.
    Reload,
}

/// The interpreter of a machine without scripts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoInterpreter;

impl Interpreter for NoInterpreter {
    fn evaluate(&mut self, _world: &mut World, _session: SessionId, _line: &str) -> Evaluation {
        let error = "this machine has no interpreter for console lines".to_owned();
        Evaluation { error: Some(error), ..Evaluation::default() }
    }

    fn random_state(&mut self, _world: &mut World) -> Value {
        Value::None
    }
}

/// Where users sit: takes in what they type, and shows them what it came to.
pub trait FrontEnd {
    /// Called in the input phase of each tick, before lines are evaluated.
    fn poll(&mut self, desk: &mut Desk<'_>) {
        let _ = desk;
    }

    /// Shows what a piece of text of a session came to; or, with an empty one, what came later. Every
    /// front end is told of every session, and shows those of its own.
    fn show(&mut self, session: SessionId, text: &str, evaluation: &Evaluation);
}

/// What a front end may ask of the console.
pub struct Desk<'a> {
    world: &'a mut World,
    interpreter: &'a mut dyn Interpreter,
}

impl Desk<'_> {
    /// Opens a session for somebody.
    pub fn open(&mut self, user: &str, role: Role) -> SessionId {
        self.world.resource_mut::<Sessions>().open(user, role)
    }

    /// Ends a session.
    pub fn close(&mut self, session: SessionId) {
        self.world.resource_mut::<Sessions>().close(session);
        self.interpreter.end_session(self.world, session);
    }

    /// Whether a session is open.
    pub fn is_open(&self, session: SessionId) -> bool {
        self.world.resource::<Sessions>().get(session).is_some()
    }

    /// Says whether what a session is shown can take the place of what it was shown before
    /// ([`Placing::Instead`]). Where it cannot, as in a pipe, what would be kept up to date is shown
    /// once.
    pub fn set_live(&mut self, session: SessionId, is_live: bool) {
        if let Some(session) = self.world.resource_mut::<Sessions>().get_mut(session) {
            session.is_live = is_live;
        }
    }

    /// Whether a session awaits something, or has lines that wait for their turn.
    pub fn is_busy(&self, session: SessionId) -> bool {
        is_waiting(self.world, session) || self.queued(session) > 0
    }

    /// How many lines of a session wait for their turn.
    pub fn queued(&self, session: SessionId) -> usize {
        let lines = &self.world.resource::<Console>().lines;
        lines.iter().filter(|(other, _)| *other == session).count()
    }

    /// Whether a session waits for an answer of its user.
    pub fn is_asking(&mut self, session: SessionId) -> bool {
        is_waiting(self.world, session) && self.interpreter.is_asking(self.world, session)
    }

    /// Has a piece of text evaluated in this tick, or when what the session awaits has come.
    pub fn submit(&mut self, session: SessionId, text: String) {
        self.world.resource_mut::<Console>().submit(session, text);
    }

    /// Whether a text can be evaluated: if not, more lines are wanted.
    pub fn is_complete(&mut self, session: SessionId, text: &str) -> bool {
        meant(self.world, self.interpreter, session, text).is_some()
            || self.interpreter.is_complete(self.world, session, text)
    }

    /// What the word before `cursor`, a byte position in a text, may become.
    pub fn complete(&mut self, session: SessionId, text: &str, cursor: usize) -> Completion {
        complete(self.world, self.interpreter, session, text, cursor)
    }

    /// Ends what a session evaluates, if it waits for something: Ctrl-C.
    pub fn interrupt(&mut self, session: SessionId) {
        let job = self.world.resource_mut::<Console>().jobs.0.remove(&session);
        if job.is_none() {
            self.interpreter.interrupt(self.world, session);
        } else if let Some(session) = self.world.resource_mut::<Sessions>().get_mut(session) {
            session.is_waiting = false;
        }
    }

    /// Stops the machine: whoever started it has gone.
    pub fn stop(&mut self) {
        self.world.insert_resource(Stop(Some(0)));
    }
}

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
        front_end.poll(&mut Desk { world, interpreter });
    }
    let stopwatch = world.resource::<Stopwatch>();
    let until = stopwatch.read().saturating_add(stopwatch.count(BUDGET));
    advance_jobs(world, interpreter, front_ends, until);
    for (session, evaluation) in interpreter.resume(world) {
        schedule::settle(world);
        show(world, front_ends, session, "", &evaluation);
    }
    let lines = std::mem::take(&mut world.resource_mut::<Console>().lines);
    let mut left = Vec::new();
    for (session, text) in lines {
        // Whoever has left does not want to know what the lines after that would have come to.
        if left.contains(&session) {
            continue;
        }
        if is_waiting(world, session) && !interpreter.is_asking(world, session) {
            world.resource_mut::<Console>().lines.push_back((session, text));
            continue;
        }
        // A panic in a line is the line's failure; what it was about goes on.
        let was_open = world.resource::<Sessions>().get(session).is_some();
        let evaluate = AssertUnwindSafe(|| understand(world, interpreter, session, &text, until));
        let evaluation = catch_unwind(evaluate).unwrap_or_else(|payload| {
            let error = Some(Fault::panicked(payload.as_ref()).summary);
            Evaluation { error, ..Evaluation::default() }
        });
        // The next line finds the world as this one has left it.
        schedule::settle(world);
        show(world, front_ends, session, &text, &evaluation);
        if was_open && world.resource::<Sessions>().get(session).is_none() {
            left.push(session);
        }
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

/// Carries out a line: a command, or a piece of the interpreter's language.
fn understand(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    text: &str,
    until: u64,
) -> Evaluation {
    let Some(Session { role, aliases, .. }) = world.resource::<Sessions>().get(session) else {
        return failed("this session has ended");
    };
    let (role, line) = (*role, session::expanded(aliases, text));
    if role == Role::Exec && interpreter.is_asking(world, session) {
        return interpreter.evaluate(world, session, text);
    }
    world.resource_mut::<Sessions>().remember(session, text);
    log::note(world, session, &line);
    match meant(world, interpreter, session, &line) {
        Some(Ok((command, start))) => {
            let mut context = Context::new(world, interpreter, session, until);
            let outcome = if command.role <= role {
                command.arguments(&line, start).and_then(|it| (command.run)(&mut context, &it))
            } else {
                Err(Complaint::new(command.role.needed_for(command.name, role)))
            };
            let error = outcome.err().map(|complaint| complaint.report(&line));
            let job = context.job.take();
            let (output, placing) = (context.out, context.placing);
            let Some(job) = job else {
                return Evaluation { output, error, is_waiting: false, placing };
            };
            let evaluation = go_on(world, interpreter, session, job, until);
            Evaluation { output: output + &evaluation.output, ..evaluation }
        }
        Some(Err(complaint)) => failed(complaint.report(&line)),
        None if line.trim().is_empty() => Evaluation::default(),
        None if role < Role::Exec => {
            let word = line.split_whitespace().next().unwrap_or_default();
            match command::find(commands::all(), word) {
                // It is one, but written like something else.
                Ok(command) => failed(format!("{}: write it so\n", command.signature())),
                Err(complaint) => {
                    failed(format!("{complaint}; {}\n", Role::Exec.needed_for("Python", role)))
                }
            }
        }
        None => {
            let mut evaluation = interpreter.evaluate(world, session, &line);
            if let Some(error) = &mut evaluation.error
                && let Some(command) = probable_command(world, interpreter, session, &line)
            {
                let line_break = if error.ends_with('\n') { "" } else { "\n" };
                *error += &format!("{line_break}(did you mean the command `{command}`?)\n");
            }
            evaluation
        }
    }
}

fn failed(error: impl Into<String>) -> Evaluation {
    Evaluation { error: Some(error.into()), ..Evaluation::default() }
}

/// The command that a line calls, and where its arguments begin; `None` if it calls none.
fn meant(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    line: &str,
) -> Option<Result<(&'static Command, usize), Complaint>> {
    let begin = line.len() - line.trim_start().len();
    let trimmed = &line[begin..];
    let (word, end, is_certain) = match trimmed.strip_prefix('%') {
        Some(rest) => (first_word(rest), begin + 1, true),
        None => (first_word(trimmed), begin, false),
    };
    let end = end + word.len();
    let found = command::find(commands::all(), word);
    if is_certain {
        return Some(found.map(|command| (command, end)));
    }
    let command = found.ok()?;
    let rest = line[end..].trim_start();
    let is_set = rest.starts_with('=') && !rest.starts_with("==");
    let is_called = line[end..].starts_with(['(', '.', '[']);
    let is_else = is_set || is_called || trimmed.trim_end().contains('\n');
    if is_else || interpreter.is_name(world, session, word) {
        return None;
    }
    Some(Ok((command, end)))
}

/// The letters, digits and underscores that a text begins with.
fn first_word(text: &str) -> &str {
    let end = text.find(|char: char| !(char.is_alphanumeric() || char == '_'));
    &text[..end.unwrap_or(text.len())]
}

/// The command that a line which failed otherwise seems to call: a misspelt one.
fn probable_command(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    line: &str,
) -> Option<String> {
    let word = first_word(line.trim_start());
    let rest = line.trim_start().get(word.len()..)?;
    let is_command_like = rest.is_empty() || rest.starts_with(' ') && !rest.contains('=');
    if !is_command_like || interpreter.is_name(world, session, word) {
        return None;
    }
    nearest(word, commands::all().map(|command| command.name)).filter(|found| found != word)
}

#[cfg(test)]
mod tests;
