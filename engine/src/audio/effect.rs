//! The effects of a bus: what they are set to, and what computes them.
//!
//! A bus has one of each kind, always in this order: low-pass, delay, reverb. So an effect is turned
//! on, off and changed without anything to insert or remove, its memory is there before it is
//! needed, and none clicks when it changes.

mod delay;
mod low_pass;
mod reverb;

use std::f64::consts::FRAC_1_SQRT_2;

use serde::Deserialize;

pub(crate) use self::delay::DelayLine;
pub(crate) use self::low_pass::LowPassFilter;
pub(crate) use self::reverb::ReverbTank;
use super::error::AudioError;
use super::settings::check_range;

/// The lowest cutoff of a low-pass, in hertz: the lower end of human hearing.
pub const MIN_CUTOFF_HZ: f64 = 20.0;
/// The highest cutoff of a low-pass, in hertz: the upper end of human hearing.
pub const MAX_CUTOFF_HZ: f64 = 20_000.0;
/// The flattest resonance of a low-pass.
pub const MIN_RESONANCE: f64 = 0.1;
/// The sharpest resonance of a low-pass: +20 dB at its cutoff.
pub const MAX_RESONANCE: f64 = 10.0;
/// The shortest time of a delay, in seconds.
pub const MIN_DELAY_SECS: f64 = 0.001;
/// The longest time of a delay, in seconds.
pub const MAX_DELAY_SECS: f64 = 2.0;
/// How much of an echo comes back at most: 0.95 falls by 60 dB within 135 echoes.
pub const MAX_FEEDBACK: f64 = 0.95;

/// The effects of a bus; `None` is off.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Effects {
    /// Takes away what is above a frequency.
    pub low_pass: Option<LowPass>,
    /// Echoes.
    pub delay: Option<Delay>,
    /// A room around it.
    pub reverb: Option<Reverb>,
}

/// A low-pass of 12 dB an octave.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename = "low_pass", default, deny_unknown_fields)]
pub struct LowPass {
    /// The frequency from which on sound gets quieter: [`MIN_CUTOFF_HZ`] to [`MAX_CUTOFF_HZ`].
    #[serde(rename = "cutoff")]
    pub cutoff_hz: f64,
    /// The gain at the cutoff, the Q of the filter: [`MIN_RESONANCE`] to [`MAX_RESONANCE`]; 1/√2 is
    /// flat.
    pub resonance: f64,
}

impl Default for LowPass {
    fn default() -> Self {
        Self { cutoff_hz: 1_000.0, resonance: FRAC_1_SQRT_2 }
    }
}

/// Echoes, each quieter than the last.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delay {
    /// The time between two echoes, in seconds: [`MIN_DELAY_SECS`] to [`MAX_DELAY_SECS`].
    #[serde(rename = "time")]
    pub time_secs: f64,
    /// How much of an echo is in the next one: 0 to [`MAX_FEEDBACK`].
    pub feedback: f64,
    /// The volume of the first echo: 0 to 1. The sound itself stays as it is.
    pub mix: f64,
}

impl Default for Delay {
    fn default() -> Self {
        Self { time_secs: 0.3, feedback: 0.4, mix: 0.5 }
    }
}

/// The reverberation of a room.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reverb {
    /// The size of the room: 0 (it falls by 60 dB within 0.5 s) to 1 (within 10 s).
    pub room: f64,
    /// How much of the treble its walls take: 0 to 1.
    pub damping: f64,
    /// From 0 (the sound alone) to 1 (the room alone).
    pub mix: f64,
}

impl Default for Reverb {
    fn default() -> Self {
        Self { room: 0.5, damping: 0.5, mix: 0.3 }
    }
}

impl Effects {
    /// # Errors
    /// [`AudioError::OutOfRange`] for the first number outside of its range.
    pub(crate) fn check(&self) -> Result<(), AudioError> {
        if let Some(LowPass { cutoff_hz, resonance }) = self.low_pass {
            check_range("low_pass(cutoff)", cutoff_hz, MIN_CUTOFF_HZ, MAX_CUTOFF_HZ)?;
            check_range("low_pass(resonance)", resonance, MIN_RESONANCE, MAX_RESONANCE)?;
        }
        if let Some(Delay { time_secs, feedback, mix }) = self.delay {
            check_range("delay(time)", time_secs, MIN_DELAY_SECS, MAX_DELAY_SECS)?;
            check_range("delay(feedback)", feedback, 0.0, MAX_FEEDBACK)?;
            check_range("delay(mix)", mix, 0.0, 1.0)?;
        }
        if let Some(Reverb { room, damping, mix }) = self.reverb {
            check_range("reverb(room)", room, 0.0, 1.0)?;
            check_range("reverb(damping)", damping, 0.0, 1.0)?;
            check_range("reverb(mix)", mix, 0.0, 1.0)?;
        }
        Ok(())
    }
}

/// A value of a feedback loop. What fades out for ever is 0 at some point: numbers near the smallest
/// that there are make processors slow.
fn settled(value: f32) -> f32 {
    /// −300 dB.
    const NOTHING: f32 = 1.0e-15;
    if value.abs() < NOTHING { 0.0 } else { value }
}

#[cfg(test)]
mod tests;
