//! Components that scripts declare while the program runs.
//!
//! One is a piece of memory in a table, as a native one is: its numbers one after the other, and
//! before them, if there are fields of other kinds, a vector with their values.

use std::alloc::Layout;
use std::collections::HashMap;
use std::mem;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bevy_ecs::component::{ComponentCloneBehavior, ComponentDescriptor, ComponentId, StorageType};
use bevy_ecs::entity::Entity;
use bevy_ecs::ptr::OwningPtr;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use super::error::refused;
use super::storage::{FindId, Place, Primitive, Storage};
use super::{ComponentAccess, ComponentError, ComponentKind, Field, FieldKind, FieldValue};
use crate::value::Value;

/// The fields that are no numbers, in their order: what a component begins with if it has any.
type Others = Vec<Value>;

/// Which of the components that scripts have declared, in the order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Serial(u64);

/// The ids of declared components in one world.
#[derive(Debug, Default, Resource)]
struct DynamicIds(HashMap<Serial, ComponentId>);

impl Serial {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn id(self, world: &World) -> Option<ComponentId> {
        world.get_resource::<DynamicIds>()?.0.get(&self).copied()
    }
}

/// Reaches a component that a script has declared.
struct Dynamic {
    name: Arc<str>,
    fields: Arc<[Field]>,
    defaults: Vec<Value>,
    storage: Arc<Storage>,
    serial: Serial,
    layout: Layout,
}

impl ComponentKind {
    /// The kind of a component that a script declares: its fields with their defaults.
    ///
    /// If `earlier` has the same fields, this is another version of it: processes that have the one
    /// have the other.
    ///
    /// # Errors
    /// [`ComponentError::BadValue`] if a field cannot hold its default.
    pub fn declare(
        module: &str,
        name: &str,
        doc: &str,
        fields: Vec<(Field, Value)>,
        earlier: Option<&Self>,
    ) -> Result<Self, ComponentError> {
        let (fields, defaults): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
        let defaults = fields
            .iter()
            .zip(defaults)
            .map(|(field, value)| settle(name, field, &value))
            .collect::<Result<_, _>>()?;
        let (places, layout) = arrange(&fields);
        let has_same_fields = |earlier: &&Self| {
            let mut pairs = fields.iter().zip(earlier.fields.iter());
            earlier.module.is_some()
                && fields.len() == earlier.fields.len()
                && pairs.all(|(one, other)| one.name == other.name && one.kind == other.kind)
        };
        let earlier = earlier.filter(has_same_fields);
        let (serial, storage) = match earlier.map(|earlier| (&earlier.storage, earlier.serial())) {
            Some((storage, Some(serial))) => (serial, storage.clone()),
            _ => {
                let serial = Serial::next();
                // SAFETY: `Dynamic` alone gives components of this serial to worlds, in tables and
                // with this layout, in which `arrange` gave each of these places its room.
                let storage = unsafe { Storage::new(FindId::Dynamic(serial), places) };
                (serial, Arc::new(storage))
            }
        };
        let (name, fields): (Arc<str>, Arc<[Field]>) = (name.into(), fields.into());
        let access = Dynamic {
            name: name.clone(),
            fields: fields.clone(),
            defaults,
            storage: storage.clone(),
            serial,
            layout,
        };
        Ok(Self {
            name,
            doc: doc.into(),
            fields,
            access: Arc::new(access),
            storage,
            module: Some(module.into()),
        })
    }

    fn serial(&self) -> Option<Serial> {
        self.storage.serial()
    }
}

/// The place of each number, and the layout of the whole. The same fields are arranged the same.
fn arrange(fields: &[Field]) -> (Box<[Option<Place>]>, Layout) {
    let kinds = fields.iter().map(|field| match field.kind {
        FieldKind::Float => Some((Primitive::Float, None)),
        FieldKind::Long => Some((Primitive::Long, None)),
        FieldKind::Int => Some((Primitive::Int, None)),
        FieldKind::Bool => Some((Primitive::Bool, None)),
        FieldKind::Vector(length) => Some((Primitive::Float, Some(length))),
        _ => None,
    });
    let has_others = kinds.clone().any(|kind| kind.is_none());
    let mut end = if has_others { size_of::<Others>() } else { 0 };
    let mut place = |(primitive, length): (Primitive, Option<u8>)| {
        let offset = end.next_multiple_of(primitive.size());
        end = offset + primitive.size() * usize::from(length.unwrap_or(1));
        Place { offset, primitive, length }
    };
    let places = kinds.map(|kind| kind.map(&mut place)).collect::<Vec<_>>().into();
    let layout = Layout::array::<u64>(end.div_ceil(size_of::<u64>()));
    (places, layout.unwrap_or_else(|_| unreachable!("no component has 2^63 bytes")))
}

/// The value as a field holds it.
fn settle(component: &str, field: &Field, value: &Value) -> Result<Value, ComponentError> {
    let settled = match (field.kind, value) {
        (FieldKind::Float, value) => f64::from_value(value).map(Value::Float),
        (FieldKind::Int, value) => i32::from_value(value).map(|number| Value::Int(number.into())),
        (FieldKind::Long, Value::Int(number)) => Some(Value::Int(*number)),
        (FieldKind::Bool, Value::Bool(truth)) => Some(Value::Bool(*truth)),
        (FieldKind::Text, Value::Str(text)) => Some(Value::Str(text.clone())),
        (FieldKind::Vector(length), Value::List(numbers))
            if numbers.len() == usize::from(length) =>
        {
            let numbers = numbers.iter().map(|value| f64::from_value(value).map(Value::Float));
            numbers.collect::<Option<_>>().map(Value::List)
        }
        (FieldKind::Object, value) => Some(value.clone()),
        _ => None,
    };
    settled.ok_or_else(|| refused(component, field, value))
}

/// Reads the field at a place.
///
/// # Safety
/// `component` points to a component of the storage that `place` belongs to.
unsafe fn read(component: *const u8, place: Place) -> Value {
    // SAFETY: the caller's; a vector of n numbers has room for as many.
    unsafe {
        let number = component.add(place.offset);
        let float = |index: u8| Value::Float(number.cast::<f64>().add(index.into()).read());
        match (place.primitive, place.length) {
            (_, Some(length)) => Value::List((0..length).map(float).collect()),
            (Primitive::Float, None) => float(0),
            (Primitive::Int, None) => Value::Int(number.cast::<i32>().read().into()),
            (Primitive::Long, None) => Value::Int(number.cast::<i64>().read()),
            (Primitive::Bool, None) => Value::Bool(number.cast::<bool>().read()),
        }
    }
}

/// Writes a settled value to its place.
///
/// # Safety
/// `component` points to memory of the layout that `place` belongs to, which nobody else uses.
unsafe fn write(component: *mut u8, place: Place, value: &Value) {
    // SAFETY: the caller's; a settled vector has the length of its place.
    unsafe {
        let number = component.add(place.offset);
        match (place.primitive, value) {
            (Primitive::Float, Value::Float(value)) => number.cast::<f64>().write(*value),
            (Primitive::Float, Value::List(values)) => {
                for (index, value) in values.iter().take(place.numbers()).enumerate() {
                    let value = f64::from_value(value).unwrap_or_default();
                    number.cast::<f64>().add(index).write(value);
                }
            }
            (Primitive::Int, value) => {
                number.cast::<i32>().write(i32::from_value(value).unwrap_or_default());
            }
            (Primitive::Long, Value::Int(value)) => number.cast::<i64>().write(*value),
            (Primitive::Bool, Value::Bool(value)) => number.cast::<bool>().write(*value),
            _ => {}
        }
    }
}

impl Dynamic {
    fn absent(&self) -> ComponentError {
        ComponentError::Absent { component: self.name.to_string() }
    }

    fn has_others(&self) -> bool {
        self.storage.places().iter().any(Option::is_none)
    }

    /// The position of a field among those that are no numbers.
    fn position(&self, index: usize) -> usize {
        self.storage.places()[..index].iter().filter(|place| place.is_none()).count()
    }

    /// The component's id in this world, which learns of it now if it has to.
    fn register(&self, world: &mut World) -> ComponentId {
        if let Some(id) = self.storage.id(world) {
            return id;
        }
        let drop = |component: OwningPtr<'_>| {
            // SAFETY: a component with this function begins with its `Others`.
            unsafe { component.drop_as::<Others>() }
        };
        // SAFETY: all fields may be sent and shared between threads, and `drop` is given only where
        // the layout begins with what it drops.
        let descriptor = unsafe {
            ComponentDescriptor::new_with_layout(
                self.name.to_string(),
                StorageType::Table,
                self.layout,
                self.has_others().then_some(drop),
                true,
                // Tables tell when one in them was last changed, for `Rows`.
                true,
                ComponentCloneBehavior::Ignore,
                None,
            )
        };
        let id = world.register_component_with_descriptor(descriptor);
        world.get_resource_or_init::<DynamicIds>().0.insert(self.serial, id);
        id
    }
}

impl ComponentAccess for Dynamic {
    fn defaults(&self) -> Vec<Value> {
        self.defaults.clone()
    }

    fn settle(&self, index: usize, value: &Value) -> Result<Value, ComponentError> {
        settle(&self.name, &self.fields[index], value)
    }

    fn has(&self, world: &World, entity: Entity) -> bool {
        let id = self.storage.id(world);
        id.is_some_and(|id| world.get_by_id(entity, id).is_some())
    }

    fn get(&self, world: &World, entity: Entity, index: usize) -> Option<Value> {
        let component = world.get_by_id(entity, self.storage.id(world)?)?;
        match self.storage.places()[index] {
            // SAFETY: the component is of this storage.
            Some(place) => Some(unsafe { read(component.as_ptr(), place) }),
            // SAFETY: a component with fields that are no numbers begins with them.
            None => unsafe { component.deref::<Others>() }.get(self.position(index)).cloned(),
        }
    }

    fn set(
        &self,
        world: &mut World,
        entity: Entity,
        index: usize,
        value: &Value,
    ) -> Result<(), ComponentError> {
        let id = self.storage.id(world).ok_or_else(|| self.absent())?;
        let mut component = world.get_mut_by_id(entity, id).ok_or_else(|| self.absent())?;
        let value = self.settle(index, value)?;
        match self.storage.places()[index] {
            // SAFETY: the component is of this storage, and borrowed.
            Some(place) => unsafe { write(component.as_mut().as_ptr(), place, &value) },
            None => {
                // SAFETY: a component with fields that are no numbers begins with them.
                let others = unsafe { component.as_mut().deref_mut::<Others>() };
                others[self.position(index)] = value;
            }
        }
        Ok(())
    }

    fn insert(
        &self,
        world: &mut World,
        entity: Entity,
        values: &[Value],
    ) -> Result<(), ComponentError> {
        let mut settled = self.defaults.clone();
        for (index, value) in values.iter().enumerate() {
            settled[index] = self.settle(index, value)?;
        }
        let id = self.register(world);
        let mut entity = world.get_entity_mut(entity).map_err(|_| self.absent())?;
        // Of whole words, so that it has the alignment of all fields; at least one, so that it is.
        let mut memory = vec![0_u64; (self.layout.size() / size_of::<u64>()).max(1)];
        let start = NonNull::from(memory.as_mut_slice()).cast::<u8>();
        let mut others = Others::new();
        for (place, value) in self.storage.places().iter().zip(settled) {
            match place {
                // SAFETY: the memory has the layout of this storage, and nobody else knows it.
                Some(place) => unsafe { write(start.as_ptr(), *place, &value) },
                None => others.push(value),
            }
        }
        if self.has_others() {
            // SAFETY: such a component begins with them, and the memory is aligned for words.
            unsafe { start.cast::<Others>().write(mem::take(&mut others)) };
        }
        // SAFETY: the id is this component's in this world, the memory is one, and the world owns
        // from here on what is in it: the words that are freed below have no destructor.
        unsafe { entity.insert_by_id(id, OwningPtr::new(start)) };
        Ok(())
    }

    fn remove(&self, world: &mut World, entity: Entity) -> bool {
        let had = self.has(world, entity);
        if had
            && let Some(id) = self.storage.id(world)
            && let Ok(mut entity) = world.get_entity_mut(entity)
        {
            entity.remove_by_id(id);
        }
        had
    }
}

#[cfg(test)]
mod tests;
