//! From the bytes of a sound file to stereo samples at the rate of the file.

use std::fs::{self, File};
use std::io::{Cursor, ErrorKind, Read as _};
use std::path::Path;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
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
    let mut decoder = Decoder::new(Box::new(Cursor::new(bytes)))?;
    // What says so itself need not be decoded first.
    let max = max_secs * u64::from(decoder.rate_hz);
    if decoder.declared.is_some_and(|declared| declared > max) {
        return Err(ClipFault::TooLong { max_secs });
    }
    let mut samples = Vec::new();
    while decoder.decode_more(&mut samples)? {
        if decoder.found > max_secs * u64::from(decoder.rate_hz) {
            return Err(ClipFault::TooLong { max_secs });
        }
    }
    if ends_early && !decoder.is_cut_off() {
        return Err(decoder.damaged(&"the last page is missing"));
    }
    decoder.check_end()?;
    Ok(Decoded { samples, rate_hz: decoder.rate_hz })
}

/// A file, opened to be decoded piece by piece.
pub(super) fn open(path: &Path) -> Result<Decoder, ClipFault> {
    Decoder::new(Box::new(open_file(path)?))
}

/// A regular file: a pipe would be waited for forever, and some devices never end.
fn open_file(path: &Path) -> Result<File, ClipFault> {
    if !fs::metadata(path).map_err(ClipFault::Unreadable)?.is_file() {
        return Err(ClipFault::NoFile);
    }
    File::open(path).map_err(ClipFault::Unreadable)
}

/// The bytes of a file that is not too large.
fn read_file(path: &Path) -> Result<Vec<u8>, ClipFault> {
    let file = open_file(path)?;
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
fn probe(source: Box<dyn MediaSource>) -> Result<Box<dyn FormatReader>, ClipFault> {
    let stream = MediaSourceStream::new(source, Default::default());
    symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| ClipFault::UnknownFormat)
}

/// A sound file and how far it has been decoded.
pub(super) struct Decoder {
    reader: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track_id: u32,
    /// How many samples the file says that it has.
    pub(super) declared: Option<u64>,
    /// Its rate: as it says, then as it is.
    pub(super) rate_hz: u32,
    /// How many samples have been decoded.
    found: u64,
    /// The last packet's values, kept for their memory.
    values: Vec<f32>,
}

impl Decoder {
    fn new(source: Box<dyn MediaSource>) -> Result<Self, ClipFault> {
        let reader = probe(source)?;
        let track = reader.default_track(TrackType::Audio).ok_or(ClipFault::NoSound)?;
        let (track_id, declared) = (track.id, track.num_frames);
        let parameters = track
            .codec_params
            .as_ref()
            .and_then(|parameters| parameters.audio())
            .ok_or(ClipFault::NoSound)?;
        let rate_hz = parameters.sample_rate.unwrap_or(SAMPLE_RATE_HZ);
        // At a rate of 0 any file would be too long.
        check_rate(rate_hz)?;
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(|_| ClipFault::UnknownFormat)?;
        Ok(Self { reader, decoder, track_id, declared, rate_hz, found: 0, values: Vec::new() })
    }

    /// Appends the samples of the next packet, made stereo; false at the end.
    pub(super) fn decode_more(
        &mut self,
        samples: &mut Vec<StereoSample>,
    ) -> Result<bool, ClipFault> {
        let packet = match self.reader.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => return Ok(false),
            // How some formats end; a file that was cut off is told by its declared length.
            Err(SymphoniaError::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                return Ok(false);
            }
            Err(error) => return Err(self.damaged(&error)),
        };
        if packet.track_id != self.track_id {
            return Ok(true);
        }
        let found = self.found;
        let decoded =
            self.decoder.decode(&packet).map_err(|error| damaged(found, self.rate_hz, &error))?;
        let spec = decoded.spec();
        let (rate_hz, channels) = (spec.rate(), spec.channels().count());
        check_rate(rate_hz)?;
        if found != 0 && self.rate_hz != rate_hz {
            let reason = format!("the rate changes to {rate_hz} Hz");
            return Err(damaged(found, self.rate_hz, &reason));
        }
        self.rate_hz = rate_hz;
        decoded.copy_to_vec_interleaved(&mut self.values);
        for sample in self.values.chunks_exact(channels.max(1)) {
            let left = sample.first().copied().unwrap_or(0.0);
            let right = sample.get(1).copied().unwrap_or(left);
            if !(left.is_finite() && right.is_finite()) {
                return Err(ClipFault::NotANumber);
            }
            samples.push([left, right].map(|value| value.clamp(-MAX_MAGNITUDE, MAX_MAGNITUDE)));
            self.found += 1;
        }
        Ok(true)
    }

    /// Whether all of it has been decoded that there should be, at its end.
    pub(super) fn check_end(&self) -> Result<(), ClipFault> {
        let secs = |samples: u64| samples as f64 / f64::from(self.rate_hz.max(1));
        match self.declared {
            Some(declared) if self.is_cut_off() => {
                let (found_secs, declared_secs) = (secs(self.found), secs(declared));
                Err(ClipFault::CutOff { found_secs, declared_secs })
            }
            _ if self.found == 0 => Err(ClipFault::NoSound),
            _ => Ok(()),
        }
    }

    fn is_cut_off(&self) -> bool {
        self.declared.is_some_and(|declared| self.found < declared)
    }

    fn damaged(&self, reason: &dyn std::fmt::Display) -> ClipFault {
        damaged(self.found, self.rate_hz, reason)
    }
}

fn check_rate(rate_hz: u32) -> Result<(), ClipFault> {
    if RATES_HZ.contains(&rate_hz) { Ok(()) } else { Err(ClipFault::Rate { rate_hz }) }
}

fn damaged(found: u64, rate_hz: u32, reason: &dyn std::fmt::Display) -> ClipFault {
    let at_secs = found as f64 / f64::from(rate_hz.max(1));
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
