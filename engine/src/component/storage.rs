//! Where the numbers of components lie in memory.

use std::sync::OnceLock;

use bevy_ecs::component::ComponentId;
use bevy_ecs::entity::Entity;
use bevy_ecs::storage::{Table, TableRow};
use bevy_ecs::world::{World, WorldId};

use super::{FieldValue, Fields};

/// What a number is in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Primitive {
    /// An `f64`, finite.
    Float,
    /// An `i32`.
    Int,
    /// An `i64`.
    Long,
    /// A `bool`.
    Bool,
}

/// Where in a component a field of numbers lies, and how many it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub(super) offset: usize,
    pub(super) primitive: Primitive,
    pub(super) length: Option<u8>,
}

/// The memory of one component: its identity in each world, and where its numbers lie.
#[derive(Debug)]
pub struct Storage {
    find_id: FindId,
    /// The id in the first world that was asked about: there is rarely a second.
    cached: OnceLock<(WorldId, ComponentId)>,
    places: Box<[Option<Place>]>,
}

/// Finds the id of a component in a world that has it.
#[derive(Debug)]
pub(super) enum FindId {
    Native(fn(&World) -> Option<ComponentId>),
    Dynamic(super::dynamic::Serial),
}

impl Place {
    pub(crate) const fn of<T: FieldValue>(offset: usize) -> Option<Self> {
        match T::PRIMITIVE {
            Some(primitive) => {
                assert!(size_of::<T>() == primitive.size());
                Some(Self { offset, primitive, length: None })
            }
            None => None,
        }
    }

    /// What its numbers are.
    pub fn primitive(&self) -> Primitive {
        self.primitive
    }

    /// How many numbers there are: one if it is no vector.
    pub fn numbers(&self) -> usize {
        self.length.unwrap_or(1).into()
    }

    /// How many numbers there are, if it is a vector.
    pub fn length(&self) -> Option<u8> {
        self.length
    }
}

impl Primitive {
    /// Bytes that one takes, which is its alignment too.
    pub(super) const fn size(self) -> usize {
        match self {
            Self::Float | Self::Long => 8,
            Self::Int => 4,
            Self::Bool => 1,
        }
    }
}

impl Storage {
    pub(super) fn native<C: Fields>() -> Self {
        // SAFETY: `Fields` promises that the places are those of `C`, whose id this finds.
        unsafe { Self::new(FindId::Native(World::component_id::<C>), C::PLACES.into()) }
    }

    /// # Safety
    /// The component that `find_id` finds has its fields at these places, and is kept in tables.
    pub(super) unsafe fn new(find_id: FindId, places: Box<[Option<Place>]>) -> Self {
        Self { find_id, cached: OnceLock::new(), places }
    }

    /// Where the numbers of the field at `index` are, if it has any.
    pub fn place(&self, index: usize) -> Option<Place> {
        self.places.get(index).copied().flatten()
    }

    /// The places of all fields.
    pub(super) fn places(&self) -> &[Option<Place>] {
        &self.places
    }

    /// Which of the declared components it is the memory of, if of one.
    pub(super) fn serial(&self) -> Option<super::dynamic::Serial> {
        match self.find_id {
            FindId::Native(_) => None,
            FindId::Dynamic(serial) => Some(serial),
        }
    }

    /// The component's id in this world, once an entity had one.
    #[inline]
    pub fn id(&self, world: &World) -> Option<ComponentId> {
        match self.cached.get() {
            Some((known, id)) if *known == world.id() => Some(*id),
            _ => self.find_id(world),
        }
    }

    #[cold]
    fn find_id(&self, world: &World) -> Option<ComponentId> {
        let id = match self.find_id {
            FindId::Native(find) => find(world),
            FindId::Dynamic(serial) => serial.id(world),
        }?;
        // Another thread may have cached that of another world: then this one is found each time.
        let _ = self.cached.set((world.id(), id));
        Some(id)
    }

    /// The table that an entity is in, whether it has the component or not, and its row there.
    #[inline]
    pub(super) fn locate(world: &World, entity: Entity) -> Option<(&Table, TableRow)> {
        let location = world.entities().get_spawned(entity).ok()?;
        Some((world.storages().tables.get(location.table_id)?, location.table_row))
    }
}
