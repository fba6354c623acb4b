//! `metapython check`.

use std::process::ExitCode;

use metapython::interpreter;
use metapython::scene::{Failure, load, locate};
use metapython_engine::alert::StderrAlerts;
use metapython_engine::machine::Machine;
use metapython_engine::process;
use pyo3::prelude::*;

use super::{output, python};

/// Loads a scene or script into a machine that never turns.
pub(super) fn check(scene: &str) -> Result<ExitCode, Failure> {
    let installation = python::installation()?;
    let target = locate(scene, &installation)?;
    python::start(&installation, &[scene.to_owned()], 0)?;
    Python::attach(|py| {
        let mut machine = Machine::builder().alert_sink(StderrAlerts).build();
        let outcome = load(&mut machine, &target);
        interpreter::flush(py);
        outcome?;
        let count = process::all(machine.world()).len();
        let processes = if count == 1 { "process" } else { "processes" };
        machine.end();
        let path = target.path().display();
        output::print(format_args!("{path}: {count} {processes}, nothing wrong\n"))?;
        Ok(ExitCode::SUCCESS)
    })
}
