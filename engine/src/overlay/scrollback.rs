//! What was said so far, in coloured lines that are broken into the rows of a page.
//!
//! Bounded in lines and in bytes. A place in it stays with its text while lines come and go.

use std::collections::VecDeque;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::ink::Ink;

/// How many lines are kept.
const MAX_LINES: usize = 10_000;
/// How many bytes of text are kept: several times what that many ordinary lines have.
const MAX_BYTES: usize = 8 << 20;
/// Longer lines are broken into several, bytes: one line must not fill all.
const MAX_LINE: usize = 4 << 10;

/// A place between two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The line's number, counted from the first that ever was.
    pub(super) line: u64,
    /// Bytes before it in the line.
    pub(super) byte: usize,
}

/// A line, and which of its bytes have which colour.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    text: String,
    /// Where each run ends, and what it means.
    runs: Vec<(usize, Ink)>,
}

impl Line {
    /// Adds a text without line breaks at the end.
    pub(super) fn push(&mut self, text: &str, ink: Ink) {
        if text.is_empty() {
            return;
        }
        self.text.push_str(text);
        match self.runs.last_mut() {
            Some((end, last)) if *last == ink => *end = self.text.len(),
            _ => self.runs.push((self.text.len(), ink)),
        }
    }

    /// The pieces of a part of it.
    pub(super) fn pieces(&self, part: Range<usize>) -> impl Iterator<Item = (&str, Ink)> {
        let mut start = 0;
        self.runs.iter().filter_map(move |(end, ink)| {
            let run = start.max(part.start)..(*end).min(part.end);
            start = *end;
            self.text.get(run).filter(|text| !text.is_empty()).map(|text| (text, *ink))
        })
    }

    /// The bytes of each row of it on a page of so many columns; at least one row. A row ends after the
    /// last blank that fits, or that would be the first of the next one; a word that is longer than a
    /// row is broken within.
    fn rows(&self, columns: usize) -> Vec<Range<usize>> {
        let columns = columns.max(1);
        // Nearly all lines fit, and are seen to without looking at their letters.
        if self.text.len() <= columns {
            return std::iter::once(0..self.text.len()).collect();
        }
        let (mut rows, mut start, mut width) = (Vec::new(), 0, 0);
        // Where the next word begins, and how wide the row is up to there.
        let mut word = (0, 0);
        for (place, grapheme) in self.text.grapheme_indices(true) {
            let (is_blank, grapheme_width) = (grapheme == " ", grapheme.width());
            if width + grapheme_width > columns && place > start && !is_blank {
                // Indentation alone is no row.
                let (end, ended) = match word {
                    (end, ended) if !self.is_blank(start..end) => (end, ended),
                    _ => (place, width),
                };
                rows.push(start..end);
                (start, width) = (end, width - ended);
            }
            width += grapheme_width;
            if is_blank {
                if width > columns {
                    rows.push(start..place + 1);
                    (start, width) = (place + 1, 0);
                }
                word = (place + 1, width);
            }
        }
        if start < self.text.len() {
            rows.push(start..self.text.len());
        }
        rows
    }

    /// Whether a part of it has nothing but blanks.
    fn is_blank(&self, part: Range<usize>) -> bool {
        self.text.get(part).is_none_or(|text| text.trim_matches(' ').is_empty())
    }

    /// The byte of the letter over which a column of a row lies, of those in the row.
    fn byte_at(&self, row: Range<usize>, column: f32) -> usize {
        let (mut byte, mut right) = (row.start, 0.0);
        for grapheme in self.text.get(row).unwrap_or_default().graphemes(true) {
            #[expect(clippy::cast_precision_loss, reason = "a letter has at most a few columns")]
            let width = grapheme.width() as f32;
            if column < right + width / 2.0 {
                break;
            }
            right += width;
            byte += grapheme.len();
        }
        byte
    }
}

/// One row of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// The number of its line.
    pub(super) line: u64,
    /// Which bytes of the line it has.
    pub(super) part: Range<usize>,
    /// Whether the line ends with it.
    pub(super) is_last: bool,
}

/// The lines.
#[derive(Debug, Default)]
pub(super) struct Scrollback {
    lines: VecDeque<Line>,
    /// The number of the first line that is still there.
    first: u64,
    bytes: usize,
    /// How many rows the lines have on a page of `columns`.
    rows: usize,
    columns: usize,
}

impl Scrollback {
    /// Adds lines of one colour; a line break at the end begins no further one.
    pub(super) fn say(&mut self, text: &str, ink: Ink) {
        for line in text.lines() {
            let mut rest = line;
            loop {
                let end = rest.floor_char_boundary(MAX_LINE);
                let (piece, further) = rest.split_at(end);
                let mut line = Line::default();
                line.push(&piece.replace('\t', "    "), ink);
                self.push(line);
                if further.is_empty() {
                    break;
                }
                rest = further;
            }
        }
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: Line) {
        self.bytes += line.text.len();
        self.rows += line.rows(self.columns).len();
        self.lines.push_back(line);
        while self.lines.len() > MAX_LINES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.lines.pop_front() else { break };
            self.bytes -= oldest.text.len();
            self.rows -= oldest.rows(self.columns).len();
            self.first += 1;
        }
    }

    /// Forgets all lines.
    pub(super) fn clear(&mut self) {
        self.first += self.lines.len() as u64;
        self.lines.clear();
        (self.bytes, self.rows) = (0, 0);
    }

    /// The number that the next line will have.
    pub(super) fn end(&self) -> u64 {
        self.first + self.lines.len() as u64
    }

    /// Forgets the lines from a number on.
    pub(super) fn truncate(&mut self, end: u64) {
        while self.end() > end {
            let Some(last) = self.lines.pop_back() else { break };
            self.bytes -= last.text.len();
            self.rows -= last.rows(self.columns).len();
        }
    }

    /// Lays all out on pages of so many columns.
    pub(super) fn set_columns(&mut self, columns: usize) {
        if self.columns != columns {
            self.columns = columns;
            self.rows = self.lines.iter().map(|line| line.rows(columns).len()).sum();
        }
    }

    /// How many columns a page has, once that was said.
    pub(super) fn columns(&self) -> Option<usize> {
        Some(self.columns).filter(|columns| *columns > 0)
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// At most `count` rows, of which the last has `above` rows below it; from top to bottom.
    pub(super) fn page(&self, above: usize, count: usize) -> Vec<Row> {
        let (mut page, mut skipped) = (Vec::with_capacity(count), 0);
        'lines: for (index, line) in self.lines.iter().enumerate().rev() {
            let rows = line.rows(self.columns);
            if skipped + rows.len() <= above {
                skipped += rows.len();
                continue;
            }
            let last = rows.len() - 1;
            for (number, part) in rows.into_iter().enumerate().rev() {
                if skipped < above {
                    skipped += 1;
                    continue;
                }
                if page.len() == count {
                    break 'lines;
                }
                let line = self.first + index as u64;
                page.push(Row { line, part, is_last: number == last });
            }
        }
        page.reverse();
        page
    }

    /// A line by its number.
    pub(super) fn line(&self, number: u64) -> Option<&Line> {
        let index = number.checked_sub(self.first)?;
        self.lines.get(usize::try_from(index).ok()?)
    }

    /// The place over which a column of a row lies.
    pub(super) fn place(&self, row: &Row, column: f32) -> Place {
        let byte = self.line(row.line).map_or(0, |line| line.byte_at(row.part.clone(), column));
        Place { line: row.line, byte }
    }

    /// The word around a place: letters, digits, `_` and `.`, or the blanks or signs there.
    pub(super) fn word(&self, place: Place) -> Range<Place> {
        let text = self.line(place.line).map_or("", |line| line.text.as_str());
        let kind = |letter: char| match letter {
            _ if letter.is_alphanumeric() || matches!(letter, '_' | '.') => 0,
            _ if letter.is_whitespace() => 1,
            _ => 2,
        };
        let (before, after) = text.split_at_checked(place.byte).unwrap_or((text, ""));
        let Some(here) = after.chars().next().or_else(|| before.chars().next_back()).map(kind)
        else {
            return place..place;
        };
        let is_other = |letter: char| kind(letter) != here;
        let start = before.char_indices().rev().find(|(_, letter)| is_other(*letter));
        let start = start.map_or(0, |(index, letter)| index + letter.len_utf8());
        let end = place.byte + after.find(is_other).unwrap_or(after.len());
        Place { byte: start, ..place }..Place { byte: end, ..place }
    }

    /// The text between two places, with line breaks between its lines.
    pub(super) fn text(&self, part: Range<Place>) -> String {
        let mut text = String::new();
        let first = part.start.line.max(self.first);
        for number in first..=part.end.line {
            let Some(line) = self.line(number) else { break };
            let start = if number == part.start.line { part.start.byte } else { 0 };
            let end = if number == part.end.line { part.end.byte } else { line.text.len() };
            if number > first {
                text.push('\n');
            }
            text.push_str(line.text.get(start..end).unwrap_or_default());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;
    use unicode_width::UnicodeWidthStr;

    use super::{Line, MAX_BYTES, MAX_LINES, Place, Scrollback};
    use crate::alert::Level;
    use crate::overlay::ink::Ink;

    const PLAIN: Ink = Ink::Alert(Level::V);

    fn scrollback(columns: usize, text: &str) -> Scrollback {
        let mut scrollback = Scrollback::default();
        scrollback.set_columns(columns);
        scrollback.say(text, PLAIN);
        scrollback
    }

    fn shown(scrollback: &Scrollback, above: usize, count: usize) -> Vec<String> {
        let text = |line: u64, part| -> String {
            let line = scrollback.line(line).unwrap();
            line.pieces(part).map(|(text, _)| text).collect()
        };
        let page = scrollback.page(above, count);
        page.into_iter().map(|row| text(row.line, row.part)).collect()
    }

    /// Long lines go on in the next row, and a page is the rows above those that are scrolled away.
    #[test]
    fn a_page_is_the_rows_at_its_place() {
        let scrollback = scrollback(4, "one\nabcdefghij\n\nlast");
        assert_eq!(scrollback.rows(), 6);
        assert_eq!(shown(&scrollback, 0, 3), ["ij", "", "last"]);
        assert_eq!(shown(&scrollback, 2, 3), ["abcd", "efgh", "ij"]);
        assert_eq!(shown(&scrollback, 3, 9), ["one", "abcd", "efgh"]);
        assert!(shown(&scrollback, 6, 3).is_empty());
    }

    /// A row ends between two words; a word that has no room in a row is broken, indentation is no row,
    /// and a blank at the end of a row begins no other one.
    #[test]
    fn rows_end_between_words() {
        let rows = |columns, text| shown(&scrollback(columns, text), 0, 9);
        assert_eq!(rows(10, "one two three four"), ["one two ", "three four"]);
        assert_eq!(rows(7, "one two three"), ["one two ", "three"]);
        assert_eq!(rows(6, "one abcdefghij k"), ["one ", "abcdef", "ghij k"]);
        assert_eq!(rows(6, "    abcdefgh"), ["    ab", "cdefgh"]);
        assert_eq!(rows(3, "abc "), ["abc "]);
    }

    /// Wide letters take two columns, and are not cut.
    #[test]
    fn wide_letters_are_not_cut() {
        let scrollback = scrollback(3, "日本語");
        assert_eq!(shown(&scrollback, 0, 9), ["日", "本", "語"]);
    }

    /// The oldest lines go, and a place in the others stays where it is.
    #[test]
    fn it_is_bounded_and_places_stay() {
        let mut scrollback = scrollback(80, "");
        for number in 0..MAX_LINES + 5 {
            scrollback.say(&format!("line {number}"), PLAIN);
        }
        let place = |line, byte| Place { line, byte };
        assert_eq!(scrollback.rows(), MAX_LINES);
        assert_eq!(scrollback.text(place(7, 0)..place(8, 4)), "line 7\nline");
        assert_eq!(scrollback.text(place(3, 2)..place(5, 6)), "line 5");
        let long = "x".repeat(1 << 20);
        (0..20).for_each(|_| scrollback.say(&long, PLAIN));
        assert!(scrollback.bytes <= MAX_BYTES);
        let rows: usize = scrollback.lines.iter().map(|line| line.rows(80).len()).sum();
        assert_eq!(scrollback.rows(), rows);
    }

    /// A column in the right half of a letter means the place after it.
    #[test]
    fn a_column_means_the_nearest_place() {
        let scrollback = scrollback(4, "abcdefg");
        let page = scrollback.page(0, 2);
        let byte = |row: usize, column| scrollback.place(&page[row], column).byte;
        assert_eq!([byte(0, 0.4), byte(0, 0.6), byte(0, 9.0)], [0, 1, 4]);
        assert_eq!([byte(1, 0.0), byte(1, 2.6), byte(1, 9.0)], [4, 7, 7]);
    }

    /// A word has no blanks and no signs.
    #[test]
    fn a_word_is_found_around_a_place() {
        let scrollback = scrollback(80, "set Ball.x = 3");
        let word = |byte| scrollback.text(scrollback.word(Place { line: 0, byte }));
        assert_eq!(
            [word(0), word(5), word(8), word(11), word(14)],
            ["set", "Ball.x", "Ball.x", "=", "3"]
        );
    }

    proptest! {
        /// Whatever the text and the page: its rows are the line, in order and without a gap.
        #[test]
        fn rows_are_the_whole_line(text in "\\PC{0,60}", columns in 1_usize..20) {
            let mut line = Line::default();
            line.push(&text, PLAIN);
            let rows = line.rows(columns);
            prop_assert_eq!(rows[0].start, 0);
            prop_assert_eq!(rows[rows.len() - 1].end, text.len());
            prop_assert!(rows.windows(2).all(|pair| pair[0].end == pair[1].start));
            prop_assert!(rows.iter().all(|row| text.get(row.clone()).is_some()));
            let is_fit = |row: &std::ops::Range<usize>| {
                let row = &text[row.clone()];
                let row = row.strip_suffix(' ').unwrap_or(row);
                row.width() <= columns || row.graphemes(true).count() == 1
            };
            prop_assert!(rows.iter().all(is_fit), "{:?}", rows);
        }
    }
}
