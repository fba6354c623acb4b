//! Console texts as Python: the engine's interpreter port.
//!
//! The package's `_session` evaluates; here each call into it gets the world, and is watched.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use bevy_ecs::world::World;
use metapython_engine::console::{
    Candidate, Completion, Deed, Evaluation, Interpreter, Recorded, SessionId, Wanted,
};
use metapython_engine::scene::{Scene, SceneError};
use metapython_engine::value::Value;
use pyo3::IntoPyObjectExt;
use pyo3::call::PyCallArgs;
use pyo3::conversion::FromPyObjectOwned;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::behaviour::at_console;
use crate::convert::{Describer, to_python};
use crate::error::traceback;
use crate::lend::lend;
use crate::scene;
use crate::watchdog::{self, Label, Overrun, guarded};

/// The evaluation under way: a number that no other one has, and that of its session in the lower half.
/// 0, which is none's, for none.
static EVALUATING: AtomicU64 = AtomicU64::new(NONE);

/// The evaluation that was last to be interrupted.
static INTERRUPTED: AtomicU64 = AtomicU64::new(NONE);

const NONE: u64 = 0;

/// Counts evaluations.
static LAST: AtomicU64 = AtomicU64::new(0);

/// How far up the number of an evaluation stands above that of its session.
const SESSION_BITS: u32 = u32::BITS;

/// Says whose text is being evaluated, until it is dropped: also when a panic passes through.
struct Evaluating;

impl Evaluating {
    fn of(session: SessionId) -> Self {
        let number = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        EVALUATING.store(number << SESSION_BITS | u64::from(session.0), Ordering::Relaxed);
        Self
    }
}

/// Whether the evaluation under way was to be interrupted, for what makes many calls into Python: none
/// of them may have been under way at that moment.
pub(crate) fn is_interrupted() -> bool {
    let evaluating = EVALUATING.load(Ordering::Relaxed);
    evaluating != NONE && INTERRUPTED.load(Ordering::Relaxed) == evaluating
}

impl Drop for Evaluating {
    fn drop(&mut self) {
        EVALUATING.store(NONE, Ordering::Relaxed);
    }
}

/// Has `KeyboardInterrupt` raised in what a session evaluates at this moment; whether it does.
///
/// May be called on any thread: the machine's own is busy with it. What waits is interrupted by
/// [`Interpreter::interrupt`].
pub fn interrupt_evaluation(session: SessionId) -> bool {
    let evaluating = EVALUATING.load(Ordering::Relaxed);
    let half = u64::from(u32::MAX);
    if evaluating == NONE || evaluating & half != u64::from(session.0) {
        return false;
    }
    INTERRUPTED.store(evaluating, Ordering::Relaxed);
    watchdog::interrupt(|| EVALUATING.load(Ordering::Relaxed) == evaluating)
}

/// Evaluates console texts in the embedded interpreter.
#[derive(Clone, Copy, Debug, Default)]
pub struct PythonInterpreter {
    /// Whether an evaluation may wait: if none does, a tick needs no look at the sessions.
    is_waited_for: bool,
}

/// An outcome as the package tells it: output, traceback, whether it waits, what it asks.
type Outcome = (String, Option<String>, bool, Option<String>);

impl PythonInterpreter {
    /// What is made of an outcome, which passed the limit of its time or not.
    fn evaluation(&mut self, outcome: Called<Outcome>) -> Evaluation {
        let (outcome, overrun) = outcome;
        let mut evaluation = match outcome {
            Ok((output, error, is_waiting, question)) => {
                Evaluation { output, error, is_waiting, question, ..Evaluation::default() }
            }
            Err(error) => Evaluation { error: Some(error), ..Evaluation::default() },
        };
        if let Some(overrun) = overrun {
            evaluation.error = Some(overrun.report());
        }
        self.is_waited_for |= evaluation.is_waiting;
        evaluation
    }
}

impl Interpreter for PythonInterpreter {
    fn evaluate(&mut self, world: &mut World, session: SessionId, text: &str) -> Evaluation {
        let _evaluating = Evaluating::of(session);
        let outcome = call(world, "evaluate", (session.0, text));
        self.evaluation(outcome)
    }

    fn watch(&mut self, world: &mut World, session: SessionId, expression: &str) -> Evaluation {
        let _evaluating = Evaluating::of(session);
        let outcome = call(world, "watch", (session.0, expression));
        self.evaluation(outcome)
    }

    fn is_complete(&mut self, world: &mut World, session: SessionId, text: &str) -> bool {
        // What cannot be told is evaluated: then it is told what is wrong.
        call(world, "is_complete", (session.0, text)).0.unwrap_or(true)
    }

    fn complete(
        &mut self,
        world: &mut World,
        session: SessionId,
        text: &str,
        cursor: usize,
    ) -> Completion {
        let (head, _) = text.split_at(text.floor_char_boundary(cursor));
        let found: Called<(usize, Vec<(String, String)>)> =
            call(world, "complete", (session.0, head));
        let (start, found) = found.0.unwrap_or_else(|_| (usize::MAX, Vec::new()));
        Completion { start: byte_position(head, start), candidates: candidates(found) }
    }

    fn words(&mut self, world: &mut World, wanted: Wanted<'_>, prefix: &str) -> Vec<Candidate> {
        let (kind, process) = match wanted {
            Wanted::Class => ("class", ""),
            Wanted::Method(process) => ("method", process),
            Wanted::Script => ("script", ""),
        };
        let found: Called<Vec<(String, String)>> = call(world, "words", (kind, prefix, process));
        candidates(found.0.unwrap_or_default())
    }

    fn perform(&mut self, world: &mut World, session: SessionId, deed: &Deed) -> Evaluation {
        let _evaluating = Evaluating::of(session);
        let outcome = Python::attach(|py| {
            let arguments = match arguments(py, session, deed) {
                Ok(arguments) => arguments.unbind(),
                Err(error) => return (Err(traceback(py, &error)), None),
            };
            call(world, "perform", arguments)
        });
        self.evaluation(outcome)
    }

    fn record(
        &mut self,
        world: &mut World,
        session: SessionId,
        file: Option<&Path>,
    ) -> Result<Recorded, Evaluation> {
        let _evaluating = Evaluating::of(session);
        scene::record(world, session, file)
    }

    fn replace(
        &mut self,
        world: &mut World,
        session: SessionId,
        path: &Path,
        scene: Result<Scene, SceneError>,
    ) -> Evaluation {
        let _evaluating = Evaluating::of(session);
        scene::exchange(world, session, path, scene)
    }

    fn is_asking(&mut self, world: &mut World, session: SessionId) -> bool {
        self.is_waited_for && call(world, "is_asking", (session.0,)).0.unwrap_or(false)
    }

    fn is_name(&mut self, world: &mut World, session: SessionId, name: &str) -> bool {
        call(world, "is_name", (session.0, name)).0.unwrap_or(false)
    }

    fn resume(&mut self, world: &mut World) -> Vec<(SessionId, Evaluation)> {
        let mut told = Vec::new();
        if !std::mem::take(&mut self.is_waited_for) {
            return told;
        }
        while let (Ok(Some(session)), _) = call::<Option<u32>>(world, "next_ready", ()) {
            let evaluating = Evaluating::of(SessionId(session));
            let outcome = call(world, "resume", (session,));
            drop(evaluating);
            let evaluation = self.evaluation(outcome);
            let is_news = !evaluation.output.is_empty()
                || evaluation.error.is_some()
                || evaluation.question.is_some();
            if is_news || !evaluation.is_waiting {
                told.push((SessionId(session), evaluation));
            }
        }
        self.is_waited_for = call(world, "is_anything_waiting", ()).0.unwrap_or(false);
        told
    }

    fn interrupt(&mut self, world: &mut World, session: SessionId) {
        // Nothing of it can fail: it makes a note.
        let _: Called<Option<bool>> = call(world, "interrupt", (session.0,));
    }

    fn end_input(&mut self, world: &mut World, session: SessionId) {
        // Nor can this.
        let _: Called<Option<bool>> = call(world, "end_input", (session.0,));
    }

    fn end_session(&mut self, world: &mut World, session: SessionId) {
        // What its `finally` blocks raise has nobody left to be told.
        let _: Called<Option<bool>> = call(world, "end", (session.0,));
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

/// What may stand in place of a word, as the package tells it: each with what it is.
fn candidates(found: Vec<(String, String)>) -> Vec<Candidate> {
    found.into_iter().map(|(text, detail)| Candidate { text, detail }).collect()
}

/// The position of a character, which Python counts, in bytes; the end, if there is no such character.
fn byte_position(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(position, _)| position)
}

/// What a function of the package has returned, or the traceback of its failure, and whether it passed
/// the limit of its time.
type Called<R> = (Result<R, String>, Option<Overrun>);

/// A deed as the package takes it: the session, the name of the deed, and what it needs.
fn arguments<'py>(
    py: Python<'py>,
    session: SessionId,
    deed: &Deed,
) -> PyResult<Bound<'py, PyTuple>> {
    let (name, mut words, given) = match deed {
        Deed::Spawn { class, arguments } => ("spawn", vec![class], Some(arguments)),
        Deed::Call { process, method, arguments } => {
            ("call", vec![process, method], Some(arguments))
        }
        Deed::Source { name } => ("source", vec![name], None),
        Deed::Update { file } => ("update", vec![file], None),
    };
    let mut all = vec![session.0.into_bound_py_any(py)?, name.into_bound_py_any(py)?];
    for word in words.drain(..) {
        all.push(word.into_bound_py_any(py)?);
    }
    if let Some(given) = given {
        let (positional, named) = (PyList::empty(py), PyDict::new(py));
        for (name, value) in given {
            let value = to_python(py, value)?;
            match name {
                Some(name) => named.set_item(name, value)?,
                None => positional.append(value)?,
            }
        }
        all.push(positional.into_any());
        all.push(named.into_any());
    }
    PyTuple::new(py, all)
}

/// Calls a function of `_session`, with the world at hand.
fn call<R: for<'py> FromPyObjectOwned<'py>>(
    world: &mut World,
    function: &str,
    arguments: impl for<'py> PyCallArgs<'py>,
) -> Called<R> {
    let call = |py: Python<'_>| -> Result<R, String> {
        let outcome = py
            .import(intern!(py, "metapython._session"))
            .and_then(|module| module.call_method1(function, arguments));
        outcome
            .and_then(|outcome| outcome.extract().map_err(Into::into))
            .map_err(|error| traceback(py, &error))
    };
    lend(world, || Python::attach(|py| guarded(py, &Label::CONSOLE, || at_console(|| call(py)))))
}

#[cfg(test)]
mod tests {
    use super::byte_position;

    /// Letters of several bytes are counted once.
    #[test]
    fn characters_are_no_bytes() {
        let text = "é = bö";
        let positions = [0, 1, 4, 5, 6, 7].map(|character| byte_position(text, character));
        assert_eq!(positions, [0, 2, 5, 6, 8, 8]);
    }
}
