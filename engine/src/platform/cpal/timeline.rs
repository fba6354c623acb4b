//! From the time of the world to the time of a device.

use crate::audio::SAMPLE_RATE_HZ;

/// The farthest a note may lie ahead of where its tick puts it, in parts of a second: a tenth.
const MAX_LEAD_PER_SECOND: u64 = 10;

/// Where the ticks of the world lie in the samples of a device.
///
/// Ticks arrive roughly in time, the callback takes samples in blocks. Between notes that are timed
/// to the sample the distance must come out exact all the same, so the first of them fixes the
/// offset between both clocks, one buffer ahead of the device, and the others keep to it. It is
/// fixed anew when the clocks have drifted so far apart that a note would be late, or more than a
/// tenth of a second early.
#[derive(Debug)]
pub(super) struct Timeline {
    rate_hz: u32,
    lead: u64,
    /// Device time minus world time, both in samples of the device.
    offset: Option<i128>,
}

impl Timeline {
    /// For a device with this rate that takes this many samples at a time.
    pub(super) const fn new(rate_hz: u32, buffer_samples: u32) -> Self {
        Self { rate_hz, lead: buffer_samples as u64, offset: None }
    }

    /// The device's sample for the world's sample `at`, in a tick that starts at `tick_start`,
    /// while the device is at sample `now`.
    pub(super) fn position_of(&mut self, at: u64, tick_start: u64, now: u64) -> u64 {
        let (at, tick_start, now) = (self.scaled(at), self.scaled(tick_start), i128::from(now));
        let earliest = now + (at - tick_start).max(0);
        let latest =
            earliest + i128::from(self.lead + u64::from(self.rate_hz) / MAX_LEAD_PER_SECOND);
        let kept =
            self.offset.map(|offset| at + offset).filter(|wanted| (now..=latest).contains(wanted));
        let position = kept.unwrap_or_else(|| {
            let offset = now + i128::from(self.lead) - tick_start;
            self.offset = Some(offset);
            at + offset
        });
        u64::try_from(position).unwrap_or(0)
    }

    fn scaled(&self, sample: u64) -> i128 {
        i128::from(sample) * i128::from(self.rate_hz) / i128::from(SAMPLE_RATE_HZ)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes 6,000 samples apart stay so, although the device's position is known only to the block
    /// of 1,024.
    #[test]
    fn distances_between_notes_are_exact() {
        let mut timeline = Timeline::new(48_000, 1_024);
        // Ticks at 60 Hz: the first note in tick 0, then each in the tick that contains it.
        assert_eq!(timeline.position_of(100, 0, 2_048), 2_048 + 1_024 + 100);
        assert_eq!(timeline.position_of(6_100, 5_600, 7_168), 9_172);
        assert_eq!(timeline.position_of(12_100, 12_000, 14_336), 15_172);
    }

    /// At half the rate, half the distance.
    #[test]
    fn another_rate_scales() {
        let mut timeline = Timeline::new(24_000, 512);
        assert_eq!(timeline.position_of(0, 0, 0), 512);
        assert_eq!(timeline.position_of(48_000, 48_000, 24_000), 24_512);
    }

    /// A note that would be late is moved to one buffer ahead, and so is one that would be far too
    /// early.
    #[test]
    fn clocks_that_drift_apart_are_matched_again() {
        let mut timeline = Timeline::new(48_000, 1_000);
        assert_eq!(timeline.position_of(0, 0, 0), 1_000);
        assert_eq!(timeline.position_of(800, 800, 2_000), 3_000, "was late by 200");
        assert_eq!(timeline.position_of(96_800, 96_800, 90_000), 91_000, "was early by 0.17 s");
    }
}
