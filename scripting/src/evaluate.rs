//! Console lines as Python: the engine's interpreter port.

use bevy_ecs::world::World;
use metapython_engine::console::{Evaluation, Interpreter, SessionId};
use metapython_engine::value::Value;
use pyo3::intern;
use pyo3::prelude::*;

use crate::convert::Describer;
use crate::error::traceback;
use crate::lend::lend;
use crate::watchdog::{Label, guarded};

/// Evaluates console lines in the embedded interpreter.
#[derive(Clone, Copy, Debug, Default)]
pub struct PythonInterpreter;

impl Interpreter for PythonInterpreter {
    fn evaluate(&mut self, world: &mut World, session: SessionId, line: &str) -> Evaluation {
        let evaluate = |py: Python<'_>| {
            let outcome = py
                .import(intern!(py, "metapython._session"))
                .and_then(|module| module.call_method1(intern!(py, "evaluate"), (session.0, line)))
                .and_then(|outcome| outcome.extract::<(String, Option<String>)>());
            match outcome {
                Ok((output, error)) => Evaluation { output, error, ..Evaluation::default() },
                Err(error) => {
                    Evaluation { error: Some(traceback(py, &error)), ..Evaluation::default() }
                }
            }
        };
        let (evaluation, overrun) =
            lend(world, || Python::attach(|py| guarded(py, &Label::CONSOLE, || evaluate(py))));
        match overrun {
            Some(overrun) => Evaluation { error: Some(overrun.report()), ..evaluation },
            None => evaluation,
        }
    }

    fn random_state(&mut self, world: &mut World) -> Value {
        let state = |py: Python<'_>| {
            let module = py.import(intern!(py, "metapython._random"))?;
            Ok(Describer::new().describe(&module.call_method0(intern!(py, "state"))?))
        };
        lend(world, || {
            Python::attach(|py| {
                state(py).unwrap_or_else(|error: PyErr| Value::Str(traceback(py, &error)))
            })
        })
    }
}
