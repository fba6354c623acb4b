//! The short way to one number of one entity, for scripts that read and write fields one by one.

use std::sync::Arc;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{Place, Primitive, Storage};

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

/// A field of one number, with what it takes to find it in the component of any entity.
#[derive(Clone, Debug)]
pub struct NumberField {
    storage: Arc<Storage>,
    /// A place of that storage.
    place: Place,
}

impl NumberField {
    /// The field at `index` of a component; `None` if it is not of one number.
    pub fn of(storage: &Arc<Storage>, index: usize) -> Option<Self> {
        let place = storage.place(index).filter(|place| place.length.is_none())?;
        Some(Self { storage: storage.clone(), place })
    }

    /// The number; `None` if the entity is gone or has no such component.
    #[inline]
    pub fn get(&self, world: &World, entity: Entity) -> Option<Number> {
        let (table, row) = Storage::locate(world, entity)?;
        let column = table.get_column(self.storage.id(world)?)?;
        // SAFETY: the row is one of the column, whose components are of this field's storage, so
        // that the place is within them, and aligned, and holds what `primitive` says.
        unsafe {
            let number = column.get_data_unchecked(row).as_ptr().add(self.place.offset);
            Some(match self.place.primitive {
                Primitive::Float => Number::Float(number.cast::<f64>().read()),
                Primitive::Int => Number::Int(i64::from(number.cast::<i32>().read())),
                Primitive::Long => Number::Int(number.cast::<i64>().read()),
                Primitive::Bool => Number::Bool(number.cast::<bool>().read()),
            })
        }
    }

    /// Sets a field of a float; `false`, and nothing is changed, if the field is no such, the number
    /// not finite, or the entity has no such component.
    #[inline]
    pub fn set_float(&self, world: &mut World, entity: Entity, value: f64) -> bool {
        if self.place.primitive != Primitive::Float || !value.is_finite() {
            return false;
        }
        let tick = world.change_tick();
        let Some(id) = self.storage.id(world) else { return false };
        let Some((table, row)) = Storage::locate(world, entity) else { return false };
        let Some(column) = table.get_column(id) else { return false };
        // SAFETY: as in `get`; nobody else has the component or its tick, as the world is borrowed
        // for a change.
        unsafe {
            let component = column.get_data_unchecked(row).assert_unique();
            component.as_ptr().add(self.place.offset).cast::<f64>().write(value);
            *column.get_changed_tick_unchecked(row).get() = tick;
        }
        if let Some(summary) = column.get_summary_tick() {
            summary.set(tick);
        }
        true
    }
}
