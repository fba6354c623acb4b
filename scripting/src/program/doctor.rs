//! `metapython doctor`.

use pyo3::prelude::*;

use super::{AT_FAULT, DONE, output, python};
use crate::install::Installation;
use crate::interpreter::{self, BUILT_EXECUTABLE, BUILT_VERSION};
use crate::scene::Failure;

/// One thing that was looked at.
enum Finding {
    /// It is there.
    Good(String),
    /// It is not there, and something does without it.
    Missing(String),
    /// It is not there, and nothing works.
    Broken(String),
}

/// Looks at everything that a run needs, and prints what it found with the remedy for what is not
/// there.
pub(super) fn examine() -> Result<u8, Failure> {
    output::print(format_args!("metapython {}\n", env!("CARGO_PKG_VERSION")))?;
    let installation = python::installation();
    let started = installation
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|installation| python::start(installation, &["metapython".to_owned()], 0));
    let mut findings = vec![files(installation.as_ref().ok())];
    match started {
        Ok(()) => findings.extend(Python::attach(python_findings)),
        Err(failure) => findings.push(("Python", Finding::Broken(failure.to_string()))),
    }
    findings.push(("window", window()));
    findings.push(("sound", sound()));
    let mut is_broken = false;
    for (subject, finding) in findings {
        let (mark, text) = match finding {
            Finding::Good(text) => ("ok     ", text),
            Finding::Missing(text) => ("missing", text),
            Finding::Broken(text) => {
                is_broken = true;
                ("broken ", text)
            }
        };
        output::print(format_args!("{mark}  {subject:8}  {text}\n"))?;
    }
    Ok(if is_broken { AT_FAULT } else { DONE })
}

fn files(installation: Option<&Installation>) -> (&'static str, Finding) {
    let finding = match installation {
        Some(installation) => Finding::Good(format!(
            "package in {}, demos in {}",
            installation.python.display(),
            installation.demos.display()
        )),
        None => Finding::Broken(
            "the Python package is not found: set METAPYTHON_HOME to the folder of the sources"
                .to_owned(),
        ),
    };
    ("files", finding)
}

fn python_findings(py: Python<'_>) -> Vec<(&'static str, Finding)> {
    let sys = |name: &str| py.import("sys")?.getattr(name)?.extract::<String>();
    let executable = sys("executable").unwrap_or_else(|_| BUILT_EXECUTABLE.to_owned());
    let python = format!("{BUILT_VERSION}, as {executable}");
    let packages = match sys("prefix") {
        Ok(prefix) => Finding::Good(format!("packages from {prefix}")),
        Err(error) => Finding::Broken(error.to_string()),
    };
    let version = || py.import("numpy")?.getattr("__version__")?.extract::<String>();
    let numpy = match version() {
        Ok(version) => Finding::Good(version),
        Err(_) => Finding::Missing(format!(
            "scripts can do without; to have it: {executable} -m venv FOLDER, activate \
                 that, and python -m pip install numpy"
        )),
    };
    interpreter::flush(py);
    vec![("Python", Finding::Good(python)), ("packages", packages), ("NumPy", numpy)]
}

#[cfg(feature = "sdl")]
fn window() -> Finding {
    use metapython_engine::render::Window;
    match metapython_engine::platform::sdl::open(&Window::default()) {
        Ok(_) => Finding::Good("SDL2 opens a window".to_owned()),
        Err(error) => Finding::Missing(error.to_string()),
    }
}

#[cfg(not(feature = "sdl"))]
fn window() -> Finding {
    Finding::Missing("this program was built without SDL (the `sdl` feature)".to_owned())
}

#[cfg(feature = "audio")]
fn sound() -> Finding {
    match metapython_engine::platform::cpal::CpalAudio::open(None) {
        Ok(_) => Finding::Good("a sound device opens".to_owned()),
        Err(error) => Finding::Missing(format!("{error}; runs are silent")),
    }
}

#[cfg(not(feature = "audio"))]
fn sound() -> Finding {
    Finding::Missing("this program was built without sound (the `audio` feature)".to_owned())
}
