use super::*;
use crate::audio::tests::{Recorder, TICK, run};
use crate::audio::{AudioEvent, Tee};

/// Values that are all different, and exact.
fn block(from: u64, count: u64) -> Vec<StereoSample> {
    (from..from + count).map(|n| [n as f32 / 65_536.0, -(n as f32) / 131_072.0]).collect()
}

fn stream(audio: &mut Audio) -> VoiceId {
    audio.stream(StreamSettings { ahead_secs: 0.1, ..StreamSettings::default() }).unwrap()
}

/// What is written is heard, sample for sample, from the tick on in which half of the time ahead is
/// there, and ends with its last sample.
#[test]
fn a_stream_is_heard_as_it_was_written() {
    let mut audio = Audio::new(0);
    let voice = stream(&mut audio);
    let mut recorder = Recorder::default();
    audio.write_stream(voice, &block(1, 2_000)).unwrap();
    run(&mut audio, &mut recorder, 0..1);
    assert_eq!(recorder.heard, vec![[0.0; 2]; 800], "2,000 are less than half of 4,800");
    audio.write_stream(voice, &block(2_001, 2_500)).unwrap();
    run(&mut audio, &mut recorder, 1..2);
    assert_eq!(audio.stream_state(voice).buffered_samples, 3_700);
    assert_eq!(audio.stream_state(voice).room_samples, 1_100);
    audio.write_stream(voice, &block(4_501, 600)).unwrap();
    audio.close_stream(voice);
    let events = run(&mut audio, &mut recorder, 2..9);
    assert_eq!(recorder.heard[800..5_900], block(1, 5_100));
    assert!(recorder.heard[5_900..].iter().all(|sample| *sample == [0.0; 2]));
    assert_eq!(events, [(7, AudioEvent::VoiceFinished(voice))]);
    assert_eq!(audio.stream_state(voice).room_samples, 0);
    audio.write_stream(voice, &block(0, 9)).unwrap(); // has no effect
}

/// A process that fills up what there is room for has no gap, whatever the rate of the ticks.
#[test]
fn a_stream_that_is_filled_up_has_no_gap() {
    let mut audio = Audio::new(0);
    let voice = stream(&mut audio);
    let mut recorder = Recorder::default();
    let mut written = 1;
    for tick in 0..30 {
        let room = audio.stream_state(voice).room_samples;
        audio.write_stream(voice, &block(written, room)).unwrap();
        written += room;
        assert!(run(&mut audio, &mut recorder, tick..tick + 1).is_empty());
    }
    assert_eq!(recorder.heard, block(1, 24_000));
    assert_eq!(audio.stream_state(voice).underruns, 0);
}

/// A stream that runs dry says so once, counts each time, falls silent without a click, and goes on
/// when half of the time ahead is there again.
#[test]
fn a_stream_that_runs_dry_is_silent_without_a_click() {
    let mut audio = Audio::new(0);
    let voice = stream(&mut audio);
    let mut recorder = Recorder::default();
    let constant = |count| vec![[0.5, 0.5]; count];
    audio.write_stream(voice, &constant(2_400)).unwrap();
    let events = run(&mut audio, &mut recorder, 0..4);
    assert_eq!(events, [(3, AudioEvent::StreamRanDry(voice))]);
    audio.write_stream(voice, &constant(2_000)).unwrap();
    run(&mut audio, &mut recorder, 4..5);
    assert_eq!(audio.stream_state(voice).underruns, 1);
    audio.write_stream(voice, &constant(400)).unwrap();
    assert!(run(&mut audio, &mut recorder, 5..12).is_empty(), "told of once");
    assert_eq!(audio.stream_state(voice).underruns, 2);
    assert!(audio.is_playing(voice));
    let left: Vec<f32> = recorder.heard.iter().map(|sample| sample[0]).collect();
    assert_eq!((left[2_399], left[2_400 + 240], left[3_999]), (0.5, 0.0, 0.0));
    assert_eq!((left[4_000 + 240], left[4_000 + 2_399]), (0.5, 0.5));
    let jump = left[1..].windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(jump < 0.5 / 230.0, "{jump}");
}

/// A device that comes late goes on where the stream is by then.
#[test]
fn a_late_mixer_catches_up_with_a_stream() {
    let mut audio = Audio::new(0);
    let voice = stream(&mut audio);
    let late = Recorder { catches_up_at: Some(3 * TICK), ..Recorder::default() };
    let mut both = Tee::new(Recorder::default(), late);
    let mut written = 1;
    for tick in 0..10 {
        let room = audio.stream_state(voice).room_samples;
        audio.write_stream(voice, &block(written, room)).unwrap();
        written += room;
        run(&mut audio, &mut both, tick..tick + 1);
    }
    let Tee { first: early, second: late } = both;
    let settled = 3 * TICK as usize + 240;
    assert_eq!(early.heard[settled..], late.heard[settled..]);
}

/// What cannot be played is refused whole, with what to do.
#[test]
fn bad_blocks_are_refused() {
    let mut audio = Audio::new(0);
    let voice = stream(&mut audio);
    let refused = |audio: &mut Audio, block: &[StereoSample]| {
        audio.write_stream(voice, block).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&mut audio, &[[0.0; 2], [0.0, f32::NAN]]),
        "sample 1 of the block is infinite or not a number: give finite ones"
    );
    assert_eq!(
        refused(&mut audio, &block(0, 4_801)),
        "the block has 4801 samples, and the stream has room for 4800: look at `room` first"
    );
    assert_eq!(audio.stream_state(voice).buffered_samples, 0);
    audio.write_stream(voice, &[[1.0e30, 0.0]]).unwrap();
    audio.close_stream(voice);
    assert!(refused(&mut audio, &[[0.0; 2]]).starts_with("the stream is closed"));
    audio.write_stream(voice, &[]).unwrap();
    for ahead_secs in [0.0, 11.0, f64::NAN] {
        let settings = StreamSettings { ahead_secs, ..StreamSettings::default() };
        assert!(audio.stream(settings).unwrap_err().to_string().starts_with("ahead is "));
    }
}
