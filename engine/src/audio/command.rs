//! What the world asks of a mixer. Plain values: they cross to the audio thread through a lock-free
//! queue.

use std::sync::Arc;

use super::bus::{BusId, BusStart};
use super::clip::{Clip, LongClip};
use super::effect::Effects;
use super::envelope::Course;
use super::fade::Glide;
use super::ring::SampleRing;
use super::settings::Waveform;

/// One sounding of a clip or tone. Numbers are never used twice in a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VoiceId(u64);

impl VoiceId {
    /// The voice with this number; the first of a machine is 1.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The number of the voice.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// An order to a mixer, and when to carry it out.
#[derive(Debug, Clone)]
pub struct TimedCommand {
    /// A sample time at [`SAMPLE_RATE_HZ`](super::SAMPLE_RATE_HZ); `None` is the start of the tick,
    /// or at once.
    pub at_sample: Option<u64>,
    /// What to do.
    pub command: Command,
}

/// An order to a mixer. Its numbers have been checked where they came in, in
/// [`Audio`](super::Audio); lengths are in samples at [`SAMPLE_RATE_HZ`](super::SAMPLE_RATE_HZ), and
/// no change is faster than 5 ms, so that none clicks.
#[derive(Debug, Clone)]
pub enum Command {
    /// Starts a voice.
    Start(VoiceStart),
    /// Fades a voice out and ends it.
    Stop {
        /// The voice.
        voice: VoiceId,
        /// How long the fade takes.
        samples: u64,
    },
    /// Has a tone that is held begin its release.
    Release(VoiceId),
    /// Changes the volume of a voice.
    SetVolume {
        /// The voice.
        voice: VoiceId,
        /// Factor on the amplitude.
        volume: f64,
        /// How long the fade takes.
        samples: u64,
    },
    /// Changes the pan of a voice.
    SetPan(VoiceId, f64),
    /// Changes the pitch of a voice.
    SetPitch(VoiceId, f64),
    /// Changes the volume of a bus.
    SetBusVolume {
        /// The bus.
        bus: BusId,
        /// Factor on the amplitude.
        volume: f64,
        /// How long the fade takes.
        samples: u64,
    },
    /// Mutes a bus, or no longer.
    SetBusMuted(BusId, bool),
    /// Changes the effects of a bus.
    SetEffects(BusId, Effects),
    /// Changes everything about a bus.
    StartBus(BusStart),
    /// Has it write down what it renders, to be seen. The world keeps the ring, so that a mixer never
    /// frees it.
    Listen(Arc<SampleRing>),
    /// Fades out and ends all voices.
    StopAll,
}

/// A voice as it begins, or as it goes on in a mixer that has not heard its beginning.
#[derive(Debug, Clone)]
pub struct VoiceStart {
    /// The voice.
    pub voice: VoiceId,
    /// What it plays.
    pub source: SourceStart,
    /// Where it goes.
    pub bus: BusId,
    /// Factor on the amplitude, and where that is going.
    pub volume: Glide,
    /// One more factor: from 0 as it fades in, to 0 as it fades out.
    pub fade: Glide,
    /// Whether it ends where its fade does.
    pub is_stopping: bool,
    /// −1 to 1.
    pub pan: f64,
    /// Factor on the speed.
    pub pitch: f64,
}

impl VoiceStart {
    /// A voice as its source is: on the master, at volume and pitch 1, in the middle.
    pub const fn new(voice: VoiceId, source: SourceStart) -> Self {
        Self {
            voice,
            source,
            bus: BusId::MASTER,
            volume: Glide::at(1.0),
            fade: Glide::at(1.0),
            is_stopping: false,
            pan: 0.0,
            pitch: 1.0,
        }
    }
}

/// What a voice plays, and from where.
#[derive(Debug, Clone)]
pub enum SourceStart {
    /// A clip.
    Clip {
        /// The samples; the world keeps the clip, so that a mixer never frees one.
        clip: Arc<Clip>,
        /// Whether to begin again at its end.
        looped: bool,
        /// The place in the clip, in samples with 32 fractional bits.
        position: u64,
    },
    /// A clip that is read from its file. A mixer alone cannot play it: its backend makes it
    /// [`Fed`](Self::Fed).
    LongClip {
        /// The file.
        clip: Arc<LongClip>,
        /// Whether to begin again at its end.
        looped: bool,
        /// The place in the clip, in samples with 32 fractional bits.
        position: u64,
    },
    /// Samples of a long clip, from the place on at which the voice begins.
    Fed {
        /// Where they are; kept by the backend, so that a mixer never frees one.
        ring: Arc<SampleRing>,
        /// How far it is from the first sample to the next, of 32 bits.
        fraction: u64,
        /// Whether that is not the beginning of the clip.
        is_under_way: bool,
    },
    /// Samples that are written as they are played, at
    /// [`SAMPLE_RATE_HZ`](super::SAMPLE_RATE_HZ).
    Stream {
        /// Where they are; the world keeps it, or a backend, so that a mixer never frees one.
        ring: Arc<SampleRing>,
        /// The number of the sample to go on with.
        position: u64,
        /// How many samples there must be for it to begin, or to go on after it ran dry.
        enough: u64,
        /// Whether it has begun.
        is_flowing: bool,
    },
    /// A tone.
    Tone {
        /// The shape of the wave.
        waveform: Waveform,
        /// In hertz, before pitch.
        frequency_hz: f64,
        /// How loud it is, by samples at [`SAMPLE_RATE_HZ`](super::SAMPLE_RATE_HZ).
        course: Course,
        /// How many of them are over.
        elapsed_samples: u64,
        /// Makes the noise of this tone its own.
        seed: u64,
    },
}

impl SourceStart {
    /// Whether the voice is picked up in its middle.
    pub(crate) const fn is_under_way(&self) -> bool {
        match self {
            Self::Clip { position, .. }
            | Self::LongClip { position, .. }
            | Self::Stream { position, .. } => *position > 0,
            Self::Fed { is_under_way, .. } => *is_under_way,
            Self::Tone { elapsed_samples, .. } => *elapsed_samples > 0,
        }
    }
}
