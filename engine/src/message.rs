//! Messages: raw bytes put into the mailbox of another process.
//!
//! A message sent in a tick can be read from the next tick on, so that it does not matter in which
//! order sender and reader are stepped. A mailbox is bounded: a message that does not fit is
//! refused at the sender, and none is ever dropped.

use std::collections::VecDeque;

use bevy_ecs::component::Component;
use bevy_ecs::world::World;
use thiserror::Error;

use crate::clock::Now;
use crate::nearest::{did_you_mean, nearest};
use crate::process::Names;

/// What a mailbox holds, bytes.
pub const DEFAULT_MEMORY_SIZE: usize = 64 * 1024;

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
         fit; let {name} read its messages"
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

/// The messages that wait for a process.
#[derive(Debug, Component)]
pub struct Mailbox {
    /// Each with the tick in which it was sent, in order of sending.
    waiting: VecDeque<(u64, Vec<u8>)>,
    used: usize,
    capacity: usize,
}

impl Default for Mailbox {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), used: 0, capacity: DEFAULT_MEMORY_SIZE }
    }
}

impl Mailbox {
    /// Takes the messages sent before tick `tick`, in the order of sending.
    pub fn read(&mut self, tick: u64) -> Vec<Vec<u8>> {
        let ready = self.waiting.partition_point(|(sent, _)| *sent < tick);
        let messages: Vec<_> = self.waiting.drain(..ready).map(|(_, bytes)| bytes).collect();
        self.used -= messages.iter().map(|bytes| cost(bytes)).sum::<usize>();
        messages
    }

    /// All messages that wait, each with the tick in which it was sent.
    pub fn waiting(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.waiting.iter().map(|(sent, bytes)| (*sent, bytes.as_slice()))
    }
}

/// What a message takes of a mailbox: its bytes, and one for an empty message, so that no number of
/// messages is unbounded.
fn cost(bytes: &[u8]) -> usize {
    bytes.len().max(1)
}

/// Puts `bytes` into the mailbox of the process called `name`.
///
/// # Errors
/// [`MessageError`] if there is no such process or the message does not fit.
pub fn send(world: &mut World, name: &str, bytes: &[u8]) -> Result<(), MessageError> {
    let tick = world.resource::<Now>().tick;
    let receiver = world.resource::<Names>().get(name);
    let mailbox = receiver.and_then(|entity| world.get_mut::<Mailbox>(entity));
    let Some(mut mailbox) = mailbox else {
        let names = world.resource::<Names>();
        return Err(MessageError::NoSuchProcess {
            name: name.to_owned(),
            nearest: nearest(name, names.iter().map(|(name, _)| name)),
        });
    };
    if cost(bytes) > mailbox.capacity - mailbox.used {
        return Err(MessageError::MailboxFull {
            name: name.to_owned(),
            used: mailbox.used,
            capacity: mailbox.capacity,
            size: bytes.len(),
        });
    }
    mailbox.used += cost(bytes);
    mailbox.waiting.push_back((tick, bytes.to_vec()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::MessageError;

    /// The remedy is one that there is.
    #[test]
    fn a_full_mailbox_tells_who_must_read() {
        let name = "Ann".to_owned();
        let error = MessageError::MailboxFull { name, used: 65_530, capacity: 65_536, size: 7 };
        assert_eq!(
            error.to_string(),
            "the mailbox of Ann is full: it holds 65530 of 65536 bytes and 7 more do not fit; let \
             Ann read its messages"
        );
    }
}
