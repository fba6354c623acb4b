//! What is to be seen of a text that is edited: rows of styled pieces, and the cursor's place.
//!
//! Front ends turn this into pixels or escapes, and nothing else.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::highlight::highlight;

/// What a tab is shown as.
const TAB: &str = "    ";

/// What a piece of a row means; its colour is the front end's affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Nothing in particular.
    Plain,
    /// What stands before the text.
    Prompt,
    /// A keyword of Python.
    Keyword,
    /// A string.
    String,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// What is wrong.
    Error,
    /// What is said beside something.
    Dim,
    /// The candidate that is selected.
    Selected,
}

/// A piece of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it means.
    pub style: Style,
    /// What it says; no line breaks, no control characters.
    pub text: String,
}

/// What is to be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The rows from top to bottom; none is wider than what was asked for.
    pub rows: Vec<Vec<Span>>,
    /// The cursor's row, from 0.
    pub row: usize,
    /// The columns left of the cursor.
    pub column: usize,
    /// How many of the last rows stand below the text: what is on offer, or is said.
    pub below: usize,
}

/// The columns that a row takes.
pub fn width(row: &[Span]) -> usize {
    row.iter().map(|span| text_width(&span.text)).sum()
}

/// The columns that a text takes in a row: each grapheme by itself, as terminals set them.
pub(crate) fn text_width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// Lays out a text with its prompt in rows of `columns`, at least 2 of them; `cursor` is a byte of
/// the text.
pub(super) fn lay_out(prompt: &str, text: &str, cursor: usize, columns: usize) -> View {
    let mut page =
        Page { view: View { rows: vec![Vec::new()], ..View::default() }, column: 0, columns };
    // Further lines begin below the first, after as many dots as the prompt has columns but one.
    let dots = format!("{} ", ".".repeat(text_width(prompt).saturating_sub(1)));
    let further = if prompt.is_empty() { "" } else { dots.as_str() };
    page.put_all(prompt, Style::Prompt);
    let mut place = 0;
    for (piece, style) in highlight(text) {
        for grapheme in piece.graphemes(true) {
            if place == cursor {
                page.put_cursor(grapheme);
            }
            place += grapheme.len();
            match grapheme {
                "\n" => {
                    page.break_row();
                    page.put_all(further, Style::Prompt);
                }
                "\t" => page.put_all(TAB, style),
                _ => page.put(grapheme, style),
            }
        }
    }
    if cursor >= text.len() {
        page.put_cursor(" ");
    }
    page.view
}

/// A row of its own, cut where it does not fit.
pub(in crate::console) fn row(pieces: &[(&str, Style)], columns: usize) -> Vec<Span> {
    let mut page = Page { columns, ..Page::default() };
    page.break_row();
    for (text, style) in pieces {
        page.put_all(text, *style);
    }
    page.view.rows.into_iter().next().unwrap_or_default()
}

/// Rows that are being filled.
#[derive(Default)]
struct Page {
    view: View,
    column: usize,
    columns: usize,
}

impl Page {
    fn break_row(&mut self) {
        self.view.rows.push(Vec::new());
        self.column = 0;
    }

    fn put_all(&mut self, text: &str, style: Style) {
        for grapheme in text.graphemes(true) {
            self.put(grapheme, style);
        }
    }

    /// Puts a grapheme where the last one ended, or into a new row if it does not fit. A control
    /// character has no picture.
    fn put(&mut self, grapheme: &str, style: Style) {
        if grapheme.contains(char::is_control) {
            return;
        }
        let (grapheme, width) = self.fit(grapheme);
        if self.column + width > self.columns {
            self.break_row();
        }
        self.column += width;
        let Some(row) = self.view.rows.last_mut() else { return };
        match row.last_mut() {
            Some(span) if span.style == style => span.text.push_str(grapheme),
            _ => row.push(Span { style, text: grapheme.to_owned() }),
        }
    }

    /// A grapheme as it is shown, and its width: one that is wider than a row is only hinted at.
    fn fit<'a>(&self, grapheme: &'a str) -> (&'a str, usize) {
        let width = grapheme.width();
        if width > self.columns { ("…", 1) } else { (grapheme, width) }
    }

    /// The cursor stands where the next grapheme comes, and never right of the last column.
    fn put_cursor(&mut self, next: &str) {
        let (_, width) = self.fit(next);
        if self.column + width.max(1) > self.columns {
            self.break_row();
        }
        (self.view.row, self.view.column) = (self.view.rows.len() - 1, self.column);
    }
}
