use std::num::NonZeroU32;

use super::*;

/// Keeps what it is given, as a mixer would hear it.
#[derive(Default)]
pub(super) struct Recorder {
    pub(super) mixer: Option<Mixer>,
    pub(super) heard: Vec<StereoSample>,
    pub(super) commands: Vec<TimedCommand>,
    pub(super) catches_up_at: Option<u64>,
}

impl AudioBackend for Recorder {
    fn play_tick(&mut self, batch: &AudioBatch<'_>, _events: &mut Vec<AudioEvent>) {
        let span = batch.span();
        let is_late = self.catches_up_at.is_some_and(|at| span.start_sample < at);
        let mixer = self.mixer.get_or_insert_with(|| Mixer::new(SAMPLE_RATE_HZ));
        let commands = match self.catches_up_at {
            Some(at) if span.start_sample == at => batch.catch_up(),
            _ => batch.commands().to_vec(),
        };
        self.commands.extend(commands.iter().cloned());
        if !is_late {
            for TimedCommand { at_sample, command } in commands {
                mixer.push(at_sample.unwrap_or(0), command).unwrap();
            }
        }
        let mut output = vec![[0.0; 2]; span.sample_count() as usize];
        mixer.render(&mut output);
        self.heard.extend(output);
    }
}

const HZ: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Samples in a tick at 60 Hz.
pub(super) const TICK: u64 = 800;

pub(super) fn run(
    audio: &mut Audio,
    backend: &mut dyn AudioBackend,
    ticks: std::ops::Range<u64>,
) -> Vec<(u64, AudioEvent)> {
    ticks
        .flat_map(|tick| {
            audio
                .flush(backend, TickSpan::of_tick(tick, HZ))
                .into_iter()
                .map(move |event| (tick, event))
        })
        .collect()
}

fn clip(length: usize) -> Clip {
    Clip::from_samples(vec![[0.25, 0.25]; length]).unwrap()
}

fn first_sound(heard: &[StereoSample]) -> Option<usize> {
    heard.iter().position(|sample| sample[0] != 0.0)
}

fn last_sound(heard: &[StereoSample]) -> Option<usize> {
    heard.iter().rposition(|sample| sample[0] != 0.0)
}

/// The world's own reckoning of when a voice ends is what the mixer does, to the sample, through a
/// change of pitch.
#[test]
fn world_and_mixer_agree_when_a_voice_ends() {
    for (pitch, later_pitch, expected_samples) in
        // 4,000 samples; from sample 800 on at the later pitch: 800 + (4,000 − 800·pitch) /
        // later_pitch, rounded up.
        [(1.0, 1.0, 4_000), (1.0, 2.0, 2_400), (0.5, 0.75, 5_600), (2.0, 1.0 / 3.0, 8_000)]
    {
        let mut audio = Audio::new(0);
        let id = audio.add_clip(clip(4_000));
        let voice = audio.play(id, PlaySettings { pitch, ..PlaySettings::default() }).unwrap();
        let mut recorder = Recorder::default();
        run(&mut audio, &mut recorder, 0..1);
        audio.set_pitch(voice, later_pitch).unwrap();
        let events = run(&mut audio, &mut recorder, 1..20);
        let heard = last_sound(&recorder.heard).unwrap() as u64 + 1;
        assert!(heard.abs_diff(expected_samples) <= 1, "{heard} samples at {pitch}, {later_pitch}");
        assert_eq!(events, [((heard - 1) / TICK, AudioEvent::VoiceFinished(voice))]);
        assert!(!audio.is_playing(voice));
    }
}

/// A note can be timed to the sample, ticks ahead; until then its voice counts as playing and can
/// be changed.
#[test]
fn a_note_starts_at_its_sample() {
    let mut audio = Audio::new(0);
    let id = audio.add_clip(clip(10));
    let at = audio.now_sample() + 3 * TICK + 123;
    let voice =
        audio.play(id, PlaySettings { start_sample: Some(at), ..PlaySettings::default() }).unwrap();
    let mut recorder = Recorder::default();
    run(&mut audio, &mut recorder, 0..2);
    assert!(audio.is_playing(voice));
    audio.set_volume(voice, 0.5).unwrap();
    let events = run(&mut audio, &mut recorder, 2..6);
    assert_eq!(
        (first_sound(&recorder.heard), last_sound(&recorder.heard)),
        (Some(2_523), Some(2_532))
    );
    assert_eq!(recorder.heard[2_523], [0.125, 0.125]);
    assert_eq!(events, [(3, AudioEvent::VoiceFinished(voice))]);
}

/// A voice stopped before its start is never heard, and one stopped later fades for 240 samples.
#[test]
fn stopping_ends_a_voice() {
    let mut audio = Audio::new(0);
    let id = audio.add_clip(clip(10));
    let looped = PlaySettings { looped: true, ..PlaySettings::default() };
    let later = audio.play(id, PlaySettings { start_sample: Some(5_000), ..looped }).unwrap();
    let now = audio.play(id, looped).unwrap();
    let mut recorder = Recorder::default();
    run(&mut audio, &mut recorder, 0..10);
    audio.stop_all();
    assert_eq!(audio.playing().count(), 0);
    let events = run(&mut audio, &mut recorder, 10..20);
    assert_eq!(last_sound(&recorder.heard), Some(8_000 + 238)); // sample 239 of the fade is 0
    assert_eq!(
        events,
        [(10, AudioEvent::VoiceFinished(later)), (10, AudioEvent::VoiceFinished(now))]
    );

    let never = audio.play(id, PlaySettings { start_sample: Some(20_000), ..looped }).unwrap();
    audio.stop(never);
    recorder.heard.clear();
    let events = run(&mut audio, &mut recorder, 20..40);
    assert_eq!(
        (events, first_sound(&recorder.heard)),
        (vec![(20, AudioEvent::VoiceFinished(never))], None)
    );
}

/// A voice stopped in the tick that started it makes no sound at all.
#[test]
fn a_voice_stopped_in_its_first_tick_is_not_heard() {
    let mut audio = Audio::new(0);
    let voice = audio.tone(ToneSettings::default()).unwrap();
    audio.stop(voice);
    assert!(!audio.is_playing(voice));
    let mut recorder = Recorder::default();
    assert_eq!(run(&mut audio, &mut recorder, 0..2), [(0, AudioEvent::VoiceFinished(voice))]);
    assert!(recorder.commands.is_empty());
}

/// When all voices are taken, the one with the smallest volume goes, and among equals the oldest.
#[test]
fn the_quietest_and_then_the_oldest_voice_is_stolen() {
    let mut audio = Audio::new(0);
    let id = audio.add_clip(clip(10));
    let play = |audio: &mut Audio, volume| {
        audio.play(id, PlaySettings { volume, looped: true, ..PlaySettings::default() }).unwrap()
    };
    let voices: Vec<VoiceId> =
        (0..MAX_VOICES).map(|n| play(&mut audio, if n == 50 { 0.25 } else { 0.5 })).collect();
    let mut recorder = Recorder::default();
    run(&mut audio, &mut recorder, 0..1);
    play(&mut audio, 1.0);
    assert!(!audio.is_playing(voices[50]), "the quietest");
    play(&mut audio, 1.0);
    assert!(!audio.is_playing(voices[0]), "the oldest");
    assert!(audio.is_playing(voices[1]));
    assert_eq!(audio.playing().count(), MAX_VOICES);
    run(&mut audio, &mut recorder, 1..2);
    let stops = recorder
        .commands
        .iter()
        .filter(|timed| matches!(timed.command, Command::Stop { .. }))
        .count();
    assert_eq!((stops, recorder.mixer.unwrap().voice_count()), (2, MAX_VOICES));
}

/// A thousand notes in one tick: only the last 128 are ever started.
#[test]
fn a_flood_of_notes_costs_no_more_than_the_voices() {
    let mut audio = Audio::new(0);
    let voices: Vec<VoiceId> =
        (0..1_000).map(|_| audio.tone(ToneSettings::default()).unwrap()).collect();
    let mut recorder = Recorder::default();
    let finished = run(&mut audio, &mut recorder, 0..1).len();
    assert_eq!((recorder.commands.len(), finished), (MAX_VOICES, 1_000 - MAX_VOICES));
    assert!(audio.playing().eq(voices[1_000 - MAX_VOICES..].iter().copied()));
}

/// The same commands give the same samples, noise included; another seed gives other noise.
#[test]
fn equal_commands_give_equal_samples() {
    let play = |seed| {
        let mut audio = Audio::new(seed);
        let id = audio.add_clip(clip(100));
        let mut recorder = Recorder::default();
        for tick in 0..30 {
            let waveform =
                [Waveform::Noise, Waveform::Square, Waveform::Sawtooth][tick as usize % 3];
            audio
                .tone(ToneSettings {
                    waveform,
                    duration_secs: Some(0.1),
                    volume: 0.2,
                    ..ToneSettings::default()
                })
                .unwrap();
            audio
                .play(id, PlaySettings { pan: 0.3, pitch: 1.7, ..PlaySettings::default() })
                .unwrap();
            run(&mut audio, &mut recorder, tick..tick + 1);
        }
        recorder.heard.as_flattened().iter().map(|value| value.to_bits()).collect::<Vec<_>>()
    };
    assert_eq!(play(1), play(1));
    assert_ne!(play(1), play(2));
}

/// A device that comes late plays, after a fade-in of 5 ms, the same samples as one that was there
/// from the start.
#[test]
fn a_late_mixer_catches_up() {
    let mut audio = Audio::new(3);
    let ramp = (0..5_000).map(|n| [n as f32 / 10_000.0, 0.1]).collect();
    let id = audio.add_clip(Clip::from_samples(ramp).unwrap());
    audio.set_master_volume(0.5).unwrap();
    let voice = audio
        .play(id, PlaySettings { looped: true, volume: 0.5, ..PlaySettings::default() })
        .unwrap();
    audio
        .tone(ToneSettings {
            waveform: Waveform::Noise,
            duration_secs: Some(2.0),
            volume: 0.3,
            ..ToneSettings::default()
        })
        .unwrap();
    let ended =
        audio.tone(ToneSettings { duration_secs: Some(0.05), ..ToneSettings::default() }).unwrap();
    let early = Recorder::default();
    let late = Recorder { catches_up_at: Some(20 * TICK), ..Recorder::default() };
    let mut both = Tee::new(early, late);
    run(&mut audio, &mut both, 0..10);
    audio.set_pitch(voice, 1.5).unwrap();
    run(&mut audio, &mut both, 10..20);
    let note = audio
        .tone(ToneSettings { start_sample: Some(20 * TICK + 5), ..ToneSettings::default() })
        .unwrap();
    run(&mut audio, &mut both, 20..40);
    let Tee { first: early, second: late } = both;
    assert!(!audio.is_playing(ended) && !audio.is_playing(note));
    let settled = 20 * TICK as usize + 240;
    assert!(late.heard[..20 * TICK as usize].iter().all(|sample| *sample == [0.0, 0.0]));
    assert_eq!(early.heard[settled..], late.heard[settled..]);
    assert!(first_sound(&early.heard[settled..]).is_some());
}

/// A tone that is held goes on until it is let go, ends when its release does, to the sample, and a
/// device that comes in the middle of either plays the same. What is heard is there to be seen.
#[test]
fn a_held_tone_ends_with_its_release() {
    let mut audio = Audio::new(0);
    let envelope = Envelope { attack_secs: 0.01, release_secs: 0.125, ..Envelope::default() };
    // Noise is a function of the sample, to its last bit.
    let (waveform, duration_secs) = (Waveform::Noise, None);
    let held = ToneSettings { waveform, duration_secs, envelope, ..ToneSettings::default() };
    let note = audio.tone(held).unwrap();
    let later = audio.tone(ToneSettings { start_sample: Some(70 * TICK), ..held }).unwrap();
    let early = Recorder::default();
    let late = Recorder { catches_up_at: Some(53 * TICK), ..Recorder::default() };
    let mut both = Tee::new(late, early);
    assert_eq!(run(&mut audio, &mut both, 0..50), []);
    audio.release(note);
    audio.release(later);
    audio.release(note);
    assert!(audio.is_playing(note) && !audio.is_playing(later));
    let end = 50 * TICK + 6_000;
    let events = run(&mut audio, &mut both, 50..80);
    let finished = (end.div_ceil(TICK) - 1, AudioEvent::VoiceFinished(note));
    assert_eq!(events, [(50, AudioEvent::VoiceFinished(later)), finished]);
    let Tee { first: late, second: early } = both;
    let last = early.heard.iter().rposition(|sample| *sample != [0.0, 0.0]).unwrap() as u64;
    assert!((end - 20..end).contains(&last), "{last}");
    let settled = 53 * TICK as usize + 240;
    assert_eq!(early.heard[settled..], late.heard[settled..]);
    // The first of the two has been told to write down what is heard, from then on.
    assert_eq!(audio.heard().written(), 27 * TICK);
}

/// A tone that is let go in the tick in which it begins is heard for 20 ms and its release; one that nobody
/// holds any more is let go.
#[test]
fn a_tap_is_heard_and_what_nobody_holds_ends() {
    let mut audio = Audio::new(0);
    let held = ToneSettings { duration_secs: None, ..ToneSettings::default() };
    let tap = audio.tone(held).unwrap();
    audio.release(tap);
    let mut recorder = Recorder::default();
    assert_eq!(run(&mut audio, &mut recorder, 0..5), [(1, AudioEvent::VoiceFinished(tap))]);
    let last = recorder.heard.iter().rposition(|sample| *sample != [0.0, 0.0]).unwrap();
    // 960 samples, and a fade of 240.
    assert!((1_180..1_200).contains(&last), "{last}");
    let tone = audio.tone(held).unwrap();
    let hold = audio.hold(tone);
    run(&mut audio, &mut recorder, 5..50);
    let other = hold.clone();
    drop(hold);
    assert_eq!(run(&mut audio, &mut recorder, 50..60), []);
    drop(other);
    assert_eq!(run(&mut audio, &mut recorder, 60..70), [(60, AudioEvent::VoiceFinished(tone))]);
}

/// Numbers that are none, and clips that are not there, are refused, and nothing has changed.
#[test]
fn refusals_leave_everything_as_it_was() {
    let mut audio = Audio::new(0);
    let voice = audio.tone(ToneSettings::default()).unwrap();
    assert_eq!(
        audio.set_volume(voice, f64::NAN).unwrap_err().to_string(),
        "volume is NaN: give a number from 0 to 4"
    );
    assert!(audio.set_pan(voice, 1.01).is_err());
    assert!(audio.set_pitch(voice, f64::INFINITY).is_err());
    assert!(audio.set_master_volume(-0.1).is_err());
    assert!(
        audio.tone(ToneSettings { frequency_hz: f64::NAN, ..ToneSettings::default() }).is_err()
    );
    assert_eq!(
        audio.play(ClipId::from_number(7), PlaySettings::default()).unwrap_err().to_string(),
        "there is no clip 7: load its file and play what this gives"
    );
    assert!(audio.playing().eq([voice]));
    assert_eq!(audio.master_volume(), 1.0);
}

/// A bus is made by its name, once; a text that is no name, and one bus too many, are refused.
#[test]
fn buses_are_made_by_naming_them() {
    let mut audio = Audio::new(0);
    assert_eq!(audio.bus("master").unwrap(), BusId::MASTER);
    let music = audio.bus("music").unwrap();
    assert_eq!(audio.bus("music").unwrap(), music);
    for name in ["", "two\nlines", &"x".repeat(65)] {
        assert!(audio.bus(name).unwrap_err().to_string().contains("cannot be the name of a bus"));
    }
    for number in 1..MAX_BUSES {
        audio.bus(&format!("bus {number}")).unwrap();
    }
    let refused = audio.bus("more").unwrap_err().to_string();
    assert!(refused.starts_with("there are 16 buses beside the master already"), "{refused}");
    assert!(refused.contains("one of master, music, bus 1, "), "{refused}");
    assert!(audio.set_bus_muted(BusId::from_index(40), true).is_err());
    assert!(audio.fade_bus(music, f64::NAN, 0.0).is_err());
    assert!(audio.fade_bus(music, 0.5, f64::INFINITY).is_err());
    assert_eq!(audio.bus_settings(music).unwrap(), BusSettings::default());
}

/// The volume of a bus counts for what plays on it, that of the master for everything; a muted bus is
/// silent, and its voices go on.
#[test]
fn voices_play_on_their_bus() {
    let mut audio = Audio::new(0);
    let id = audio.add_clip(clip(10));
    let (music, effects) = (audio.bus("music").unwrap(), audio.bus("effects").unwrap());
    audio.fade_bus(music, 0.5, 0.0).unwrap();
    let looped = PlaySettings { looped: true, ..PlaySettings::default() };
    for bus in [music, effects, BusId::MASTER] {
        audio.play(id, PlaySettings { bus, ..looped }).unwrap();
    }
    let mut recorder = Recorder::default();
    run(&mut audio, &mut recorder, 0..1);
    assert_eq!(recorder.heard[0], [0.625; 2]);
    audio.set_bus_muted(effects, true).unwrap();
    run(&mut audio, &mut recorder, 1..2);
    assert_eq!(recorder.heard[1_599], [0.375; 2]);
    audio.set_master_volume(2.0).unwrap();
    audio.set_bus_muted(effects, false).unwrap();
    audio.set_bus_muted(music, true).unwrap();
    run(&mut audio, &mut recorder, 2..3);
    assert_eq!(recorder.heard[2_399], [limiter::limit(1.0); 2]);
    assert_eq!(audio.playing().count(), 3);
}

/// Fades of voices and buses are straight lines between their samples, and the world knows where
/// they are at each tick.
#[test]
fn fades_take_their_time() {
    let mut audio = Audio::new(0);
    let id = audio.add_clip(clip(10));
    let looped = PlaySettings { looped: true, ..PlaySettings::default() };
    let music = audio.bus("music").unwrap();
    let voice = audio.play(id, PlaySettings { fade_in_secs: 0.1, bus: music, ..looped }).unwrap();
    let mut recorder = Recorder::default();
    run(&mut audio, &mut recorder, 0..6); // 4,800 samples
    let left = |recorder: &Recorder, n: usize| recorder.heard[n][0];
    assert_eq!([2_399, 4_799].map(|n| left(&recorder, n)), [0.125, 0.25]);

    audio.fade_volume(voice, 2.0, 0.1).unwrap();
    audio.fade_bus(music, 0.0, 0.2).unwrap();
    run(&mut audio, &mut recorder, 6..12);
    assert_eq!(audio.bus_settings(music).unwrap().volume, 0.5);
    assert!((left(&recorder, 9_599) - 0.25).abs() < 1e-6, "twice as loud, half way down");
    run(&mut audio, &mut recorder, 12..18);
    assert_eq!(left(&recorder, 14_399), 0.0);

    audio.fade_bus(music, 1.0, 0.0).unwrap();
    audio.fade_out(voice, 0.05).unwrap();
    assert!(!audio.is_playing(voice));
    let events = run(&mut audio, &mut recorder, 18..24);
    assert!((left(&recorder, 14_400 + 1_199) - 0.25).abs() < 1e-6, "half of twice 0.25");
    assert_eq!(events, [(20, AudioEvent::VoiceFinished(voice))]);
    assert_eq!(left(&recorder, 14_400 + 2_399), 0.0);
    assert!(audio.fade_out(voice, f64::NAN).is_err());
}

/// A device that comes late, while a bus and its voices fade in, out and about, plays what one plays
/// that was there from the start.
#[test]
fn a_late_mixer_catches_up_with_buses_and_fades() {
    let mut audio = Audio::new(3);
    let id = audio.add_clip(clip(5_000));
    let music = audio.bus("music").unwrap();
    let effects = Effects { low_pass: Some(LowPass::default()), ..Effects::default() };
    let settings = BusSettings { volume: 0.25, effects, ..BusSettings::default() };
    audio.set_bus(music, &settings).unwrap();
    let looped = PlaySettings { looped: true, bus: music, ..PlaySettings::default() };
    audio.play(id, PlaySettings { fade_in_secs: 1.0, ..looped }).unwrap();
    let leaving = audio.play(id, looped).unwrap();
    let turned = audio.play(id, looped).unwrap();
    let early = Recorder::default();
    let late = Recorder { catches_up_at: Some(20 * TICK), ..Recorder::default() };
    let mut both = Tee::new(early, late);
    run(&mut audio, &mut both, 0..10);
    audio.fade_out(leaving, 0.5).unwrap();
    audio.fade_volume(turned, 0.1, 1.0).unwrap();
    audio.fade_bus(music, 1.0, 2.0).unwrap();
    run(&mut audio, &mut both, 10..100);
    let Tee { first: early, second: late } = both;
    // The low-pass of 1,000 Hz forgets its past within the 5 ms of the voices' fade and some more.
    let settled = 20 * TICK as usize + 2_000;
    let pairs = early.heard[settled..].iter().zip(&late.heard[settled..]);
    let furthest = pairs.map(|(one, other)| (one[0] - other[0]).abs()).fold(0.0, f32::max);
    assert!(furthest < 1e-6, "{furthest}");
    assert!(first_sound(&late.heard[settled..]).is_some());
}
