//! The program `metapython`: runs scenes, checks them, and looks after its own installation.

mod cli;
mod program;

use std::process::ExitCode;

use clap::Parser;
use pyo3::prelude::*;

/// The native half of the package, for the interpreter that this program embeds.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    metapython::register(module)
}

fn main() -> ExitCode {
    pyo3::append_to_inittab!(_native);
    program::execute(cli::Cli::parse())
}
