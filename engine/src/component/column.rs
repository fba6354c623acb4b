//! One field in the rows of a table, as memory.

use std::cell::{Cell, UnsafeCell};
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

    /// Writes the elements of an array that differ from what they were into the rows from one on, of
    /// so many numbers each, and notes in both arrays what the components have. Each element is read
    /// once and tested again, as another thread may write the array meanwhile.
    ///
    /// # Safety
    /// The table has a row for so many elements, the field has so many numbers, and nobody else uses
    /// the world.
    pub(super) unsafe fn write(
        self,
        row: usize,
        numbers: usize,
        array: &[Cell<T>],
        before: &[Cell<T>],
        tick: Tick,
    ) {
        let mut changed = 0;
        for (position, (after, before)) in array.iter().zip(before).enumerate() {
            let (step, number) =
                if numbers == 1 { (position, 0) } else { (position / numbers, position % numbers) };
            let value = T::read_once(after);
            if value.bits() != before.get().bits() && value.is_valid() {
                // SAFETY: the caller's.
                unsafe { self.at(row + step).add(number).write(value.clean()) };
                changed += 1;
            }
        }
        if changed == 0 {
            return;
        }
        // Many of one are written faster than one of many: ticks and what is noted apart.
        let rows = array.len() / numbers;
        let ticks = &self.changed[row..row + rows];
        // SAFETY: the caller's: nobody else uses the ticks.
        let mark = |tick_of_row: &UnsafeCell<Tick>| unsafe { *tick_of_row.get() = tick };
        if changed == array.len() {
            ticks.iter().for_each(mark);
        } else {
            let vectors = array.chunks_exact(numbers).zip(before.chunks_exact(numbers));
            for (tick_of_row, (vector, before)) in ticks.iter().zip(vectors) {
                let mut pairs = vector.iter().zip(before);
                if pairs.any(|(after, before)| after.get().bits() != before.get().bits()) {
                    mark(tick_of_row);
                }
            }
        }
        for (after, before) in array.iter().zip(before) {
            let value = after.get().clean();
            after.set(value);
            before.set(value);
        }
        if let Some(last_changed) = self.last_changed {
            last_changed.set(tick);
        }
    }
}
