//! A clip, however it is kept.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use super::{Clip, ClipError, ClipFault, LongClip, MAX_DECODED_SECS};
use crate::audio::command::SourceStart;

/// A clip that is kept decoded, or that is read while it is played.
#[derive(Debug, Clone)]
pub enum Playable {
    /// Decoded, in memory.
    Short(Arc<Clip>),
    /// In its file.
    Long(Arc<LongClip>),
}

impl Playable {
    /// Opens a file, and decodes it if it is no longer than [`MAX_DECODED_SECS`] or does not say how
    /// long it is.
    ///
    /// # Errors
    /// As [`Clip::load`].
    pub fn load(path: &Path) -> Result<Self, ClipError> {
        Self::load_beyond(path, MAX_DECODED_SECS)
    }

    /// As [`load`](Self::load), with another limit.
    pub(crate) fn load_beyond(path: &Path, decoded_secs: u64) -> Result<Self, ClipError> {
        let open = || LongClip::open(path, decoded_secs);
        let long = catch_unwind(AssertUnwindSafe(open)).unwrap_or(Err(ClipFault::Nonsense));
        match long.map_err(|fault| ClipError { path: path.to_owned(), fault })? {
            Some(clip) => Ok(Self::Long(Arc::new(clip))),
            None => Ok(Self::Short(Arc::new(Clip::load(path)?))),
        }
    }

    /// How many samples there are, at least one.
    pub fn sample_count(&self) -> u64 {
        match self {
            Self::Short(clip) => clip.sample_count(),
            Self::Long(clip) => clip.sample_count(),
        }
    }

    /// The length at pitch 1.
    pub fn duration_secs(&self) -> f64 {
        match self {
            Self::Short(clip) => clip.duration_secs(),
            Self::Long(clip) => clip.duration_secs(),
        }
    }

    /// What plays it from a place on, in samples with 32 fractional bits.
    pub(crate) fn start(&self, looped: bool, position: u64) -> SourceStart {
        match self {
            Self::Short(clip) => SourceStart::Clip { clip: Arc::clone(clip), looped, position },
            Self::Long(clip) => SourceStart::LongClip { clip: Arc::clone(clip), looped, position },
        }
    }
}
