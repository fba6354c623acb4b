//! Sound without a sound card: none at all, or into a file; and out of one instead of a microphone.
//!
//! Neither looks at a clock, so both keep pace with the virtual clock however fast it runs.

mod microphone;
mod offline;

use crate::audio::{AudioBackend, AudioBatch, AudioEvent};

pub use self::microphone::{FileMicrophone, NoMicrophone};
pub use self::offline::OfflineAudio;

/// Plays nothing. The world notices no difference: what ends when is its own knowledge.
#[derive(Debug, Clone, Copy, Default)]
pub struct SilentAudio;

impl AudioBackend for SilentAudio {
    fn play_tick(&mut self, _batch: &AudioBatch<'_>, _events: &mut Vec<AudioEvent>) {}
}
