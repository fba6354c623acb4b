//! Starting CPython in this process, by its initialisation configuration (PEP 587).

use std::ffi::{CStr, CString};
use std::path::Path;

use pyo3::ffi;

use super::InterpreterError;

/// The version of the Python that this program was built against: `3.11.7`.
pub const BUILT_VERSION: &str = env!("METAPYTHON_PYTHON_VERSION");

/// The executable of the Python that this program was built against.
pub const BUILT_EXECUTABLE: &str = env!("METAPYTHON_PYTHON");

/// The user's setting for where *the* Python is; it leads any but the one it was meant for astray.
const HOME_VARIABLE: &str = "PYTHONHOME";

/// Starts the interpreter as the one of `executable`, which finds its packages, with `arguments` as
/// `sys.argv`. Call it once, before any thread is started and before Python is used.
///
/// The hash seed is fixed, so that no order of a set or dict differs between runs; signals stay
/// the program's own.
///
/// # Errors
/// [`InterpreterError`] if the wrong library was loaded or CPython refuses.
pub fn start(executable: &Path, arguments: &[String]) -> Result<(), InterpreterError> {
    check_version()?;
    let refused = |reason: String| InterpreterError::Refused {
        built: BUILT_VERSION.to_owned(),
        executable: executable.display().to_string(),
        reason,
    };
    let text = |text: &str| CString::new(text).map_err(|error| refused(error.to_string()));
    let program = text(&executable.to_string_lossy())?;
    let arguments =
        arguments.iter().map(|argument| text(argument)).collect::<Result<Vec<_>, _>>()?;
    // SAFETY: no other thread runs yet that could read the environment at the same time.
    unsafe { std::env::remove_var(HOME_VARIABLE) };
    initialize(&program, &arguments).map_err(refused)
}

/// Whether the library that was loaded is the one that the program was built against.
fn check_version() -> Result<(), InterpreterError> {
    // SAFETY: it returns a static string, and may be called before the interpreter starts.
    let loaded = unsafe { CStr::from_ptr(ffi::Py_GetVersion()) }.to_string_lossy();
    let found = loaded.split_whitespace().next().unwrap_or_default();
    if found == BUILT_VERSION {
        return Ok(());
    }
    Err(InterpreterError::OtherVersion { built: BUILT_VERSION.to_owned(), found: found.to_owned() })
}

/// Configures and initialises the interpreter, then lets go of it.
fn initialize(program: &CStr, arguments: &[CString]) -> Result<(), String> {
    let mut arguments: Vec<_> = arguments.iter().map(|argument| argument.as_ptr()).collect();
    // SAFETY: the functions are called as PEP 587 prescribes: the configuration is initialised
    // before it is used and cleared once on every path; the strings live until `PyConfig_Read`
    // and the setters have copied them. `PyEval_SaveThread` detaches the thread that the
    // initialisation attached, as PyO3 expects.
    unsafe {
        let mut config = std::mem::zeroed::<ffi::PyConfig>();
        ffi::PyConfig_InitPythonConfig(&raw mut config);
        config.install_signal_handlers = 0;
        config.parse_argv = 0;
        config.use_hash_seed = 1;
        config.hash_seed = 0;
        let count = ffi::Py_ssize_t::try_from(arguments.len()).unwrap_or(0);
        let mut status = ffi::PyConfig_SetBytesArgv(&raw mut config, count, arguments.as_mut_ptr());
        if ffi::PyStatus_Exception(status) == 0 {
            let name = &raw mut config.program_name;
            status = ffi::PyConfig_SetBytesString(&raw mut config, name, program.as_ptr());
        }
        if ffi::PyStatus_Exception(status) == 0 {
            status = ffi::Py_InitializeFromConfig(&raw const config);
        }
        ffi::PyConfig_Clear(&raw mut config);
        if ffi::PyStatus_Exception(status) != 0 {
            return Err(if status.err_msg.is_null() {
                "it asked to exit".to_owned()
            } else {
                CStr::from_ptr(status.err_msg).to_string_lossy().into_owned()
            });
        }
        ffi::PyEval_SaveThread();
    }
    Ok(())
}
