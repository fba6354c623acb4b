//! Paths below a process: a component, one of its fields, a part of that: `transform.x`, `motion.wind.y`.
//!
//! Queries read what they lead to, and the console sets it.

use std::mem;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::field;
use crate::component::{ComponentError, ComponentKind, FieldKind};
use crate::value::Value;

/// A path that leads nowhere: the byte of the path where it goes wrong, and what is wrong there.
#[derive(Debug)]
pub(crate) struct Nowhere {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// A field of a component, or a part of one.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) kind: ComponentKind,
    /// The position of the field.
    pub(crate) index: usize,
    /// What of it: of a vector or a list a place, of a map a key, and so on.
    pub(crate) parts: Vec<String>,
}

/// The names of the first parts of a vector; all of them go by their numbers too.
const AXES: [&str; 4] = ["x", "y", "z", "w"];

/// The component that a path begins with, and what follows it. The name may have dots in itself.
pub(crate) fn component_first(
    path: &str,
    find: impl Fn(&str) -> Option<ComponentKind>,
) -> Option<(ComponentKind, &str)> {
    let ends = path.rmatch_indices('.').map(|(dot, _)| dot);
    [path.len()].into_iter().chain(ends).find_map(|end| {
        let (name, rest) = path.split_at_checked(end)?;
        Some((find(name)?, rest.strip_prefix('.').unwrap_or(rest)))
    })
}

impl Field {
    /// What a path means that begins with a field of a component.
    ///
    /// # Errors
    /// [`Nowhere`] if there is no such field, or the field has no such part.
    pub(crate) fn resolve(kind: ComponentKind, path: &str) -> Result<Self, Nowhere> {
        let (name, rest) =
            path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let index = kind.field_index(name);
        let index = index.map_err(|error| Nowhere { at: 0, message: error.to_string() })?;
        let parts: Vec<_> = rest.into_iter().flat_map(|rest| rest.split('.')).collect();
        let found = Self { kind, index, parts: parts.iter().map(|&it| it.to_owned()).collect() };
        let takes = found.takes();
        let has_it = match (takes, &*parts) {
            (_, []) | (FieldKind::Points | FieldKind::Object, _) => true,
            (FieldKind::Vector(length), [part]) => {
                position(part).is_some_and(|it| it < length.into())
            }
            _ => false,
        };
        if has_it {
            return Ok(found);
        }
        let message = format!(
            "`{}.{name}` is {}: it has no `.{}`{}",
            found.kind.name.to_lowercase(),
            takes.describe(),
            parts.join("."),
            match takes {
                FieldKind::Vector(length) => {
                    let parts: Vec<_> =
                        parts_of_vector(length).map(|it| format!(".{it}")).collect();
                    format!(", but {}", parts.join(", "))
                }
                _ => String::new(),
            }
        );
        Err(Nowhere { at: name.len() + 1, message })
    }

    /// What the whole field takes.
    pub(crate) fn takes(&self) -> FieldKind {
        self.kind.fields.get(self.index).map_or(FieldKind::Object, |field| field.kind)
    }

    /// The parts that it has by its kind: those of a vector.
    pub(crate) fn named_parts(&self) -> impl Iterator<Item = String> {
        parts_of_vector(match self.takes() {
            FieldKind::Vector(length) if self.parts.is_empty() => length,
            _ => 0,
        })
    }

    /// What a process has there, as plain data; `None` where it has nothing. Of an object in a field a
    /// script is asked.
    pub(crate) fn read(&self, world: &mut World, process: Entity) -> Value {
        let value = field(world, process, &self.kind, self.index);
        self.parts.iter().fold(value, |value, name| part(value, name))
    }

    /// The same without asking anybody: an object is just one. `None` where the process has nothing.
    pub(crate) fn look(&self, world: &World, process: Entity) -> Option<Value> {
        let whole = self.kind.access.get(world, process, self.index)?;
        match self.parts.iter().fold(whole, |value, name| part(value, name)) {
            Value::None if !self.parts.is_empty() => None,
            value => Some(value),
        }
    }

    /// Sets what a process has there; of a part, with the others as they are.
    ///
    /// # Errors
    /// [`ComponentError`] if the field cannot hold the value, the process has no such component, or what
    /// is there has no such part: an object of a script has none.
    pub(crate) fn set(
        &self,
        world: &mut World,
        process: Entity,
        value: &Value,
    ) -> Result<(), ComponentError> {
        let Self { kind, index, parts } = self;
        if parts.is_empty() {
            return kind.access.set(world, process, *index, value);
        }
        let absent = || ComponentError::Absent { component: kind.name.to_string() };
        let mut whole = kind.access.get(world, process, *index).ok_or_else(absent)?;
        let mut place = &mut whole;
        for (depth, part) in parts.iter().enumerate() {
            let values = if let Value::List(values) = place { &mut **values } else { &mut [] };
            let count = values.len();
            let found = position(part).and_then(|position| values.get_mut(position));
            place = found.ok_or_else(|| ComponentError::UnknownPart {
                component: kind.name.to_string(),
                field: self.name(depth),
                part: part.clone(),
                count,
            })?;
        }
        let is_list = matches!(place, Value::List(_));
        *place = value.clone();
        kind.access.set(world, process, *index, &whole).map_err(|error| match error {
            ComponentError::BadValue { component, .. } => ComponentError::BadValue {
                component,
                field: self.name(parts.len()),
                expected: if is_list { "a pair of finite numbers" } else { "a finite number" }
                    .into(),
                found: format!("{} ({value})", value.kind()),
            },
            error => error,
        })
    }

    /// The field with so many of the parts: `wind.x`.
    fn name(&self, parts: usize) -> String {
        let field = self.kind.fields.get(self.index).map_or("", |field| &field.name);
        let parts = self.parts.iter().take(parts).map(String::as_str);
        [field].into_iter().chain(parts).collect::<Vec<_>>().join(".")
    }
}

/// The parts of a vector of so many numbers, as they are written.
fn parts_of_vector(length: u8) -> impl Iterator<Item = String> {
    let name =
        |place: usize| AXES.get(place).map_or_else(|| place.to_string(), |&axis| axis.to_owned());
    (0..length.into()).map(name)
}

/// The position that a part of a list is named by.
fn position(part: &str) -> Option<usize> {
    AXES.iter().position(|axis| *axis == part).or_else(|| part.parse().ok())
}

/// The part of a value: of a list by its place, of a map by its key; otherwise there is none.
pub(crate) fn part(value: Value, part: &str) -> Value {
    match value {
        Value::List(mut values) => match position(part).and_then(|index| values.get_mut(index)) {
            Some(value) => mem::take(value),
            None => Value::None,
        },
        Value::Map(pairs) => {
            let is_meant = |key: &Value| matches!(key, Value::Str(text) if text == part);
            let found = pairs.into_iter().find(|(key, _)| is_meant(key));
            found.map(|(_, value)| value).unwrap_or_default()
        }
        _ => Value::None,
    }
}
