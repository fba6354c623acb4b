//! What runs in the thread of a device: commands in, samples out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cpal::{FromSample, Sample};
use crossbeam::queue::ArrayQueue;

use crate::audio::{Command, Mixer, StereoSample};

/// Commands on their way to the callback, each with its sample in the device's time.
pub(super) type Queue = ArrayQueue<(u64, Command)>;

/// Samples rendered at a time.
const BLOCK_SAMPLES: usize = 512;

/// A mixer and its connections. It takes no lock, allocates nothing and frees nothing.
pub(super) struct Callback {
    mixer: Mixer,
    queue: Arc<Queue>,
    /// Tells the main thread how many samples there have been.
    position: Arc<AtomicU64>,
    channels: usize,
    block: Box<[StereoSample]>,
}

impl Callback {
    pub(super) fn new(
        rate_hz: u32,
        channels: u16,
        queue: Arc<Queue>,
        position: Arc<AtomicU64>,
    ) -> Self {
        Self {
            mixer: Mixer::new(rate_hz),
            queue,
            position,
            channels: usize::from(channels).max(1),
            block: vec![[0.0; 2]; BLOCK_SAMPLES].into_boxed_slice(),
        }
    }

    /// Fills the buffer of a device: `channels` values a sample, in the format of the device.
    pub(super) fn fill<T: Sample + FromSample<f32>>(&mut self, output: &mut [T]) {
        while self.mixer.has_room()
            && let Some((at, command)) = self.queue.pop()
        {
            // There is room, as just seen.
            let _ = self.mixer.push(at, command);
        }
        for part in output.chunks_mut(BLOCK_SAMPLES * self.channels) {
            let block = &mut self.block[..part.len().div_ceil(self.channels)];
            self.mixer.render(block);
            for (values, sample) in part.chunks_mut(self.channels).zip(block) {
                spread(*sample, values);
            }
        }
        self.position.store(self.mixer.position(), Ordering::Relaxed);
    }
}

/// Puts left and right into the first two channels; one channel gets their mean.
fn spread<T: Sample + FromSample<f32>>([left, right]: StereoSample, values: &mut [T]) {
    match values {
        [] => {}
        [mono] => *mono = T::from_sample(0.5 * (left + right)),
        [first, second, rest @ ..] => {
            *first = T::from_sample(left);
            *second = T::from_sample(right);
            rest.fill(T::EQUILIBRIUM);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{Clip, SourceStart, VoiceId, VoiceStart};

    fn callback(channels: u16) -> (Callback, Arc<Queue>) {
        let queue = Arc::new(Queue::new(8));
        (Callback::new(48_000, channels, Arc::clone(&queue), Arc::default()), queue)
    }

    /// A clip of `length` samples with 0.5 on the left and −0.25 on the right.
    fn clip(length: usize) -> Command {
        let clip = Arc::new(Clip::from_samples(vec![[0.5, -0.25]; length]).unwrap());
        let source = SourceStart::Clip { clip, looped: false, position: 0 };
        Command::Start(VoiceStart::new(VoiceId::from_number(1), source))
    }

    /// One channel hears the mean, a third one silence, in the middle of an unsigned format.
    #[test]
    fn devices_with_any_number_of_channels_are_served() {
        let (mut mono, queue) = callback(1);
        queue.push((0, clip(1))).unwrap();
        let mut output = [9.0_f32; 2];
        mono.fill(&mut output);
        assert_eq!(output, [0.125, 0.0]);

        let (mut three, queue) = callback(3);
        queue.push((0, clip(1))).unwrap();
        let mut output = [9_u8; 6];
        three.fill(&mut output);
        assert_eq!(output, [192, 96, 128, 128, 128, 128]);
    }

    /// A timed command takes effect at its sample, across blocks, and the position counts samples,
    /// not values.
    #[test]
    fn a_command_waits_for_its_sample() {
        let (mut stereo, queue) = callback(2);
        queue.push((1_500, clip(1))).unwrap();
        let mut output = vec![9.0_f32; 2 * 2_000];
        stereo.fill(&mut output);
        let heard: Vec<usize> =
            output.iter().enumerate().filter(|(_, v)| **v != 0.0).map(|(n, _)| n).collect();
        assert_eq!(heard, [3_000, 3_001]);
        assert_eq!(stereo.position.load(Ordering::Relaxed), 2_000);
    }
}
