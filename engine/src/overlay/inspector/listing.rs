//! The rows of the process table: a query that is answered bit by bit, and asked again.

use std::time::Duration;

use bevy_ecs::world::World;

use crate::clock::Stopwatch;
use crate::inspect::query::{Query, Row, Search};

/// How long the search may hold a picture: a sixteenth of a frame at 60 Hz.
const BUDGET: Duration = Duration::from_millis(1);

/// How many rows there are at most: more than anybody scrolls through, and few enough to be sorted in
/// no time.
pub(super) const MOST: usize = 1_000;

/// The seconds between the beginnings of two searches, at least.
const RENEWAL_SECS: f64 = 0.25;

/// The columns of a query that does not say which it shows.
const COLUMNS: &str =
    "name, state, time, last, lateness, faults, messages, priority, interval, class";

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Question {
    /// In the language of queries; it may say itself what is shown and how it is sorted.
    pub(super) filter: String,
    /// The column that rows are sorted by, and whether downwards. Otherwise they come in the order
    /// of spawning.
    pub(super) order: Option<(String, bool)>,
}

/// The processes that a question finds.
#[derive(Default)]
pub(super) struct Listing {
    question: Question,
    /// Whether the rows are those of this question, and not of an earlier one.
    is_answered: bool,
    search: Option<Search>,
    /// When the last search for this question began.
    begun_secs: Option<f64>,
    columns: Vec<String>,
    rows: Vec<Row>,
    total: usize,
    refusal: Option<Refusal>,
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is wrong.
    Wrong(String),
    /// It takes code of scripts to answer it.
    AsksScripts,
}

impl Listing {
    /// Asks something; a question that is asked already goes on.
    pub(super) fn ask(&mut self, question: Question) {
        if self.question != question {
            self.question = question;
            self.search = None;
            self.is_answered = false;
            self.begun_secs = None;
        }
    }

    /// Goes on with the search for a while. `now_secs` is real time.
    pub(super) fn advance(&mut self, world: &mut World, now_secs: f64) {
        if self.search.is_none() && self.is_old(now_secs) {
            self.begun_secs = Some(now_secs);
            match query(world, &self.question) {
                Ok(query) => {
                    self.refusal = None;
                    self.search = Some(Search::new(world, query.or_limit(MOST)));
                }
                Err(refusal) => self.refusal = Some(refusal),
            }
        }
        let Some(search) = &mut self.search else { return };
        let stopwatch = world.resource::<Stopwatch>();
        let until = stopwatch.read().saturating_add(stopwatch.count(BUDGET));
        if search.advance(world, until) {
            self.columns = search.columns().map(str::to_owned).collect();
            self.rows = search.rows().cloned().collect();
            self.total = search.total();
            self.is_answered = true;
            self.search = None;
        }
    }

    fn is_old(&self, now_secs: f64) -> bool {
        self.begun_secs.is_none_or(|begun_secs| now_secs - begun_secs >= RENEWAL_SECS)
    }

    /// The names of the columns, as the query has them.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows that were found last; those of the question before, until this one is answered.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many processes there are like those in the rows.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// Whether the rows are those of the question.
    pub(super) fn is_answered(&self) -> bool {
        self.is_answered
    }

    /// How many processes the search under way has still to look at.
    pub(super) fn left(&self) -> usize {
        self.search.as_ref().map_or(0, Search::left)
    }

    /// Why there is no answer, if there is none.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }
}

/// The query that a question is; what it says itself about columns and order is as it says.
fn query(world: &World, Question { filter, order }: &Question) -> Result<Query, Refusal> {
    let plain = Query::parse(world, filter).map_err(|error| Refusal::Wrong(error.to_string()))?;
    let columns = format!(" show {COLUMNS}");
    let order = order.as_ref().map_or_else(String::new, |(word, is_descending)| {
        format!(" order by {word}{}", if *is_descending { " desc" } else { "" })
    });
    let more = [
        format!("{filter}{columns}{order}"),
        format!("{filter}{columns}"),
        format!("{filter}{order}"),
    ];
    let query = more.iter().find_map(|text| Query::parse(world, text).ok()).unwrap_or(plain);
    if query.asks_scripts() { Err(Refusal::AsksScripts) } else { Ok(query) }
}
