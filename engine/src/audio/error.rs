//! What can go wrong with sound, each with its remedy.

use std::path::PathBuf;

use super::bus::{BusId, MAX_BUS_NAME, MAX_BUSES};
use super::capture::MAX_CAPTURES;
use super::clip::{ClipError, ClipId};
use crate::value::written;

/// Why something about sound was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// A number outside of its range, or none at all.
    #[error("{name} is {}: give a number from {low} to {high}", written(*value))]
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
    /// A text that names no bus.
    #[error(
        "{0:?} cannot be the name of a bus: give 1 to {MAX_BUS_NAME} letters, without line breaks"
    )]
    BusName(String),
    /// One bus more than there can be.
    #[error(
        "there are {MAX_BUSES} buses beside the master already, and {name:?} is none of them: use \
         one of {known}"
    )]
    TooManyBuses {
        /// The name that was asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// A bus that this machine does not have.
    #[error("there is no bus {}: ask for it by name, and use what this gives", .0.index())]
    UnknownBus(BusId),
    /// A sample that is infinite or not a number.
    #[error("sample {at} of the block is infinite or not a number: give finite ones")]
    NotANumber {
        /// Which one, from 0 on.
        at: usize,
    },
    /// More samples than a stream has room for.
    #[error(
        "the block has {given} samples, and the stream has room for {room}: look at `room` first"
    )]
    NoRoom {
        /// How many were given.
        given: usize,
        /// How many there is room for.
        room: u64,
    },
    /// A stream that has been closed.
    #[error("the stream is closed, and takes no more blocks: begin another one")]
    Closed,
    /// One capture more than there can be.
    #[error("there are {MAX_CAPTURES} captures already: close one, or let go of it")]
    TooManyCaptures,
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
