//! Components by name: their fields, kinds, defaults and ranges.
//!
//! Scenes, scripts and consoles know a component as a name and fields of plain data; the ECS knows
//! it as a type or a layout. A [`ComponentKind`] is the bridge, kept in the world's
//! [`ComponentRegistry`]; the `component!` macro makes one for each native component. It reads and
//! writes one field at a time, so that a script that touches `transform.x` pays for that field
//! alone.

mod error;
mod field;
mod macros;
mod native;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

pub use error::ComponentError;
pub(crate) use error::bad_value;
pub use field::{Choice, Field, FieldKind, FieldValue};
pub(crate) use macros::{choice, component};
pub use native::Fields;
use native::Native;

use crate::nearest::nearest;
use crate::value::Value;

/// Reaches one kind of component in a world. Positions of fields are below their number.
pub trait ComponentAccess: Send + Sync + 'static {
    /// The values of a new component, one for each field.
    fn defaults(&self) -> Vec<Value>;

    /// The value as a field holds it: `orange` becomes `#ffa500`, 1 becomes 1.0.
    ///
    /// # Errors
    /// [`ComponentError::BadValue`] if the field cannot hold it.
    fn settle(&self, index: usize, value: &Value) -> Result<Value, ComponentError>;

    /// Whether the entity lives and has this component.
    fn has(&self, world: &World, entity: Entity) -> bool;

    /// The value of one field, or `None` if the entity is gone or has no such component.
    fn get(&self, world: &World, entity: Entity, index: usize) -> Option<Value>;

    /// Sets one field.
    ///
    /// # Errors
    /// [`ComponentError::BadValue`] if the field cannot hold the value,
    /// [`ComponentError::Absent`] if the entity is gone or has no such component.
    fn set(
        &self,
        world: &mut World,
        entity: Entity,
        index: usize,
        value: &Value,
    ) -> Result<(), ComponentError>;

    /// Gives the entity this component, replacing the one it has. `values` are those of the first
    /// fields; the others take their defaults.
    ///
    /// # Errors
    /// As [`set`](Self::set); on an error the entity is as it was.
    fn insert(
        &self,
        world: &mut World,
        entity: Entity,
        values: &[Value],
    ) -> Result<(), ComponentError>;

    /// Takes the component from the entity; whether there was one.
    fn remove(&self, world: &mut World, entity: Entity) -> bool;
}

/// One kind of component: its name, its fields, and how to reach it in a world. A clone is the same
/// kind.
#[derive(Clone)]
pub struct ComponentKind {
    /// The component's name: `Transform`.
    pub name: Arc<str>,
    /// What the component is.
    pub doc: Arc<str>,
    /// The fields, in order.
    pub fields: Arc<[Field]>,
    /// How to reach it.
    pub access: Arc<dyn ComponentAccess>,
}

impl fmt::Debug for ComponentKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("ComponentKind").field(&self.name).finish()
    }
}

impl ComponentKind {
    /// The kind of the native component `C`.
    pub fn of<C: Fields>() -> Self {
        Self {
            name: C::NAME.into(),
            doc: C::DOC.into(),
            fields: C::FIELDS.into(),
            access: Arc::new(Native::<C>(PhantomData)),
        }
    }

    /// The position of the field called `name`.
    ///
    /// # Errors
    /// [`ComponentError::UnknownField`] names the nearest field that exists.
    pub fn field_index(&self, name: &str) -> Result<usize, ComponentError> {
        self.fields.iter().position(|field| field.name == name).ok_or_else(|| {
            ComponentError::UnknownField {
                component: self.name.to_string(),
                field: name.to_owned(),
                nearest: nearest(name, self.fields.iter().map(|field| field.name.as_ref())),
            }
        })
    }
}

/// The component kinds that scenes and scripts can name, in the order of their registration.
#[derive(Debug, Default, Resource)]
pub struct ComponentRegistry {
    kinds: Vec<ComponentKind>,
}

impl ComponentRegistry {
    /// Makes the native component `C` known by its name.
    pub fn register<C: Fields>(&mut self) {
        if self.get(C::NAME).is_none() {
            self.kinds.push(ComponentKind::of::<C>());
        }
    }

    /// All kinds, in the order of their registration.
    pub fn iter(&self) -> impl Iterator<Item = &ComponentKind> {
        self.kinds.iter()
    }

    /// The kind called `name`.
    pub fn get(&self, name: &str) -> Option<&ComponentKind> {
        self.kinds.iter().find(|kind| *kind.name == *name)
    }

    /// The kind called `name`.
    ///
    /// # Errors
    /// [`ComponentError::UnknownComponent`] names the nearest kind that exists.
    pub fn find(&self, name: &str) -> Result<&ComponentKind, ComponentError> {
        self.get(name).ok_or_else(|| ComponentError::UnknownComponent {
            name: name.to_owned(),
            nearest: nearest(name, self.kinds.iter().map(|kind| kind.name.as_ref())),
        })
    }
}

#[cfg(test)]
mod tests;
