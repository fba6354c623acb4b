//! Interrupting on request: Ctrl-C for a console text that is being evaluated.
//!
//! It goes the way that a strike goes, and has `KeyboardInterrupt` raised instead.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::entry::GATE;
use super::signal::{self, ThreadId};

/// The machine's thread, while a watchdog is on duty.
static THREAD: Mutex<Option<ThreadId>> = Mutex::new(None);

/// The serial number of the entry that is to be interrupted; 0, which is none's, for none.
static TARGET: AtomicU64 = AtomicU64::new(0);

/// Says which thread is the machine's, which lives until it is said that there is none.
pub(super) fn set_thread(thread: Option<ThreadId>) {
    *place() = thread;
}

fn place() -> MutexGuard<'static, Option<ThreadId>> {
    THREAD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has `KeyboardInterrupt` raised in the entry that is under way, if `is_meant` says so of it. May be
/// called on any thread, and needs no interpreter. Whether there is such an entry.
///
/// It comes between two instructions of Python code, or ends a call that sleeps or waits.
pub fn interrupt(is_meant: impl FnOnce() -> bool) -> bool {
    // The lock keeps the thread alive: its watchdog ends before it does, and takes it back first.
    let place = place();
    let (Some(thread), Some(serial)) = (*place, GATE.serial()) else { return false };
    // The number is read before: if the entry is left meanwhile, nobody has that number.
    if !is_meant() {
        return false;
    }
    TARGET.store(serial, Ordering::Relaxed);
    signal::send(thread);
    true
}

/// Whether the entry that is under way is to be interrupted; it is so once.
pub(super) fn take() -> bool {
    let target = TARGET.load(Ordering::Relaxed);
    target != 0
        && GATE.serial() == Some(target)
        && TARGET.compare_exchange(target, 0, Ordering::Relaxed, Ordering::Relaxed).is_ok()
}
