//! Components that are Rust types.

use std::marker::PhantomData;

use bevy_ecs::component::{Component, Mutable};
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{ComponentAccess, ComponentError, Field, Place};
use crate::value::Value;

/// A native component whose fields are known by name; derived by the `component!` macro.
///
/// # Safety
/// A place of [`PLACES`](Self::PLACES) is that of the field in this very type, and the type is kept
/// in tables.
pub unsafe trait Fields: Component<Mutability = Mutable> + Default + Clone {
    /// The component's name, as in scenes and scripts.
    const NAME: &'static str;
    /// What the component is, in one or more sentences.
    const DOC: &'static str;
    /// The fields, in order.
    const FIELDS: &'static [Field];
    /// Where the numbers among the fields lie in memory, in the order of the fields.
    const PLACES: &'static [Option<Place>];

    /// Sets the field at `index` of [`FIELDS`](Self::FIELDS).
    ///
    /// # Errors
    /// [`ComponentError::BadValue`] if the field cannot hold the value.
    fn set_field(&mut self, index: usize, value: &Value) -> Result<(), ComponentError>;

    /// The value of the field at `index` of [`FIELDS`](Self::FIELDS).
    fn field(&self, index: usize) -> Value;
}

/// Reaches the native component `C`.
pub(super) struct Native<C>(pub(super) PhantomData<fn() -> C>);

fn absent<C: Fields>() -> ComponentError {
    ComponentError::Absent { component: C::NAME.to_owned() }
}

impl<C: Fields> ComponentAccess for Native<C> {
    fn defaults(&self) -> Vec<Value> {
        let component = C::default();
        (0..C::FIELDS.len()).map(|index| component.field(index)).collect()
    }

    fn settle(&self, index: usize, value: &Value) -> Result<Value, ComponentError> {
        let mut component = C::default();
        component.set_field(index, value)?;
        Ok(component.field(index))
    }

    fn has(&self, world: &World, entity: Entity) -> bool {
        world.get::<C>(entity).is_some()
    }

    fn get(&self, world: &World, entity: Entity, index: usize) -> Option<Value> {
        Some(world.get::<C>(entity)?.field(index))
    }

    fn set(
        &self,
        world: &mut World,
        entity: Entity,
        index: usize,
        value: &Value,
    ) -> Result<(), ComponentError> {
        world.get_mut::<C>(entity).ok_or_else(absent::<C>)?.set_field(index, value)
    }

    fn insert(
        &self,
        world: &mut World,
        entity: Entity,
        values: &[Value],
    ) -> Result<(), ComponentError> {
        let mut component = C::default();
        for (index, value) in values.iter().enumerate() {
            component.set_field(index, value)?;
        }
        world.get_entity_mut(entity).map_err(|_| absent::<C>())?.insert(component);
        Ok(())
    }

    fn remove(&self, world: &mut World, entity: Entity) -> bool {
        world.get_entity_mut(entity).ok().and_then(|mut entity| entity.take::<C>()).is_some()
    }
}
