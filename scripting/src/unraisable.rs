//! Exceptions that Python cannot raise, because nobody called: from `__del__`, a weak reference's
//! callback, a generator that is thrown away. They hold no process, and are told of in an alert.

use std::cell::RefCell;

use pyo3::exceptions::PyOSError;
use pyo3::intern;
use pyo3::prelude::*;

use crate::bindings::alert::raise_alert;
use crate::error::{summary, traceback};
use crate::watchdog::{self, StepOverrun};

thread_local! {
    /// Where the last of them was that the watchdog had raised.
    static STOPPED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The function that the watchdog has stopped on this thread since the last call, where Python could
/// not pass its exception on.
pub(crate) fn take_stopped() -> Option<String> {
    STOPPED.take()
}

/// Lets alerts tell of such exceptions until it is dropped.
#[derive(Debug)]
pub struct UnraisableAlerts {
    previous: Py<PyAny>,
}

impl UnraisableAlerts {
    /// Sets Python's hook.
    ///
    /// # Errors
    /// What Python raises; nothing usually.
    pub fn install(py: Python<'_>) -> PyResult<Self> {
        let sys = py.import("sys")?;
        let previous = sys.getattr("unraisablehook")?.unbind();
        sys.setattr("unraisablehook", wrap_pyfunction!(report, py)?)?;
        Ok(Self { previous })
    }
}

impl Drop for UnraisableAlerts {
    fn drop(&mut self) {
        Python::attach(|py| {
            let restore = |sys: Bound<'_, PyModule>| sys.setattr("unraisablehook", &self.previous);
            if let Err(error) = py.import("sys").and_then(restore) {
                error.write_unraisable(py, None);
            }
        });
    }
}

/// Python's hook: an alert in the name of the class or function that the exception came from.
#[pyfunction]
#[pyo3(name = "unraisablehook")]
fn report(unraisable: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = unraisable.py();
    let value = unraisable.getattr(intern!(py, "exc_value"))?;
    // The watchdog knows of its own, and the entry that it was meant for ends as overrun.
    if value.is_instance_of::<StepOverrun>() {
        STOPPED.set(Some(place(unraisable)?));
        return Ok(());
    }
    // Python tells in this way of a signal whose handler a script has taken away.
    let is_of_signal = value.is_instance_of::<PyOSError>();
    if is_of_signal && unraisable.getattr("object")?.is_none() && watchdog::reclaim_signal(py) {
        return Ok(());
    }
    let error = PyErr::from_value(value);
    let place = place(unraisable)?;
    let source = place.split('.').next().unwrap_or_default();
    let (summary, traceback) = (summary(py, &error), traceback(py, &error));
    let text = format!("ignored in {place}: {summary}\n{traceback}");
    match raise_alert(source, &text, intern!(py, "error")) {
        Ok(()) => Ok(()),
        // On another thread, or between two turns, there is no world to alert.
        Err(_) => {
            let hook = py.import("sys")?.getattr("__unraisablehook__")?;
            hook.call1((unraisable,)).map(drop)
        }
    }
}

/// The function that the exception came from, or the type of what it came from.
fn place(unraisable: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = unraisable.py();
    let object = unraisable.getattr(intern!(py, "object"))?;
    let name = object.getattr(intern!(py, "__qualname__")).and_then(|name| name.extract());
    Ok(name.unwrap_or_else(|_: PyErr| {
        object.get_type().name().map_or_else(|_| "Python".into(), |name| name.to_string())
    }))
}
