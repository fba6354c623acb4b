//! One field in the rows of a table, as memory.

use std::cell::{Cell, UnsafeCell};

use bevy_ecs::change_detection::{AtomicTick, Tick};
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::rows::Pair;
use super::{Element, Place, Storage};
use crate::wide::wide;

/// A field in the rows of a table from one on, and when the components there were changed.
#[derive(Clone, Copy)]
pub(super) struct Column<'w> {
    first: *mut u8,
    stride: usize,
    changed: &'w [UnsafeCell<Tick>],
    last_changed: Option<&'w AtomicTick>,
}

impl<'w> Column<'w> {
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
        Some(Self { first, stride, changed, last_changed: column.get_summary_tick() })
    }

    /// The number in a row, counted from the first, or the first one of its vector.
    ///
    /// # Safety
    /// The table has that row.
    #[inline]
    pub(super) unsafe fn at<T: Element>(&self, row: usize) -> *mut T {
        // SAFETY: the caller's; components lie side by side, a stride apart.
        unsafe { self.first.add(row * self.stride).cast() }
    }

    /// Writes the elements of an array that differ from what was read into the rows from one on, of
    /// so many numbers each, and notes in both arrays what the components have.
    ///
    /// # Safety
    /// The table has a row for so many elements, the field has so many numbers of this type, and
    /// nobody else uses the world.
    pub(super) unsafe fn write<T: Element>(
        self,
        row: usize,
        numbers: usize,
        Pair { array, before }: Pair<'_, T>,
        tick: Tick,
    ) {
        let is_same = |(one, other): (&Cell<T>, &Cell<T>)| one.get().bits() == other.get().bits();
        let pairs = array.iter().zip(before);
        let same: u64 = wide(|| pairs.clone().map(|pair| u64::from(is_same(pair))).sum());
        if same == array.len() as u64 {
            return;
        }
        let ticks = &self.changed[row..row + array.len() / numbers];
        // SAFETY: the caller's: nobody else uses the ticks.
        let mark = |tick_of_row: &UnsafeCell<Tick>| unsafe { *tick_of_row.get() = tick };
        // SAFETY: the caller's: the table has such a row, and the field such a number.
        let place = |step: usize, number| unsafe { self.at::<T>(row + step).add(number) };
        let mut is_done = false;
        if same == 0 {
            // What is changed is mostly changed as a whole, and many of one kind are written faster
            // than one of many kinds: ticks apart, and no vectors.
            ticks.iter().for_each(mark);
            // SAFETY: the place is that of this element.
            let is_put = |(step, pair)| unsafe { put(pair, place(step, 0)) };
            is_done = numbers == 1 && pairs.enumerate().all(is_put);
        }
        if !is_done {
            let vectors = array.chunks_exact(numbers).zip(before.chunks_exact(numbers));
            for (step, ((vector, before), tick_of_row)) in vectors.zip(ticks).enumerate() {
                for (number, pair) in vector.iter().zip(before).enumerate() {
                    // SAFETY: the place is that of this element.
                    if !is_same(pair) && unsafe { put(pair, place(step, number)) } {
                        mark(tick_of_row);
                    }
                }
            }
        }
        if let Some(last_changed) = self.last_changed {
            last_changed.set(tick);
        }
    }
}

/// Writes an element to its place in a component, and notes it as what was read; whether it could
/// be: it is read once and tested again, as another thread may write the array meanwhile.
///
/// # Safety
/// The place is that of a number of this type that nobody else uses.
#[inline]
unsafe fn put<T: Element>((element, before): (&Cell<T>, &Cell<T>), place: *mut T) -> bool {
    let value = T::read_once(element);
    if !value.is_valid() {
        return false;
    }
    let clean = value.clean();
    // SAFETY: the caller's.
    unsafe { place.write(clean) };
    before.set(clean);
    if clean.bits() != value.bits() {
        element.set(clean);
    }
    true
}
