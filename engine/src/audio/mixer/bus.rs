//! A bus of a mixer: voices are added up in its block, and go on through its effects and its volume.

use crate::audio::bus::BusStart;
use crate::audio::effect::{DelayLine, Effects, LowPassFilter, ReverbTank};
use crate::audio::ramp::Ramp;
use crate::audio::sample::StereoSample;

/// Samples that pass at a time: few enough for all buses to stay near the processor.
pub(super) const BLOCK_SAMPLES: usize = 256;

#[derive(Debug)]
pub(super) struct Bus {
    block: [StereoSample; BLOCK_SAMPLES],
    low_pass: LowPassFilter,
    delay: DelayLine,
    reverb: ReverbTank,
    volume: Ramp,
    /// 1, or 0 while it is muted.
    unmuted: Ramp,
}

impl Bus {
    /// At volume 1, without effects.
    pub(super) fn new(rate_hz: u32) -> Self {
        Self {
            block: [[0.0; 2]; BLOCK_SAMPLES],
            low_pass: LowPassFilter::new(rate_hz),
            delay: DelayLine::new(rate_hz),
            reverb: ReverbTank::new(rate_hz),
            volume: Ramp::at(1.0),
            unmuted: Ramp::at(1.0),
        }
    }

    /// Silence for the next `count` samples, to add to.
    pub(super) fn begin(&mut self, count: usize) -> &mut [StereoSample] {
        let block = self.block_of(count);
        block.fill([0.0; 2]);
        block
    }

    /// The block that was begun, of `count` samples.
    pub(super) fn block_of(&mut self, count: usize) -> &mut [StereoSample] {
        let count = count.min(BLOCK_SAMPLES);
        &mut self.block[..count]
    }

    /// What comes out of the bus.
    pub(super) fn finish(&mut self, count: usize) -> &[StereoSample] {
        let block = &mut self.block[..count.min(BLOCK_SAMPLES)];
        self.low_pass.process(block);
        self.delay.process(block);
        self.reverb.process(block);
        for sample in block.iter_mut() {
            let gain = self.volume.next() * self.unmuted.next();
            *sample = sample.map(|value| value * gain);
        }
        block
    }

    pub(super) fn set_volume(&mut self, volume: f64, samples: u64) {
        self.volume.head_for(volume, samples);
    }

    pub(super) fn set_muted(&mut self, muted: bool, samples: u64) {
        self.unmuted.head_for(if muted { 0.0 } else { 1.0 }, samples);
    }

    pub(super) fn set_effects(&mut self, effects: Effects, samples: u64) {
        self.low_pass.set(effects.low_pass, samples);
        self.delay.set(effects.delay, samples);
        self.reverb.set(effects.reverb, samples);
    }

    /// Takes over everything, within so many samples where it is not given as a fade.
    pub(super) fn start(&mut self, start: &BusStart, fade_samples: u64, samples: u64) {
        if fade_samples > 0 {
            self.volume = Ramp::at(start.volume.from);
            self.volume.head_for(start.volume.to, fade_samples);
        } else {
            self.set_volume(start.volume.to, samples);
        }
        self.set_muted(start.muted, samples);
        self.set_effects(start.effects, samples);
    }
}
