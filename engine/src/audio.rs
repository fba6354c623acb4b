//! Sound: clips, tones and streams that the world plays, and the mixer that adds them up.
//!
//! The world talks to [`Audio`] while processes are stepped. In the audio phase of the tick
//! [`Audio::flush`] hands what was asked for to an [`AudioBackend`], which plays it on a device,
//! writes it to a file, or does neither. Each backend has its own [`Mixer`], far from the world:
//! commands go there, samples come out, nothing comes back. Samples that are not all there at the
//! start, of a stream or of a long clip, reach it through a ring. What is heard of the world outside
//! comes in through [`Captures`].
//!
//! A voice plays on a bus; a bus has effects and a volume, and leads to the bus "master".
//!
//! Times are sample times: samples at [`SAMPLE_RATE_HZ`] since tick 0. What [`Audio`] answers
//! depends on them and on its commands only, so it is the same with every backend. This module
//! knows no device, no file format but those of clips, and no Python.

mod backend;
mod bus;
mod capture;
mod choice;
mod clip;
mod command;
mod effect;
mod envelope;
mod error;
mod fade;
pub(crate) mod feed;
mod folder;
mod ledger;
mod limiter;
mod mixer;
mod phase;
mod ramp;
mod reader;
mod ring;
mod sample;
mod settings;
mod sound;
mod stream;
mod tee;
mod tone;
mod voice;
mod wav;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use bevy_ecs::prelude::Resource;

use self::bus::Buses;
use self::fade::fade_length;
use self::ledger::{Ledger, Plan, Source};
use self::settings::{check_pan, check_pitch, check_volume};

pub use self::backend::{
    AudioBackend, AudioBatch, AudioDevice, AudioDevices, AudioEvent, DeviceEvent, Direction,
};
pub use self::bus::{BusId, BusSettings, BusStart, MASTER_NAME, MAX_BUS_NAME, MAX_BUSES};
pub(crate) use self::capture::take_captured;
pub use self::capture::{
    CaptureBackend, CaptureHold, CaptureId, CaptureSettings, CaptureState, Captures, Channels,
    Heard, MAX_BLOCK_SAMPLES, MAX_CAPTURES, MAX_KEEP_SECS, MIN_BLOCK_SAMPLES, MIN_KEEP_SECS,
};
pub use self::choice::{AudioChoice, ChoiceError, ChosenDevice};
#[cfg(feature = "audio")]
pub(crate) use self::clip::Converter;
pub use self::clip::{
    Clip, ClipError, ClipFault, ClipId, LongClip, MAX_CLIP_SECS, MAX_DECODED_SECS,
    MAX_LONG_CLIP_SECS, Playable,
};
pub use self::command::{Command, SourceStart, TimedCommand, VoiceId, VoiceStart};
pub use self::effect::{
    Delay, Effects, LowPass, MAX_CUTOFF_HZ, MAX_DELAY_SECS, MAX_FEEDBACK, MAX_RESONANCE,
    MIN_CUTOFF_HZ, MIN_DELAY_SECS, MIN_RESONANCE, Reverb,
};
pub use self::envelope::{Course, Envelope, MAX_ENVELOPE_SECS};
pub use self::error::AudioError;
pub use self::fade::{Glide, MAX_FADE_SECS};
pub use self::folder::{SoundFolder, load_clip};
pub use self::mixer::{MAX_VOICES, Mixer};
pub(crate) use self::phase::play_tick;
pub use self::ring::SampleRing;
pub use self::sample::{SAMPLE_RATE_HZ, StereoSample, TickSpan};
pub use self::settings::{
    MAX_FREQUENCY_HZ, MAX_PITCH, MAX_TONE_SECS, MAX_VOLUME, MIN_FREQUENCY_HZ, MIN_PITCH,
    PlaySettings, ToneSettings, Waveform, pan_gains,
};
pub use self::sound::Sound;
pub(crate) use self::sound::Sounds;
pub use self::stream::{MAX_AHEAD_SECS, MIN_AHEAD_SECS, StreamSettings, StreamState};
pub use self::tee::Tee;
pub(crate) use self::wav::WavFile;

/// How much of what was heard is kept to be seen, in samples: 0.17 seconds.
const HEARD_SAMPLES: usize = 8_192;

/// The sound of a machine, as its processes see it.
///
/// At most [`MAX_VOICES`] voices sound at once; one more stops the voice with the smallest volume,
/// and of several the oldest.
///
/// # Examples
///
/// A tone of a tenth of a second, at 60 ticks a second, without a sound card:
///
/// ```
/// use std::num::NonZeroU32;
/// use metapython_engine::audio::{Audio, AudioEvent, TickSpan, ToneSettings};
/// use metapython_engine::platform::headless::audio::SilentAudio;
///
/// let mut audio = Audio::new(0);
/// let tone = audio.tone(ToneSettings { duration_secs: Some(0.1), ..ToneSettings::default() })?;
/// let hz = NonZeroU32::new(60).unwrap();
/// let mut ends_in_tick = None;
/// for tick in 0..60 {
///     let events = audio.flush(&mut SilentAudio, TickSpan::of_tick(tick, hz));
///     if events.contains(&AudioEvent::VoiceFinished(tone)) {
///         ends_in_tick = Some(tick);
///     }
/// }
/// assert_eq!(ends_in_tick, Some(5));
/// assert!(!audio.is_playing(tone));
/// # Ok::<(), metapython_engine::audio::AudioError>(())
/// ```
#[derive(Debug, Resource)]
pub struct Audio {
    clips: Vec<Playable>,
    clips_by_path: BTreeMap<PathBuf, ClipId>,
    ledger: Ledger,
    /// Changes of voices that a backend plays already, since the last flush.
    changes: Vec<Command>,
    /// Scratch space of `flush`, kept for its memory.
    outgoing: Vec<TimedCommand>,
    buses: Buses,
    heard: Arc<SampleRing>,
    /// Tones that go on for as long as somebody holds them.
    holds: Vec<(VoiceId, Weak<()>)>,
    last_voice: u64,
    now_sample: u64,
    seed: u64,
}

/// Keeps a tone sounding that has no end, as [`Audio::hold`] says.
#[derive(Debug, Clone)]
pub struct VoiceHold(#[expect(dead_code, reason = "it is counted")] Arc<()>);

impl Default for Audio {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Audio {
    /// Silence at time 0. Noise is drawn from `seed`, the machine's.
    pub fn new(seed: u64) -> Self {
        Self {
            clips: Vec::new(),
            clips_by_path: BTreeMap::new(),
            ledger: Ledger::default(),
            changes: Vec::new(),
            outgoing: Vec::new(),
            buses: Buses::default(),
            heard: Arc::new(SampleRing::new(HEARD_SAMPLES)),
            holds: Vec::new(),
            last_voice: 0,
            now_sample: 0,
            seed,
        }
    }

    /// Loads a WAV, OGG Vorbis, FLAC or MP3 file; a file that has been loaded before is not read
    /// again.
    ///
    /// Takes about 3 ms for each second of sound at another rate than [`SAMPLE_RATE_HZ`], 1 ms at
    /// this one. A file that says that it is longer than [`MAX_DECODED_SECS`] is not decoded now, but
    /// read while it is played.
    ///
    /// # Errors
    /// As [`Clip::load`].
    pub fn load(&mut self, path: impl AsRef<Path>) -> Result<ClipId, ClipError> {
        let path = path.as_ref();
        let key = path.canonicalize().map_err(|error| ClipError::unreadable(path, error))?;
        if let Some(known) = self.clips_by_path.get(&key) {
            return Ok(*known);
        }
        let id = self.keep(Playable::load(path)?);
        self.clips_by_path.insert(key, id);
        Ok(id)
    }

    /// Keeps a clip that was made, not loaded.
    pub fn add_clip(&mut self, clip: Clip) -> ClipId {
        self.keep(Playable::Short(Arc::new(clip)))
    }

    fn keep(&mut self, clip: Playable) -> ClipId {
        let id = ClipId::from_number(
            u32::try_from(self.clips.len()).expect("fewer clips than fit into memory"),
        );
        self.clips.push(clip);
        id
    }

    /// A loaded clip.
    pub fn clip(&self, clip: ClipId) -> Option<&Playable> {
        self.clips.get(clip.number() as usize)
    }

    /// Plays a clip.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`] for a setting outside of its range, [`AudioError::UnknownClip`],
    /// [`AudioError::UnknownBus`].
    pub fn play(&mut self, clip: ClipId, settings: PlaySettings) -> Result<VoiceId, AudioError> {
        settings.check()?;
        let known = self.clips.get(clip.number() as usize).ok_or(AudioError::UnknownClip(clip))?;
        let source = Source::Clip { clip: known.clone(), looped: settings.looped };
        self.start(Plan {
            source,
            volume: settings.volume,
            pan: settings.pan,
            pitch: settings.pitch,
            bus: settings.bus,
            fade_in_samples: fade_length("fade_in", settings.fade_in_secs)?,
            start_sample: settings.start_sample.unwrap_or(0),
        })
    }

    /// Plays a tone.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`] for a setting outside of its range, [`AudioError::UnknownBus`].
    pub fn tone(&mut self, settings: ToneSettings) -> Result<VoiceId, AudioError> {
        settings.check()?;
        let source = Source::Tone {
            waveform: settings.waveform,
            frequency_hz: settings.frequency_hz,
            course: settings.course(),
            seed: tone::mix(self.seed ^ tone::mix(self.last_voice + 1)),
        };
        self.start(Plan {
            source,
            volume: settings.volume,
            pan: settings.pan,
            pitch: 1.0,
            bus: settings.bus,
            fade_in_samples: 0,
            start_sample: settings.start_sample.unwrap_or(0),
        })
    }

    /// Ends a voice with a fade of 5 ms; one that has not begun is never heard. Does nothing to one
    /// that has ended.
    pub fn stop(&mut self, voice: VoiceId) {
        self.end_within(voice, 0);
    }

    /// Ends a voice with a fade of so many seconds: 0 to [`MAX_FADE_SECS`], and 5 ms at least.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`].
    pub fn fade_out(&mut self, voice: VoiceId, secs: f64) -> Result<(), AudioError> {
        let samples = fade_length("fade_out", secs)?;
        self.end_within(voice, samples);
        Ok(())
    }

    /// Lets a tone go: its release follows, of 5 ms at least. One that begins in this tick is held for
    /// 20 ms, so that no tap is lost; one that is to begin later is never heard, and what is no tone
    /// ends with a fade of 5 ms. Does nothing to a voice that has ended, and to a tone that was let go
    /// before.
    pub fn release(&mut self, voice: VoiceId) {
        let now_sample = self.now_sample;
        if !self.ledger.is_held(voice, now_sample) {
            self.stop(voice);
            return;
        }
        if self.ledger.change(voice, |entry| entry.release(now_sample)) {
            self.changes.push(Command::Release(voice));
        }
    }

    /// Holds a tone that has no end: it is let go in the tick in which nobody has this any more.
    pub fn hold(&mut self, voice: VoiceId) -> VoiceHold {
        let hold = Arc::new(());
        self.holds.push((voice, Arc::downgrade(&hold)));
        VoiceHold(hold)
    }

    /// Lets go of tones that nobody holds any more.
    fn let_go(&mut self) {
        let ledger = &self.ledger;
        self.holds.retain(|(voice, _)| ledger.is_playing(*voice));
        let gone = self.holds.extract_if(.., |(_, hold)| hold.strong_count() == 0);
        for (voice, _) in gone.collect::<Vec<_>>() {
            self.release(voice);
        }
    }

    /// Ends all voices with a fade of 5 ms, those to come included.
    pub fn stop_all(&mut self) {
        let playing: Vec<VoiceId> = self.ledger.playing().map(|(voice, _)| voice).collect();
        for voice in playing {
            self.stop(voice);
        }
    }

    /// Changes the volume of a voice within 5 ms: 0 to [`MAX_VOLUME`]. Does nothing to one that has
    /// ended.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`].
    pub fn set_volume(&mut self, voice: VoiceId, volume: f64) -> Result<(), AudioError> {
        self.fade_volume(voice, volume, 0.0)
    }

    /// Changes the volume of a voice, in a straight line over so many seconds: 0 to
    /// [`MAX_FADE_SECS`], and 5 ms at least.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`].
    pub fn fade_volume(
        &mut self,
        voice: VoiceId,
        volume: f64,
        secs: f64,
    ) -> Result<(), AudioError> {
        check_volume(volume)?;
        let samples = fade_length("seconds", secs)?;
        let now_sample = self.now_sample;
        if self.ledger.change(voice, |entry| entry.volume.head_for(volume, now_sample, samples)) {
            self.changes.push(Command::SetVolume { voice, volume, samples });
        }
        Ok(())
    }

    /// Changes the pan of a voice within 5 ms: −1 (left) to 1 (right). Does nothing to one that has
    /// ended.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`].
    pub fn set_pan(&mut self, voice: VoiceId, pan: f64) -> Result<(), AudioError> {
        check_pan(pan)?;
        if self.ledger.change(voice, |entry| entry.pan = pan) {
            self.changes.push(Command::SetPan(voice, pan));
        }
        Ok(())
    }

    /// Changes the pitch of a voice: [`MIN_PITCH`] to [`MAX_PITCH`]. A clip gets shorter or longer
    /// by it, a tone does not. Does nothing to a stream, and to one that has ended.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`].
    pub fn set_pitch(&mut self, voice: VoiceId, pitch: f64) -> Result<(), AudioError> {
        check_pitch(pitch)?;
        let now_sample = self.now_sample;
        if self.ledger.change(voice, |entry| entry.set_pitch(pitch, now_sample)) {
            self.changes.push(Command::SetPitch(voice, pitch));
        }
        Ok(())
    }

    /// The last samples that were made for ears, of the first of several devices. They are there to be
    /// seen: they come when a device wants them, and no process may depend on them.
    pub const fn heard(&self) -> &Arc<SampleRing> {
        &self.heard
    }

    /// Whether a voice is heard or still to come, and nobody has stopped it. As of the start of
    /// this tick.
    pub fn is_playing(&self, voice: VoiceId) -> bool {
        self.ledger.is_playing(voice)
    }

    /// The voices of which [`is_playing`](Self::is_playing) is true, oldest first.
    pub fn playing(&self) -> impl Iterator<Item = VoiceId> {
        self.ledger.playing().map(|(voice, _)| voice)
    }

    /// The sample time at which this tick starts: add to it to time a note.
    pub const fn now_sample(&self) -> u64 {
        self.now_sample
    }

    /// The sample time so many seconds after the start of this tick: the start of it for what is no
    /// time ahead.
    pub fn sample_after(&self, secs: f64) -> u64 {
        // A cast of a float stays in the range of the integer, and that of NaN is 0.
        self.now_sample.saturating_add((secs * f64::from(SAMPLE_RATE_HZ)).round() as u64)
    }

    /// Gives what the tick asked for to the backend, and tells what happened. The audio phase of a
    /// tick; its only call.
    ///
    /// Spans follow one another; where they leave a gap, time has passed that no tick has seen.
    pub fn flush(&mut self, backend: &mut dyn AudioBackend, span: TickSpan) -> Vec<AudioEvent> {
        let mut events = Vec::new();
        self.let_go();
        let at_start = |command| TimedCommand { at_sample: None, command };
        let outgoing = &mut self.outgoing;
        outgoing.extend(self.changes.drain(..).map(at_start));
        self.ledger.take_starts(span.end_sample, |at, start| {
            let at_sample = (at > span.start_sample).then_some(at);
            outgoing.push(TimedCommand { at_sample, command: Command::Start(start) });
        });
        let batch = AudioBatch {
            span,
            commands: outgoing,
            ledger: &self.ledger,
            buses: &self.buses,
            heard: Some(&self.heard),
        };
        backend.play_tick(&batch, &mut events);
        outgoing.clear();
        self.ledger.play_streams(span, |voice| events.push(AudioEvent::StreamRanDry(voice)));
        self.now_sample = span.end_sample;
        self.ledger
            .take_ended(self.now_sample, |voice| events.push(AudioEvent::VoiceFinished(voice)));
        events
    }

    fn start(&mut self, plan: Plan) -> Result<VoiceId, AudioError> {
        self.buses.get(plan.bus).ok_or(AudioError::UnknownBus(plan.bus))?;
        if let Some(stolen) = self.ledger.voice_to_steal(self.now_sample) {
            self.stop(stolen);
        }
        self.last_voice += 1;
        let voice = VoiceId::from_number(self.last_voice);
        let start_sample = plan.start_sample.max(self.now_sample);
        self.ledger.add(voice, Plan { start_sample, ..plan });
        Ok(voice)
    }

    fn end_within(&mut self, voice: VoiceId, samples: u64) {
        if self.ledger.stop(voice, self.now_sample, samples) {
            self.changes.push(Command::Stop { voice, samples });
        }
    }
}

#[cfg(test)]
mod tests;
