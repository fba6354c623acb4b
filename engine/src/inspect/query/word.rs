//! Words that a process can be asked for: properties, components, their fields, attributes.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::property::{Kind, PROPERTIES, Property, SHORT_CLASS};
use crate::component::{self, ComponentKind, ComponentRegistry, FieldKind, is_meant};
use crate::inspect;
use crate::inspect::path::{Field, Nowhere, component_first, part};
use crate::nearest::{did_you_mean, nearest};
use crate::schedule;
use crate::value::Value;

/// Something that a process can be asked for, as somebody wrote it.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Property(&'static Property),
    Component(ComponentKind),
    Field(Field),
    /// An attribute of a script, and what of it.
    Attribute(String, Vec<String>),
}

/// What attributes are asked for by: `attr.lives`.
pub(super) const ATTRIBUTE: &str = "attr";

impl Word {
    /// What a path stands for in a world.
    pub(super) fn resolve(world: &World, path: &str) -> Result<Self, Nowhere> {
        let source = if let Some(property) = PROPERTIES.iter().find(|it| it.name == path) {
            Source::Property(property)
        } else {
            let mut parts = path.split('.');
            match (parts.next(), parts.next()) {
                (Some(ATTRIBUTE), Some(name)) => {
                    Source::Attribute(name.to_owned(), parts.map(str::to_owned).collect())
                }
                (Some(ATTRIBUTE), None) => {
                    let message = "say which attribute: `attr.NAME`".to_owned();
                    return Err(Nowhere { at: path.len(), message });
                }
                _ => of_component(world.resource::<ComponentRegistry>(), path)?,
            }
        };
        Ok(Self { text: path.to_owned(), source })
    }

    pub(super) fn property(property: &'static Property) -> Self {
        Self { text: property.name.to_owned(), source: Source::Property(property) }
    }

    /// What it stands for.
    pub(super) fn kind(&self) -> Kind {
        match &self.source {
            Source::Property(property) => property.kind,
            Source::Component(_) => Kind::Parts,
            Source::Attribute(..) => Kind::Any,
            Source::Field(field) => match field.takes() {
                FieldKind::Float | FieldKind::Int | FieldKind::Long => Kind::Number,
                FieldKind::Bool => Kind::Truth,
                FieldKind::Text => Kind::Text,
                FieldKind::Color => Kind::Color,
                FieldKind::Choice(words) => Kind::Choice(words),
                FieldKind::Vector(_) if !field.parts.is_empty() => Kind::Number,
                FieldKind::Vector(_) => Kind::Parts,
                FieldKind::Points | FieldKind::Object => Kind::Any,
            },
        }
    }

    /// The parts that it has by its kind: those of a vector.
    pub(super) fn parts(&self) -> impl Iterator<Item = String> {
        let field = if let Source::Field(field) = &self.source { Some(field) } else { None };
        field.into_iter().flat_map(Field::named_parts)
    }

    /// Whether it takes code of scripts to read it.
    pub(super) fn asks_scripts(&self) -> bool {
        let is_object = |field: &component::Field| field.kind == FieldKind::Object;
        match &self.source {
            Source::Property(_) => false,
            Source::Component(kind) => kind.fields.iter().any(is_object),
            Source::Field(field) => field.takes() == FieldKind::Object,
            Source::Attribute(..) => true,
        }
    }

    /// The same word as it is compared with `text`: a class without a module is that of any.
    pub(super) fn beside(&self, text: &str) -> Self {
        let is_class = matches!(&self.source, Source::Property(it) if it.name == SHORT_CLASS.name);
        if is_class && !text.contains('.') { Self::property(&SHORT_CLASS) } else { self.clone() }
    }

    /// A value as the field writes it, `orange` as `#ffa500`, or what the field takes.
    pub(super) fn settle(&self, value: &Value) -> Result<Value, String> {
        match &self.source {
            Source::Field(Field { kind, index, .. }) => {
                kind.access.settle(*index, value).map_err(|error| error.to_string())
            }
            _ => Ok(value.clone()),
        }
    }
}

/// A component with the name that somebody means by `name`: its own, in any case, and with
/// underscores wherever they are wanted.
pub(super) fn component(registry: &ComponentRegistry, name: &str) -> Option<ComponentKind> {
    let exact = registry.get(name).cloned();
    exact.or_else(|| {
        // Of several versions the newest has the name.
        let like = registry.iter().find(|kind| is_meant(&registry.name_of(kind), name))?;
        registry.get(&registry.name_of(like)).cloned()
    })
}

/// The component called `name`, or what is near.
pub(super) fn find_component(
    registry: &ComponentRegistry,
    name: &str,
) -> Result<ComponentKind, Nowhere> {
    component(registry, name).ok_or_else(|| {
        let names: Vec<_> = registry.iter().map(|kind| spelling(registry, kind)).collect();
        let hint = did_you_mean(nearest(name, names.iter().map(String::as_str)).as_deref());
        Nowhere { at: 0, message: format!("there is no component `{name}`{hint}") }
    })
}

/// A component as queries write it: `transform`.
pub(super) fn spelling(registry: &ComponentRegistry, kind: &ComponentKind) -> String {
    registry.name_of(kind).to_lowercase()
}

/// A path that begins with the name of a component.
fn of_component(registry: &ComponentRegistry, path: &str) -> Result<Source, Nowhere> {
    let Some((kind, rest)) = component_first(path, |name| component(registry, name)) else {
        return Err(unknown(registry, path));
    };
    if rest.is_empty() && !path.ends_with('.') {
        return Ok(Source::Component(kind));
    }
    let before = path.len() - rest.len();
    let inside = |Nowhere { at, message }| Nowhere { at: before + at, message };
    Field::resolve(kind, rest).map(Source::Field).map_err(inside)
}

/// The error of a path whose beginning nobody knows.
fn unknown(registry: &ComponentRegistry, path: &str) -> Nowhere {
    let head = path.split('.').next().unwrap_or(path);
    let components = registry.iter().map(|kind| spelling(registry, kind));
    let mut words: Vec<_> = components.collect();
    if head == path {
        words.extend(PROPERTIES.iter().map(|property| property.name.to_owned()));
    }
    let hint = nearest(head, words.iter().map(String::as_str));
    let hint = hint.map_or_else(
        || "; an attribute of a script is `attr.NAME`".to_owned(),
        |near| did_you_mean(Some(&near)),
    );
    Nowhere { at: 0, message: format!("a process has no `{head}`{hint}") }
}

/// A process that is asked.
pub(super) struct Subject<'w> {
    world: &'w mut World,
    process: Entity,
    /// Its attributes, once somebody asked: a script has to be run for them.
    attributes: Option<Vec<(String, Value)>>,
}

impl<'w> Subject<'w> {
    pub(super) fn new(world: &'w mut World, process: Entity) -> Self {
        Self { world, process, attributes: None }
    }

    /// What the process has under a word; `None` where it has nothing.
    pub(super) fn read(&mut self, word: &Word) -> Value {
        match &word.source {
            Source::Property(property) => {
                (property.read)(self.world, self.process).unwrap_or_default()
            }
            Source::Component(kind) => {
                if !self.has(kind) {
                    return Value::None;
                }
                inspect::fields(self.world, self.process, kind, inspect::field)
            }
            Source::Field(field) => field.read(self.world, self.process),
            Source::Attribute(name, parts) => {
                let value = self.attribute(name);
                parts.iter().fold(value, |value, name| part(value, name))
            }
        }
    }

    /// Whether the process has a component.
    pub(super) fn has(&self, kind: &ComponentKind) -> bool {
        kind.access.has(self.world, self.process)
    }

    fn attribute(&mut self, name: &str) -> Value {
        let Self { world, process, attributes } = self;
        let attributes = attributes.get_or_insert_with(|| schedule::attributes(world, *process));
        let found = attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}
