//! What a command is: one row of a table, from which help, completion and the reference derive.

use std::path::{Path, PathBuf};

use bevy_ecs::world::World;
use thiserror::Error;

use super::editor::text_width;
use super::reach::reach;
use super::understand::role;
use super::words::{Unclosed, Word, words};
use super::{Interpreter, Job, Placing, Role, SessionId, Sessions};
use crate::nearest::{did_you_mean, nearest};

/// A command of the console.
pub struct Command {
    /// The word that it is called by.
    pub name: &'static str,
    /// Other words for it.
    pub aliases: &'static [&'static str],
    /// What it takes, in order.
    pub parameters: &'static [Parameter],
    /// What it does, in a line without a full stop.
    pub summary: &'static str,
    /// What else there is to know, in paragraphs; or nothing.
    pub details: &'static str,
    /// A line that shows its use.
    pub example: &'static str,
    /// What a session must be allowed to do.
    pub role: Role,
    /// Does it.
    pub run: fn(&mut Context<'_>, &Arguments) -> Result<(), Complaint>,
}

/// Something that a command takes.
pub struct Parameter {
    /// How help calls it.
    pub name: &'static str,
    /// What may stand there.
    pub takes: Takes,
    /// How often it may stand there.
    pub count: Count,
}

/// How often a parameter stands in a line. All but the first kind come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Once.
    One,
    /// Once or not at all.
    Maybe,
    /// Once or more.
    Some,
    /// As often as one likes.
    Any,
}

/// What may stand in place of a parameter, for completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// The name of a process.
    Process,
    /// A process class: `Ball`, `pong.Ball`.
    Class,
    /// The name of a process, or a process class.
    ProcessOrClass,
    /// A method of the process that stands before it.
    Method,
    /// A script that runs.
    Script,
    /// The name of a command.
    Command,
    /// A process, a component and a field: `Ball.transform.x`.
    Place,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A query: all of the line that is left.
    Query,
    /// A file whose name ends so, after a full stop.
    File(&'static str),
    /// Something that only the user knows.
    Text,
}

impl Parameter {
    /// A parameter that stands once.
    pub const fn one(name: &'static str, takes: Takes) -> Self {
        Self { name, takes, count: Count::One }
    }

    /// A parameter that may be left out.
    pub const fn maybe(name: &'static str, takes: Takes) -> Self {
        Self { name, takes, count: Count::Maybe }
    }

    /// A parameter that stands once or more.
    pub const fn some(name: &'static str, takes: Takes) -> Self {
        Self { name, takes, count: Count::Some }
    }
}

/// What a command works with.
pub struct Context<'a> {
    /// The world, between two ticks.
    pub world: &'a mut World,
    /// Who understands what the engine does not.
    pub interpreter: &'a mut dyn Interpreter,
    /// Who asks.
    pub session: SessionId,
    /// What the session is shown.
    pub out: String,
    /// The reading of the world's [`Stopwatch`](crate::clock::Stopwatch) at which the tick is to go on:
    /// what is left then is left to a [`Job`].
    pub until: u64,
    /// What there is left to do in later ticks.
    pub job: Option<Box<dyn Job>>,
    /// Why a [`Job`] has failed, if it has: lines.
    pub error: Option<String>,
    /// Where `out` stands.
    pub placing: Placing,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        world: &'a mut World,
        interpreter: &'a mut dyn Interpreter,
        session: SessionId,
        until: u64,
    ) -> Self {
        let placing = Placing::default();
        let out = String::new();
        Self { world, interpreter, session, out, until, job: None, error: None, placing }
    }

    /// What the session may do.
    pub fn role(&self) -> Role {
        role(self.world, self.session).unwrap_or(Role::View)
    }

    /// The file that a word names, if the session may name it.
    ///
    /// # Errors
    /// [`Complaint`] if it may not.
    pub fn reach(&self, word: &Word) -> Result<PathBuf, Complaint> {
        reach(self.world, self.role(), Path::new(&word.text))
            .map_err(|refusal| Complaint::at(word, refusal))
    }

    /// Whether what is put [`Placing::Instead`] takes the place of what was there: its front end has said
    /// so. Where it does not, what would be kept up to date is shown once.
    pub fn is_live(&self) -> bool {
        self.world.resource::<Sessions>().get(self.session).is_some_and(|session| session.is_live)
    }
}

/// The words of a line that stand for a command's parameters: as many as it takes.
pub struct Arguments {
    words: Vec<Word>,
    line: String,
}

impl Arguments {
    /// The word at a position, or nothing where it was left out.
    pub fn get(&self, position: usize) -> Option<&Word> {
        self.words.get(position)
    }

    /// The words from a position on.
    pub fn from(&self, position: usize) -> &[Word] {
        self.words.get(position..).unwrap_or_default()
    }

    /// What stands in the line from a word on, as it was typed.
    pub fn rest(&self, position: usize) -> &str {
        let start = self.get(position).map_or(self.line.len(), |word| word.place.start);
        self.line.get(start..).unwrap_or_default().trim_end()
    }

    /// The text of a parameter that must be there; the command's row has seen to that.
    pub fn text(&self, position: usize) -> &str {
        self.get(position).map_or("", |word| &word.text)
    }

    /// How many of some things a COUNT asks for, `usual` where it was left out.
    ///
    /// # Errors
    /// [`Complaint`] if it is no whole number, or below `least`.
    pub fn count(
        &self,
        position: usize,
        things: &str,
        least: usize,
        usual: usize,
    ) -> Result<usize, Complaint> {
        let Some(word) = self.get(position) else { return Ok(usual) };
        word.text.parse().ok().filter(|count| *count >= least).ok_or_else(|| {
            let from = if least > 0 { format!(" from {least}") } else { String::new() };
            let text = format!("COUNT is a number of {things}{from}, not `{}`", word.text);
            Complaint::at(word, text)
        })
    }
}

/// What is wrong with a command line.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct Complaint {
    /// What is wrong, and what to do.
    pub message: String,
    /// Where in the line, bytes, if it is one of its words.
    pub at: Option<usize>,
}

impl Complaint {
    /// A complaint about the line as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), at: None }
    }

    /// A complaint about a word.
    pub fn at(word: &Word, message: impl Into<String>) -> Self {
        Self { message: message.into(), at: Some(word.place.start) }
    }

    /// As a session is shown it: with the line and a mark below it, where a word is to blame.
    pub fn report(&self, line: &str) -> String {
        let Some(at) = self.at else { return format!("{self}\n") };
        let line = line.trim_end();
        // What is missing is missed after the end.
        let before = line.get(..at).map_or_else(|| text_width(line) + 1, text_width);
        format!("  {line}\n  {:before$}^\n{self}\n", "")
    }
}

impl From<Unclosed> for Complaint {
    fn from(Unclosed { at, wanted }: Unclosed) -> Self {
        Self { message: format!("`{wanted}` is missing for what begins here"), at: Some(at) }
    }
}

impl Command {
    /// The command and what it takes, as help writes it: `kill NAME...`.
    pub fn signature(&self) -> String {
        let mut signature = self.name.to_owned();
        for Parameter { name, count, .. } in self.parameters {
            signature += &match count {
                Count::One => format!(" {name}"),
                Count::Maybe => format!(" [{name}]"),
                Count::Some => format!(" {name}..."),
                Count::Any => format!(" [{name}...]"),
            };
        }
        signature
    }

    /// The arguments in a line, which begin at byte `start`.
    ///
    /// # Errors
    /// [`Complaint`] if there are too few or too many.
    pub fn arguments(&self, line: &str, start: usize) -> Result<Arguments, Complaint> {
        let words = words(line, start)?;
        let needed = |parameter: &&Parameter| matches!(parameter.count, Count::One | Count::Some);
        if let Some(missing) = self.parameters.iter().skip(words.len()).find(needed) {
            let text = format!("{} is missing: {}", missing.name, self.signature());
            return Err(Complaint { message: text, at: Some(line.trim_end().len() + 1) });
        }
        let is_open = self
            .parameters
            .last()
            .is_some_and(|last| matches!(last.count, Count::Some | Count::Any));
        match words.get(self.parameters.len()) {
            Some(word) if !is_open => {
                let text = format!("{} takes no more than this: {}", self.name, self.signature());
                Err(Complaint::at(word, text))
            }
            _ => Ok(Arguments { words, line: line.to_owned() }),
        }
    }

    /// The parameter that the word at a position stands for.
    pub fn parameter(&self, position: usize) -> Option<&Parameter> {
        let last = self.parameters.last()?;
        match self.parameters.get(position) {
            None if !matches!(last.count, Count::Some | Count::Any) => None,
            found => Some(found.unwrap_or(last)),
        }
    }
}

/// The command of a table that is called `name`.
///
/// # Errors
/// [`Complaint`] with the nearest one that there is.
pub(super) fn find<'a>(
    table: impl Iterator<Item = &'a Command> + Clone,
    name: &str,
) -> Result<&'a Command, Complaint> {
    let found = table.clone().find(|it| it.name == name || it.aliases.contains(&name));
    found.ok_or_else(|| {
        let nearest = nearest(name, table.map(|command| command.name));
        let hint = did_you_mean(nearest.as_deref());
        Complaint::new(format!("there is no command `{name}`{hint}; `help` lists all"))
    })
}
