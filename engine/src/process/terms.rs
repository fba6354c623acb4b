//! On what terms a process is stepped: priority, interval, missed times, restarts.
//!
//! Each is a component that is replaced, never changed in place, so that a hook tells the schedule.

use bevy_ecs::component::Component;

use super::{ProcessError, change};
use crate::clock::Flicks;

/// Which process steps first in a tick: the higher one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Component)]
#[component(immutable, on_insert = change::rescheduled)]
pub struct Priority(pub i32);

/// The simulation time between two steps; zero means every tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Component)]
#[component(immutable, on_insert = change::rescheduled)]
pub struct Interval(pub Flicks);

impl Interval {
    /// The shortest interval but zero, seconds: 100,000 steps a second are more than any process
    /// can make, and bound what one tick can ask for.
    pub const MIN_SECS: f64 = 1e-5;

    /// An interval of `secs` seconds.
    ///
    /// # Errors
    /// [`ProcessError::Interval`] unless it is zero or from [`MIN_SECS`](Self::MIN_SECS) to
    /// [`Flicks::MAX_SECS`].
    pub fn from_secs(secs: f64) -> Result<Self, ProcessError> {
        match Flicks::from_secs(secs) {
            Ok(interval) if secs == 0.0 || secs >= Self::MIN_SECS => Ok(Self(interval)),
            _ => Err(ProcessError::Interval(secs)),
        }
    }
}

/// What becomes of due times that passed while a step had to wait for a later tick; the names are
/// those of tokio's `MissedTickBehavior`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Component)]
#[component(immutable, on_insert = change::rescheduled)]
pub enum Missed {
    /// They are passed over: one step, whose `dt` spans them; due times stay where they were.
    #[default]
    Skip,
    /// They are made up for, by a step each with its own `dt`, up to [`Missed::BURST`] of them: the
    /// older ones are passed over.
    Burst,
    /// One step, and the next is due an interval after it: due times move.
    Delay,
}

impl Missed {
    /// How many missed due times are made up for at once.
    pub const BURST: u64 = 8;

    /// The policies with their names.
    pub const ALL: [(&'static str, Self); 3] =
        [("skip", Self::Skip), ("burst", Self::Burst), ("delay", Self::Delay)];

    /// The policy as it is written.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, policy)| *policy == self).map_or("", |(name, _)| name)
    }
}

/// Lets a process go on after a fault: it starts anew, unless it has failed too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Component)]
#[component(immutable)]
pub struct Restart {
    /// After so many restarts within the time the process is held.
    pub limit: u32,
    /// The time, in simulation time.
    pub within: Flicks,
}

impl Default for Restart {
    /// Three within ten seconds: a fault that comes again at once is soon held.
    fn default() -> Self {
        Self { limit: 3, within: Flicks(10 * Flicks::PER_SECOND) }
    }
}
