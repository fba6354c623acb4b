//! From the rate of a file to the rate of the mixer, whole or piece by piece: it is the same.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};

use super::ClipFault;
use crate::audio::sample::{SAMPLE_RATE_HZ, StereoSample};

/// Samples converted at a time: long enough for a steep filter, short against a clip.
const CHUNK_SAMPLES: usize = 1_024;

const CHANNELS: usize = 2;

/// The same sound at [`SAMPLE_RATE_HZ`]; its length is `samples · 48,000 / rate_hz`, rounded up.
pub(super) fn resample(
    samples: Vec<StereoSample>,
    rate_hz: u32,
) -> Result<Vec<StereoSample>, ClipFault> {
    if rate_hz == SAMPLE_RATE_HZ {
        return Ok(samples);
    }
    let mut converted = Vec::with_capacity(converted_count(samples.len() as u64, rate_hz) as usize);
    let mut converter = Converter::new(rate_hz)?;
    converter.convert(&samples, &mut converted)?;
    converter.finish(&mut converted)?;
    Ok(converted)
}

/// How many samples so many of another rate become.
pub(super) fn converted_count(samples: u64, rate_hz: u32) -> u64 {
    let samples = u128::from(samples) * u128::from(SAMPLE_RATE_HZ);
    u64::try_from(samples.div_ceil(u128::from(rate_hz.max(1)))).unwrap_or(u64::MAX)
}

/// Converts a sound piece by piece.
pub(crate) struct Converter {
    rate_hz: u32,
    /// Not needed where the rates are equal.
    resampler: Option<Fft<f32>>,
    /// What is not yet as much as the resampler takes at a time.
    waiting: Vec<StereoSample>,
    /// The beginning of what it gives that is no sound yet.
    delay_left: usize,
    taken: u64,
    given: u64,
}

impl Converter {
    /// From `rate_hz` to [`SAMPLE_RATE_HZ`].
    pub(crate) fn new(rate_hz: u32) -> Result<Self, ClipFault> {
        let (from_hz, to_hz) = (rate_hz as usize, SAMPLE_RATE_HZ as usize);
        let make = || Fft::<f32>::new(from_hz, to_hz, CHUNK_SAMPLES, CHANNELS, FixedSync::Both);
        let resampler =
            (rate_hz != SAMPLE_RATE_HZ).then(make).transpose().map_err(|error| failed(&error))?;
        let delay_left = resampler.as_ref().map_or(0, Resampler::output_delay);
        Ok(Self { rate_hz, resampler, waiting: Vec::new(), delay_left, taken: 0, given: 0 })
    }

    /// Takes the next samples, and appends those that they become.
    pub(crate) fn convert(
        &mut self,
        samples: &[StereoSample],
        out: &mut Vec<StereoSample>,
    ) -> Result<(), ClipFault> {
        self.taken += samples.len() as u64;
        let Some(resampler) = &self.resampler else {
            out.extend_from_slice(samples);
            return Ok(());
        };
        let chunk = resampler.input_frames_next().max(1);
        self.waiting.extend_from_slice(samples);
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut pieces = waiting.chunks_exact(chunk);
        for piece in &mut pieces {
            self.push(piece, None, out)?;
        }
        let rest = pieces.remainder().len();
        waiting.drain(..waiting.len() - rest);
        self.waiting = waiting;
        Ok(())
    }

    /// Appends the samples that are left at the end.
    pub(super) fn finish(&mut self, out: &mut Vec<StereoSample>) -> Result<(), ClipFault> {
        let Some(resampler) = &self.resampler else { return Ok(()) };
        let chunk = resampler.input_frames_next().max(1);
        let wanted = converted_count(self.taken, self.rate_hz);
        let mut rest = std::mem::take(&mut self.waiting);
        let mut count = rest.len();
        rest.resize(chunk, [0.0; 2]);
        while self.given < wanted {
            self.push(&rest, Some(count), out)?;
            count = 0;
        }
        // The last chunk is whole, whatever there was for it.
        let surplus = usize::try_from(self.given - wanted).unwrap_or(0);
        out.truncate(out.len().saturating_sub(surplus));
        Ok(())
    }

    /// Converts one chunk, of which `count` samples are sound.
    fn push(
        &mut self,
        chunk: &[StereoSample],
        count: Option<usize>,
        out: &mut Vec<StereoSample>,
    ) -> Result<(), ClipFault> {
        let Some(resampler) = &mut self.resampler else { return Ok(()) };
        let input = InterleavedSlice::new(chunk.as_flattened(), CHANNELS, chunk.len())
            .map_err(|error| failed(&error))?;
        let indexing = count.map(|count| Indexing::new().partial_len(count));
        let output =
            resampler.process(&input, indexing.as_ref()).map_err(|error| failed(&error))?;
        let output = output.take_data();
        let output = output.as_chunks::<CHANNELS>().0;
        let late = self.delay_left.min(output.len());
        self.delay_left -= late;
        let output = output.get(late..).unwrap_or_default();
        self.given += output.len() as u64;
        out.extend_from_slice(output);
        Ok(())
    }
}

fn failed(error: &dyn std::fmt::Display) -> ClipFault {
    ClipFault::Damaged { at_secs: 0.0, reason: error.to_string() }
}
