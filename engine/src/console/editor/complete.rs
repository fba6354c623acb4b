//! Completions on offer: the common beginning first, then a list, then one after the other.

use unicode_segmentation::UnicodeSegmentation;

use crate::console::completion::{Candidate, Completion};

use super::buffer::Buffer;

/// Candidates for the word before the cursor.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    start: usize,
    candidates: Vec<Candidate>,
    /// What was typed, which comes back on Escape.
    typed: String,
    pub(super) is_listed: bool,
    selected: Option<usize>,
}

impl Offer {
    /// Takes up candidates for what is being edited: one alone is inserted, of several what they
    /// have in common. Nothing stays on offer unless there are several.
    pub(super) fn take_up(completion: Completion, buffer: &mut Buffer) -> Option<Self> {
        let Completion { start, mut candidates } = completion;
        // Whatever names things in the world, it is no way to put lines or escapes into the text.
        candidates.retain(|candidate| !candidate.text.contains(char::is_control));
        let cursor = buffer.cursor();
        let typed = buffer.text().get(start..cursor)?.to_owned();
        let common = common_prefix(&candidates)?.to_owned();
        // What is typed may differ in its letters' case, or stand within the candidates.
        if candidates.len() == 1 || common.len() > typed.len() {
            buffer.replace(start..cursor, &common);
        }
        let typed = if common.len() > typed.len() { common } else { typed };
        let offer = Self { start, candidates, typed, is_listed: false, selected: None };
        (offer.candidates.len() > 1).then_some(offer)
    }

    /// Selects the next candidate or the one before, and puts it into the text.
    pub(super) fn turn(&mut self, is_forward: bool, buffer: &mut Buffer) {
        let count = self.candidates.len();
        let next = match self.selected {
            None if is_forward => 0,
            None => count - 1,
            Some(selected) if is_forward => (selected + 1) % count,
            Some(selected) => (selected + count - 1) % count,
        };
        self.selected = Some(next);
        if let Some(candidate) = self.candidates.get(next) {
            buffer.replace(self.start..buffer.cursor(), &candidate.text);
        }
    }

    pub(super) fn is_selected(&self) -> bool {
        self.selected.is_some()
    }

    /// Puts back what was typed.
    pub(super) fn take_back(&self, buffer: &mut Buffer) {
        if self.is_selected() {
            buffer.replace(self.start..buffer.cursor(), &self.typed);
        }
    }

    /// The candidates on the page of the selected one, of `size` rows, each with whether it is
    /// selected; and how many there are besides.
    pub(super) fn page(&self, size: usize) -> (impl Iterator<Item = (&Candidate, bool)>, usize) {
        let size = size.max(1);
        let first = self.selected.map_or(0, |selected| selected / size * size);
        let rows = self.candidates.iter().enumerate().skip(first).take(size);
        let others = self.candidates.len() - rows.len();
        (rows.map(|(number, candidate)| (candidate, Some(number) == self.selected)), others)
    }
}

/// What all candidates begin with, in whole graphemes; `None` without candidates.
fn common_prefix(candidates: &[Candidate]) -> Option<&str> {
    let (first, others) = candidates.split_first()?;
    let mut common = first.text.as_str();
    for other in others {
        let pairs = common.graphemes(true).zip(other.text.graphemes(true));
        let length = pairs.take_while(|(one, other)| one == other).map(|(one, _)| one.len()).sum();
        common = common.get(..length)?;
    }
    Some(common)
}
