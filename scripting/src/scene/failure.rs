//! What is wrong with a scene or script, told once: the place, the message, the line itself.

use std::fmt;
use std::path::PathBuf;

use metapython_engine::scene::offset;
use pyo3::intern;
use pyo3::prelude::*;

use crate::error::{exception, refusal};

/// Why a scene or script cannot be run.
///
/// Displayed as `pong.py:12:5: SyntaxError: ...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The file at fault, if one is.
    pub path: Option<PathBuf>,
    /// Line and column in it, from 1.
    pub position: Option<(usize, usize)>,
    /// What is wrong and what to do.
    pub message: String,
    /// The text around the fault.
    pub excerpt: Option<Box<Excerpt>>,
    /// How the script came to the fault, when it went through more than one of the user's lines.
    pub traceback: Option<String>,
}

/// A file's text and the byte in it at which the fault begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The whole text.
    pub text: String,
    /// Where the fault begins, bytes.
    pub at: usize,
}

impl Failure {
    /// A failure that has no place in a file.
    pub fn plain(message: impl Into<String>) -> Self {
        Self { path: None, position: None, message: message.into(), excerpt: None, traceback: None }
    }

    /// The failure that an exception tells of: its place is where the user's own code stood.
    pub fn of_python(py: Python<'_>, error: &PyErr) -> Self {
        let place = || {
            py.import(intern!(py, "metapython._traceback"))?
                .call_method1(intern!(py, "place"), (exception(py, error),))?
                .extract::<Option<(PathBuf, usize, usize, String, Option<String>)>>()
        };
        match place() {
            Ok(Some((path, line, column, message, traceback))) => {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                let excerpt = Some(Box::new(Excerpt { at: offset(&text, line, column), text }));
                Self {
                    path: Some(path),
                    position: Some((line, column)),
                    message,
                    excerpt,
                    traceback,
                }
            }
            Ok(None) | Err(_) => Self::plain(refusal(py, error)),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(out, "{}", path.display())?;
            if let Some((line, column)) = self.position {
                write!(out, ":{line}:{column}")?;
            }
            out.write_str(": ")?;
        }
        out.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
