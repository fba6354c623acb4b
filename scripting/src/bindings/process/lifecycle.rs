//! What the Python class `Process` does with a process beside its methods: making and unmaking it,
//! its family, its components.

use std::sync::atomic::Ordering;

use bevy_ecs::hierarchy::ChildOf;
use metapython_engine::input::Hotkeys;
use metapython_engine::process::{self, InstanceName, NewProcess, SpawnOrder, StartedBefore};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::{Identity, ProcessHandle, terms};
use crate::argument::text;
use crate::behaviour::{Instance, Script};
use crate::component::holds_objects;
use crate::error::{ProcessDeleted, value_error};
use crate::lend::with_world;

/// Makes the process's entity, before `__init__`; `settings` are those that the class declares, or
/// was called with.
#[pyfunction]
#[pyo3(signature = (process, class_name, settings, *, instance_name, parent))]
pub fn spawn_process(
    process: &Bound<'_, ProcessHandle>,
    class_name: &str,
    settings: &Bound<'_, PyDict>,
    instance_name: Option<&Bound<'_, PyAny>>,
    parent: Option<&Bound<'_, ProcessHandle>>,
) -> PyResult<()> {
    if let Some(Identity { name, .. }) = process.get().identity.get() {
        let text =
            format!("the process {name} exists already: its class's __new__ must return a new one");
        return Err(PyRuntimeError::new_err(text));
    }
    let owner = class_name.rsplit('.').next().unwrap_or(class_name);
    let parent = parent.map(|parent| parent.get().entity()).transpose()?;
    let instance_name = instance_name
        .map(|name| text(&format!("{owner}(instance_name)"), "a name that no process has", name))
        .transpose()?;
    let mut new = NewProcess { name: instance_name, parent, ..NewProcess::of(class_name) };
    let mut hotkeys = Hotkeys::default();
    for (name, value) in settings {
        match name.extract()? {
            "priority" => new.priority = terms::priority_of(owner, &value)?.0,
            "interval" => new.interval = terms::interval_of(owner, &value)?,
            "missed" => new.missed = terms::missed_of(owner, &value)?,
            "restart" => new.restart = terms::restart_of(owner, &value)?,
            "hotkeys" => hotkeys = terms::hotkeys_on(process, &value)?,
            "memory_size" => new.memory_size = terms::memory_size_of(owner, &value)?,
            _ => {}
        }
    }
    let instance = Instance(process.clone().into_any().unbind());
    let identity = with_world(|world| {
        let entity = process::spawn(world, &new)?;
        world.entity_mut(entity).insert(instance);
        if !hotkeys.0.is_empty() {
            world.entity_mut(entity).insert(hotkeys);
        }
        let name = process::instance_name(world, entity);
        let order = world.get(entity).copied().unwrap_or(SpawnOrder(0));
        Ok(Identity { entity, name, order })
    })?
    .map_err(|error: process::ProcessError| value_error(&error))?;
    // It was empty above, and no Python code has run since.
    let _ = process.get().identity.set(identity);
    Ok(())
}

/// Schedules the process, after `__init__`; with `is_started` one that goes on as it was saved, whose
/// `start` has been.
#[pyfunction]
#[pyo3(signature = (process, *, is_started=false))]
pub fn launch_process(process: &Bound<'_, ProcessHandle>, is_started: bool) -> PyResult<()> {
    let handle = process.get();
    let mut script = Script::new(process.clone().into_any().unbind(), &handle.identity()?.name);
    if is_started {
        script.skip_start();
    }
    if handle.is_launched.swap(true, Ordering::Relaxed) {
        let name = &handle.identity()?.name;
        return Err(PyRuntimeError::new_err(format!("the process {name} is launched already")));
    }
    handle.write(|world, entity| {
        if is_started {
            world.entity_mut(entity).insert(StartedBefore);
        }
        process::launch(world, entity, Box::new(script));
    })
}

/// Takes the process back out of the world: its `__init__` failed.
#[pyfunction]
pub fn abandon_process(process: &Bound<'_, ProcessHandle>) -> PyResult<()> {
    let entity = process.get().entity()?;
    with_world(|world| process::discard(world, entity))
}

/// Makes `child` a child of `parent`: deleted when that is.
///
/// Raises `ValueError` if that would make a process its own ancestor, `ProcessDeleted` if one of
/// them is gone.
#[pyfunction]
pub fn adopt_process(
    parent: &Bound<'_, ProcessHandle>,
    child: &Bound<'_, ProcessHandle>,
) -> PyResult<()> {
    let Identity { entity: child, name, .. } = child.get().identity()?;
    parent.get().write(|world, parent| {
        let mut ancestor = Some(parent);
        while let Some(entity) = ancestor {
            if entity == *child {
                return Err(PyValueError::new_err("a process cannot be its own ancestor"));
            }
            ancestor = world.get::<ChildOf>(entity).map(|child_of| child_of.0);
        }
        if world.get::<InstanceName>(*child).is_none() {
            return Err(ProcessDeleted::new_err(format!("the process {name} is deleted")));
        }
        world.entity_mut(*child).insert(ChildOf(parent));
        Ok(())
    })?
}

/// Makes `child` no child of `parent` any more.
///
/// Raises `ValueError` if it is none, `ProcessDeleted` if one of them is gone.
#[pyfunction]
pub fn disown_process(
    parent: &Bound<'_, ProcessHandle>,
    child: &Bound<'_, ProcessHandle>,
) -> PyResult<()> {
    let parent = parent.get().with(|_, entity| entity)?;
    child.get().write(|world, child| {
        if world.get::<ChildOf>(child).is_none_or(|child_of| child_of.0 != parent) {
            return Err(PyValueError::new_err("it is no child of this process"));
        }
        world.entity_mut(child).remove::<ChildOf>();
        Ok(())
    })?
}

/// Gives a process a component, replacing the one of that kind that it has; `copied` with copies of
/// the objects in it, as a default that other processes get too.
#[pyfunction]
#[pyo3(signature = (process, component, *, copied=false))]
pub fn insert_component(
    process: &Bound<'_, ProcessHandle>,
    component: &Bound<'_, PyAny>,
    copied: bool,
) -> PyResult<()> {
    if copied && holds_objects(component) {
        let copy = component.py().import(intern!(component.py(), "copy"))?;
        return process
            .get()
            .insert(&copy.call_method1(intern!(copy.py(), "deepcopy"), (component,))?);
    }
    process.get().insert(component)
}
