//! Sound.

use std::path::{Path, PathBuf};

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use metapython_engine::alert::{self, Level};
use metapython_engine::audio::{
    Audio, AudioError, ClipId, PlaySettings, ToneSettings, VoiceId, Waveform,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

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
    #[pyo3(signature = (path, *, volume = 1.0, pan = 0.0, pitch = 1.0, looped = false))]
    fn play(
        &self,
        path: PathBuf,
        volume: f64,
        pan: f64,
        pitch: f64,
        looped: bool,
    ) -> PyResult<Voice> {
        let settings = PlaySettings { volume, pan, pitch, looped, start_sample: None };
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
    #[pyo3(signature = (frequency, duration = 0.2, *, volume = 0.5, pan = 0.0, waveform = "sine"))]
    fn tone(
        &self,
        frequency: f64,
        duration: f64,
        volume: f64,
        pan: f64,
        waveform: &str,
    ) -> PyResult<Voice> {
        let settings = ToneSettings {
            frequency_hz: frequency,
            duration_secs: duration,
            volume,
            pan,
            waveform: waveform_named(waveform)?,
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
    fn set_volume(&self, volume: f64) -> PyResult<()> {
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
    fn set_volume(&self, volume: f64) -> PyResult<()> {
        self.change(|audio, id| audio.set_volume(id, volume))
    }

    /// Changes its pan: -1 (left) to 1 (right).
    fn set_pan(&self, pan: f64) -> PyResult<()> {
        self.change(|audio, id| audio.set_pan(id, pan))
    }

    /// Changes its pitch: 1/16 to 16, the factor on speed and frequency.
    fn set_pitch(&self, pitch: f64) -> PyResult<()> {
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

fn waveform_named(name: &str) -> PyResult<Waveform> {
    match name {
        "sine" => Ok(Waveform::Sine),
        "square" => Ok(Waveform::Square),
        "triangle" => Ok(Waveform::Triangle),
        "sawtooth" => Ok(Waveform::Sawtooth),
        "noise" => Ok(Waveform::Noise),
        _ => Err(PyValueError::new_err(format!(
            "there is no waveform `{name}`; there are sine, square, triangle, sawtooth and noise"
        ))),
    }
}

fn audio_error(error: AudioError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
