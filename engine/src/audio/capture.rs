//! Capture: sound from outside, on the time of the world.
//!
//! What is heard is input. In the input phase every device that somebody listens to gives the
//! samples of one tick, neither more nor fewer: 800 at 60 ticks a second, and silence where it has
//! none. So a process hears the same in every replay, a capture and a
//! [stream](super::StreamSettings) never drift apart, and the pace of a device shows in the port
//! alone ([`CaptureBackend`]).
//!
//! From there samples go three ways: they wait until they are [read](Captures::read), they become
//! messages to a process, and they go to a file ([`Captures::record`]). This module knows no device.

mod backend;
mod delivery;
mod phase;
mod recorder;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Weak};

use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;

use self::delivery::Delivery;
use self::recorder::Recorder;
use super::clip::Clip;
use super::error::AudioError;
use super::sample::{SAMPLE_RATE_HZ, StereoSample};
use super::settings::check_range;
use super::stream::MAX_MAGNITUDE;

pub use self::backend::{CaptureBackend, Heard};
pub(crate) use self::phase::take_captured;

/// How many captures there can be at once.
pub const MAX_CAPTURES: usize = 32;
/// The shortest time for which samples wait to be read, in seconds.
pub const MIN_KEEP_SECS: f64 = 0.02;
/// The longest time for which samples wait to be read, in seconds.
pub const MAX_KEEP_SECS: f64 = 60.0;
/// The fewest samples in a message.
pub const MIN_BLOCK_SAMPLES: usize = 32;
/// The most samples in a message.
pub const MAX_BLOCK_SAMPLES: usize = 48_000;

/// One listening to a device. Numbers are never used twice in a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaptureId(u64);

impl CaptureId {
    /// The number of the capture; the first of a machine is 1.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// How many values there are for each moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Channels {
    /// One: the mean of both sides.
    #[default]
    Mono,
    /// Left and right.
    Stereo,
}

impl Channels {
    /// 1 or 2.
    pub const fn count(self) -> usize {
        match self {
            Self::Mono => 1,
            Self::Stereo => 2,
        }
    }

    /// Appends the values of samples, sample by sample.
    fn append(self, samples: impl IntoIterator<Item = StereoSample>, values: &mut Vec<f32>) {
        let samples = samples.into_iter();
        match self {
            Self::Mono => values.extend(samples.map(|[left, right]| 0.5 * (left + right))),
            Self::Stereo => values.extend(samples.flatten()),
        }
    }
}

/// What is listened to, and where it goes.
#[derive(Debug, Clone)]
pub struct CaptureSettings {
    /// The id or the name of a device; `None` is the one that the user has chosen.
    pub device: Option<String>,
    /// How many values a sample has.
    pub channels: Channels,
    /// For how long samples wait to be read, in seconds: [`MIN_KEEP_SECS`] to [`MAX_KEEP_SECS`].
    pub keep_secs: f64,
    /// Heard over and over for as long as the device is not there, instead of silence.
    pub otherwise: Option<Arc<Clip>>,
    /// The process that gets them as messages; nothing waits to be read then.
    pub receiver: Option<Entity>,
    /// Samples in a message: [`MIN_BLOCK_SAMPLES`] to [`MAX_BLOCK_SAMPLES`]. `None` is those of a
    /// tick.
    pub block_samples: Option<usize>,
}

impl Default for CaptureSettings {
    /// The user's device, one channel, kept for a second.
    fn default() -> Self {
        Self {
            device: None,
            channels: Channels::Mono,
            keep_secs: 1.0,
            otherwise: None,
            receiver: None,
            block_samples: None,
        }
    }
}

/// What is known of a capture in this tick.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CaptureState {
    /// The name of the device that is heard, for people; `None` if there is none.
    pub heard: Option<String>,
    /// How many samples wait to be read.
    pub waiting_samples: usize,
    /// How often samples were lost because nobody read them, a mailbox was full, or the machine was
    /// too slow for the device.
    pub overruns: u64,
    /// The loudest value of this tick, 0 and up; 1 is full scale.
    pub peak: f32,
    /// Whether a file is being written.
    pub is_recording: bool,
    /// Whether nothing more will come.
    pub is_closed: bool,
}

/// The captures of a machine.
#[derive(Debug, Default, Resource)]
pub struct Captures {
    open: BTreeMap<CaptureId, Capture>,
    /// Files whose ends are being written.
    ending: Vec<Recorder>,
    /// The device that is heard for each that is wanted, in this tick.
    heard: BTreeMap<Option<String>, Option<String>>,
    last: u64,
}

/// Keeps a capture open that nobody else gets anything of.
#[derive(Debug, Clone)]
pub struct CaptureHold(#[expect(dead_code, reason = "it is counted")] Arc<()>);

#[derive(Debug)]
struct Capture {
    device: Option<String>,
    channels: Channels,
    keep_samples: usize,
    otherwise: Option<(Arc<Clip>, usize)>,
    delivery: Option<Delivery>,
    recorder: Option<Recorder>,
    waiting: VecDeque<StereoSample>,
    /// Whether somebody reads: until then the latest samples are kept, and none are missed.
    is_read: bool,
    overruns: u64,
    /// Whether an overrun has been told of.
    is_overrun_told: bool,
    peak: f32,
    holder: Weak<()>,
}

impl Captures {
    /// Begins to listen, from the next tick on, until it is [closed](Self::close), the receiver is
    /// deleted, or, where there is none, nobody holds it any more.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`] for a setting outside of its range,
    /// [`AudioError::TooManyCaptures`].
    pub fn open(
        &mut self,
        settings: CaptureSettings,
    ) -> Result<(CaptureId, CaptureHold), AudioError> {
        check_range("keep", settings.keep_secs, MIN_KEEP_SECS, MAX_KEEP_SECS)?;
        if let Some(block) = settings.block_samples {
            let (low, high) = (MIN_BLOCK_SAMPLES as f64, MAX_BLOCK_SAMPLES as f64);
            check_range("block", block as f64, low, high)?;
        }
        // One that was let go of in this very tick leaves its place to this one.
        self.close_where(Capture::is_let_go);
        if self.open.len() >= MAX_CAPTURES {
            return Err(AudioError::TooManyCaptures);
        }
        self.last += 1;
        let (id, hold) = (CaptureId(self.last), Arc::new(()));
        let capture = Capture {
            device: settings.device,
            channels: settings.channels,
            keep_samples: (settings.keep_secs * f64::from(SAMPLE_RATE_HZ)).round() as usize,
            otherwise: settings.otherwise.map(|clip| (clip, 0)),
            delivery: settings.receiver.map(|to| Delivery::new(to, settings.block_samples)),
            recorder: None,
            waiting: VecDeque::new(),
            is_read: false,
            overruns: 0,
            is_overrun_told: false,
            peak: 0.0,
            holder: Arc::downgrade(&hold),
        };
        self.open.insert(id, capture);
        Ok((id, CaptureHold(hold)))
    }

    /// Whether a process gets samples as messages.
    pub fn has_receiver(&self, process: Entity) -> bool {
        let mut deliveries = self.open.values().filter_map(|capture| capture.delivery.as_ref());
        deliveries.any(|delivery| delivery.to == process)
    }

    /// Takes the samples that wait, oldest first, and at most `most` of them: one value or two for
    /// each, −16 to 16 and full scale at 1.
    pub fn read(&mut self, id: CaptureId, most: usize) -> Vec<f32> {
        let mut values = Vec::new();
        if let Some(capture) = self.open.get_mut(&id) {
            capture.is_read = true;
            let count = most.min(capture.waiting.len());
            values.reserve(count * capture.channels.count());
            capture.channels.append(capture.waiting.drain(..count), &mut values);
        }
        values
    }

    /// Writes what is heard from the next tick on to a WAV file of 16 bits, which appears under its
    /// name when it is whole. Does nothing to a capture that is closed.
    ///
    /// # Errors
    /// [`AudioError::Output`] if the file cannot be created, or is being written already.
    pub fn record(&mut self, id: CaptureId, path: &Path) -> Result<(), AudioError> {
        let Some(capture) = self.open.get(&id) else { return Ok(()) };
        let refused = |reason: &str| {
            Err(AudioError::Output { path: path.to_owned(), reason: reason.to_owned() })
        };
        if capture.recorder.is_some() {
            return refused("this capture writes another file; end that first: stop_recording()");
        }
        let mut recorders = self.open.values().filter_map(|capture| capture.recorder.as_ref());
        if recorders.any(|recorder| recorder.is_writing(path)) {
            return refused("another capture writes it; choose another name");
        }
        if let Some(ending) = self.ending.iter_mut().find(|recorder| recorder.is_writing(path)) {
            ending.finish()?;
        }
        let recorder = Recorder::start(path, capture.channels)?;
        if let Some(capture) = self.open.get_mut(&id) {
            capture.recorder = Some(recorder);
        }
        Ok(())
    }

    /// Ends the file, which is there a moment later.
    pub fn stop_recording(&mut self, id: CaptureId) {
        let recorder = self.open.get_mut(&id).and_then(|capture| capture.recorder.take());
        if let Some(mut recorder) = recorder {
            recorder.stop();
            self.ending.push(recorder);
        }
    }

    /// Ends a capture, and the file that it writes. What waits to be read is gone.
    pub fn close(&mut self, id: CaptureId) {
        self.stop_recording(id);
        self.open.remove(&id);
    }

    fn close_where(&mut self, is_over: impl Fn(&Capture) -> bool) {
        let over = self.open.iter().filter(|(_, capture)| is_over(capture)).map(|(id, _)| *id);
        for id in over.collect::<Vec<_>>() {
            self.close(id);
        }
    }

    /// What is known of a capture in this tick.
    pub fn state(&self, id: CaptureId) -> CaptureState {
        let Some(capture) = self.open.get(&id) else {
            return CaptureState { is_closed: true, ..CaptureState::default() };
        };
        CaptureState {
            heard: self.heard.get(&capture.device).cloned().flatten(),
            waiting_samples: capture.waiting.len(),
            overruns: capture.overruns,
            peak: capture.peak,
            is_recording: capture.recorder.is_some(),
            is_closed: false,
        }
    }

    /// Ends all files, and waits until they are whole; gives an [`AudioError::Output`] for each that
    /// cannot be.
    pub(crate) fn finish(&mut self) -> Vec<AudioError> {
        let recorders = self.open.values_mut().filter_map(|capture| capture.recorder.take());
        self.ending.extend(recorders);
        self.ending.drain(..).filter_map(|mut recorder| recorder.finish().err()).collect()
    }

    /// Whether nobody listens, and nothing is left of those who did.
    fn is_idle(&self) -> bool {
        self.open.is_empty() && self.ending.is_empty() && self.heard.is_empty()
    }

    /// The devices that somebody listens to.
    fn wanted(&self) -> Vec<Option<String>> {
        let devices: BTreeSet<_> = self.open.values().map(|capture| &capture.device).collect();
        devices.into_iter().cloned().collect()
    }

    /// Why files could not be written, each once.
    fn take_failures(&mut self) -> Vec<AudioError> {
        // A capture whose file has failed can write another.
        let failed = self
            .open
            .values_mut()
            .filter_map(|capture| capture.recorder.take_if(|recorder| recorder.is_ending()));
        self.ending.extend(failed);
        let over = self.ending.extract_if(.., |recorder| recorder.is_over());
        over.filter_map(|mut recorder| recorder.finish().err()).collect()
    }
}

impl Capture {
    /// Whether nobody can get anything of it any more.
    fn is_let_go(&self) -> bool {
        self.delivery.is_none() && self.holder.strong_count() == 0
    }

    /// What is heard instead of a device that is not there.
    fn substitute(&mut self, count: usize) -> Vec<StereoSample> {
        let Some((clip, position)) = &mut self.otherwise else { return vec![[0.0; 2]; count] };
        let samples = clip.samples();
        let from = *position;
        *position = (from + count) % samples.len().max(1);
        samples.iter().cycle().skip(from).take(count).copied().collect()
    }

    /// Takes the samples of a tick. Where they do not become messages, they wait; whether some were
    /// lost that somebody would have read.
    fn take_in(&mut self, samples: &[StereoSample]) -> bool {
        self.peak = samples.iter().flatten().fold(0.0, |peak: f32, value| peak.max(value.abs()));
        if let Some(recorder) = &mut self.recorder {
            recorder.write(samples);
        }
        if self.delivery.is_some() {
            return false;
        }
        self.waiting.extend(samples);
        let surplus = self.waiting.len().saturating_sub(self.keep_samples);
        self.waiting.drain(..surplus);
        let is_lost = surplus > 0 && self.is_read;
        self.overruns += u64::from(is_lost);
        is_lost
    }
}

/// A sample that the rest of the engine can count on: finite, and within 16 times full scale.
fn sound(sample: StereoSample) -> StereoSample {
    sample.map(|value| match value.is_finite() {
        true => value.clamp(-MAX_MAGNITUDE, MAX_MAGNITUDE),
        false => 0.0,
    })
}

#[cfg(test)]
mod tests;
