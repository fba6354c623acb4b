//! Processes: the native half of the Python class `Process`.

mod account;
mod lifecycle;
mod terms;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::{ChildOf, Children};
use bevy_ecs::world::World;
use metapython_engine::component::ComponentKind;
use metapython_engine::input::Hotkeys;
use metapython_engine::message::Mailbox;
use metapython_engine::process::{
    self, Held, InstanceName, Interval, Missed, Paused, Priority, SpawnOrder,
};
use pyo3::exceptions::{PyKeyError, PyRuntimeError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple, PyType};

pub use account::Accounting;
pub use lifecycle::{
    abandon_process, adopt_process, disown_process, insert_component, launch_process, spawn_process,
};
pub use terms::{Restart, check_setting};

use super::message::{read_messages, send_message};
use crate::argument::wrong_type;
use crate::behaviour::{Instance, Waiter, current_waiter};
use crate::component::{Component, Views, kind_of, release_discarded};
use crate::error::{ProcessDeleted, component_error, runtime_error};
use crate::lend::{try_with_world, with_world};

/// A process as Python code holds it: a name tag of an entity, with views of its components.
///
/// Its methods are what authors call. What only the package calls are functions of the module, so
/// that authors are free in the names of their attributes.
#[pyclass(subclass, frozen, module = "metapython._native")]
#[derive(Default)]
pub struct ProcessHandle {
    /// Set by [`spawn_process`].
    identity: OnceLock<Identity>,
    is_launched: AtomicBool,
    /// Whether its first step after an update is yet to come.
    pub(crate) is_on_probation: AtomicBool,
    views: Views,
    /// What its coroutine returned.
    result: OnceLock<Py<PyAny>>,
}

/// What stays the same for the life of a process, and after it.
struct Identity {
    entity: Entity,
    name: String,
    order: SpawnOrder,
}

#[pymethods]
impl ProcessHandle {
    #[new]
    #[pyo3(signature = (*_arguments, **_named))]
    fn new(_arguments: &Bound<'_, PyTuple>, _named: Option<&Bound<'_, PyDict>>) -> Self {
        Self::default()
    }

    /// The unique name of the process: `Ball`, `Ball1`, `Ball2`. It outlives the process.
    #[getter]
    fn instance_name(&self) -> PyResult<&str> {
        self.identity().map(|identity| identity.name.as_str())
    }

    /// Whether the process exists: created and not deleted.
    #[getter]
    fn is_alive(&self) -> PyResult<bool> {
        match self.identity.get() {
            None => Ok(false),
            Some(Identity { entity, .. }) => with_world(|world| world.get_entity(*entity).is_ok()),
        }
    }

    /// Which process steps first in a tick: the higher one.
    #[getter]
    fn priority(&self) -> PyResult<i32> {
        self.read(|priority: &Priority| priority.0)
    }

    #[setter]
    fn set_priority(slf: &Bound<'_, Self>, priority: &Bound<'_, PyAny>) -> PyResult<()> {
        let priority = terms::priority_of(slf.get_type().name()?.to_str()?, priority)?;
        slf.get().write(|world, entity| {
            world.entity_mut(entity).insert(priority);
        })
    }

    /// Seconds between two steps; 0 means every tick.
    #[getter]
    fn interval(&self) -> PyResult<f64> {
        self.read(|interval: &Interval| interval.0.as_secs())
    }

    #[setter]
    fn set_interval(slf: &Bound<'_, Self>, interval: &Bound<'_, PyAny>) -> PyResult<()> {
        let interval = terms::interval_of(slf.get_type().name()?.to_str()?, interval)?;
        slf.get().write(|world, entity| {
            world.entity_mut(entity).insert(interval);
        })
    }

    /// What becomes of due times that pass while a step has to wait for a later tick: "skip" (one
    /// step makes up for all), "burst" (a step for each of the last 8) or "delay" (one step, and
    /// the next an interval after it).
    #[getter]
    fn missed(&self) -> PyResult<&'static str> {
        self.read(|missed: &Missed| missed.name())
    }

    #[setter]
    fn set_missed(slf: &Bound<'_, Self>, missed: &Bound<'_, PyAny>) -> PyResult<()> {
        let missed = terms::missed_of(slf.get_type().name()?.to_str()?, missed)?;
        slf.get().write(|world, entity| {
            world.entity_mut(entity).insert(missed);
        })
    }

    /// How often the process starts anew after a failed step, a `Restart`; `None` if it is held.
    #[getter]
    fn restart(&self) -> PyResult<Option<Restart>> {
        self.with(|world, entity| world.get(entity).copied().map(Restart::of))
    }

    #[setter]
    fn set_restart(slf: &Bound<'_, Self>, restart: &Bound<'_, PyAny>) -> PyResult<()> {
        let restart = terms::restart_of(slf.get_type().name()?.to_str()?, restart)?;
        slf.get().write(|world, entity| {
            let mut entity = world.entity_mut(entity);
            match restart {
                Some(restart) => entity.insert(restart),
                None => entity.remove::<process::Restart>(),
            };
        })
    }

    /// How many bytes of messages wait for the process at most; more are refused at the sender.
    #[getter]
    fn memory_size(&self) -> PyResult<usize> {
        self.read(Mailbox::capacity)
    }

    #[setter]
    fn set_memory_size(slf: &Bound<'_, Self>, size: &Bound<'_, PyAny>) -> PyResult<()> {
        let size = terms::memory_size_of(slf.get_type().name()?.to_str()?, size)?;
        slf.get().write(|world, entity| {
            if let Some(mut mailbox) = world.get_mut::<Mailbox>(entity) {
                mailbox.set_capacity(size);
            }
        })
    }

    /// What is pressed to call a method of the process, which takes no arguments, also while the process
    /// sleeps; not while it is paused or held. Keys count with exactly the modifiers that are named.
    /// A whole dict is assigned, never a part of it.
    #[getter]
    fn hotkeys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let hotkeys = PyDict::new(py);
        let held = self.with(|world, entity| world.get::<Hotkeys>(entity).cloned())?;
        for (control, method) in held.unwrap_or_default().0 {
            hotkeys.set_item(control.to_string(), method)?;
        }
        let types = py.import(intern!(py, "types"))?;
        types.call_method1(intern!(py, "MappingProxyType"), (hotkeys,))
    }

    #[setter]
    fn set_hotkeys(slf: &Bound<'_, Self>, hotkeys: &Bound<'_, PyAny>) -> PyResult<()> {
        let hotkeys = terms::hotkeys_on(slf, hotkeys)?;
        slf.get().write(|world, entity| {
            world.entity_mut(entity).insert(hotkeys);
        })
    }

    /// What the process has used so far: steps, their time, lateness, faults, messages.
    #[getter]
    fn accounting(&self) -> PyResult<Accounting> {
        let accounting = self.with(process::accounting)?;
        Ok(Accounting::of(accounting.unwrap_or_default()))
    }

    /// Whether somebody paused the process.
    #[getter]
    fn is_paused(&self) -> PyResult<bool> {
        self.with(|world, entity| world.get::<Paused>(entity).is_some())
    }

    /// Why the process is held: the traceback of its failed step; `None` if it is not.
    #[getter]
    fn fault(&self) -> PyResult<Option<String>> {
        self.with(|world, entity| world.get::<Held>(entity).map(|held| held.0.report()))
    }

    /// The process whose deletion deletes this one too, or `None`.
    #[getter]
    fn parent(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.with(|world, entity| {
            let parent = world.get::<ChildOf>(entity)?.0;
            instance(world, py, parent)
        })
    }

    /// The processes that are deleted with this one, in the order in which they became so.
    #[getter]
    fn children(&self, py: Python<'_>) -> PyResult<Vec<Py<PyAny>>> {
        self.with(|world, entity| {
            let children = world.get::<Children>(entity).into_iter().flat_map(|list| list.iter());
            children.filter_map(|&child| instance(world, py, child)).collect()
        })
    }

    /// Stops the steps of the process until it is resumed.
    fn pause(&self) -> PyResult<()> {
        self.write(process::pause)
    }

    /// Lets the process step again, from the next tick on, after a pause or a fault.
    fn resume(&self) -> PyResult<()> {
        self.write(process::resume)
    }

    /// Deletes the process and its children, after the current step. A second time is no error.
    fn delete(&self) -> PyResult<()> {
        let entity = self.entity()?;
        with_world(|world| process::delete(world, entity))
    }

    /// Puts bytes into the mailbox of the process called `name`, who can read them next tick.
    ///
    /// `message` is `bytes`, or whatever gives out its bytes: a bytearray, an array of NumPy's.
    ///
    /// Raises LookupError if there is no such process, MailboxFull if its mailbox has no room,
    /// TypeError if the message is no bytes.
    fn send_to(&self, name: &Bound<'_, PyAny>, message: &Bound<'_, PyAny>) -> PyResult<()> {
        send_message(name, message)
    }

    /// Takes the messages sent to this process before this tick, oldest first.
    fn read_messages<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        read_messages(py, self)
    }

    fn __getitem__<'py>(&self, class: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let class = component_class(class)?;
        if !self.__contains__(class)? {
            let (name, kind) = (self.instance_name()?, kind_of(class)?.name.clone());
            return Err(PyKeyError::new_err(format!("{name} has no {kind}")));
        }
        self.view(&kind_of(class)?, class)
    }

    fn __contains__(&self, class: &Bound<'_, PyAny>) -> PyResult<bool> {
        let kind = kind_of(component_class(class)?)?;
        self.with(|world, entity| kind.access.has(world, entity))
    }

    fn __delitem__(&self, class: &Bound<'_, PyAny>) -> PyResult<()> {
        let kind = kind_of(component_class(class)?)?;
        let had = self.write(|world, entity| kind.access.remove(world, entity))?;
        release_discarded(class.py());
        if had {
            return Ok(());
        }
        Err(PyKeyError::new_err(format!("{} has no {}", self.instance_name()?, kind.name)))
    }

    /// Waits for the end of the process; gives what its coroutine returned, or `None`.
    fn __await__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        py.import(intern!(py, "metapython._coroutine"))?.call_method1(intern!(py, "end"), (slf,))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.result.get())?;
        self.views.traverse(visit)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let class = slf.get_type().name()?;
        Ok(match slf.get().identity.get() {
            None => format!("<{class}, not created>"),
            Some(Identity { name, .. }) => match slf.get().is_alive() {
                Ok(false) => format!("<{class} {name}, deleted>"),
                _ => format!("<{class} {name}>"),
            },
        })
    }

    /// The same in every run, so that the order of a set of processes is too.
    fn __hash__(&self) -> PyResult<u64> {
        self.identity().map(|identity| identity.order.0)
    }
}

impl ProcessHandle {
    /// The entity; whether it lives is another matter.
    ///
    /// # Errors
    /// `RuntimeError` if the process was not created by calling its class.
    pub fn entity(&self) -> PyResult<Entity> {
        self.identity().map(|identity| identity.entity)
    }

    /// The instance name, for digests.
    pub fn describe(&self) -> String {
        self.identity.get().map(|identity| identity.name.clone()).unwrap_or_default()
    }

    /// The view of one of its components.
    ///
    /// # Errors
    /// What the component's class raises when it is called.
    pub fn view<'py>(
        &self,
        kind: &Arc<ComponentKind>,
        class: &Bound<'py, PyType>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.views.get(kind, class, self.entity()?)
    }

    /// The view of one of its components, if it is one of the first that it has shown.
    #[inline]
    pub fn known_view(&self, kind: &Arc<ComponentKind>) -> Option<&Py<Component>> {
        self.views.known(kind)
    }

    /// Gives the process a component, replacing the one of that kind that it has.
    ///
    /// # Errors
    /// `TypeError` if it is none, `ProcessDeleted` if the process is gone.
    pub fn insert(&self, component: &Bound<'_, PyAny>) -> PyResult<()> {
        let Ok(component) = component.cast::<Component>() else {
            return Err(wrong_type(
                "add(item)",
                "an object of the framework or a component",
                component,
            ));
        };
        let attached = self.write(|world, entity| component.get().attach_to(world, entity))?;
        release_discarded(component.py());
        attached.map_err(|error| component_error(&error))
    }

    /// Keeps what the process's coroutine has returned; the first time counts.
    pub fn set_result(&self, result: Py<PyAny>) {
        let _ = self.result.set(result);
    }

    fn identity(&self) -> PyResult<&Identity> {
        self.identity.get().ok_or_else(|| {
            PyRuntimeError::new_err("this process was not created: call its class to create one")
        })
    }

    /// Reads the world, if the process is in it.
    ///
    /// # Errors
    /// `ProcessDeleted` if it is gone.
    pub fn with<R>(&self, act: impl FnOnce(&World, Entity) -> R) -> PyResult<R> {
        self.write(|world, entity| act(world, entity))
    }

    /// Changes the world, if the process is in it.
    ///
    /// # Errors
    /// `ProcessDeleted` if it is gone.
    pub fn write<R>(&self, act: impl FnOnce(&mut World, Entity) -> R) -> PyResult<R> {
        let Identity { entity, name, .. } = self.identity()?;
        with_world(|world| {
            world.get::<InstanceName>(*entity).is_some().then(|| act(world, *entity))
        })?
        .ok_or_else(|| ProcessDeleted::new_err(format!("the process {name} is deleted")))
    }

    fn read<C: bevy_ecs::component::Component, R>(&self, act: impl FnOnce(&C) -> R) -> PyResult<R> {
        let value = self.with(|world, entity| world.get::<C>(entity).map(act))?;
        value.ok_or_else(|| ProcessDeleted::new_err("the process is not scheduled"))
    }
}

/// The class in `process[class]`.
fn component_class<'a, 'py>(class: &'a Bound<'py, PyAny>) -> PyResult<&'a Bound<'py, PyType>> {
    let takes = "a component class, like Transform";
    class.cast().map_err(|_| wrong_type("process[...]", takes, class))
}

/// What the coroutine of a process returned, or `None`.
#[pyfunction]
pub fn process_result(py: Python<'_>, process: &Bound<'_, ProcessHandle>) -> Option<Py<PyAny>> {
    process.get().result.get().map(|result| result.clone_ref(py))
}

/// Has the process that awaits, which is returned, woken when `process` is deleted. A console line,
/// for which `None` is returned, looks by itself.
#[pyfunction]
pub fn await_end(process: &Bound<'_, ProcessHandle>) -> PyResult<Option<Py<PyAny>>> {
    let Waiter::Process(waiter) = current_waiter()? else { return Ok(None) };
    let py = process.py();
    process.get().write(|world, entity| {
        process::wake_at_end(world, entity, waiter).map_err(|error| runtime_error(&error))?;
        Ok(instance(world, py, waiter))
    })?
}

/// Says that a process does not await the end of another one any more.
#[pyfunction]
pub fn stop_awaiting_end(process: &Bound<'_, ProcessHandle>) -> PyResult<()> {
    // Where no world is at hand, the process is gone with its own.
    let entity = process.get().entity()?;
    let _ = try_with_world(|world| process::stop_awaiting_end(world, entity));
    Ok(())
}

/// The Python object of a process.
pub fn instance(world: &World, py: Python<'_>, process: Entity) -> Option<Py<PyAny>> {
    world.get::<Instance>(process).map(|instance| instance.0.clone_ref(py))
}
