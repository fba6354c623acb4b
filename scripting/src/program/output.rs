//! What the program prints, beside what scripts print. A stream that takes no more is no panic.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _, stderr, stdout};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

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

/// Writes lines to a terminal that may have stopped reading, which does not keep the program from
/// ending.
pub(super) fn print_last(lines: Vec<String>) {
    /// How long it may take.
    const PATIENCE: Duration = Duration::from_secs(1);
    if lines.is_empty() {
        return;
    }
    let (sender, is_done) = mpsc::sync_channel(1);
    let print = move || {
        let mut out = stdout().lock();
        let _ =
            lines.iter().try_for_each(|line| writeln!(out, "{line}")).and_then(|()| out.flush());
        let _ = sender.send(());
    };
    // It is never joined: a write into a terminal that does not read has no end.
    if thread::Builder::new().name("last-output".to_owned()).spawn(print).is_ok() {
        let _ = is_done.recv_timeout(PATIENCE);
    }
}

/// Writes a line to the standard error stream, if it takes one: there is nobody else to tell.
pub(super) fn complain(text: impl Display) {
    let _ = writeln!(stderr().lock(), "{text}");
}
