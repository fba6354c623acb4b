//! The program `metapython`: runs scenes, checks them, and looks after its own installation.

use std::process::ExitCode;

use clap::Parser;
use metapython::cli::Cli;
use metapython::program;
use pyo3::prelude::*;

/// The native half of the package, for the interpreter that this program embeds.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    metapython::register(module)
}

fn main() -> ExitCode {
    pyo3::append_to_inittab!(_native);
    ExitCode::from(program::execute(Cli::parse()))
}
