//! Alerts: lines with a level, raised by processes and by the engine.
//!
//! They are gathered while the world is stepped and fan out to the [`AlertSink`]s in the last phase
//! of the frame. What a terminal or a log does with them is its own affair.

use std::collections::VecDeque;
use std::fmt;
use std::io::Write;
use std::str::FromStr;

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use thiserror::Error;

use crate::clock::{Flicks, Now};

/// How many alerts are kept for those who look later.
const KEPT: usize = 1_000;

/// How loud an alert is, from what must be seen to what only a hunter of bugs wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something failed.
    Error,
    /// What a user wants to know.
    #[default]
    V,
    /// What an author wants to know.
    Vv,
    /// Details.
    Vvv,
    /// Everything.
    Vvvv,
}

impl Level {
    /// All levels, from the quietest verbosity to the loudest.
    pub const ALL: [Self; 5] = [Self::Error, Self::V, Self::Vv, Self::Vvv, Self::Vvvv];

    /// The level as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::V => "v",
            Self::Vv => "vv",
            Self::Vvv => "vvv",
            Self::Vvvv => "vvvv",
        }
    }
}

/// A word that is no level.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("there is no alert level `{0}`; levels are error, v, vv, vvv and vvvv")]
pub struct LevelError(pub String);

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(name: &str) -> Result<Self, LevelError> {
        let found = Self::ALL.into_iter().find(|level| level.name() == name);
        found.ok_or_else(|| LevelError(name.to_owned()))
    }
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Simulation time at which it was raised.
    pub time: Flicks,
    /// Who raised it: a process's instance name, or a part of the engine.
    pub source: String,
    /// How loud it is.
    pub level: Level,
    /// What it says; may have several lines.
    pub text: String,
}

impl fmt::Display for Alert {
    /// `12.345 Ball: bounced`, with `error:` before the text of an error.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.level == Level::Error { "error: " } else { "" };
        write!(out, "{:9.3} {}: {mark}{}", self.time.as_secs(), self.source, self.text)
    }
}

/// Somewhere alerts go.
pub trait AlertSink {
    /// Takes one alert; must not fail and must not wait.
    fn alert(&mut self, alert: &Alert);
}

/// Writes alerts to the standard error stream, a line each.
#[derive(Clone, Copy, Debug, Default)]
pub struct StderrAlerts;

impl AlertSink for StderrAlerts {
    fn alert(&mut self, alert: &Alert) {
        // A closed stream is no reason to stop a machine.
        let _ = writeln!(std::io::stderr(), "{alert}");
    }
}

/// The alerts of a machine: those of this tick, the recent ones, and how loud it may be.
#[derive(Debug, Default, Resource)]
pub struct Alerts {
    /// Alerts above this level are not taken.
    pub verbosity: Level,
    pending: Vec<Alert>,
    recent: VecDeque<Alert>,
}

impl Alerts {
    /// No alerts yet, and none above `verbosity` to come.
    pub fn new(verbosity: Level) -> Self {
        Self { verbosity, ..Self::default() }
    }

    /// The last thousand alerts that went out, oldest first.
    pub fn recent(&self) -> impl Iterator<Item = &Alert> {
        self.recent.iter()
    }
}

/// Raises an alert, unless it is louder than the machine's verbosity.
pub fn raise(world: &mut World, source: &str, level: Level, text: impl Into<String>) {
    let time = world.resource::<Now>().time();
    let mut alerts = world.resource_mut::<Alerts>();
    if level <= alerts.verbosity {
        alerts.pending.push(Alert { time, source: source.to_owned(), level, text: text.into() });
    }
}

/// Hands the alerts of this tick to the sinks.
pub fn fan_out(world: &mut World, sinks: &mut [Box<dyn AlertSink>]) {
    let mut alerts = world.resource_mut::<Alerts>();
    for alert in std::mem::take(&mut alerts.pending) {
        for sink in sinks.iter_mut() {
            sink.alert(&alert);
        }
        if alerts.recent.len() == KEPT {
            alerts.recent.pop_front();
        }
        alerts.recent.push_back(alert);
    }
}
