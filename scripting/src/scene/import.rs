//! Importing a script as a module of its own name.

use std::path::Path;

use pyo3::intern;
use pyo3::prelude::*;

/// Makes the scripts in a folder importable by each other, before anything else of their names.
///
/// # Errors
/// What Python raises.
pub(super) fn add_to_path(py: Python<'_>, folder: &Path) -> PyResult<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let path = py.import("sys")?.getattr("path")?;
    path.call_method1(intern!(py, "insert"), (0, folder.as_os_str())).map(drop)
}

/// Imports the script as the module of its name: `pong.py` as `pong`.
///
/// # Errors
/// What Python raises.
pub(super) fn import<'py>(py: Python<'py>, path: &Path) -> PyResult<Bound<'py, PyAny>> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    py.import(intern!(py, "metapython._loading"))?
        .call_method1(intern!(py, "import_script"), (path.as_os_str(),))
}
