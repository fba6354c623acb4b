//! The numbers and names that authors give to sound, each with its range.

use metapython_engine::audio::{
    AudioError, MAX_AHEAD_SECS, MAX_CUTOFF_HZ, MAX_DELAY_SECS, MAX_ENVELOPE_SECS, MAX_FADE_SECS,
    MAX_FEEDBACK, MAX_FREQUENCY_HZ, MAX_PITCH, MAX_RESONANCE, MAX_TONE_SECS, MAX_VOLUME,
    MIN_AHEAD_SECS, MIN_CUTOFF_HZ, MIN_DELAY_SECS, MIN_FREQUENCY_HZ, MIN_PITCH, MIN_RESONANCE,
    SAMPLE_RATE_HZ, Waveform,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::argument::{number, text, wrong_value};

pub(super) fn volume_of(what: &str, volume: &Bound<'_, PyAny>) -> PyResult<f64> {
    let takes = format!("a number from 0 (silent) to {MAX_VOLUME}");
    number(what, &takes, volume, |volume| (0.0..=MAX_VOLUME).contains(&volume))
}

pub(super) fn pan_of(what: &str, pan: &Bound<'_, PyAny>) -> PyResult<f64> {
    number(what, "a number from -1 (left) to 1 (right)", pan, |pan| (-1.0..=1.0).contains(&pan))
}

pub(super) fn pitch_of(what: &str, pitch: &Bound<'_, PyAny>) -> PyResult<f64> {
    let takes = format!("a factor from {MIN_PITCH} to {MAX_PITCH}");
    number(what, &takes, pitch, |pitch| (MIN_PITCH..=MAX_PITCH).contains(&pitch))
}

pub(super) fn fade_of(what: &str, seconds: &Bound<'_, PyAny>) -> PyResult<f64> {
    within(what, 0.0, MAX_FADE_SECS, "seconds", seconds)
}

pub(super) fn frequency_of(frequency: &Bound<'_, PyAny>) -> PyResult<f64> {
    within("tone(frequency)", MIN_FREQUENCY_HZ, MAX_FREQUENCY_HZ, "Hz", frequency)
}

/// The length of a tone; `None` for one that is held until it is let go.
pub(super) fn duration_of(duration: &Bound<'_, PyAny>) -> PyResult<Option<f64>> {
    if duration.is_none() {
        return Ok(None);
    }
    let range = 1.0 / f64::from(SAMPLE_RATE_HZ)..=MAX_TONE_SECS;
    let takes = format!("1/{SAMPLE_RATE_HZ} to {MAX_TONE_SECS} seconds, or None");
    number("tone(duration)", &takes, duration, |secs| range.contains(&secs)).map(Some)
}

/// How long a part of an envelope takes.
pub(super) fn envelope_of(what: &str, seconds: &Bound<'_, PyAny>) -> PyResult<f64> {
    within(what, 0.0, MAX_ENVELOPE_SECS, "seconds", seconds)
}

pub(super) fn waveform_named(name: &Bound<'_, PyAny>) -> PyResult<Waveform> {
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

pub(super) fn ahead_of(ahead: &Bound<'_, PyAny>) -> PyResult<f64> {
    within("stream(ahead)", MIN_AHEAD_SECS, MAX_AHEAD_SECS, "seconds", ahead)
}

pub(super) fn bus_named(what: &str, name: &Bound<'_, PyAny>) -> PyResult<String> {
    text(what, "the name of a bus", name).map(str::to_owned)
}

pub(super) fn cutoff_of(cutoff: &Bound<'_, PyAny>) -> PyResult<f64> {
    within("low_pass(cutoff)", MIN_CUTOFF_HZ, MAX_CUTOFF_HZ, "Hz", cutoff)
}

pub(super) fn resonance_of(resonance: &Bound<'_, PyAny>) -> PyResult<f64> {
    share("low_pass(resonance)", MIN_RESONANCE, MAX_RESONANCE, resonance)
}

pub(super) fn delay_time_of(time: &Bound<'_, PyAny>) -> PyResult<f64> {
    within("delay(time)", MIN_DELAY_SECS, MAX_DELAY_SECS, "seconds", time)
}

pub(super) fn feedback_of(feedback: &Bound<'_, PyAny>) -> PyResult<f64> {
    share("delay(feedback)", 0.0, MAX_FEEDBACK, feedback)
}

/// A number from 0 to 1.
pub(super) fn part_of(what: &str, part: &Bound<'_, PyAny>) -> PyResult<f64> {
    share(what, 0.0, 1.0, part)
}

fn share(what: &str, low: f64, high: f64, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    let takes = format!("a number from {low} to {high}");
    number(what, &takes, value, |value| (low..=high).contains(&value))
}

pub(super) fn within(
    what: &str,
    low: f64,
    high: f64,
    unit: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    let takes = format!("{low} to {high} {unit}");
    number(what, &takes, value, |value| (low..=high).contains(&value))
}

pub(super) fn audio_error(error: AudioError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
