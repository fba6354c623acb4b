//! Clips that are too long to be kept decoded: read from their file while they are played.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::decode::{self, Decoder};
use super::resample::{Converter, converted_count};
use super::{ClipError, ClipFault};
use crate::audio::sample::{SAMPLE_RATE_HZ, StereoSample};

/// A clip that is longer than this, in seconds, is not kept decoded: 30 s are 11.5 MB.
pub const MAX_DECODED_SECS: u64 = 30;

/// The longest clip that is read while it is played, in seconds: six hours.
pub const MAX_LONG_CLIP_SECS: u64 = 6 * 3_600;

/// A sound file whose length is known, and that is otherwise left where it is.
#[derive(Debug, PartialEq)]
pub struct LongClip {
    path: PathBuf,
    sample_count: u64,
}

impl LongClip {
    /// Opens a file that says that it has more than `decoded_secs`; `None` for another, or for one
    /// that does not say, which is decoded whole to find out.
    pub(super) fn open(path: &Path, decoded_secs: u64) -> Result<Option<Self>, ClipFault> {
        // What the decoder has against it, it says again when it is decoded whole.
        let Ok(decoder) = decode::open(path) else { return Ok(None) };
        let rate_hz = decoder.rate_hz;
        let Some(declared) = decoder.declared else { return Ok(None) };
        if declared <= decoded_secs.saturating_mul(u64::from(rate_hz)) {
            return Ok(None);
        }
        if declared > MAX_LONG_CLIP_SECS.saturating_mul(u64::from(rate_hz)) {
            return Err(ClipFault::TooLong { max_secs: MAX_LONG_CLIP_SECS });
        }
        let sample_count = converted_count(declared, rate_hz);
        Ok(Some(Self { path: path.to_owned(), sample_count }))
    }

    /// How many samples there are at [`SAMPLE_RATE_HZ`], at least one.
    pub const fn sample_count(&self) -> u64 {
        self.sample_count
    }

    /// The length at pitch 1.
    pub fn duration_secs(&self) -> f64 {
        self.sample_count as f64 / f64::from(SAMPLE_RATE_HZ)
    }

    /// Opens it at its start.
    ///
    /// # Errors
    /// [`ClipError`] if it cannot be read any more, or is another file by now.
    pub(crate) fn begin(&self) -> Result<Pass, ClipError> {
        let open = || {
            let decoder = decode::open(&self.path)?;
            let converter = Converter::new(decoder.rate_hz)?;
            Ok(Pass { decoder, converter, decoded: Vec::new(), left: self.sample_count })
        };
        self.guard(open)
    }

    /// Appends the next samples of a pass, as many as come at a time; false at its end, which is
    /// where the file said that it would be.
    ///
    /// # Errors
    /// [`ClipError`] if the file is damaged or cut off there.
    pub(crate) fn read(
        &self,
        pass: &mut Pass,
        samples: &mut Vec<StereoSample>,
    ) -> Result<bool, ClipError> {
        self.guard(|| pass.read(samples))
    }

    /// A file can hold anything, and symphonia's readers panic at some of it. What they leave behind
    /// is not used any more.
    fn guard<T>(&self, act: impl FnOnce() -> Result<T, ClipFault>) -> Result<T, ClipError> {
        let outcome = catch_unwind(AssertUnwindSafe(act)).unwrap_or(Err(ClipFault::Nonsense));
        outcome.map_err(|fault| ClipError { path: self.path.clone(), fault })
    }
}

/// One time through a clip, from its start to its end.
pub(crate) struct Pass {
    decoder: Decoder,
    converter: Converter,
    /// What the decoder gave last, kept for its memory.
    decoded: Vec<StereoSample>,
    /// How many samples are still to be given.
    left: u64,
}

impl Pass {
    fn read(&mut self, samples: &mut Vec<StereoSample>) -> Result<bool, ClipFault> {
        if self.left == 0 {
            return Ok(false);
        }
        let before = samples.len();
        self.decoded.clear();
        if self.decoder.decode_more(&mut self.decoded)? {
            self.converter.convert(&self.decoded, samples)?;
        } else {
            self.decoder.check_end()?;
            self.converter.finish(samples)?;
            // A file may have a little less than it said where rates are odd.
            let missing = self.left.saturating_sub((samples.len() - before) as u64);
            samples.resize(samples.len() + usize::try_from(missing).unwrap_or(0), [0.0; 2]);
        }
        let given = samples.len() - before;
        let kept = usize::try_from(self.left).unwrap_or(usize::MAX).min(given);
        samples.truncate(before + kept);
        self.left -= kept as u64;
        Ok(true)
    }
}
