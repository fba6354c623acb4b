//! Columns of numbers: a field of many entities read into an array, and written back.
//!
//! Tables keep the components of entities that have the same ones side by side, so that a field of
//! all of them is read in one pass. [`Rows`] remembers which entities an array's elements belong
//! to, and finds them again however the world has changed meanwhile.

use std::cell::Cell;
use std::ops::Range;

use bevy_ecs::change_detection::Tick;
use bevy_ecs::entity::Entity;
use bevy_ecs::storage::{Table, TableId};
use bevy_ecs::world::World;

use super::column::Column;
use super::{Element, Place, Storage};
use crate::process::InstanceName;

/// How many rows are looked at and written at once: so few that what several fields have there stays
/// in a fast cache.
const WINDOW: usize = 1024;

/// The entities that have some components, in the order in which the world keeps them: that of
/// spawning, as long as none was deleted or had other components put in or taken out. It depends
/// on nothing but what happened, so that it is the same in every run.
#[derive(Debug)]
pub struct Rows {
    groups: Vec<Group>,
    windows: Vec<Window>,
    length: usize,
}

/// Entities that were neighbours.
#[derive(Debug)]
struct Group {
    /// The table that they filled, from its first row to its last; `None` for a choice of them.
    table: Option<TableId>,
    entities: Vec<Entity>,
}

/// Some neighbours in one group.
#[derive(Debug)]
struct Window {
    group: usize,
    /// Which rows of the group.
    rows: Range<usize>,
    /// How many entities come before them in other groups.
    before: usize,
}

/// In which windows a block has changed an array.
#[derive(Debug)]
pub struct Changes(Vec<bool>);

impl Window {
    /// Where in an array of so many numbers an entity the elements of these rows are.
    fn elements(&self, numbers: usize) -> Range<usize> {
        (self.before + self.rows.start) * numbers..(self.before + self.rows.end) * numbers
    }
}

/// Rows as a world has them now: nobody can change it meanwhile.
#[derive(Debug)]
pub struct Found<'w> {
    rows: &'w Rows,
    world: &'w mut World,
    /// For each group, whether its table still has these rows and no other.
    is_whole: Vec<bool>,
}

impl Group {
    /// The table, if its rows are those of this group.
    fn table<'w>(&self, world: &'w World) -> Option<&'w Table> {
        let table = world.storages().tables.get(self.table?)?;
        are_same(table.entities(), &self.entities).then_some(table)
    }
}

impl Rows {
    /// The processes that have all of these components.
    pub fn all<'a>(world: &World, components: impl IntoIterator<Item = &'a Storage>) -> Self {
        let groups = tables(world, components);
        let groups = groups
            .map(|(id, table)| Group { table: Some(id), entities: table.entities().to_vec() });
        Self::new(groups.collect())
    }

    /// Whether these are still the processes that have all of these components, in their order.
    pub fn is_current<'a>(
        &self,
        world: &World,
        components: impl IntoIterator<Item = &'a Storage>,
    ) -> bool {
        let mut groups = self.groups.iter();
        let is_next = |(id, table): (TableId, &Table)| {
            groups.next().is_some_and(|group| {
                group.table == Some(id) && are_same(table.entities(), &group.entities)
            })
        };
        tables(world, components).all(is_next) && groups.next().is_none()
    }

    /// Finds the rows in the world.
    pub fn find<'w>(&'w self, world: &'w mut World) -> Found<'w> {
        let is_whole = self.groups.iter().map(|group| group.table(world).is_some()).collect();
        Found { rows: self, world, is_whole }
    }

    /// Whether nobody has changed a component in the tables of these rows since the world's change
    /// tick passed `since`. It does not look whether the rows are still there.
    pub fn is_unchanged(&self, world: &World, storage: &Storage, since: Tick) -> bool {
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

    /// Those of these rows whose entity is chosen.
    #[must_use]
    pub fn filtered(&self, is_chosen: impl FnMut(&Entity) -> bool) -> Self {
        let entities = self.entities().filter(is_chosen).collect();
        Self::new(vec![Group { table: None, entities }])
    }

    fn new(groups: Vec<Group>) -> Self {
        let (mut windows, mut before) = (Vec::new(), 0);
        for (group, Group { entities, .. }) in groups.iter().enumerate() {
            let starts = (0..entities.len()).step_by(WINDOW);
            windows.extend(starts.map(|start| {
                let rows = start..entities.len().min(start + WINDOW);
                Window { group, rows, before }
            }));
            before += entities.len();
        }
        Self { groups, windows, length: before }
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

    /// The groups, and where in an array of so many numbers an entity their elements are.
    fn parts(&self, numbers: usize) -> impl Iterator<Item = (&Group, Range<usize>)> {
        self.groups.iter().scan(0, move |end, group| {
            let start = *end;
            *end += group.entities.len() * numbers;
            Some((group, start..*end))
        })
    }

    /// How many windows of rows there are: what [`Found::scatter`] writes at once.
    pub fn windows(&self) -> usize {
        self.windows.len()
    }

    /// Where an array differs from what was read `before`.
    ///
    /// # Errors
    /// The first entity with an element that differs and that a component may not hold.
    pub fn changes<T: Element>(
        &self,
        before: &[Cell<T>],
        array: &[Cell<T>],
    ) -> Result<Changes, Entity> {
        let numbers = (array.len() / self.len().max(1)).max(1);
        let is_changed = |window: &Window| {
            let part = window.elements(numbers);
            let pairs = before[part.clone()].iter().zip(&array[part.clone()]);
            let (mut difference, mut is_valid) = (0, true);
            for (before, after) in pairs.clone() {
                difference |= before.get().bits() ^ after.get().bits();
                is_valid &= after.get().is_valid();
            }
            let is_wrong = |(before, after): (&Cell<T>, &Cell<T>)| {
                !after.get().is_valid() && before.get().bits() != after.get().bits()
            };
            if difference != 0
                && !is_valid
                && let Some(position) = pairs.clone().position(is_wrong)
            {
                let row = window.rows.start + position / numbers;
                return Err(self.groups[window.group].entities[row]);
            }
            Ok(difference != 0)
        };
        self.windows.iter().map(is_changed).collect::<Result<_, _>>().map(Changes)
    }

    /// The place of a field, if it is one for two such arrays.
    fn place<T: Element>(
        &self,
        storage: &Storage,
        index: usize,
        array: &[Cell<T>],
        other: &[Cell<T>],
    ) -> Option<Place> {
        let place = storage.place(index)?;
        let fits = place.primitive() == T::PRIMITIVE
            && array.len() == self.length * place.numbers()
            && other.len() == array.len();
        fits.then_some(place)
    }
}

impl Found<'_> {
    /// Whether all of these rows are there.
    pub fn is_whole(&self) -> bool {
        self.is_whole.iter().all(|is_whole| *is_whole)
    }

    /// The world.
    pub fn world(&self) -> &World {
        self.world
    }

    /// A field in the table of a group, if all of its rows are there.
    fn column<T: Element>(
        &self,
        group: &Group,
        is_whole: bool,
        storage: &Storage,
        place: Place,
    ) -> Option<Column<'_, T>> {
        let first = group.entities.first().filter(|_| is_whole)?;
        Column::of(self.world, storage, place, *first)
    }

    /// Reads the field at `index` of all entities into two arrays alike, one to be changed and one
    /// to compare it with, of as many elements as there are entities times numbers in the field. An
    /// entity that has it no more gets zeros. `false`, and nothing is done, if an array's type or
    /// length is not the field's.
    pub fn gather<T: Element>(
        &self,
        storage: &Storage,
        index: usize,
        [array, copy]: [&[Cell<T>]; 2],
    ) -> bool {
        let Some(place) = self.rows.place::<T>(storage, index, array, copy) else { return false };
        let numbers = place.numbers();
        for ((group, part), is_whole) in self.rows.parts(numbers).zip(&self.is_whole) {
            let (elements, copies) = (&array[part.clone()], &copy[part]);
            match self.column::<T>(group, *is_whole, storage, place) {
                // Vectors and numbers apart, so that the first loop is a tight one.
                Some(column) if numbers == 1 => {
                    for (row, (element, copy)) in elements.iter().zip(copies).enumerate() {
                        // SAFETY: a group has as many elements as its table has rows.
                        let number = unsafe { column.at(row).read() };
                        element.set(number);
                        copy.set(number);
                    }
                    continue;
                }
                Some(column) => {
                    for (row, vector) in elements.chunks_exact(numbers).enumerate() {
                        // SAFETY: as above; a vector of n numbers has room for as many.
                        vector.iter().enumerate().for_each(|(number, element)| unsafe {
                            element.set(column.at(row).add(number).read());
                        });
                    }
                }
                None => {
                    for (vector, entity) in elements.chunks_exact(numbers).zip(&group.entities) {
                        let column = Column::<T>::of(self.world, storage, place, *entity);
                        for (number, element) in vector.iter().enumerate() {
                            element.set(column.as_ref().map_or(T::default(), |column| {
                                // SAFETY: the column begins at this entity's row; a vector of n
                                // numbers has room for as many.
                                unsafe { column.at(0).add(number).read() }
                            }));
                        }
                    }
                }
            }
            elements.iter().zip(copies).for_each(|(element, copy)| copy.set(element.get()));
        }
        true
    }

    /// Writes the elements of an array that differ from what was read `before` into the field at
    /// `index`, and notes them there, in one window: fields of one component are best written window
    /// by window. Entities that have it no more are left out. `false`, and nothing is done, if the
    /// type or length of an array is not the field's.
    ///
    /// # Panics
    /// If there are less windows or changes of less.
    pub fn scatter<T: Element>(
        &mut self,
        storage: &Storage,
        index: usize,
        [array, before]: [&[Cell<T>]; 2],
        changes: &Changes,
        window: usize,
    ) -> bool {
        let Some(place) = self.rows.place::<T>(storage, index, array, before) else { return false };
        if !changes.0[window] {
            return true;
        }
        let tick = self.world.change_tick();
        let window = &self.rows.windows[window];
        let group = &self.rows.groups[window.group];
        let part = window.elements(place.numbers());
        let (array, before) = (&array[part.clone()], &before[part]);
        let column = self.column::<T>(group, self.is_whole[window.group], storage, place);
        if let Some(column) = column {
            // SAFETY: a group has as many elements as its table has rows, and the world is borrowed
            // for a change.
            unsafe { column.write(window.rows.start, place.numbers(), array, before, tick) };
        } else {
            let vectors = array.chunks_exact(place.numbers());
            let vectors = vectors.zip(before.chunks_exact(place.numbers()));
            for (entity, (vector, before)) in
                group.entities[window.rows.clone()].iter().zip(vectors)
            {
                if let Some(column) = Column::of(self.world, storage, place, *entity) {
                    // SAFETY: as above; the column begins at the row of the entity.
                    unsafe { column.write(0, place.numbers(), vector, before, tick) };
                }
            }
        }
        true
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

/// Whether both are the same entities: as `==`, in a form that compares many at once.
fn are_same(these: &[Entity], others: &[Entity]) -> bool {
    let mut pairs = these.chunks(WINDOW).zip(others.chunks(WINDOW));
    let is_same = |(these, others): (&[Entity], &[Entity])| {
        let pairs = these.iter().zip(others);
        pairs.fold(0, |bits, (one, other)| bits | one.to_bits() ^ other.to_bits()) == 0
    };
    these.len() == others.len() && pairs.all(is_same)
}
