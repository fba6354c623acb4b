//! What was entered before.

mod file;

use std::collections::VecDeque;
use std::path::PathBuf;

/// How many entries are kept unless one asks for another number: years of one user, and read in a
/// few milliseconds.
const LIMIT: usize = 10_000;

/// Texts that were entered, the oldest first. A number of an entry stays valid until the next one
/// comes.
#[derive(Clone, Debug)]
pub struct History {
    entries: VecDeque<String>,
    limit: usize,
    /// How many of the last entries are not in the file yet.
    unsaved: usize,
    file: Option<PathBuf>,
}

impl Default for History {
    fn default() -> Self {
        Self::new(LIMIT)
    }
}

impl History {
    /// An empty one in memory alone, for at most `limit` entries.
    pub fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit, unsaved: 0, file: None }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was entered yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// An entry by its number; 0 is the oldest.
    pub fn get(&self, number: usize) -> Option<&str> {
        self.entries.get(number).map(String::as_str)
    }

    /// All entries, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.entries.iter().map(String::as_str)
    }

    /// Takes an entry, unless it is empty, begins with a space, or is the last one again. Blank lines
    /// at its end are left out.
    pub fn push(&mut self, entry: &str) {
        let entry = entry.trim_end();
        if !entry.starts_with(' ') && self.append(entry) {
            self.unsaved = (self.unsaved + 1).min(self.entries.len());
        }
    }

    /// Takes an entry as it is, and says whether it is a new one.
    fn append(&mut self, entry: &str) -> bool {
        let is_new = !entry.is_empty() && self.entries.back().is_none_or(|last| last != entry);
        if is_new && self.limit > 0 {
            if self.entries.len() >= self.limit {
                self.entries.pop_front();
            }
            self.entries.push_back(entry.to_owned());
        }
        is_new
    }

    /// The youngest entry before `end` that `is_wanted`, and its number.
    pub(super) fn before(
        &self,
        end: usize,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<(usize, &str)> {
        let older = self.entries.range(..end.min(self.entries.len())).enumerate().rev();
        older.map(|(number, entry)| (number, entry.as_str())).find(|(_, entry)| is_wanted(entry))
    }

    /// The oldest entry from `start` on that `is_wanted`, and its number.
    pub(super) fn after(
        &self,
        start: usize,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<(usize, &str)> {
        self.iter().enumerate().skip(start).find(|(_, entry)| is_wanted(entry))
    }
}
