//! The watchdog: no step of a script holds the machine for longer than it may.
//!
//! Python code runs on the machine's own thread, so a script that does not come back would stop
//! everything. Each way from Rust into code of the user's is therefore an *entry* ([`guarded`]),
//! with a time limit. Entering costs two stores: a thread of its own, the patrol, looks now and then
//! whether the entry is still the same.
//!
//! One that has passed its limit is *struck*: the patrol sends SIGUSR2 to the machine's thread, for
//! that interrupts sleeping, waiting and what checks for signals, and needs no interpreter lock. The
//! handler, which Python calls on that thread, raises [`StepOverrun`], a `BaseException` that
//! `except Exception` does not catch. It does so only within the entry that was meant, so a signal
//! that comes late hits nobody. An entry that swallows the exception is struck again
//! 25 ms later; after two times every line that it runs raises. Where the handler is not reached, Python
//! is asked in another way (a pending call), and what answers to neither, a call into C that never
//! looks, is told of with its place while it lasts, and struck when it is over.
//!
//! | entry | its limit |
//! |---|---|
//! | a step, `start`, an instruction, the end of a process, what runs between steps | [`step_limit`], 0.25 s unless set |
//! | a console line | the same, but at least 2 s |
//! | loading a script, creating the processes of a scene, describing a process | the same, but at least 30 s |
//!
//! The same way goes Ctrl-C for a console text that is under way ([`interrupt`](fn@interrupt)).
//!
//! An entry within an entry is part of it. Limits are of real time, under the virtual clock too;
//! but time in which this program did not run at all, or the thread only waited for another one
//! that kept the interpreter, does not count.
//!
//! Signal handlers and Python's main thread are one for each program, and so is the watchdog.

mod clock;
mod entry;
mod interrupt;
mod label;
mod patrol;
mod sighting;
mod signal;
mod stack;
mod strike;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use metapython_engine::process::{Fault, FaultKind, StepError};
use pyo3::create_exception;
use pyo3::exceptions::{PyBaseException, PyRuntimeError};
use pyo3::prelude::*;

pub use entry::{Post, current_entry, current_process, guarded};
pub use interrupt::interrupt;
pub use label::Label;
pub(crate) use signal::reclaim as reclaim_signal;

use clock::ThreadClock;
use patrol::Patrol;
use stack::StackProbe;

create_exception!(
    metapython._native,
    StepOverrun,
    PyBaseException,
    "Raised by the watchdog in a step that runs for longer than `machine.step_limit`."
);

/// How long a step may take unless told otherwise: a quarter of a second is seen by everybody as
/// the machine standing still, and is more than a hundred times what a step of a game takes.
pub const DEFAULT_STEP_LIMIT: Duration = Duration::from_millis(250);

/// The shortest limit: below, the patrol itself would be a load.
pub const MIN_STEP_LIMIT: Duration = Duration::from_millis(1);

/// The longest limit, a day.
pub const MAX_STEP_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Nanoseconds; 0 for none.
static STEP_LIMIT: AtomicU64 = AtomicU64::new(DEFAULT_STEP_LIMIT.as_nanos() as u64);

/// How long a step may take; `None` if nothing is stopped.
pub fn step_limit() -> Option<Duration> {
    match STEP_LIMIT.load(Ordering::Relaxed) {
        0 => None,
        nanos => Some(Duration::from_nanos(nanos)),
    }
}

/// Sets how long a step may take; it also holds for the entry that is under way.
pub fn set_step_limit(limit: Option<Duration>) {
    let nanos = limit.map_or(0, |limit| clock::nanos(limit.clamp(MIN_STEP_LIMIT, MAX_STEP_LIMIT)));
    STEP_LIMIT.store(nanos, Ordering::Relaxed);
}

/// The limit that a number of seconds stands for: 0 for none, else from 0.001 to a day.
///
/// # Errors
/// A message that says so.
pub fn limit_from_secs(secs: f64) -> Result<Option<Duration>, String> {
    let (low, high) = (MIN_STEP_LIMIT.as_secs_f64(), MAX_STEP_LIMIT.as_secs_f64());
    match secs {
        0.0 => Ok(None),
        secs if (low..=high).contains(&secs) => Ok(Some(Duration::from_secs_f64(secs))),
        _ => Err(format!("a step limit is 0 (none) or from {low} to {high} seconds, not {secs}")),
    }
}

/// How an entry passed its limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overrun {
    /// The limit that it passed.
    pub limit: Duration,
    /// Where it was when it was first struck: the user's lines of a traceback, or nothing.
    pub traceback: String,
}

impl Overrun {
    /// One line: what happened and what to do.
    pub fn summary(&self) -> String {
        format!("overran: {}", strike::message(self.limit))
    }

    /// As an alert tells it.
    pub fn report(&self) -> String {
        self.fault().report()
    }

    fn fault(&self) -> Fault {
        let fault = Fault::raised(self.summary(), self.traceback.clone());
        Fault { kind: FaultKind::Overran, ..fault }
    }
}

impl From<Overrun> for StepError {
    fn from(overrun: Overrun) -> Self {
        overrun.fault().into()
    }
}

/// The watchdog on duty, until it is dropped.
///
/// It must be dropped on the thread that started it, while the interpreter runs.
#[derive(Debug)]
pub struct Watchdog {
    is_over: Arc<AtomicBool>,
    patrol: Option<JoinHandle<()>>,
    /// The process that the patrol runs in: a fork takes no threads along.
    home: u32,
    probe: Option<Arc<StackProbe>>,
}

/// Whether one is on duty.
static IS_ON_DUTY: AtomicBool = AtomicBool::new(false);

impl Watchdog {
    /// Watches entries on this thread from now on, which must be Python's main thread.
    ///
    /// # Errors
    /// `ValueError` on another thread than Python's main one, where no signal is handled;
    /// `RuntimeError` if one is on duty already; `OSError` if the system has no thread or pipe left.
    pub fn start(py: Python<'_>) -> PyResult<Self> {
        if IS_ON_DUTY.swap(true, Ordering::Relaxed) {
            return Err(PyRuntimeError::new_err("another machine of this program is watched"));
        }
        // From here on dropping it undoes what was done.
        let mut watchdog =
            Self { is_over: Arc::default(), patrol: None, home: std::process::id(), probe: None };
        signal::take(py)?;
        let probe = Arc::new(StackProbe::register(py)?);
        watchdog.probe = Some(probe.clone());
        let is_over = watchdog.is_over.clone();
        let patrol = Patrol::new(ThreadClock::of_this_thread(), signal::this_thread(), probe);
        let thread = std::thread::Builder::new().name("watchdog".to_owned());
        watchdog.patrol = Some(thread.spawn(move || patrol.run(&is_over))?);
        entry::watch_this_thread(true);
        interrupt::set_thread(Some(signal::this_thread()));
        Ok(watchdog)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        interrupt::set_thread(None);
        entry::watch_this_thread(false);
        self.is_over.store(true, Ordering::Relaxed);
        Python::attach(|py| {
            match self.patrol.take() {
                Some(patrol) if self.home == std::process::id() => {
                    patrol.thread().unpark();
                    // Its panic has been told of by the hook.
                    let _ = py.detach(|| patrol.join());
                }
                patrol => std::mem::forget(patrol),
            }
            // Python reports what keeps it from restoring a handler; nobody could do more.
            let restored = signal::give_back(py);
            let unregistered = self.probe.take().map_or(Ok(()), |probe| probe.unregister(py));
            for error in [restored, unregistered].into_iter().filter_map(Result::err) {
                error.write_unraisable(py, None);
            }
        });
        IS_ON_DUTY.store(false, Ordering::Relaxed);
    }
}
