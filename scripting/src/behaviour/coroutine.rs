//! Processes whose `run` is a coroutine: it is resumed at each step, and what it awaits says when
//! the next one is.
//!
//! What an awaitable of the package yields (see `metapython/_coroutine.py`):
//! - `None`: the next tick;
//! - a number: so many seconds after the due time of this step;
//! - a tuple of one: until somebody wakes the process, or so many seconds at most (`None`: for ever).

use std::cell::Cell;

use bevy_ecs::entity::Entity;
use metapython_engine::clock::Flicks;
use metapython_engine::process::{Interval, Next};
use pyo3::exceptions::{PyRuntimeError, PyStopIteration, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyTuple};
use pyo3::{ffi, intern};

use crate::argument;
use crate::bindings::process::ProcessHandle;
use crate::kept::Kept;

/// Who awaits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiter {
    /// A process, which can be woken.
    Process(Entity),
    /// A console line, which looks again in each tick.
    Console,
}

thread_local! {
    /// Whose coroutine is being resumed on this thread.
    static CURRENT: Cell<Option<Waiter>> = const { Cell::new(None) };
}

/// Puts back what [`CURRENT`] held before, also when a panic passes through.
struct Restore(Option<Waiter>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

/// Who awaits.
///
/// # Errors
/// `RuntimeError` outside of a process's own coroutine and of console lines.
pub fn current_waiter() -> PyResult<Waiter> {
    CURRENT.get().ok_or_else(|| {
        PyRuntimeError::new_err(
            "only the coroutine of a process, `async def run(self)`, can await this",
        )
    })
}

/// Runs Python code of a console line, which may await.
pub fn at_console<R>(act: impl FnOnce() -> R) -> R {
    let _restore = Restore(CURRENT.replace(Some(Waiter::Console)));
    act()
}

/// Whether an object is a coroutine: what the call of an `async def` gives.
pub(super) fn is_coroutine(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the object is alive, and the check reads its type only.
    unsafe { ffi::PyCoro_CheckExact(object.as_ptr()) != 0 }
}

/// The coroutine of a process that has not come to its end.
pub(super) struct Coroutine {
    /// One that has not minded being closed is closed again when the last reference goes.
    object: Kept<PyAny>,
    is_fresh: bool,
}

impl Coroutine {
    /// Calls `run`, which does nothing yet.
    pub(super) fn new(instance: &Bound<'_, PyAny>) -> PyResult<Self> {
        let object = instance.call_method0(intern!(instance.py(), "run"))?;
        if !is_coroutine(&object) {
            let found = object.get_type().name()?;
            let text = format!("an async run() returns a coroutine, not {found}");
            return Err(PyTypeError::new_err(text));
        }
        Ok(Self { object: Kept::new(object.unbind()), is_fresh: true })
    }

    /// Goes on to the next `await`; `dt` is what the one before gives.
    ///
    /// # Errors
    /// What the coroutine raises; it is over then.
    pub(super) fn resume(
        &mut self,
        instance: &Bound<'_, PyAny>,
        process: Entity,
        dt: f64,
    ) -> PyResult<Next> {
        let py = instance.py();
        let _restore = Restore(CURRENT.replace(Some(Waiter::Process(process))));
        let object = self.object.bind(py);
        let is_fresh = std::mem::replace(&mut self.is_fresh, false);
        let value = if is_fresh { None } else { Some(PyFloat::new(py, dt)) };
        let mut outcome = object.call_method1(intern!(py, "send"), (value,));
        loop {
            let error = match outcome {
                Ok(request) => match next_step(&request) {
                    Ok(next) => return Ok(next),
                    Err(error) => error,
                },
                Err(error) if error.is_instance_of::<PyStopIteration>(py) => {
                    let value = error.value(py).getattr(intern!(py, "value"))?;
                    instance.cast::<ProcessHandle>()?.get().set_result(value.unbind());
                    return Ok(Next::Done);
                }
                Err(error) => return Err(error),
            };
            // It is told where it awaits what it cannot; if it takes that, it may await again.
            outcome = object.call_method1(intern!(py, "throw"), (error,));
        }
    }

    /// The coroutine itself.
    pub(super) fn object(&self) -> &Py<PyAny> {
        &self.object
    }

    /// Ends it where it waits: its `finally` blocks run.
    ///
    /// # Errors
    /// What they raise, and `RuntimeError` if they await.
    pub(super) fn close(&self, py: Python<'_>) -> PyResult<()> {
        self.object.bind(py).call_method0(intern!(py, "close")).map(drop)
    }

    /// Where it is, as plain data for digests: for each frame its function, instruction, locals.
    pub(super) fn position<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import(intern!(py, "metapython._coroutine"))?
            .call_method1(intern!(py, "position"), (&*self.object,))
    }
}

/// When a process wants its next step, by what its coroutine has yielded.
fn next_step(request: &Bound<'_, PyAny>) -> PyResult<Next> {
    if request.is_none() {
        return Ok(Next::Tick);
    }
    if request.is_instance_of::<PyFloat>() {
        return Ok(Next::After(span(request)?));
    }
    if let Ok(limit) = request.cast::<PyTuple>()
        && let Ok((limit,)) = limit.extract::<(Option<Bound<'_, PyFloat>>,)>()
    {
        return Ok(Next::Woken(limit.map(|limit| span(&limit)).transpose()?));
    }
    let found = request.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "a process can await sleep(), next_tick(), self.message(), an Instruction or a process, not \
         what yields a {found} (asyncio's awaitables need asyncio's own loop)"
    )))
}

/// The time that an awaitable has yielded; one shorter than any interval is as long as that.
fn span(secs: &Bound<'_, PyAny>) -> PyResult<Flicks> {
    let span = argument::span("what a process awaits", secs)?;
    Ok(span.max(Flicks::from_secs(Interval::MIN_SECS).unwrap_or(span)))
}
