//! The embedded CPython: which one, how it starts, and what it imports first.

mod embed;
mod environment;

use std::path::{Path, PathBuf};

use metapython_engine::clock::Idle;
use pyo3::prelude::*;
use thiserror::Error;

pub use embed::{BUILT_EXECUTABLE, BUILT_VERSION, start};
pub use environment::Environment;

/// Why there is no interpreter.
#[derive(Debug, Error)]
pub enum InterpreterError {
    /// The dynamic linker found another Python than the one that the program was built against.
    #[error(
        "this program was built for Python {built}, but the library of Python {found} was loaded; \
         unset LD_LIBRARY_PATH, or build the program again with the Python that you want first in \
         PATH"
    )]
    OtherVersion {
        /// The version that the program was built against.
        built: String,
        /// The version that was loaded.
        found: String,
    },
    /// CPython refused to start.
    #[error(
        "Python {built} does not start: {reason}; check that the Python that this program was \
         built with is still installed ({executable}), or build the program again"
    )]
    Refused {
        /// The version that the program was built against.
        built: String,
        /// The interpreter of that installation.
        executable: String,
        /// What CPython said.
        reason: String,
    },
    /// The Python half of Metapython is not where it should be.
    #[error(
        "cannot find the Python package metapython beside this program or in {searched}; set \
         METAPYTHON_HOME to the folder of its sources"
    )]
    NoPackage {
        /// Where it was looked for last.
        searched: String,
    },
    /// The Python half of Metapython failed.
    #[error("cannot import the Python package metapython: {0}")]
    Package(String),
}

/// Makes the package importable and seeds every random source of Python.
///
/// # Errors
/// [`InterpreterError::Package`].
pub fn prepare(py: Python<'_>, package: &Path, seed: u64) -> Result<(), InterpreterError> {
    let prepare = || {
        let path = py.import("sys")?.getattr("path")?;
        path.call_method1("append", (package.as_os_str(),))?;
        let modules = py.import("sys")?.getattr("modules")?;
        modules.set_item("metapython._native", py.import("_native")?)?;
        py.import("metapython._random")?.call_method1("seed", (seed,))?;
        py.import("metapython._logging")?.call_method0("install")?;
        Ok::<_, PyErr>(())
    };
    prepare().map_err(|error| InterpreterError::Package(crate::error::traceback(py, &error)))
}

/// Readies an interpreter that runs already, and has imported the package, for a program: its
/// arguments are `sys.argv`, and its random sources are seeded.
///
/// # Errors
/// [`InterpreterError::Package`].
pub fn adopt(py: Python<'_>, arguments: &[String], seed: u64) -> Result<(), InterpreterError> {
    let adopt = || {
        py.import("sys")?.setattr("argv", arguments)?;
        py.import("metapython._random")?.call_method1("seed", (seed,)).map(drop)
    };
    adopt().map_err(|error| InterpreterError::Package(crate::error::traceback(py, &error)))
}

/// The folder of the package that this interpreter has imported.
///
/// # Errors
/// [`InterpreterError::Package`].
pub fn package_folder(py: Python<'_>) -> Result<PathBuf, InterpreterError> {
    let folder = || py.import("metapython")?.getattr("__path__")?.get_item(0)?.extract();
    folder().map_err(|error| InterpreterError::Package(crate::error::traceback(py, &error)))
}

/// Lets other Python threads run while the machine waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct DetachedIdle;

impl Idle for DetachedIdle {
    fn idle(&mut self, wait: &mut dyn FnMut()) {
        /// What a wait refers to stays on its thread: `detach` calls it there.
        struct OnThisThread<'a>(&'a mut dyn FnMut());
        // SAFETY: `Python::detach` demands `Send` to keep Python references out, and runs the
        // closure on the calling thread. A clock's or display's wait holds no Python reference: the
        // engine that made it knows no Python.
        unsafe impl Send for OnThisThread<'_> {}
        impl OnThisThread<'_> {
            fn call(self) {
                (self.0)();
            }
        }
        let wait = OnThisThread(wait);
        Python::attach(|py| py.detach(move || wait.call()));
    }
}

/// Whether there is an interpreter in this process.
pub fn is_running() -> bool {
    // SAFETY: it may be called at any time, and without the interpreter's lock.
    unsafe { pyo3::ffi::Py_IsInitialized() != 0 }
}

/// Ends what Python has begun, as its own end would: threads are waited for, for a while, functions
/// registered with `atexit` are called, output is flushed. The interpreter itself stays, because the
/// process is about to end.
pub fn exit(py: Python<'_>) {
    let finished = py.import("metapython._exit").and_then(|exit| exit.call_method0("finish"));
    if let Err(error) = finished {
        error.write_unraisable(py, None);
    }
    flush(py);
}

/// Flushes Python's standard streams: what a script printed into a pipe is lost otherwise.
pub fn flush(py: Python<'_>) {
    let flush = |stream: &str| py.import("sys")?.getattr(stream)?.call_method0("flush");
    // A stream may be closed or `None`; there is nothing to flush then.
    let _ = flush("stdout");
    let _ = flush("stderr");
}
