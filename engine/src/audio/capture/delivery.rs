//! Captured samples as messages to a process.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::Channels;
use crate::audio::sample::StereoSample;
use crate::message::{self, MessageError};

/// What a process gets: messages of `f32`, little endian, sample by sample and without a header.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) to: Entity,
    /// Samples in a message; those of a tick, if none are said.
    block_samples: Option<usize>,
    /// What is not yet a whole block.
    begun: Vec<StereoSample>,
}

impl Delivery {
    pub(super) const fn new(to: Entity, block_samples: Option<usize>) -> Self {
        Self { to, block_samples, begun: Vec::new() }
    }

    /// The messages that are whole with these samples.
    pub(super) fn pack(&mut self, channels: Channels, samples: &[StereoSample]) -> Vec<Vec<u8>> {
        let pack = |block: &[StereoSample]| {
            let mut values = Vec::new();
            channels.append(block.iter().copied(), &mut values);
            values.iter().flat_map(|value| value.to_le_bytes()).collect()
        };
        let Some(length) = self.block_samples else {
            return if samples.is_empty() { Vec::new() } else { vec![pack(samples)] };
        };
        self.begun.extend_from_slice(samples);
        let blocks = self.begun.chunks_exact(length);
        let rest = blocks.remainder().len();
        let messages = blocks.map(pack).collect();
        self.begun.drain(..self.begun.len() - rest);
        messages
    }

    /// Sends messages, oldest first.
    ///
    /// # Errors
    /// [`MessageError`], the first, if not all of them fit.
    pub(super) fn send(
        world: &mut World,
        to: Entity,
        messages: Vec<Vec<u8>>,
    ) -> Result<(), MessageError> {
        let sent = messages.into_iter().map(|bytes| message::deliver(world, to, Box::new(bytes)));
        // Those behind one that does not fit are tried too: a smaller one might.
        sent.fold(Ok(()), Result::and)
    }
}
