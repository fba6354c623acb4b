//! What every process can be asked for: its terms, its state and its accounting.

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::ChildOf;
use bevy_ecs::world::World;

use super::super::{STATES, state};
use crate::message::Mailbox;
use crate::process::{Accounting, Class, InstanceName, Interval, Priority, accounting};
use crate::value::Value;

/// What a word stands for, as far as that is known before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Truth,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A colour, as its field writes it.
    Color,
    /// A point or another value that has parts.
    Parts,
    /// Whatever a script puts there.
    Any,
}

impl Kind {
    /// The kind in the words of an error message.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Number => "a number".into(),
            Self::Text => "text".into(),
            Self::Truth => "true or false".into(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::Color => "a color".into(),
            Self::Parts => "made of parts".into(),
            Self::Any => "anything".into(),
        }
    }
}

/// Something that every process has.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: &'static str,
    /// What it is, with its unit.
    pub(super) doc: &'static str,
    pub(super) kind: Kind,
    pub(super) read: fn(&World, Entity) -> Option<Value>,
}

/// A row of the table of properties.
const fn property(
    name: &'static str,
    kind: Kind,
    doc: &'static str,
    read: fn(&World, Entity) -> Option<Value>,
) -> Property {
    Property { name, doc, kind, read }
}

/// How many properties, from the first on, are shown unless a query says what is.
pub(super) const USUAL: usize = 3;

/// All properties, in the order in which help lists them.
pub(super) static PROPERTIES: [Property; 16] = [
    property("name", Kind::Text, "its own name", name),
    property("class", Kind::Text, "its class; without a module, that of any", |world, process| {
        world.get::<Class>(process).map(|class| Value::Str(class.0.clone()))
    }),
    property("state", Kind::Choice(&STATES), "running, paused or held", |world, process| {
        Some(Value::Str(state(world, process).to_owned()))
    }),
    property("parent", Kind::Text, "the name of its parent, or none", |world, process| {
        name(world, world.get::<ChildOf>(process)?.0)
    }),
    property("priority", Kind::Number, "higher steps first", |world, process| {
        world.get::<Priority>(process).map(|priority| Value::Int(priority.0.into()))
    }),
    property("interval", Kind::Number, "seconds between steps; 0: every tick", |world, process| {
        world.get::<Interval>(process).map(|interval| Value::Float(interval.0.as_secs()))
    }),
    property("steps", Kind::Number, "steps made", |world, process| {
        account(world, process, |account| count(account.steps))
    }),
    property("time", Kind::Number, "mean time of a step, seconds", |world, process| {
        account(world, process, |account| Value::Float(account.mean_secs))
    }),
    property("last", Kind::Number, "time of the last step, seconds", |world, process| {
        account(world, process, |account| Value::Float(account.last_secs))
    }),
    property("max", Kind::Number, "time of the longest step, seconds", |world, process| {
        account(world, process, |account| Value::Float(account.max_secs))
    }),
    property("late", Kind::Number, "steps that waited for a later tick", |world, process| {
        account(world, process, |account| count(account.late))
    }),
    property("lateness", Kind::Number, "the longest such wait, seconds", |world, process| {
        account(world, process, |account| Value::Float(account.lateness_secs))
    }),
    property("missed", Kind::Number, "due times passed over", |world, process| {
        account(world, process, |account| count(account.missed))
    }),
    property("faults", Kind::Number, "steps that failed", |world, process| {
        account(world, process, |account| count(account.faults))
    }),
    property("messages", Kind::Number, "messages received", |world, process| {
        world.get::<Mailbox>(process).map(|mailbox| count(mailbox.received()))
    }),
    property("mailbox", Kind::Number, "messages that wait to be read", |world, process| {
        let waiting = world.get::<Mailbox>(process)?.waiting().count();
        Some(count(waiting as u64))
    }),
];

/// The class without its module: what `class` is compared as with a text that names no module.
pub(super) static SHORT_CLASS: Property =
    property("class", Kind::Text, "its class without the module", |world, process| {
        let class = &world.get::<Class>(process)?.0;
        Some(Value::Str(class.rsplit('.').next().unwrap_or(class).to_owned()))
    });

fn name(world: &World, process: Entity) -> Option<Value> {
    world.get::<InstanceName>(process).map(|name| Value::Str(name.as_str().to_owned()))
}

fn account(
    world: &World,
    process: Entity,
    figure: impl FnOnce(Accounting) -> Value,
) -> Option<Value> {
    accounting(world, process).map(figure)
}

fn count(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
