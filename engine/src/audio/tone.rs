//! Tones made by arithmetic alone: the same samples on every machine.

use super::settings::Waveform;

/// The sine of an angle in turns, from 0 to 1 for a full circle.
///
/// The Taylor series to the 15th power over a quarter of a circle: wrong by less than 1e-11. The
/// sine of the system's library differs between systems in its last bits; this one does not.
pub(crate) fn sine(turns: f64) -> f64 {
    let folded = if turns <= 0.25 {
        turns
    } else if turns <= 0.75 {
        0.5 - turns
    } else {
        turns - 1.0
    };
    let x = folded * std::f64::consts::TAU;
    let square = x * x;
    // Horner's scheme: 1 − x²/(2·3)·(1 − x²/(4·5)·(1 − …)), from its inside out.
    let sum = 1.0 - square * (1.0 / (14.0 * 15.0));
    let sum = 1.0 - square * (1.0 / (12.0 * 13.0)) * sum;
    let sum = 1.0 - square * (1.0 / (10.0 * 11.0)) * sum;
    let sum = 1.0 - square * (1.0 / (8.0 * 9.0)) * sum;
    let sum = 1.0 - square * (1.0 / (6.0 * 7.0)) * sum;
    let sum = 1.0 - square * (1.0 / (4.0 * 5.0)) * sum;
    let sum = 1.0 - square * (1.0 / (2.0 * 3.0)) * sum;
    x * sum
}

/// The part of a number of turns, less than 2, that is left after the full ones.
fn wrap(turns: f64) -> f64 {
    if turns >= 1.0 { turns - 1.0 } else { turns }
}

/// A wave in one channel.
#[derive(Debug, Clone)]
pub(crate) struct Oscillator {
    waveform: Waveform,
    /// Where in the wave, in turns: 0 to 1.
    phase: f64,
    /// Turns a sample.
    increment: f64,
    seed: u64,
    /// How many samples there have been; noise is a function of it.
    count: u64,
}

impl Oscillator {
    /// A wave that has already run for `elapsed` samples.
    pub(crate) fn new(waveform: Waveform, increment: f64, seed: u64, elapsed: u64) -> Self {
        let phase = (increment * elapsed as f64).fract();
        Self { waveform, phase, increment, seed, count: elapsed }
    }

    /// Changes the frequency, in turns a sample, without a jump in the wave.
    pub(crate) fn set_increment(&mut self, increment: f64) {
        self.increment = increment;
    }

    /// The next sample, −1 to 1. A frequency of half the sample rate or more, which no samples
    /// can hold, is silent.
    pub(crate) fn next(&mut self) -> f32 {
        let (phase, increment) = (self.phase, self.increment);
        let count = self.count;
        self.count = count.wrapping_add(1);
        if self.waveform == Waveform::Noise {
            return noise(self.seed, count) as f32;
        }
        if increment >= 0.5 {
            return 0.0;
        }
        self.phase = wrap(phase + increment);
        let value = match self.waveform {
            Waveform::Sine | Waveform::Noise => sine(phase),
            // A quarter of a turn ahead, so that it starts from 0 like the sine.
            Waveform::Triangle => 1.0 - 4.0 * (wrap(phase + 0.25) - 0.5).abs(),
            Waveform::Square => {
                let flat = if phase < 0.5 { 1.0 } else { -1.0 };
                let opposite = wrap(phase + 0.5);
                flat + step_residual(phase, increment) - step_residual(opposite, increment)
            }
            // Half a turn ahead, for the same reason.
            Waveform::Sawtooth => {
                let phase = wrap(phase + 0.5);
                2.0 * phase - 1.0 - step_residual(phase, increment)
            }
        };
        value as f32
    }
}

/// What turns a step from −1 to 1 at phase 0 into a band-limited one: the polynomial BLEP of two
/// samples' width, after Välimäki and Huovilainen, "Antialiasing Oscillators in Subtractive
/// Synthesis" (IEEE Signal Processing Magazine, 2007).
fn step_residual(phase: f64, increment: f64) -> f64 {
    if phase < increment {
        let t = phase / increment;
        2.0 * t - t * t - 1.0
    } else if phase > 1.0 - increment {
        let t = (phase - 1.0) / increment;
        t * t + 2.0 * t + 1.0
    } else {
        0.0
    }
}

/// Sample number `count` of the white noise of `seed`, evenly spread from −1 to 1.
///
/// It has no state, so a tone can be picked up in its middle.
fn noise(seed: u64, count: u64) -> f64 {
    let bits = mix(seed.wrapping_add(count.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    (bits >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// Scatters the bits of a number: the finalizer of SplitMix64, after Steele, Lea and Flood (OOPSLA
/// 2014).
pub(crate) const fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(waveform: Waveform, increment: f64, samples: usize) -> Vec<f32> {
        let mut oscillator = Oscillator::new(waveform, increment, 1, 0);
        (0..samples).map(|_| oscillator.next()).collect()
    }

    /// The sine agrees with the library's to 1e-11 all around.
    #[test]
    fn the_sine_is_the_sine() {
        for step in 0..=1_000 {
            let turns = f64::from(step) / 1_000.0;
            let expected = (turns * std::f64::consts::TAU).sin();
            assert!((sine(turns) - expected).abs() < 1e-11, "at {turns}");
        }
    }

    /// Eight samples a turn: the corners of each wave, with a step smoothed over the samples beside
    /// it.
    #[test]
    fn the_waves_have_their_shapes() {
        let half = std::f32::consts::FRAC_1_SQRT_2;
        let sine = wave(Waveform::Sine, 0.125, 8);
        for (heard, expected) in sine.iter().zip([0.0, half, 1.0, half, 0.0, -half, -1.0, -half]) {
            assert!((heard - expected).abs() < 1e-6, "{sine:?}");
        }
        assert_eq!(wave(Waveform::Triangle, 0.125, 8), [0.0, 0.5, 1.0, 0.5, 0.0, -0.5, -1.0, -0.5]);
        assert_eq!(wave(Waveform::Square, 0.125, 8), [0.0, 1.0, 1.0, 1.0, 0.0, -1.0, -1.0, -1.0]);
        assert_eq!(
            wave(Waveform::Sawtooth, 0.125, 8),
            [0.0, 0.25, 0.5, 0.75, 0.0, -0.75, -0.5, -0.25]
        );
    }

    /// No wave exceeds full scale or has a mean, at a frequency that fits the samples badly.
    #[test]
    fn every_wave_stays_in_range_and_is_centred() {
        use Waveform::*;
        for waveform in [Sine, Square, Triangle, Sawtooth, Noise] {
            let heard = wave(waveform, 440.0 / 48_000.0, 48_000);
            assert!(heard.iter().all(|sample| sample.abs() <= 1.0), "{waveform:?}");
            let mean = heard.iter().map(|sample| f64::from(*sample)).sum::<f64>() / 48_000.0;
            assert!(mean.abs() < 0.01, "{waveform:?} has the mean {mean}");
        }
    }

    /// The power at `hz` in a second of sound, by the Goertzel algorithm.
    fn power_at(hz: f64, samples: &[f32]) -> f64 {
        let turn = std::f64::consts::TAU * hz / samples.len() as f64;
        let (mut last, mut before) = (0.0, 0.0);
        for sample in samples {
            (last, before) = (f64::from(*sample) + 2.0 * turn.cos() * last - before, last);
        }
        last * last + before * before - 2.0 * turn.cos() * last * before
    }

    /// The seventh harmonic of a 5,000 Hz sawtooth, 35,000 Hz, would fold down to 13,000 Hz. The
    /// smoothed step is one through a triangle two samples wide, whose power is
    /// sinc(f / 48,000)⁴: 0.0116 there, and 0.931 at the tone itself.
    #[test]
    fn steps_are_band_limited() {
        let plain: Vec<f32> = (0..48_000)
            .map(|n| (2.0 * (f64::from(n) * 5_000.0 / 48_000.0 + 0.5).fract() - 1.0) as f32)
            .collect();
        let ours = wave(Waveform::Sawtooth, 5_000.0 / 48_000.0, 48_000);
        let alias = power_at(13_000.0, &ours) / power_at(13_000.0, &plain);
        assert!((0.009..0.014).contains(&alias), "the alias is {alias} of the plain one");
        let tone = power_at(5_000.0, &ours) / power_at(5_000.0, &plain);
        assert!((0.91..0.95).contains(&tone), "the tone is {tone} of the plain one");
    }

    /// Noise of one seed repeats, of another differs, and can be picked up in its middle.
    #[test]
    fn noise_is_a_function_of_seed_and_place() {
        let first = wave(Waveform::Noise, 0.1, 100);
        assert_eq!(first, wave(Waveform::Noise, 0.1, 100));
        let mut other = Oscillator::new(Waveform::Noise, 0.1, 2, 0);
        assert_ne!(first[0], other.next());
        let mut later = Oscillator::new(Waveform::Noise, 0.1, 1, 60);
        assert_eq!(first[60], later.next());
    }
}
