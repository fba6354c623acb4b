//! A device that hears.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{Device, ErrorKind, FromSample, Sample, SizedSample, Stream, StreamConfig};
use crossbeam::queue::ArrayQueue;

use super::device::{self, STREAM_TIMEOUT, is_fatal, name_of, plain, with_format};
use super::seeker::Connected;
use crate::audio::{AudioError, Direction, SampleRing, StereoSample};

/// Samples that the device gives at a time: 11 ms.
const BUFFER_SAMPLES: u32 = 512;

/// What is heard while the main thread takes nothing, in seconds; what is older is lost.
const RING_SECS: usize = 2;

/// Samples converted at a time.
const BLOCK_SAMPLES: usize = 512;

/// A device that is listened to.
pub(super) struct Input {
    /// The name of the device, for people.
    device: String,
    pub(super) rate_hz: u32,
    /// How many samples come at a time.
    pub(super) buffer_samples: u32,
    /// What was heard last.
    pub(super) ring: Arc<SampleRing>,
    /// How often the system has lost something before it came here.
    pub(super) overruns: Arc<AtomicU64>,
    /// Holds the reason once the device is lost.
    lost: Arc<ArrayQueue<String>>,
    _stream: Stream,
}

impl Connected for Input {
    const DIRECTION: Direction = Direction::Input;

    fn open(wanted: Option<&str>) -> Result<Self, AudioError> {
        device::open(Self::DIRECTION, wanted, |device| {
            device::connect(device, Self::DIRECTION, BUFFER_SAMPLES, |config, format| {
                with_format!(format, start(device, config))
            })
        })
    }

    fn device(&self) -> &str {
        &self.device
    }

    fn lost(&self) -> Option<String> {
        self.lost.pop()
    }
}

fn start<T: SizedSample>(device: &Device, config: StreamConfig) -> Result<Input, cpal::Error>
where
    f32: FromSample<T>,
{
    let ring = Arc::new(SampleRing::new(config.sample_rate as usize * RING_SECS));
    let lost = Arc::new(ArrayQueue::new(1));
    let mut ear = Ear::new(config.channels, Arc::clone(&ring));
    let overruns = Arc::new(AtomicU64::new(0));
    let (reason, lost_samples) = (Arc::clone(&lost), Arc::clone(&overruns));
    let stream = device.build_input_stream(
        config,
        move |input: &[T], _| ear.hear(input),
        move |error| {
            if error.kind() == ErrorKind::Xrun {
                lost_samples.fetch_add(1, Ordering::Relaxed);
            }
            if is_fatal(error.kind()) {
                // The first reason is the one to keep.
                let _ = reason.push(plain(&error));
            }
        },
        Some(STREAM_TIMEOUT),
    )?;
    stream.play()?;
    let buffer_samples = stream.buffer_size().unwrap_or(BUFFER_SAMPLES);
    let (device, rate_hz) = (name_of(device), config.sample_rate);
    Ok(Input { device, rate_hz, buffer_samples, ring, overruns, lost, _stream: stream })
}

/// What runs in the thread of a device. It takes no lock, allocates nothing and frees nothing.
struct Ear {
    channels: usize,
    ring: Arc<SampleRing>,
    block: Box<[StereoSample]>,
}

impl Ear {
    fn new(channels: u16, ring: Arc<SampleRing>) -> Self {
        let block = vec![[0.0; 2]; BLOCK_SAMPLES].into_boxed_slice();
        Self { channels: usize::from(channels).max(1), ring, block }
    }

    /// Takes a buffer of a device: `channels` values a sample, in the format of the device.
    fn hear<T: Sample>(&mut self, input: &[T])
    where
        f32: FromSample<T>,
    {
        for part in input.chunks(BLOCK_SAMPLES * self.channels) {
            let mut count = 0;
            for (sample, values) in self.block.iter_mut().zip(part.chunks_exact(self.channels)) {
                *sample = gathered(values);
                count += 1;
            }
            self.ring.write(&self.block[..count]);
        }
    }
}

/// The first two channels; one channel is heard on both sides.
fn gathered<T: Sample>(values: &[T]) -> StereoSample
where
    f32: FromSample<T>,
{
    match values {
        [] => [0.0; 2],
        [mono] => [f32::from_sample(*mono); 2],
        [left, right, ..] => [f32::from_sample(*left), f32::from_sample(*right)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One channel is heard on both sides, of three the first two, also across blocks and from an
    /// unsigned format.
    #[test]
    fn devices_with_any_number_of_channels_are_heard() {
        let heard = |channels: u16, input: &[u8]| {
            let ring = Arc::new(SampleRing::new(4_096));
            Ear::new(channels, Arc::clone(&ring)).hear(input);
            (0..ring.written()).filter_map(|at| ring.get(at)).collect::<Vec<_>>()
        };
        assert_eq!(heard(1, &[192, 128]), [[0.5; 2], [0.0; 2]]);
        assert_eq!(heard(3, &[192, 64, 0, 128, 128, 0]), [[0.5, -0.5], [0.0; 2]]);
        let long = vec![192; 2 * (BLOCK_SAMPLES + 10)];
        assert_eq!(heard(2, &long), vec![[0.5; 2]; BLOCK_SAMPLES + 10]);
    }
}
