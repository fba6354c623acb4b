//! The reverb: Freeverb by Jezar at Dreampoint, which is in the public domain, as described by Julius
//! O. Smith in "Physical Audio Signal Processing": eight combs with a low-pass in their loop side by
//! side, then four all-passes one after another, on each channel.

use super::{Reverb, settled};
use crate::audio::ramp::Ramp;
use crate::audio::sample::StereoSample;

/// The rate, in hertz, for which Freeverb's lengths are given.
const TUNED_HZ: u64 = 44_100;
/// The lengths of the combs on the left, in samples.
const COMB_SAMPLES: [u64; 8] = [1_116, 1_188, 1_277, 1_356, 1_422, 1_491, 1_557, 1_617];
/// The lengths of the all-passes on the left, in samples.
const ALL_PASS_SAMPLES: [u64; 4] = [556, 441, 341, 225];
/// How much longer all of them are on the right.
const SPREAD_SAMPLES: u64 = 23;
/// The feedback of the all-passes.
const ALL_PASS_FEEDBACK: f32 = 0.5;
/// Before and after the tank, so that mixed alone it is about as loud as what comes in.
const GAIN_IN: f32 = 0.015;
const GAIN_OUT: f32 = 3.0;
/// The feedback of the combs in the smallest room, and what the largest adds.
const ROOM: [f64; 2] = [0.7, 0.28];
/// The most that the low-pass in a comb keeps of its last value.
const MAX_DAMPING: f64 = 0.4;

/// A reverb of a bus, on or off.
#[derive(Debug)]
pub(crate) struct ReverbTank {
    sides: [Tank; 2],
    feedback: Ramp,
    damping: Ramp,
    /// How much of the output is the room; 0 when off.
    mix: Ramp,
}

impl ReverbTank {
    /// Off.
    pub(crate) fn new(rate_hz: u32) -> Self {
        Self {
            sides: [0, SPREAD_SAMPLES].map(|spread| Tank::new(rate_hz, spread)),
            feedback: Ramp::at(0.0),
            damping: Ramp::at(0.0),
            mix: Ramp::at(0.0),
        }
    }

    /// Turns it on, changes it or, with `None`, turns it off, within so many samples.
    pub(crate) fn set(&mut self, settings: Option<Reverb>, samples: u64) {
        let Some(Reverb { room, damping, mix }) = settings else {
            return self.mix.head_for(0.0, samples);
        };
        let was_off = self.mix.is_silent();
        if was_off {
            self.sides.iter_mut().for_each(Tank::clear);
        }
        let change_samples = if was_off { 0 } else { samples };
        self.feedback.head_for(ROOM[0] + ROOM[1] * room, change_samples);
        self.damping.head_for(MAX_DAMPING * damping, change_samples);
        self.mix.head_for(mix, samples);
    }

    /// Puts the next samples into the room.
    pub(crate) fn process(&mut self, block: &mut [StereoSample]) {
        for sample in block {
            if self.mix.is_silent() {
                return;
            }
            let (feedback, damping) = (self.feedback.next(), self.damping.next());
            let mix = self.mix.next();
            let input = (sample[0] + sample[1]) * GAIN_IN;
            for (value, tank) in sample.iter_mut().zip(&mut self.sides) {
                let room = tank.next(input, feedback, damping) * GAIN_OUT;
                *value = *value * (1.0 - mix) + room * mix;
            }
        }
    }
}

/// The filters of one channel.
#[derive(Debug)]
struct Tank {
    combs: [Comb; 8],
    all_passes: [Line; 4],
}

impl Tank {
    fn new(rate_hz: u32, spread: u64) -> Self {
        let line = |samples: u64| {
            let length = (samples + spread) * u64::from(rate_hz) / TUNED_HZ;
            Line::new(length as usize)
        };
        Self {
            combs: COMB_SAMPLES.map(|samples| Comb { line: line(samples), kept: 0.0 }),
            all_passes: ALL_PASS_SAMPLES.map(line),
        }
    }

    fn clear(&mut self) {
        for Comb { line, kept } in &mut self.combs {
            line.values.fill(0.0);
            *kept = 0.0;
        }
        self.all_passes.iter_mut().for_each(|line| line.values.fill(0.0));
    }

    fn next(&mut self, input: f32, feedback: f32, damping: f32) -> f32 {
        let mut sum = 0.0;
        for comb in &mut self.combs {
            sum += comb.next(input, feedback, damping);
        }
        for line in &mut self.all_passes {
            let echo = line.oldest();
            line.replace(settled(sum + echo * ALL_PASS_FEEDBACK));
            sum = echo - sum;
        }
        sum
    }
}

/// A line fed with what comes out of it, less its treble.
#[derive(Debug)]
struct Comb {
    line: Line,
    /// The low-pass in the loop: its last value.
    kept: f32,
}

impl Comb {
    fn next(&mut self, input: f32, feedback: f32, damping: f32) -> f32 {
        let echo = self.line.oldest();
        self.kept = settled(echo * (1.0 - damping) + self.kept * damping);
        self.line.replace(settled(input + self.kept * feedback));
        echo
    }
}

/// So many samples of the past.
#[derive(Debug)]
struct Line {
    values: Box<[f32]>,
    place: usize,
}

impl Line {
    fn new(length: usize) -> Self {
        Self { values: vec![0.0; length.max(1)].into_boxed_slice(), place: 0 }
    }

    fn oldest(&self) -> f32 {
        self.values.get(self.place).copied().unwrap_or_default()
    }

    /// Puts a value in the place of the oldest one, and moves on.
    fn replace(&mut self, value: f32) {
        if let Some(oldest) = self.values.get_mut(self.place) {
            *oldest = value;
        }
        self.place = (self.place + 1) % self.values.len();
    }
}
