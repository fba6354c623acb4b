use std::f64::consts::TAU;

use super::*;

/// A folder of its own for a test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("metapython-clip-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn sound(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name)
}

/// The bytes of a WAV file of 16 bits, each channel a sine of full scale 0.5 at its frequency.
fn wav(rate_hz: u32, frequencies_hz: &[f64], samples: u32) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: frequencies_hz.len() as u16,
        sample_rate: rate_hz,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
    for n in 0..samples {
        for frequency_hz in frequencies_hz {
            let value = 0.5 * (f64::from(n) * frequency_hz / f64::from(rate_hz) * TAU).sin();
            writer.write_sample((value * 32_767.0) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}

/// The amplitude of the sine at `frequency_hz` in one side of a clip, by correlation over its
/// middle.
fn amplitude_at(clip: &Clip, side: usize, frequency_hz: f64) -> f64 {
    let whole = clip.samples().len();
    // 4,800 samples are a tenth of a second: whole periods of 440 and of 880 Hz.
    let middle = &clip.samples()[whole / 2 - 2_400..whole / 2 + 2_400];
    let (mut real, mut imaginary) = (0.0, 0.0);
    for (n, sample) in middle.iter().enumerate() {
        let angle = n as f64 * frequency_hz / 48_000.0 * TAU;
        real += f64::from(sample[side]) * angle.cos();
        imaginary += f64::from(sample[side]) * angle.sin();
    }
    (real * real + imaginary * imaginary).sqrt() / 2_400.0
}

fn assert_is_the_tone(clip: &Clip, tolerance: f64, what: &str) {
    for (side, frequency_hz, other_hz) in [(0, 440.0, 880.0), (1, 880.0, 440.0)] {
        let amplitude = amplitude_at(clip, side, frequency_hz);
        assert!((amplitude - 0.5).abs() < tolerance, "{what}: {amplitude} on side {side}");
        assert!(amplitude_at(clip, side, other_hz) < tolerance, "{what}: the other side is heard");
    }
}

fn refusal(path: &Path) -> String {
    let message = Clip::load(path).unwrap_err().to_string();
    assert!(
        message.contains(&path.display().to_string()),
        "{message} does not name {}",
        path.display()
    );
    message
}

/// Every format gives the tone that was put in, at the mixer's rate and as long as it was: 0.25 s
/// are 12,000 samples. An MP3 loses some of its amplitude, and the others nothing that 16 bits
/// would show.
#[test]
fn every_format_is_decoded_and_resampled() {
    for (name, tolerance) in [("tone.flac", 0.001), ("tone.ogg", 0.02), ("tone.mp3", 0.02)] {
        let clip = Clip::load(&sound(name)).unwrap();
        assert_eq!(clip.sample_count(), 12_000, "{name}");
        assert_is_the_tone(&clip, tolerance, name);
    }
}

/// WAV files of any common rate keep frequency, amplitude and length.
#[test]
fn every_rate_is_resampled() {
    let folder = Folder::new("rates");
    for rate_hz in [8_000, 22_050, 44_100, 48_000, 96_000, 47_999] {
        let path = folder.write("tone.wav", &wav(rate_hz, &[440.0, 880.0], rate_hz / 4));
        let clip = Clip::load(&path).unwrap();
        let expected = u64::from(rate_hz / 4 * 48_000).div_ceil(u64::from(rate_hz));
        assert_eq!(clip.sample_count(), expected, "{rate_hz}");
        assert_is_the_tone(&clip, 0.002, &rate_hz.to_string());
    }
}

/// One channel is heard on both sides; of five, the first two.
#[test]
fn other_numbers_of_channels_become_two() {
    let folder = Folder::new("channels");
    let mono = Clip::load(&folder.write("mono.wav", &wav(48_000, &[440.0], 12_000))).unwrap();
    assert!(mono.samples().iter().all(|[left, right]| left == right));
    assert!((amplitude_at(&mono, 0, 440.0) - 0.5).abs() < 0.001);
    let five = wav(48_000, &[440.0, 880.0, 100.0, 200.0, 300.0], 12_000);
    assert_is_the_tone(
        &Clip::load(&folder.write("five.wav", &five)).unwrap(),
        0.001,
        "five channels",
    );
}

/// Whatever is wrong, the message names the file, what is wrong, and what to do.
#[test]
fn a_file_that_is_no_clip_is_refused_with_a_remedy() {
    let folder = Folder::new("refused");
    let tone = wav(48_000, &[440.0, 880.0], 48_000);
    let refused = |name: &str, bytes: &[u8], expected: &str| {
        let message = refusal(&folder.write(name, bytes));
        assert!(message.ends_with(expected), "{name}: {message}");
    };
    let missing = refusal(&folder.0.join("missing.wav"));
    assert!(missing.contains("No such file") && missing.contains("check the path"), "{missing}");
    refused("empty.wav", b"", "the file is empty; export it again");
    refused(
        "text.wav",
        b"These are words, not samples.\n".repeat(50).as_slice(),
        "convert it to one of these",
    );
    refused(
        "header.wav",
        &tone[..44],
        "it is cut off after 0.000 s of 1.000 s; copy or export it again",
    );
    refused(
        "half.wav",
        &tone[..44 + 96_000],
        "it is cut off after 0.500 s of 1.000 s; copy or export it again",
    );
    refused("nothing.wav", &wav(48_000, &[440.0], 0), "it has no sound in it; export it again");
    refused(
        "slow.wav",
        &wav(1_000, &[100.0], 100),
        "its rate of 1000 Hz is not between 4000 and 384000 Hz; export it at 48000 Hz",
    );
    let mut still = tone.clone();
    still[24..28].fill(0);
    let expected = "its rate of 0 Hz is not between 4000 and 384000 Hz; export it at 48000 Hz";
    refused("still.wav", &still, expected);
    let error = Playable::load(&folder.write("still.wav", &still)).unwrap_err().to_string();
    assert!(error.ends_with(expected), "{error}");
    let long = Clip::load_up_to(&folder.write("long.wav", &wav(8_000, &[440.0], 8_001)), 1);
    assert!(
        long.unwrap_err()
            .to_string()
            .ends_with("it is longer than 1 s, the longest that is taken; shorten it or split it")
    );
}

/// What is no regular file is never read, as it might never end; nor is more than can be a clip.
#[cfg(unix)]
#[test]
fn only_files_of_a_sane_size_are_read() {
    let folder = Folder::new("unread");
    let pipe = folder.0.join("pipe.wav");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [&pipe, &folder.0, Path::new("/dev/zero")] {
        let message = refusal(path);
        let expected = "it is a folder, a device or a pipe, not a file; check the path";
        assert!(message.ends_with(expected), "{message}");
    }
    let vast = folder.0.join("vast.wav");
    std::fs::File::create(&vast).unwrap().set_len(decode::MAX_FILE_BYTES + 1).unwrap();
    assert!(refusal(&vast).contains("it is larger than 512 MiB"));
}

/// A float file with a value that is no number is refused, one beyond full scale is held within +24
/// dB.
#[test]
fn float_files_are_checked() {
    let folder = Folder::new("floats");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let write = |name: &str, values: [f32; 3]| {
        let path = folder.0.join(name);
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        values.iter().for_each(|value| writer.write_sample(*value).unwrap());
        writer.finalize().unwrap();
        path
    };
    assert!(refusal(&write("nan.wav", [0.0, f32::NAN, 0.0])).contains("not a number"));
    assert!(refusal(&write("inf.wav", [0.0, 0.0, f32::INFINITY])).contains("infinite"));
    let loud = Clip::load(&write("loud.wav", [0.5, 1.0e30, -2.0])).unwrap();
    assert_eq!(loud.samples(), [[0.5; 2], [16.0; 2], [-2.0; 2]]);
}

/// A file cut off anywhere is refused, or, where its format cannot tell, gives what is there; it
/// never panics.
#[test]
fn files_cut_off_anywhere_are_told_from_whole_ones() {
    let folder = Folder::new("cut");
    for name in ["tone.flac", "tone.ogg", "tone.mp3"] {
        let whole = std::fs::read(sound(name)).unwrap();
        for length in (1..whole.len()).step_by(whole.len() / 61) {
            let path = folder.write(name, &whole[..length]);
            assert!(Clip::load(&path).is_err(), "{name} cut to {length} of {} bytes", whole.len());
        }
    }
}

/// A file whose numbers make the WAV reader of symphonia 0.6 panic, where overflows are checked as
/// in tests, is refused like any other: it says that it has 65,535 channels.
#[test]
fn a_file_that_contradicts_itself_is_refused() {
    let folder = Folder::new("nonsense");
    let mut bytes = wav(8_000, &[440.0], 500);
    bytes[22..24].fill(0xFF);
    let message = refusal(&folder.write("tone.wav", &bytes));
    let remedies = ["export it again", "convert it to one of these"];
    assert!(remedies.iter().any(|remedy| message.ends_with(remedy)), "{message}");
}

/// A file with wrong bytes anywhere is refused or played, and never panics.
#[test]
fn damaged_files_do_not_panic() {
    let folder = Folder::new("damaged");
    let mut random = 1_u64;
    for name in ["tone.flac", "tone.ogg", "tone.mp3", "tone.wav"] {
        let whole = match name {
            "tone.wav" => wav(8_000, &[440.0], 500),
            _ => std::fs::read(sound(name)).unwrap(),
        };
        for round in 0..60 {
            let mut bytes = whole.clone();
            // Every other round in the headers, where wrong values do most.
            let end = if round % 2 == 0 { 100.min(bytes.len()) } else { bytes.len() };
            for _ in 0..=round % 5 {
                random = crate::audio::tone::mix(random.wrapping_add(0x9E37_79B9_7F4A_7C15));
                bytes[(random >> 16) as usize % end] = random as u8;
            }
            let _ = Clip::load_up_to(&folder.write(name, &bytes), 5);
        }
    }
}
