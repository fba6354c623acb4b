//! Sound.

use std::path::{Path, PathBuf};

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use metapython_engine::alert::{self, Level};
use metapython_engine::audio::{
    Audio, AudioError, ClipId, MAX_FREQUENCY_HZ, MAX_PITCH, MAX_TONE_SECS, MAX_VOLUME,
    MIN_FREQUENCY_HZ, MIN_PITCH, PlaySettings, SAMPLE_RATE_HZ, ToneSettings, VoiceId, Waveform,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::argument::{Given, number, text, truth, wrong_type, wrong_value};
use crate::lend::with_world;

/// The folder in which sound files are looked for, and those that cannot be played.
#[derive(Debug, Default, Resource)]
pub struct SoundFolder {
    folder: PathBuf,
    silent: Vec<PathBuf>,
}

impl SoundFolder {
    /// Sounds are looked for in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), silent: Vec::new() }
    }
}

/// Sound: clips from files, and tones.
#[pyclass(frozen, name = "Sound", module = "metapython")]
pub struct SoundHandle;

/// Something that is heard: what `sound.play` and `sound.tone` return.
///
/// Once it has ended, what is done to it has no effect.
#[pyclass(frozen, module = "metapython")]
pub struct Voice {
    /// `None` for a file that cannot be played.
    id: Option<VoiceId>,
}

#[pymethods]
impl SoundHandle {
    /// Plays a WAV, OGG Vorbis, FLAC or MP3 file; the path is relative to the scene's folder.
    ///
    /// volume: 0 (silent) to 4; 1 is the file's own. pan: -1 (left) to 1 (right). pitch: 1/16 to
    /// 16, the factor on speed and frequency. A file that cannot be played is an alert and silence.
    ///
    /// Raises ValueError for a number out of its range.
    #[pyo3(
        signature = (
            path,
            *,
            volume = Given::NOT,
            pan = Given::NOT,
            pitch = Given::NOT,
            looped = Given::NOT
        ),
        text_signature = "($self, path, *, volume=1.0, pan=0.0, pitch=1.0, looped=False)"
    )]
    fn play(
        &self,
        path: &Bound<'_, PyAny>,
        volume: Given<'_>,
        pan: Given<'_>,
        pitch: Given<'_>,
        looped: Given<'_>,
    ) -> PyResult<Voice> {
        let path: PathBuf =
            path.extract().map_err(|_| wrong_type("play(path)", "the path of a file", path))?;
        let settings = PlaySettings {
            volume: volume.or(1.0, |it| volume_of("play(volume)", it))?,
            pan: pan.or(0.0, |it| pan_of("play(pan)", it))?,
            pitch: pitch.or(1.0, |it| pitch_of("play(pitch)", it))?,
            looped: looped.or(false, |it| truth("play(looped)", it))?,
            start_sample: None,
        };
        with_world(|world| {
            let Some(clip) = load(world, &path) else { return Ok(Voice { id: None }) };
            let voice = world.resource_mut::<Audio>().play(clip, settings).map_err(audio_error)?;
            Ok(Voice { id: Some(voice) })
        })?
    }

    /// Plays a tone.
    ///
    /// frequency: Hz, 1 to 20,000. duration: seconds. volume: 0 to 4. pan: -1 (left) to 1 (right).
    /// waveform: "sine", "square", "triangle", "sawtooth" or "noise".
    ///
    /// Raises ValueError for a number out of its range.
    #[pyo3(
        signature = (
            frequency,
            duration = Given::NOT,
            *,
            volume = Given::NOT,
            pan = Given::NOT,
            waveform = Given::NOT
        ),
        text_signature = "($self, frequency, duration=0.2, *, volume=0.5, pan=0.0, \
                          waveform=\"sine\")"
    )]
    fn tone(
        &self,
        frequency: &Bound<'_, PyAny>,
        duration: Given<'_>,
        volume: Given<'_>,
        pan: Given<'_>,
        waveform: Given<'_>,
    ) -> PyResult<Voice> {
        let settings = ToneSettings {
            frequency_hz: frequency_of(frequency)?,
            duration_secs: duration.or(0.2, duration_of)?,
            volume: volume.or(0.5, |it| volume_of("tone(volume)", it))?,
            pan: pan.or(0.0, |it| pan_of("tone(pan)", it))?,
            waveform: waveform.or(Waveform::Sine, waveform_named)?,
            start_sample: None,
        };
        let voice = with_world(|world| world.resource_mut::<Audio>().tone(settings))?;
        Ok(Voice { id: Some(voice.map_err(audio_error)?) })
    }

    /// Ends everything that is heard, with a short fade.
    fn stop_all(&self) -> PyResult<()> {
        with_world(|world| world.resource_mut::<Audio>().stop_all())
    }

    /// The volume of everything: 0 to 4.
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

#[pymethods]
impl Voice {
    /// Whether it is heard, or still to come.
    #[getter]
    fn is_playing(&self) -> PyResult<bool> {
        let Some(id) = self.id else { return Ok(false) };
        with_world(|world| world.resource::<Audio>().is_playing(id))
    }

    /// Ends it with a short fade.
    fn stop(&self) -> PyResult<()> {
        let Some(id) = self.id else { return Ok(()) };
        with_world(|world| world.resource_mut::<Audio>().stop(id))
    }

    /// Changes its volume: 0 to 4.
    fn set_volume(&self, volume: &Bound<'_, PyAny>) -> PyResult<()> {
        let volume = volume_of("set_volume(volume)", volume)?;
        self.change(|audio, id| audio.set_volume(id, volume))
    }

    /// Changes its pan: -1 (left) to 1 (right).
    fn set_pan(&self, pan: &Bound<'_, PyAny>) -> PyResult<()> {
        let pan = pan_of("set_pan(pan)", pan)?;
        self.change(|audio, id| audio.set_pan(id, pan))
    }

    /// Changes its pitch: 1/16 to 16, the factor on speed and frequency.
    fn set_pitch(&self, pitch: &Bound<'_, PyAny>) -> PyResult<()> {
        let pitch = pitch_of("set_pitch(pitch)", pitch)?;
        self.change(|audio, id| audio.set_pitch(id, pitch))
    }
}

impl Voice {
    fn change(
        &self,
        act: impl FnOnce(&mut Audio, VoiceId) -> Result<(), AudioError>,
    ) -> PyResult<()> {
        let Some(id) = self.id else { return Ok(()) };
        with_world(|world| act(&mut world.resource_mut::<Audio>(), id))?.map_err(audio_error)
    }
}

/// The clip of a file; a file that cannot be played is alerted once and then silent.
fn load(world: &mut World, path: &Path) -> Option<ClipId> {
    let sounds = world.get_resource_or_init::<SoundFolder>();
    let path = sounds.folder.join(path);
    if sounds.silent.contains(&path) {
        return None;
    }
    match world.resource_mut::<Audio>().load(&path) {
        Ok(clip) => Some(clip),
        Err(error) => {
            alert::raise(world, "audio", Level::Error, error.to_string());
            world.resource_mut::<SoundFolder>().silent.push(path);
            None
        }
    }
}

fn volume_of(what: &str, volume: &Bound<'_, PyAny>) -> PyResult<f64> {
    let takes = format!("a number from 0 (silent) to {MAX_VOLUME}");
    number(what, &takes, volume, |volume| (0.0..=MAX_VOLUME).contains(&volume))
}

fn pan_of(what: &str, pan: &Bound<'_, PyAny>) -> PyResult<f64> {
    number(what, "a number from -1 (left) to 1 (right)", pan, |pan| (-1.0..=1.0).contains(&pan))
}

fn pitch_of(what: &str, pitch: &Bound<'_, PyAny>) -> PyResult<f64> {
    let takes = format!("a factor from {MIN_PITCH} to {MAX_PITCH}");
    number(what, &takes, pitch, |pitch| (MIN_PITCH..=MAX_PITCH).contains(&pitch))
}

fn frequency_of(frequency: &Bound<'_, PyAny>) -> PyResult<f64> {
    let range = MIN_FREQUENCY_HZ..=MAX_FREQUENCY_HZ;
    let takes = format!("{MIN_FREQUENCY_HZ} to {MAX_FREQUENCY_HZ} Hz");
    number("tone(frequency)", &takes, frequency, |hz| range.contains(&hz))
}

fn duration_of(duration: &Bound<'_, PyAny>) -> PyResult<f64> {
    let range = 1.0 / f64::from(SAMPLE_RATE_HZ)..=MAX_TONE_SECS;
    let takes = format!("1/{SAMPLE_RATE_HZ} to {MAX_TONE_SECS} seconds");
    number("tone(duration)", &takes, duration, |secs| range.contains(&secs))
}

fn waveform_named(name: &Bound<'_, PyAny>) -> PyResult<Waveform> {
    let takes = "\"sine\", \"square\", \"triangle\", \"sawtooth\" or \"noise\"";
    match text("tone(waveform)", takes, name)? {
        "sine" => Ok(Waveform::Sine),
        "square" => Ok(Waveform::Square),
        "triangle" => Ok(Waveform::Triangle),
        "sawtooth" => Ok(Waveform::Sawtooth),
        "noise" => Ok(Waveform::Noise),
        _ => Err(wrong_value("tone(waveform)", takes, name)),
    }
}

fn audio_error(error: AudioError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
