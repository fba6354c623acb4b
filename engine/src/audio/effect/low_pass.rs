//! The low-pass: a biquad after Robert Bristow-Johnson, "Cookbook formulae for audio equalizer
//! biquad filter coefficients".

use super::{LowPass, settled};
use crate::audio::ramp::Ramp;
use crate::audio::sample::StereoSample;
use crate::audio::tone::sine;

/// The highest cutoff in turns a sample: at half of the rate there is nothing left to compute with.
const MAX_TURNS: f64 = 0.49;

/// A low-pass of a bus, on or off.
#[derive(Debug)]
pub(crate) struct LowPassFilter {
    rate_hz: f64,
    /// How much of the output is filtered: 1, or 0 when off.
    mix: Ramp,
    cutoff_turns: Ramp,
    resonance: Ramp,
    coefficients: Coefficients,
    sides: [Side; 2],
}

impl LowPassFilter {
    /// Off.
    pub(crate) fn new(rate_hz: u32) -> Self {
        let LowPass { cutoff_hz, resonance } = LowPass::default();
        let mut filter = Self {
            rate_hz: f64::from(rate_hz),
            mix: Ramp::at(0.0),
            cutoff_turns: Ramp::at(0.0),
            resonance: Ramp::at(resonance),
            coefficients: Coefficients::default(),
            sides: [Side::default(); 2],
        };
        filter.aim(cutoff_hz, resonance, 0);
        filter
    }

    /// Turns it on, changes it or, with `None`, turns it off, within so many samples.
    pub(crate) fn set(&mut self, settings: Option<LowPass>, samples: u64) {
        let Some(LowPass { cutoff_hz, resonance }) = settings else {
            return self.mix.head_for(0.0, samples);
        };
        let was_off = self.mix.is_silent();
        if was_off {
            self.sides = [Side::default(); 2];
        }
        self.aim(cutoff_hz, resonance, if was_off { 0 } else { samples });
        self.mix.head_for(1.0, samples);
    }

    fn aim(&mut self, cutoff_hz: f64, resonance: f64, samples: u64) {
        self.cutoff_turns.head_for((cutoff_hz / self.rate_hz).min(MAX_TURNS), samples);
        self.resonance.head_for(resonance, samples);
        self.coefficients = Coefficients::new(self.cutoff_turns.value(), self.resonance.value());
    }

    /// Filters the next samples.
    pub(crate) fn process(&mut self, block: &mut [StereoSample]) {
        for sample in block {
            if self.mix.is_silent() {
                return;
            }
            if self.cutoff_turns.samples_left() > 0 {
                let (turns, resonance) =
                    (self.cutoff_turns.next_exact(), self.resonance.next_exact());
                self.coefficients = Coefficients::new(turns, resonance);
            }
            let mix = self.mix.next();
            for (value, side) in sample.iter_mut().zip(&mut self.sides) {
                let filtered = side.next(*value, &self.coefficients);
                *value = *value * (1.0 - mix) + filtered * mix;
            }
        }
    }
}

/// The cookbook's numbers of a low-pass, divided by its a0; b2 is b0.
#[derive(Debug, Clone, Copy, Default)]
struct Coefficients {
    b0: f64,
    b1: f64,
    a1: f64,
    a2: f64,
}

impl Coefficients {
    fn new(turns: f64, resonance: f64) -> Self {
        let cosine = sine(turns + 0.25);
        let alpha = sine(turns) / (2.0 * resonance);
        let a0 = 1.0 + alpha;
        let b1 = (1.0 - cosine) / a0;
        Self { b0: 0.5 * b1, b1, a1: -2.0 * cosine / a0, a2: (1.0 - alpha) / a0 }
    }
}

/// The last two inputs and outputs of a channel. They are samples themselves, not sums of any, so
/// that they stay right while the coefficients change.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    inputs: [f64; 2],
    outputs: [f64; 2],
}

impl Side {
    fn next(&mut self, input: f32, by: &Coefficients) -> f32 {
        let input = f64::from(input);
        let ([x1, x2], [y1, y2]) = (self.inputs, self.outputs);
        let output = by.b0 * (input + x2) + by.b1 * x1 - by.a1 * y1 - by.a2 * y2;
        // As long as something is heard, the state keeps all of its bits.
        let output = if settled(output as f32) == 0.0 { 0.0 } else { output };
        self.inputs = [input, x1];
        self.outputs = [output, y1];
        output as f32
    }
}
