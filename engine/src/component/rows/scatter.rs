//! Writing what a block has changed in arrays back into the fields of many entities.

use std::ops::Range;

use bevy_ecs::change_detection::Tick;
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::arrays::{Arrays, with_pair};
use super::{Group, Rows};
use crate::component::column::Column;
use crate::component::{Place, Storage};

/// How many rows are written at once: so few that the components which several fields are written to
/// stay in the fastest cache from the first of them to the last.
const WINDOW: usize = 128;

/// A field with arrays that a block may have changed.
#[derive(Debug)]
pub struct Touched<'a> {
    /// The component's memory.
    pub storage: &'a Storage,
    /// The position of the field in the component.
    pub index: usize,
    /// The arrays.
    pub arrays: Arrays<'a>,
    /// The tick at which both were what the field was.
    pub since: Tick,
}

/// Why nothing was written: the position of the field that is to blame, and what it is to blame for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// Its arrays have not the type or the length that they should have.
    Unfit(usize),
    /// An entity would get what its component may not hold.
    Invalid(usize, Entity),
}

/// A field that is to be written.
struct Changed<'a> {
    storage: &'a Storage,
    place: Place,
    arrays: &'a Arrays<'a>,
    /// No element before this one differs from what was read.
    first: usize,
}

impl Rows {
    /// Writes the elements of arrays that differ from what was read into their fields: those of all
    /// arrays, or none. Entities that have the component no more are left out. Gives for each field
    /// the tick at which both its arrays are what the field is, or `None` if they are not, as
    /// somebody else has changed it since they were read.
    ///
    /// # Errors
    /// [`NotWritten`] says why nothing was written.
    pub fn scatter(
        &self,
        world: &mut World,
        touched: &[Touched<'_>],
    ) -> Result<Vec<Option<Tick>>, NotWritten> {
        let changed = self.changed(touched)?;
        let are_whole: Vec<_> =
            self.groups.iter().map(|group| group.table(world).is_some()).collect();
        let is_whole = are_whole.iter().all(|is_whole| *is_whole);
        let is_own = |field: &Touched<'_>| {
            is_whole
                && self.is_unchanged(world, field.storage, field.since)
                && touched.iter().filter(|other| field.is_of_same(other)).count() == 1
        };
        let are_own: Vec<_> = touched.iter().map(is_own).collect();
        for (group, is_whole) in self.groups.iter().zip(are_whole) {
            if is_whole {
                group.write_table(world, &changed);
            } else {
                group.write_each(world, &changed);
            }
        }
        let now = world.increment_change_tick();
        Ok(are_own.into_iter().map(|is_own| is_own.then_some(now)).collect())
    }

    /// The fields that have to be written.
    fn changed<'a>(&self, touched: &'a [Touched<'_>]) -> Result<Vec<Changed<'a>>, NotWritten> {
        let mut changed = Vec::new();
        for (position, Touched { storage, index, arrays, .. }) in touched.iter().enumerate() {
            let place = storage.place(*index).filter(|place| arrays.fit(*place, self.len()));
            let place = place.ok_or(NotWritten::Unfit(position))?;
            match with_pair!(arrays, pair => pair.first_change()) {
                Ok(Some(first)) => changed.push(Changed { storage, place, arrays, first }),
                Ok(None) => {}
                Err(wrong) => {
                    let entity = self.entities().nth(wrong / place.numbers());
                    let entity = entity.ok_or(NotWritten::Unfit(position))?;
                    return Err(NotWritten::Invalid(position, entity));
                }
            }
        }
        Ok(changed)
    }
}

impl Touched<'_> {
    fn is_of_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.storage, other.storage) && self.index == other.index
    }
}

impl Group {
    /// Writes fields of the table, which has the rows of this group.
    fn write_table(&self, world: &mut World, changed: &[Changed<'_>]) {
        let Some(first) = self.members.iter().next() else { return };
        let tick = world.change_tick();
        let column = |field: &Changed<'_>| Column::of(world, field.storage, field.place, first);
        let columns: Vec<_> = changed.iter().map(column).collect();
        for start in (0..self.members.len()).step_by(WINDOW) {
            let rows = start..self.members.len().min(start + WINDOW);
            for (field, column) in changed.iter().zip(&columns) {
                if let Some(column) = column {
                    // SAFETY: the column begins at the first row of the table, which has those of the
                    // group and is of a world that is borrowed for a change.
                    unsafe { field.write(column, start, self.elements(&rows), tick) };
                }
            }
        }
    }

    /// Writes fields of the entities of this group, wherever they are now.
    fn write_each(&self, world: &mut World, changed: &[Changed<'_>]) {
        let tick = world.change_tick();
        for (row, entity) in self.members.iter().enumerate() {
            for field in changed {
                if let Some(column) = Column::of(world, field.storage, field.place, entity) {
                    // SAFETY: the column begins at the row of the entity, which is one, and is of a
                    // world that is borrowed for a change.
                    unsafe { field.write(&column, 0, self.elements(&(row..row + 1)), tick) };
                }
            }
        }
    }

    /// Where in arrays some rows of the group are.
    fn elements(&self, rows: &Range<usize>) -> Range<usize> {
        self.start + rows.start..self.start + rows.end
    }
}

impl Changed<'_> {
    /// Writes what differs in some rows of the arrays into those of a column from one on.
    ///
    /// # Safety
    /// The column is this field's and has so many rows, and nobody else uses the world.
    unsafe fn write(&self, column: &Column<'_>, row: usize, rows: Range<usize>, tick: Tick) {
        let numbers = self.place.numbers();
        if rows.end * numbers <= self.first {
            return;
        }
        // SAFETY: the caller's; the arrays are of the type of the field.
        with_pair!(self.arrays, pair => unsafe {
            column.write(row, numbers, pair.part(rows, numbers), tick)
        });
    }
}
