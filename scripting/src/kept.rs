//! References to Python objects that the engine holds: arguments, answers, exceptions.
//!
//! The engine drops them when it is done with them: in the middle of its own work, or in a step of a
//! process that has nothing to do with them. Where nobody else knows the object, letting go of it runs
//! its `__del__`, code of the user's. So the object is only set aside, and [`KeptReleaser`] lets go of
//! it at the end of the tick, between two steps, watched, and with the world at hand.

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use bevy_ecs::world::World;
use metapython_engine::alert::Level;
use metapython_engine::release::Releaser;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::lend::lend;
use crate::runtime::alert_sender;
use crate::unraisable::take_stopped;
use crate::watchdog::{Label, guarded};

/// What waits for the end of the tick, in the order in which the engine was done with it.
static ASIDE: Mutex<Vec<Py<PyAny>>> = Mutex::new(Vec::new());

/// How many releasers there are: without one nobody would come for what is set aside.
static RELEASERS: AtomicUsize = AtomicUsize::new(0);

/// A reference that may be let go of anywhere.
pub struct Kept<T>(ManuallyDrop<Py<T>>);

impl<T> Kept<T> {
    /// Keeps a reference.
    pub fn new(object: Py<T>) -> Self {
        Self(ManuallyDrop::new(object))
    }
}

impl<T> Deref for Kept<T> {
    type Target = Py<T>;

    fn deref(&self) -> &Py<T> {
        &self.0
    }
}

impl<T> Drop for Kept<T> {
    fn drop(&mut self) {
        // SAFETY: this is the end of `self`: nobody takes or uses it again.
        let object = unsafe { ManuallyDrop::take(&mut self.0) }.into_any();
        // After the interpreter's end there is no `__del__` to be called.
        let _ = Python::try_attach(|py| {
            // SAFETY: it reads the count of a living object, attached.
            if unsafe { ffi::Py_REFCNT(object.as_ptr()) } > 1 {
                drop(object); // Somebody else knows it: nothing happens to it.
            } else if RELEASERS.load(Ordering::Relaxed) > 0 {
                ASIDE.lock().unwrap_or_else(PoisonError::into_inner).push(object);
            } else {
                let_go(py, object);
            }
        });
    }
}

/// Lets go of an object, in nobody's step; tells of a `__del__` that had to be stopped.
fn let_go(py: Python<'_>, object: Py<PyAny>) {
    take_stopped();
    let (_, overrun) = guarded(py, &Label::BETWEEN_STEPS, || drop(object));
    if let (Some(overrun), Some(alerts)) = (overrun, alert_sender()) {
        let place = take_stopped().map_or_else(String::new, |place| format!("{place}: "));
        let text = format!("{place}{}", overrun.report());
        // Without a machine nobody is there to be told.
        let _ = alerts.raise("between steps", Level::Error, text);
    }
}

/// Lets go of all that has been set aside; whether there was anything.
fn let_go_of_all(py: Python<'_>) -> bool {
    // The lock is free again before anything goes: that may have more set aside.
    let aside = std::mem::take(&mut *ASIDE.lock().unwrap_or_else(PoisonError::into_inner));
    let is_any = !aside.is_empty();
    aside.into_iter().for_each(|object| let_go(py, object));
    is_any
}

/// Lets go of what the engine is done with, once a tick.
#[derive(Debug)]
pub struct KeptReleaser(());

impl KeptReleaser {
    /// What the engine is done with waits for it from now on.
    #[expect(clippy::new_without_default, reason = "that there is one changes what others do")]
    pub fn new() -> Self {
        RELEASERS.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Releaser for KeptReleaser {
    fn release(&mut self, world: &mut World) -> bool {
        // Most ticks have nothing to let go of, and need no interpreter.
        if ASIDE.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            return false;
        }
        lend(world, || Python::try_attach(let_go_of_all)).unwrap_or(false)
    }
}

impl Drop for KeptReleaser {
    /// What the end of the machine has left is let go of without it.
    fn drop(&mut self) {
        RELEASERS.fetch_sub(1, Ordering::Relaxed);
        Python::try_attach(let_go_of_all);
    }
}
