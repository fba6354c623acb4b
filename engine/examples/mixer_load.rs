//! What the mixer costs at its fullest: 64 voices on four buses with all effects. Run it optimised:
//! `cargo run --release -p metapython-engine --no-default-features --example mixer_load`.

use std::error::Error;
use std::f64::consts::TAU;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use metapython_engine::audio::{
    Audio, AudioBackend, AudioBatch, AudioEvent, BusSettings, Clip, Delay, Effects, LowPass,
    MAX_VOICES, Mixer, PlaySettings, Reverb, SAMPLE_RATE_HZ, TickSpan, ToneSettings, Waveform,
};

/// Samples of a block, as a device asks for them: 5.3 ms.
const BLOCK_SAMPLES: usize = 256;

/// Blocks a second, which are our ticks.
const HZ: u32 = 187;

const TICKS: u64 = 4_000;

const BUSES: [&str; 4] = ["music", "effects", "voices", "weather"];

/// Renders every tick, and keeps how long it took.
struct Timed {
    mixer: Mixer,
    times: Vec<Duration>,
    loudest: f32,
}

impl AudioBackend for Timed {
    fn play_tick(&mut self, batch: &AudioBatch<'_>, _: &mut Vec<AudioEvent>) {
        for timed in batch.commands().iter().cloned() {
            let _ = self.mixer.push(self.mixer.position(), timed.command);
        }
        let mut block = [[0.0; 2]; BLOCK_SAMPLES];
        let start = Instant::now();
        self.mixer.render(&mut block);
        self.times.push(start.elapsed());
        self.loudest =
            block.as_flattened().iter().fold(self.loudest, |peak, it| peak.max(it.abs()));
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut audio = Audio::new(0);
    let effects = Effects {
        low_pass: Some(LowPass::default()),
        delay: Some(Delay::default()),
        reverb: Some(Reverb::default()),
    };
    let settings = BusSettings { volume: 0.5, muted: false, effects };
    let mut buses = Vec::new();
    for name in BUSES {
        let bus = audio.bus(name)?;
        audio.set_bus(bus, &settings)?;
        buses.push(bus);
    }
    let second =
        (0..SAMPLE_RATE_HZ).map(|n| [(f64::from(n) * 330.0 / 48_000.0 * TAU).sin() as f32; 2]);
    let clip = Clip::from_samples(second.collect()).ok_or("the clip is one")?;
    let clip = audio.add_clip(clip);
    let waveforms = [Waveform::Sine, Waveform::Square, Waveform::Sawtooth, Waveform::Noise];
    for (n, bus) in buses.iter().cycle().take(MAX_VOICES).enumerate() {
        let (volume, bus) = (0.05, *bus);
        if n % 2 == 0 {
            // At an odd pitch, so that each sample lies between two of the clip.
            let pitch = 0.7 + n as f64 / 100.0;
            audio.play(
                clip,
                PlaySettings { volume, bus, pitch, looped: true, ..Default::default() },
            )?;
        } else {
            let waveform = waveforms[n / 2 % waveforms.len()];
            let (frequency_hz, duration_secs) = (110.0 + 7.0 * n as f64, Some(600.0));
            let settings = ToneSettings {
                volume,
                bus,
                waveform,
                frequency_hz,
                duration_secs,
                ..Default::default()
            };
            audio.tone(settings)?;
        }
    }
    let mut timed = Timed { mixer: Mixer::new(SAMPLE_RATE_HZ), times: Vec::new(), loudest: 0.0 };
    let hz = NonZeroU32::new(HZ).ok_or("ticks are counted")?;
    for tick in 0..TICKS {
        audio.flush(&mut timed, TickSpan::of_tick(tick, hz));
    }
    assert_eq!(audio.playing().count(), MAX_VOICES, "all voices sound to the end");
    assert!(timed.loudest > 0.1, "something is heard");
    timed.times.sort();
    let at = |share: f64| timed.times[(share * (timed.times.len() - 1) as f64) as usize];
    let block_secs = BLOCK_SAMPLES as f64 / f64::from(SAMPLE_RATE_HZ);
    for (name, time) in [("median", at(0.5)), ("99 %", at(0.99)), ("slowest", at(1.0))] {
        let share = time.as_secs_f64() / block_secs * 100.0;
        println!(
            "{name:8} {:6.1} us a block of {BLOCK_SAMPLES}, {share:4.1} % of real time",
            time.as_secs_f64() * 1e6
        );
    }
    Ok(())
}
