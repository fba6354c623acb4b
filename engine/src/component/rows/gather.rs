//! Reading a field of many entities into arrays.

use bevy_ecs::world::World;

use super::arrays::{Arrays, Pair, with_pair};
use super::{Group, Rows};
use crate::component::column::Column;
use crate::component::{Element, Place, Storage};

impl Rows {
    /// Reads the field at `index` of all entities into two arrays alike, of as many elements as there
    /// are entities times numbers in the field. An entity that has it no more gets zeros. `false`,
    /// and nothing is done, if the arrays are not such.
    pub fn gather(
        &self,
        world: &World,
        storage: &Storage,
        index: usize,
        arrays: &Arrays<'_>,
    ) -> bool {
        let place = storage.place(index).filter(|place| arrays.fit(*place, self.len()));
        let Some(place) = place else { return false };
        for group in &self.groups {
            let rows = group.start..group.start + group.members.len();
            with_pair!(arrays, pair => {
                group.gather(world, storage, place, pair.part(rows, place.numbers()));
            });
        }
        true
    }
}

impl Group {
    /// Reads a field of all entities of the group into its part of arrays.
    fn gather<T: Element>(
        &self,
        world: &World,
        storage: &Storage,
        place: Place,
        Pair { array, before }: Pair<'_, T>,
    ) {
        let numbers = place.numbers();
        let first = self.table(world).and_then(|table| table.entities().first());
        match first.and_then(|first| Column::of(world, storage, place, *first)) {
            // Vectors and numbers apart, so that the first loop is a tight one.
            Some(column) if numbers == 1 => {
                for (row, (element, before)) in array.iter().zip(before).enumerate() {
                    // SAFETY: the group has as many elements as its table has rows, and they are of
                    // the field's type.
                    let number = unsafe { column.at::<T>(row).read() };
                    element.set(number);
                    before.set(number);
                }
            }
            Some(column) => {
                for (row, vector) in array.chunks_exact(numbers).enumerate() {
                    // SAFETY: as above; a vector of n numbers has room for as many.
                    vector.iter().enumerate().for_each(|(number, element)| unsafe {
                        element.set(column.at::<T>(row).add(number).read());
                    });
                }
                before.iter().zip(array).for_each(|(before, element)| before.set(element.get()));
            }
            None => {
                for (vector, entity) in array.chunks_exact(numbers).zip(self.members.iter()) {
                    let column = Column::of(world, storage, place, entity);
                    for (number, element) in vector.iter().enumerate() {
                        element.set(column.as_ref().map_or(T::default(), |column| {
                            // SAFETY: as above; the column begins at this entity's row.
                            unsafe { column.at::<T>(0).add(number).read() }
                        }));
                    }
                }
                before.iter().zip(array).for_each(|(before, element)| before.set(element.get()));
            }
        }
    }
}
