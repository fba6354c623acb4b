//! The last thing before the output: no sum of voices leaves the range from −1 to 1.

/// Up to this magnitude (−1.16 dB of full scale) a sample passes unchanged, bit for bit.
const KNEE: f32 = 0.875;

/// The most that can arrive: far more than every voice at its loudest, and it keeps the arithmetic
/// finite.
const CEILING: f32 = 1.0e6;

/// Bends what is louder than the knee towards full scale, which it never passes.
///
/// Above the knee the curve is `KNEE + (1 − KNEE)·u / (1 + u)` with `u = (|x| − KNEE) / (1 −
/// KNEE)`: its slope is 1 at the knee, so the bend itself is smooth, and it needs nothing but
/// arithmetic that is the same on every machine.
pub(crate) fn limit(sample: f32) -> f32 {
    let magnitude = sample.abs();
    if magnitude <= KNEE {
        return sample;
    }
    let over = (magnitude.min(CEILING) - KNEE) / (1.0 - KNEE);
    (KNEE + (1.0 - KNEE) * (over / (1.0 + over))).copysign(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quiet passes as it is; 1.0 is one "over" above the knee, so it lands half way between the
    /// knee and full scale.
    #[test]
    fn quiet_samples_pass_and_loud_ones_bend() {
        assert_eq!(limit(0.875), 0.875);
        assert_eq!(limit(-0.1), -0.1);
        assert_eq!(limit(1.0), 0.9375);
        assert_eq!(limit(-1.0), -0.9375);
    }

    /// However loud the sum, the output stays within ±1 and keeps its sign and order.
    #[test]
    fn no_sample_leaves_full_scale() {
        let mut last = 0.0;
        for loudness in [0.9, 1.0, 2.0, 10.0, 512.0, 1.0e9, f32::MAX, f32::INFINITY] {
            let limited = limit(loudness);
            assert!(limited >= last && limited <= 1.0, "{loudness} became {limited}");
            assert_eq!(limit(-loudness), -limited);
            last = limited;
        }
    }
}
