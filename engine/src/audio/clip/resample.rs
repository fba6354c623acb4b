//! From the rate of a file to the rate of the mixer, once, at loading.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

use super::ClipFault;
use crate::audio::sample::{SAMPLE_RATE_HZ, StereoSample};

/// Samples converted at a time: long enough for a steep filter, short against a clip.
const CHUNK_SAMPLES: usize = 1_024;

/// The same sound at [`SAMPLE_RATE_HZ`]; its length is `samples · 48,000 / rate_hz`, rounded up.
pub(super) fn resample(
    samples: Vec<StereoSample>,
    rate_hz: u32,
) -> Result<Vec<StereoSample>, ClipFault> {
    if rate_hz == SAMPLE_RATE_HZ {
        return Ok(samples);
    }
    convert(&samples, rate_hz).map_err(|reason| ClipFault::Damaged { at_secs: 0.0, reason })
}

fn convert(samples: &[StereoSample], rate_hz: u32) -> Result<Vec<StereoSample>, String> {
    const CHANNELS: usize = 2;
    let (from_hz, to_hz) = (rate_hz as usize, SAMPLE_RATE_HZ as usize);
    let mut resampler = Fft::<f32>::new(from_hz, to_hz, CHUNK_SAMPLES, CHANNELS, FixedSync::Both)
        .map_err(|error| error.to_string())?;
    let input = InterleavedSlice::new(samples.as_flattened(), CHANNELS, samples.len())
        .map_err(|error| error.to_string())?;
    let output =
        resampler.process_all(&input, samples.len(), None).map_err(|error| error.to_string())?;
    let mut converted = output.take_data().as_chunks::<CHANNELS>().0.to_vec();
    // The converter reckons the length with floats and may give one sample more.
    converted.truncate((samples.len() * to_hz).div_ceil(from_hz));
    Ok(converted)
}
