//! `metapython check`.

use metapython_engine::alert::StderrAlerts;
use metapython_engine::machine::{Machine, Stop};
use metapython_engine::process;
use pyo3::prelude::*;

use super::{DONE, output, python};
use crate::interpreter;
use crate::scene::{Failure, Target, load, locate};

/// Loads a scene or script into a machine that never turns.
pub(super) fn check(scene: &str) -> Result<u8, Failure> {
    let installation = python::installation()?;
    let target = locate(scene, &installation)?;
    python::start(&installation, &[scene.to_owned()], 0)?;
    let check = |py: Python<'_>| {
        let mut machine = Machine::builder().alert_sink(StderrAlerts).build();
        let outcome = load(&mut machine, &target, &installation);
        interpreter::flush(py);
        outcome?;
        if let Stop(Some(status)) = *machine.world().resource() {
            return ended(&target, status);
        }
        let count = process::all(machine.world()).len();
        let processes = if count == 1 { "process" } else { "processes" };
        machine.end();
        let path = target.path().display();
        output::print(format_args!("{path}: {count} {processes}, nothing wrong\n"))?;
        Ok(DONE)
    };
    Python::attach(|py| python::watched(py, || check(py)))
}

/// A script that ends the program while it is imported does so when it is run, too.
fn ended(target: &Target, status: i32) -> Result<u8, Failure> {
    let path = target.path().display();
    let text = format!("{path}: it ends the program when it is loaded, with status {status}");
    if status != 0 {
        return Err(Failure::plain(text));
    }
    output::print(format_args!("{text}\n"))?;
    Ok(DONE)
}
