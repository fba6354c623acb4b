//! The components that a scene gives to a process.

use metapython_engine::component::{ComponentError, ComponentRegistry};
use metapython_engine::scene::SceneComponent;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};

use crate::bindings::process::ProcessHandle;
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
    components: &[SceneComponent],
) -> PyResult<Option<Bound<'py, PyCFunction>>> {
    if components.is_empty() {
        return Ok(None);
    }
    let components = components.to_vec();
    let give = move |arguments: &Bound<'_, PyTuple>, _named: Option<&Bound<'_, PyDict>>| {
        let (process,): (Bound<'_, ProcessHandle>,) = arguments.extract()?;
        give(&process, &components)
    };
    PyCFunction::new_closure(py, None, None, give).map(Some)
}

/// Sets the fields that the scene names; a component that the process has not gets its defaults
/// for the others.
fn give(process: &Bound<'_, ProcessHandle>, components: &[SceneComponent]) -> PyResult<()> {
    let given = process.get().write(|world, entity| {
        for component in components {
            let kind = world.resource::<ComponentRegistry>().find(&component.name)?.clone();
            if !kind.access.has(world, entity) {
                kind.access.insert(world, entity, &[])?;
            }
            for (index, value) in &component.fields {
                kind.access.set(world, entity, *index, value)?;
            }
        }
        Ok(())
    })?;
    given.map_err(|error: ComponentError| component_error(&error))
}
