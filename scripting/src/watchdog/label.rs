//! Who an entry belongs to, in a form that another thread can read without any lock of ours or
//! Python's being held: a number, and a table of names that is touched when a process comes or goes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

static NAMES: LazyLock<Mutex<HashMap<u64, Box<str>>>> = LazyLock::new(Mutex::default);

static NEXT: AtomicU64 = AtomicU64::new(FIRST_PROCESS);

const CONSOLE: u64 = 0;
const LOADING: u64 = 1;
const INSPECTION: u64 = 2;
const BETWEEN_STEPS: u64 = 3;
const FIRST_PROCESS: u64 = 4;

/// A person waits for an answer to a console line, and knows what was asked.
const MIN_CONSOLE_LIMIT: Duration = Duration::from_secs(2);

/// Importing a large library from a cold disk takes that long.
const MIN_LOADING_LIMIT: Duration = Duration::from_secs(30);

/// Who an entry belongs to.
#[derive(Debug, PartialEq, Eq)]
pub struct Label(u64);

impl Label {
    /// A console line.
    pub const CONSOLE: Self = Self(CONSOLE);

    /// Scripts and scenes while they are loaded.
    pub const LOADING: Self = Self(LOADING);

    /// Looking at the state of a process, for a digest: the engine's own work on what may be large.
    pub const INSPECTION: Self = Self(INSPECTION);

    /// Code of the user's that Python runs on its own account while the engine is about its own work:
    /// `__del__` of what the engine lets go of, handlers of signals.
    pub const BETWEEN_STEPS: Self = Self(BETWEEN_STEPS);

    /// The process of that name.
    pub fn process(name: &str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        NAMES.lock().unwrap_or_else(PoisonError::into_inner).insert(number, name.into());
        Self(number)
    }

    /// The number that stands for it.
    pub(super) fn number(&self) -> u64 {
        self.0
    }
}

impl Drop for Label {
    fn drop(&mut self) {
        if self.0 >= FIRST_PROCESS {
            NAMES.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
        }
    }
}

/// Whom a number stands for, as a message begins.
pub(super) fn name(number: u64) -> String {
    match number {
        CONSOLE => "console".to_owned(),
        LOADING => "scene".to_owned(),
        INSPECTION => "inspection".to_owned(),
        BETWEEN_STEPS => "between steps".to_owned(),
        _ => {
            let names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
            names.get(&number).map_or_else(|| "(deleted process)".to_owned(), ToString::to_string)
        }
    }
}

/// The process that a number stands for, if it does for one.
pub(super) fn process_name(number: u64) -> Option<String> {
    let names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    names.get(&number).map(ToString::to_string)
}

/// How long an entry of that number may take, where a step may take `step_limit`.
pub(super) fn limit(number: u64, step_limit: Duration) -> Duration {
    match number {
        CONSOLE => step_limit.max(MIN_CONSOLE_LIMIT),
        LOADING | INSPECTION => step_limit.max(MIN_LOADING_LIMIT),
        _ => step_limit,
    }
}
