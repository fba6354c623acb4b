//! One execution of an instruction: whether it is done, and its answer.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::clock::{Flicks, Now};
use metapython_engine::instruction::{CallError, Outcome, Reply};
use metapython_engine::process;
use pyo3::exceptions::{PyBaseException, PyLookupError, PyRuntimeError, PyTimeoutError};
use pyo3::ffi;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;

use crate::argument::span;
use crate::behaviour::{Answer, Waiter, current_waiter};
use crate::convert::to_python;
use crate::error::fault_exception;
use crate::kept::Kept;
use crate::lend::is_lent;

/// An instruction that was executed: to await it gives the answer of the method, or raises what the
/// method raised.
#[pyclass(frozen, weakref, module = "metapython")]
pub struct Execution {
    /// `Ball.bounce`, for messages.
    call: String,
    /// Whether it was given by another thread than the machine's, which cannot say that it waits
    /// before the call may be made.
    is_from_elsewhere: bool,
    state: Mutex<State>,
    done: Condvar,
}

enum State {
    /// Not done; these processes wait for it, and so many threads.
    Waiting {
        processes: Vec<Entity>,
        threads: usize,
    },
    Answered(Py<PyAny>),
    Failed(Py<PyBaseException>),
    /// The machine has ended before the call was made.
    Lost,
}

/// What the engine holds of an execution.
struct ExecutionReply(Option<Kept<Execution>>);

impl Execution {
    pub(super) fn new(call: String) -> Self {
        let state = Mutex::new(State::Waiting { processes: Vec::new(), threads: 0 });
        Self { call, is_from_elsewhere: !is_lent(), state, done: Condvar::new() }
    }

    pub(super) fn reply(execution: Py<Self>) -> Box<dyn Reply> {
        Box::new(ExecutionReply(Some(Kept::new(execution))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic with the lock held leaves the state whole: it is only ever replaced.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the outcome; who waited for it.
    fn finish(&self, state: State) -> (Vec<Entity>, usize) {
        let before = std::mem::replace(&mut *self.state(), state);
        self.done.notify_all();
        match before {
            State::Waiting { processes, threads } => (processes, threads),
            _ => (Vec::new(), 0),
        }
    }

    fn is_done(&self) -> bool {
        !matches!(*self.state(), State::Waiting { .. })
    }

    /// Waits on a thread that is not the machine's; whether the outcome came before the time was over.
    fn wait(&self, timeout: Option<Duration>) -> bool {
        let mut state = self.state();
        let State::Waiting { threads, .. } = &mut *state else { return true };
        *threads += 1;
        let is_waiting = |state: &mut State| matches!(state, State::Waiting { .. });
        let mut state = match timeout {
            None => {
                let waited = self.done.wait_while(state, is_waiting);
                waited.unwrap_or_else(PoisonError::into_inner)
            }
            Some(timeout) => {
                let waited = self.done.wait_timeout_while(state, timeout, is_waiting);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        let State::Waiting { threads, .. } = &mut *state else { return true };
        *threads -= 1;
        false
    }
}

#[pymethods]
impl Execution {
    /// Whether the call has been made.
    #[getter]
    fn done(&self) -> bool {
        self.is_done()
    }

    /// The answer of the method; raises what it raised.
    ///
    /// On another thread than the machine's it waits for the answer, for `timeout` seconds at most.
    ///
    /// Raises `TimeoutError` if the time is over, `RuntimeError` if the call is not made yet and
    /// this is the machine's own thread, which cannot wait for itself.
    #[pyo3(signature = (timeout = None))]
    fn result(&self, py: Python<'_>, timeout: Option<&Bound<'_, PyAny>>) -> PyResult<Py<PyAny>> {
        let timeout = timeout.map(|timeout| span("result(timeout)", timeout)).transpose()?;
        let timeout = timeout.map(Flicks::as_duration);
        if !self.is_done() {
            if is_lent() {
                return Err(PyRuntimeError::new_err(format!(
                    "{} is not called yet: `await` the answer, or ask for it in a later tick",
                    self.call
                )));
            }
            if !py.detach(|| self.wait(timeout)) {
                return Err(PyTimeoutError::new_err(format!("{} is not called yet", self.call)));
            }
        }
        match &*self.state() {
            State::Answered(answer) => Ok(answer.clone_ref(py)),
            State::Failed(error) => Err(PyErr::from_value(error.bind(py).clone().into_any())),
            State::Lost => Err(PyRuntimeError::new_err(format!(
                "the machine ended before {} was called",
                self.call
            ))),
            State::Waiting { .. } => Err(PyRuntimeError::new_err("it is not called yet")),
        }
    }

    /// Has the process that awaits woken when the call has been made.
    fn wake_when_done(&self) -> PyResult<()> {
        if let Waiter::Process(waiter) = current_waiter()?
            && let State::Waiting { processes, .. } = &mut *self.state()
        {
            processes.push(waiter);
        }
        Ok(())
    }

    pub(super) fn __await__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        py.import(intern!(py, "metapython._coroutine"))?.call_method1(intern!(py, "answer"), (slf,))
    }

    fn __repr__(&self) -> String {
        let state = match &*self.state() {
            State::Waiting { .. } => "waiting",
            State::Answered(_) => "done",
            State::Failed(_) | State::Lost => "failed",
        };
        format!("<execution of {}, {state}>", self.call)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.state.try_lock().as_deref() {
            Ok(State::Answered(answer)) => visit.call(answer),
            // Its traceback leads to the frames of whoever awaited, which know this execution.
            Ok(State::Failed(error)) => visit.call(error),
            _ => Ok(()),
        }
    }
}

impl Reply for ExecutionReply {
    fn settle(mut self: Box<Self>, world: &mut World, outcome: Outcome) -> bool {
        let Some(execution) = self.0.take() else { return false };
        let now = world.resource::<Now>().time();
        let (processes, is_held) = Python::attach(|py| {
            let outcome = match outcome {
                Ok(answer) => match answer.downcast_ref::<Answer>() {
                    Some(Answer(answer)) => Ok(answer.clone_ref(py)),
                    // A Rust behaviour's answer is plain data.
                    None => to_python(py, &answer.describe(world)).map(Bound::unbind),
                },
                Err(CallError::Failed(fault)) => Err(fault_exception(py, &fault)),
                Err(error @ CallError::NoSuchProcess { .. }) => {
                    Err(PyLookupError::new_err(error.to_string()))
                }
                Err(error) => Err(PyRuntimeError::new_err(error.to_string())),
            };
            let state =
                outcome.map_or_else(|error| State::Failed(error.into_value(py)), State::Answered);
            let (processes, threads) = execution.get().finish(state);
            // A thread that still has it in hand may ask for the answer yet.
            // SAFETY: it reads the count of a living object, attached.
            let references = unsafe { ffi::Py_REFCNT(execution.as_ptr()) };
            let may_ask = execution.get().is_from_elsewhere && references > 1;
            (processes, threads > 0 || may_ask)
        });
        let is_awaited = !processes.is_empty() || is_held;
        for process in processes {
            process::wake(world, process, now);
        }
        is_awaited
    }
}

impl Drop for ExecutionReply {
    /// The machine has ended before the call was made: nobody shall wait for it for ever.
    fn drop(&mut self) {
        if let Some(execution) = self.0.take() {
            execution.get().finish(State::Lost);
        }
    }
}
