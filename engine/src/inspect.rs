//! The world as values: what a process is, and one hash over all of it.
//!
//! The digest covers what a continued run depends on: the tick, every process in spawn order with
//! its terms, components, attributes and mailbox, the instructions that wait, and the state of the
//! random sources. It does not cover what only an onlooker has: alerts, windows, voices, timings.

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::ChildOf;
use bevy_ecs::world::World;

use crate::clock::Now;
use crate::component::ComponentRegistry;
use crate::instruction::Instructions;
use crate::message::Mailbox;
use crate::process::{self, Class, Held, Interval, Paused, Priority};
use crate::schedule::{self, Schedule};
use crate::value::Value;

/// Everything that a process is, as a map: `name`, `class`, `priority`, `interval` (seconds),
/// `state` (`running`, `paused` or `held`), `parent`, `components`, `attributes`, `mailbox`.
pub fn process(world: &mut World, process: Entity) -> Value {
    let attributes = schedule::attributes(world, process);
    let parent = world.get::<ChildOf>(process).map(|child| child.0);
    let parent = parent.map_or(Value::None, |parent| text(process::instance_name(world, parent)));
    let state = match (world.get::<Held>(process), world.get::<Paused>(process)) {
        (Some(_), _) => "held",
        (_, Some(_)) => "paused",
        _ => "running",
    };
    let class = world.get::<Class>(process).map(|class| class.0.clone());
    let priority = world.get::<Priority>(process).map_or(0, |priority| i64::from(priority.0));
    let interval = world.get::<Interval>(process).map_or(0.0, |interval| interval.0.as_secs());
    let mailbox = world.get::<Mailbox>(process).map_or_else(Vec::new, |mailbox| {
        let message = |(_, bytes): (u64, &[u8])| Value::Bytes(bytes.to_vec());
        mailbox.waiting().map(message).collect()
    });
    map([
        ("name", text(process::instance_name(world, process))),
        ("class", text(class.unwrap_or_default())),
        ("priority", Value::Int(priority)),
        ("interval", Value::Float(interval)),
        ("state", text(state)),
        ("parent", parent),
        ("components", components(world, process)),
        ("attributes", map(attributes)),
        ("mailbox", Value::List(mailbox)),
    ])
}

/// The components of a process with their fields.
fn components(world: &World, process: Entity) -> Value {
    let kinds = world.resource::<ComponentRegistry>().iter();
    map(kinds.filter(|kind| kind.access.has(world, process)).map(|kind| {
        let fields = kind.fields.iter().enumerate().map(|(index, field)| {
            (field.name.to_string(), kind.access.get(world, process, index).unwrap_or_default())
        });
        (kind.name.to_string(), map(fields))
    }))
}

/// One hash over the state of the machine, 64 hexadecimal digits. `random` is the state of the
/// random sources outside the world.
pub fn digest(world: &mut World, random: &Value) -> String {
    let now = *world.resource::<Now>();
    let mut hasher = blake3::Hasher::new();
    hash(&mut hasher, &Value::Int(now.tick.cast_signed()));
    hash(&mut hasher, &Value::Int(i64::from(now.hz)));
    hash(&mut hasher, random);
    for entity in process::all(world) {
        let state = process(world, entity);
        hash(&mut hasher, &state);
        if let Some((last, steps)) = world.resource::<Schedule>().progress(entity) {
            hash(&mut hasher, &Value::Int(last.0.cast_signed()));
            hash(&mut hasher, &Value::Int(steps.cast_signed()));
        }
    }
    let instructions = world.resource::<Instructions>().waiting().into_iter().map(
        |(due, priority, target, method)| {
            Value::List(vec![
                Value::Int(due.0.cast_signed()),
                Value::Int(i64::from(priority)),
                text(target),
                text(method),
            ])
        },
    );
    let instructions = Value::List(instructions.collect());
    hash(&mut hasher, &instructions);
    hasher.finalize().to_hex().to_string()
}

/// Feeds a value to the hash so that no two values feed the same bytes: a tag for its kind, then
/// its length where it has one, then its contents, little-endian.
fn hash(hasher: &mut blake3::Hasher, value: &Value) {
    fn sized(hasher: &mut blake3::Hasher, tag: u8, length: usize) {
        hasher.update(&[tag]).update(&(length as u64).to_le_bytes());
    }
    match value {
        Value::None => {
            hasher.update(&[0]);
        }
        Value::Bool(truth) => {
            hasher.update(&[1, u8::from(*truth)]);
        }
        Value::Int(number) => {
            hasher.update(&[2]).update(&number.to_le_bytes());
        }
        Value::Float(number) => {
            hasher.update(&[3]).update(&number.to_bits().to_le_bytes());
        }
        Value::Str(text) => {
            sized(hasher, 4, text.len());
            hasher.update(text.as_bytes());
        }
        Value::Bytes(bytes) => {
            sized(hasher, 5, bytes.len());
            hasher.update(bytes);
        }
        Value::List(values) => {
            sized(hasher, 6, values.len());
            values.iter().for_each(|value| hash(hasher, value));
        }
        Value::Map(pairs) => {
            sized(hasher, 7, pairs.len());
            for (key, value) in pairs {
                hash(hasher, key);
                hash(hasher, value);
            }
        }
    }
}

fn text(text: impl Into<String>) -> Value {
    Value::Str(text.into())
}

fn map<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Value)>) -> Value {
    Value::Map(pairs.into_iter().map(|(key, value)| (text(key), value)).collect())
}
