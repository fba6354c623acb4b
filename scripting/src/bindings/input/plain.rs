//! Fingers and compositions as plain objects.

use metapython_engine::input::{Composition, Finger};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::event::namespace;

pub(super) fn finger<'py>(py: Python<'py>, finger: Finger) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    fields.set_item("id", finger.id)?;
    fields.set_item("x", finger.x)?;
    fields.set_item("y", finger.y)?;
    fields.set_item("pressure", finger.pressure)?;
    fields.set_item("is_down", finger.is_down)?;
    fields.set_item("was_pressed", finger.was_pressed)?;
    fields.set_item("was_released", finger.was_released)?;
    namespace(py, &fields)
}

pub(super) fn composition<'py>(
    py: Python<'py>,
    composition: Composition,
) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    fields.set_item("text", composition.text)?;
    fields.set_item("cursor", composition.cursor)?;
    fields.set_item("length", composition.length)?;
    namespace(py, &fields)
}
