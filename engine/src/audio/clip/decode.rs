//! From the bytes of a sound file to stereo samples at the rate of the file.

use std::fs::{self, File};
use std::io::{Cursor, ErrorKind, Read as _};
use std::path::Path;

use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use super::ClipFault;
use crate::audio::sample::{SAMPLE_RATE_HZ, StereoSample};

/// Rates that sound files have: telephones at the low end, studio converters at the high one.
const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=384_000;

/// Values of a float file are held within this (+24 dB), so that no sum of voices can overflow.
const MAX_MAGNITUDE: f32 = 16.0;

/// The largest file, bytes: ten minutes in stereo at 96,000 Hz with 32 bits have 461 MB, and every
/// other usual format of that length less.
pub(super) const MAX_FILE_BYTES: u64 = 512 << 20;

/// A decoded file.
pub(super) struct Decoded {
    pub(super) samples: Vec<StereoSample>,
    pub(super) rate_hz: u32,
}

/// Decodes the whole file; stops as soon as it is longer than `max_secs`.
pub(super) fn decode(path: &Path, max_secs: u64) -> Result<Decoded, ClipFault> {
    let bytes = read_file(path)?;
    if bytes.is_empty() {
        return Err(ClipFault::EmptyFile);
    }
    let ends_early = ogg_ends_early(&bytes);
    let mut reader = probe(bytes)?;
    let track = reader.default_track(TrackType::Audio).ok_or(ClipFault::NoSound)?;
    let (track_id, declared) = (track.id, track.num_frames);
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio())
        .ok_or(ClipFault::NoSound)?;
    let declared_rate_hz = parameters.sample_rate.unwrap_or(SAMPLE_RATE_HZ);
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|_| ClipFault::UnknownFormat)?;

    let mut sound = Decoded { samples: Vec::new(), rate_hz: 0 };
    read_packets(reader.as_mut(), decoder.as_mut(), track_id, max_secs, &mut sound)?;
    let rate_hz = if sound.samples.is_empty() { declared_rate_hz } else { sound.rate_hz };
    let secs = |samples: u64| samples as f64 / f64::from(rate_hz.max(1));
    let found = sound.samples.len() as u64;
    match declared {
        Some(declared) if found < declared => {
            Err(ClipFault::CutOff { found_secs: secs(found), declared_secs: secs(declared) })
        }
        _ if ends_early => Err(ClipFault::Damaged {
            at_secs: secs(found),
            reason: "the last page is missing".into(),
        }),
        _ if found == 0 => Err(ClipFault::NoSound),
        _ => Ok(sound),
    }
}

/// The bytes of a regular file: a pipe would be waited for forever, and some devices never end.
fn read_file(path: &Path) -> Result<Vec<u8>, ClipFault> {
    if !fs::metadata(path).map_err(ClipFault::Unreadable)?.is_file() {
        return Err(ClipFault::NoFile);
    }
    let file = File::open(path).map_err(ClipFault::Unreadable)?;
    let size = file.metadata().map_err(ClipFault::Unreadable)?.len();
    if size > MAX_FILE_BYTES {
        return Err(ClipFault::TooLarge { max_mib: MAX_FILE_BYTES >> 20 });
    }
    let mut bytes = Vec::new();
    // No more than that, also of a file that grows meanwhile.
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(ClipFault::Unreadable)?;
    Ok(bytes)
}

/// Finds out the format from the content; the name of the file does not matter.
fn probe(bytes: Vec<u8>) -> Result<Box<dyn FormatReader>, ClipFault> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(bytes)), Default::default());
    symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| ClipFault::UnknownFormat)
}

fn read_packets(
    reader: &mut dyn FormatReader,
    decoder: &mut dyn AudioDecoder,
    track_id: u32,
    max_secs: u64,
    sound: &mut Decoded,
) -> Result<(), ClipFault> {
    let mut values: Vec<f32> = Vec::new();
    loop {
        let packet = match reader.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => return Ok(()),
            // How some formats end; a file that was cut off is told by its declared length.
            Err(SymphoniaError::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                return Ok(());
            }
            Err(error) => return Err(damaged(sound, &error)),
        };
        if packet.track_id != track_id {
            continue;
        }
        let decoded = decoder.decode(&packet).map_err(|error| damaged(sound, &error))?;
        append(&decoded, &mut values, sound)?;
        if sound.samples.len() as u64 > max_secs * u64::from(sound.rate_hz) {
            return Err(ClipFault::TooLong { max_secs });
        }
    }
}

/// Appends a decoded packet, made stereo.
fn append(
    decoded: &GenericAudioBufferRef<'_>,
    values: &mut Vec<f32>,
    sound: &mut Decoded,
) -> Result<(), ClipFault> {
    let spec = decoded.spec();
    let (rate_hz, channels) = (spec.rate(), spec.channels().count());
    if !RATES_HZ.contains(&rate_hz) {
        return Err(ClipFault::Rate { rate_hz });
    }
    if sound.rate_hz != 0 && sound.rate_hz != rate_hz {
        return Err(damaged(sound, &format!("the rate changes to {rate_hz} Hz")));
    }
    sound.rate_hz = rate_hz;
    decoded.copy_to_vec_interleaved(values);
    for sample in values.chunks_exact(channels.max(1)) {
        let left = sample.first().copied().unwrap_or(0.0);
        let right = sample.get(1).copied().unwrap_or(left);
        if !(left.is_finite() && right.is_finite()) {
            return Err(ClipFault::NotANumber);
        }
        sound.samples.push([left, right].map(|value| value.clamp(-MAX_MAGNITUDE, MAX_MAGNITUDE)));
    }
    Ok(())
}

fn damaged(sound: &Decoded, reason: &dyn std::fmt::Display) -> ClipFault {
    let at_secs = sound.samples.len() as f64 / f64::from(sound.rate_hz.max(1));
    ClipFault::Damaged { at_secs, reason: reason.to_string() }
}

/// Whether an OGG file lacks its last page, which carries the flag "end of stream" (RFC 3533,
/// section 6).
fn ogg_ends_early(bytes: &[u8]) -> bool {
    const CAPTURE_PATTERN: &[u8] = b"OggS";
    const END_OF_STREAM: u8 = 0x04;
    const FLAGS_OFFSET: usize = 5;
    if !bytes.starts_with(CAPTURE_PATTERN) {
        return false;
    }
    let last_page =
        bytes.windows(CAPTURE_PATTERN.len()).rposition(|window| window == CAPTURE_PATTERN);
    let flags = last_page.and_then(|page| bytes.get(page + FLAGS_OFFSET));
    flags.is_none_or(|flags| flags & END_OF_STREAM == 0)
}
