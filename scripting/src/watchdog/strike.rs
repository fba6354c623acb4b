//! Striking: what happens on the machine's thread to an entry that has passed its limit.

use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;

use super::entry::GATE;
use super::sighting::BETWEEN_STRIKES;
use super::stack::{self, Line};
use super::{StepOverrun, clock, label, signal, step_limit};

/// How often an entry may swallow the exception before every line of it raises: the second time may
/// be a `finally` within another.
pub(super) const PATIENCE: u32 = 2;

/// A strike that follows another one sooner has come by both ways, the signal and the pending call.
const TWICE: u64 = BETWEEN_STRIKES.as_nanos() as u64 / 2;

/// An entry that was struck.
struct Case {
    serial: u64,
    limit: Duration,
    strikes: u32,
    /// When it was last struck.
    struck_at: u64,
    /// Where it was at the first strike, innermost first.
    stack: Vec<Line>,
    /// The trace function of the script's that the last resort has replaced.
    replaced: Option<Py<PyAny>>,
}

thread_local! {
    /// The entry of this thread that was struck and has not been left yet.
    static CASE: RefCell<Option<Case>> = const { RefCell::new(None) };
}

/// What the exception says.
pub(super) fn message(limit: Duration) -> String {
    let secs = limit.as_secs_f64();
    format!("ran for more than {secs} s; machine.step_limit or --step-limit allows more")
}

/// The exception for the entry that is under way, if it is the one to be struck. Called by Python on
/// the machine's thread, between two instructions of Python code or in a call that waits.
pub(super) fn strike(py: Python<'_>) -> Option<PyErr> {
    let serial = GATE.victim()?;
    GATE.answers.fetch_add(1, Relaxed);
    if GATE.has_waited(clock::own_computing()) {
        GATE.spare();
        return None;
    }
    let now = clock::now();
    let known = CASE.with_borrow(|case| {
        case.as_ref().filter(|case| case.serial == serial).map(|case| case.struck_at)
    });
    if known.is_some_and(|last| now.saturating_sub(last) < TWICE) {
        return None;
    }
    if known.is_none() {
        let limit = label::limit(GATE.label(), step_limit().unwrap_or_default());
        let stack = stack::of_python(py);
        CASE.set(Some(Case { serial, limit, strikes: 0, struck_at: now, stack, replaced: None }));
    }
    let (limit, is_stubborn) = CASE.with_borrow_mut(|case| {
        let Some(case) = case else { return (Duration::ZERO, false) };
        case.strikes += 1;
        case.struck_at = now;
        (case.limit, case.strikes > PATIENCE && case.replaced.is_none())
    });
    if is_stubborn {
        last_resort(py);
    }
    Some(StepOverrun::new_err(message(limit)))
}

/// Ends the case of an entry that the patrol has aimed at, after it was left; puts back what was
/// changed for it. `None` if it is innocent.
#[cold]
pub(super) fn settle(py: Python<'_>, serial: u64) -> Option<super::Overrun> {
    let case = CASE.take().filter(|case| case.serial == serial);
    let Some(case) = case else {
        // It came to its end after its limit, before the strike reached it.
        let limit = label::limit(GATE.label(), step_limit()?);
        return (!GATE.has_waited(clock::own_computing()))
            .then(|| super::Overrun { limit, traceback: String::new() });
    };
    if let Some(replaced) = case.replaced {
        let sys = py.import(intern!(py, "sys"));
        let restored = sys.and_then(|sys| sys.call_method1(intern!(py, "settrace"), (replaced,)));
        if let Err(error) = restored {
            error.write_unraisable(py, None);
        }
    }
    let mut stack = case.stack;
    // What called the machine, in a program that imports it, is no part of the entry.
    stack.truncate(stack.len().saturating_sub(stack::of_python(py).len()));
    Some(super::Overrun { limit: case.limit, traceback: stack::format(py, &stack) })
}

/// Makes every line of Python that runs in the entry raise from now on.
fn last_resort(py: Python<'_>) {
    let replaced = py.import("sys").and_then(|sys| sys.call_method0("gettrace"));
    let replaced = replaced.map_or_else(|_| py.None(), Bound::unbind);
    CASE.with_borrow_mut(|place| {
        if let Some(case) = place {
            case.replaced = Some(replaced);
        }
    });
    // SAFETY: the thread is attached, the function has the type that Python wants, and it needs no
    // object.
    unsafe { ffi::PyEval_SetTrace(Some(raise_always), ptr::null_mut()) };
}

/// The trace function of the last resort.
unsafe extern "C" fn raise_always(
    _: *mut ffi::PyObject,
    _: *mut ffi::PyFrameObject,
    _: c_int,
    _: *mut ffi::PyObject,
) -> c_int {
    let Some(_) = GATE.victim() else { return 0 };
    let limit = CASE.with_borrow(|case| case.as_ref().map_or(Duration::ZERO, |case| case.limit));
    Python::attach(|py| StepOverrun::new_err(message(limit)).restore(py));
    -1
}

/// The other way to the machine's thread, for scripts that keep the signal from it: Python calls
/// this between two instructions. The handler is put back first.
pub(super) extern "C" fn pending(_: *mut c_void) -> c_int {
    signal::pending_call_arrived();
    Python::attach(|py| {
        if GATE.victim().is_none() {
            return 0;
        }
        if let Err(error) = signal::take(py) {
            error.write_unraisable(py, None);
        }
        match strike(py) {
            Some(error) => {
                error.restore(py);
                -1
            }
            None => 0,
        }
    })
}
