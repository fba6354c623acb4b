//! Following one process: its steps, what it sends and receives, instructions and faults, as they
//! happen.
//!
//! Whoever follows holds a [`Trace`] and takes out of it what was noted since the last time. While
//! nobody does, a step costs nothing for it, and a message one look at [`Traces`].

use std::mem;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use crate::clock::{Flicks, Now};
use crate::instruction::Instructions;
use crate::process::Next;
use crate::schedule;

/// How many events are kept until they are taken: more than one can read of a tick.
pub const MOST_EVENTS: usize = 20;

/// How much of a message is kept, in bytes.
const EXCERPT: usize = 48;

/// Something that happened to a process, or that it did.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It made a step.
    Step {
        /// Seconds since its last one.
        dt_secs: f64,
        /// How long it took, seconds.
        time_secs: f64,
        /// When it wants the next one; nothing if it has failed.
        next: Option<Next>,
    },
    /// It sent a message.
    Sent {
        /// The name of the receiver.
        to: String,
        /// What it says.
        message: Excerpt,
    },
    /// Somebody put a message into its mailbox.
    Received(Excerpt),
    /// An instruction was carried out on it.
    Called {
        /// The method.
        method: String,
        /// How long it took, seconds.
        time_secs: f64,
        /// Why there is no answer, if there is none.
        failure: Option<String>,
    },
    /// It gave an instruction.
    Gave {
        /// The name of the process that it is for.
        target: String,
        /// The method.
        method: String,
        /// When it is due, counted from the beginning of simulated time.
        due: Flicks,
    },
    /// A step of it failed.
    Failed {
        /// Why, in a line.
        summary: String,
    },
}

/// The beginning of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The first bytes.
    pub begin: Vec<u8>,
    /// How many there are, of all.
    pub size: usize,
}

impl Excerpt {
    fn of(message: &[u8]) -> Self {
        Self { begin: message.iter().copied().take(EXCERPT).collect(), size: message.len() }
    }
}

/// What was noted, each with its tick, and how much had no room.
#[derive(Debug, Default)]
struct Record {
    events: Vec<(u64, Event)>,
    left_out: usize,
}

/// A process that somebody follows, for as long as this lives.
#[derive(Debug)]
pub struct Trace(Arc<Mutex<Record>>);

impl Trace {
    /// Follows a process from now on.
    pub fn of(world: &mut World, process: Entity) -> Self {
        let record = Arc::default();
        world.resource_mut::<Traces>().traces.push((process, Arc::downgrade(&record)));
        schedule::follow(world, process);
        Self(record)
    }

    /// What has happened since the last time, each with its tick: the first [`MOST_EVENTS`], and how
    /// many more there were.
    pub fn take(&self) -> (Vec<(u64, Event)>, usize) {
        let mut record = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Record { events, left_out } = mem::take(&mut *record);
        (events, left_out)
    }
}

/// The processes that somebody follows.
#[derive(Debug, Default, Resource)]
pub struct Traces {
    traces: Vec<(Entity, Weak<Mutex<Record>>)>,
    /// The one among them that is at work now, and how many instructions had been given before.
    acting: Option<(Entity, u64)>,
}

/// A message before it is put into its mailbox, if anybody may want to know of it.
#[inline]
pub(crate) fn excerpt(world: &World, message: &[u8]) -> Option<Excerpt> {
    let is_anybody = !world.resource::<Traces>().traces.is_empty();
    is_anybody.then(|| Excerpt::of(message))
}

/// Notes that a message was sent.
pub(crate) fn sent(world: &mut World, receiver: Entity, name: &str, message: Excerpt) {
    if let Some((sender, _)) = world.resource::<Traces>().acting {
        note(world, sender, Event::Sent { to: name.to_owned(), message: message.clone() });
    }
    note(world, receiver, Event::Received(message));
}

/// A process that is followed is at work from now on.
pub(crate) fn begin(world: &mut World, process: Entity) {
    let given = world.resource::<Instructions>().given();
    world.resource_mut::<Traces>().acting = Some((process, given));
}

/// Its work is over, and came to this; whether anybody still follows it.
pub(crate) fn end(world: &mut World, process: Entity, event: Event) -> bool {
    if let Some((_, before)) = world.resource_mut::<Traces>().acting.take() {
        let mut given: Vec<_> = world.resource::<Instructions>().since(before).collect();
        given.sort_unstable();
        let gave = given.into_iter().map(|waiting| Event::Gave {
            target: waiting.instruction.target.clone(),
            method: waiting.instruction.method.clone(),
            due: waiting.due,
        });
        for event in gave.collect::<Vec<_>>() {
            note(world, process, event);
        }
    }
    note(world, process, event)
}

/// Notes something for those who follow a process; whether there are any.
pub(crate) fn note(world: &mut World, process: Entity, event: Event) -> bool {
    let tick = world.resource::<Now>().tick;
    let mut is_followed = false;
    world.resource_mut::<Traces>().traces.retain(|(followed, record)| {
        let Some(record) = record.upgrade() else { return false };
        if *followed == process {
            is_followed = true;
            let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
            if record.events.len() < MOST_EVENTS {
                record.events.push((tick, event.clone()));
            } else {
                record.left_out += 1;
            }
        }
        true
    });
    is_followed
}
