//! What the components of a process were before an update.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::component::{ComponentKind, ComponentRegistry};
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
    /// Kinds, and not their names: those of two modules, or two versions, may share one.
    changed: Vec<(ComponentKind, Change)>,
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
        let before = with_world(|world| read(world, process))?;
        Ok(Self { process, before, changed: Vec::new() })
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
        Ok(!self.changed.is_empty())
    }

    /// Puts back what has changed, if the process still is.
    fn undo(&mut self) -> PyResult<()> {
        let changed = std::mem::take(&mut self.changed);
        with_world(|world| {
            for (kind, change) in changed {
                change.undo(world, self.process, &kind);
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
