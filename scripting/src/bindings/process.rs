//! Processes: the native half of the Python class `Process`.

use std::sync::OnceLock;

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::{ChildOf, Children};
use bevy_ecs::world::World;
use metapython_engine::process::{
    self, Held, InstanceName, Interval, NewProcess, Paused, Priority,
};
use pyo3::exceptions::{PyKeyError, PyRuntimeError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::behaviour::{Instance, Script};
use crate::component::{Component, Views, kind_of};
use crate::error::{ProcessDeleted, component_error, type_error, value_error};
use crate::lend::with_world;

/// A process as Python code holds it: a name tag of an entity, with views of its components.
#[pyclass(subclass, dict, weakref, frozen, module = "metapython._native")]
#[derive(Default)]
pub struct ProcessHandle {
    /// The entity and the name it was spawned with; set by `_spawn`.
    identity: OnceLock<(Entity, String)>,
    views: Views,
}

#[pymethods]
impl ProcessHandle {
    #[new]
    #[pyo3(signature = (*_arguments, **_named))]
    fn new(
        _arguments: &Bound<'_, pyo3::types::PyTuple>,
        _named: Option<&Bound<'_, pyo3::types::PyDict>>,
    ) -> Self {
        Self::default()
    }

    /// Makes the process's entity, before `__init__`.
    #[pyo3(signature = (class_name, *, instance_name, priority, interval, parent))]
    fn _spawn(
        slf: &Bound<'_, Self>,
        class_name: &str,
        instance_name: Option<&str>,
        priority: i32,
        interval: f64,
        parent: Option<&Bound<'_, Self>>,
    ) -> PyResult<()> {
        let new = NewProcess {
            class: class_name,
            name: instance_name,
            priority,
            interval: Interval::from_secs(interval).map_err(|error| value_error(&error))?,
            parent: parent.map(|parent| parent.get().entity()).transpose()?,
        };
        let instance = Instance(slf.clone().into_any().unbind());
        let identity = with_world(|world| {
            let entity = process::spawn(world, &new).map_err(|error| value_error(&error))?;
            world.entity_mut(entity).insert(instance);
            Ok::<_, PyErr>((entity, process::instance_name(world, entity)))
        })??;
        let name = identity.1.clone();
        slf.get()
            .identity
            .set(identity)
            .map_err(|_| PyRuntimeError::new_err(format!("the process {name} exists already")))
    }

    /// Schedules the process, after `__init__`.
    fn _launch(slf: &Bound<'_, Self>) -> PyResult<()> {
        let entity = slf.get().entity()?;
        let script = Script::new(slf.clone().into_any().unbind());
        with_world(|world| process::launch(world, entity, Box::new(script)))
    }

    /// Takes the process back out of the world: its `__init__` failed.
    fn _abandon(&self) -> PyResult<()> {
        let entity = self.entity()?;
        with_world(|world| process::delete(world, entity))
    }

    /// The unique name of the process: `Ball`, `Ball1`, `Ball2`. It outlives the process.
    #[getter]
    fn instance_name(&self) -> PyResult<&str> {
        self.identity().map(|(_, name)| name.as_str())
    }

    /// Whether the process exists: created and not deleted.
    #[getter]
    fn is_alive(&self) -> PyResult<bool> {
        match self.identity.get() {
            None => Ok(false),
            Some((entity, _)) => with_world(|world| world.get_entity(*entity).is_ok()),
        }
    }

    #[getter]
    fn _priority(&self) -> PyResult<i32> {
        self.read(|priority: &Priority| priority.0)
    }

    #[setter(_priority)]
    fn set_priority(&self, priority: i32) -> PyResult<()> {
        self.write(|world, entity| {
            world.entity_mut(entity).insert(Priority(priority));
        })
    }

    #[getter]
    fn _interval(&self) -> PyResult<f64> {
        self.read(|interval: &Interval| interval.0.as_secs())
    }

    #[setter(_interval)]
    fn set_interval(&self, interval: f64) -> PyResult<()> {
        let interval = Interval::from_secs(interval).map_err(|error| value_error(&error))?;
        self.write(|world, entity| {
            world.entity_mut(entity).insert(interval);
        })
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

    /// Makes `child` a child of this process: deleted when this one is.
    ///
    /// Raises `ValueError` if that would make a process its own ancestor.
    fn _adopt(&self, child: &Bound<'_, Self>) -> PyResult<()> {
        let child = child.get().entity()?;
        self.write(|world, parent| {
            let mut ancestor = Some(parent);
            while let Some(entity) = ancestor {
                if entity == child {
                    let text = "a process cannot be its own ancestor";
                    return Err(pyo3::exceptions::PyValueError::new_err(text));
                }
                ancestor = world.get::<ChildOf>(entity).map(|child_of| child_of.0);
            }
            world.entity_mut(child).insert(ChildOf(parent));
            Ok(())
        })?
    }

    /// Makes `child` no child of this process any more.
    ///
    /// Raises `ValueError` if it is none.
    fn _disown(&self, child: &Bound<'_, Self>) -> PyResult<()> {
        let child = child.get().entity()?;
        self.write(|world, parent| {
            if world.get::<ChildOf>(child).is_none_or(|child_of| child_of.0 != parent) {
                return Err(pyo3::exceptions::PyValueError::new_err(
                    "it is no child of this process",
                ));
            }
            world.entity_mut(child).remove::<ChildOf>();
            Ok(())
        })?
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

    fn __getitem__<'py>(&self, class: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
        if !self.__contains__(class)? {
            let (name, kind) = (self.instance_name()?, kind_of(class)?.name);
            return Err(PyKeyError::new_err(format!("{name} has no {kind}")));
        }
        self.view(class)
    }

    fn __contains__(&self, class: &Bound<'_, PyType>) -> PyResult<bool> {
        let kind = kind_of(class)?;
        self.with(|world, entity| kind.has(world, entity))
    }

    fn __delitem__(&self, class: &Bound<'_, PyType>) -> PyResult<()> {
        let kind = kind_of(class)?;
        if self.write(|world, entity| kind.remove(world, entity))? {
            return Ok(());
        }
        Err(PyKeyError::new_err(format!("{} has no {}", self.instance_name()?, kind.name)))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.views.traverse(visit)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let class = slf.get_type().name()?;
        Ok(match slf.get().identity.get() {
            None => format!("<{class}, not created>"),
            Some((_, name)) => match slf.get().is_alive() {
                Ok(false) => format!("<{class} {name}, deleted>"),
                _ => format!("<{class} {name}>"),
            },
        })
    }

    /// Gives the process a component, replacing the one of that kind that it has.
    fn _insert(&self, component: &Bound<'_, PyAny>) -> PyResult<()> {
        self.insert(component)
    }
}

impl ProcessHandle {
    /// The entity; whether it lives is another matter.
    ///
    /// # Errors
    /// `RuntimeError` if the process was not created by calling its class.
    pub fn entity(&self) -> PyResult<Entity> {
        self.identity().map(|(entity, _)| *entity)
    }

    /// The instance name, for digests.
    pub fn describe(&self) -> String {
        self.identity.get().map(|(_, name)| name.clone()).unwrap_or_default()
    }

    /// The view of one of its components.
    ///
    /// # Errors
    /// `TypeError` if the class stands for no component.
    pub fn view<'py>(&self, class: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
        self.views.get(class, self.entity()?)
    }

    /// Gives the process a component, replacing the one of that kind that it has.
    ///
    /// # Errors
    /// `TypeError` if it is none, `ProcessDeleted` if the process is gone.
    pub fn insert(&self, component: &Bound<'_, PyAny>) -> PyResult<()> {
        let Ok(component) = component.cast::<Component>() else {
            let found = component.get_type().name()?;
            return Err(type_error(format!("a component is needed here, not {found}")));
        };
        let component = component.try_borrow()?;
        self.write(|world, entity| component.attach_to(world, entity))?
            .map_err(|error| component_error(&error))
    }

    fn identity(&self) -> PyResult<&(Entity, String)> {
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

    fn write<R>(&self, act: impl FnOnce(&mut World, Entity) -> R) -> PyResult<R> {
        let (entity, name) = self.identity()?;
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

/// The Python object of a process.
pub fn instance(world: &World, py: Python<'_>, process: Entity) -> Option<Py<PyAny>> {
    world.get::<Instance>(process).map(|instance| instance.0.clone_ref(py))
}
