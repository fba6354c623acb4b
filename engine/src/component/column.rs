//! One field in the rows of a table, as memory.

use std::cell::UnsafeCell;
use std::marker::PhantomData;

use bevy_ecs::change_detection::{AtomicTick, Tick};
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{Element, Place, Storage};

/// A field in the rows of a table from one on, and when the components there were changed.
#[derive(Clone, Copy)]
pub(super) struct Column<'w, T> {
    first: *mut u8,
    stride: usize,
    changed: &'w [UnsafeCell<Tick>],
    last_changed: Option<&'w AtomicTick>,
    number: PhantomData<T>,
}

impl<'w, T: Element> Column<'w, T> {
    /// The field at a place of a storage, in the table of an entity from its row on.
    pub(super) fn of(
        world: &'w World,
        storage: &Storage,
        place: Place,
        entity: Entity,
    ) -> Option<Self> {
        let id = storage.id(world)?;
        let stride = world.components().get_info(id)?.layout().size();
        let (table, row) = Storage::locate(world, entity)?;
        let column = table.get_column(id)?;
        let changed = table.get_changed_ticks_slice_for(id)?.get(row.index()..)?;
        // SAFETY: the row is the entity's, and the place is within its component.
        let first = unsafe { column.get_data_unchecked(row).as_ptr().cast_mut().add(place.offset) };
        let last_changed = column.get_summary_tick();
        Some(Self { first, stride, changed, last_changed, number: PhantomData })
    }

    /// The number in a row, counted from the first, or the first one of its vector.
    ///
    /// # Safety
    /// The table has that row.
    #[inline]
    pub(super) unsafe fn at(&self, row: usize) -> *mut T {
        // SAFETY: the caller's; components lie side by side, a stride apart.
        unsafe { self.first.add(row * self.stride).cast() }
    }

    /// Writes a number of a row, or of its vector.
    ///
    /// # Safety
    /// The table has that row, the vector that number, and nobody else uses the world.
    #[inline]
    pub(super) unsafe fn write(&self, row: usize, number: usize, value: T, tick: Tick) {
        // SAFETY: the caller's; there are as many ticks as rows.
        unsafe {
            self.at(row).add(number).write(value);
            *self.changed.get_unchecked(row).get() = tick;
        }
    }

    /// Says of the whole table that something in it was changed.
    #[inline]
    pub(super) fn mark_changed(&self, tick: Tick) {
        if let Some(last_changed) = self.last_changed {
            last_changed.set(tick);
        }
    }
}
