//! What is wrong with a scene, and where.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The text of a scene file and the name it goes by.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: Arc<str>,
}

impl Source {
    pub(super) fn new(path: &Path, text: String) -> Self {
        Self { path: path.to_owned(), text: text.into() }
    }

    pub(super) fn error(&self, at: usize, message: String) -> SceneError {
        SceneError { path: self.path.clone(), message, place: Some((self.text.clone(), at)) }
    }
}

/// What is wrong with a scene.
///
/// Displayed as `scene.ron:3:14: component Transform has no field ...`.
#[derive(Clone, Debug)]
pub struct SceneError {
    path: PathBuf,
    message: String,
    place: Option<(Arc<str>, usize)>,
}

impl SceneError {
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        let message = match error.kind() {
            io::ErrorKind::NotFound => "there is no such scene".to_owned(),
            io::ErrorKind::InvalidData => "is no text in UTF-8; a scene is a RON file".to_owned(),
            _ => format!("cannot be read: {error}"),
        };
        Self { path: path.to_owned(), message, place: None }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong and what to do, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The text of the file, and the byte in it at which the fault begins.
    pub fn excerpt(&self) -> Option<(&str, usize)> {
        self.place.as_ref().map(|(text, at)| (text.as_ref(), *at))
    }

    /// Line and column of the fault, both from 1; the column counts characters.
    pub fn position(&self) -> Option<(usize, usize)> {
        self.excerpt().map(|(text, at)| position(text, at))
    }
}

impl fmt::Display for SceneError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.path.display())?;
        if let Some((line, column)) = self.position() {
            write!(out, ":{line}:{column}")?;
        }
        write!(out, ": {}", self.message)
    }
}

impl std::error::Error for SceneError {}

/// Line and column, from 1, of a byte in a text.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The byte at which a line and column stand in a text, both from 1; the column counts characters.
/// Behind the end of the text, it is the end.
pub fn offset(text: &str, line: usize, column: usize) -> usize {
    let line_start = match line {
        0 | 1 => 0,
        _ => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
    };
    let rest = &text[line_start..];
    let in_line =
        rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
    line_start + in_line
}

#[cfg(test)]
mod tests {
    use super::{offset, position};

    /// Lines and columns are counted from 1, in characters; what lies behind the end is the end.
    #[test]
    fn a_place_has_an_offset_and_back() {
        let text = "é1\n\nab";
        for (line, column, at) in [(1, 1, 0), (1, 2, 2), (2, 1, 4), (3, 2, 6), (3, 3, 7)] {
            assert_eq!(offset(text, line, column), at, "{line}:{column}");
            assert_eq!(position(text, at), (line, column));
        }
        assert_eq!((offset(text, 9, 1), offset(text, 3, 99), offset(text, 0, 0)), (7, 7, 0));
    }
}
