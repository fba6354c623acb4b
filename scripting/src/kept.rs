//! References to Python objects that the engine holds: arguments, answers, exceptions.
//!
//! The engine lets go of them when it is done with them, between its calls into Python. Where nobody
//! else knows the object, that runs its `__del__`: code of the user's, which is watched as all of it
//! is. It does not find the world there, which the engine may be about to change.

use std::mem::ManuallyDrop;
use std::ops::Deref;

use metapython_engine::alert::Level;
use pyo3::prelude::*;

use crate::runtime::alert_sender;
use crate::watchdog::{Label, guarded};

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
        let object = unsafe { ManuallyDrop::take(&mut self.0) };
        // After the interpreter's end there is no `__del__` to be called.
        let overrun =
            Python::try_attach(|py| guarded(py, &Label::BETWEEN_STEPS, || drop(object)).1)
                .flatten();
        if let (Some(overrun), Some(alerts)) = (overrun, alert_sender()) {
            // Without a machine nobody is there to be told.
            let _ = alerts.raise("between steps", Level::Error, overrun.report());
        }
    }
}
