//! Ctrl-R: looking for an entry of the history by a piece of it, letter by letter.

use super::buffer::Buffer;
use super::history::History;

/// A search that is going on.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pattern: String,
    /// The number of the entry that is shown.
    found: Option<usize>,
    /// What was being edited when the search began.
    pub(super) before: Buffer,
    is_failing: bool,
}

/// Where a search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Towards {
    Older,
    Newer,
}

impl Search {
    pub(super) fn new(before: Buffer) -> Self {
        Self { pattern: String::new(), found: None, before, is_failing: false }
    }

    /// What stands in the prompt's place.
    pub(super) fn prompt(&self) -> String {
        let state = if self.is_failing { "nothing found" } else { "search" };
        format!("({state}: {}) ", self.pattern)
    }

    /// A letter more; what is shown stays if it still fits.
    pub(super) fn push(&mut self, letter: char, history: &History) -> Option<Buffer> {
        self.pattern.push(letter);
        let end = self.found.map_or(history.len(), |number| number + 1);
        self.look(|pattern| history.before(end, |entry| entry.contains(pattern)))
    }

    /// A letter less; the search begins anew.
    pub(super) fn pop(&mut self, history: &History) -> Option<Buffer> {
        self.pattern.pop();
        if self.pattern.is_empty() {
            (self.found, self.is_failing) = (None, false);
            return Some(self.before.clone());
        }
        self.look(|pattern| history.before(history.len(), |entry| entry.contains(pattern)))
    }

    /// The next entry that fits and is not the same text.
    pub(super) fn next(&mut self, towards: Towards, history: &History) -> Option<Buffer> {
        let shown = self.found.and_then(|number| history.get(number));
        let found = self.found;
        self.look(|pattern| {
            let is_other = |entry: &str| entry.contains(pattern) && Some(entry) != shown;
            match towards {
                Towards::Older => history.before(found.unwrap_or(history.len()), is_other),
                Towards::Newer => history.after(found? + 1, is_other),
            }
        })
    }

    /// Shows what is found, with the cursor where the pattern begins.
    fn look<'a>(&mut self, find: impl Fn(&str) -> Option<(usize, &'a str)>) -> Option<Buffer> {
        if self.pattern.is_empty() {
            return None;
        }
        let found = find(&self.pattern);
        self.is_failing = found.is_none();
        let (number, entry) = found?;
        self.found = Some(number);
        let mut buffer = Buffer::new(entry);
        buffer.go(entry.find(&self.pattern).unwrap_or(0));
        Some(buffer)
    }
}
