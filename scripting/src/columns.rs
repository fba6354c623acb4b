//! Components of many processes as arrays: the native half of `metapython._columns`.
//!
//! The arrays are Python's own, of any exporter of buffers; their memory is borrowed for the time
//! of one call in which no Python code runs, and nothing of the world's is ever shown.

mod buffers;
mod left;

use std::sync::Arc;

use bevy_ecs::change_detection::Tick;
use bevy_ecs::entity::Entity;
use metapython_engine::component::{self, ComponentKind, NotWritten, Primitive};
use metapython_engine::process;
use pyo3::exceptions::{PyAttributeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::bindings::process::instance;
use crate::component::kind_of;
use crate::error::component_error;
use crate::lend::with_world;
use buffers::{Buffers, unfit};
pub use left::{leave_columns, take_columns};

/// The processes that have some components, as they were when this was made.
#[pyclass(frozen, module = "metapython._native")]
pub struct Rows(component::Rows);

/// A component's class, the position of one of its fields, its array, the array as it was, and the
/// tick of the time when it was.
type Touched<'py> = (Bound<'py, PyType>, usize, Bound<'py, PyAny>, Bound<'py, PyAny>, u32);

/// A field whose array may be written back.
struct Field {
    kind: Arc<ComponentKind>,
    index: usize,
    buffers: Buffers,
    since: Tick,
}

#[pymethods]
impl Rows {
    /// All processes that have these components, and are of a class if one is given.
    #[new]
    #[pyo3(signature = (components, of=None))]
    fn new(components: Vec<Bound<'_, PyType>>, of: Option<&Bound<'_, PyType>>) -> PyResult<Self> {
        let kinds: Vec<_> = components.iter().map(kind_of).collect::<PyResult<_>>()?;
        let storages = kinds.iter().map(|kind| &*kind.storage);
        let rows = with_world(|world| component::Rows::all(world, storages))?;
        let Some(class) = of else { return Ok(Self(rows)) };
        let mut chosen = Vec::new();
        for (entity, process) in rows.entities().zip(processes(class.py(), &rows)?) {
            if process
                .is_some_and(|process| process.bind(class.py()).is_instance(class).unwrap_or(false))
            {
                chosen.push(entity);
            }
        }
        let mut chosen = chosen.into_iter().peekable();
        Ok(Self(rows.filtered(|entity| chosen.next_if_eq(entity).is_some())))
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// The processes, in order; `None` for one that has gone.
    fn processes(&self, py: Python<'_>) -> PyResult<Vec<Option<Py<PyAny>>>> {
        processes(py, &self.0)
    }

    /// Of a field of numbers: its position, the type of its array, and how many numbers it has, 0
    /// if it is no vector.
    #[expect(clippy::unused_self, reason = "the stub's reader finds it beside its kin")]
    fn field(&self, class: &Bound<'_, PyType>, name: &str) -> PyResult<(usize, &'static str, u8)> {
        let kind = kind_of(class)?;
        let index = kind.field_index(name).map_err(|error| component_error(&error))?;
        let place = kind.storage.place(index).ok_or_else(|| {
            let text = format!(
                "{}.{name} takes {}, and only numbers, truth values and vectors have columns",
                kind.name,
                kind.fields[index].kind.describe()
            );
            PyAttributeError::new_err(text)
        })?;
        let array = match place.primitive() {
            Primitive::Float => "f8",
            Primitive::Int => "i4",
            Primitive::Long => "i8",
            Primitive::Bool => "?",
        };
        Ok((index, array, place.length().unwrap_or(0)))
    }

    /// Whether these are still all processes that have these components.
    fn is_current(&self, components: Vec<Bound<'_, PyType>>) -> PyResult<bool> {
        let kinds: Vec<_> = components.iter().map(kind_of).collect::<PyResult<_>>()?;
        let storages = kinds.iter().map(|kind| &*kind.storage);
        with_world(|world| self.0.is_current(world, storages))
    }

    /// Reads a field of all processes into two arrays, and gives the tick of the world. With a tick at
    /// which both have been what the field was, it does so only if the field has been changed since.
    #[pyo3(signature = (class, index, array, before, since=None))]
    fn gather(
        &self,
        class: &Bound<'_, PyType>,
        index: usize,
        array: &Bound<'_, PyAny>,
        before: &Bound<'_, PyAny>,
        since: Option<u32>,
    ) -> PyResult<u32> {
        let kind = kind_of(class)?;
        if let Some(since) = since
            && with_world(|world| self.0.is_as_it_was(world, &kind.storage, Tick::new(since)))?
        {
            return Ok(since);
        }
        let buffers = Buffers::of(&kind, index, array, before)?;
        let arrays = buffers.arrays().ok_or_else(|| unfit(&kind, index))?;
        with_world(|world| {
            let is_done = self.0.gather(world, &kind.storage, index, &arrays);
            is_done.then(|| world.increment_change_tick().get())
        })?
        .ok_or_else(|| unfit(&kind, index))
    }

    /// Writes the elements of arrays that differ from what they were into their fields: those of
    /// all arrays, or none. Gives for each the tick at which both its arrays are what the field is;
    /// `None` if somebody else has changed it since they were read.
    fn scatter(&self, touched: Vec<Touched<'_>>) -> PyResult<Vec<Option<u32>>> {
        let mut fields = Vec::new();
        for (class, index, array, before, since) in &touched {
            let kind = kind_of(class)?;
            let buffers = Buffers::of(&kind, *index, array, before)?;
            fields.push(Field { kind, index: *index, buffers, since: Tick::new(*since) });
        }
        let touched: Vec<_> = fields.iter().map(Field::touched).collect::<PyResult<_>>()?;
        let written = with_world(|world| {
            self.0.scatter(world, &touched).map_err(|reason| match reason {
                NotWritten::Unfit(position) => {
                    unfit(&fields[position].kind, fields[position].index)
                }
                NotWritten::Invalid(position, entity) => {
                    fields[position].invalid(&process::instance_name(world, entity))
                }
            })
        })??;
        Ok(written.into_iter().map(|tick| tick.map(Tick::get)).collect())
    }
}

impl Field {
    fn touched(&self) -> PyResult<component::Touched<'_>> {
        let arrays = self.buffers.arrays().ok_or_else(|| unfit(&self.kind, self.index))?;
        let storage = &self.kind.storage;
        Ok(component::Touched { storage, index: self.index, arrays, since: self.since })
    }

    /// What is raised if a process would get what the field cannot hold.
    fn invalid(&self, name: &str) -> PyErr {
        let field = &self.kind.fields[self.index];
        PyValueError::new_err(format!(
            "{}.{} takes {}, and the block leaves {name} with another; nothing was written back",
            self.kind.name,
            field.name,
            field.kind.describe()
        ))
    }
}

fn processes(py: Python<'_>, rows: &component::Rows) -> PyResult<Vec<Option<Py<PyAny>>>> {
    let entities: Vec<Entity> = rows.entities().collect();
    with_world(|world| entities.iter().map(|entity| instance(world, py, *entity)).collect())
}
