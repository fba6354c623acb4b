//! Scripts: behaviours whose steps are methods of Python objects.

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::process::{Arguments, Behaviour, Fault, Step, StepError};
use metapython_engine::value::Value;
use pyo3::intern;
use pyo3::prelude::*;

use crate::bindings::instruction::CallArguments;
use crate::convert::Describer;
use crate::error::step_error;
use crate::lend::lend;
use crate::reload;

/// The Python object of a process.
#[derive(Component)]
pub struct Instance(pub Py<PyAny>);

/// Steps a process by calling `run` of its Python object.
pub struct Script {
    instance: Py<PyAny>,
}

impl Script {
    /// The behaviour of a process whose object is `instance`, a subclass of `Process`.
    pub fn new(instance: Py<PyAny>) -> Self {
        Self { instance }
    }

    /// Runs Python code that concerns the object, with the world at hand.
    fn enter(
        &self,
        world: &mut World,
        act: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<()>,
    ) -> Result<(), StepError> {
        lend(world, || {
            Python::attach(|py| act(self.instance.bind(py)).map_err(|error| step_error(py, &error)))
        })
    }
}

impl Behaviour for Script {
    fn start(&mut self, step: Step<'_>) -> Result<(), StepError> {
        self.enter(step.world, |instance| {
            let start = || instance.call_method0(intern!(instance.py(), "start")).map(drop);
            reload::after_start(instance, start(), start)
        })
    }

    fn step(&mut self, step: Step<'_>) -> Result<(), StepError> {
        let dt = step.dt;
        self.enter(step.world, |instance| {
            let outcome = instance.call_method1(intern!(instance.py(), "run"), (dt,)).map(drop);
            reload::after_step(instance, outcome)
        })
    }

    fn call(
        &mut self,
        step: Step<'_>,
        method: &str,
        arguments: &Arguments,
    ) -> Result<(), StepError> {
        let Some(arguments) = arguments.downcast_ref::<CallArguments>() else {
            let text = "a script understands only arguments that come from Python".to_owned();
            return Err(StepError::Fault(Fault::raised(text, String::new())));
        };
        self.enter(step.world, |instance| {
            let py = instance.py();
            let named = arguments.named.as_ref().map(|named| named.bind(py));
            instance.call_method(method, arguments.positional.bind(py), named).map(drop)
        })
    }

    fn attributes(&self, world: &mut World, _process: Entity) -> Vec<(String, Value)> {
        let read = |py: Python<'_>| {
            let instance = self.instance.bind(py);
            let attributes = py
                .import(intern!(py, "metapython.process"))?
                .call_method1(intern!(py, "attributes"), (instance,))?;
            let mut describer = Describer::new();
            let mut pairs = describer.pairs(attributes.cast()?);
            pairs.extend(describer.slots(instance));
            Ok::<_, PyErr>(pairs)
        };
        lend(world, || Python::attach(|py| read(py).unwrap_or_default()))
    }

    fn end(&mut self, world: &mut World, process: Entity) {
        // A process that is deleted before its launch has gone before its behaviour.
        let entity = world.get_entity_mut(process).ok();
        let instance = entity.and_then(|mut entity| entity.take::<Instance>());
        lend(world, || {
            Python::attach(|py| reload::forget(self.instance.bind(py)));
            // Its `__del__`, if this was the last reference, still finds the world.
            Python::attach(|py| {
                drop(instance);
                drop(std::mem::replace(&mut self.instance, py.None()));
            });
        });
    }
}
