//! The unit of simulation time.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use thiserror::Error;

/// A moment or a span of simulation time, in flicks.
///
/// A flick is 1/705,600,000 of a second (Facebook, 2017): the largest unit of which the periods of
/// 24, 25, 30, 50, 60, 90, 100, 120, 144 and 1,000 Hz and of the audio rates up to 192,000 Hz are
/// whole multiples. Sums of them never drift. A period that is no whole multiple is rounded to the
/// nearest flick once, when it is set. The largest time is 828 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flicks(pub u64);

/// Why a number of seconds is no interval.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("{0} is no time in seconds: it must be finite, from 0 to {max}", max = Flicks::MAX_SECS)]
pub struct IntervalError(pub f64);

impl Flicks {
    /// Flicks in a second.
    pub const PER_SECOND: u64 = 705_600_000;

    /// The longest interval or delay that can be asked for, seconds (about 31 years): far from
    /// where sums would overflow.
    pub const MAX_SECS: f64 = 1e9;

    /// The beginning of a machine's time, and the span that is none.
    pub const ZERO: Self = Self(0);

    /// The time of tick number `tick` at `hz` ticks a second.
    pub fn of_tick(tick: u64, hz: u32) -> Self {
        let flicks = u128::from(tick) * u128::from(Self::PER_SECOND) / u128::from(hz.max(1));
        Self(u64::try_from(flicks).unwrap_or(u64::MAX))
    }

    /// The nearest number of flicks to `secs` seconds; a positive time is never rounded to zero.
    ///
    /// # Errors
    /// [`IntervalError`] if `secs` is negative, not finite, or above [`MAX_SECS`](Self::MAX_SECS).
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "the range is checked, and 705,600,000 is exact in an f64"
    )]
    pub fn from_secs(secs: f64) -> Result<Self, IntervalError> {
        if !(0.0..=Self::MAX_SECS).contains(&secs) {
            return Err(IntervalError(secs));
        }
        let flicks = (secs * Self::PER_SECOND as f64).round() as u64;
        Ok(Self(if secs > 0.0 { flicks.max(1) } else { 0 }))
    }

    /// The time in seconds.
    #[expect(clippy::cast_precision_loss, reason = "exact to a flick for 147 days of them")]
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / Self::PER_SECOND as f64
    }

    /// The time as the standard library has it, rounded down to a nanosecond.
    pub fn as_duration(self) -> std::time::Duration {
        let nanos = u128::from(self.0) * 1_000_000_000 / u128::from(Self::PER_SECOND);
        std::time::Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// This time less `other`, or zero where that would be negative.
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for Flicks {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Flicks {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Flicks {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.saturating_sub(other)
    }
}

impl fmt::Display for Flicks {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:.3} s", self.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::{Flicks, IntervalError};

    /// The usual rates have whole periods: a second holds exactly their number.
    #[test]
    fn usual_rates_are_exact() {
        for hz in [24, 25, 30, 48, 50, 60, 90, 100, 120, 144, 1_000, 44_100, 48_000] {
            let period = Flicks::from_secs(1.0 / f64::from(hz)).unwrap();
            assert_eq!(period.0 * u64::from(hz), Flicks::PER_SECOND, "{hz} Hz");
            assert_eq!(Flicks::of_tick(u64::from(hz) * 3_600, hz), Flicks(3_600 * 705_600_000));
        }
    }

    /// What is no length of time is refused; the smallest positive one is not rounded away.
    #[test]
    fn only_lengths_of_time_are_taken() {
        for secs in [-1e-9, f64::NAN, f64::INFINITY, 2e9] {
            let IntervalError(refused) = Flicks::from_secs(secs).unwrap_err();
            assert_eq!(refused.to_bits(), secs.to_bits());
        }
        assert_eq!(Flicks::from_secs(1e-15), Ok(Flicks(1)));
        assert_eq!(Flicks::from_secs(0.0), Ok(Flicks::ZERO));
    }
}
