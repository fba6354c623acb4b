//! What is wrong with the text of a query, and where.

use thiserror::Error;

/// What is wrong with the text of a query, and where.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("column {column}: {message}")]
pub struct QueryError {
    /// The byte at which it is, from 0 to the length of the text.
    pub at: usize,
    /// The same as a person counts: characters, from 1.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl QueryError {
    /// Something wrong at a byte of `text`.
    pub(super) fn new(text: &str, at: usize, message: impl Into<String>) -> Self {
        let before = text.char_indices().take_while(|(index, _)| *index < at).count();
        Self { at, column: before + 1, message: message.into() }
    }
}
