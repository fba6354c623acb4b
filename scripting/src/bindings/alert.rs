//! Alerts.

use metapython_engine::alert::{self, Alerts, Level, LevelError};
use pyo3::intern;
use pyo3::prelude::*;

use crate::argument::{text, wrong_value};
use crate::lend::{is_lent, with_world};
use crate::runtime::alert_sender;

/// Raises an alert for `source`.
#[pyfunction]
pub fn raise_alert(source: &str, text: &str, level: &Bound<'_, PyAny>) -> PyResult<()> {
    let level = level_of("alert(level)", level)?;
    with_world(|world| alert::raise(world, source, level, text))
}

/// Raises an alert on any thread; whether there is a machine that takes it.
#[pyfunction]
pub fn log_alert(source: &str, text: &str, level: &Bound<'_, PyAny>) -> PyResult<bool> {
    let level = level_of("alert(level)", level)?;
    if is_lent() {
        with_world(|world| alert::raise(world, source, level, text))?;
        return Ok(true);
    }
    Ok(alert_sender().is_some_and(|sender| sender.raise(source, level, text).is_ok()))
}

/// Whether an alert of this level would be shown now.
#[pyfunction]
pub fn is_alert_shown(level: &Bound<'_, PyAny>) -> PyResult<bool> {
    let level = level_of("alert(level)", level)?;
    with_world(|world| level <= world.resource::<Alerts>().verbosity)
}

/// The loudest level that is taken now.
pub(super) fn verbosity() -> PyResult<&'static str> {
    with_world(|world| world.resource::<Alerts>().verbosity.name())
}

/// Sets the loudest level that is taken, for what is logged too.
pub(super) fn set_verbosity(py: Python<'_>, level: &Bound<'_, PyAny>) -> PyResult<()> {
    let level = level_of("machine.verbosity", level)?;
    with_world(|world| world.resource_mut::<Alerts>().verbosity = level)?;
    follow_logging(py, level)
}

/// Has what Python's `logging` passes on be what the machine shows.
///
/// # Errors
/// What importing `logging` raises.
pub fn follow_logging(py: Python<'_>, verbosity: Level) -> PyResult<()> {
    let logging = py.import(intern!(py, "metapython._logging"))?;
    logging.call_method1(intern!(py, "follow"), (verbosity.name(),)).map(drop)
}

/// The last alerts, oldest first, as Python's `Alert`.
pub(super) fn recent<'py>(py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let class = py.import(intern!(py, "metapython._alerts"))?.getattr(intern!(py, "Alert"))?;
    let recent: Vec<_> =
        with_world(|world| world.resource::<Alerts>().recent().cloned().collect())?;
    let alert = |alert: alert::Alert| {
        class.call1((alert.time.as_secs(), alert.source, alert.level.name(), alert.text))
    };
    recent.into_iter().map(alert).collect()
}

fn level_of(what: &str, name: &Bound<'_, PyAny>) -> PyResult<Level> {
    let takes = "\"error\", \"v\", \"vv\", \"vvv\" or \"vvvv\"";
    text(what, takes, name)?.parse().map_err(|_: LevelError| wrong_value(what, takes, name))
}
