//! What the program's commands do.

mod check;
mod demos;
mod doctor;
mod output;
mod panic;
mod python;
mod report;
mod run;

use std::process::ExitCode;

use metapython::scene::Failure;

use crate::cli::{Cli, Command};

/// The exit status of a program whose scene or script is at fault.
const AT_FAULT: u8 = 1;

/// Carries out a command line; what goes wrong is told on the standard error stream.
pub(crate) fn execute(cli: Cli) -> ExitCode {
    panic::install();
    let outcome = panic::caught(|| match cli.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Demos => demos::list(),
        Command::Check { scene } => check::check(&scene),
        Command::Doctor => doctor::examine(),
    });
    outcome.unwrap_or_else(|failure: Failure| {
        report::print(failure);
        ExitCode::from(AT_FAULT)
    })
}
