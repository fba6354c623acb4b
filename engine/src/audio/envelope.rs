//! The envelope of a tone: how loud it is from its beginning to its end.

use super::error::AudioError;
use super::sample::{SAMPLE_RATE_HZ, at_rate};
use super::settings::check_range;

/// The longest attack, decay and release, in seconds.
pub const MAX_ENVELOPE_SECS: f64 = 60.0;

/// How a tone swells and dies away: attack, decay, sustain and release.
///
/// The attack is a straight line. Decay and release fall fast at first and then ever more slowly, as
/// strings and bells do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Envelope {
    /// Seconds to the full volume: 0 to [`MAX_ENVELOPE_SECS`].
    pub attack_secs: f64,
    /// Seconds from there to the sustained level: 0 to [`MAX_ENVELOPE_SECS`].
    pub decay_secs: f64,
    /// The level at which the tone is held, as a part of its volume: 0 to 1.
    pub sustain: f64,
    /// Seconds from the release of the tone to silence: 0 to [`MAX_ENVELOPE_SECS`].
    pub release_secs: f64,
}

impl Default for Envelope {
    /// Full volume from the beginning to the end.
    fn default() -> Self {
        Self { attack_secs: 0.0, decay_secs: 0.0, sustain: 1.0, release_secs: 0.0 }
    }
}

impl Envelope {
    /// # Errors
    /// [`AudioError::OutOfRange`] for the first number outside of its range.
    pub(crate) fn check(&self) -> Result<(), AudioError> {
        check_range("attack_secs", self.attack_secs, 0.0, MAX_ENVELOPE_SECS)?;
        check_range("decay_secs", self.decay_secs, 0.0, MAX_ENVELOPE_SECS)?;
        check_range("sustain", self.sustain, 0.0, 1.0)?;
        check_range("release_secs", self.release_secs, 0.0, MAX_ENVELOPE_SECS)
    }
}

/// The course of a tone in samples: its [`Envelope`], and for how long it is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    attack: u64,
    decay: u64,
    sustain: f64,
    release: u64,
    /// When its release begins; `None` until that is known.
    held: Option<u64>,
}

impl Course {
    /// The course of a tone that is held for so many samples at [`SAMPLE_RATE_HZ`], or until it is
    /// released.
    pub fn new(envelope: Envelope, held: Option<u64>) -> Self {
        let samples = |secs: f64| (secs * f64::from(SAMPLE_RATE_HZ)).round() as u64;
        Self {
            attack: samples(envelope.attack_secs),
            decay: samples(envelope.decay_secs),
            sustain: envelope.sustain,
            release: samples(envelope.release_secs),
            held,
        }
    }

    /// The same at another rate.
    pub(crate) fn at_rate(self, rate_hz: u32) -> Self {
        let at_rate = |samples| at_rate(samples, rate_hz);
        Self {
            attack: at_rate(self.attack),
            decay: at_rate(self.decay),
            release: at_rate(self.release),
            held: self.held.map(at_rate),
            sustain: self.sustain,
        }
    }

    /// How many samples there are from its beginning to its end, at least 1, if that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.held.map(|held| held.saturating_add(self.release).max(1))
    }

    /// Begins the release after so many samples, unless it does so earlier. It takes as long as a fade
    /// at least, which is `shortest` samples.
    pub(crate) fn release(&mut self, elapsed: u64, shortest: u64) {
        if self.held.is_none_or(|held| elapsed < held) {
            self.held = Some(elapsed);
            self.release = self.release.max(shortest);
        }
    }

    /// The gain after so many samples, 0 to 1.
    pub(crate) fn gain(&self, elapsed: u64) -> f64 {
        match self.held.filter(|held| elapsed >= *held) {
            Some(held) => self.held_gain(held) * fall(elapsed - held, self.release),
            None => self.held_gain(elapsed),
        }
    }

    /// The gain of a tone that is not released.
    fn held_gain(&self, elapsed: u64) -> f64 {
        if elapsed < self.attack {
            return elapsed as f64 / self.attack as f64;
        }
        self.sustain + (1.0 - self.sustain) * fall(elapsed - self.attack, self.decay)
    }
}

/// From 1 to 0 within `length` samples, on a parabola that ends level.
fn fall(elapsed: u64, length: u64) -> f64 {
    if elapsed >= length {
        return 0.0;
    }
    let left = 1.0 - elapsed as f64 / length as f64;
    left * left
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Up in a line, down to the sustained level, held there, and down to nothing once it is let go.
    #[test]
    fn the_parts_follow_one_another() {
        let course = Course { attack: 10, decay: 20, sustain: 0.5, release: 40, held: Some(100) };
        let gains = [0, 5, 10, 20, 30, 99, 100, 120, 140, 900].map(|at| course.gain(at));
        assert_eq!(gains, [0.0, 0.5, 1.0, 0.625, 0.5, 0.5, 0.5, 0.125, 0.0, 0.0]);
        assert_eq!(course.length(), Some(140));
    }

    /// A tone that is let go in its attack falls from where it is; it has no end before, and what is
    /// released already is not released again.
    #[test]
    fn a_tone_is_held_until_it_is_let_go() {
        let envelope = Envelope { attack_secs: 0.5, release_secs: 0.0, ..Envelope::default() };
        let mut course = Course::new(envelope, None);
        assert_eq!((course.length(), course.gain(12_000), course.gain(u64::MAX)), (None, 0.5, 1.0));
        course.release(12_000, 240);
        assert_eq!((course.length(), course.gain(12_120)), (Some(12_240), 0.125));
        course.release(12_100, 240);
        assert_eq!(course.length(), Some(12_240));
        assert_eq!(course.at_rate(24_000).length(), Some(6_120));
    }

    /// What is given is looked at by name.
    #[test]
    fn a_number_outside_of_its_range_is_refused() {
        let usual = Envelope::default();
        for (envelope, name) in [
            (Envelope { attack_secs: -0.1, ..usual }, "attack_secs"),
            (Envelope { decay_secs: f64::NAN, ..usual }, "decay_secs"),
            (Envelope { sustain: 1.1, ..usual }, "sustain"),
            (Envelope { release_secs: 61.0, ..usual }, "release_secs"),
        ] {
            assert!(envelope.check().unwrap_err().to_string().starts_with(name));
        }
    }
}
