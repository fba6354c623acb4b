//! The digest: one hash over what the module `inspect` lists.

use bevy_ecs::world::World;

use super::{map, text};
use crate::clock::{Flicks, Now};
use crate::input::{Input, Key, MouseButton};
use crate::instruction::{Instruction, Instructions, Waiting};
use crate::process::{self, Names, SpawnCounter};
use crate::render::{Sheet, Window};
use crate::schedule::{Progress, Schedule};
use crate::value::{Value, canonical};

/// One hash over the state of the machine, 64 hexadecimal digits. `random` is the state of the
/// random sources outside the world. What it covers stands at the head of [this module](super).
pub fn digest(world: &mut World, random: &Value) -> String {
    let mut hasher = blake3::Hasher::new();
    hash(&mut hasher, &machine(world));
    hash(&mut hasher, random);
    let outlook = world.resource::<Schedule>().outlook();
    for entity in process::all(world) {
        hash(&mut hasher, &super::process(world, entity));
        let schedule = world.resource::<Schedule>();
        let progress = schedule.progress(entity).map_or(Value::None, |progress| {
            let Progress { last, steps, is_started, is_waiting } = progress;
            let due = outlook.get(&entity).map_or(Value::None, |due| time(*due));
            let restarts = schedule.restarts(entity).into_iter().map(time).collect();
            let flags = [is_started, is_waiting].map(Value::Bool).to_vec();
            Value::List(vec![
                time(last),
                count(steps),
                due,
                Value::List(flags),
                Value::List(restarts),
            ])
        });
        hash(&mut hasher, &progress);
        if let Some(sheet) = world.get::<Sheet>(entity) {
            hasher.update(sheet.bytes());
        }
    }
    hash(&mut hasher, &instructions(world));
    hasher.finalize().to_hex().to_string()
}

/// What belongs to no process.
fn machine(world: &World) -> Value {
    let now = *world.resource::<Now>();
    let numbering = world.resource::<Names>().numbering();
    let window = world.resource::<Window>();
    map([
        ("tick", count(now.tick)),
        ("hz", Value::Int(i64::from(now.hz))),
        ("spawned", count(world.resource::<SpawnCounter>().count())),
        ("numbering", map(numbering.map(|(base, number)| (base, count(number))))),
        ("title", text(window.title.as_str())),
        ("width", Value::Int(i64::from(window.width))),
        ("height", Value::Int(i64::from(window.height))),
        ("background", text(window.background.to_string())),
        ("input", input(world.resource::<Input>())),
    ])
}

/// What of the input outlasts a tick.
fn input(input: &Input) -> Value {
    let key = |key: Key| Value::Int(i64::from(key.scancode()));
    let buttons = MouseButton::ALL.iter().map(|(name, _)| *name);
    let down = buttons.filter(|name| input.button_is_down(name) == Ok(true));
    map([
        ("keys", Value::List(input.keys_down().map(key).collect())),
        ("buttons", Value::List(down.map(text).collect())),
        ("mouse", Value::List(vec![Value::Float(input.mouse_x()), Value::Float(input.mouse_y())])),
        ("focus", Value::Bool(input.is_focused())),
    ])
}

/// The instructions that wait, in order.
fn instructions(world: &mut World) -> Value {
    let waiting = world.resource_mut::<Instructions>().lend();
    let describe = |Waiting { due, instruction, .. }: &Waiting| {
        let Instruction { target, method, arguments, priority, .. } = instruction;
        Value::List(vec![
            time(*due),
            Value::Int(i64::from(*priority)),
            text(target.as_str()),
            text(method.as_str()),
            arguments.describe(world),
        ])
    };
    let described = waiting.iter().map(describe).collect();
    world.resource_mut::<Instructions>().give_back(waiting);
    Value::List(described)
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
            hasher.update(&[3]).update(&canonical(*number).to_bits().to_le_bytes());
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
        // Those of components are described before.
        Value::Object(_) => sized(hasher, 8, 0),
        Value::Map(pairs) => {
            sized(hasher, 7, pairs.len());
            for (key, value) in pairs {
                hash(hasher, key);
                hash(hasher, value);
            }
        }
    }
}

fn time(time: Flicks) -> Value {
    count(time.0)
}

fn count(number: u64) -> Value {
    Value::Int(number.cast_signed())
}

#[cfg(test)]
mod tests;
