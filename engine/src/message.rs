//! Messages: raw bytes put into the mailbox of another process.
//!
//! A message sent in a tick can be read from the next tick on, so that it does not matter in which
//! order sender and reader are stepped. A mailbox is bounded: a message that does not fit is
//! refused at the sender, and none is ever dropped.

use std::any::Any;
use std::collections::VecDeque;

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use thiserror::Error;

use crate::clock::{Flicks, Now};
use crate::inspect::trace;
use crate::nearest::did_you_mean;
use crate::process::{self, Names};

/// What a mailbox holds unless told otherwise, bytes.
pub const DEFAULT_MEMORY_SIZE: usize = 64 * 1024;

/// The largest mailbox, bytes (1 GiB): what it may hold must fit into memory.
pub const MAX_MEMORY_SIZE: usize = 1 << 30;

/// Why a message was not sent.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MessageError {
    /// Nobody has this name.
    #[error("there is no process `{name}` to send to{}", did_you_mean(.nearest.as_deref()))]
    NoSuchProcess {
        /// The name as given.
        name: String,
        /// The name that comes closest, if one does.
        nearest: Option<String>,
    },
    /// The receiver has not read what it has.
    #[error(
        "the mailbox of {name} is full: it holds {used} of {capacity} bytes and {size} more do not \
         fit; let {name} read its messages, or give it a larger memory_size"
    )]
    MailboxFull {
        /// The receiver.
        name: String,
        /// Bytes that wait.
        used: usize,
        /// Bytes that fit.
        capacity: usize,
        /// Bytes of the refused message.
        size: usize,
    },
}

/// The bytes of a message, in whatever holds them: what cannot change need not be copied.
pub trait Payload: AsRef<[u8]> + Any + Send + Sync {}

impl<T: AsRef<[u8]> + Any + Send + Sync> Payload for T {}

/// A message.
pub type Message = Box<dyn Payload>;

impl dyn Payload {
    /// What holds the bytes, if that is a `T`.
    pub fn downcast_ref<T: Payload>(&self) -> Option<&T> {
        let any: &dyn Any = self;
        any.downcast_ref()
    }
}

/// The messages that wait for a process.
#[derive(Component)]
pub struct Mailbox {
    /// Each with the tick in which it was sent, in order of sending.
    waiting: VecDeque<(u64, Message)>,
    used: usize,
    capacity: usize,
    received: u64,
    /// Whether the process is to be woken by the next message.
    is_awaited: bool,
}

impl Mailbox {
    /// An empty mailbox that holds `capacity` bytes.
    pub fn new(capacity: usize) -> Self {
        let waiting = VecDeque::new();
        Self { waiting, used: 0, capacity, received: 0, is_awaited: false }
    }

    /// What it holds, bytes.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Sets what it holds from now on. What waits stays, even if it is more.
    pub fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    /// How many messages came in so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Takes the messages sent before tick `tick`, in the order of sending.
    pub fn read(&mut self, tick: u64) -> impl ExactSizeIterator<Item = Message> {
        let ready = self.waiting.partition_point(|(sent, _)| *sent < tick);
        let size: usize = self.waiting.range(..ready).map(|(_, message)| cost(&**message)).sum();
        self.used -= size;
        self.waiting.drain(..ready).map(|(_, message)| message)
    }

    /// Takes the oldest message, if it was sent before tick `tick`.
    pub fn read_one(&mut self, tick: u64) -> Option<Message> {
        self.waiting.front().filter(|(sent, _)| *sent < tick)?;
        let (_, message) = self.waiting.pop_front()?;
        self.used -= cost(&*message);
        Some(message)
    }

    /// Has the process woken when it can read a message; whether one waits already, to be read in
    /// the next tick.
    pub fn wait(&mut self) -> bool {
        self.is_awaited = self.waiting.is_empty();
        !self.is_awaited
    }

    /// All messages that wait, each with the tick in which it was sent.
    pub fn waiting(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.waiting.iter().map(|(sent, message)| (*sent, (**message).as_ref()))
    }
}

/// What a message takes of a mailbox: its bytes, and one for an empty message, so that no number of
/// messages is unbounded.
fn cost(message: &dyn Payload) -> usize {
    message.as_ref().len().max(1)
}

/// Puts a message into the mailbox of the process called `name`.
///
/// # Errors
/// [`MessageError`] if there is no such process or the message does not fit.
pub fn send(world: &mut World, name: &str, message: Message) -> Result<(), MessageError> {
    let receiver = world.resource::<Names>().get(name);
    let Some(receiver) = receiver.filter(|entity| world.get::<Mailbox>(*entity).is_some()) else {
        let nearest = world.resource::<Names>().nearest(name);
        return Err(MessageError::NoSuchProcess { name: name.to_owned(), nearest });
    };
    let now = *world.resource::<Now>();
    put(world, receiver, message, now.tick, now.next_time())
}

/// Puts a message into the mailbox of a process that can read it in this very tick: it comes before all
/// steps. A process without a mailbox, or that is gone, gets none.
///
/// # Errors
/// [`MessageError::MailboxFull`].
pub(crate) fn deliver(
    world: &mut World,
    receiver: Entity,
    message: Message,
) -> Result<(), MessageError> {
    let now = *world.resource::<Now>();
    put(world, receiver, message, now.tick.saturating_sub(1), now.time())
}

/// Puts a message, as sent in a tick, into a mailbox; who waits for it is woken at the time `due`.
fn put(
    world: &mut World,
    receiver: Entity,
    message: Message,
    tick: u64,
    due: Flicks,
) -> Result<(), MessageError> {
    let excerpt = trace::excerpt(world, (*message).as_ref());
    let size = cost(&*message);
    let Some(mut mailbox) = world.get_mut::<Mailbox>(receiver) else { return Ok(()) };
    let Mailbox { used, capacity, .. } = *mailbox;
    if size > capacity.saturating_sub(used) {
        return Err(MessageError::MailboxFull {
            name: process::instance_name(world, receiver),
            used,
            capacity,
            size: (*message).as_ref().len(),
        });
    }
    mailbox.used += size;
    mailbox.received += 1;
    mailbox.waiting.push_back((tick, message));
    if std::mem::take(&mut mailbox.is_awaited) {
        process::wake(world, receiver, due);
    }
    if let Some(excerpt) = excerpt {
        let name = process::instance_name(world, receiver);
        trace::sent(world, receiver, &name, excerpt);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Mailbox, MessageError, send};
    use crate::clock::Now;
    use crate::machine::Machine;
    use crate::process::{self, NewProcess};

    /// The remedy is one that there is.
    #[test]
    fn a_full_mailbox_tells_what_to_do() {
        let name = "Ann".to_owned();
        let error = MessageError::MailboxFull { name, used: 65_530, capacity: 65_536, size: 7 };
        assert_eq!(
            error.to_string(),
            "the mailbox of Ann is full: it holds 65530 of 65536 bytes and 7 more do not fit; let \
             Ann read its messages, or give it a larger memory_size"
        );
    }

    /// A mailbox takes what fits, and after it was read as much again; an empty message takes room.
    #[test]
    fn a_mailbox_holds_its_size() {
        let mut machine = Machine::builder().build();
        let world = machine.world_mut();
        let new = NewProcess { name: Some("Ann"), memory_size: 4, ..NewProcess::of("Reader") };
        let ann = process::spawn(world, &new).unwrap();
        for _ in 0..2 {
            let tick = world.resource::<Now>().tick;
            for text in ["ab", "", "c"] {
                send(world, "Ann", Box::new(text.as_bytes())).unwrap();
            }
            send(world, "Ann", Box::new([0_u8])).unwrap_err();
            world.resource_mut::<Now>().tick += 1;
            let mut mailbox = world.get_mut::<Mailbox>(ann).unwrap();
            assert_eq!(mailbox.read_one(tick).map(|_| ()), None);
            let first = mailbox.read_one(tick + 1).unwrap();
            assert_eq!((*first).as_ref(), b"ab");
            let rest: Vec<_> = mailbox.read(tick + 1).map(|it| (*it).as_ref().to_vec()).collect();
            assert_eq!(rest, [b"".to_vec(), b"c".to_vec()]);
        }
        assert_eq!(world.get::<Mailbox>(ann).unwrap().received(), 6);
    }
}
