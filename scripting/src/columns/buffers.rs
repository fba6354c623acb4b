//! The memory of two arrays of a field, borrowed.

use std::cell::Cell;

use metapython_engine::component::{Arrays, ComponentKind, Primitive};
use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The array that a block may change and the one that says what was read, by what is in them.
pub(super) enum Buffers {
    Float([PyBuffer<f64>; 2]),
    Int([PyBuffer<i32>; 2]),
    Long([PyBuffer<i64>; 2]),
    Bool([PyBuffer<u8>; 2]),
}

impl Buffers {
    /// Those of the field at `index`; truth values are bytes.
    pub(super) fn of(
        kind: &ComponentKind,
        index: usize,
        array: &Bound<'_, PyAny>,
        before: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        Ok(match kind.storage.place(index).map(|place| place.primitive()) {
            Some(Primitive::Float) => Self::Float(both(array, before)?),
            Some(Primitive::Int) => Self::Int(both(array, before)?),
            Some(Primitive::Long) => Self::Long(both(array, before)?),
            Some(Primitive::Bool) => Self::Bool(both(array, before)?),
            None => return Err(unfit(kind, index)),
        })
    }

    /// The memory, or `None` if it may not be written or does not lie in one piece.
    pub(super) fn arrays(&self) -> Option<Arrays<'_>> {
        Some(match self {
            Self::Float(buffers) => cells(buffers)?.into(),
            Self::Int(buffers) => cells(buffers)?.into(),
            Self::Long(buffers) => cells(buffers)?.into(),
            Self::Bool(buffers) => cells(buffers)?.into(),
        })
    }
}

fn both<T: Element>(
    array: &Bound<'_, PyAny>,
    before: &Bound<'_, PyAny>,
) -> PyResult<[PyBuffer<T>; 2]> {
    Ok([PyBuffer::get(array)?, PyBuffer::get(before)?])
}

fn cells<T: Element>([array, before]: &[PyBuffer<T>; 2]) -> Option<[&[Cell<T>]; 2]> {
    let memory = |buffer: &PyBuffer<T>| buffer.as_slice_ptr().filter(|_| !buffer.readonly());
    let [array, before] = [memory(array)?, memory(before)?];
    // SAFETY: the buffers keep the memory where it is, of this type and aligned, and are borrowed for
    // as long as the slices; what writes it meanwhile is Python code, which none of our callers
    // runs, and cells may share it with other arrays.
    unsafe { Some([&*(array.as_ptr() as *const [Cell<T>]), &*(before.as_ptr() as *const _)]) }
}

/// What is raised if an array is not what it was made as.
pub(super) fn unfit(kind: &ComponentKind, index: usize) -> PyErr {
    let field = kind.fields.get(index).map_or("", |field| field.name.as_ref());
    PyValueError::new_err(format!(
        "the array of {}.{field} has been resized, retyped or locked; nothing was written back",
        kind.name
    ))
}
