//! What the program prints, beside what scripts print. A stream that takes no more is no panic.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _, stderr, stdout};

use pyo3::prelude::*;

use crate::interpreter;
use crate::scene::Failure;

/// Writes to the standard output, after all that scripts have printed so far. A reader that has
/// gone away, as `head` does, has seen what it wanted.
///
/// # Errors
/// [`Failure`] if the output takes no more, as on a full disk.
pub(super) fn print(text: impl Display) -> Result<(), Failure> {
    if interpreter::is_running() {
        Python::attach(interpreter::flush);
    }
    let mut out = stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::plain(format!("cannot write to the standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to the standard error stream, if it takes one: there is nobody else to tell.
pub(super) fn complain(text: impl Display) {
    let _ = writeln!(stderr().lock(), "{text}");
}
