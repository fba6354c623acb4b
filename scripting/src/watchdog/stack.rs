//! Where a script is: as Python knows it, and from outside while it does not answer.

use std::io::{PipeReader, PipeWriter, Read as _, pipe};
use std::os::fd::AsRawFd as _;
use std::time::Duration;

use pyo3::exceptions::PyOSError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::signal::{self, ThreadId};

/// How many lines of a stack are kept, as Python's own `faulthandler` does.
const DEPTH: usize = 100;

/// How long the machine's thread has to say where it is.
const PATIENCE: Duration = Duration::from_millis(100);

/// File, line and function of a frame.
pub(super) type Line = (String, usize, String);

/// The frames of Python that are under way on this thread, innermost first. No Python code is run.
pub(super) fn of_python(py: Python<'_>) -> Vec<Line> {
    // SAFETY: the thread is attached; the reference is borrowed from the frame that runs.
    let frame = unsafe { pyo3::ffi::PyEval_GetFrame() };
    // SAFETY: a frame is an object, and null is allowed here.
    let mut frame = unsafe { Bound::from_borrowed_ptr_or_opt(py, frame.cast()) };
    let mut lines = Vec::new();
    while let Some(current) = frame.take_if(|_| lines.len() < DEPTH) {
        lines.extend(line(&current));
        frame = current.getattr(intern!(py, "f_back")).ok().filter(|outer| !outer.is_none());
    }
    lines
}

fn line(frame: &Bound<'_, PyAny>) -> PyResult<Line> {
    let py = frame.py();
    let code = frame.getattr(intern!(py, "f_code"))?;
    // A frame that has not begun has no line.
    let number = frame.getattr(intern!(py, "f_lineno"))?.extract().unwrap_or(0);
    let file = code.getattr(intern!(py, "co_filename"))?.extract()?;
    Ok((file, number, code.getattr(intern!(py, "co_name"))?.extract()?))
}

/// The user's lines of a stack as a traceback, or nothing.
pub(super) fn format(py: Python<'_>, innermost_first: &[Line]) -> String {
    let outermost_first: Vec<_> = innermost_first.iter().rev().cloned().collect();
    let format = || {
        py.import(intern!(py, "metapython._traceback"))?
            .call_method1(intern!(py, "format_stack"), (outermost_first,))?
            .extract()
    };
    format().unwrap_or_else(|_: PyErr| String::new())
}

/// A way to see the stack of a thread that holds the interpreter and does not answer: Python's
/// `faulthandler` writes it into a pipe, from the handler of a signal of its own.
#[derive(Debug)]
pub(super) struct StackProbe {
    signal: libc::c_int,
    reader: PipeReader,
    /// Where `faulthandler` writes to, by its number.
    _writer: PipeWriter,
}

impl StackProbe {
    /// Sets the handler up.
    ///
    /// # Errors
    /// `OSError` if the system has no pipe or no signal left.
    pub(super) fn register(py: Python<'_>) -> PyResult<Self> {
        // The real-time signals are for applications to give a meaning to; the last are used least.
        let mut signals = (libc::SIGRTMIN()..=libc::SIGRTMAX()).rev();
        let Some(signal) = signals.find(|signal| !signal::is_handled(*signal)) else {
            return Err(PyOSError::new_err("every real-time signal is in use"));
        };
        let (reader, writer) = pipe()?;
        let named = PyDict::new(py);
        named.set_item("file", writer.as_raw_fd())?;
        named.set_item("all_threads", false)?;
        py.import("faulthandler")?.call_method("register", (signal,), Some(&named))?;
        Ok(Self { signal, reader, _writer: writer })
    }

    /// Gives the signal back.
    ///
    /// # Errors
    /// What Python raises; nothing usually.
    pub(super) fn unregister(&self, py: Python<'_>) -> PyResult<()> {
        py.import("faulthandler")?.call_method1("unregister", (self.signal,)).map(drop)
    }

    /// Where Python code is on the thread: lines as of a traceback, the innermost last; or nothing,
    /// if it does not say in time.
    pub(super) fn look(&self, thread: ThreadId) -> String {
        thread.send(self.signal);
        let mut text = Vec::new();
        let mut buffer = [0; 4096];
        // The first part may take its time; what follows, follows at once.
        let mut patience = PATIENCE;
        while is_readable(&self.reader, patience)
            && let Ok(length) = (&self.reader).read(&mut buffer)
        {
            text.extend_from_slice(&buffer[..length]);
            patience = PATIENCE / 10;
        }
        let text = String::from_utf8_lossy(&text);
        let lines = text.lines().filter(|line| line.starts_with("  File "));
        lines.rev().collect::<Vec<_>>().join("\n")
    }
}

fn is_readable(pipe: &PipeReader, patience: Duration) -> bool {
    let mut poll = libc::pollfd { fd: pipe.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    let millis = libc::c_int::try_from(patience.as_millis()).unwrap_or(libc::c_int::MAX);
    // SAFETY: one entry is passed, and it lives as long as the call.
    unsafe { libc::poll(&raw mut poll, 1, millis) > 0 }
}
