//! Entries: the ways from Rust into code of the user's, as the patrol sees them.
//!
//! What is shared are a few atomic numbers. Nothing else is reached by them, and whoever acts on one
//! compares the serial number first: so they need no order among each other (`Relaxed`).

use std::cell::Cell;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU32, AtomicU64};

use pyo3::prelude::*;

use super::{Label, Overrun, clock, label, strike};

/// A strike that arrives later than that did not find the thread ready to take it, nanoseconds.
const PROMPT: u64 = 20_000_000;

/// A thread that waits for the interpreter wakes every few milliseconds to ask for it, which is less
/// than this part of its time; one that computes gets more, on a loaded system too.
const WAITING: u64 = 20;

/// What the machine's thread and the patrol tell each other.
pub(super) struct Gate {
    /// Goes up with each entry and each leaving: odd while Python code of the user's runs.
    serial: AtomicU64,
    /// The [`Label`] of the entry.
    label: AtomicU64,
    /// The serial of the entry that is to be struck; 0, which is none's, for none.
    target: AtomicU64,
    /// How often a strike has reached the target.
    pub(super) answers: AtomicU32,
    /// When the target was last struck, on the clock of the wall and of its thread's computing.
    struck_at: AtomicU64,
    struck_computing: AtomicU64,
}

/// The one of this program.
pub(super) static GATE: Gate = Gate {
    serial: AtomicU64::new(0),
    label: AtomicU64::new(0),
    target: AtomicU64::new(0),
    answers: AtomicU32::new(0),
    struck_at: AtomicU64::new(0),
    struck_computing: AtomicU64::new(0),
};

thread_local! {
    /// Whether this is the thread that the patrol watches; others pass the gate unseen.
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
}

impl Gate {
    /// The serial number of the entry that is under way.
    pub(super) fn serial(&self) -> Option<u64> {
        let serial = self.serial.load(Relaxed);
        (serial % 2 == 1).then_some(serial)
    }

    /// The number of whom the entry belongs to.
    pub(super) fn label(&self) -> u64 {
        self.label.load(Relaxed)
    }

    /// Names the entry that is to be struck.
    pub(super) fn aim(&self, serial: u64) {
        if self.target.swap(serial, Relaxed) != serial {
            self.answers.store(0, Relaxed);
        }
    }

    /// Lets the entry that was to be struck go on: it has its whole time again.
    pub(super) fn spare(&self) {
        self.target.store(0, Relaxed);
    }

    /// Whether it has been named.
    pub(super) fn is_aimed_at(&self, serial: u64) -> bool {
        self.target.load(Relaxed) == serial
    }

    /// Writes down when a strike is sent: the time, and how long the thread has been computing,
    /// nanoseconds. Where that is unknown, it always counts as computing.
    pub(super) fn note_strike(&self, now: u64, computing: Option<u64>) {
        self.struck_at.store(now, Relaxed);
        self.struck_computing.store(computing.unwrap_or(0), Relaxed);
    }

    /// Whether the machine's thread, which has been `computing` for so long by now, was not ready to
    /// take that strike, and did not compute either: then it waited for a thread that kept the
    /// interpreter, and is not to blame. Whoever sleeps or waits for anything else takes a strike at
    /// once, and a call into C that does not look computes.
    pub(super) fn has_waited(&self, computing: u64) -> bool {
        let waited = clock::now().saturating_sub(self.struck_at.load(Relaxed));
        let computed = computing.saturating_sub(self.struck_computing.load(Relaxed));
        waited > PROMPT && computed < waited / WAITING
    }

    /// The entry that is under way, if it is the one to be struck.
    pub(super) fn victim(&self) -> Option<u64> {
        self.serial().filter(|serial| self.is_aimed_at(*serial))
    }
}

/// The number of the entry that is under way on this thread: another one for each.
pub fn current_entry() -> Option<u64> {
    GATE.serial().filter(|_| IS_WATCHED.get())
}

/// The process whose entry is under way on this thread, if it is a process's.
pub fn current_process() -> Option<String> {
    current_entry().and_then(|_| label::process_name(GATE.label()))
}

/// Makes this thread the one that is watched, or no more.
pub(super) fn watch_this_thread(is_watched: bool) {
    IS_WATCHED.set(is_watched);
}

/// An entry under way; left also when a panic passes through.
struct Entry {
    serial: u64,
}

impl Entry {
    /// `None` where nobody watches, and within an entry: its time is that of the outer one.
    #[inline]
    fn open(label: &Label, is_watched: bool) -> Option<Self> {
        let serial = GATE.serial.load(Relaxed) + 1;
        if !is_watched || serial.is_multiple_of(2) {
            return None;
        }
        GATE.label.store(label.number(), Relaxed);
        GATE.serial.store(serial, Relaxed);
        Some(Self { serial })
    }
}

impl Drop for Entry {
    #[inline]
    fn drop(&mut self) {
        GATE.serial.store(self.serial + 1, Relaxed);
    }
}

/// The gate as a thread passes it many times: whether it is watched is looked up once.
pub struct Post {
    is_watched: bool,
}

impl Post {
    /// The one of this thread.
    pub fn of_this_thread() -> Self {
        Self { is_watched: IS_WATCHED.get() }
    }

    /// As [`guarded`].
    #[inline(always)]
    pub fn guarded<R>(
        &self,
        py: Python<'_>,
        label: &Label,
        act: impl FnOnce() -> R,
    ) -> (R, Option<Overrun>) {
        let Some(entry) = Entry::open(label, self.is_watched) else { return (act(), None) };
        let outcome = act();
        let serial = entry.serial;
        drop(entry);
        if !GATE.is_aimed_at(serial) {
            return (outcome, None);
        }
        (outcome, strike::settle(py, serial))
    }
}

/// Runs code of the user's, in `label`'s name and under its time limit. The second value says
/// whether it passed the limit; what the first is then, is what became of the exception by which it
/// was stopped: the code may have caught it.
///
/// `act` should do all that can run code of the user's: also what prints or drops its objects.
#[inline(always)]
pub fn guarded<R>(py: Python<'_>, label: &Label, act: impl FnOnce() -> R) -> (R, Option<Overrun>) {
    Post::of_this_thread().guarded(py, label, act)
}
