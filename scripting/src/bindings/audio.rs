//! Sound.

mod argument;
mod bus;
mod capture;
mod stream;
mod voice;

use std::path::PathBuf;

use metapython_engine::audio::{
    Audio, BusId, CaptureSettings, Envelope, PlaySettings, SAMPLE_RATE_HZ, StreamSettings,
    ToneSettings, Waveform, load_clip,
};
use pyo3::prelude::*;

use self::argument::{
    ahead_of, audio_error, bus_named, duration_of, envelope_of, fade_of, frequency_of, pan_of,
    part_of, pitch_of, volume_of, waveform_named,
};
pub use self::bus::Bus;
pub use self::capture::Capture;
use self::capture::{block_samples_of, channels_of, device_of, keep_of, otherwise_of, receiver_of};
pub use self::stream::Stream;
pub use self::voice::Voice;
use crate::argument::{Given, truth, wrong_type};
use crate::lend::with_world;

/// Sound: clips from files, tones, and the buses that they play on.
#[pyclass(frozen, name = "Audio", module = "metapython")]
pub struct SoundHandle;

#[pymethods]
impl SoundHandle {
    /// Plays a WAV, OGG Vorbis, FLAC or MP3 file; the path is relative to the scene's folder.
    ///
    /// volume: 0 (silent) to 4; 1 is the file's own. pan: -1 (left) to 1 (right). pitch: 1/16 to
    /// 16, the factor on speed and frequency. bus: the name of a bus. fade_in: 0 to 3600 seconds.
    /// delay: how long after the start of this tick it begins, to the sample: 0 to 3600 seconds. A
    /// file that cannot be played is an alert and silence.
    ///
    /// Raises ValueError for a number out of its range, and for one bus more than there can be.
    #[pyo3(
        signature = (
            path,
            *,
            volume = Given::NOT,
            pan = Given::NOT,
            pitch = Given::NOT,
            looped = Given::NOT,
            bus = Given::NOT,
            fade_in = Given::NOT,
            delay = Given::NOT
        ),
        text_signature = "($self, path, *, volume=1.0, pan=0.0, pitch=1.0, looped=False, \
                          bus=\"master\", fade_in=0.0, delay=0.0)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn play(
        &self,
        path: &Bound<'_, PyAny>,
        volume: Given<'_>,
        pan: Given<'_>,
        pitch: Given<'_>,
        looped: Given<'_>,
        bus: Given<'_>,
        fade_in: Given<'_>,
        delay: Given<'_>,
    ) -> PyResult<Voice> {
        let path: PathBuf =
            path.extract().map_err(|_| wrong_type("play(path)", "the path of a file", path))?;
        let bus = bus.or(None, |it| bus_named("play(bus)", it).map(Some))?;
        let delay = delay.or(0.0, |it| fade_of("play(delay)", it))?;
        let settings = PlaySettings {
            volume: volume.or(1.0, |it| volume_of("play(volume)", it))?,
            pan: pan.or(0.0, |it| pan_of("play(pan)", it))?,
            pitch: pitch.or(1.0, |it| pitch_of("play(pitch)", it))?,
            looped: looped.or(false, |it| truth("play(looped)", it))?,
            bus: BusId::MASTER,
            fade_in_secs: fade_in.or(0.0, |it| fade_of("play(fade_in)", it))?,
            start_sample: None,
        };
        with_world(|world| {
            let bus = bus_of(&mut world.resource_mut::<Audio>(), bus.as_deref())?;
            let Some(clip) = load_clip(world, &path) else {
                return Ok(Voice { id: None, _hold: None });
            };
            let mut audio = world.resource_mut::<Audio>();
            let start_sample = Some(audio.sample_after(delay));
            let settings = PlaySettings { bus, start_sample, ..settings };
            let voice = audio.play(clip, settings).map_err(audio_error)?;
            Ok(Voice { id: Some(voice), _hold: None })
        })?
    }

    /// Plays a tone.
    ///
    /// frequency: Hz, 1 to 20,000. duration: how long it is held, seconds; None holds it until its
    /// `release()`, or until nobody has what this returns any more. volume: 0 to 4. pan: -1 (left) to 1 (right).
    /// waveform: "sine", "square", "triangle", "sawtooth" or "noise". bus: the name of a bus. delay:
    /// how long after the start of this tick it begins, to the sample: 0 to 3600 seconds.
    ///
    /// attack: seconds to the full volume. decay: seconds from there to `sustain`, a part of the
    /// volume from 0 to 1, at which it is held. release: seconds from its end to silence. Each takes
    /// up to 60 seconds; a tone never begins or ends faster than within 5 ms.
    ///
    /// Raises ValueError for a number out of its range, and for one bus more than there can be.
    #[pyo3(
        signature = (
            frequency,
            duration = Given::NOT,
            *,
            volume = Given::NOT,
            pan = Given::NOT,
            waveform = Given::NOT,
            bus = Given::NOT,
            delay = Given::NOT,
            attack = Given::NOT,
            decay = Given::NOT,
            sustain = Given::NOT,
            release = Given::NOT
        ),
        text_signature = "($self, frequency, duration=0.2, *, volume=0.5, pan=0.0, \
                          waveform=\"sine\", bus=\"master\", delay=0.0, attack=0.0, decay=0.0, \
                          sustain=1.0, release=0.0)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn tone(
        &self,
        frequency: &Bound<'_, PyAny>,
        duration: Given<'_>,
        volume: Given<'_>,
        pan: Given<'_>,
        waveform: Given<'_>,
        bus: Given<'_>,
        delay: Given<'_>,
        attack: Given<'_>,
        decay: Given<'_>,
        sustain: Given<'_>,
        release: Given<'_>,
    ) -> PyResult<Voice> {
        let bus = bus.or(None, |it| bus_named("tone(bus)", it).map(Some))?;
        let delay = delay.or(0.0, |it| fade_of("tone(delay)", it))?;
        let settings = ToneSettings {
            frequency_hz: frequency_of(frequency)?,
            duration_secs: duration.or(Some(0.2), duration_of)?,
            envelope: Envelope {
                attack_secs: attack.or(0.0, |it| envelope_of("tone(attack)", it))?,
                decay_secs: decay.or(0.0, |it| envelope_of("tone(decay)", it))?,
                sustain: sustain.or(1.0, |it| part_of("tone(sustain)", it))?,
                release_secs: release.or(0.0, |it| envelope_of("tone(release)", it))?,
            },
            volume: volume.or(0.5, |it| volume_of("tone(volume)", it))?,
            pan: pan.or(0.0, |it| pan_of("tone(pan)", it))?,
            waveform: waveform.or(Waveform::Sine, waveform_named)?,
            bus: BusId::MASTER,
            start_sample: None,
        };
        with_world(|world| {
            let mut audio = world.resource_mut::<Audio>();
            let bus = bus_of(&mut audio, bus.as_deref())?;
            let start_sample = Some(audio.sample_after(delay));
            let settings = ToneSettings { bus, start_sample, ..settings };
            let is_held = settings.duration_secs.is_none();
            let voice = audio.tone(settings).map_err(audio_error)?;
            let _hold = is_held.then(|| audio.hold(voice));
            Ok(Voice { id: Some(voice), _hold })
        })?
    }

    /// Begins a stream, to which blocks of samples are written.
    ///
    /// ahead: how far ahead it can be written, 0.02 to 10 seconds; half of it is how late a slow
    /// frame may be. volume: 0 to 4. pan: -1 (left) to 1 (right). bus: the name of a bus.
    ///
    /// Raises ValueError for a number out of its range, and for one bus more than there can be.
    #[pyo3(
        signature = (
            *,
            ahead = Given::NOT,
            volume = Given::NOT,
            pan = Given::NOT,
            bus = Given::NOT
        ),
        text_signature = "($self, *, ahead=0.2, volume=1.0, pan=0.0, bus=\"master\")"
    )]
    fn stream<'py>(
        &self,
        py: Python<'py>,
        ahead: Given<'_>,
        volume: Given<'_>,
        pan: Given<'_>,
        bus: Given<'_>,
    ) -> PyResult<Bound<'py, Stream>> {
        let usual = StreamSettings::default();
        let bus = bus.or(None, |it| bus_named("stream(bus)", it).map(Some))?;
        let settings = StreamSettings {
            ahead_secs: ahead.or(usual.ahead_secs, ahead_of)?,
            volume: volume.or(usual.volume, |it| volume_of("stream(volume)", it))?,
            pan: pan.or(usual.pan, |it| pan_of("stream(pan)", it))?,
            bus: BusId::MASTER,
        };
        let (id, ring) = with_world(|world| {
            let mut audio = world.resource_mut::<Audio>();
            let bus = bus_of(&mut audio, bus.as_deref())?;
            let id = audio.stream(StreamSettings { bus, ..settings }).map_err(audio_error)?;
            Ok::<_, PyErr>((id, audio.stream_ring(id)))
        })??;
        let voice = PyClassInitializer::from(Voice { id: Some(id), _hold: None });
        Bound::new(py, voice.add_subclass(Stream::new(ring)))
    }

    /// Listens to a microphone or another input device, from the next tick on.
    ///
    /// device: its id or its name, as `metapython devices` lists them; None is the one that the user
    /// has chosen. channels: 1, the mean of both sides, or 2. keep: for how long samples wait to be
    /// read, 0.02 to 60 seconds; older ones are lost. to: a process that gets them as messages of
    /// `block` samples, 32 to 48,000, or of those of a tick where that is None: float32, little
    /// endian, sample by sample, without a header. otherwise: a sound file of at most 30 seconds,
    /// relative to the scene's folder, that is heard over and over as long as the device is not there;
    /// without one that is silence.
    ///
    /// A device that is not there is an alert, and is heard as soon as it is. Raises ValueError for a
    /// number out of its range, and for the 33rd capture at once.
    #[pyo3(
        signature = (
            device = Given::NOT,
            *,
            channels = Given::NOT,
            keep = Given::NOT,
            to = Given::NOT,
            block = Given::NOT,
            otherwise = Given::NOT
        ),
        text_signature = "($self, device=None, *, channels=1, keep=1.0, to=None, block=None, \
                          otherwise=None)"
    )]
    fn capture(
        &self,
        device: Given<'_>,
        channels: Given<'_>,
        keep: Given<'_>,
        to: Given<'_>,
        block: Given<'_>,
        otherwise: Given<'_>,
    ) -> PyResult<Capture> {
        let usual = CaptureSettings::default();
        let settings = CaptureSettings {
            device: device.or(None, device_of)?,
            channels: channels.or(usual.channels, channels_of)?,
            keep_secs: keep.or(usual.keep_secs, keep_of)?,
            otherwise: None,
            receiver: to.or(None, receiver_of)?,
            block_samples: block.or(None, block_samples_of)?,
        };
        Capture::open(settings, otherwise.or(None, otherwise_of)?)
    }

    /// How many samples a second there are in streams and captures.
    #[getter]
    fn sample_rate(&self) -> u32 {
        SAMPLE_RATE_HZ
    }

    /// The bus of this name; the first to name a bus makes it. "master" is the one that all lead to.
    ///
    /// Raises ValueError for a name of no or of more than 64 letters, and for the 17th bus.
    fn bus(&self, name: &Bound<'_, PyAny>) -> PyResult<Bus> {
        let name = bus_named("bus(name)", name)?;
        with_world(|world| world.resource_mut::<Audio>().bus(&name))?.map_err(audio_error)?;
        Ok(Bus { name })
    }

    /// Ends everything that is heard, with a short fade.
    fn stop_all(&self) -> PyResult<()> {
        with_world(|world| world.resource_mut::<Audio>().stop_all())
    }

    /// The volume of everything, which is that of the bus "master": 0 to 4.
    #[getter]
    fn volume(&self) -> PyResult<f64> {
        with_world(|world| world.resource::<Audio>().master_volume())
    }

    #[setter]
    fn set_volume(&self, volume: &Bound<'_, PyAny>) -> PyResult<()> {
        let volume = volume_of("sound.volume", volume)?;
        with_world(|world| world.resource_mut::<Audio>().set_master_volume(volume))?
            .map_err(audio_error)
    }
}

/// The bus of a name; the master where none is given.
fn bus_of(audio: &mut Audio, name: Option<&str>) -> PyResult<BusId> {
    name.map_or(Ok(BusId::MASTER), |name| audio.bus(name).map_err(audio_error))
}
