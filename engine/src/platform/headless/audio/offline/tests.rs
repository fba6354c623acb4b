use std::num::NonZeroU32;

use super::*;
use crate::audio::{Audio, TickSpan, ToneSettings, Waveform};

/// A path in the folder for temporary files, whose file is removed at the end of the test.
struct Output(PathBuf);

impl Output {
    fn new(name: &str) -> Self {
        Self(
            std::env::temp_dir()
                .join(format!("metapython-offline-{}-{name}.wav", std::process::id())),
        )
    }

    fn partial(&self) -> PathBuf {
        self.0.with_extension("wav.partial")
    }

    fn samples(&self) -> Vec<i16> {
        let mut reader = hound::WavReader::open(&self.0).unwrap();
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: SAMPLE_RATE_HZ,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        assert_eq!(reader.spec(), spec);
        reader.samples::<i16>().map(Result::unwrap).collect()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn run(audio: &mut Audio, output: &mut OfflineAudio, hz: u32, ticks: std::ops::Range<u64>) {
    let hz = NonZeroU32::new(hz).unwrap();
    for tick in ticks {
        let events = audio.flush(output, TickSpan::of_tick(tick, hz));
        assert!(
            !events.iter().any(|event| matches!(event, AudioEvent::OutputFailed { .. })),
            "{events:?}"
        );
    }
}

/// `ticks` ticks are `ticks · 48,000 / hz` samples, rounded down, at any number of ticks a second.
#[test]
fn the_file_is_as_long_as_its_ticks() {
    for (hz, ticks, expected) in [
        (60, 90, 72_000),
        (7, 7, 48_000),
        (7, 10, 68_571), // 480,000 / 7 = 68,571.4
        (120, 1, 400),
        (48_000, 12_345, 12_345),
        (100_000, 10, 4), // 4.8
        (1, 2, 96_000),
        (60, 0, 0),
    ] {
        let output = Output::new(&format!("length-{hz}-{ticks}"));
        let mut offline = OfflineAudio::create(&output.0).unwrap();
        run(&mut Audio::new(0), &mut offline, hz, 0..ticks);
        offline.finish().unwrap();
        assert_eq!(output.samples().len(), 2 * expected, "{ticks} ticks at {hz} Hz");
    }
}

/// The number of ticks a second moves no sample of a timed tone.
#[test]
fn the_tick_rate_does_not_change_the_sound() {
    let play = |hz: u32| {
        let output = Output::new(&format!("rate-{hz}"));
        let mut offline = OfflineAudio::create(&output.0).unwrap();
        let mut audio = Audio::new(5);
        for note in 0..4 {
            let start_sample = Some(1_234 + 5_000 * note);
            audio
                .tone(ToneSettings {
                    start_sample,
                    waveform: Waveform::Sawtooth,
                    ..ToneSettings::default()
                })
                .unwrap();
        }
        run(&mut audio, &mut offline, hz, 0..u64::from(hz));
        offline.finish().unwrap();
        output.samples()
    };
    let expected = play(60);
    assert!(expected[..2 * 1_234].iter().all(|value| *value == 0));
    assert!(expected[2 * 1_234..2 * 1_300].iter().any(|value| *value != 0));
    for hz in [1, 7, 48_000, 100_000] {
        assert!(play(hz) == expected, "at {hz} Hz");
    }
}

/// A second of concert pitch has 440 rises through 0, at half of full scale a peak of 16,384, and
/// two runs are the same.
#[test]
fn the_file_has_the_tone() {
    let play = |name| {
        let output = Output::new(name);
        let mut offline = OfflineAudio::create(&output.0).unwrap();
        let mut audio = Audio::new(0);
        audio.tone(ToneSettings { duration_secs: Some(1.0), ..ToneSettings::default() }).unwrap();
        run(&mut audio, &mut offline, 60, 0..60);
        offline.finish().unwrap();
        output.samples()
    };
    let samples = play("tone");
    let left: Vec<i16> = samples.iter().step_by(2).copied().collect();
    let rises = left.windows(2).filter(|pair| pair[0] <= 0 && pair[1] > 0).count();
    assert_eq!(rises, 440);
    let peak = left.iter().copied().max().unwrap();
    assert!((16_380..=16_384).contains(&peak), "{peak}");
    assert_eq!(samples, play("again"));
}

/// Nothing has the file's name until it is whole; what is never finished leaves nothing behind.
#[test]
fn the_file_appears_whole_or_not_at_all() {
    let output = Output::new("atomic");
    std::fs::write(&output.0, "the old one").unwrap();
    let mut offline = OfflineAudio::create(&output.0).unwrap();
    let partial = output.partial();
    run(&mut Audio::new(0), &mut offline, 60, 0..3);
    assert_eq!(std::fs::read(&output.0).unwrap(), b"the old one");
    assert!(partial.exists());
    drop(offline);
    assert_eq!(std::fs::read(&output.0).unwrap(), b"the old one");
    assert!(!partial.exists());

    let mut offline = OfflineAudio::create(&output.0).unwrap();
    run(&mut Audio::new(0), &mut offline, 60, 0..3);
    offline.finish().unwrap();
    offline.finish().unwrap();
    run(&mut Audio::new(0), &mut offline, 60, 3..4);
    drop(offline);
    assert_eq!(output.samples().len(), 2 * 2_400);
    assert!(!partial.exists());
}

/// A file that cannot be is refused at once, with its name and a remedy.
#[test]
fn a_file_that_cannot_be_written_is_refused_at_once() {
    let refused = |path: PathBuf| OfflineAudio::create(path).unwrap_err().to_string();
    let nowhere = refused("/no/such/folder/out.wav".into());
    assert!(
        nowhere.starts_with("cannot write the sound file /no/such/folder/out.wav: No such file"),
        "{nowhere}"
    );
    assert!(nowhere.ends_with("choose a folder that exists and can be written to"), "{nowhere}");
    assert!(
        refused(std::env::temp_dir()).ends_with("it is a folder; give the name of a file in it")
    );
}

/// If the file cannot be kept in the end, that is an error with its name.
#[test]
fn a_file_that_cannot_be_kept_is_reported() {
    let output = Output::new("kept");
    let mut offline = OfflineAudio::create(&output.0).unwrap();
    run(&mut Audio::new(0), &mut offline, 60, 0..1);
    std::fs::create_dir(&output.0).unwrap();
    let message = offline.finish().unwrap_err().to_string();
    std::fs::remove_dir(&output.0).unwrap();
    assert!(
        message.starts_with(&format!("cannot write the sound file {}: ", output.0.display())),
        "{message}"
    );
    let partial = output.partial();
    drop(offline);
    assert!(partial.exists());
    std::fs::remove_file(&partial).unwrap();
}

/// What is no file is refused before anything is written, and of a link, the file behind it is
/// replaced.
#[cfg(unix)]
#[test]
fn only_a_file_is_replaced_and_no_link() {
    use std::os::unix::fs::symlink;

    let (link, real) = (Output::new("link"), Output::new("real"));
    symlink("/dev/full", &link.0).unwrap();
    let refused = OfflineAudio::create(link.0.clone()).unwrap_err().to_string();
    assert!(refused.ends_with("it is a device or a pipe, not a file; give the name of a file"));
    std::fs::remove_file(&link.0).unwrap();
    symlink(&real.0, &link.0).unwrap();
    let mut offline = OfflineAudio::create(&link.0).unwrap();
    run(&mut Audio::new(0), &mut offline, 60, 0..3);
    offline.finish().unwrap();
    assert!(std::fs::symlink_metadata(&link.0).unwrap().is_symlink());
    assert_eq!(real.samples().len(), 2 * 2_400);
}
