//! The world as values: what a process is, one hash over all of it, and queries over it.
//!
//! The digest covers what a continued run depends on:
//! - the tick and the ticks a second, the number of processes spawned so far, and the next number of
//!   each name;
//! - every process in the order of spawning: name, class, priority, interval, its policy for missed
//!   due times, how often it may restart, parent, whether it is paused or held, whether it has
//!   started, whether it waits to be woken, when it was last stepped and how often, when it is due
//!   next, when it was restarted, its components, what is drawn on its canvas, its attributes, what its
//!   mailbox holds at most, and the messages that wait, each with the tick in which it was sent; its
//!   hotkeys, and which events it hears of;
//! - the instructions that wait, in order, with due time, priority and arguments;
//! - the window's title, size and background, which scripts can read;
//! - the keys, mouse buttons and fingers that are down, where the mouse is, the gamepads, what an input
//!   method is putting together, and whether the window has the keyboard;
//! - the actions with what is bound to them by default and otherwise, and those that are on;
//! - the events that were simulated for the next tick, and the processes that ask for text;
//! - what the user has done with widgets that their processes have still to ask for;
//! - the random sources that the interpreter knows.
//!
//! Of attributes and arguments it covers what their behaviour describes; for scripts that is said
//! there. It does not cover
//! - what only an onlooker has: alerts, the texts of faults, the time that steps took, what is shown;
//! - what is heard, though a script can ask whether a voice still is;
//! - what another thread has given and the machine not taken in yet;
//! - input of this tick alone (presses, text, the wheel): the next tick begins without it;
//! - what devices were only told to do: gamepads that shake;
//! - the labels of keys that are not down, and the file of the user's bindings.
//!
//! Numbers are hashed as [`canonical`](crate::value::canonical) has them: a NaN is a NaN, and -0 is 0.

mod digest;
pub(crate) mod path;
pub mod query;
pub mod trace;

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::ChildOf;
use bevy_ecs::world::World;

use crate::component::{ComponentKind, ComponentRegistry};
use crate::input::{Hotkeys, Listener};
use crate::message::Mailbox;
use crate::process::{self, Class, Held, Interval, Missed, Paused, Priority, Restart};
use crate::schedule;
use crate::value::Value;

pub use digest::digest;

/// What a process can be: see [`state`].
const STATES: [&str; 3] = ["running", "paused", "held"];

/// Everything that a process is, as a map: `name`, `class`, `priority`, `interval` (seconds), `missed`
/// (the policy's name), `restart` (`None`, or the limit and the seconds within which it counts),
/// `state` (`running`, `paused` or `held`), `parent`, `components`, `attributes`, `memory_size`
/// (bytes), and `mailbox`: for each message the tick in which it was sent, and its bytes.
pub fn process(world: &mut World, process: Entity) -> Value {
    let mut pairs = process_without_messages(world, process);
    let mailbox = world.get::<Mailbox>(process).map_or_else(Vec::new, |mailbox| {
        let message = |(sent, bytes): (u64, &[u8])| {
            Value::List(vec![Value::Int(sent.cast_signed()), Value::Bytes(bytes.to_vec())])
        };
        mailbox.waiting().map(message).collect()
    });
    pairs.push((text("mailbox"), Value::List(mailbox)));
    Value::Map(pairs)
}

/// The pairs of that map but for the last: the messages that wait may be many and long, and its
/// [`Mailbox`] has them.
pub fn process_without_messages(world: &mut World, process: Entity) -> Vec<(Value, Value)> {
    let attributes = schedule::attributes(world, process);
    let components = components(world, process, field);
    terms(world, process, components, attributes)
}

/// The same without what scripts would have to tell, whose code may change things: `attributes` is
/// empty, and of an object in a field it says only that there is one.
pub fn process_without_scripts(world: &mut World, process: Entity) -> Vec<(Value, Value)> {
    let components = components(world, process, |world, process, kind, index| {
        match kind.access.get(world, process, index).unwrap_or_default() {
            Value::Object(_) => text("(an object)"),
            value => value,
        }
    });
    terms(world, process, components, Vec::new())
}

fn terms(
    world: &World,
    process: Entity,
    components: Value,
    attributes: Vec<(String, Value)>,
) -> Vec<(Value, Value)> {
    let parent = world.get::<ChildOf>(process).map(|child| child.0);
    let parent = parent.map_or(Value::None, |parent| text(process::instance_name(world, parent)));
    let class = world.get::<Class>(process).map(|class| class.0.clone());
    let priority = world.get::<Priority>(process).map_or(0, |priority| i64::from(priority.0));
    let interval = world.get::<Interval>(process).map_or(0.0, |interval| interval.0.as_secs());
    let missed = world.get::<Missed>(process).copied().unwrap_or_default();
    let restart = world.get::<Restart>(process).map_or(Value::None, |restart| {
        let Restart { limit, within } = *restart;
        Value::List(vec![Value::Int(i64::from(limit)), Value::Float(within.as_secs())])
    });
    let memory_size = world.get::<Mailbox>(process).map_or(0, Mailbox::capacity);
    let mut pairs = vec![
        ("name", text(process::instance_name(world, process))),
        ("class", text(class.unwrap_or_default())),
        ("priority", Value::Int(priority)),
        ("interval", Value::Float(interval)),
        ("missed", text(missed.name())),
        ("restart", restart),
        ("state", text(state(world, process))),
        ("parent", parent),
        ("components", components),
        ("attributes", map(attributes)),
        ("memory_size", Value::Int(i64::try_from(memory_size).unwrap_or(i64::MAX))),
    ];
    // Most have neither.
    if let Some(Hotkeys(keys)) = world.get::<Hotkeys>(process) {
        let keys =
            keys.iter().map(|(control, method)| (control.to_string(), text(method.as_str())));
        pairs.push(("hotkeys", map(keys)));
    }
    if let Some(Listener { kinds, .. }) = world.get::<Listener>(process) {
        pairs.push(("hears", Value::List(kinds.names().map(text).collect())));
    }
    pairs.into_iter().map(|(key, value)| (text(key), value)).collect()
}

/// Whether a process is stepped (`running`), or somebody paused it, or a failed step holds it.
pub(crate) fn state(world: &World, process: Entity) -> &'static str {
    let [running, paused, held] = STATES;
    match (world.get::<Held>(process), world.get::<Paused>(process)) {
        (Some(_), _) => held,
        (_, Some(_)) => paused,
        _ => running,
    }
}

/// How a field is read.
type Read = fn(&mut World, Entity, &ComponentKind, usize) -> Value;

/// The components of a process with their fields.
fn components(world: &mut World, process: Entity, read: Read) -> Value {
    let registry = world.resource::<ComponentRegistry>();
    let had = registry.iter().filter(|kind| kind.access.has(world, process));
    let had: Vec<_> = had.map(|kind| (registry.name_of(kind), kind.clone())).collect();
    map(had.into_iter().map(|(name, kind)| (name, fields(world, process, &kind, read))))
}

/// The fields of a component that a process has.
fn fields(world: &mut World, process: Entity, kind: &ComponentKind, read: Read) -> Value {
    map(kind
        .fields
        .iter()
        .enumerate()
        .map(|(index, known)| (known.name.to_string(), read(world, process, kind, index))))
}

/// The value of a field as plain data; `None` if the process has no such component.
fn field(world: &mut World, process: Entity, kind: &ComponentKind, index: usize) -> Value {
    match kind.access.get(world, process, index).unwrap_or_default() {
        Value::Object(object) => object.describe(world),
        value => value,
    }
}

fn text(text: impl Into<String>) -> Value {
    Value::Str(text.into())
}

fn map<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Value)>) -> Value {
    Value::Map(pairs.into_iter().map(|(key, value)| (text(key), value)).collect())
}
