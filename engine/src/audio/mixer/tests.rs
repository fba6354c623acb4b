use std::sync::Arc;

use super::*;
use crate::audio::clip::Clip;
use crate::audio::command::SourceStart;
use crate::audio::effect::{Delay, Effects, LowPass, Reverb};
use crate::audio::envelope::{Course, Envelope};
use crate::audio::fade::Glide;
use crate::audio::settings::Waveform;

const RATE_HZ: u32 = 48_000;

fn voice(number: u64) -> VoiceId {
    VoiceId::from_number(number)
}

fn start(number: u64, source: SourceStart) -> VoiceStart {
    VoiceStart::new(voice(number), source)
}

fn clip(samples: &[StereoSample], looped: bool) -> SourceStart {
    let clip = Arc::new(Clip::from_samples(samples.to_vec()).unwrap());
    SourceStart::Clip { clip, looped, position: 0 }
}

fn master(volume: f64) -> Command {
    Command::SetBusVolume { bus: BusId::MASTER, volume, samples: 0 }
}

/// A sine of full scale for `duration_samples` at 48,000 Hz.
fn tone(frequency_hz: f64, duration_samples: u64) -> SourceStart {
    SourceStart::Tone {
        waveform: Waveform::Sine,
        frequency_hz,
        course: Course::new(Envelope::default(), Some(duration_samples)),
        elapsed_samples: 0,
        seed: 0,
    }
}

/// What a new mixer plays in `samples` samples, given commands with their times.
fn rendered(rate_hz: u32, samples: usize, commands: Vec<(u64, Command)>) -> Vec<StereoSample> {
    let mut mixer = Mixer::new(rate_hz);
    for (at, command) in commands {
        mixer.push(at, command).unwrap();
    }
    let mut output = vec![[9.0; 2]; samples];
    mixer.render(&mut output);
    output
}

fn played(samples: usize, start: VoiceStart) -> Vec<StereoSample> {
    rendered(RATE_HZ, samples, vec![(0, Command::Start(start))])
}

/// The frequency of the left channel between its first and its last rise through 0, each placed
/// between its samples.
fn frequency_of(output: &[StereoSample], rate_hz: u32) -> f64 {
    let rises: Vec<f64> = output
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0][0] < 0.0 && pair[1][0] >= 0.0)
        .map(|(n, pair)| n as f64 + f64::from(-pair[0][0] / (pair[1][0] - pair[0][0])))
        .collect();
    (rises.len() - 1) as f64 / (rises[rises.len() - 1] - rises[0]) * f64::from(rate_hz)
}

/// Concert pitch is what it should be, at every rate a device may have, and what follows the tone
/// is silence.
#[test]
fn a_tone_has_its_frequency_and_its_length() {
    for rate_hz in [44_100, 48_000, 96_000] {
        let second = rate_hz as usize;
        let output =
            rendered(rate_hz, 2 * second, vec![(0, Command::Start(start(1, tone(440.0, 48_000))))]);
        let frequency = frequency_of(&output[..second], rate_hz);
        assert!((frequency - 440.0).abs() < 0.01, "{frequency} Hz at {rate_hz}");
        assert!(output[second..].iter().all(|sample| *sample == [0.0, 0.0]));
        assert!(output[second - 240..second].iter().any(|sample| sample[0] != 0.0));
    }
}

/// The root of the mean square of a sine is its peak / √2, also through the limiter's linear range.
#[test]
fn a_tone_has_its_amplitude() {
    let output =
        played(48_000, VoiceStart { volume: Glide::at(0.5), ..start(1, tone(440.0, 480_000)) });
    let inside = &output[480..48_000 - 240]; // 47,280 samples are 433.4 periods: the last part weighs little
    let power =
        inside.iter().map(|sample| f64::from(sample[0]).powi(2)).sum::<f64>() / inside.len() as f64;
    assert!((power.sqrt() - 0.353_553).abs() < 0.000_5, "{}", power.sqrt());
    let peak = output.iter().map(|sample| sample[0]).fold(0.0, f32::max);
    assert!((peak - 0.5).abs() < 0.000_1, "{peak}");
}

/// A tone grows from 0 and falls back to it, without a step larger than its own slope anywhere.
#[test]
fn a_tone_begins_and_ends_without_a_click() {
    let output =
        played(3_000, VoiceStart { volume: Glide::at(0.8), ..start(1, tone(100.0, 2_400)) });
    assert_eq!(output[0], [0.0, 0.0]);
    // The slope of the wave is 0.8·2π·100/48,000 = 0.0105 a sample; the envelope adds 0.8·1.5/240 =
    // 0.005.
    let steepest =
        output.windows(2).map(|pair| (pair[1][0] - pair[0][0]).abs()).fold(0.0, f32::max);
    assert!(steepest < 0.0156, "{steepest}");
}

/// In the middle, at full volume and at its own pitch a clip is not changed at all.
#[test]
fn a_clip_plays_as_it_is() {
    let samples = [[0.5, -0.25], [0.125, 0.75], [-0.875, 0.0]];
    let output = played(5, start(1, clip(&samples, false)));
    assert_eq!(output, [samples[0], samples[1], samples[2], [0.0; 2], [0.0; 2]]);
}

/// Hard left is √2 on the left and nothing on the right; half the volume is half of it.
#[test]
fn volume_and_pan_are_gains() {
    let settings =
        VoiceStart { volume: Glide::at(0.5), pan: -1.0, ..start(1, clip(&[[0.5, 0.5]], false)) };
    let [left, right] = played(1, settings)[0];
    assert!((left - 0.353_553_4).abs() < 1e-6 && right.abs() < 1e-6, "{left} {right}");
}

/// A loop begins again, on the sample.
#[test]
fn a_loop_goes_on() {
    let output = played(7, start(1, clip(&[[0.1, 0.0], [0.2, 0.0], [0.3, 0.0]], true)));
    let left: Vec<f32> = output.iter().map(|sample| sample[0]).collect();
    assert_eq!(left, [0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1]);
}

/// Pitch 2 takes every second sample, pitch ½ puts one between each two, on a line where the curve
/// is one.
#[test]
fn pitch_changes_the_speed() {
    let ramp: Vec<StereoSample> = (0..8).map(|n| [n as f32 / 16.0, 0.0]).collect();
    let left = |pitch: f64| -> Vec<f32> {
        let settings = VoiceStart { pitch, ..start(1, clip(&ramp, false)) };
        played(6, settings).iter().map(|sample| sample[0] * 16.0).collect()
    };
    assert_eq!(left(2.0), [0.0, 2.0, 4.0, 6.0, 0.0, 0.0]);
    assert_eq!(left(0.5)[2..], [1.0, 1.5, 2.0, 2.5]); // between 0 and 1 the silence before the clip bends the curve
}

/// A sine in a clip, an octave up: 440 becomes 880 Hz. At another rate of the device it keeps its
/// frequency.
#[test]
fn a_clip_keeps_its_frequency_on_every_device() {
    let sine: Vec<StereoSample> = (0..48_000)
        .map(|n| [(f64::from(n) * 440.0 / 48_000.0 * std::f64::consts::TAU).sin() as f32; 2])
        .collect();
    for (rate_hz, pitch, expected_hz) in
        [(48_000, 2.0, 880.0), (44_100, 1.0, 440.0), (96_000, 1.0, 440.0)]
    {
        let settings = VoiceStart { pitch, volume: Glide::at(0.5), ..start(1, clip(&sine, true)) };
        let output = rendered(rate_hz, rate_hz as usize, vec![(0, Command::Start(settings))]);
        let frequency = frequency_of(&output, rate_hz);
        assert!((frequency - expected_hz).abs() < 0.01, "{frequency} Hz at {rate_hz}");
    }
}

/// A command acts on its sample, neither before nor after, and two at one time in their order.
#[test]
fn commands_act_on_their_sample() {
    let note = |number, value: f32| Command::Start(start(number, clip(&[[value, 0.0]], false)));
    let output =
        rendered(RATE_HZ, 8, vec![(5, note(1, 0.5)), (2, note(2, 0.25)), (5, note(3, 0.125))]);
    let left: Vec<f32> = output.iter().map(|sample| sample[0]).collect();
    assert_eq!(left, [0.0, 0.0, 0.25, 0.0, 0.0, 0.625, 0.0, 0.0]);
}

/// A stopped voice falls to silence in a straight line over 240 samples, and its place is free
/// again.
#[test]
fn a_stopped_voice_fades_out() {
    let mut mixer = Mixer::new(RATE_HZ);
    mixer.push(0, Command::Start(start(1, clip(&[[0.5, 0.5]], true)))).unwrap();
    mixer.push(10, Command::Stop { voice: voice(1), samples: 0 }).unwrap();
    let mut output = vec![[0.0; 2]; 260];
    mixer.render(&mut output);
    assert_eq!(output[9], [0.5, 0.5]);
    assert!((output[10 + 119][0] - 0.25).abs() < 1e-5, "half way: {}", output[129][0]);
    assert_eq!(output[10 + 239], [0.0, 0.0]);
    assert!(output.windows(2).all(|pair| (pair[1][0] - pair[0][0]).abs() < 0.5 / 239.0));
    assert_eq!(mixer.voice_count(), 0);
}

/// A new volume is reached in 5 ms, and the master volume applies to everything.
#[test]
fn changes_of_volume_are_smooth() {
    let commands = vec![
        (0, master(0.5)),
        (0, Command::Start(start(1, clip(&[[0.5, 0.5]], true)))),
        (1, Command::SetVolume { voice: voice(1), volume: 0.0, samples: 0 }),
        (1_000, Command::SetVolume { voice: voice(1), volume: 1.0, samples: 0 }),
        (2_000, master(1.0)),
    ];
    let output = rendered(RATE_HZ, 3_000, commands);
    let left = |n: usize| output[n][0];
    assert_eq!([left(0), left(240), left(999)], [0.25, 0.0, 0.0]);
    assert_eq!([left(1_239), left(1_999), left(2_239)], [0.25, 0.25, 0.5]);
    assert!((left(120) - 0.125).abs() < 1e-6);
}

/// 200 voices at four times full scale: the sum is 800, the output stays within ±1.
#[test]
fn no_sum_of_voices_leaves_full_scale() {
    let commands = (0..200).map(|number| {
        let value = if number < 100 { 1.0 } else { -1.0 };
        (
            number * 100,
            Command::Start(VoiceStart {
                volume: Glide::at(4.0),
                ..start(number, clip(&[[value, 1.0]], true))
            }),
        )
    });
    let output = rendered(RATE_HZ, 30_000, commands.collect());
    assert!(output.iter().flatten().all(|value| value.abs() <= 1.0));
    assert!(output[10_000][0] > 0.99);
}

/// However the output is cut into blocks, its samples are the same, bit for bit.
#[test]
fn blocks_do_not_change_the_samples() {
    let bus = BusId::from_index(1);
    let effects = |mix| Effects {
        low_pass: Some(LowPass { cutoff_hz: 900.0 + mix, ..LowPass::default() }),
        delay: Some(Delay { time_secs: 0.01 * mix, mix, ..Delay::default() }),
        reverb: Some(Reverb { mix, ..Reverb::default() }),
    };
    let commands = || {
        let mut commands: Vec<(u64, Command)> = vec![
            (11, Command::SetEffects(bus, effects(0.5))),
            (1_501, Command::SetEffects(bus, effects(0.9))),
            (3_003, Command::SetEffects(bus, Effects::default())),
            (3_333, Command::SetBusVolume { bus, volume: 0.3, samples: 1_000 }),
            (4_444, Command::SetBusMuted(bus, true)),
        ];
        for number in 1..20_u64 {
            let frequency_hz = 100.0 * number as f64;
            commands.push((
                number * 37,
                Command::Start(VoiceStart {
                    volume: Glide::at(0.3),
                    bus: BusId::from_index((number % 2) as u8),
                    ..start(number, tone(frequency_hz, 3_000))
                }),
            ));
            commands
                .push((number * 61, Command::SetPan(voice(number), (number as f64 - 10.0) / 10.0)));
            commands
                .push((number * 83, Command::SetPitch(voice(number), 1.0 + number as f64 / 7.0)));
            commands.push((number * 97, Command::Stop { voice: voice(number - 1), samples: 0 }));
        }
        commands
    };
    let whole = rendered(RATE_HZ, 5_000, commands());
    let mut mixer = Mixer::new(RATE_HZ);
    for (at, command) in commands() {
        mixer.push(at, command).unwrap();
    }
    let mut pieces = vec![[0.0; 2]; 5_000];
    let mut rest = pieces.as_mut_slice();
    for size in (1..).map(|n| n * 13 % 97 + 1) {
        let (piece, later) = rest.split_at_mut(size.min(rest.len()));
        mixer.render(piece);
        rest = later;
        if rest.is_empty() {
            break;
        }
    }
    let bits = |output: &[StereoSample]| {
        output.as_flattened().iter().map(|value| value.to_bits()).collect::<Vec<_>>()
    };
    assert_eq!(bits(&whole), bits(&pieces));
}

/// More voices than there is room for: the one that is nearest to the end of its fade gives way,
/// nothing breaks.
#[test]
fn more_voices_than_slots_replace_those_that_fade() {
    let mut mixer = Mixer::new(RATE_HZ);
    for number in 0..SLOTS as u64 {
        mixer.push(0, Command::Start(start(number, clip(&[[0.001, 0.0]], true)))).unwrap();
    }
    mixer.push(1, Command::Stop { voice: voice(7), samples: 0 }).unwrap();
    mixer.push(2, Command::Start(start(1_000, clip(&[[0.5, 0.0]], true)))).unwrap();
    let mut output = [[0.0; 2]; 3];
    mixer.render(&mut output);
    assert_eq!(mixer.voice_count(), SLOTS);
    assert!((output[2][0] - (255.0 * 0.001 + 0.5)).abs() < 1e-4, "{}", output[2][0]);
}

/// A queue that is full says so and gives the command back.
#[test]
fn a_full_mixer_refuses_commands() {
    let mut mixer = Mixer::new(RATE_HZ);
    for _ in 0..MAX_WAITING {
        mixer.push(9, Command::StopAll).unwrap();
    }
    assert!(!mixer.has_room());
    assert!(matches!(mixer.push(9, Command::StopAll), Err(Command::StopAll)));
}
