//! The rows at the bottom of a terminal that are ours, and the escapes that make them what they are
//! to be.
//!
//! Nothing is known of the rows above, nor where on the screen ours are: all movement is relative.
//! Only rows that changed are written.

use std::borrow::Cow;
use std::fmt::Write;

use crate::console::editor::{Span, Style, View, width};

/// One row, from left to right.
type Row = Vec<Span>;

/// Our rows as the terminal shows them.
#[derive(Debug)]
pub(super) struct Screen {
    /// Empty if nothing is shown; the cursor is then at the beginning of a row.
    rows: Vec<Row>,
    /// The row that the cursor is in.
    row: usize,
    /// The columns left of the cursor.
    column: usize,
    columns: usize,
    is_coloured: bool,
}

impl Screen {
    pub(super) fn new(columns: usize, is_coloured: bool) -> Self {
        Self { rows: Vec::new(), row: 0, column: 0, columns, is_coloured }
    }

    pub(super) fn set_coloured(&mut self, is_coloured: bool) {
        self.is_coloured = is_coloured;
        // Every row is to be written anew.
        self.rows.iter_mut().for_each(Vec::clear);
    }

    /// Makes our rows those of a view.
    pub(super) fn draw(&mut self, out: &mut String, view: View) {
        for (number, row) in view.rows.iter().enumerate() {
            if self.rows.get(number) == Some(row) {
                continue;
            }
            self.go_to(out, number);
            // Cleared before it is written: in the last column, some terminals would clear the letter.
            out.push_str("\r\x1b[K");
            row.iter().for_each(|span| self.write(out, span));
        }
        if view.rows.len() < self.rows.len() {
            self.go_to(out, view.rows.len());
            out.push_str("\r\x1b[J");
            self.rows.truncate(view.rows.len());
        }
        self.go_to(out, view.row);
        out.push('\r');
        if view.column > 0 {
            let _ = write!(out, "\x1b[{}C", view.column);
        }
        (self.rows, self.column) = (view.rows, view.column);
    }

    /// Goes to one of our rows, or to the one below the last, which is made.
    fn go_to(&mut self, out: &mut String, row: usize) {
        if row >= self.rows.len().max(1) && row > self.row {
            self.go_to(out, row - 1);
            out.push_str("\r\n");
            self.rows.resize_with(row + 1, Vec::new);
        } else if row < self.row {
            let _ = write!(out, "\x1b[{}A", self.row - row);
        } else if row > self.row {
            let _ = write!(out, "\x1b[{}B", row - self.row);
        }
        self.row = row;
    }

    fn write(&self, out: &mut String, span: &Span) {
        let code = match span.style {
            Style::Selected => "7",
            _ if !self.is_coloured => "",
            Style::Plain => "",
            Style::Prompt => "1;35",
            Style::Keyword => "1;34",
            Style::String => "32",
            Style::Number => "33",
            Style::Comment | Style::Dim => "90",
            Style::Error => "31",
        };
        if code.is_empty() {
            out.push_str(&span.text);
        } else {
            let _ = write!(out, "\x1b[{code}m{}\x1b[0m", span.text);
        }
    }

    /// Takes our rows away; the cursor is where the first one began.
    pub(super) fn erase(&mut self, out: &mut String) {
        if !self.rows.is_empty() {
            self.go_to(out, 0);
            out.push_str("\r\x1b[J");
            self.forget();
        }
    }

    /// Writes a text where our rows are; they are to be drawn anew below it.
    pub(super) fn above(&mut self, out: &mut String, text: &str, style: Style) {
        self.erase(out);
        for line in clean(text.strip_suffix('\n').unwrap_or(text)).split('\n') {
            self.write(out, &Span { style, text: line.to_owned() });
            out.push_str("\r\n");
        }
    }

    /// Goes below our rows, which stay as they are.
    pub(super) fn leave(&mut self, out: &mut String) {
        if let Some(last) = self.rows.len().checked_sub(1) {
            self.go_to(out, last);
            out.push_str("\r\n");
            self.forget();
        }
    }

    /// Clears the whole screen.
    pub(super) fn clear(&mut self, out: &mut String) {
        out.push_str("\x1b[H\x1b[2J");
        self.forget();
    }

    /// Our rows are no more, or somebody else's.
    pub(super) fn forget(&mut self) {
        self.rows.clear();
        (self.row, self.column) = (0, 0);
    }

    /// The terminal is `columns` wide now. Where it has become narrower it has broken our rows, so
    /// that the cursor is further below the first one.
    pub(super) fn resize(&mut self, out: &mut String, columns: usize) {
        let columns = columns.max(1);
        if columns < self.columns {
            let above = self.rows.iter().take(self.row);
            let above: usize = above.map(|row| width(row).div_ceil(columns).max(1)).sum();
            // A cursor behind the last letter stays beside it where that is in the last column.
            let is_behind = self.rows.get(self.row).is_none_or(|row| width(row) <= self.column);
            let column = if is_behind { self.column.saturating_sub(1) } else { self.column };
            self.row = above + column / columns;
        }
        self.columns = columns;
        self.erase(out);
    }
}

/// A text as it may be sent to a terminal: line breaks and tabs, but no other control characters.
pub fn clean(text: &str) -> Cow<'_, str> {
    let is_bad = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if text.contains(is_bad) { Cow::Owned(text.replace(is_bad, "")) } else { Cow::Borrowed(text) }
}
