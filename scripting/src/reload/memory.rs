//! What the components of a process were before an update.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::component::{ComponentKind, ComponentRegistry};
use metapython_engine::render::{Sheet, sheet_of};
use metapython_engine::value::Value;
use pyo3::prelude::*;

use crate::bindings::process::ProcessHandle;
use crate::lend::with_world;

/// The components of a process at some moment. Undone is what has changed between that moment and
/// the call of `settle`.
#[pyclass(module = "metapython._native")]
pub struct ComponentMemory {
    process: Entity,
    before: Vec<Option<Vec<Value>>>,
    /// What is drawn on its canvas.
    drawn: Option<Drawn>,
    /// Kinds, and not their names: those of two modules, or two versions, may share one.
    changed: Vec<(ComponentKind, Change)>,
}

/// The pixels of a canvas, and what tells them from later ones.
struct Drawn {
    bytes: Vec<u8>,
    version: (u64, u64),
}

impl Drawn {
    fn of(sheet: &Sheet) -> Self {
        Self { bytes: sheet.bytes().to_vec(), version: version(sheet) }
    }

    fn is_on(&self, sheet: Option<&Sheet>) -> bool {
        sheet.is_some_and(|sheet| version(sheet) == self.version)
    }
}

fn version(sheet: &Sheet) -> (u64, u64) {
    (sheet.generation(), sheet.changes())
}

/// What happened to a component.
enum Change {
    Added,
    Removed(Vec<Value>),
    /// The places of the fields that have other values, with those before.
    Fields(Vec<(usize, Value)>),
}

#[pymethods]
impl ComponentMemory {
    /// Remembers the components of a process.
    #[new]
    fn new(process: &Bound<'_, ProcessHandle>) -> PyResult<Self> {
        let process = process.get().entity()?;
        let (before, drawn) =
            with_world(|world| (read(world, process), world.get(process).map(Drawn::of)))?;
        Ok(Self { process, before, drawn, changed: Vec::new() })
    }

    /// Finds out what has changed; whether anything has.
    fn settle(&mut self) -> PyResult<bool> {
        let before = std::mem::take(&mut self.before);
        self.changed = with_world(|world| {
            let after = read(world, self.process);
            let kinds = world.resource::<ComponentRegistry>().iter();
            // A kind that was registered since no process had before.
            let before = before.into_iter().chain(std::iter::repeat(None));
            let changes = kinds.zip(before).zip(after);
            changes
                .filter_map(|((kind, before), after)| {
                    Some((kind.clone(), Change::between(before, after)?))
                })
                .collect()
        })?;
        let drawn = self.drawn.take();
        self.drawn = with_world(|world| drawn.filter(|it| !it.is_on(world.get(self.process))))?;
        Ok(!self.changed.is_empty() || self.drawn.is_some())
    }

    /// Puts back what has changed, if the process still is.
    fn undo(&mut self) -> PyResult<()> {
        let changed = std::mem::take(&mut self.changed);
        with_world(|world| {
            for (kind, change) in changed {
                change.undo(world, self.process, &kind);
            }
            // The canvas is as large as it was; if it is gone, so is its process.
            if let Some(drawn) = self.drawn.take()
                && let Some(mut sheet) = sheet_of(world, self.process)
            {
                let _ = sheet.restore(&drawn.bytes);
            }
        })
    }
}

impl Change {
    fn between(before: Option<Vec<Value>>, after: Option<Vec<Value>>) -> Option<Self> {
        match (before, after) {
            (None, None) => None,
            (None, Some(_)) => Some(Self::Added),
            (Some(before), None) => Some(Self::Removed(before)),
            (Some(before), Some(after)) => {
                let fields = before.into_iter().zip(after).enumerate();
                let changed: Vec<_> = fields
                    .filter_map(|(index, (before, after))| {
                        (before != after).then_some((index, before))
                    })
                    .collect();
                (!changed.is_empty()).then_some(Self::Fields(changed))
            }
        }
    }

    fn undo(self, world: &mut World, process: Entity, kind: &ComponentKind) {
        if world.get_entity(process).is_err() {
            return;
        }
        match self {
            Self::Added => {
                kind.access.remove(world, process);
            }
            // The values were in such a component before, so it takes them.
            Self::Removed(values) => drop(kind.access.insert(world, process, &values)),
            Self::Fields(fields) => {
                for (index, value) in fields {
                    // Only of a component that was removed since it takes none.
                    let _ = kind.access.set(world, process, index, &value);
                }
            }
        }
    }
}

/// The fields of each kind of component, in the order of the registry; `None` for those that the
/// process has not.
fn read(world: &World, process: Entity) -> Vec<Option<Vec<Value>>> {
    let kinds = world.resource::<ComponentRegistry>().iter();
    let fields = |kind: &ComponentKind| {
        (0..kind.fields.len()).map(|index| kind.access.get(world, process, index)).collect()
    };
    let is_there = world.get_entity(process).is_ok();
    kinds
        .map(|kind| (is_there && kind.access.has(world, process)).then(|| fields(kind)).flatten())
        .collect()
}
