//! Streams: voices whose samples are made by a process, block by block, ahead of time.
//!
//! The world reckons in simulation time how much of a stream is still to be played: a stream uses up
//! the samples of a tick in each tick. So what a process is told, and whether a stream runs dry, is
//! the same with every device and in every replay. A device has the same samples in its own ring and
//! is some way behind.

use std::sync::Arc;

use super::Audio;
use super::bus::BusId;
use super::command::{SourceStart, VoiceId};
use super::error::AudioError;
use super::ledger::{Plan, Source};
use super::ring::SampleRing;
use super::sample::{SAMPLE_RATE_HZ, StereoSample, TickSpan};
use super::settings::{check_pan, check_range, check_volume};

/// The shortest time that can be written ahead, in seconds: a tick at 60 Hz, and some.
pub const MIN_AHEAD_SECS: f64 = 0.02;
/// The longest time that can be written ahead, in seconds.
pub const MAX_AHEAD_SECS: f64 = 10.0;

/// How much of the past a device may still have to play, in samples: a second.
const PAST_SAMPLES: u64 = SAMPLE_RATE_HZ as u64;

/// Samples are held within this (+24 dB), as those of clips are.
pub(super) const MAX_MAGNITUDE: f32 = 16.0;

/// How a stream is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StreamSettings {
    /// Factor on the amplitude: 0 (silent) to [`MAX_VOLUME`](super::MAX_VOLUME).
    pub volume: f64,
    /// −1 (left) to 1 (right), with equal power.
    pub pan: f64,
    /// Where it goes; the master unless told otherwise.
    pub bus: BusId,
    /// How far ahead it can be written, in seconds: [`MIN_AHEAD_SECS`] to [`MAX_AHEAD_SECS`]. It is
    /// heard as soon as half of that is there, so half of it is how late a slow frame may be.
    pub ahead_secs: f64,
}

impl Default for StreamSettings {
    /// A fifth of a second ahead.
    fn default() -> Self {
        Self { volume: 1.0, pan: 0.0, bus: BusId::MASTER, ahead_secs: 0.2 }
    }
}

/// What the world knows of a stream, at the start of a tick.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StreamState {
    /// How many samples are still to be played.
    pub buffered_samples: u64,
    /// How many samples can be written.
    pub room_samples: u64,
    /// How often it has run dry.
    pub underruns: u64,
    /// Whether nothing more can be written.
    pub is_closed: bool,
}

/// A stream on the time of the world.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    ring: Arc<SampleRing>,
    ahead_samples: u64,
    played: u64,
    is_flowing: bool,
    underruns: u64,
    /// When its last sample has been played, once that is known.
    end_sample: Option<u64>,
}

/// What became of a stream in a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// It goes on, or waits to begin.
    On,
    /// It ran dry, for the first time or not.
    Dry {
        /// Whether it never has before.
        is_first: bool,
    },
    /// Its last sample is played in this tick.
    Over,
}

impl Stream {
    fn new(ahead_samples: u64) -> Self {
        let ring = Arc::new(SampleRing::new((ahead_samples + PAST_SAMPLES) as usize));
        let (played, underruns) = (0, 0);
        Self { ring, ahead_samples, played, is_flowing: false, underruns, end_sample: None }
    }

    fn buffered(&self) -> u64 {
        self.ring.written().saturating_sub(self.played)
    }

    /// How many samples there must be for it to be heard.
    fn enough(&self) -> u64 {
        (self.ahead_samples / 2).max(1)
    }

    fn state(&self) -> StreamState {
        let buffered_samples = self.buffered();
        StreamState {
            buffered_samples,
            room_samples: self.ahead_samples.saturating_sub(buffered_samples),
            underruns: self.underruns,
            is_closed: self.ring.is_closed(),
        }
    }

    pub(crate) const fn end_sample(&self) -> Option<u64> {
        self.end_sample
    }

    /// Uses up the samples of a tick. A mixer does the same, sample by sample: see
    /// [`RingReader`](super::reader::RingReader).
    pub(crate) fn play(&mut self, span: TickSpan) -> Flow {
        let (buffered, wanted) = (self.buffered(), span.sample_count());
        let is_closed = self.ring.is_closed();
        self.is_flowing |= buffered >= self.enough() || (is_closed && buffered > 0);
        if is_closed && buffered <= wanted {
            self.played += buffered;
            self.end_sample = Some(span.start_sample + buffered);
            return Flow::Over;
        }
        if !self.is_flowing || wanted == 0 {
            return Flow::On;
        }
        self.played += buffered.min(wanted);
        if buffered >= wanted {
            return Flow::On;
        }
        self.is_flowing = false;
        self.underruns += 1;
        Flow::Dry { is_first: self.underruns == 1 }
    }

    /// How a mixer picks it up.
    pub(crate) fn start(&self) -> SourceStart {
        SourceStart::Stream {
            ring: Arc::clone(&self.ring),
            position: self.played,
            enough: self.enough(),
            is_flowing: self.is_flowing,
        }
    }
}

impl Audio {
    /// Begins a stream, to which blocks are [written](Self::write_stream).
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`] for a setting outside of its range, [`AudioError::UnknownBus`].
    pub fn stream(&mut self, settings: StreamSettings) -> Result<VoiceId, AudioError> {
        let StreamSettings { volume, pan, bus, ahead_secs } = settings;
        check_volume(volume)?;
        check_pan(pan)?;
        check_range("ahead", ahead_secs, MIN_AHEAD_SECS, MAX_AHEAD_SECS)?;
        let ahead_samples = (ahead_secs * f64::from(SAMPLE_RATE_HZ)).round() as u64;
        let source = Source::Stream(Stream::new(ahead_samples));
        let (fade_in_samples, start_sample) = (0, 0);
        self.start(Plan { source, volume, pan, pitch: 1.0, bus, fade_in_samples, start_sample })
    }

    /// Appends samples at [`SAMPLE_RATE_HZ`] to a stream; those louder than 16 times full scale are
    /// made that loud. Does nothing to a stream that has ended.
    ///
    /// # Errors
    /// Nothing is written if a sample is infinite or not a number ([`AudioError::NotANumber`]), if
    /// there is no room for all of them ([`AudioError::NoRoom`]), or if the stream is closed
    /// ([`AudioError::Closed`]).
    pub fn write_stream(
        &mut self,
        voice: VoiceId,
        samples: &[StereoSample],
    ) -> Result<(), AudioError> {
        let Some(stream) = self.ledger.stream(voice).filter(|_| !samples.is_empty()) else {
            return Ok(());
        };
        let StreamState { room_samples, is_closed, .. } = stream.state();
        if is_closed {
            return Err(AudioError::Closed);
        }
        let is_number = |sample: &StereoSample| sample.iter().all(|value| value.is_finite());
        if let Some(at) = samples.iter().position(|sample| !is_number(sample)) {
            return Err(AudioError::NotANumber { at });
        }
        if samples.len() as u64 > room_samples {
            return Err(AudioError::NoRoom { given: samples.len(), room: room_samples });
        }
        let within = |value: f32| value.clamp(-MAX_MAGNITUDE, MAX_MAGNITUDE);
        if samples.iter().flatten().all(|value| value.abs() <= MAX_MAGNITUDE) {
            stream.ring.write(samples);
        } else {
            let samples: Vec<_> = samples.iter().map(|sample| sample.map(within)).collect();
            stream.ring.write(&samples);
        }
        Ok(())
    }

    /// Ends a stream when all of it has been played.
    pub fn close_stream(&mut self, voice: VoiceId) {
        if let Some(stream) = self.ledger.stream(voice) {
            stream.ring.close();
        }
    }

    /// The samples of a stream: whoever has them may close it, on any thread.
    pub fn stream_ring(&mut self, voice: VoiceId) -> Option<Arc<SampleRing>> {
        self.ledger.stream(voice).map(|stream| Arc::clone(&stream.ring))
    }

    /// What is known of a stream at the start of this tick, with what was written since; of one that
    /// has ended, that there is no room.
    pub fn stream_state(&mut self, voice: VoiceId) -> StreamState {
        let ended = StreamState { is_closed: true, ..StreamState::default() };
        self.ledger.stream(voice).map_or(ended, |stream| stream.state())
    }
}

#[cfg(test)]
mod tests;
