//! The digest: one hash over what the module `inspect` lists.

use bevy_ecs::world::World;

use super::{map, text};
use crate::clock::{Flicks, Now};
use crate::input::{
    Actions, Binding, Composition, Finger, Gamepad, Input, Key, MouseButton, PadAxis, PadButton,
    Simulated, Wishes,
};
use crate::instruction::{Instruction, Instructions, Waiting};
use crate::process::{self, Names, SpawnCounter};
use crate::render::{Sheet, Window};
use crate::schedule::{Progress, Schedule};
use crate::ui;
use crate::value::{Value, canonical};

/// One hash over the state of the machine, 64 hexadecimal digits. `random` is the state of the
/// random sources outside the world. What it covers stands at the head of [this module](super).
pub fn digest(world: &mut World, random: &Value) -> String {
    let mut hasher = blake3::Hasher::new();
    hash(&mut hasher, &machine(world));
    if let Some(panels) = ui::describe(world) {
        hash(&mut hasher, &panels);
    }
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
    let input = input(world);
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
        ("input", input),
    ])
}

/// What of the input outlasts a tick. What most runs have none of is left out where there is none.
fn input(world: &World) -> Value {
    let (input, actions) = (world.resource::<Input>(), world.resource::<Actions>());
    let key = |key: Key| Value::Int(i64::from(key.scancode()));
    let buttons = MouseButton::ALL.iter().map(|(name, _)| *name);
    let down = buttons.filter(|name| input.button_is_down(name) == Ok(true));
    let mut pairs = vec![
        ("keys", Value::List(input.keys_down().map(key).collect())),
        ("buttons", Value::List(down.map(text).collect())),
        ("mouse", Value::List(vec![Value::Float(input.mouse_x()), Value::Float(input.mouse_y())])),
        ("focus", Value::Bool(input.is_focused())),
    ];
    let labels =
        input.keys_down().filter(|key| !input.label(*key).eq_ignore_ascii_case(key.name()));
    let labels: Vec<_> = labels.map(|key| text(input.label(key))).collect();
    let pads: Vec<_> = input.gamepads().map(|(slot, pad)| gamepad(slot, pad)).collect();
    let fingers: Vec<_> = input.fingers().filter(|it| it.is_down).map(finger).collect();
    let bound = |(name, bindings): (&str, &[Binding])| {
        let bindings = bindings.iter().map(|binding| text(binding.to_string()));
        (name.to_owned(), Value::List(bindings.collect()))
    };
    let own = actions.own().iter().map(|(name, bindings)| bound((name, bindings)));
    let own: Vec<_> = own.collect();
    let defaults: Vec<_> = actions.defaults().map(bound).collect();
    let simulated = world.resource::<Simulated>().iter();
    let simulated: Vec<_> = simulated.map(|event| text(event.to_json())).collect();
    let askers = world.resource::<Wishes>().askers();
    let askers: Vec<_> = askers
        .filter(|(process, _)| world.get_entity(*process).is_ok())
        .map(|(process, area)| {
            let area =
                area.map_or(Value::None, |area| Value::List(area.map(Value::Float).to_vec()));
            Value::List(vec![text(process::instance_name(world, process)), area])
        })
        .collect();
    let down: Vec<_> = actions.down().map(text).collect();
    let lists = [
        ("labels", labels),
        ("pads", pads),
        ("fingers", fingers),
        ("actions", down),
        ("simulated", simulated),
        ("askers", askers),
    ];
    let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
    pairs.extend(lists.map(|(name, list)| (name, Value::List(list))));
    if !own.is_empty() {
        pairs.push(("bindings", map(own)));
    }
    if !defaults.is_empty() {
        pairs.push(("defaults", map(defaults)));
    }
    if let Some(Composition { text: written, cursor, length }) = input.composition() {
        let parts = vec![text(written.as_str()), count(*cursor as u64), count(*length as u64)];
        pairs.push(("composition", Value::List(parts)));
    }
    if let Some(size) = input.window_size() {
        let sides = size.map(|side| Value::Int(i64::from(side)));
        pairs.push(("size", Value::List(sides.to_vec())));
    }
    map(pairs)
}

fn gamepad(slot: u8, pad: &Gamepad) -> Value {
    let down = PadButton::ALL.iter().filter(|(_, button)| pad.is_down(*button));
    let axes = PadAxis::ALL.iter().map(|(_, axis)| Value::Float(pad.raw_axis(*axis)));
    Value::List(vec![
        Value::Int(i64::from(slot)),
        text(pad.name.as_str()),
        Value::List(down.map(|(name, _)| text(*name)).collect()),
        Value::List(axes.collect()),
    ])
}

fn finger(finger: &Finger) -> Value {
    let Finger { id, x, y, pressure, .. } = *finger;
    let place = [x, y, pressure].map(Value::Float);
    Value::List(vec![count(id), Value::List(place.to_vec())])
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
