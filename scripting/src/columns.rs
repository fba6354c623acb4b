//! Components of many processes as arrays: the native half of `metapython._columns`.
//!
//! The arrays are Python's own, of any exporter of buffers; their memory is borrowed for the time
//! of one call in which no Python code runs, and nothing of the world's is ever shown.

use std::cell::Cell;
use std::sync::Arc;

use bevy_ecs::change_detection::Tick;
use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use metapython_engine::clock::Now;
use metapython_engine::component::{self, Changes, ComponentKind, Element, Found, Primitive};
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

/// A component's class, the position of one of its fields, its array, the array as it was, and the
/// tick of the time when it was.
type Touched<'py> = (Bound<'py, PyType>, usize, Bound<'py, PyAny>, Bound<'py, PyAny>, u32);

/// An array of a field and the array as it was, borrowed, by what is in them.
enum Pair {
    Float([PyBuffer<f64>; 2]),
    Int([PyBuffer<i32>; 2]),
    Long([PyBuffer<i64>; 2]),
    Bool([PyBuffer<u8>; 2]),
}

/// Calls a function that takes arrays of any element.
macro_rules! with_pair {
    ($pair:expr, $arrays:ident => $call:expr) => {
        match $pair {
            Pair::Float($arrays) => $call,
            Pair::Int($arrays) => $call,
            Pair::Long($arrays) => $call,
            Pair::Bool($arrays) => $call,
        }
    };
}

/// A field whose array may be written back.
struct Field {
    kind: Arc<ComponentKind>,
    index: usize,
    pair: Pair,
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

    /// Reads a field of all processes into two arrays of one dimension, and gives the tick of the
    /// world. With a tick at which both have been what the field was, it does so only if the field
    /// has been changed since.
    #[pyo3(signature = (class, index, array, copy, since=None))]
    fn gather(
        &self,
        class: &Bound<'_, PyType>,
        index: usize,
        array: &Bound<'_, PyAny>,
        copy: &Bound<'_, PyAny>,
        since: Option<u32>,
    ) -> PyResult<u32> {
        let kind = kind_of(class)?;
        if let Some(since) = since
            && with_world(|world| self.0.is_unchanged(world, &kind.storage, Tick::new(since)))?
        {
            return Ok(since);
        }
        let pair = Pair::of(&kind, index, array, copy)?;
        if with_pair!(&pair, arrays => self.read(&kind, index, arrays))? {
            return with_world(|world| world.increment_change_tick().get());
        }
        Err(unfit(&kind, index))
    }

    /// Writes the elements of arrays that differ from what they were into their fields: those of
    /// all arrays, or none. Gives for each the tick at which both its arrays are what the field is;
    /// `None` if somebody else has changed it since they were read.
    fn scatter(&self, touched: Vec<Touched<'_>>) -> PyResult<Vec<Option<u32>>> {
        let mut fields = Vec::new();
        for (class, index, array, before, since) in &touched {
            let kind = kind_of(class)?;
            let pair = Pair::of(&kind, *index, array, before)?;
            fields.push(Field { kind, index: *index, pair, since: Tick::new(*since) });
        }
        let mut changes = Vec::new();
        for Field { kind, index, pair, .. } in &fields {
            changes.push(with_pair!(pair, arrays => self.changes(kind, *index, arrays))?);
        }
        with_world(|world| {
            let mut found = self.0.find(world);
            let is_own = |field: &Field| {
                found.is_whole()
                    && self.0.is_unchanged(found.world(), &field.kind.storage, field.since)
            };
            let is_own: Vec<_> = fields.iter().map(is_own).collect();
            for window in 0..self.0.windows() {
                for (field, changes) in fields.iter().zip(&changes) {
                    with_pair!(&field.pair, arrays => {
                        write(&mut found, field, arrays, changes, window)
                    })?;
                }
            }
            let now = world.increment_change_tick().get();
            Ok(is_own.into_iter().map(|is_own| is_own.then_some(now)).collect())
        })?
    }
}

impl Pair {
    fn of(
        kind: &ComponentKind,
        index: usize,
        array: &Bound<'_, PyAny>,
        before: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        Ok(match kind.storage.place(index).map(|place| place.primitive()) {
            Some(Primitive::Float) => Self::Float(buffers(array, before)?),
            Some(Primitive::Int) => Self::Int(buffers(array, before)?),
            Some(Primitive::Long) => Self::Long(buffers(array, before)?),
            Some(Primitive::Bool) => Self::Bool(buffers(array, before)?),
            None => return Err(unfit(kind, index)),
        })
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
        with_world(|world| self.0.find(world).gather(&kind.storage, index, [array, copy]))
    }

    /// What a block has changed of an array. Raises `ValueError` if that has another form than it
    /// had, or holds what its field cannot.
    fn changes<T: Element + pyo3::buffer::Element>(
        &self,
        kind: &ComponentKind,
        index: usize,
        [array, before]: &[PyBuffer<T>; 2],
    ) -> PyResult<Changes> {
        let (Some(array), Some(before)) = (cells(array), cells(before)) else {
            return Err(unfit(kind, index));
        };
        let numbers = kind.storage.place(index).map_or(0, |place| place.numbers());
        if array.len() != self.0.len() * numbers || before.len() != array.len() {
            return Err(unfit(kind, index));
        }
        let entity = match self.0.changes(before, array) {
            Ok(changes) => return Ok(changes),
            Err(entity) => entity,
        };
        let name = with_world(|world| process::instance_name(world, entity))?;
        let field = &kind.fields[index];
        Err(PyValueError::new_err(format!(
            "{}.{} takes {}, and the block leaves {name} with another; nothing was written back",
            kind.name,
            field.name,
            field.kind.describe()
        )))
    }
}

fn write<T: Element + pyo3::buffer::Element>(
    found: &mut Found<'_>,
    Field { kind, index, .. }: &Field,
    [array, before]: &[PyBuffer<T>; 2],
    changes: &Changes,
    window: usize,
) -> PyResult<()> {
    let (Some(array), Some(before)) = (cells(array), cells(before)) else {
        return Err(unfit(kind, *index));
    };
    let is_done = found.scatter(&kind.storage, *index, [array, before], changes, window);
    if is_done { Ok(()) } else { Err(unfit(kind, *index)) }
}

/// What blocks have left for later ones with the same components, the last one to the right.
#[derive(Default, Resource)]
struct Left(Vec<Block>);

struct Block {
    components: Vec<Py<PyType>>,
    left: Py<PyAny>,
    tick: u64,
}

/// How many sets of components are remembered: a program rarely has more in use.
const MOST_LEFT: usize = 16;

/// For how many ticks of the machine what a block has left is kept for the next: ten seconds at the
/// usual rate.
const KEPT_TICKS: u64 = 600;

impl Left {
    /// Takes out what the last block with these components has left.
    fn take(&mut self, components: &[Bound<'_, PyType>]) -> Option<Block> {
        let is_meant = |block: &Block| {
            let mut pairs = block.components.iter().zip(components);
            block.components.len() == components.len() && pairs.all(|(one, other)| one.is(other))
        };
        let position = self.0.iter().position(is_meant)?;
        Some(self.0.remove(position))
    }

    /// Takes out what nobody has used for long, and what is over the most.
    fn take_old(&mut self, now: u64) -> Vec<Block> {
        let old = self.0.iter().take_while(|block| block.tick + KEPT_TICKS < now).count();
        let old = old.max(self.0.len().saturating_sub(MOST_LEFT));
        self.0.drain(..old).collect()
    }
}

/// Takes what the last block with these components has left.
#[pyfunction]
pub fn take_columns(components: Vec<Bound<'_, PyType>>) -> PyResult<Option<Py<PyAny>>> {
    let (block, _old) = with_world(|world| {
        let now = world.resource::<Now>().tick;
        let mut left = world.get_resource_or_init::<Left>();
        (left.take(&components), left.take_old(now))
    })?;
    Ok(block.map(|block| block.left))
}

/// Leaves something for the next block with these components.
#[pyfunction]
pub fn leave_columns(components: Vec<Bound<'_, PyType>>, left: Py<PyAny>) -> PyResult<()> {
    // What goes does so when the world is free again: Python code may run.
    let _old = with_world(|world| {
        let tick = world.resource::<Now>().tick;
        let mut blocks = world.get_resource_or_init::<Left>();
        let earlier = blocks.take(&components);
        let components = components.into_iter().map(Bound::unbind).collect();
        blocks.0.push(Block { components, left, tick });
        (earlier, blocks.take_old(tick))
    })?;
    Ok(())
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
