//! Update of running code: what Python's half of it (`metapython._update`) asks of the engine.
//!
//! After an update the processes concerned are on probation until their first step has succeeded.
//! A step asks about it by one load of a counter; only while a process is on probation does the
//! package hear how steps went.

mod actions;
mod memory;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use actions::ActionMemory;
use bevy_ecs::world::World;
pub use memory::ComponentMemory;
use metapython_engine::alert::{self, Level};
use metapython_engine::process::{Held, Mark, StandIns};
use metapython_engine::watch::Updater;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

use crate::bindings::process::{ProcessHandle, instance};
use crate::component::{Component, kind_of};
use crate::convert::to_python;
use crate::error::traceback;
use crate::lend::{lend, with_world};
use crate::watchdog::{Label, guarded};

/// How many processes are on probation. Python's classes are one for each program, and so is this.
static ON_PROBATION: AtomicUsize = AtomicUsize::new(0);

/// Whether the next step of a process is its first one after an update.
#[inline]
pub fn is_on_probation(process: &Py<PyAny>) -> bool {
    ON_PROBATION.load(Ordering::Relaxed) > 0
        && Python::attach(|py| {
            let process = process.bind(py).cast::<ProcessHandle>();
            process.is_ok_and(|process| process.get().is_on_probation.load(Ordering::Relaxed))
        })
}

/// Takes a process off probation: it is deleted.
pub fn forget(process: &Bound<'_, PyAny>) {
    if let Ok(process) = process.cast::<ProcessHandle>() {
        set_probation(process, false);
    }
}

/// Puts a process on probation or takes it off.
#[pyfunction]
pub fn set_probation(process: &Bound<'_, ProcessHandle>, is_on: bool) {
    if process.get().is_on_probation.swap(is_on, Ordering::Relaxed) != is_on {
        if is_on {
            ON_PROBATION.fetch_add(1, Ordering::Relaxed);
        } else {
            ON_PROBATION.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Why a process was held, for holding it again.
#[pyclass(frozen, module = "metapython._native")]
pub struct HeldFault(Held);

/// Lets a process that is held step again; returns why it was held, or `None` if it was not.
#[pyfunction]
pub fn release_process(process: &Bound<'_, ProcessHandle>) -> PyResult<Option<HeldFault>> {
    process.get().write(|world, entity| world.entity_mut(entity).take::<Held>().map(HeldFault))
}

/// Holds a process again, without an alert.
#[pyfunction]
pub fn hold_process(process: &Bound<'_, ProcessHandle>, fault: &HeldFault) -> PyResult<()> {
    process.get().write(|world, entity| {
        world.entity_mut(entity).insert(fault.0.clone());
    })
}

/// A moment to which what is created after it can be taken back.
#[pyclass(frozen, name = "Mark", module = "metapython._native")]
pub struct MarkHandle(Mark);

/// Remembers this moment. With `stand_ins`, processes that ask for a name that is taken get another
/// one, until `end_stand_ins`.
#[pyfunction]
pub fn set_mark(stand_ins: bool) -> PyResult<MarkHandle> {
    with_world(|world| {
        world.insert_resource(StandIns(stand_ins));
        MarkHandle(Mark::set(world))
    })
}

/// Has names that are taken refused again.
#[pyfunction]
pub fn end_stand_ins() -> PyResult<()> {
    with_world(|world| world.insert_resource(StandIns(false)))
}

/// The processes created since a moment, in the order of their creation.
#[pyfunction]
pub fn created_since(py: Python<'_>, mark: &MarkHandle) -> PyResult<Vec<Py<PyAny>>> {
    with_world(|world| {
        let created = mark.0.since(world).into_iter();
        created.filter_map(|process| instance(world, py, process)).collect()
    })
}

/// Takes back what was created since a moment, as if it had never been.
#[pyfunction]
pub fn take_back(py: Python<'_>, mark: &MarkHandle) -> PyResult<()> {
    // Objects whose last reference is the world's go when the world can be reached again.
    let objects = created_since(py, mark)?;
    with_world(|world| mark.0.take_back(world))?;
    drop(objects);
    Ok(())
}

/// The fields of a component by their names, in order.
#[pyfunction]
pub fn field_values<'py>(component: &Bound<'py, Component>) -> PyResult<Bound<'py, PyDict>> {
    let component = component.try_borrow()?;
    let fields = PyDict::new(component.py());
    for (field, value) in component.kind().fields.iter().zip(component.values()?) {
        fields.set_item(field.name.as_ref(), to_python(component.py(), &value)?)?;
    }
    Ok(fields)
}

/// Whether two component classes stand for the same component: one, or versions with the same fields.
#[pyfunction]
pub fn is_same_kind(one: &Bound<'_, PyType>, other: &Bound<'_, PyType>) -> PyResult<bool> {
    let (one, other) = (kind_of(one)?, kind_of(other)?);
    Ok(one.is(&other))
}

/// Takes saved files into the running program.
#[derive(Clone, Copy, Debug, Default)]
pub struct PythonUpdater;

impl Updater for PythonUpdater {
    fn folders(&mut self, world: &mut World) -> Option<Vec<PathBuf>> {
        let folders = |py: Python<'_>| {
            py.import(intern!(py, "metapython._watch"))?
                .call_method0(intern!(py, "folders_to_watch"))?
                .extract()
        };
        let outcome = lend(world, || {
            Python::attach(|py| {
                // It is short, and the first Python code after the wait for the tick: handlers of
                // signals, which are code of the user's, run in it.
                let act = || folders(py).map_err(|error: PyErr| traceback(py, &error));
                let (outcome, overrun) = guarded(py, &Label::BETWEEN_STEPS, act);
                overrun.map_or(outcome, |overrun| Err(overrun.report()))
            })
        });
        outcome.unwrap_or_else(|error| {
            alert::raise(world, "between steps", Level::Error, error);
            None
        })
    }

    fn update(&mut self, world: &mut World, files: &[PathBuf]) {
        let update = |py: Python<'_>| {
            py.import(intern!(py, "metapython._watch"))?
                .call_method1(intern!(py, "update_files"), (files.to_vec(),))
                .map(drop)
        };
        let outcome = lend(world, || {
            Python::attach(|py| {
                let act = || update(py).map_err(|error: PyErr| traceback(py, &error));
                // One that never ends is interrupted after the time that a console line has, as the
                // machine stands meanwhile, and goes back like any that fails.
                guarded(py, &Label::CONSOLE, act).0
            })
        });
        if let Err(error) = outcome {
            alert::raise(world, "update", Level::Error, error);
        }
    }
}
