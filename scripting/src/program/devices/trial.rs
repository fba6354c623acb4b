//! Trying a device: a few notes from it, or how loud it hears.

use std::io::{self, IsTerminal as _};
use std::num::NonZeroU32;
use std::thread;
use std::time::{Duration, Instant};

use metapython_engine::audio::{
    Audio, AudioDevice, AudioEvent, CaptureBackend as _, DeviceEvent, Direction, SAMPLE_RATE_HZ,
    TickSpan, ToneSettings,
};
use metapython_engine::platform::cpal::{CpalAudio, CpalMicrophone};

use crate::program::output;
use crate::scene::Failure;

/// Ticks a second: how often a meter moves.
const HZ: NonZeroU32 = NonZeroU32::new(30).expect("it is more than 0");

/// A chord of C major, note by note, in hertz.
const NOTES_HZ: [f64; 3] = [523.25, 659.26, 783.99];

/// How long each note sounds, and from one to the next, in seconds.
const NOTE_SECS: f64 = 0.22;

/// How long a device may take until it is heard.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a meter shows as empty, in decibels below full scale.
const QUIET_DB: f32 = 60.0;

/// Columns of a meter.
const WIDTH: usize = 40;

/// Plays on a device that plays, and listens for so many seconds to one that hears.
///
/// # Errors
/// [`Failure`] if it does not work.
pub(super) fn try_out(device: &AudioDevice, secs: f64) -> Result<(), Failure> {
    match device.direction {
        Direction::Output => play(device),
        Direction::Input => listen(device, secs),
    }
}

fn play(device: &AudioDevice) -> Result<(), Failure> {
    let mut output =
        CpalAudio::open(Some(&device.id)).map_err(|error| Failure::plain(error.to_string()))?;
    let mut audio = Audio::new(0);
    let is_mono = device.channels.is_some_and(|(_, most)| most < 2);
    let sides: &[_] = if is_mono { &[("all", 0.0)] } else { &[("left", -1.0), ("right", 1.0)] };
    // Half a second until the device has settled.
    let mut starts_secs = 0.5;
    for (_, pan) in sides {
        for frequency_hz in NOTES_HZ {
            let tone = ToneSettings {
                frequency_hz,
                duration_secs: Some(NOTE_SECS),
                volume: 0.3,
                pan: *pan,
                start_sample: Some(audio.sample_after(starts_secs)),
                ..ToneSettings::default()
            };
            audio.tone(tone).map_err(|error| Failure::plain(error.to_string()))?;
            starts_secs += NOTE_SECS;
        }
        starts_secs += NOTE_SECS;
    }
    let names: Vec<_> = sides.iter().map(|(name, _)| *name).collect();
    output::print(format_args!("{}: three notes, {}\n", device.name, names.join(", then ")))?;
    // What is written last needs a moment to be heard.
    ticks(starts_secs + 0.5, |span| {
        for event in audio.flush(&mut output, span) {
            if let AudioEvent::Device(event) = event {
                failure_of(event).map_or(Ok(()), Err)?;
            }
        }
        Ok(true)
    })
}

fn listen(device: &AudioDevice, secs: f64) -> Result<(), Failure> {
    let is_shown = io::stdout().is_terminal();
    let mut microphone = CpalMicrophone::new(None);
    let wanted = [Some(device.id.clone())];
    output::print(format_args!("{}: speak, for {secs} seconds\n", device.name))?;
    let (start, mut heard_since, mut peak) = (Instant::now(), None, 0.0_f32);
    let mut last_told = Instant::now();
    ticks(f64::MAX, |span| {
        let mut events = Vec::new();
        let heard = microphone.listen(&wanted, span, &mut events);
        events.into_iter().find_map(failure_of).map_or(Ok(()), Err)?;
        let samples = heard.iter().flat_map(|heard| heard.samples.iter().flatten());
        let level = samples.fold(0.0, |peak: f32, value| peak.max(value.abs()));
        if heard.iter().any(|heard| !heard.samples.is_empty()) && heard_since.is_none() {
            heard_since = Some(Instant::now());
        }
        peak = peak.max(level);
        if heard_since.is_none() && start.elapsed() > PATIENCE {
            return Err(Failure::plain(format!("nothing comes from {}", device.name)));
        }
        let is_over = heard_since.is_some_and(|since| since.elapsed().as_secs_f64() >= secs);
        if is_shown {
            output::print(format_args!("\r{}", meter(level)))?;
        } else if last_told.elapsed() >= Duration::from_secs(1) || is_over {
            // Whoever reads lines has one a second, of the loudest.
            last_told = Instant::now();
            output::print(format_args!("{}\n", meter(std::mem::take(&mut peak))))?;
        }
        Ok(!is_over)
    })?;
    if is_shown { output::print("\n") } else { Ok(()) }
}

/// What is wrong with a device that is tried.
fn failure_of(event: DeviceEvent) -> Option<Failure> {
    match event {
        DeviceEvent::Opened { .. } => None,
        DeviceEvent::Lost { device, reason } => {
            Some(Failure::plain(format!("{device} is lost: {reason}")))
        }
        DeviceEvent::Missing { reason, .. } => Some(Failure::plain(reason)),
    }
}

/// Does something tick by tick in real time, for so long or until it gives false.
fn ticks(
    secs: f64,
    mut tick: impl FnMut(TickSpan) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let start = Instant::now();
    for number in 0.. {
        let span = TickSpan::of_tick(number, HZ);
        let at_secs = span.start_sample as f64 / f64::from(SAMPLE_RATE_HZ);
        if at_secs >= secs {
            break;
        }
        let due = start + Duration::from_secs_f64(at_secs);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if !tick(span)? {
            break;
        }
    }
    Ok(())
}

/// How loud something is, as a bar and in decibels below full scale.
fn meter(level: f32) -> String {
    let db = (20.0 * level.log10()).max(-QUIET_DB);
    let filled = ((db / QUIET_DB + 1.0).clamp(0.0, 1.0) * WIDTH as f32).round() as usize;
    let (bar, rest) = ("#".repeat(filled), " ".repeat(WIDTH - filled));
    // As long as the other, so that it takes its place on a terminal.
    let note = if level >= 1.0 { "too loud" } else { "        " };
    format!("[{bar}{rest}] {db:4.0} dB  {note}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bar is empty at silence and full at full scale.
    #[test]
    fn a_meter_shows_decibels() {
        assert_eq!(meter(0.0).trim_end(), format!("[{}]  -60 dB", " ".repeat(40)));
        assert_eq!(meter(0.1).matches('#').count(), 27);
        assert!(meter(1.0).ends_with("    0 dB  too loud"), "{}", meter(1.0));
    }
}
