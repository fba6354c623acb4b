//! Rows of text on a grid of letters, all of one width.

use egui::{Align2, Color32, Painter, Pos2, Rect, pos2};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::style::{self, LETTER_WIDTH, ROW_HEIGHT};

/// Paints pieces of a row one behind the other, from the row's upper left corner.
///
/// The font has glyphs of one width alone; letters that take another number of columns are set by
/// themselves, so that what follows stands where the cursor expects it.
pub(super) fn paint<'a>(
    painter: &Painter,
    corner: Pos2,
    pieces: impl IntoIterator<Item = (&'a str, Color32)>,
) {
    let mut column = 0;
    for (text, color) in pieces {
        let mut start = 0;
        for (place, grapheme) in text.grapheme_indices(true) {
            if grapheme.width() != 1 || grapheme.len() > 4 {
                column += put(painter, corner, column, &text[start..place], color);
                start = place + grapheme.len();
                column += put(painter, corner, column, &text[place..start], color);
            }
        }
        column += put(painter, corner, column, &text[start..], color);
    }
}

/// Puts a piece into its column; returns how many it takes.
fn put(painter: &Painter, corner: Pos2, column: usize, text: &str, color: Color32) -> usize {
    if !text.trim_start().is_empty() {
        painter.text(place(corner, column), Align2::LEFT_TOP, text, style::font(), color);
    }
    text.width()
}

/// The upper left corner of a column.
pub(super) fn place(corner: Pos2, column: usize) -> Pos2 {
    corner + style::cells(column, 0)
}

/// What some columns of a row cover.
pub(super) fn columns(corner: Pos2, from: usize, to: usize) -> Rect {
    let bottom = pos2(place(corner, to).x, corner.y + ROW_HEIGHT);
    Rect::from_min_max(place(corner, from), bottom)
}

/// How many letters fit side by side.
#[expect(clippy::cast_possible_truncation, reason = "a window has few thousand columns")]
#[expect(clippy::cast_sign_loss, reason = "what is negative fits nothing")]
pub(super) fn columns_in(width: f32) -> usize {
    (width / LETTER_WIDTH).max(0.0) as usize
}

/// How many rows fit one below the other.
#[expect(clippy::cast_possible_truncation, reason = "a window has few thousand rows")]
#[expect(clippy::cast_sign_loss, reason = "what is negative fits nothing")]
pub(super) fn rows_in(height: f32) -> usize {
    (height / ROW_HEIGHT).max(0.0) as usize
}
