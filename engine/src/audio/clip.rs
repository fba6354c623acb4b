//! Sound held in memory, decoded and at the mixer's rate, so that playing it costs nothing but
//! reading.

mod decode;
mod long;
mod playable;
mod resample;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

pub(crate) use self::long::Pass;
pub use self::long::{LongClip, MAX_DECODED_SECS, MAX_LONG_CLIP_SECS};
pub use self::playable::Playable;
#[cfg(feature = "audio")]
pub(crate) use self::resample::Converter;
use super::sample::{SAMPLE_RATE_HZ, StereoSample};

/// The longest clip, in seconds: ten minutes are 230 MB.
pub const MAX_CLIP_SECS: u64 = 600;

/// A loaded clip. Belongs to the [`Audio`](super::Audio) that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClipId(u32);

impl ClipId {
    /// The clip with this number; the first of a machine is 0.
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// The number of the clip, in the order of loading.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Stereo samples at [`SAMPLE_RATE_HZ`], never empty, all of them finite.
#[derive(Debug, PartialEq)]
pub struct Clip {
    samples: Box<[StereoSample]>,
}

impl Clip {
    /// Reads and decodes a WAV, OGG Vorbis, FLAC or MP3 file, whichever its content says.
    ///
    /// One channel plays on both sides; of more than two, the first two are taken (front left and
    /// right in every common order). Another rate than [`SAMPLE_RATE_HZ`] is converted.
    ///
    /// # Errors
    /// [`ClipError`], with the file, if it cannot be read, is no such sound, is damaged or cut off,
    /// or is empty or longer than [`MAX_CLIP_SECS`].
    pub fn load(path: &Path) -> Result<Self, ClipError> {
        Self::load_up_to(path, MAX_CLIP_SECS)
    }

    fn load_up_to(path: &Path, max_secs: u64) -> Result<Self, ClipError> {
        let load = || {
            let decoded = decode::decode(path, max_secs)?;
            let samples = resample::resample(decoded.samples, decoded.rate_hz)?;
            Self::from_samples(samples).ok_or(ClipFault::NotANumber)
        };
        // A file can hold anything, and symphonia's readers panic at some of it. What they leave
        // behind is theirs alone, and nobody sees it again.
        let clip = catch_unwind(AssertUnwindSafe(load)).unwrap_or(Err(ClipFault::Nonsense));
        clip.map_err(|fault| ClipError { path: path.to_owned(), fault })
    }

    /// A clip of samples at [`SAMPLE_RATE_HZ`], or `None` if there are none or one is infinite or
    /// not a number.
    pub fn from_samples(samples: Vec<StereoSample>) -> Option<Self> {
        let sound = !samples.is_empty() && samples.iter().flatten().all(|value| value.is_finite());
        sound.then(|| Self { samples: samples.into_boxed_slice() })
    }

    /// The samples, at [`SAMPLE_RATE_HZ`].
    pub fn samples(&self) -> &[StereoSample] {
        &self.samples
    }

    /// How many samples there are, at least one.
    pub fn sample_count(&self) -> u64 {
        self.samples.len() as u64
    }

    /// The length at pitch 1.
    pub fn duration_secs(&self) -> f64 {
        self.samples.len() as f64 / f64::from(SAMPLE_RATE_HZ)
    }
}

/// A file that is not a clip.
#[derive(Debug, thiserror::Error)]
#[error("cannot load the sound {}: {fault}", path.display())]
pub struct ClipError {
    path: PathBuf,
    fault: ClipFault,
}

impl ClipError {
    pub(crate) fn unreadable(path: &Path, error: std::io::Error) -> Self {
        Self { path: path.to_owned(), fault: ClipFault::Unreadable(error) }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong with it.
    pub fn fault(&self) -> &ClipFault {
        &self.fault
    }
}

/// What is wrong with a sound file, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ClipFault {
    #[error("{0}; check the path")]
    Unreadable(std::io::Error),
    #[error("it is a folder, a device or a pipe, not a file; check the path")]
    NoFile,
    #[error("it is larger than {max_mib} MiB, the most that is read; shorten it or split it")]
    TooLarge { max_mib: u64 },
    #[error("the file is empty; export it again")]
    EmptyFile,
    #[error("it is not a WAV, OGG Vorbis, FLAC or MP3 file; convert it to one of these")]
    UnknownFormat,
    #[error("it has no sound in it; export it again")]
    NoSound,
    #[error("it is damaged after {at_secs:.3} s ({reason}); export it again")]
    Damaged { at_secs: f64, reason: String },
    #[error("it is damaged: it contradicts itself; export it again")]
    Nonsense,
    #[error(
        "it is cut off after {found_secs:.3} s of {declared_secs:.3} s; copy or export it again"
    )]
    CutOff { found_secs: f64, declared_secs: f64 },
    #[error("it is longer than {max_secs} s, the longest that is taken; shorten it or split it")]
    TooLong { max_secs: u64 },
    #[error("its rate of {rate_hz} Hz is not between 4000 and 384000 Hz; export it at 48000 Hz")]
    Rate { rate_hz: u32 },
    #[error("it has samples that are infinite or not a number; export it again, best with 16 bits")]
    NotANumber,
}

#[cfg(test)]
mod tests;
