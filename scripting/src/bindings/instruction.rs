//! Instructions: method calls that are carried out later, and what comes of them.

mod execution;

use bevy_ecs::world::World;
use metapython_engine::clock::{Flicks, Now};
use metapython_engine::instruction::{self, InstructionSender, Instructions};
use metapython_engine::process::Parcel;
use metapython_engine::value::Value;
use pyo3::exceptions::PyRuntimeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

pub use execution::Execution;

use crate::argument::{Given, span, text, whole};
use crate::convert::Describer;
use crate::kept::Kept;
use crate::lend::{is_lent, lend, with_world};
use crate::resident;
use crate::runtime::instruction_sender;

/// What is said where nobody could carry an instruction out.
const NO_MACHINE: &str = "there is no machine yet: create a process on the main thread first";

/// What an instruction is called with, as [`Script`](crate::behaviour::Script) understands it.
pub struct CallArguments {
    /// Positional arguments.
    pub positional: Kept<PyTuple>,
    /// Keyword arguments.
    pub named: Option<Kept<PyDict>>,
}

impl Parcel for CallArguments {
    fn describe(&self, world: &mut World) -> Value {
        let describe = |py: Python<'_>| {
            let mut describer = Describer::new();
            let positional = describer.describe(self.positional.bind(py));
            let named = self.named.as_ref().map(|named| describer.describe(named.bind(py)));
            Value::List(vec![positional, named.unwrap_or_default()])
        };
        lend(world, || Python::attach(describe))
    }
}

/// Instruction(name, method, *args, **kwargs)
/// --
///
/// A call of a method of the process that has the name `name` when the instruction is carried out.
///
/// It does nothing until `execute` is called, and can be executed any number of times. To await it
/// executes it and gives its answer.
#[pyclass(frozen, module = "metapython")]
pub struct Instruction {
    name: String,
    method: String,
    positional: Py<PyTuple>,
    named: Option<Py<PyDict>>,
}

#[pymethods]
impl Instruction {
    #[new]
    #[pyo3(signature = (name, method, /, *args, **kwargs))]
    fn new(
        name: &Bound<'_, PyAny>,
        method: &Bound<'_, PyAny>,
        args: Bound<'_, PyTuple>,
        kwargs: Option<Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        Ok(Self {
            name: text("Instruction(name)", "the instance name of a process", name)?.to_owned(),
            method: text("Instruction(method)", "the name of a method", method)?.to_owned(),
            positional: args.unbind(),
            named: kwargs.map(Bound::unbind),
        })
    }

    /// Has the call made at the beginning of a tick's steps, and returns its `Execution`, which can
    /// be awaited for the answer.
    ///
    /// `delay` is in seconds of simulation time, 0 and up: 0 is the next tick. Of the instructions
    /// due in a tick, the one of the higher `priority` goes first. May be called on any thread.
    ///
    /// Raises `ValueError` if the delay is not from 0 to 1e9 or the priority has more than 32 bits,
    /// `TypeError` if they are no numbers, `RuntimeError` if no machine runs.
    #[pyo3(
        signature = (delay = Given::NOT, priority = Given::NOT),
        text_signature = "($self, delay=0.0, priority=0)"
    )]
    fn execute(
        &self,
        py: Python<'_>,
        delay: Given<'_>,
        priority: Given<'_>,
    ) -> PyResult<Py<Execution>> {
        let delay = delay.or(Flicks::ZERO, |delay| span("execute(delay)", delay))?;
        let range = "a whole number from -2147483648 to 2147483647";
        let priority =
            priority.or(0_i32, |priority| whole("execute(priority)", range, priority))?;
        let execution = Py::new(py, Execution::new(format!("{}.{}", self.name, self.method)))?;
        let instruction = instruction::Instruction {
            target: self.name.clone(),
            method: self.method.clone(),
            arguments: Box::new(CallArguments {
                positional: Kept::new(self.positional.clone_ref(py)),
                named: self.named.as_ref().map(|named| Kept::new(named.clone_ref(py))),
            }),
            delay,
            priority,
            reply: Some(Execution::reply(execution.clone_ref(py))),
        };
        if is_lent() || resident::is_wanted(py)? {
            with_world(|world| {
                let now = world.resource::<Now>().time();
                world.resource_mut::<Instructions>().push(instruction, now);
            })?;
            return Ok(execution);
        }
        let sender: Option<InstructionSender> = instruction_sender();
        let sender = sender.ok_or_else(|| PyRuntimeError::new_err(NO_MACHINE))?;
        sender.send(instruction).map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok(execution)
    }

    fn __await__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Execution::__await__(self.execute(py, Given::NOT, Given::NOT)?.bind(py))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.positional)?;
        visit.call(&self.named)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut parts = vec![format!("{:?}", self.name), format!("{:?}", self.method)];
        for argument in self.positional.bind(py) {
            parts.push(argument.repr()?.to_string());
        }
        for (name, value) in self.named.iter().flat_map(|named| named.bind(py).iter()) {
            parts.push(format!("{name}={}", value.repr()?));
        }
        Ok(format!("Instruction({})", parts.join(", ")))
    }
}

impl Instruction {
    /// What it is made of, for digests: name, method, positional and keyword arguments.
    pub fn parts<'py>(
        &self,
        py: Python<'py>,
    ) -> (&str, &str, &Bound<'py, PyTuple>, Option<&Bound<'py, PyDict>>) {
        let named = self.named.as_ref().map(|named| named.bind(py));
        (&self.name, &self.method, self.positional.bind(py), named)
    }
}
