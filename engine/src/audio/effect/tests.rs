use super::*;
use crate::audio::sample::StereoSample;

const RATE_HZ: u32 = 48_000;

/// A sine of full scale on both sides.
fn tone(frequency_hz: f64, samples: usize) -> Vec<StereoSample> {
    let value = |n| (n as f64 * frequency_hz / f64::from(RATE_HZ) * std::f64::consts::TAU).sin();
    (0..samples).map(|n| [value(n) as f32; 2]).collect()
}

/// One sample of full scale on the left, and silence.
fn click(samples: usize) -> Vec<StereoSample> {
    let mut block = vec![[0.0; 2]; samples];
    block[0] = [1.0, 0.0];
    block
}

fn power(block: &[StereoSample]) -> f64 {
    block.iter().flatten().map(|value| f64::from(*value).powi(2)).sum::<f64>() / block.len() as f64
}

fn low_passed(settings: LowPass, mut block: Vec<StereoSample>) -> Vec<StereoSample> {
    let mut filter = LowPassFilter::new(RATE_HZ);
    filter.set(Some(settings), 0);
    filter.process(&mut block);
    block
}

/// A filter of the second order: as it was far below the cutoff, half of the power at it, a
/// sixteenth of the amplitude two octaves above (12 dB each; the bilinear transform takes a little
/// more).
#[test]
fn a_low_pass_takes_the_treble() {
    let gain = |frequency_hz: f64| {
        let heard = low_passed(
            LowPass { cutoff_hz: 800.0, ..LowPass::default() },
            tone(frequency_hz, 48_000),
        );
        (power(&heard[4_800..]) / power(&tone(frequency_hz, 48_000)[4_800..])).sqrt()
    };
    assert!((gain(50.0) - 1.0).abs() < 0.001, "{}", gain(50.0));
    assert!((gain(800.0) - FRAC_1_SQRT_2).abs() < 0.001, "{}", gain(800.0));
    assert!((gain(3_200.0) - 1.0 / 16.0).abs() < 0.002, "{}", gain(3_200.0));
}

/// The resonance is the gain at the cutoff, which is never above half of a low rate.
#[test]
fn a_low_pass_can_ring() {
    let settings = LowPass { cutoff_hz: 1_000.0, resonance: 4.0 };
    let heard = low_passed(settings, tone(1_000.0, 48_000));
    let gain = (power(&heard[24_000..]) / power(&tone(1_000.0, 48_000)[24_000..])).sqrt();
    assert!((gain - 4.0).abs() < 0.01, "{gain}");
    let mut slow = LowPassFilter::new(8_000);
    slow.set(Some(LowPass { cutoff_hz: 20_000.0, resonance: 10.0 }), 0);
    let mut block = tone(3_000.0, 8_000);
    slow.process(&mut block);
    assert!(block.iter().flatten().all(|value| value.abs() < 20.0));
}

/// Echoes come back after the time, each at the feedback of the last, on their own side.
#[test]
fn a_delay_echoes() {
    let mut line = DelayLine::new(RATE_HZ);
    line.set(Some(Delay { time_secs: 0.01, feedback: 0.5, mix: 0.25 }), 0);
    let mut block = click(2_000);
    line.process(&mut block);
    let heard: Vec<(usize, StereoSample)> =
        block.into_iter().enumerate().filter(|(_, sample)| *sample != [0.0; 2]).collect();
    let expected = [(0, 1.0), (480, 0.25), (960, 0.125), (1_440, 0.062_5), (1_920, 0.031_25)];
    assert_eq!(heard, expected.map(|(at, value)| (at, [value, 0.0])));
}

/// A delay that was off remembers nothing, and the longest time fits into its line.
#[test]
fn a_delay_begins_in_silence() {
    let mut line = DelayLine::new(RATE_HZ);
    let long = Some(Delay { time_secs: MAX_DELAY_SECS, feedback: 0.9, mix: 1.0 });
    line.set(long, 0);
    let mut block = click(96_001);
    line.process(&mut block);
    assert_eq!(block[96_000], [1.0, 0.0]);
    line.set(None, 0);
    line.process(&mut click(10));
    line.set(long, 0);
    let mut block = vec![[0.0; 2]; 100_000];
    line.process(&mut block);
    assert!(block.iter().all(|sample| *sample == [0.0; 2]));
}

/// The first sound of the room is one pass through the shortest comb, on the left sooner than on the
/// right: 1,116 and 1,139 samples at 44,100 Hz.
#[test]
fn a_reverb_begins_after_its_shortest_comb() {
    let mut tank = ReverbTank::new(44_100);
    tank.set(Some(Reverb { mix: 1.0, ..Reverb::default() }), 0);
    let mut block = click(4_000);
    tank.process(&mut block);
    let first = |side: usize| block.iter().position(|sample| sample[side] != 0.0);
    assert_eq!((first(0), first(1)), (Some(1_116), Some(1_139)));
}

/// A larger room is heard for longer; after minutes there is nothing left, not even numbers that make
/// a processor slow.
#[test]
fn a_reverb_fades_to_nothing() {
    let tail = |room: f64, secs: usize| {
        let mut tank = ReverbTank::new(RATE_HZ);
        tank.set(Some(Reverb { room, damping: 0.2, mix: 1.0 }), 0);
        let mut block = click(secs * 48_000);
        tank.process(&mut block);
        block.split_off((secs - 1) * 48_000)
    };
    assert!(power(&tail(1.0, 2)) > 100.0 * power(&tail(0.2, 2)));
    assert!(tail(0.0, 5).iter().all(|sample| *sample == [0.0; 2]));
}

/// Turned on, changed and turned off within 5 ms, no effect makes a step larger than the wave's own.
#[test]
fn effects_change_without_a_click() {
    let mut low_pass = LowPassFilter::new(RATE_HZ);
    let mut delay = DelayLine::new(RATE_HZ);
    let mut reverb = ReverbTank::new(RATE_HZ);
    let mut block = tone(100.0, 48_000);
    let steps = [Some(0.2), Some(0.7), None, Some(0.5), None];
    for (part, step) in block.chunks_mut(9_600).zip(steps) {
        low_pass.set(step.map(|it| LowPass { cutoff_hz: it * 4_000.0, resonance: 1.0 }), 240);
        delay.set(step.map(|it| Delay { time_secs: it * 0.1, feedback: 0.3, mix: 0.5 }), 240);
        reverb.set(step.map(|it| Reverb { room: it, damping: it, mix: it }), 240);
        low_pass.process(part);
        delay.process(part);
        reverb.process(part);
    }
    let steepest = block.windows(2).map(|pair| (pair[1][0] - pair[0][0]).abs()).fold(0.0, f32::max);
    // The wave itself has 2π·100/48,000 = 0.013 a sample; the fades add up to 2/240 each.
    assert!(steepest < 0.04, "{steepest}");
}

/// Each number that is none or out of its range is refused by name, with the range.
#[test]
fn effects_out_of_range_are_refused() {
    let refused = |effects: Effects| effects.check().unwrap_err().to_string();
    let low_pass = |cutoff_hz| Effects {
        low_pass: Some(LowPass { cutoff_hz, ..LowPass::default() }),
        ..Effects::default()
    };
    assert_eq!(
        refused(low_pass(f64::NAN)),
        "low_pass(cutoff) is NaN: give a number from 20 to 20000"
    );
    assert!(refused(low_pass(f64::INFINITY)).starts_with("low_pass(cutoff) is inf"));
    let delay = Delay { time_secs: 2.5, ..Delay::default() };
    assert_eq!(
        refused(Effects { delay: Some(delay), ..Effects::default() }),
        "delay(time) is 2.5: give a number from 0.001 to 2"
    );
    let reverb = Reverb { mix: -0.1, ..Reverb::default() };
    assert!(
        refused(Effects { reverb: Some(reverb), ..Effects::default() })
            .starts_with("reverb(mix) is -0.1")
    );
}
