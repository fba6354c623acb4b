//! Samples on their way from the one that makes them to those that play them, without locks.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::sample::StereoSample;

/// The last samples of a stream, by their number in it: written by one, read by any mixer at its own
/// pace.
///
/// A reader that falls so far behind that its sample is overwritten is told that it is gone. If that
/// happens in the very moment of reading it gets a later sample instead, which is heard as a click
/// and nothing worse: each sample is written and read as a whole.
#[derive(Debug)]
pub struct SampleRing {
    /// Each holds the bits of left and right.
    samples: Box<[AtomicU64]>,
    written: AtomicU64,
    /// Where the reader is, if there is but one, and whether it has gone.
    read: AtomicU64,
    is_closed: AtomicBool,
    is_left: AtomicBool,
}

impl SampleRing {
    /// Room for the last `length` samples, at least 1.
    pub fn new(length: usize) -> Self {
        let samples = (0..length.max(1)).map(|_| AtomicU64::new(0)).collect();
        Self {
            samples,
            written: AtomicU64::new(0),
            read: AtomicU64::new(0),
            is_closed: AtomicBool::new(false),
            is_left: AtomicBool::new(false),
        }
    }

    /// How many samples have been written.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// Whether there will be no more.
    pub fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Appends samples. There is one writer.
    pub fn write(&self, samples: &[StereoSample]) {
        let mut number = self.written.load(Ordering::Relaxed);
        for [left, right] in samples {
            let bits = u64::from(left.to_bits()) << 32 | u64::from(right.to_bits());
            if let Some(slot) = self.slot(number) {
                slot.store(bits, Ordering::Relaxed);
            }
            number += 1;
        }
        self.written.store(number, Ordering::Release);
    }

    /// Says that there will be no more.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
    }

    /// The sample with this number, if it is there: not yet to come, and not overwritten.
    pub fn get(&self, number: u64) -> Option<StereoSample> {
        let written = self.written();
        if number >= written || self.is_lost(number, written) {
            return None;
        }
        let bits = self.slot(number)?.load(Ordering::Relaxed);
        Some([(bits >> 32) as u32, bits as u32].map(f32::from_bits))
    }

    /// Whether the sample with this number has been overwritten where so many have been written.
    pub(crate) fn is_lost(&self, number: u64, written: u64) -> bool {
        number.saturating_add(self.samples.len() as u64) < written
    }

    /// The number of the sample that the reader needs next.
    pub(crate) fn read_number(&self) -> u64 {
        self.read.load(Ordering::Acquire)
    }

    /// Says which sample is needed next.
    pub(crate) fn set_read_number(&self, number: u64) {
        self.read.store(number, Ordering::Release);
    }

    /// Whether the reader has gone.
    pub(crate) fn is_left(&self) -> bool {
        self.is_left.load(Ordering::Acquire)
    }

    /// Says that nobody reads any more.
    pub(crate) fn leave(&self) {
        self.is_left.store(true, Ordering::Release);
    }

    fn slot(&self, number: u64) -> Option<&AtomicU64> {
        self.samples.get((number % self.samples.len() as u64) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was written is read by its number, until it is overwritten; what is to come is not there.
    #[test]
    fn samples_are_known_by_their_number() {
        let ring = SampleRing::new(4);
        ring.write(&[[0.5, -0.5], [1.0, 0.0]]);
        assert_eq!([0, 1, 2].map(|n| ring.get(n)), [Some([0.5, -0.5]), Some([1.0, 0.0]), None]);
        ring.write(&[[2.0; 2], [3.0; 2], [4.0; 2]]);
        assert_eq!([0, 1, 4].map(|n| ring.get(n)), [None, Some([1.0, 0.0]), Some([4.0; 2])]);
        assert!(!ring.is_closed());
        ring.close();
        assert!(ring.is_closed());
    }
}
