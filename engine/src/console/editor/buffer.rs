//! The text that is edited, and the cursor's place in it.

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

use super::paint::text_width;

/// A text in lines, with a cursor that always stands on the border of a grapheme: of what a reader
/// takes for one character.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Buffer {
    text: String,
    cursor: usize,
}

impl Buffer {
    /// A text with the cursor at its end.
    pub(super) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Bytes before the cursor.
    pub(super) fn cursor(&self) -> usize {
        self.cursor
    }

    /// What stands between two places, nothing where there are no such places.
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// Puts the cursor at a place, or on the first border of a grapheme after it.
    pub(super) fn go(&mut self, place: usize) {
        let length = self.text.len();
        let mut place = place.min(length);
        while !self.text.is_char_boundary(place) {
            place += 1;
        }
        let is_border = GraphemeCursor::new(place, length, true).is_boundary(&self.text, 0);
        self.cursor = if is_border == Ok(false) { self.after(place) } else { place };
    }

    /// Puts a text in the place of another, and the cursor after it. The range must be of this text.
    pub(super) fn replace(&mut self, range: Range<usize>, text: &str) -> String {
        let Some(old) = self.text.get(range.clone()).map(str::to_owned) else {
            return String::new();
        };
        let end = range.start + text.len();
        self.text.replace_range(range, text);
        // What stands beside it may form one character with what came.
        self.go(end);
        old
    }

    pub(super) fn insert(&mut self, text: &str) {
        self.replace(self.cursor..self.cursor, text);
    }

    /// The border before a place.
    pub(super) fn before(&self, place: usize) -> usize {
        let found = GraphemeCursor::new(place, self.text.len(), true).prev_boundary(&self.text, 0);
        found.ok().flatten().unwrap_or(0)
    }

    /// The border after a place.
    pub(super) fn after(&self, place: usize) -> usize {
        let found = GraphemeCursor::new(place, self.text.len(), true).next_boundary(&self.text, 0);
        found.ok().flatten().unwrap_or(self.text.len())
    }

    /// The beginning of the word to the left: past what is no word, then past one.
    pub(super) fn word_before(&self) -> usize {
        let back = |from, wanted| self.back_while(from, |piece| is_word(piece) == wanted);
        back(back(self.cursor, false), true)
    }

    /// The end of the word to the right.
    pub(super) fn word_after(&self) -> usize {
        let mut place = self.cursor;
        for wanted in [false, true] {
            while place < self.text.len() && is_word(self.slice(place..self.after(place))) == wanted
            {
                place = self.after(place);
            }
        }
        place
    }

    /// The beginning of what stands to the left between blanks.
    pub(super) fn argument_before(&self) -> usize {
        let is_blank = |piece: &str| piece.trim().is_empty();
        let end = self.back_while(self.cursor, is_blank);
        self.back_while(end, |piece| !is_blank(piece))
    }

    fn back_while(&self, mut place: usize, is_wanted: impl Fn(&str) -> bool) -> usize {
        while place > 0 && is_wanted(self.slice(self.before(place)..place)) {
            place = self.before(place);
        }
        place
    }

    /// The place at which the cursor's line begins.
    pub(super) fn line_start(&self) -> usize {
        self.slice(0..self.cursor).rfind('\n').map_or(0, |at| at + 1)
    }

    /// The place at which the cursor's line ends, before its line break.
    pub(super) fn line_end(&self) -> usize {
        let rest = self.slice(self.cursor..self.text.len());
        rest.find('\n').map_or(self.text.len(), |at| self.cursor + at)
    }

    /// What stands before the cursor in its line.
    pub(super) fn line_before(&self) -> &str {
        self.slice(self.line_start()..self.cursor)
    }

    /// Whether nothing but spaces stand before the cursor in its line.
    pub(super) fn is_in_indentation(&self) -> bool {
        self.line_before().bytes().all(|byte| byte == b' ')
    }

    /// Goes a line up, to the same column or the last one before it; `false` on the first line.
    pub(super) fn up(&mut self) -> bool {
        let (start, column) = (self.line_start(), text_width(self.line_before()));
        if start > 0 {
            self.cursor = start - 1;
            self.go_to_column(column);
        }
        start > 0
    }

    /// Goes a line down, to the same column or the last one before it; `false` on the last line.
    pub(super) fn down(&mut self) -> bool {
        let (end, column) = (self.line_end(), text_width(self.line_before()));
        let is_last = end == self.text.len();
        if !is_last {
            self.cursor = end + 1;
            self.go_to_column(column);
        }
        !is_last
    }

    fn go_to_column(&mut self, column: usize) {
        let (start, end) = (self.line_start(), self.line_end());
        let (mut place, mut width) = (start, 0);
        for piece in self.slice(start..end).graphemes(true) {
            width += piece.width();
            if width > column {
                break;
            }
            place += piece.len();
        }
        self.cursor = place;
    }
}

/// Whether a grapheme belongs to a name or a number.
fn is_word(grapheme: &str) -> bool {
    grapheme.chars().next().is_some_and(|first| first.is_alphanumeric() || first == '_')
}
