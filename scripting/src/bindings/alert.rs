//! Alerts.

use metapython_engine::alert::{self, Alerts, Level};
use pyo3::prelude::*;

use crate::error::value_error;
use crate::lend::with_world;

/// Raises an alert for `source`.
#[pyfunction]
pub fn raise_alert(source: &str, text: &str, level: &str) -> PyResult<()> {
    let level: Level = level.parse().map_err(|error| value_error(&error))?;
    with_world(|world| alert::raise(world, source, level, text))
}

/// The loudest level that is taken now.
#[pyfunction]
pub fn verbosity() -> PyResult<&'static str> {
    with_world(|world| world.resource::<Alerts>().verbosity.name())
}

/// Sets the loudest level that is taken.
#[pyfunction]
pub fn set_verbosity(level: &str) -> PyResult<()> {
    let level: Level = level.parse().map_err(|error| value_error(&error))?;
    with_world(|world| world.resource_mut::<Alerts>().verbosity = level)
}
