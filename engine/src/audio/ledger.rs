//! What the world knows of its voices: which ones there are, how they sound, and when they end.
//!
//! All of it follows from the commands and the simulation time, never from a device. So a script
//! that asks whether a voice is playing gets the same answer with a sound card, without one, and in
//! a replay; and a device that appears late can be told everything it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::bus::BusId;
use super::clip::Playable;
use super::command::{SourceStart, VoiceId, VoiceStart};
use super::envelope::Course;
use super::fade::Fade;
use super::mixer::MAX_VOICES;
use super::sample::{FADE_SAMPLES, SAMPLE_RATE_HZ, TickSpan};
use super::settings::Waveform;
use super::stream::{Flow, Stream};
use super::voice::{POSITION_BITS, pitch_step};

/// A voice from its start to its end.
#[derive(Debug)]
pub(crate) struct Entry {
    source: Source,
    pub(crate) volume: Fade,
    pub(crate) pan: f64,
    pitch: f64,
    bus: BusId,
    /// From 0 to 1 at its beginning, to 0 once it is stopped.
    fade: Fade,
    /// The sample time at which `position` was right: the start, or the last change of pitch.
    since_sample: u64,
    /// The place in a clip, with [`POSITION_BITS`]; 0 for a tone.
    position: u64,
    /// The sample time after the last one heard; `None` for a loop.
    end_sample: Option<u64>,
    state: State,
}

/// What a voice is started with.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) source: Source,
    pub(crate) volume: f64,
    pub(crate) pan: f64,
    pub(crate) pitch: f64,
    pub(crate) bus: BusId,
    pub(crate) fade_in_samples: u64,
    pub(crate) start_sample: u64,
}

/// What a voice plays.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    Clip { clip: Playable, looped: bool },
    Stream(Stream),
    Tone { waveform: Waveform, frequency_hz: f64, course: Course, seed: u64 },
}

/// For how long a tone is held that is let go in the tick in which it begins: a quick finger takes
/// 20 ms.
const TAP_SAMPLES: u64 = SAMPLE_RATE_HZ as u64 / 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The backend has not been told yet.
    Planned,
    /// The backend plays it.
    Started,
    /// The backend fades it out.
    Stopping,
}

/// All voices that have not ended.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    voices: BTreeMap<VoiceId, Entry>,
    /// The planned ones by start.
    starts: BTreeSet<(u64, VoiceId)>,
    /// Those that end, by their end.
    ends: BTreeSet<(u64, VoiceId)>,
    /// How many voices are not stopping.
    playing_count: usize,
}

impl Ledger {
    /// Adds a voice.
    pub(crate) fn add(&mut self, voice: VoiceId, plan: Plan) {
        let Plan { source, volume, pan, pitch, bus, fade_in_samples, start_sample } = plan;
        let fade = match fade_in_samples {
            0 => Fade::at(1.0),
            samples => Fade::between(0.0, 1.0, start_sample, samples),
        };
        let mut entry = Entry {
            source,
            volume: Fade::at(volume),
            pan,
            pitch,
            bus,
            fade,
            since_sample: start_sample,
            position: 0,
            end_sample: None,
            state: State::Planned,
        };
        entry.end_sample = entry.natural_end();
        self.ends.extend(entry.end_sample.map(|end| (end, voice)));
        self.starts.insert((start_sample, voice));
        self.voices.insert(voice, entry);
        self.playing_count += 1;
    }

    /// The voice that must end for another to start, if there are as many as may sound: the one
    /// with the smallest volume, of several the oldest.
    pub(crate) fn voice_to_steal(&self, now_sample: u64) -> Option<VoiceId> {
        if self.playing_count < MAX_VOICES {
            return None;
        }
        self.playing()
            .min_by(|(first, one), (second, other)| {
                let [one, other] = [one, other].map(|entry| entry.volume.value_at(now_sample));
                one.total_cmp(&other).then(first.cmp(second))
            })
            .map(|(voice, _)| voice)
    }

    /// Whether the voice is planned or heard, and nobody has stopped it.
    pub(crate) fn is_playing(&self, voice: VoiceId) -> bool {
        self.voices.get(&voice).is_some_and(|entry| entry.state != State::Stopping)
    }

    /// Whether the voice is a tone that nobody has stopped, and that has begun by `now_sample`.
    pub(crate) fn is_held(&self, voice: VoiceId, now_sample: u64) -> bool {
        self.voices.get(&voice).is_some_and(|entry| {
            entry.state != State::Stopping
                && entry.since_sample <= now_sample
                && matches!(entry.source, Source::Tone { .. })
        })
    }

    /// The voices that nobody has stopped, in the order of their numbers.
    pub(crate) fn playing(&self) -> impl Iterator<Item = (VoiceId, &Entry)> {
        self.voices
            .iter()
            .filter(|(_, entry)| entry.state != State::Stopping)
            .map(|(voice, entry)| (*voice, entry))
    }

    /// Ends a voice with a fade, which is no shorter than [`FADE_SAMPLES`]. True if a backend plays
    /// it and has to be told.
    pub(crate) fn stop(&mut self, voice: VoiceId, now_sample: u64, fade_samples: u64) -> bool {
        let Some(entry) =
            self.voices.get_mut(&voice).filter(|entry| entry.state != State::Stopping)
        else {
            return false;
        };
        let is_started = entry.state == State::Started;
        let fade = if is_started { fade_samples.max(FADE_SAMPLES) } else { 0 };
        entry.fade.head_for(0.0, now_sample, fade);
        let end = entry.end_sample.unwrap_or(u64::MAX).min(entry.fade.end_sample());
        self.starts.remove(&(entry.since_sample, voice));
        entry.state = State::Stopping;
        self.playing_count -= 1;
        self.set_end(voice, Some(end));
        is_started
    }

    /// Changes a voice that is playing. True if a backend plays it and has to be told.
    pub(crate) fn change(&mut self, voice: VoiceId, change: impl FnOnce(&mut Entry)) -> bool {
        let Some(entry) =
            self.voices.get_mut(&voice).filter(|entry| entry.state != State::Stopping)
        else {
            return false;
        };
        change(entry);
        let (end, is_started) = (entry.natural_end(), entry.state == State::Started);
        self.set_end(voice, end);
        is_started
    }

    /// The planned voices that start before `end_sample`, with their times, in that order. They
    /// count as started now.
    pub(crate) fn take_starts(&mut self, end_sample: u64, mut start: impl FnMut(u64, VoiceStart)) {
        while let Some((at, voice)) = self.starts.pop_first() {
            if at >= end_sample {
                self.starts.insert((at, voice));
                return;
            }
            if let Some(entry) = self.voices.get_mut(&voice) {
                entry.state = State::Started;
                start(at, entry.start_at(voice, at));
            }
        }
    }

    /// The stream of a voice that nobody has stopped.
    pub(crate) fn stream(&mut self, voice: VoiceId) -> Option<&mut Stream> {
        let entry = self.voices.get_mut(&voice).filter(|entry| entry.state != State::Stopping)?;
        if let Source::Stream(stream) = &mut entry.source { Some(stream) } else { None }
    }

    /// Has all streams play a tick, in the order of their voices, and tells which run dry for the
    /// first time.
    pub(crate) fn play_streams(&mut self, span: TickSpan, mut dry: impl FnMut(VoiceId)) {
        let mut over = Vec::new();
        for (voice, entry) in &mut self.voices {
            let Source::Stream(stream) = &mut entry.source else { continue };
            if entry.since_sample >= span.end_sample {
                continue;
            }
            match stream.play(span) {
                Flow::Over if entry.state != State::Stopping => over.push(*voice),
                Flow::Dry { is_first: true } => dry(*voice),
                Flow::On | Flow::Over | Flow::Dry { .. } => {}
            }
        }
        for voice in over {
            let end = self.voices.get(&voice).and_then(Entry::natural_end);
            self.set_end(voice, end);
        }
    }

    /// Forgets the voices that have ended by `now_sample`, in the order of their ends.
    pub(crate) fn take_ended(&mut self, now_sample: u64, mut ended: impl FnMut(VoiceId)) {
        while let Some((end, voice)) = self.ends.pop_first() {
            if end > now_sample {
                self.ends.insert((end, voice));
                return;
            }
            if let Some(entry) = self.voices.remove(&voice) {
                self.playing_count -= usize::from(entry.state != State::Stopping);
            }
            ended(voice);
        }
    }

    /// Every voice that a backend should be playing at `now_sample`, as it is then, those that fade
    /// out included, with the time of its start if that is still to come.
    pub(crate) fn under_way(
        &self,
        now_sample: u64,
    ) -> impl Iterator<Item = (Option<u64>, VoiceStart)> {
        let is_heard = move |entry: &Entry| match entry.state {
            State::Planned => false,
            State::Started => true,
            State::Stopping => entry.fade.end_sample() > now_sample,
        };
        self.voices.iter().filter(move |(_, entry)| is_heard(entry)).map(move |(voice, entry)| {
            let later = (entry.since_sample > now_sample).then_some(entry.since_sample);
            (later, entry.start_at(*voice, later.unwrap_or(now_sample)))
        })
    }

    fn set_end(&mut self, voice: VoiceId, end: Option<u64>) {
        let Some(entry) = self.voices.get_mut(&voice) else { return };
        if let Some(old) = std::mem::replace(&mut entry.end_sample, end) {
            self.ends.remove(&(old, voice));
        }
        self.ends.extend(end.map(|end| (end, voice)));
    }
}

impl Entry {
    /// Changes the pitch at `now_sample`, or from the start if that is later.
    pub(crate) fn set_pitch(&mut self, pitch: f64, now_sample: u64) {
        if now_sample > self.since_sample && matches!(self.source, Source::Clip { .. }) {
            self.position = self.position_at(now_sample);
            self.since_sample = now_sample;
        }
        self.pitch = pitch;
    }

    /// Lets a tone go at `now_sample`.
    pub(crate) fn release(&mut self, now_sample: u64) {
        let elapsed = match self.state {
            State::Planned => TAP_SAMPLES,
            State::Started | State::Stopping => now_sample.saturating_sub(self.since_sample),
        };
        if let Source::Tone { course, .. } = &mut self.source {
            course.release(elapsed, FADE_SAMPLES);
        }
    }

    /// When the voice ends by itself.
    fn natural_end(&self) -> Option<u64> {
        let samples = match &self.source {
            Source::Clip { looped: true, .. } => return None,
            Source::Stream(stream) => return stream.end_sample(),
            Source::Clip { clip, .. } => {
                let left = (clip.sample_count() << POSITION_BITS).saturating_sub(self.position);
                left.div_ceil(pitch_step(self.pitch))
            }
            Source::Tone { course, .. } => course.length()?,
        };
        Some(self.since_sample.saturating_add(samples))
    }

    /// The place in the clip at `sample`.
    fn position_at(&self, sample: u64) -> u64 {
        let Source::Clip { clip, looped } = &self.source else { return 0 };
        let elapsed = u128::from(sample.saturating_sub(self.since_sample));
        let position = u128::from(self.position) + elapsed * u128::from(pitch_step(self.pitch));
        let end = u128::from(clip.sample_count() << POSITION_BITS);
        let position = if *looped { position % end } else { position.min(end) };
        position as u64 // less than 2^63: a clip is shorter than 2^31 samples
    }

    /// The command that makes a mixer play this voice as it is at `sample`.
    fn start_at(&self, voice: VoiceId, sample: u64) -> VoiceStart {
        let source = match &self.source {
            Source::Clip { clip, looped } => clip.start(*looped, self.position_at(sample)),
            Source::Stream(stream) => stream.start(),
            Source::Tone { waveform, frequency_hz, course, seed } => SourceStart::Tone {
                waveform: *waveform,
                frequency_hz: *frequency_hz,
                course: *course,
                elapsed_samples: sample.saturating_sub(self.since_sample),
                seed: *seed,
            },
        };
        VoiceStart {
            voice,
            source,
            bus: self.bus,
            volume: self.volume.rest_at(sample),
            fade: self.fade.rest_at(sample),
            is_stopping: self.state == State::Stopping,
            pan: self.pan,
            pitch: self.pitch,
        }
    }
}
