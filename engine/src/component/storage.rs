//! Where the numbers of components lie in memory, and reading and writing one of them there.

use std::sync::OnceLock;

use bevy_ecs::component::ComponentId;
use bevy_ecs::entity::Entity;
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

/// One number of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A finite number.
    Float(f64),
    /// A whole number.
    Int(i64),
    /// A truth value.
    Bool(bool),
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

    /// The number in a field of one number; `None` if the field is no such, or the entity has no
    /// such component.
    #[inline]
    pub fn get(&self, world: &World, entity: Entity, index: usize) -> Option<Number> {
        let place = self.place(index).filter(|place| place.length.is_none())?;
        let component = world.get_by_id(entity, self.id(world)?)?;
        // SAFETY: the id is that of this storage's component, so that the place is within it, and
        // aligned, and holds what `primitive` says.
        unsafe {
            let number = component.as_ptr().add(place.offset);
            Some(match place.primitive {
                Primitive::Float => Number::Float(number.cast::<f64>().read()),
                Primitive::Int => Number::Int(i64::from(number.cast::<i32>().read())),
                Primitive::Long => Number::Int(number.cast::<i64>().read()),
                Primitive::Bool => Number::Bool(number.cast::<bool>().read()),
            })
        }
    }

    /// Sets a field of one float; `false`, and nothing is changed, if the field is no such, the
    /// number not finite, or the entity has no such component.
    #[inline]
    pub fn set_float(&self, world: &mut World, entity: Entity, index: usize, value: f64) -> bool {
        let Some(place) = self.place(index) else { return false };
        if place.primitive != Primitive::Float || place.length.is_some() || !value.is_finite() {
            return false;
        }
        let Some(id) = self.id(world) else { return false };
        let Some(mut component) = world.get_mut_by_id(entity, id) else { return false };
        // SAFETY: the id is that of this storage's component, so that the place is within it,
        // aligned, and an `f64`; nobody else has it while the world is borrowed.
        unsafe { component.as_mut().as_ptr().add(place.offset).cast::<f64>().write(value) };
        true
    }
}
