//! Which entities the elements of arrays belong to: those that have some components.
//!
//! Tables keep the components of entities that have the same ones side by side, so that a field of
//! all of them is read and written in one walk. [`Rows`] remembers which entities an array's
//! elements belong to, and finds them again however the world has changed meanwhile.

mod arrays;
mod gather;
mod members;
mod scatter;

use bevy_ecs::change_detection::Tick;
use bevy_ecs::entity::Entity;
use bevy_ecs::storage::{Table, TableId};
use bevy_ecs::world::World;

pub use arrays::{Arrays, Pair};
use members::Members;
pub use scatter::{NotWritten, Touched};

use super::Storage;
use crate::process::InstanceName;

/// The entities that have some components, in the order in which the world keeps them: that of
/// spawning, as long as none was deleted or had other components put in or taken out. It depends
/// on nothing but what happened, so that it is the same in every run.
#[derive(Debug)]
pub struct Rows {
    groups: Vec<Group>,
    length: usize,
}

/// Entities that were neighbours.
#[derive(Debug)]
struct Group {
    /// The table that they filled, from its first row to its last; `None` for a choice of them.
    table: Option<TableId>,
    /// How many entities come before them in other groups.
    start: usize,
    members: Members,
}

impl Group {
    /// The table, if its rows are those of this group.
    fn table<'w>(&self, world: &'w World) -> Option<&'w Table> {
        let table = world.storages().tables.get(self.table?)?;
        self.members.are(table.entities()).then_some(table)
    }
}

impl Rows {
    /// The processes that have all of these components.
    pub fn all<'a>(world: &World, components: impl IntoIterator<Item = &'a Storage>) -> Self {
        Self::new(tables(world, components).map(|(id, table)| (Some(id), table.entities())))
    }

    /// Those of these rows whose entity is chosen.
    #[must_use]
    pub fn filtered(&self, is_chosen: impl FnMut(&Entity) -> bool) -> Self {
        let entities: Vec<_> = self.entities().filter(is_chosen).collect();
        Self::new([(None, &*entities)])
    }

    fn new<'a>(parts: impl IntoIterator<Item = (Option<TableId>, &'a [Entity])>) -> Self {
        let mut length = 0;
        let groups = parts.into_iter().map(|(table, entities)| {
            let start = length;
            length += entities.len();
            Group { table, start, members: Members::of(entities) }
        });
        Self { groups: groups.collect(), length }
    }

    /// Whether these are still the processes that have all of these components, in their order.
    pub fn is_current<'a>(
        &self,
        world: &World,
        components: impl IntoIterator<Item = &'a Storage>,
    ) -> bool {
        let mut groups = self.groups.iter();
        let is_next = |(id, table): (TableId, &Table)| {
            groups
                .next()
                .is_some_and(|group| group.table == Some(id) && group.members.are(table.entities()))
        };
        tables(world, components).all(is_next) && groups.next().is_none()
    }

    /// Whether the rows are still where they were, and nobody has changed a component in their tables
    /// since the world's change tick passed `since`.
    pub fn is_as_it_was(&self, world: &World, storage: &Storage, since: Tick) -> bool {
        self.is_unchanged(world, storage, since)
            && self.groups.iter().all(|group| group.table(world).is_some())
    }

    /// Whether nobody has changed a component in the tables of these rows since the world's change
    /// tick passed `since`. It does not look whether the rows are still there.
    fn is_unchanged(&self, world: &World, storage: &Storage, since: Tick) -> bool {
        let Some(id) = storage.id(world) else { return self.is_empty() };
        let now = world.read_change_tick();
        // Not `Tick::is_newer_than`, which takes very old ticks for equal.
        let age = |tick: Tick| now.get().wrapping_sub(tick.get());
        self.groups.iter().all(|group| {
            let table = group.table.and_then(|table| world.storages().tables.get(table));
            let changed = table.and_then(|table| table.get_summary_tick(id));
            changed.is_some_and(|changed| age(changed.get()) >= age(since))
        })
    }

    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The entities, in order.
    pub fn entities(&self) -> impl Iterator<Item = Entity> {
        self.groups.iter().flat_map(|group| group.members.iter())
    }
}

/// The tables of processes that have all of these components.
fn tables<'w, 'a>(
    world: &'w World,
    components: impl IntoIterator<Item = &'a Storage>,
) -> impl Iterator<Item = (TableId, &'w Table)> {
    let named = world.component_id::<InstanceName>();
    let ids: Option<Vec<_>> =
        components.into_iter().map(|storage| storage.id(world)).chain([named]).collect();
    let tables = world.storages().tables.iter().enumerate();
    let tables = tables.map(|(index, table)| (TableId::from_usize(index), table));
    // A component without an id is one that no entity has.
    tables.filter(move |(_, table)| {
        let has_all = |ids: &Vec<_>| ids.iter().all(|id| table.has_column(*id));
        !table.is_empty() && ids.as_ref().is_some_and(has_all)
    })
}

#[cfg(test)]
mod tests;
