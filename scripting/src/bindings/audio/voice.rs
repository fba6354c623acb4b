//! Voices: what is heard.

use metapython_engine::audio::{Audio, AudioError, VoiceHold, VoiceId};
use pyo3::prelude::*;

use super::argument::{audio_error, fade_of, pan_of, pitch_of, volume_of};
use crate::argument::Given;
use crate::lend::with_world;

/// Something that is heard: what `sound.play` and `sound.tone` return.
///
/// Once it has ended, what is done to it has no effect.
#[pyclass(frozen, subclass, module = "metapython")]
pub struct Voice {
    /// `None` for a file that cannot be played.
    pub(super) id: Option<VoiceId>,
    /// Of a tone without an end.
    pub(super) _hold: Option<VoiceHold>,
}

#[pymethods]
impl Voice {
    /// Whether it is heard, or still to come, and nobody has stopped it.
    #[getter]
    fn is_playing(&self) -> PyResult<bool> {
        let Some(id) = self.id else { return Ok(false) };
        with_world(|world| world.resource::<Audio>().is_playing(id))
    }

    /// Ends it with a fade of so many seconds: 0 to 3600, and 5 ms at least.
    #[pyo3(signature = (*, fade_out = Given::NOT), text_signature = "($self, *, fade_out=0.0)")]
    fn stop(&self, fade_out: Given<'_>) -> PyResult<()> {
        let secs = fade_out.or(0.0, |it| fade_of("stop(fade_out)", it))?;
        self.change(|audio, id| audio.fade_out(id, secs))
    }

    /// Lets a tone go: its release follows. One that begins in this tick is held for 20 ms, so that no
    /// tap is lost; one that is to begin later is never heard. What is no tone ends with a fade of
    /// 5 ms.
    fn release(&self) -> PyResult<()> {
        self.change(|audio, id| {
            audio.release(id);
            Ok(())
        })
    }

    /// Changes its volume: 0 to 4.
    fn set_volume(&self, volume: &Bound<'_, PyAny>) -> PyResult<()> {
        let volume = volume_of("set_volume(volume)", volume)?;
        self.change(|audio, id| audio.set_volume(id, volume))
    }

    /// Changes its volume, 0 to 4, in a straight line over so many seconds: 0 to 3600.
    fn fade_to(&self, volume: &Bound<'_, PyAny>, seconds: &Bound<'_, PyAny>) -> PyResult<()> {
        let volume = volume_of("fade_to(volume)", volume)?;
        let secs = fade_of("fade_to(seconds)", seconds)?;
        self.change(|audio, id| audio.fade_volume(id, volume, secs))
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
