//! Starting the embedded interpreter, and finding what it imports.

use std::path::{Path, PathBuf};

use pyo3::prelude::*;

use super::output;
use crate::install::Installation;
use crate::interpreter::{self, BUILT_EXECUTABLE, Environment, InterpreterError};
use crate::scene::Failure;
use crate::unraisable::UnraisableAlerts;
use crate::watchdog::Watchdog;

/// The program's own files.
///
/// # Errors
/// [`Failure`] if they are not there.
pub(super) fn installation() -> Result<Installation, Failure> {
    if interpreter::is_running() {
        // It has imported the package, and this is a part of that.
        let installed = Python::attach(interpreter::package_folder);
        return Ok(Installation::of_package(&installed.map_err(plain)?));
    }
    Installation::find().map_err(|searched: PathBuf| {
        let searched = searched.display().to_string();
        Failure::plain(InterpreterError::NoPackage { searched }.to_string())
    })
}

/// The Python environment that the user has activated, or the one of the build.
pub(super) fn environment() -> Environment {
    let virtual_env = std::env::var_os("VIRTUAL_ENV").filter(|folder| !folder.is_empty());
    Environment::choose(virtual_env.as_deref().map(Path::new), Path::new(BUILT_EXECUTABLE))
}

/// Starts the interpreter, unless one runs this, makes the package importable and seeds all that is random.
///
/// # Errors
/// [`Failure`] says why there is no interpreter.
pub(super) fn start(
    installation: &Installation,
    arguments: &[String],
    seed: u64,
) -> Result<(), Failure> {
    if interpreter::is_running() {
        return Python::attach(|py| interpreter::adopt(py, arguments, seed)).map_err(plain);
    }
    let environment = environment();
    if let Some(remark) = &environment.remark {
        output::complain(format_args!("note: {remark}"));
    }
    let start = || {
        interpreter::start(&environment.executable, arguments)?;
        Python::attach(|py| interpreter::prepare(py, &installation.python, seed))
    };
    start().map_err(plain)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what errors are mapped by")]
fn plain(error: InterpreterError) -> Failure {
    Failure::plain(error.to_string())
}

/// Runs a machine with the watchdog beside it.
///
/// # Errors
/// Those of the machine, and [`Failure`] if there can be no watchdog.
pub(super) fn watched<R>(
    py: Python<'_>,
    act: impl FnOnce() -> Result<R, Failure>,
) -> Result<R, Failure> {
    let failed = |error: PyErr| Failure::plain(format!("cannot watch over scripts: {error}"));
    let _alerts = UnraisableAlerts::install(py).map_err(failed)?;
    let _watchdog = Watchdog::start(py).map_err(failed)?;
    act()
}
