//! How a mixer plays a ring: from a moment at which there is enough in it, and without a click where
//! it runs dry.

use std::sync::Arc;

use super::ramp::Ramp;
use super::ring::SampleRing;
use super::sample::{StereoSample, fade_samples};
use super::voice::{POSITION_BITS, curve};

/// A mixer's place in a ring.
#[derive(Debug)]
pub(crate) struct RingReader {
    ring: Arc<SampleRing>,
    /// The number of the sample that is played, and how far it is to the next one.
    number: u64,
    fraction: u64,
    /// How many samples there must be for the sound to begin, or to go on after a gap.
    enough: u64,
    is_flowing: bool,
    /// From 0 to 1 after a gap.
    entry: Ramp,
    last: StereoSample,
    /// The last sample before a gap, and how much of it is still heard.
    left_behind: StereoSample,
    rest: Ramp,
    fade_samples: u64,
}

impl RingReader {
    /// Plays a ring from sample `number` and a fraction of the next on, once `enough` samples are there; at once where it
    /// `is_flowing`.
    pub(crate) fn new(
        ring: Arc<SampleRing>,
        (number, fraction): (u64, u64),
        enough: u64,
        is_flowing: bool,
        rate_hz: u32,
    ) -> Self {
        Self {
            ring,
            number,
            fraction,
            enough,
            is_flowing,
            entry: Ramp::at(1.0),
            last: [0.0; 2],
            left_behind: [0.0; 2],
            rest: Ramp::at(0.0),
            fade_samples: fade_samples(rate_hz),
        }
    }

    /// The next sample, `step` of [`POSITION_BITS`] after the last one, or `None` at the end of a
    /// ring that is closed.
    pub(crate) fn next(&mut self, step: u64) -> Option<StereoSample> {
        if !self.is_flowing && !self.resume() {
            return self.is_open().then(|| self.remains());
        }
        let Some(sample) = self.here() else {
            if !self.is_open() {
                return None;
            }
            self.is_flowing = false;
            self.entry = Ramp::at(0.0);
            self.left_behind = self.last;
            self.rest = Ramp::at(1.0);
            self.rest.head_for(0.0, self.fade_samples);
            return Some(self.remains());
        };
        self.advance(step);
        let gain = self.entry.next();
        let remains = self.remains();
        let sample = [0, 1].map(|side| sample[side] * gain + remains[side]);
        self.last = sample;
        Some(sample)
    }

    /// Whether there may be more to come.
    fn is_open(&self) -> bool {
        !self.ring.is_closed() || self.ring.written() > self.number
    }

    /// Begins to play where there is enough; whether it does.
    fn resume(&mut self) -> bool {
        let buffered = self.ring.written().saturating_sub(self.number);
        if buffered < self.enough.max(1) && !(self.ring.is_closed() && buffered > 0) {
            return false;
        }
        self.is_flowing = true;
        if self.entry.is_silent() {
            self.entry.head_for(1.0, self.fade_samples);
        }
        true
    }

    /// What is left of the last sample before a gap.
    fn remains(&mut self) -> StereoSample {
        let rest = self.rest.next();
        self.left_behind.map(|value| value * rest)
    }

    /// The value at this place; `None` where it is not there yet.
    fn here(&mut self) -> Option<StereoSample> {
        let written = self.ring.written();
        if self.ring.is_lost(self.number.saturating_sub(1), written) {
            // So far behind that the samples are gone: a gap, and what is newest after it.
            self.number = written;
            self.fraction = 0;
            return None;
        }
        if self.fraction == 0 {
            return self.ring.get(self.number);
        }
        // A curve needs two samples more, but for the end.
        if self.number + 2 >= written && !self.ring.is_closed() {
            return None;
        }
        let here = self.ring.get(self.number)?;
        let other = |number: Option<u64>| {
            number.and_then(|number| self.ring.get(number)).unwrap_or_default()
        };
        let around = [
            other(self.number.checked_sub(1)),
            here,
            other(Some(self.number + 1)),
            other(Some(self.number + 2)),
        ];
        Some(curve(around, self.fraction as f32 / (1u64 << POSITION_BITS) as f32))
    }

    fn advance(&mut self, step: u64) {
        const FRACTION: u64 = (1 << POSITION_BITS) - 1;
        let fraction = self.fraction + (step & FRACTION);
        self.number += (step >> POSITION_BITS) + (fraction >> POSITION_BITS);
        self.fraction = fraction & FRACTION;
        self.ring.set_read_number(self.number);
    }
}

impl Drop for RingReader {
    /// Whoever writes for this reader alone need not go on.
    fn drop(&mut self) {
        self.ring.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: u64 = 1 << POSITION_BITS;

    fn ring(values: &[f32]) -> Arc<SampleRing> {
        let ring = SampleRing::new(1_000);
        ring.write(&values.iter().map(|value| [*value; 2]).collect::<Vec<_>>());
        Arc::new(ring)
    }

    fn left(reader: &mut RingReader, samples: usize, step: u64) -> Vec<Option<f32>> {
        (0..samples).map(|_| reader.next(step).map(|sample| sample[0])).collect()
    }

    /// Silence until there is enough, then sample for sample, and the end where it is closed.
    #[test]
    fn a_ring_plays_once_there_is_enough() {
        let ring = ring(&[0.1, 0.2, 0.3]);
        let mut reader = RingReader::new(Arc::clone(&ring), (0, 0), 4, false, 48_000);
        assert_eq!(left(&mut reader, 2, WHOLE), [Some(0.0); 2]);
        ring.write(&[[0.4; 2], [0.5; 2]]);
        ring.close();
        assert_eq!(
            left(&mut reader, 6, WHOLE),
            [Some(0.1), Some(0.2), Some(0.3), Some(0.4), Some(0.5), None]
        );
    }

    /// A ring that runs dry falls to silence within 5 ms, and comes back within as much.
    #[test]
    fn a_gap_does_not_click() {
        let ring = ring(&[0.8; 100]);
        let mut reader = RingReader::new(Arc::clone(&ring), (0, 0), 1, false, 48_000);
        let mut heard = left(&mut reader, 150, WHOLE);
        ring.write(&[[0.8; 2]; 400]);
        heard.extend(left(&mut reader, 400, WHOLE));
        let heard: Vec<f32> = heard.into_iter().map(|value| value.unwrap()).collect();
        let steepest = heard.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(steepest < 0.8 / 230.0, "{steepest}");
        assert_eq!((heard[99], heard[540]), (0.8, 0.8));
        let mut dry = RingReader::new(Arc::clone(&ring), (500, 0), 1, true, 48_000);
        assert_eq!(left(&mut dry, 1, WHOLE), [Some(0.0)]);
    }

    /// At another step, between the samples is the curve through them; on a line, the line.
    #[test]
    fn another_rate_is_interpolated() {
        let line: Vec<f32> = (0..8).map(|n| n as f32).collect();
        let ring = ring(&line);
        let mut reader = RingReader::new(Arc::clone(&ring), (1, 0), 1, true, 24_000);
        assert_eq!(left(&mut reader, 3, WHOLE + WHOLE / 2), [Some(1.0), Some(2.5), Some(4.0)]);
        ring.close();
        assert!(left(&mut reader, 4, WHOLE + WHOLE / 2)[2..].contains(&None));
    }

    /// A reader that was overtaken by its writer goes on with what is new.
    #[test]
    fn a_reader_that_is_overtaken_catches_up() {
        let ring = ring(&[0.1; 10]);
        let mut reader = RingReader::new(Arc::clone(&ring), (0, 0), 1, true, 48_000);
        left(&mut reader, 5, WHOLE);
        ring.write(&[[0.5; 2]; 2_000]);
        left(&mut reader, 1, WHOLE);
        ring.write(&[[0.5; 2]; 500]);
        assert_eq!(left(&mut reader, 400, WHOLE)[300], Some(0.5));
    }
}
