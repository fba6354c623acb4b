//! alsa-lib writes to the standard error whatever it fails at, even what a program merely tries.

#[cfg(target_os = "linux")]
use std::cell::RefCell;
#[cfg(target_os = "linux")]
use std::rc::Rc;

#[cfg(target_os = "linux")]
use alsa::Output;

/// Collects the complaints of alsa-lib on this thread in memory, for as long as the thread runs.
#[cfg(target_os = "linux")]
pub(super) fn silence_this_thread() -> Option<Rc<RefCell<Output>>> {
    // Without it there is noise, and nothing else is worse.
    Output::local_error_handler().ok()
}

#[cfg(not(target_os = "linux"))]
pub(super) const fn silence_this_thread() {}
