//! The signal that interrupts the machine's thread: taking it, sending it, and giving it back.

use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use super::entry::GATE;
use super::{interrupt, strike};

/// Python itself has no use for it, and what an application does with it is restored afterwards.
const SIGNAL: libc::c_int = libc::SIGUSR2;

/// Whether a signal of ours is on its way; one that comes without is somebody else's.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Python's function, in C, that the system calls: an address.
static OF_PYTHON: AtomicUsize = AtomicUsize::new(libc::SIG_DFL);

/// Whether Python has been asked by a pending call and has not come to it.
static IS_PENDING: AtomicBool = AtomicBool::new(false);

/// A thread to which signals can be sent. Whoever keeps one ends before the thread does.
#[derive(Clone, Copy, Debug)]
pub(super) struct ThreadId(libc::pthread_t);

/// The calling thread.
pub(super) fn this_thread() -> ThreadId {
    // SAFETY: it has no conditions.
    ThreadId(unsafe { libc::pthread_self() })
}

impl ThreadId {
    /// Sends a signal to the thread. There must be a handler of it.
    pub(super) fn send(self, signal: libc::c_int) {
        // SAFETY: the thread lives, as whoever keeps this promises.
        unsafe { libc::pthread_kill(self.0, signal) };
    }
}

/// Interrupts the machine's thread.
///
/// A script may have let the system ignore the signal, or end the program by it. Python's own
/// handler is put back then; Python finds that it has no function for the signal, says so through
/// the hook for unraisable exceptions, and that calls [`reclaim`]: the next strike arrives.
pub(super) fn send(thread: ThreadId) {
    let of_python = OF_PYTHON.load(Ordering::Relaxed);
    let mut action = action(SIGNAL);
    if action.sa_sigaction != of_python {
        action.sa_sigaction = of_python;
        // SAFETY: the handler is the one that Python itself had set, a function that lives as long
        // as the program; the rest of the action is as the system gave it.
        unsafe { libc::sigaction(SIGNAL, &raw const action, ptr::null_mut()) };
    }
    IS_OURS.store(true, Ordering::Relaxed);
    thread.send(SIGNAL);
}

/// Takes the signal back from a script, if a strike is under way. Whether it is.
pub(crate) fn reclaim(py: Python<'_>) -> bool {
    GATE.victim().is_some() && take(py).is_ok()
}

/// Asks Python to strike between two instructions, whoever handles the signal.
pub(super) fn ask() {
    if !IS_PENDING.swap(true, Ordering::Relaxed) {
        // SAFETY: it may be called on any thread, without the interpreter's lock, and the function
        // takes a null pointer.
        let status =
            unsafe { pyo3::ffi::Py_AddPendingCall(Some(strike::pending), ptr::null_mut()) };
        // Python's queue may be full; the next strike asks again. Where it is not, Python may have
        // come to the call by now.
        if status != 0 {
            IS_PENDING.store(false, Ordering::Relaxed);
        }
    }
}

/// Python has come to the pending call.
pub(super) fn pending_call_arrived() {
    IS_PENDING.store(false, Ordering::Relaxed);
}

/// Whether something other than the default is done with a signal: that ends the program.
pub(super) fn is_handled(signal: libc::c_int) -> bool {
    action(signal).sa_sigaction != libc::SIG_DFL
}

/// What the system does with a signal.
fn action(signal: libc::c_int) -> libc::sigaction {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: nothing is changed, and the result goes into a local variable, which is valid as
    // zeros too.
    unsafe {
        libc::sigaction(signal, ptr::null(), action.as_mut_ptr());
        action.assume_init()
    }
}

/// Who handled the signal before the watchdog, and still gets what others send.
static PREVIOUS: Mutex<Option<Py<PyAny>>> = Mutex::new(None);

/// Python's handler of the signal.
#[pyfunction]
#[pyo3(name = "watchdog")]
fn handle(signal: &Bound<'_, PyAny>, frame: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = signal.py();
    if IS_OURS.swap(false, Ordering::Relaxed) {
        if interrupt::take() {
            return Err(PyKeyboardInterrupt::new_err(()));
        }
        return strike::strike(py).map_or(Ok(()), Err);
    }
    let previous = previous().as_ref().map(|previous| previous.clone_ref(py));
    match previous {
        Some(previous) if previous.bind(py).is_callable() => {
            previous.call1(py, (signal, frame)).map(drop)
        }
        Some(_) | None => Ok(()),
    }
}

/// Handles the signal from now on, also after a script has set another handler.
///
/// # Errors
/// `ValueError` unless this is Python's main thread.
pub(super) fn take(py: Python<'_>) -> PyResult<()> {
    let handler = handler(py)?;
    let replaced = set_handler(py, handler)?;
    OF_PYTHON.store(action(SIGNAL).sa_sigaction, Ordering::Relaxed);
    if !replaced.is(handler) {
        *previous() = Some(replaced.unbind());
    }
    Ok(())
}

/// Lets the one before handle the signal again, unless somebody else does by now.
///
/// # Errors
/// What Python raises; nothing usually.
pub(super) fn give_back(py: Python<'_>) -> PyResult<()> {
    let Some(previous) = previous().take() else { return Ok(()) };
    let now = py.import("signal")?.call_method1("getsignal", (SIGNAL,))?;
    // One that was set in C, which Python shows as `None`, cannot be set again by it: the handler
    // stays then, and ignores what is not the watchdog's.
    if now.is(handler(py)?) && !previous.is_none(py) {
        set_handler(py, previous.bind(py))?;
    }
    Ok(())
}

fn previous() -> MutexGuard<'static, Option<Py<PyAny>>> {
    PREVIOUS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The one handler, known again by its identity.
fn handler(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static HANDLER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = || Ok::<_, PyErr>(wrap_pyfunction!(handle, py)?.into_any().unbind());
    Ok(HANDLER.get_or_try_init(py, make)?.bind(py))
}

/// Sets a handler and returns the one that it replaces.
fn set_handler<'py>(py: Python<'py>, handler: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    py.import("signal")?.call_method1("signal", (SIGNAL, handler))
}
