//! The units of sound: the sample rate, sample times, the stereo pair.

use std::num::NonZeroU32;

/// Sample times, clips and written files have this rate, in samples a second.
///
/// 48,000 is what sound cards run at; every rate that divides it gives ticks of whole samples.
pub const SAMPLE_RATE_HZ: u32 = 48_000;

/// One sample of both channels: left, right. Full scale is −1 to 1.
pub type StereoSample = [f32; 2];

/// How long a fade lasts wherever one is needed to avoid a click: 5 ms in samples at
/// [`SAMPLE_RATE_HZ`].
pub(crate) const FADE_SAMPLES: u64 = SAMPLE_RATE_HZ as u64 / 200;

/// A length in samples at [`SAMPLE_RATE_HZ`] in samples at another rate.
pub(crate) fn at_rate(samples: u64, rate_hz: u32) -> u64 {
    (u128::from(samples) * u128::from(rate_hz) / u128::from(SAMPLE_RATE_HZ)) as u64
}

/// [`FADE_SAMPLES`] at another rate.
pub(crate) fn fade_samples(rate_hz: u32) -> u64 {
    at_rate(FADE_SAMPLES, rate_hz).max(1)
}

/// The stretch of sound that belongs to one tick, in samples at [`SAMPLE_RATE_HZ`] since tick 0.
///
/// # Examples
///
/// At 7 ticks a second the samples do not divide evenly, yet no sample is lost or played twice:
///
/// ```
/// use std::num::NonZeroU32;
/// use metapython_engine::audio::TickSpan;
///
/// let hz = NonZeroU32::new(7).unwrap();
/// let spans: Vec<TickSpan> = (0..7).map(|tick| TickSpan::of_tick(tick, hz)).collect();
/// assert_eq!(spans[0].start_sample, 0);
/// assert_eq!(spans[6].end_sample, 48_000);
/// assert!(spans.windows(2).all(|pair| pair[0].end_sample == pair[1].start_sample));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TickSpan {
    /// The first sample of the tick.
    pub start_sample: u64,
    /// The first sample of the next tick. Equal to `start_sample` in some ticks when there are more
    /// ticks than samples.
    pub end_sample: u64,
}

impl TickSpan {
    /// The samples of tick number `tick` (the first is 0) where `hz` ticks make a second.
    pub const fn of_tick(tick: u64, hz: NonZeroU32) -> Self {
        Self {
            start_sample: sample_at(tick, hz),
            end_sample: sample_at(tick.saturating_add(1), hz),
        }
    }

    /// How many samples the tick has.
    pub const fn sample_count(self) -> u64 {
        self.end_sample.saturating_sub(self.start_sample)
    }
}

/// The first sample of a tick: `tick · 48,000 / hz`, rounded down.
const fn sample_at(tick: u64, hz: NonZeroU32) -> u64 {
    let sample = tick as u128 * SAMPLE_RATE_HZ as u128 / hz.get() as u128;
    if sample > u64::MAX as u128 { u64::MAX } else { sample as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At 60 ticks a second a tick is 800 samples, also far from the start.
    #[test]
    fn ticks_at_60_hz_have_800_samples() {
        let hz = NonZeroU32::new(60).unwrap();
        let span = TickSpan::of_tick(5_184_000, hz); // one day
        assert_eq!(span, TickSpan { start_sample: 4_147_200_000, end_sample: 4_147_200_800 });
        assert_eq!(span.sample_count(), 800);
    }

    /// More ticks than samples: about every second tick is empty, and a second is still 48,000
    /// samples.
    #[test]
    fn a_second_is_48000_samples_at_100000_hz() {
        let hz = NonZeroU32::new(100_000).unwrap();
        let total: u64 = (0..100_000).map(|tick| TickSpan::of_tick(tick, hz).sample_count()).sum();
        assert_eq!(total, 48_000);
    }
}
