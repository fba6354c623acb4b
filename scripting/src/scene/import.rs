//! Importing the scripts of a scene, or the one that the user names.

use std::path::Path;

use metapython_engine::machine::Stop;
use pyo3::exceptions::PySystemExit;
use pyo3::intern;
use pyo3::prelude::*;

use super::Failure;
use crate::error::exception;
use crate::lend::with_world;

/// Makes the scripts in a folder importable by each other, before anything else of their names.
///
/// # Errors
/// What Python raises.
pub(super) fn add_to_path(py: Python<'_>, folder: &Path) -> PyResult<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let path = py.import("sys")?.getattr("path")?;
    if path.contains(folder.as_os_str())? {
        return Ok(()); // Its scripts have been imported before.
    }
    path.call_method1(intern!(py, "insert"), (0, folder.as_os_str())).map(drop)
}

/// The folders in which scripts are looked for.
///
/// # Errors
/// What Python raises.
pub(super) fn search_path(py: Python<'_>) -> PyResult<Py<PyAny>> {
    let path = py.import("sys")?.getattr("path")?;
    path.call_method0(intern!(py, "copy")).map(Bound::unbind)
}

/// Has scripts be looked for in other folders.
///
/// # Errors
/// What Python raises.
pub(super) fn set_search_path(py: Python<'_>, folders: &Py<PyAny>) -> PyResult<()> {
    let path = py.import("sys")?.getattr("path")?;
    path.call_method0(intern!(py, "clear"))?;
    path.call_method1(intern!(py, "extend"), (folders,)).map(drop)
}

/// Imports a script of a scene as the module of its name: `pong.py` as `pong`.
///
/// # Errors
/// What Python raises.
pub(super) fn import(py: Python<'_>, path: &Path) -> PyResult<()> {
    call(py, "import_script", path).map(drop)
}

/// Imports the script that the user named, whatever its name; if it created no process, starts one
/// of each process class that it defines.
///
/// # Errors
/// What Python raises.
pub(super) fn run(py: Python<'_>, path: &Path) -> PyResult<()> {
    add_to_path(py, path.parent().unwrap_or(path))?;
    let module = call(py, "run_script", path)?;
    if with_world(|world| world.resource::<Stop>().0.is_some())? {
        return Ok(()); // It has ended the machine, and wants nothing to be started.
    }
    loading(py)?.call_method1(intern!(py, "start_defined"), (module,)).map(drop)
}

/// What a script's exception comes to: `SystemExit` stops the machine before its first turn, with
/// the exit status of it; all others are failures.
pub(super) fn outcome(py: Python<'_>, error: &PyErr) -> Result<(), Failure> {
    if !error.is_instance_of::<PySystemExit>(py) {
        return Err(Failure::of_python(py, error));
    }
    let stop = || {
        let status: i32 = py
            .import(intern!(py, "metapython._exit"))?
            .call_method1(intern!(py, "exit_status"), (exception(py, error),))?
            .extract()?;
        with_world(|world| world.resource_mut::<Stop>().0 = Some(status))
    };
    stop().map_err(|error: PyErr| Failure::of_python(py, &error))
}

fn call<'py>(py: Python<'py>, function: &str, path: &Path) -> PyResult<Bound<'py, PyAny>> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    loading(py)?.call_method1(function, (path.as_os_str(),))
}

fn loading(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import(intern!(py, "metapython._loading"))
}
