//! What a voice is started with, and the ranges in which each number is accepted.

use std::f64::consts::SQRT_2;

use super::bus::BusId;
use super::envelope::{Course, Envelope};
use super::error::AudioError;
use super::fade::fade_length;
use super::sample::SAMPLE_RATE_HZ;
use super::tone::sine;

/// The loudest volume: 4 is +12 dB.
pub const MAX_VOLUME: f64 = 4.0;
/// The slowest pitch, four octaves down.
pub const MIN_PITCH: f64 = 1.0 / 16.0;
/// The fastest pitch, four octaves up.
pub const MAX_PITCH: f64 = 16.0;
/// The lowest frequency of a tone, in hertz.
pub const MIN_FREQUENCY_HZ: f64 = 1.0;
/// The highest frequency of a tone, in hertz: the end of human hearing, safely below half of the
/// sample rate.
pub const MAX_FREQUENCY_HZ: f64 = 20_000.0;
/// The longest tone, in seconds: a day.
pub const MAX_TONE_SECS: f64 = 86_400.0;

/// How a clip is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaySettings {
    /// Factor on the amplitude: 0 (silent) to [`MAX_VOLUME`]; 1 leaves the clip as it is.
    pub volume: f64,
    /// −1 (left) to 1 (right), with equal power; 0 leaves the clip as it is. See [`pan_gains`].
    pub pan: f64,
    /// Factor on the speed, and so on the frequency: [`MIN_PITCH`] to [`MAX_PITCH`].
    pub pitch: f64,
    /// Whether to begin again at the end, until stopped.
    pub looped: bool,
    /// Where it goes; the master unless told otherwise.
    pub bus: BusId,
    /// How long it takes to reach its volume, in seconds: 0 to
    /// [`MAX_FADE_SECS`](super::MAX_FADE_SECS).
    pub fade_in_secs: f64,
    /// The sample time to start at. `None`, or a time that is over, is the start of the tick.
    pub start_sample: Option<u64>,
}

impl Default for PlaySettings {
    fn default() -> Self {
        Self {
            volume: 1.0,
            pan: 0.0,
            pitch: 1.0,
            looped: false,
            bus: BusId::MASTER,
            fade_in_secs: 0.0,
            start_sample: None,
        }
    }
}

impl PlaySettings {
    /// # Errors
    /// [`AudioError::OutOfRange`] for the first number outside of its range.
    pub(crate) fn check(&self) -> Result<(), AudioError> {
        check_volume(self.volume)?;
        check_pan(self.pan)?;
        check_pitch(self.pitch)?;
        fade_length("fade_in", self.fade_in_secs).map(drop)
    }
}

/// The shape of a tone's wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Waveform {
    /// The pure tone.
    #[default]
    Sine,
    /// Odd harmonics, hollow; band-limited.
    Square,
    /// Odd harmonics that fade quickly, soft.
    Triangle,
    /// All harmonics, bright; band-limited.
    Sawtooth,
    /// White noise; the frequency is without effect. Two tones have different noise, two runs the
    /// same.
    Noise,
}

/// How a tone is played. It fades in and out within its duration, so that it does not click.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ToneSettings {
    /// [`MIN_FREQUENCY_HZ`] to [`MAX_FREQUENCY_HZ`].
    pub frequency_hz: f64,
    /// How long it is held, up to [`MAX_TONE_SECS`]: its length but for the release. `None` holds it
    /// until it is [released](super::Audio::release).
    pub duration_secs: Option<f64>,
    /// How it swells and dies away.
    pub envelope: Envelope,
    /// The peak of the wave: 0 to [`MAX_VOLUME`]; 1 is full scale.
    pub volume: f64,
    /// −1 (left) to 1 (right), with equal power. See [`pan_gains`].
    pub pan: f64,
    /// The shape of the wave.
    pub waveform: Waveform,
    /// Where it goes; the master unless told otherwise.
    pub bus: BusId,
    /// The sample time to start at. `None`, or a time that is over, is the start of the tick.
    pub start_sample: Option<u64>,
}

impl Default for ToneSettings {
    /// The concert pitch A for a quarter of a second, at half of full scale.
    fn default() -> Self {
        Self {
            frequency_hz: 440.0,
            duration_secs: Some(0.25),
            envelope: Envelope::default(),
            volume: 0.5,
            pan: 0.0,
            waveform: Waveform::Sine,
            bus: BusId::MASTER,
            start_sample: None,
        }
    }
}

impl ToneSettings {
    /// # Errors
    /// [`AudioError::OutOfRange`] for the first number outside of its range.
    pub(crate) fn check(&self) -> Result<(), AudioError> {
        check_range("frequency_hz", self.frequency_hz, MIN_FREQUENCY_HZ, MAX_FREQUENCY_HZ)?;
        if let Some(secs) = self.duration_secs {
            let shortest = 1.0 / f64::from(SAMPLE_RATE_HZ);
            check_range("duration_secs", secs, shortest, MAX_TONE_SECS)?;
        }
        self.envelope.check()?;
        check_volume(self.volume)?;
        check_pan(self.pan)
    }

    /// How loud it is in each of its samples.
    pub(crate) fn course(&self) -> Course {
        let samples = |secs: f64| ((secs * f64::from(SAMPLE_RATE_HZ)).round() as u64).max(1);
        Course::new(self.envelope, self.duration_secs.map(samples))
    }
}

/// The gains of the left and the right channel at a pan from −1 to 1.
///
/// `√2·cos θ` and `√2·sin θ` with `θ = (pan + 1)·π/4`: the power of both together is the same
/// everywhere, it is 1 and 1 in the middle, so that a stereo clip is not touched there, and √2 (+3
/// dB) and 0 at the ends.
pub fn pan_gains(pan: f64) -> [f64; 2] {
    let turns = (pan + 1.0) / 8.0;
    [SQRT_2 * sine(turns + 0.25), SQRT_2 * sine(turns)]
}

pub(crate) fn check_volume(volume: f64) -> Result<(), AudioError> {
    check_range("volume", volume, 0.0, MAX_VOLUME)
}

pub(crate) fn check_pan(pan: f64) -> Result<(), AudioError> {
    check_range("pan", pan, -1.0, 1.0)
}

pub(crate) fn check_pitch(pitch: f64) -> Result<(), AudioError> {
    check_range("pitch", pitch, MIN_PITCH, MAX_PITCH)
}

/// # Errors
/// [`AudioError::OutOfRange`], by `name`.
pub(crate) fn check_range(
    name: &'static str,
    value: f64,
    low: f64,
    high: f64,
) -> Result<(), AudioError> {
    // A NaN is in no range.
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(AudioError::OutOfRange { name, value, low, high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The middle is unity, the ends are √2 and nothing, and the power is 2 all the way.
    #[test]
    fn pan_keeps_the_power() {
        let close = |gains: [f64; 2], left: f64, right: f64| {
            assert!((gains[0] - left).abs() < 1e-9 && (gains[1] - right).abs() < 1e-9, "{gains:?}");
        };
        close(pan_gains(0.0), 1.0, 1.0);
        close(pan_gains(-1.0), SQRT_2, 0.0);
        close(pan_gains(1.0), 0.0, SQRT_2);
        close(pan_gains(0.5), 0.541_196_100_146, 1.306_562_964_876); // √2·cos 67.5°, √2·sin 67.5°
        for step in -10..=10 {
            let [left, right] = pan_gains(f64::from(step) / 10.0);
            assert!((left * left + right * right - 2.0).abs() < 1e-9);
        }
    }

    /// A refusal names the number, its value and what would be accepted.
    #[test]
    fn a_number_outside_of_its_range_is_refused_by_name() {
        let refused = |tone: ToneSettings| tone.check().unwrap_err().to_string();
        let tone = ToneSettings::default();
        assert_eq!(
            refused(ToneSettings { frequency_hz: 24_001.0, ..tone }),
            "frequency_hz is 24001: give a number from 1 to 20000"
        );
        assert_eq!(
            refused(ToneSettings { volume: f64::NAN, ..tone }),
            "volume is NaN: give a number from 0 to 4"
        );
        assert_eq!(
            refused(ToneSettings { pan: -1.5, ..tone }),
            "pan is -1.5: give a number from -1 to 1"
        );
        assert!(
            refused(ToneSettings { duration_secs: Some(0.0), ..tone })
                .starts_with("duration_secs is 0: ")
        );
        assert!(
            refused(ToneSettings { duration_secs: Some(f64::INFINITY), ..tone })
                .starts_with("duration_secs is inf: ")
        );
        for (volume, shown) in [(1e300, "1e300"), (-2.5e-300, "-2.5e-300"), (1e6, "1000000")] {
            assert_eq!(
                refused(ToneSettings { volume, ..tone }),
                format!("volume is {shown}: give a number from 0 to 4")
            );
        }
        let play = PlaySettings { pitch: 0.0, ..PlaySettings::default() };
        assert_eq!(
            play.check().unwrap_err().to_string(),
            "pitch is 0: give a number from 0.0625 to 16"
        );
    }
}
