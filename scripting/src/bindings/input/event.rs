//! Events as Python objects, and back: the same fields as those of their JSON.

use metapython_engine::input::InputEvent;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The event as a plain object: a `SimpleNamespace`.
pub(super) fn to_python<'py>(py: Python<'py>, event: &InputEvent) -> PyResult<Bound<'py, PyAny>> {
    let json = py.import(intern!(py, "json"))?;
    let fields = json.call_method1(intern!(py, "loads"), (event.to_json(),))?;
    namespace(py, fields.cast()?)
}

/// The event of a kind with these fields.
///
/// # Errors
/// `ValueError` says what is wrong with it, `TypeError` for a field that is no plain data.
pub(super) fn from_python(kind: &str, fields: Option<&Bound<'_, PyDict>>) -> PyResult<InputEvent> {
    Python::attach(|py| {
        let whole = PyDict::new(py);
        whole.set_item(intern!(py, "kind"), kind)?;
        if let Some(fields) = fields {
            whole.update(fields.as_mapping())?;
        }
        let named = PyDict::new(py);
        named.set_item(intern!(py, "allow_nan"), false)?;
        let json = py.import(intern!(py, "json"))?;
        let text = json.call_method(intern!(py, "dumps"), (whole,), Some(&named));
        let text = text.map_err(|error| {
            let said = format!("simulate({kind:?}): {}", error.value(py));
            match error {
                _ if error.is_instance_of::<PyTypeError>(py) => PyTypeError::new_err(said),
                _ if error.is_instance_of::<PyValueError>(py) => PyValueError::new_err(said),
                other => other,
            }
        })?;
        InputEvent::from_json(text.extract()?).map_err(|error| {
            PyValueError::new_err(format!("simulate({kind:?}): there is no such event: {error}"))
        })
    })
}

/// An object with these attributes.
pub(super) fn namespace<'py>(
    py: Python<'py>,
    fields: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let types = py.import(intern!(py, "types"))?;
    types.getattr(intern!(py, "SimpleNamespace"))?.call((), Some(fields))
}
