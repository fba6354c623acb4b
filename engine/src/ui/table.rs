//! Tables: of thousands of rows only those are told that are seen.

use serde::{Deserialize, Serialize};

/// Rows and columns of texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What the head of each column says.
    pub columns: Vec<Column>,
    /// How many rows there are.
    pub len: usize,
    /// The place of the first row in `rows`.
    pub first: usize,
    /// Those that are told.
    pub rows: Vec<Row>,
    /// The process's own number of the row that is selected.
    pub selected: Option<u32>,
    /// By which column the rows are in order.
    pub sort: Option<Sort>,
    /// Whether the user can select a row.
    pub is_selectable: bool,
    /// Whether the user can put the rows in order.
    pub is_sortable: bool,
    /// Height of what is seen, px; all there is, if none is said.
    pub height: Option<f32>,
}

impl Table {
    /// The row at a place, where it is told.
    pub fn row(&self, place: usize) -> Option<&Row> {
        self.rows.get(place.checked_sub(self.first)?)
    }
}

/// A row of a [`Table`].
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The process's own number of it, in whatever order rows are shown.
    pub number: u32,
    /// A text for each column.
    pub cells: Vec<String>,
}

/// A column of a [`Table`].
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What its head says.
    pub title: String,
    /// Whether it has numbers, which stand at the right.
    pub is_number: bool,
}

/// By which column rows are in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// The column's place.
    pub column: u32,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

/// How many rows are told before it is known which ones are seen: a screen full.
pub const FIRST_ROWS: usize = 64;

/// Which rows are told where those from `first` on are seen: these, and a screen full on both sides, so that
/// nothing is missing while the process has not stepped yet.
pub fn told(seen: Option<Rows>, len: usize) -> std::ops::Range<usize> {
    let Rows { first, count } = seen.unwrap_or(Rows { first: 0, count: 0 });
    let first = usize::try_from(first).unwrap_or(usize::MAX).min(len);
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(4 * FIRST_ROWS);
    let end = first.saturating_add(count).saturating_add(FIRST_ROWS).min(len);
    first.saturating_sub(FIRST_ROWS)..end
}

/// Which rows of a table are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The place of the first one.
    pub first: u32,
    /// How many.
    pub count: u32,
}

#[cfg(test)]
mod tests {
    use super::{FIRST_ROWS, Rows, told};

    /// However long a table is, a few hundred rows are told, and never one that is not there.
    #[test]
    fn a_screen_full_is_told() {
        assert_eq!(told(None, 10_000), 0..FIRST_ROWS);
        assert_eq!(told(None, 5), 0..5);
        assert_eq!(told(Some(Rows { first: 1000, count: 20 }), 10_000), 936..1084);
        assert_eq!(told(Some(Rows { first: u32::MAX, count: u32::MAX }), 100), 36..100);
    }
}
