//! Volumes that change over seconds, as the world knows them: by sample time.

use super::error::AudioError;
use super::sample::SAMPLE_RATE_HZ;
use super::settings::check_range;

/// The longest fade, in seconds: an hour.
pub const MAX_FADE_SECS: f64 = 3_600.0;

/// A gain that goes from one value to another in a straight line, for a mixer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glide {
    /// The factor on the amplitude where it begins.
    pub from: f64,
    /// The factor where it ends, and stays.
    pub to: f64,
    /// How long that takes, in samples at [`SAMPLE_RATE_HZ`].
    pub samples: u64,
}

impl Glide {
    /// A gain that stays as it is.
    pub const fn at(gain: f64) -> Self {
        Self { from: gain, to: gain, samples: 0 }
    }
}

/// A gain with its fade, on the time of the world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fade {
    from: f64,
    to: f64,
    start_sample: u64,
    samples: u64,
}

impl Fade {
    /// A gain that stays as it is.
    pub(crate) const fn at(gain: f64) -> Self {
        Self { from: gain, to: gain, start_sample: 0, samples: 0 }
    }

    /// A gain that goes from `from` to `to` within `samples` from `start_sample` on.
    pub(crate) const fn between(from: f64, to: f64, start_sample: u64, samples: u64) -> Self {
        Self { from, to, start_sample, samples }
    }

    /// Heads for another gain from `now_sample` on.
    pub(crate) fn head_for(&mut self, gain: f64, now_sample: u64, samples: u64) {
        *self = Self::between(self.value_at(now_sample), gain, now_sample, samples);
    }

    /// The gain at a sample.
    pub(crate) fn value_at(&self, sample: u64) -> f64 {
        let left = self.samples_left_at(sample);
        if left == 0 {
            return self.to;
        }
        self.to + (self.from - self.to) * (left as f64 / self.samples as f64)
    }

    /// What is left of the fade at a sample.
    pub(crate) fn rest_at(&self, sample: u64) -> Glide {
        Glide { from: self.value_at(sample), to: self.to, samples: self.samples_left_at(sample) }
    }

    /// The sample at which it is over.
    pub(crate) const fn end_sample(&self) -> u64 {
        self.start_sample.saturating_add(self.samples)
    }

    fn samples_left_at(&self, sample: u64) -> u64 {
        self.end_sample().saturating_sub(sample).min(self.samples)
    }
}

/// The samples of a fade, given in seconds: 0 to [`MAX_FADE_SECS`].
///
/// # Errors
/// [`AudioError::OutOfRange`] by `name`.
pub(crate) fn fade_length(name: &'static str, secs: f64) -> Result<u64, AudioError> {
    check_range(name, secs, 0.0, MAX_FADE_SECS)?;
    Ok((secs * f64::from(SAMPLE_RATE_HZ)).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fade is 0 before it, straight in it, and over after it; what is left of it ends at the same
    /// sample.
    #[test]
    fn a_fade_is_a_function_of_the_sample() {
        let fade = Fade::between(0.0, 2.0, 100, 50);
        assert_eq!([0, 100, 125, 150, 200].map(|at| fade.value_at(at)), [0.0, 0.0, 1.0, 2.0, 2.0]);
        assert_eq!(fade.rest_at(125), Glide { from: 1.0, to: 2.0, samples: 25 });
        assert_eq!(fade.rest_at(150), Glide::at(2.0));
    }

    /// A fade that is given another target leaves from where it is.
    #[test]
    fn a_fade_can_be_turned() {
        let mut fade = Fade::between(0.0, 1.0, 0, 100);
        fade.head_for(0.0, 50, 10);
        assert_eq!([50, 55, 60].map(|at| fade.value_at(at)), [0.5, 0.25, 0.0]);
        assert!(fade_length("fade", f64::NAN).is_err() && fade_length("fade", -1.0).is_err());
        assert_eq!(fade_length("fade", 0.5).unwrap(), 24_000);
    }
}
