use std::path::{Path, PathBuf};

use super::*;
use crate::audio::clip::{Clip, Playable};
use crate::audio::command::{VoiceId, VoiceStart};
use crate::audio::mixer::Mixer;

/// A file that is removed at the end of its test.
struct File(PathBuf);

impl File {
    /// A WAV file of noise, of which only `kept` bytes are written.
    fn new(name: &str, rate_hz: u32, samples: u32, kept: usize) -> Self {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: rate_hz,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        let mut noise = fastrand::Rng::with_seed(7);
        (0..2 * samples).for_each(|_| writer.write_sample(noise.i16(-9_000..9_000)).unwrap());
        writer.finalize().unwrap();
        let mut bytes = bytes.into_inner();
        bytes.truncate(kept);
        let path =
            std::env::temp_dir().join(format!("metapython-feed-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn long(path: &Path) -> Playable {
    let clip = Playable::load_beyond(path, 0).unwrap();
    assert!(matches!(clip, Playable::Long(_)));
    clip
}

fn decoded(path: &Path) -> Playable {
    Playable::Short(Arc::new(Clip::load(path).unwrap()))
}

/// What a mixer makes of a clip, with what went wrong.
fn heard(
    clip: &Playable,
    (looped, position, pitch): (bool, u64, f64),
    samples: usize,
) -> (Vec<StereoSample>, Vec<String>) {
    let source = clip.start(looped, position << POSITION_BITS);
    let mut command =
        Command::Start(VoiceStart { pitch, ..VoiceStart::new(VoiceId::from_number(1), source) });
    let (mut feeds, mut mixer, mut errors) = (Feeds::default(), Mixer::new(48_000), Vec::new());
    feeds.add(prepare(&mut command));
    mixer.push(0, command).unwrap();
    let mut output = vec![[0.0; 2]; samples];
    for block in output.chunks_mut(700) {
        feeds.fill(|error| errors.push(error.to_string()));
        mixer.render(block);
    }
    (output, errors)
}

/// A clip that is read while it is played is heard as one that was decoded whole, bit for bit: at
/// every rate and pitch, to its end or in a loop, from its beginning or from the middle.
#[test]
fn a_long_clip_sounds_as_a_decoded_one() {
    for rate_hz in [48_000, 44_100, 22_050] {
        let file = File::new(&format!("{rate_hz}.wav"), rate_hz, 9_001, usize::MAX);
        let (long, decoded) = (long(&file.0), decoded(&file.0));
        assert_eq!(long.sample_count(), decoded.sample_count());
        for how in [(false, 0, 1.0), (true, 0, 1.0), (true, 0, 1.37), (false, 4_321, 16.0)] {
            let expected = heard(&decoded, how, 45_000);
            assert!(heard(&long, how, 45_000) == expected, "{rate_hz} Hz, {how:?}");
        }
    }
}

/// A file that ends too early is heard as far as it goes, and told of.
#[test]
fn a_long_clip_that_is_cut_off_is_told_of() {
    let file = File::new("cut.wav", 48_000, 50_000, 44 + 4 * 20_000);
    let (output, errors) = heard(&long(&file.0), (true, 0, 1.0), 60_000);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains("it is cut off after 0.417 s of 1.042 s"), "{errors:?}");
    assert_ne!(output[19_900], [0.0; 2]);
    assert!(output[20_000..].iter().all(|sample| *sample == [0.0; 2]));
}

/// A file that is gone by the time it is played is told of, and silent.
#[test]
fn a_long_clip_that_is_gone_is_told_of() {
    let file = File::new("gone.wav", 48_000, 50_000, usize::MAX);
    let clip = long(&file.0);
    drop(file);
    let (output, errors) = heard(&clip, (false, 0, 1.0), 2_000);
    assert!(errors[0].ends_with("check the path"), "{errors:?}");
    assert!(output.iter().all(|sample| *sample == [0.0; 2]));
}

/// A feed ends with its voice, and with its clip.
#[test]
fn feeds_end_with_their_voices() {
    let file = File::new("end.wav", 48_000, 50_000, usize::MAX);
    let clip = long(&file.0);
    let mut command = Command::Start(VoiceStart::new(VoiceId::from_number(1), clip.start(true, 0)));
    let (mut feeds, mut mixer) = (Feeds::default(), Mixer::new(48_000));
    feeds.add(prepare(&mut command));
    mixer.push(0, command).unwrap();
    feeds.fill(|_| {});
    mixer.render(&mut [[0.0; 2]; 10]);
    feeds.fill(|_| {});
    assert!(!feeds.is_empty());
    mixer.push(10, Command::StopAll).unwrap();
    mixer.render(&mut [[0.0; 2]; 300]);
    feeds.fill(|_| {});
    assert!(feeds.is_empty());
}

fn sounds() -> [PathBuf; 3] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds");
    ["tone.flac", "tone.ogg", "tone.mp3"].map(|name| folder.join(name))
}

/// Whatever the format, a file that says how long it is sounds the same in both ways.
#[test]
fn every_format_can_be_read_while_it_is_played() {
    let mut long = Vec::new();
    for path in sounds() {
        let clip = Playable::load_beyond(&path, 0).unwrap();
        long.extend(matches!(clip, Playable::Long(_)).then(|| path.clone()));
        let decoded = decoded(&path);
        assert_eq!(clip.sample_count(), decoded.sample_count(), "{}", path.display());
        let how = (true, 0, 1.0);
        let samples = 2 * clip.sample_count() as usize + 999;
        assert!(heard(&clip, how, samples) == heard(&decoded, how, samples), "{}", path.display());
    }
    assert_eq!(long, sounds());
}

/// Files of which bytes are wrong anywhere are told of or heard, and nothing else happens: no panic,
/// no sound that is no number, none without an end.
#[test]
fn damaged_long_clips_do_no_harm() {
    let mut random = fastrand::Rng::with_seed(11);
    let file = File::new("damaged", 48_000, 1, usize::MAX);
    for path in sounds() {
        let whole = std::fs::read(path).unwrap();
        for _ in 0..40 {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..20) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            bytes.truncate(random.usize(bytes.len() / 2..bytes.len()));
            std::fs::write(&file.0, bytes).unwrap();
            let Ok(clip @ Playable::Long(_)) = Playable::load_beyond(&file.0, 0) else { continue };
            let (output, _) = heard(&clip, (random.bool(), 0, 2.0), 20_000);
            assert!(output.iter().flatten().all(|value| value.abs() <= 1.0));
        }
    }
}
