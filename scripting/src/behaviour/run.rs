//! The function that is `run`, found once for as long as the class stays as it is.
//!
//! It is looked up on the class, as Python does with its special methods.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyFunction};

use crate::method::underlying;

/// Calls `run`.
#[derive(Default)]
pub(super) struct Run {
    /// The plain function, where `run` is one.
    function: Option<Py<PyAny>>,
    /// The version of the class when it was found; 0 is none.
    version: u32,
}

impl Run {
    /// Calls `run` of `instance`.
    ///
    /// # Errors
    /// What it raises.
    #[inline(always)]
    pub(super) fn call<'py>(
        &mut self,
        instance: &Bound<'py, PyAny>,
        dt: &Bound<'py, PyFloat>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = instance.py();
        if version(instance) != self.version || self.version == 0 {
            self.find(instance)?;
        }
        match &self.function {
            Some(function) => function.bind(py).call1((instance, dt)),
            None => instance.call_method1(intern!(py, "run"), (dt,)),
        }
    }

    /// Whether `run` was found to be a plain function.
    pub(super) fn is_found(&self) -> bool {
        self.function.is_some()
    }

    /// Whether `run` of `instance` is a plain function, and still the one that was found.
    #[inline(always)]
    pub(super) fn is_known(&self, instance: &Bound<'_, PyAny>) -> bool {
        self.is_found() && version(instance) == self.version
    }

    #[cold]
    fn find(&mut self, instance: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = instance.py();
        // What a public method is wrapped in costs nothing here.
        // As it stands in the class: a `staticmethod` must not pass for the function within.
        let found = instance.get_type().mro().iter().find_map(|class| {
            class.getattr(intern!(py, "__dict__")).ok()?.get_item(intern!(py, "run")).ok()
        });
        let found = found.map(underlying).transpose()?;
        let function = found.and_then(|found| found.cast_into::<PyFunction>().ok());
        self.function = function.map(|function| function.into_any().unbind());
        self.version = version(instance);
        Ok(())
    }
}

/// The version of an object's class. CPython gives each class a new one when it changes, or a base
/// of it, and 0 as long as it has none.
fn version(instance: &Bound<'_, PyAny>) -> u32 {
    // SAFETY: the type of a living object lives, and with the interpreter attached nobody writes.
    unsafe { (*instance.get_type_ptr()).tp_version_tag }
}
