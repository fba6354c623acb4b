//! Components of many processes as arrays: the native half of `metapython._columns`.
//!
//! The arrays are Python's own, of any exporter of buffers; their memory is borrowed for the time
//! of one call in which no Python code runs, and nothing of the world's is ever shown.

use std::cell::Cell;
use std::sync::Arc;

use bevy_ecs::entity::Entity;
use metapython_engine::component::{self, ComponentKind, Element, Primitive};
use metapython_engine::process;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyAttributeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::bindings::process::instance;
use crate::component::kind_of;
use crate::error::component_error;
use crate::lend::with_world;

/// The processes that have some components, as they were when this was made.
#[pyclass(frozen, module = "metapython._native")]
pub struct Rows(component::Rows);

/// A component's class, the position of one of its fields, its array, and the array as it was.
type Touched<'py> = (Bound<'py, PyType>, usize, Bound<'py, PyAny>, Bound<'py, PyAny>);

/// A field and its borrowed arrays, by what is in them.
enum Change {
    Float(Arc<ComponentKind>, usize, [PyBuffer<f64>; 2]),
    Int(Arc<ComponentKind>, usize, [PyBuffer<i32>; 2]),
    Long(Arc<ComponentKind>, usize, [PyBuffer<i64>; 2]),
    Bool(Arc<ComponentKind>, usize, [PyBuffer<u8>; 2]),
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

    /// Reads a field of all processes into two arrays of one dimension.
    fn gather(
        &self,
        class: &Bound<'_, PyType>,
        index: usize,
        array: &Bound<'_, PyAny>,
        copy: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let kind = kind_of(class)?;
        let is_done = match kind.storage.place(index).map(|place| place.primitive()) {
            Some(Primitive::Float) => self.read::<f64>(&kind, index, &buffers(array, copy)?)?,
            Some(Primitive::Int) => self.read::<i32>(&kind, index, &buffers(array, copy)?)?,
            Some(Primitive::Long) => self.read::<i64>(&kind, index, &buffers(array, copy)?)?,
            Some(Primitive::Bool) => self.read::<u8>(&kind, index, &buffers(array, copy)?)?,
            None => false,
        };
        if is_done { Ok(()) } else { Err(unfit(&kind, index)) }
    }

    /// Writes the elements of arrays that differ from what they were into their fields: those of
    /// all arrays, or none.
    fn scatter(&self, touched: Vec<Touched<'_>>) -> PyResult<()> {
        let mut changes = Vec::new();
        for (class, index, array, before) in &touched {
            let kind = kind_of(class)?;
            let index = *index;
            changes.push(match kind.storage.place(index).map(|place| place.primitive()) {
                Some(Primitive::Float) => Change::Float(kind, index, buffers(array, before)?),
                Some(Primitive::Int) => Change::Int(kind, index, buffers(array, before)?),
                Some(Primitive::Long) => Change::Long(kind, index, buffers(array, before)?),
                Some(Primitive::Bool) => Change::Bool(kind, index, buffers(array, before)?),
                None => return Err(unfit(&kind, index)),
            });
        }
        for change in &changes {
            match change {
                Change::Float(kind, index, pair) => self.check(kind, *index, pair),
                Change::Int(kind, index, pair) => self.check(kind, *index, pair),
                Change::Long(kind, index, pair) => self.check(kind, *index, pair),
                Change::Bool(kind, index, pair) => self.check(kind, *index, pair),
            }?;
        }
        for change in &changes {
            match change {
                Change::Float(kind, index, pair) => self.write(kind, *index, pair),
                Change::Int(kind, index, pair) => self.write(kind, *index, pair),
                Change::Long(kind, index, pair) => self.write(kind, *index, pair),
                Change::Bool(kind, index, pair) => self.write(kind, *index, pair),
            }?;
        }
        Ok(())
    }
}

impl Rows {
    fn read<T: Element + pyo3::buffer::Element>(
        &self,
        kind: &ComponentKind,
        index: usize,
        [array, copy]: &[PyBuffer<T>; 2],
    ) -> PyResult<bool> {
        let (Some(array), Some(copy)) = (cells(array), cells(copy)) else { return Ok(false) };
        with_world(|world| self.0.gather(world, &kind.storage, index, [array, copy]))
    }

    /// Raises `ValueError` if an array has another form than it had, or holds what its field cannot.
    fn check<T: Element + pyo3::buffer::Element>(
        &self,
        kind: &ComponentKind,
        index: usize,
        [array, before]: &[PyBuffer<T>; 2],
    ) -> PyResult<()> {
        let (Some(array), Some(before)) = (cells(array), cells(before)) else {
            return Err(unfit(kind, index));
        };
        let numbers = kind.storage.place(index).map_or(0, |place| place.numbers());
        if array.len() != self.0.len() * numbers || before.len() != array.len() {
            return Err(unfit(kind, index));
        }
        let Some(entity) = self.0.first_invalid(before, array) else { return Ok(()) };
        let name = with_world(|world| process::instance_name(world, entity))?;
        let field = &kind.fields[index];
        Err(PyValueError::new_err(format!(
            "{}.{} takes {}, and the block leaves {name} with another; nothing was written back",
            kind.name,
            field.name,
            field.kind.describe()
        )))
    }

    fn write<T: Element + pyo3::buffer::Element>(
        &self,
        kind: &ComponentKind,
        index: usize,
        [array, before]: &[PyBuffer<T>; 2],
    ) -> PyResult<()> {
        let (Some(array), Some(before)) = (cells(array), cells(before)) else {
            return Err(unfit(kind, index));
        };
        let is_done =
            with_world(|world| self.0.scatter(world, &kind.storage, index, before, array))?;
        if is_done { Ok(()) } else { Err(unfit(kind, index)) }
    }
}

fn buffers<T: pyo3::buffer::Element>(
    array: &Bound<'_, PyAny>,
    before: &Bound<'_, PyAny>,
) -> PyResult<[PyBuffer<T>; 2]> {
    Ok([PyBuffer::get(array)?, PyBuffer::get(before)?])
}

/// The memory of an array, or `None` if it may not be written or does not lie in one piece.
fn cells<T: pyo3::buffer::Element>(buffer: &PyBuffer<T>) -> Option<&[Cell<T>]> {
    let memory = buffer.as_slice_ptr().filter(|_| !buffer.readonly())?;
    // SAFETY: the buffer keeps the memory where it is, of this type and aligned, and is borrowed for
    // as long as the slice; what writes it meanwhile is Python code, which none of our callers
    // runs, and cells may share it with other arrays.
    Some(unsafe { &*(memory.as_ptr() as *const [Cell<T>]) })
}

fn unfit(kind: &ComponentKind, index: usize) -> PyErr {
    let field = kind.fields.get(index).map_or("", |field| field.name.as_ref());
    PyValueError::new_err(format!(
        "the array of {}.{field} has been resized, retyped or locked; nothing was written back",
        kind.name
    ))
}

fn processes(py: Python<'_>, rows: &component::Rows) -> PyResult<Vec<Option<Py<PyAny>>>> {
    let entities: Vec<Entity> = rows.entities().collect();
    with_world(|world| entities.iter().map(|entity| instance(world, py, *entity)).collect())
}
