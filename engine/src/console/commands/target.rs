//! What words stand for: processes, and places in them.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::super::{Complaint, Word};
use crate::component::{ComponentKind, ComponentRegistry, FieldKind, is_meant};
use crate::inspect::path::{Field, component_first};
use crate::nearest::{did_you_mean, nearest};
use crate::process::Names;
use crate::value::Value;

/// The process that a word names.
pub(super) fn process(world: &World, word: &Word) -> Result<Entity, Complaint> {
    process_called(world, word, &word.text)
}

/// The processes that words name, each once; none unless there are all.
pub(super) fn processes(world: &World, words: &[Word]) -> Result<Vec<Entity>, Complaint> {
    let mut found = Vec::new();
    for word in words {
        let process = process(world, word)?;
        if !found.contains(&process) {
            found.push(process);
        }
    }
    Ok(found)
}

fn process_called(world: &World, word: &Word, name: &str) -> Result<Entity, Complaint> {
    let names = world.resource::<Names>();
    names.get(name).ok_or_else(|| {
        let nearest = names.nearest(name);
        let hint = did_you_mean(nearest.as_deref());
        Complaint::at(word, format!("there is no process `{name}`{hint}"))
    })
}

/// A field of a component of a process, or a part of one.
pub(super) struct Place {
    pub(super) process: Entity,
    pub(super) field: Field,
}

/// The place that a word names: `Ball.transform.x`.
pub(super) fn place(world: &World, word: &Word) -> Result<Place, Complaint> {
    let complaint = |text: String| Complaint::at(word, text);
    let (name, path) = word.text.split_once('.').unwrap_or((&word.text, ""));
    let process = process_called(world, word, name)?;
    if !path.contains('.') {
        return Err(complaint("a place is written NAME.component.field: Ball.transform.x".into()));
    }
    let (kind, path) = component_of(world, process, path).ok_or_else(|| {
        let component = path.split('.').next().unwrap_or_default();
        let kinds = components_of(world, process).map(|(name, _)| name);
        let kinds: Vec<_> = kinds.collect();
        let nearest = nearest(component, kinds.iter().map(String::as_str));
        let hint = did_you_mean(nearest.as_deref());
        complaint(format!("{name} has no component `{component}`{hint}"))
    })?;
    let field = Field::resolve(kind, path).map_err(|error| complaint(error.message))?;
    if field.takes() == FieldKind::Object && !field.parts.is_empty() {
        let text = "what an object has is for Python to tell: a place is all of it";
        return Err(complaint(text.into()));
    }
    Ok(Place { process, field })
}

/// The components that a process has, with the names that they go by.
pub(in super::super) fn components_of(
    world: &World,
    process: Entity,
) -> impl Iterator<Item = (String, &ComponentKind)> {
    let registry = world.resource::<ComponentRegistry>();
    let had = registry.iter().filter(move |kind| kind.access.has(world, process));
    had.map(|kind| (registry.name_of(kind), kind))
}

/// The component of a process that a path begins with, and what follows it.
pub(in super::super) fn component_of<'a>(
    world: &World,
    process: Entity,
    path: &'a str,
) -> Option<(ComponentKind, &'a str)> {
    component_first(path, |name| {
        // Its module is needed only where the process has two of a name.
        let is_it = |(known, kind): &(String, &ComponentKind)| {
            let with_module = kind.module.as_ref().map(|module| format!("{module}.{}", kind.name));
            let names = [Some(known.as_str()), Some(&kind.name), with_module.as_deref()];
            names.into_iter().flatten().any(|known| is_meant(known, name))
        };
        components_of(world, process).find(is_it).map(|(_, kind)| kind.clone())
    })
}

/// The value that a word stands for: RON, in which a name alone, and what stands in quotes, is text.
pub(super) fn value(word: &Word) -> Value {
    let text = || Value::Str(word.text.clone());
    let is_quoted = word.text.len() < word.place.len();
    let is_name = word.text.chars().all(|char| char.is_alphanumeric() || char == '_')
        && word.text.starts_with(|char: char| char.is_alphabetic() || char == '_');
    match word.text.as_str() {
        _ if is_quoted => text(),
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        "None" => Value::None,
        _ if is_name => text(),
        written => ron::from_str(written).unwrap_or_else(|_| text()),
    }
}
