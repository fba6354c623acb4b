//! The query language: which processes are so, sorted, as rows of values.
//!
//! ```text
//! class == Ball and transform.x > 100 order by time desc limit 20
//! ```
//!
//! [`Query::parse`] reads a text against the components that a world knows, and a [`Search`] answers
//! it in as many pieces as there are frames to do it in. [`suggest`] says what could be typed next.
//! [`SYNTAX`] is the language on one page.
//!
//! A process that has nothing under a word has `none` there. `none` equals only itself and is
//! neither smaller nor larger than anything: `!=` and `not ==` are always the same, and so are
//! `transform.x > 0` and `has transform and transform.x > 0`.

mod condition;
mod error;
mod lex;
mod order;
mod parse;
mod property;
mod search;
mod suggest;
mod word;

use bevy_ecs::world::World;

use condition::Condition;
pub use error::QueryError;
pub use search::{Row, Search};
pub use suggest::{Suggestion, Suggestions, suggest};
use word::Word;

/// The language on one page, for help.
pub const SYNTAX: &str = "\
[CONDITION] [show WORD, ...] [order by WORD [asc|desc], ...] [limit N] [offset N]

  class == Ball and transform.x > 100 order by time desc limit 20
  not (state == running) show name, faults, mailbox
  name like \"Ba*\" or parent in (Left, Right)
  has velocity and velocity.x != 0 and attr.lives <= 3

Conditions: == != < <= > >=, in (A, B), not in, like \"PATTERN\" (* and ? stand for any text and any
  character), has COMPONENT, not, and, or, parentheses. A word that is true or false needs no
  comparison.
Words: those below, transform.x for a field of a component, attr.NAME for an attribute of a script
  (slow among many, as each script is asked), and .x, .0 or .KEY after it for a part.
Values: numbers, \"text\", text without quotes where it is a name, true, false, none.
  Beside a number a name is a word: last > time.
Without show, the columns are name, class, state, and what the query mentions. Without order, rows are
in the order of spawning; none and what is not a number come last. An offset
is at most 10000.
";

/// How many rows can be passed over: they are kept until all processes have been looked at, a few hundred
/// bytes each, so these are some megabytes.
pub const MAX_OFFSET: usize = 10_000;

/// A query that a world understands.
#[derive(Clone, Debug)]
pub struct Query {
    condition: Condition,
    columns: Vec<Word>,
    /// What rows are sorted by, and whether downwards; then by the order of spawning.
    order: Vec<(Word, bool)>,
    limit: Option<usize>,
    offset: usize,
    asks_scripts: bool,
}

impl Query {
    /// Reads a query. An empty one finds all processes.
    ///
    /// # Errors
    /// [`QueryError`] says in which column something else was expected, or which word nobody knows.
    ///
    /// # Examples
    /// ```
    /// use metapython_engine::inspect::query::{Query, Search};
    /// use metapython_engine::machine::Machine;
    /// use metapython_engine::process::{self, NewProcess};
    ///
    /// let mut machine = Machine::builder().build();
    /// let world = machine.world_mut();
    /// for class in ["pong.Ball", "pong.Paddle", "pong.Ball"] {
    ///     process::spawn(world, &NewProcess::of(class))?;
    /// }
    /// let query = Query::parse(world, "class == Ball show name order by name desc")?;
    /// let mut search = Search::new(world, query);
    /// while !search.advance(world, u64::MAX) {}
    /// let names: Vec<_> = search.rows().map(|row| row.values[0].to_string()).collect();
    /// assert_eq!(names, ["\"Ball1\"", "\"Ball\""]);
    ///
    /// let error = Query::parse(world, "class == Ball and tranform.x > 0").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "column 19: a process has no `tranform`; did you mean `transform`?"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(world: &World, text: &str) -> Result<Self, QueryError> {
        parse::parse(world, text)
    }

    /// The query with at most `limit` rows, if it says no limit itself.
    #[must_use]
    pub fn or_limit(self, limit: usize) -> Self {
        Self { limit: self.limit.or(Some(limit)), ..self }
    }

    /// The query with at most `limit` rows, whatever it says itself.
    #[must_use]
    pub fn at_most(self, limit: usize) -> Self {
        Self { limit: Some(self.limit.map_or(limit, |own| own.min(limit))), ..self }
    }

    /// Whether answering it may run code of scripts: it asks for attributes, or for fields that hold
    /// objects.
    pub fn asks_scripts(&self) -> bool {
        self.asks_scripts
    }

    /// The names of the columns, as they were written.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.iter().map(|word| word.text.as_str())
    }
}

/// The words that every process knows, each with what it is: for help.
pub fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    property::PROPERTIES.iter().map(|property| (property.name, property.doc))
}

#[cfg(test)]
mod tests;
