//! Two outputs at once: what is heard is also written.

use super::backend::{AudioBackend, AudioBatch, AudioDevice, AudioEvent};
use super::error::AudioError;

/// Gives every tick to two backends. What is seen of the sound is that of the first.
#[derive(Debug)]
pub struct Tee<A, B> {
    pub(super) first: A,
    pub(super) second: B,
}

impl<A: AudioBackend, B: AudioBackend> Tee<A, B> {
    /// Plays to both, in this order.
    pub const fn new(first: A, second: B) -> Self {
        Self { first, second }
    }
}

impl<A: AudioBackend, B: AudioBackend> AudioBackend for Tee<A, B> {
    fn play_tick(&mut self, batch: &AudioBatch<'_>, events: &mut Vec<AudioEvent>) {
        self.first.play_tick(batch, events);
        self.second.play_tick(&AudioBatch { heard: None, ..*batch }, events);
    }

    /// Those of the first: it is the one for ears.
    fn devices(&self) -> fn() -> Vec<AudioDevice> {
        self.first.devices()
    }

    /// Finishes both, and reports the first error.
    fn finish(&mut self) -> Result<(), AudioError> {
        let first = self.first.finish();
        let second = self.second.finish();
        first.and(second)
    }
}

impl<B: AudioBackend + ?Sized> AudioBackend for Box<B> {
    fn play_tick(&mut self, batch: &AudioBatch<'_>, events: &mut Vec<AudioEvent>) {
        (**self).play_tick(batch, events);
    }

    fn devices(&self) -> fn() -> Vec<AudioDevice> {
        (**self).devices()
    }

    fn finish(&mut self) -> Result<(), AudioError> {
        (**self).finish()
    }
}
