//! Components by name: their fields, kinds, defaults and ranges.
//!
//! Scenes, scripts and consoles know a component as a name and fields of plain data; the ECS knows
//! it as a type. A [`ComponentKind`] is the bridge: made by the `component!` macro for
//! each native component and kept in the world's [`ComponentRegistry`]. It reads and writes one
//! field at a time, so that a script that touches `transform.x` pays for that field alone.

mod field;
mod macros;

use bevy_ecs::component::{Component, Mutable};
use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use thiserror::Error;

pub use field::{Choice, Field, FieldKind, FieldValue};
pub(crate) use macros::{choice, component};

use crate::nearest::nearest;
use crate::value::Value;

/// What is wrong with a component or field as somebody wrote it.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ComponentError {
    /// No component has this name.
    #[error("there is no component `{name}`{}", did_you_mean(.nearest))]
    UnknownComponent {
        /// The name as written.
        name: String,
        /// The name that comes closest, if one does.
        nearest: Option<String>,
    },
    /// The component has no such field.
    #[error("component {component} has no field `{field}`{}", did_you_mean(.nearest))]
    UnknownField {
        /// The component's name.
        component: &'static str,
        /// The field as written.
        field: String,
        /// The field that comes closest, if one does.
        nearest: Option<String>,
    },
    /// The field cannot hold this value.
    #[error("{component}.{field} takes {expected}, not {found}")]
    BadValue {
        /// The component's name.
        component: &'static str,
        /// The field's name.
        field: &'static str,
        /// What the field takes, with its range.
        expected: String,
        /// The value as written.
        found: String,
    },
    /// The entity is gone or never had the component.
    #[error("the process has no {component}")]
    Absent {
        /// The component's name.
        component: &'static str,
    },
}

/// The error of a field of `C` that cannot hold `found`.
pub(crate) fn bad_value<C: Fields>(index: usize, found: &Value) -> ComponentError {
    let field = &C::FIELDS[index];
    ComponentError::BadValue {
        component: C::NAME,
        field: field.name,
        expected: field.kind.describe(),
        found: format!("{} ({found})", found.kind()),
    }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// A native component whose fields are known by name; derived by the `component!` macro.
pub trait Fields: Component<Mutability = Mutable> + Default + Clone {
    /// The component's name, as in scenes and scripts.
    const NAME: &'static str;
    /// What the component is, in one or more sentences.
    const DOC: &'static str;
    /// The fields, in order.
    const FIELDS: &'static [Field];

    /// Sets the field at `index` of [`FIELDS`](Self::FIELDS).
    ///
    /// # Errors
    /// [`ComponentError::BadValue`] if the field cannot hold the value.
    fn set_field(&mut self, index: usize, value: &Value) -> Result<(), ComponentError>;

    /// The value of the field at `index` of [`FIELDS`](Self::FIELDS).
    fn field(&self, index: usize) -> Value;
}

/// One kind of component: its name, its fields, and how to reach it in a world.
#[derive(Clone, Copy, Debug)]
pub struct ComponentKind {
    /// The component's name: `Transform`.
    pub name: &'static str,
    /// What the component is.
    pub doc: &'static str,
    /// The fields, in order.
    pub fields: &'static [Field],
    defaults: fn() -> Vec<Value>,
    has: fn(&World, Entity) -> bool,
    get: fn(&World, Entity, usize) -> Option<Value>,
    set: fn(&mut World, Entity, usize, &Value) -> Result<(), ComponentError>,
    settle: fn(usize, &Value) -> Result<Value, ComponentError>,
    insert: fn(&mut World, Entity, &[Value]) -> Result<(), ComponentError>,
    remove: fn(&mut World, Entity) -> bool,
}

impl ComponentKind {
    /// The kind of the native component `C`.
    pub fn of<C: Fields>() -> Self {
        Self {
            name: C::NAME,
            doc: C::DOC,
            fields: C::FIELDS,
            defaults: || {
                let component = C::default();
                (0..C::FIELDS.len()).map(|index| component.field(index)).collect()
            },
            has: |world, entity| world.get::<C>(entity).is_some(),
            get: |world, entity, index| Some(world.get::<C>(entity)?.field(index)),
            set: |world, entity, index, value| {
                let mut component = world
                    .get_mut::<C>(entity)
                    .ok_or(ComponentError::Absent { component: C::NAME })?;
                component.set_field(index, value)
            },
            settle: |index, value| {
                let mut component = C::default();
                component.set_field(index, value)?;
                Ok(component.field(index))
            },
            insert: |world, entity, values| {
                let mut component = C::default();
                for (index, value) in values.iter().enumerate() {
                    component.set_field(index, value)?;
                }
                let mut entity = world
                    .get_entity_mut(entity)
                    .map_err(|_| ComponentError::Absent { component: C::NAME })?;
                entity.insert(component);
                Ok(())
            },
            remove: |world, entity| {
                let removed = world.get_entity_mut(entity).ok().and_then(|mut e| e.take::<C>());
                removed.is_some()
            },
        }
    }

    /// The position of the field called `name`.
    ///
    /// # Errors
    /// [`ComponentError::UnknownField`] names the nearest field that exists.
    pub fn field_index(&self, name: &str) -> Result<usize, ComponentError> {
        self.fields.iter().position(|field| field.name == name).ok_or_else(|| {
            ComponentError::UnknownField {
                component: self.name,
                field: name.to_owned(),
                nearest: nearest(name, self.fields.iter().map(|field| field.name)),
            }
        })
    }

    /// The values of a new component, one for each field.
    pub fn defaults(&self) -> Vec<Value> {
        (self.defaults)()
    }

    /// The value as a field holds it: `orange` becomes `#ffa500`, 1 becomes 1.0.
    ///
    /// # Errors
    /// [`ComponentError::BadValue`] if the field cannot hold it.
    ///
    /// # Panics
    /// If `index` is not below the number of fields.
    pub fn settle(&self, index: usize, value: &Value) -> Result<Value, ComponentError> {
        (self.settle)(index, value)
    }

    /// Whether the entity lives and has this component.
    pub fn has(&self, world: &World, entity: Entity) -> bool {
        (self.has)(world, entity)
    }

    /// The value of one field, or `None` if the entity is gone or has no such component.
    ///
    /// # Panics
    /// If `index` is not below the number of fields.
    pub fn get(&self, world: &World, entity: Entity, index: usize) -> Option<Value> {
        (self.get)(world, entity, index)
    }

    /// Sets one field.
    ///
    /// # Errors
    /// [`ComponentError::BadValue`] if the field cannot hold the value,
    /// [`ComponentError::Absent`] if the entity is gone or has no such component.
    pub fn set(
        &self,
        world: &mut World,
        entity: Entity,
        index: usize,
        value: &Value,
    ) -> Result<(), ComponentError> {
        (self.set)(world, entity, index, value)
    }

    /// Gives the entity this component, replacing the one it has. `values` are those of the first
    /// fields; the others take their defaults.
    ///
    /// # Errors
    /// As [`set`](Self::set); on an error the entity is as it was.
    pub fn insert(
        &self,
        world: &mut World,
        entity: Entity,
        values: &[Value],
    ) -> Result<(), ComponentError> {
        (self.insert)(world, entity, values)
    }

    /// Takes the component from the entity; whether there was one.
    pub fn remove(&self, world: &mut World, entity: Entity) -> bool {
        (self.remove)(world, entity)
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
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// The kind called `name`.
    ///
    /// # Errors
    /// [`ComponentError::UnknownComponent`] names the nearest kind that exists.
    pub fn find(&self, name: &str) -> Result<&ComponentKind, ComponentError> {
        self.get(name).ok_or_else(|| ComponentError::UnknownComponent {
            name: name.to_owned(),
            nearest: nearest(name, self.kinds.iter().map(|kind| kind.name)),
        })
    }
}

#[cfg(test)]
mod tests;
