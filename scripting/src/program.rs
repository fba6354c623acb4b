//! What the program's commands do.

mod check;
#[cfg(feature = "terminal")]
mod console;
mod demos;
#[cfg(feature = "audio")]
mod devices;
mod doctor;
pub(crate) mod folder;
mod output;
mod panic;
mod python;
#[cfg(feature = "remote")]
mod remote;
mod report;
mod run;

use clap::Parser;
use pyo3::prelude::*;

use crate::cli::{Cli, Command};
use crate::resident;
use crate::scene::Failure;

/// The exit status of a program in which all went well.
const DONE: u8 = 0;

/// The exit status of a program whose scene or script is at fault.
const AT_FAULT: u8 = 1;

/// The exit status of a command line, whose first word is the name of the program.
///
/// Raises `RuntimeError` in an interpreter that has a machine.
#[pyfunction(name = "execute")]
pub fn execute_command(arguments: Vec<String>) -> PyResult<u8> {
    resident::give_way()?;
    Ok(execute(Cli::parse_from(arguments)))
}

/// Carries out a command line, and returns the exit status; what goes wrong is told on the standard
/// error stream.
pub fn execute(cli: Cli) -> u8 {
    panic::install();
    let outcome = panic::caught(|| match cli.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Demos => demos::list(),
        Command::Check { scene } => check::check(&scene),
        #[cfg(feature = "audio")]
        Command::Devices(arguments) => devices::run(&arguments),
        Command::Doctor => doctor::examine(),
        #[cfg(feature = "remote")]
        Command::Password(arguments) => remote::set_password(&arguments),
    });
    outcome.unwrap_or_else(|failure: Failure| {
        report::print(failure);
        AT_FAULT
    })
}
