//! Columns of numbers: a field of many entities read into an array, and written back.
//!
//! Tables keep the components of entities that have the same ones side by side, so that a field of
//! all of them is read in one pass. [`Rows`] remembers which entities an array's elements belong
//! to, and finds them again however the world has changed meanwhile.

use std::cell::{Cell, UnsafeCell};

use bevy_ecs::change_detection::Tick;
use bevy_ecs::component::ComponentId;
use bevy_ecs::entity::Entity;
use bevy_ecs::storage::{Table, TableId};
use bevy_ecs::world::World;

use super::{Place, Primitive, Storage};
use crate::process::InstanceName;

/// How many elements are compared at once: so few that they stay in the fastest cache until those
/// that differ are written.
const CHUNK: usize = 1024;

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
    entities: Vec<Entity>,
}

/// A number as arrays have it: a truth value is a byte, because an array may hold any there.
///
/// # Safety
/// The type has the size and alignment of what a component has in a place of
/// [`PRIMITIVE`](Self::PRIMITIVE), which may be read as it; [`clean`](Self::clean) gives what may be
/// written there.
pub unsafe trait Element: Copy + Default {
    /// What a number of this type is in a component.
    const PRIMITIVE: Primitive;

    /// Whether a component may hold it.
    fn is_valid(self) -> bool {
        true
    }

    /// The same bits, to be compared.
    fn bits(self) -> u64;

    /// What the memory of a component may have.
    #[must_use]
    fn clean(self) -> Self {
        self
    }
}

// SAFETY: a float is one.
unsafe impl Element for f64 {
    const PRIMITIVE: Primitive = Primitive::Float;

    fn is_valid(self) -> bool {
        self.is_finite()
    }

    fn bits(self) -> u64 {
        self.to_bits()
    }
}

// SAFETY: a long is one.
unsafe impl Element for i64 {
    const PRIMITIVE: Primitive = Primitive::Long;

    fn bits(self) -> u64 {
        self.cast_unsigned()
    }
}

// SAFETY: an int is one.
unsafe impl Element for i32 {
    const PRIMITIVE: Primitive = Primitive::Int;

    fn bits(self) -> u64 {
        self.cast_unsigned().into()
    }
}

// SAFETY: a bool has a byte, which is 0 or 1, and `clean` gives no other.
unsafe impl Element for u8 {
    const PRIMITIVE: Primitive = Primitive::Bool;

    fn bits(self) -> u64 {
        self.into()
    }

    fn clean(self) -> Self {
        (self != 0).into()
    }
}

impl Rows {
    /// The processes that have all of these components.
    pub fn all<'a>(world: &World, components: impl IntoIterator<Item = &'a Storage>) -> Self {
        let named = world.component_id::<InstanceName>();
        let ids: Option<Vec<_>> =
            components.into_iter().map(|storage| storage.id(world)).chain([named]).collect();
        // A component without an id is one that no entity has.
        let ids = ids.unwrap_or_default();
        let tables = world.storages().tables.iter().enumerate();
        let groups = tables
            .filter(|(_, table)| {
                !ids.is_empty() && !table.is_empty() && ids.iter().all(|id| table.has_column(*id))
            })
            .map(|(index, table)| Group {
                table: Some(TableId::from_usize(index)),
                entities: table.entities().to_vec(),
            });
        Self::new(groups.collect())
    }

    /// Those of these rows whose entity is chosen.
    #[must_use]
    pub fn filtered(&self, is_chosen: impl FnMut(&Entity) -> bool) -> Self {
        let entities = self.entities().filter(is_chosen).collect();
        Self::new(vec![Group { table: None, entities }])
    }

    fn new(groups: Vec<Group>) -> Self {
        let length = groups.iter().map(|group| group.entities.len()).sum();
        Self { groups, length }
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
        self.groups.iter().flat_map(|group| group.entities.iter().copied())
    }

    /// Reads the field at `index` of all entities into two arrays alike, one to be changed and one to
    /// compare it with, of as many elements as there are entities times numbers in the field. An entity that has it no more gets zeros. `false`, and
    /// nothing is done, if an array's type or length is not the field's.
    pub fn gather<T: Element>(
        &self,
        world: &World,
        storage: &Storage,
        index: usize,
        [array, copy]: [&[Cell<T>]; 2],
    ) -> bool {
        let Some(place) = self.place::<T>(storage, index, array) else { return false };
        if copy.len() != array.len() {
            return false;
        }
        let Some(id) = storage.id(world) else { return self.is_empty() };
        let mut start = 0;
        for group in &self.groups {
            let end = start + group.entities.len() * place.numbers();
            let (elements, copies) = (&array[start..end], &copy[start..end]);
            start = end;
            let column = Column::<T>::whole(world, group, id, place);
            // Vectors and numbers apart, so that the second loop is a tight one.
            match column {
                Some(column) if place.length().is_none() => {
                    for (row, (element, copy)) in elements.iter().zip(copies).enumerate() {
                        // SAFETY: a group has as many elements as its table has rows.
                        let number = unsafe { column.at(row).read() };
                        element.set(number);
                        copy.set(number);
                    }
                }
                Some(column) => {
                    for (row, vector) in elements.chunks_exact(place.numbers()).enumerate() {
                        // SAFETY: as above; a vector of n numbers has room for as many.
                        vector.iter().enumerate().for_each(|(number, element)| unsafe {
                            element.set(column.at(row).add(number).read());
                        });
                    }
                    copy_cells(elements, copies);
                }
                None => {
                    let vectors = elements.chunks_exact(place.numbers());
                    for (vector, entity) in vectors.zip(&group.entities) {
                        let component = world.get_by_id(*entity, id);
                        for (number, element) in vector.iter().enumerate() {
                            element.set(component.map_or(T::default(), |component| {
                                // SAFETY: the id is that of the storage whose place it is.
                                unsafe { number_at::<T>(component.as_ptr(), place, number).read() }
                            }));
                        }
                    }
                    copy_cells(elements, copies);
                }
            }
        }
        true
    }

    /// The first entity with an element that differs from what was read `before` and that a
    /// component may not hold.
    pub fn first_invalid<T: Element>(
        &self,
        before: &[Cell<T>],
        array: &[Cell<T>],
    ) -> Option<Entity> {
        if array.iter().fold(true, |valid, element| valid & element.get().is_valid()) {
            return None;
        }
        let is_invalid = |(one, other): (&Cell<T>, &Cell<T>)| {
            !one.get().is_valid() && one.get().bits() != other.get().bits()
        };
        let position = array.iter().zip(before).position(is_invalid)?;
        self.entities().nth(position / (array.len() / self.len().max(1)).max(1))
    }

    /// Writes the elements of an array that differ from what was read `before` into the field at
    /// `index`. Entities that have it no more are left out. `false`, and nothing is done, if the
    /// type or length of an array is not the field's.
    pub fn scatter<T: Element>(
        &self,
        world: &mut World,
        storage: &Storage,
        index: usize,
        before: &[Cell<T>],
        array: &[Cell<T>],
    ) -> bool {
        let Some(place) = self.place::<T>(storage, index, array) else { return false };
        if before.len() != array.len() {
            return false;
        }
        let Some(id) = storage.id(world) else { return self.is_empty() };
        let tick = world.change_tick();
        let numbers = place.numbers();
        let mut start = 0;
        for group in &self.groups {
            let end = start + group.entities.len() * place.numbers();
            let (before, after) = (&before[start..end], &array[start..end]);
            start = end;
            // Found at the first chunk that differs: in many columns none does.
            let mut target = None;
            for (chunk, (before, after)) in
                before.chunks(CHUNK).zip(after.chunks(CHUNK)).enumerate()
            {
                let pairs = before.iter().zip(after);
                let differ =
                    |(one, other): (&Cell<T>, &Cell<T>)| one.get().bits() ^ other.get().bits();
                if pairs.clone().fold(0, |bits, pair| bits | differ(pair)) == 0 {
                    continue;
                }
                let (column, ticks) =
                    target.get_or_insert_with(|| Column::<T>::with_ticks(world, group, id, place));
                let changed = pairs.enumerate().filter(|(_, pair)| differ(*pair) != 0);
                for (position, (_, after)) in changed {
                    let position = chunk * CHUNK + position;
                    let (row, number) = match numbers {
                        1 => (position, 0),
                        _ => (position / numbers, position % numbers),
                    };
                    let value = after.get().clean();
                    if let Some(column) = column {
                        // SAFETY: a group has as many elements as its table has rows, which is the
                        // number of ticks too, and the world is borrowed, so that nobody else has
                        // this component or its tick.
                        unsafe {
                            column.at(row).add(number).write(value);
                            *UnsafeCell::raw_get(ticks.add(row)) = tick;
                        }
                    } else if let Some(mut component) = world.get_mut_by_id(group.entities[row], id)
                    {
                        let component = component.as_mut().as_ptr();
                        // SAFETY: the id is that of the storage whose place it is, and the
                        // component is borrowed.
                        unsafe { number_at::<T>(component, place, number).cast_mut().write(value) };
                    }
                }
            }
        }
        true
    }

    /// The place of a field, if it is one for such an array.
    fn place<T: Element>(
        &self,
        storage: &Storage,
        index: usize,
        array: &[Cell<T>],
    ) -> Option<Place> {
        let place = storage.place(index)?;
        let fits =
            place.primitive() == T::PRIMITIVE && array.len() == self.length * place.numbers();
        fits.then_some(place)
    }
}

fn copy_cells<T: Copy>(from: &[Cell<T>], to: &[Cell<T>]) {
    from.iter().zip(to).for_each(|(from, to)| to.set(from.get()));
}

/// A number of a vector, or of a field of one number.
///
/// # Safety
/// `component` points to a component of the storage that `place` belongs to.
unsafe fn number_at<T: Element>(component: *const u8, place: Place, number: usize) -> *const T {
    // SAFETY: the caller's.
    unsafe { component.add(place.offset).cast::<T>().add(number) }
}

/// A field in the rows of a table.
struct Column<T> {
    first: *mut u8,
    stride: usize,
    number: std::marker::PhantomData<T>,
}

impl<T: Element> Column<T> {
    /// The field in the table of a group, if the group still is what the table holds.
    fn whole(world: &World, group: &Group, id: ComponentId, place: Place) -> Option<Self> {
        let table: &Table = world.storages().tables.get(group.table?)?;
        if table.entities() != group.entities.as_slice() {
            return None;
        }
        let stride = world.components().get_info(id)?.layout().size();
        let first = world.get_by_id(*group.entities.first()?, id)?;
        // SAFETY: the place is within the component.
        let first = unsafe { first.as_ptr().cast_mut().add(place.offset) };
        Some(Self { first, stride, number: std::marker::PhantomData })
    }

    /// The field, and the ticks of when the components were last changed, one a row: to be used only
    /// where there is a field, and until the world is changed otherwise.
    fn with_ticks(
        world: &World,
        group: &Group,
        id: ComponentId,
        place: Place,
    ) -> (Option<Self>, *const UnsafeCell<Tick>) {
        let table = group.table.and_then(|table| world.storages().tables.get(table));
        let ticks = table.and_then(|table| table.get_changed_ticks_slice_for(id));
        (Self::whole(world, group, id, place), ticks.unwrap_or_default().as_ptr())
    }

    /// The number in a row, or the first one of its vector.
    ///
    /// # Safety
    /// The table has that row.
    #[inline]
    unsafe fn at(&self, row: usize) -> *mut T {
        // SAFETY: the caller's; components lie side by side, a stride apart.
        unsafe { self.first.add(row * self.stride).cast() }
    }
}
