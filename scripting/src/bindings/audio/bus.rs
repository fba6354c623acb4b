//! Buses: where voices are added up on their way to the output.

use metapython_engine::audio::{
    Audio, AudioError, BusId, BusSettings, Delay, Effects, LowPass, Reverb,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::argument::{
    audio_error, cutoff_of, delay_time_of, fade_of, feedback_of, part_of, resonance_of, volume_of,
};
use crate::argument::{Given, truth};
use crate::lend::with_world;

/// A bus: voices are added up on it, pass its effects and its volume, and go on to "master".
///
/// It has one effect of each kind, in this order: low-pass, delay, reverb. Every change takes 5 ms,
/// so that none clicks.
#[pyclass(frozen, module = "metapython")]
pub struct Bus {
    pub(super) name: String,
}

#[pymethods]
impl Bus {
    /// The name that it was asked for with.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// Its volume: 0 to 4; 1 unless it was set. In a fade, the volume at the start of this tick.
    #[getter]
    fn volume(&self) -> PyResult<f64> {
        Ok(self.settings()?.volume)
    }

    #[setter]
    fn set_volume(&self, volume: &Bound<'_, PyAny>) -> PyResult<()> {
        let volume = volume_of("Bus.volume", volume)?;
        self.change(|audio, bus| audio.fade_bus(bus, volume, 0.0))
    }

    /// Changes its volume, 0 to 4, in a straight line over so many seconds: 0 to 3600.
    fn fade_to(&self, volume: &Bound<'_, PyAny>, seconds: &Bound<'_, PyAny>) -> PyResult<()> {
        let volume = volume_of("fade_to(volume)", volume)?;
        let secs = fade_of("fade_to(seconds)", seconds)?;
        self.change(|audio, bus| audio.fade_bus(bus, volume, secs))
    }

    /// Whether nothing of it is heard. Its voices go on.
    #[getter]
    fn muted(&self) -> PyResult<bool> {
        Ok(self.settings()?.muted)
    }

    #[setter]
    fn set_muted(&self, muted: &Bound<'_, PyAny>) -> PyResult<()> {
        let muted = truth("Bus.muted", muted)?;
        self.change(|audio, bus| audio.set_bus_muted(bus, muted))
    }

    /// Takes away what is above `cutoff`: 20 to 20,000 Hz, or None for no low-pass.
    ///
    /// resonance: the gain at the cutoff, 0.1 to 10; 0.707 is flat.
    #[pyo3(
        signature = (cutoff, *, resonance = Given::NOT),
        text_signature = "($self, cutoff, *, resonance=0.707)"
    )]
    fn low_pass(&self, cutoff: &Bound<'_, PyAny>, resonance: Given<'_>) -> PyResult<()> {
        let usual = LowPass::default();
        let resonance = resonance.or(usual.resonance, resonance_of)?;
        let cutoff_hz = given(cutoff).map(cutoff_of).transpose()?;
        let low_pass = cutoff_hz.map(|cutoff_hz| LowPass { cutoff_hz, resonance });
        self.change_effects(|effects| effects.low_pass = low_pass)
    }

    /// Echoes that come every `time` seconds: 0.001 to 2, or None for no delay.
    ///
    /// feedback: how much of an echo is in the next one, 0 to 0.95. mix: the volume of the first, 0
    /// to 1.
    #[pyo3(
        signature = (time, *, feedback = Given::NOT, mix = Given::NOT),
        text_signature = "($self, time, *, feedback=0.4, mix=0.5)"
    )]
    fn delay(&self, time: &Bound<'_, PyAny>, feedback: Given<'_>, mix: Given<'_>) -> PyResult<()> {
        let usual = Delay::default();
        let feedback = feedback.or(usual.feedback, feedback_of)?;
        let mix = mix.or(usual.mix, |it| part_of("delay(mix)", it))?;
        let time_secs = given(time).map(delay_time_of).transpose()?;
        let delay = time_secs.map(|time_secs| Delay { time_secs, feedback, mix });
        self.change_effects(|effects| effects.delay = delay)
    }

    /// A room of size `room`: 0 to 1, or None for no reverb.
    ///
    /// damping: how much of the treble its walls take, 0 to 1. mix: from 0 (the sound alone) to 1
    /// (the room alone).
    #[pyo3(
        signature = (room, *, damping = Given::NOT, mix = Given::NOT),
        text_signature = "($self, room, *, damping=0.5, mix=0.3)"
    )]
    fn reverb(&self, room: &Bound<'_, PyAny>, damping: Given<'_>, mix: Given<'_>) -> PyResult<()> {
        let usual = Reverb::default();
        let damping = damping.or(usual.damping, |it| part_of("reverb(damping)", it))?;
        let mix = mix.or(usual.mix, |it| part_of("reverb(mix)", it))?;
        let room = given(room).map(|it| part_of("reverb(room)", it)).transpose()?;
        let reverb = room.map(|room| Reverb { room, damping, mix });
        self.change_effects(|effects| effects.reverb = reverb)
    }

    /// The effects that are on, by name, each with its numbers by name.
    #[getter]
    fn effects<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Effects { low_pass, delay, reverb } = self.settings()?.effects;
        let all = PyDict::new(py);
        let add = |name: &str, numbers: &[(&str, f64)]| -> PyResult<()> {
            let effect = PyDict::new(py);
            numbers.iter().try_for_each(|(name, value)| effect.set_item(name, value))?;
            all.set_item(name, effect)
        };
        if let Some(LowPass { cutoff_hz, resonance }) = low_pass {
            add("low_pass", &[("cutoff", cutoff_hz), ("resonance", resonance)])?;
        }
        if let Some(Delay { time_secs, feedback, mix }) = delay {
            add("delay", &[("time", time_secs), ("feedback", feedback), ("mix", mix)])?;
        }
        if let Some(Reverb { room, damping, mix }) = reverb {
            add("reverb", &[("room", room), ("damping", damping), ("mix", mix)])?;
        }
        Ok(all)
    }

    fn __repr__(&self) -> String {
        format!("<Bus {:?}>", self.name)
    }
}

impl Bus {
    fn settings(&self) -> PyResult<BusSettings> {
        with_world(|world| {
            let mut audio = world.resource_mut::<Audio>();
            let bus = audio.bus(&self.name)?;
            audio.bus_settings(bus)
        })?
        .map_err(audio_error)
    }

    fn change(
        &self,
        act: impl FnOnce(&mut Audio, BusId) -> Result<(), AudioError>,
    ) -> PyResult<()> {
        with_world(|world| {
            let mut audio = world.resource_mut::<Audio>();
            let bus = audio.bus(&self.name)?;
            act(&mut audio, bus)
        })?
        .map_err(audio_error)
    }

    fn change_effects(&self, act: impl FnOnce(&mut Effects)) -> PyResult<()> {
        self.change(|audio, bus| {
            let mut effects = audio.bus_settings(bus)?.effects;
            act(&mut effects);
            audio.set_effects(bus, effects)
        })
    }
}

fn given<'a, 'py>(value: &'a Bound<'py, PyAny>) -> Option<&'a Bound<'py, PyAny>> {
    (!value.is_none()).then_some(value)
}
