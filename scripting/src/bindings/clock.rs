//! Times.

use pyo3::prelude::*;

use crate::argument::span;

/// Seconds of simulation time, 0 to 1e9, that were given as `what`.
///
/// Raises `TypeError` for what is no number, `ValueError` for one out of that range.
#[pyfunction]
pub fn checked_seconds(what: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    span(what, value)?;
    value.extract()
}
