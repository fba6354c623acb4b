//! The runner itself: what it refuses, finds and keeps. Its pictures and sounds are made here.

use std::fs;
use std::io::Cursor;

use hound::{SampleFormat, WavSpec, WavWriter};
use image::{ImageFormat, Rgba, RgbaImage};

use super::{Case, Compared, check, digest, find, picture, read, sound, text};
use crate::folder::Folder;

const MINIMAL: &str = "(shows: \"x\", run: \"a.py\")";

/// A case with a script that prints a word and has no process, so that its status is 1.
fn case(more: &str, stdout: &str) -> Folder {
    let folder = Folder::new();
    folder.write("a.py", "print('said')\n");
    folder.write("case.ron", format!("(shows: \"x\", run: \"a.py\", ticks: 1, {more})"));
    folder.write("stdout.txt", stdout);
    folder.write(
        "stderr.txt",
        "  × [case]/a.py creates no process and defines no subclass of metapython.Process\n\n",
    );
    folder
}

fn run(case: &Folder) -> Result<(), String> {
    check(case.path(), &case.path().join("actual"), false)
}

fn png(width: u32, pixels: &[[u8; 4]]) -> Vec<u8> {
    let raw = pixels.concat();
    let height = u32::try_from(pixels.len()).unwrap() / width;
    let picture = RgbaImage::from_raw(width, height, raw).unwrap();
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    assert_eq!(picture.get_pixel(0, 0), &Rgba(pixels[0]));
    file.into_inner()
}

fn wav(sample_rate: u32, samples: &[i16]) -> Vec<u8> {
    let format =
        WavSpec { channels: 2, sample_rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut file = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut file, format).unwrap();
    samples.iter().for_each(|sample| writer.write_sample(*sample).unwrap());
    writer.finalize().unwrap();
    file.into_inner()
}

/// What is not said has its default; what there is no field for is an error with its place.
#[test]
fn case_files_are_read_strictly() {
    let case = read(MINIMAL).unwrap();
    assert_eq!((case.command.as_str(), case.headless, case.status), ("run", true, 0));
    assert_eq!((case.ticks, case.seed, case.known_failure), (None, None, None));
    let more = "(shows: \"x\", run: \"a.py\", ticks: 3, compare: [Picture, Repetition])";
    let Case { ticks, compare, .. } = read(more).unwrap();
    assert_eq!((ticks, compare), (Some(3), vec![Compared::Picture, Compared::Repetition]));
    let error = read("(shows: \"x\", run: \"a.py\", tikcs: 3)").unwrap_err();
    assert!(error.starts_with("1:") && error.contains("tikcs"), "{error}");
    assert!(read("(run: \"a.py\")").unwrap_err().contains("shows"));
    assert!(read("(shows: \"x\", run: \"a.py\", compare: [Smell])").is_err());
}

/// Folders are cases at any depth, and have their paths as names, in order.
#[test]
fn cases_are_found() {
    let root = Folder::new();
    for name in ["two/case.ron", "one/deeper/case.ron", "none/scene.ron"] {
        root.write(name, "");
    }
    let names: Vec<_> = find(root.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["one/deeper", "two"]);
}

/// A case passes when everything is as expected; what is not is told, kept and named.
#[test]
fn what_differs_is_kept() {
    assert_eq!(run(&case("status: 1", "said\n")), Ok(()));

    let other = case("status: 0", "shouted\n");
    let error = run(&other).unwrap_err();
    let kept = other.path().join("actual/stdout.txt");
    assert_eq!(fs::read_to_string(&kept).unwrap(), "said\n");
    assert!(error.contains("- status 1, not 0\n"), "{error}");
    assert!(error.contains("- stdout.txt: line 1 is \"said\", not \"shouted\""), "{error}");
    assert!(error.contains(&format!("what came is in {}", kept.display())), "{error}");
    assert!(!error.contains("stderr.txt: "), "{error}");
}

/// Updating makes what came what is expected, and removes what nobody says any more; a status is
/// not updated.
#[test]
fn update_rewrites_what_is_expected() {
    let case = case("status: 1", "shouted\n");
    fs::write(case.path().join("a.py"), "").unwrap();
    assert_eq!(check(case.path(), &case.path().join("actual"), true), Ok(()));
    assert!(!case.path().join("stdout.txt").exists());
    assert_eq!(run(&case), Ok(()));

    fs::write(case.path().join("case.ron"), MINIMAL).unwrap();
    let error = check(case.path(), &case.path().join("actual"), true).unwrap_err();
    assert!(error.contains("- status 1, not 0\n"), "{error}");
}

/// A known failure passes as long as it fails, is not updated away, and is told of when it passes.
#[test]
fn a_known_failure_must_fail() {
    let marked = "status: 1, known_failure: \"it mumbles\"";
    let failing = case(marked, "shouted\n");
    assert_eq!(check(failing.path(), &failing.path().join("actual"), true), Ok(()));
    assert_eq!(fs::read_to_string(failing.path().join("stdout.txt")).unwrap(), "shouted\n");
    let error = run(&case(marked, "said\n")).unwrap_err();
    assert!(error.contains("marked as failing (\"it mumbles\"): remove known_failure"), "{error}");
}

/// An expectation that nothing is compared with is a mistake of the case.
#[test]
fn a_stray_expectation_is_an_error() {
    let case = case("status: 1", "said\n");
    case.write("picture.png", "");
    let error = run(&case).unwrap_err();
    assert!(error.contains("picture.png is there, but case.ron does not compare it"), "{error}");
}

/// Pictures differ by a channel that is off by more than three, or by their sizes.
#[test]
fn pictures_are_compared_by_pixels() {
    let [dark, near, far] = [0, 3, 4].map(|red| [red, 0, 0, 255]);
    let expected = png(2, &[dark, dark]);
    assert_eq!(picture::difference(&expected, &png(2, &[dark, near])), None);
    let text = picture::difference(&expected, &png(2, &[dark, far])).unwrap();
    assert_eq!(text, "1 pixels differ; the one at (1, 0) is [4, 0, 0, 255], not [0, 0, 0, 255]");
    let text = picture::difference(&expected, &png(1, &[dark, dark])).unwrap();
    assert_eq!(text, "1 × 2 px, not 2 × 1 px");
    assert!(picture::difference(&expected, b"no picture").unwrap().starts_with("it is no picture"));
}

/// Sounds differ by a sample that is off by more than one, their lengths or their formats.
#[test]
fn sounds_are_compared_by_samples() {
    let expected = wav(48_000, &[0, 0, 100, 100]);
    assert_eq!(sound::difference(&expected, &wav(48_000, &[0, 1, 99, 100])), None);
    let text = sound::difference(&expected, &wav(48_000, &[0, 0, 100, 102])).unwrap();
    assert_eq!(text, "1 samples differ; the first, at 0.0000 s, is 102, not 100");
    let text = sound::difference(&expected, &wav(48_000, &[0, 0])).unwrap();
    assert_eq!(text, "1 samples long, not 2");
    let text = sound::difference(&expected, &wav(44_100, &[0, 0, 100, 100])).unwrap();
    assert!(text.starts_with("its format is "), "{text}");
    assert!(sound::difference(&expected, b"no sound").unwrap().starts_with("it is no sound"));
}

/// What differs between machines is replaced; all else stays, a caret in a sentence too.
#[test]
fn texts_are_made_comparable() {
    let folder = Folder::new();
    let said = format!(
        "{}/a.py:1\n    1 / 0\n    ~~^~~\n2 ^ 3\n(/opt/py/lib/python3.12/random.py)\n",
        folder.path().display()
    );
    let text = text::normalized(&said, &[("[case]", folder.path())]);
    assert_eq!(text, "[case]/a.py:1\n    1 / 0\n2 ^ 3\n([python]/random.py)\n");
    assert_eq!(text::difference("a\nb\n", "a\n"), "line 2 is \"\", not \"b\"");
}

/// A digest is 64 hexadecimal digits on the last line.
#[test]
fn digests_are_told_from_other_lines() {
    let value = "0123456789abcdef".repeat(4);
    assert_eq!(digest(&format!("said\n{value}\n")), Some(value.as_str()));
    assert_eq!(digest(&format!("{value}\nsaid\n")), None);
    assert_eq!(digest(&value[1..]), None);
}
