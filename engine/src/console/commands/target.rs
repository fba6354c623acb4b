//! What words stand for: processes, and places in them.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::super::{Complaint, Word};
use crate::component::{ComponentKind, ComponentRegistry, is_meant};
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

/// A field of a component of a process.
pub(super) struct Place {
    pub(super) process: Entity,
    pub(super) kind: ComponentKind,
    pub(super) field: usize,
}

/// The place that a word names: `Ball.transform.x`.
pub(super) fn place(world: &World, word: &Word) -> Result<Place, Complaint> {
    let complaint = |text: String| Complaint::at(word, text);
    let mut parts = word.text.split('.');
    let name = parts.next().unwrap_or_default();
    let process = process_called(world, word, name)?;
    let (Some(component), Some(field), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err(complaint("a place is written NAME.component.field: Ball.transform.x".into()));
    };
    let kinds: Vec<_> = world
        .resource::<ComponentRegistry>()
        .iter()
        .filter(|kind| kind.access.has(world, process))
        .collect();
    let kind = kinds.iter().find(|kind| is_meant(&kind.name, component)).ok_or_else(|| {
        let nearest = nearest(component, kinds.iter().map(|kind| kind.name.as_ref()));
        complaint(format!(
            "{name} has no component `{component}`{}",
            did_you_mean(nearest.as_deref())
        ))
    })?;
    let field = kind.field_index(field).map_err(|error| complaint(error.to_string()))?;
    Ok(Place { process, kind: (*kind).clone(), field })
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
