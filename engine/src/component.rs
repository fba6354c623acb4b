//! Components by name: their fields, kinds, defaults and ranges.
//!
//! Scenes, scripts and consoles know a component as a name and fields of plain data; the ECS knows
//! it as a type or a layout. A [`ComponentKind`] is the bridge, kept in the world's
//! [`ComponentRegistry`]; the `component!` macro makes one for each native component. It reads and
//! writes one field at a time, so that a script that touches `transform.x` pays for that field
//! alone.

mod column;
mod dynamic;
mod element;
mod error;
mod field;
mod macros;
mod native;
mod number;
mod object;
mod registry;
mod rows;
mod storage;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

pub use element::Element;
pub use error::ComponentError;
pub(crate) use error::bad_value;
pub use field::{Choice, Field, FieldKind, FieldValue, MAX_VECTOR};
pub(crate) use macros::{choice, component};
pub use native::Fields;
use native::Native;
pub use number::{Number, NumberField};
pub use object::{Object, Opaque};
pub use registry::ComponentRegistry;
pub(crate) use registry::is_meant;
pub use rows::{Arrays, NotWritten, Pair, Rows, Touched};
pub use storage::{Place, Primitive, Storage};

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
    /// Where its numbers lie. Kinds with the same storage are versions of one component.
    pub storage: Arc<Storage>,
    /// The module that declares it, if a script does.
    pub module: Option<Arc<str>>,
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
            storage: Arc::new(Storage::native::<C>()),
            module: None,
        }
    }

    /// Whether components of both kinds are the same in a world.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.storage, &other.storage)
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

#[cfg(test)]
mod tests;
