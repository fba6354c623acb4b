//! The components that a scene gives to a process.

use metapython_engine::scene::SettledComponent;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};

use crate::bindings::process::ProcessHandle;
use crate::component;
use crate::error::component_error;

/// A function that gives its argument, a process, the components of a scene; `None` if the scene
/// names none.
///
/// It is called between the making of the process and its `__init__`, which sees what the scene
/// says and has the last word.
///
/// # Errors
/// What Python raises, short of memory.
pub(super) fn giver<'py>(
    py: Python<'py>,
    components: Vec<SettledComponent>,
) -> PyResult<Option<Bound<'py, PyCFunction>>> {
    if components.is_empty() {
        return Ok(None);
    }
    let give = move |arguments: &Bound<'_, PyTuple>, _named: Option<&Bound<'_, PyDict>>| {
        let (process,): (Bound<'_, ProcessHandle>,) = arguments.extract()?;
        give(&process, &components)
    };
    PyCFunction::new_closure(py, None, None, give).map(Some)
}

/// Sets the fields that the scene names; a component that the process has not gets its defaults
/// for the others.
fn give(process: &Bound<'_, ProcessHandle>, components: &[SettledComponent]) -> PyResult<()> {
    for (kind, fields) in components {
        // Objects are Python's: what the scene says becomes one here, once.
        let mut values = component::defaults(process.py(), kind)?;
        for (index, value) in fields {
            values[*index] = component::owned(process.py(), kind, *index, value)?;
        }
        let given = process.get().write(|world, entity| {
            if !kind.access.has(world, entity) {
                return component::insert(world, entity, kind, &values);
            }
            fields
                .iter()
                .try_for_each(|(index, _)| kind.access.set(world, entity, *index, &values[*index]))
        })?;
        given.map_err(|error| component_error(&error))?;
    }
    Ok(())
}
