//! Sounds, compared sample by sample.

use std::io::Cursor;

use hound::{WavReader, WavSpec};

/// How far a sample may be off, of 32,768: the sine of another C library may be rounded to the
/// other side.
const TOLERANCE: i32 = 1;

/// What is wrong with a sound, if anything.
pub(super) fn difference(expected: &[u8], came: &[u8]) -> Option<String> {
    match (decode(expected), decode(came)) {
        (Ok(expected), Ok(came)) => compare(&expected, &came),
        (Err(error), _) => Some(format!("the expected sound is none: {error}")),
        (_, Err(error)) => Some(format!("it is no sound: {error}")),
    }
}

fn decode(file: &[u8]) -> hound::Result<(WavSpec, Vec<i32>)> {
    let mut reader = WavReader::new(Cursor::new(file))?;
    let samples = reader.samples().collect::<hound::Result<_>>()?;
    Ok((reader.spec(), samples))
}

fn compare(expected: &(WavSpec, Vec<i32>), came: &(WavSpec, Vec<i32>)) -> Option<String> {
    let ((expected_format, expected), (format, came)) = (expected, came);
    if format != expected_format {
        return Some(format!("its format is {format:?}, not {expected_format:?}"));
    }
    let channels = usize::from(format.channels.max(1));
    if expected.len() != came.len() {
        let (length, wanted) = (came.len() / channels, expected.len() / channels);
        return Some(format!("{length} samples long, not {wanted}"));
    }
    let is_off = |index: &usize| (expected[*index] - came[*index]).abs() > TOLERANCE;
    let mut off = (0..came.len()).filter(is_off);
    let first = off.next()?;
    let count = 1 + off.count();
    let seconds = (first / channels) as f64 / f64::from(format.sample_rate);
    let (is, wanted) = (came[first], expected[first]);
    Some(format!("{count} samples differ; the first, at {seconds:.4} s, is {is}, not {wanted}"))
}
