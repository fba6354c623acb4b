//! What can go wrong with sound, each with its remedy.

use std::path::PathBuf;

use super::clip::{ClipError, ClipId};

/// Why something about sound was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// A number outside of its range, or none at all.
    #[error("{name} is {value}: give a number from {low} to {high}")]
    OutOfRange {
        /// Which setting.
        name: &'static str,
        /// What was given.
        value: f64,
        /// The least that is accepted.
        low: f64,
        /// The most that is accepted.
        high: f64,
    },
    /// A clip that this machine has not loaded.
    #[error("there is no clip {}: load its file and play what this gives", .0.number())]
    UnknownClip(ClipId),
    /// A clip that could not be loaded.
    #[error(transparent)]
    Clip(#[from] ClipError),
    /// No sound device could be opened.
    #[error("cannot open {device} for sound: {reason}")]
    Device {
        /// The device, as named in the settings, or "the default device".
        device: String,
        /// What the system said, and what to do.
        reason: String,
    },
    /// The sound file could not be written.
    #[error("cannot write the sound file {}: {reason}", path.display())]
    Output {
        /// The file.
        path: PathBuf,
        /// What the system said, and what to do.
        reason: String,
    },
}
