//! Alerts: lines with a level, raised by processes and by the engine.
//!
//! They are gathered while the world is stepped and fan out to the [`AlertSink`]s in the last phase
//! of the frame. What a terminal or a log does with them is its own affair. Other threads raise alerts
//! through an [`AlertSender`]; those are taken in there and then.

use std::collections::VecDeque;
use std::fmt;
use std::io::Write;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use crossbeam::channel::{Receiver, Sender, TrySendError, bounded};
use thiserror::Error;

use crate::clock::{Flicks, Now};
use crate::console::SessionId;

/// How many alerts are kept for those who look later.
const KEPT: usize = 1_000;

/// How many alerts of other threads may wait for the end of a tick: a second of a thread that does
/// nothing else than logging, in memory that no machine misses.
const INBOX: usize = 65_536;

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
    /// The session that need not be told, as it is about what was typed there.
    pub known_to: Option<SessionId>,
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
#[derive(Debug, Resource)]
pub struct Alerts {
    /// Alerts above this level are not taken.
    pub verbosity: Level,
    pending: Vec<Alert>,
    recent: VecDeque<Alert>,
    taken: u64,
    inbox: Receiver<(String, Level, String)>,
    sender: AlertSender,
}

impl Default for Alerts {
    fn default() -> Self {
        Self::new(Level::default())
    }
}

impl Alerts {
    /// No alerts yet, and none above `verbosity` to come.
    pub fn new(verbosity: Level) -> Self {
        let (sender, inbox) = bounded(INBOX);
        let sender = AlertSender { sender, refused: Arc::default() };
        Self { verbosity, pending: Vec::new(), recent: VecDeque::new(), taken: 0, inbox, sender }
    }

    /// The last alerts, oldest first: a thousand that went out, and those that wait for the end of
    /// the tick.
    pub fn recent(&self) -> impl Iterator<Item = &Alert> {
        self.recent.iter().chain(&self.pending)
    }

    /// How many alerts were taken so far: who remembers it can tell which of the
    /// [`recent`](Self::recent) ones are new.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// A way in for other threads.
    pub fn sender(&self) -> AlertSender {
        self.sender.clone()
    }

    /// Takes an alert that is raised at `time`, unless it is louder than the verbosity.
    fn take(&mut self, time: Flicks, source: String, level: Level, text: String) {
        if level <= self.verbosity {
            self.taken += 1;
            self.pending.push(Alert { time, source, level, text, known_to: None });
        }
    }

    /// Takes in what other threads raised, and says how much of it had no room.
    fn receive(&mut self, now: Flicks) {
        while let Ok((source, level, text)) = self.inbox.try_recv() {
            self.take(now, source, level, text);
        }
        let refused = self.sender.refused.swap(0, Ordering::Relaxed);
        if refused > 0 {
            let text = format!(
                "{refused} alerts of other threads are lost: no more than {INBOX} fit into a tick"
            );
            self.take(now, "alert".to_owned(), Level::Error, text);
        }
    }
}

/// Raises alerts from any thread.
#[derive(Clone, Debug)]
pub struct AlertSender {
    sender: Sender<(String, Level, String)>,
    refused: Arc<AtomicU64>,
}

/// The machine that an alert was meant for is gone.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the machine has ended")]
pub struct Ended;

impl AlertSender {
    /// Raises an alert at the end of the machine's current tick. One that finds no room is counted,
    /// and the machine says how many there were.
    ///
    /// # Errors
    /// [`Ended`] if nobody will see it.
    pub fn raise(&self, source: &str, level: Level, text: impl Into<String>) -> Result<(), Ended> {
        match self.sender.try_send((source.to_owned(), level, text.into())) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Err(TrySendError::Disconnected(_)) => Err(Ended),
        }
    }
}

/// Raises an alert, unless it is louder than the machine's verbosity.
pub fn raise(world: &mut World, source: &str, level: Level, text: impl Into<String>) {
    let time = world.resource::<Now>().time();
    let mut alerts = world.resource_mut::<Alerts>();
    if level <= alerts.verbosity {
        alerts.take(time, source.to_owned(), level, text.into());
    }
}

/// Raises an alert that need not be told to one of the sessions, unless it is louder than the machine's
/// verbosity; the text is asked for only if it is not.
pub(crate) fn raise_to_others(
    world: &mut World,
    session: SessionId,
    source: &str,
    level: Level,
    text: impl FnOnce(&World) -> String,
) {
    if level > world.resource::<Alerts>().verbosity {
        return;
    }
    let (time, text) = (world.resource::<Now>().time(), text(world));
    let source = source.to_owned();
    let mut alerts = world.resource_mut::<Alerts>();
    // What a session does comes after its login, which the network's thread has told before.
    alerts.receive(time);
    alerts.taken += 1;
    alerts.pending.push(Alert { time, source, level, text, known_to: Some(session) });
}

/// Hands the alerts of this tick to the sinks.
pub fn fan_out(world: &mut World, sinks: &mut [Box<dyn AlertSink>]) {
    let now = world.resource::<Now>().time();
    let mut alerts = world.resource_mut::<Alerts>();
    alerts.receive(now);
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

#[cfg(test)]
mod tests {
    use bevy_ecs::world::World;

    use super::{Alert, Alerts, Ended, INBOX, Level, raise_to_others};
    use crate::clock::{Flicks, Now};
    use crate::console::SessionId;

    fn texts(alerts: &Alerts) -> Vec<&str> {
        alerts.recent().map(|Alert { text, .. }| text.as_str()).collect()
    }

    /// What other threads raise comes in their order, by the verbosity at the time of its arrival.
    #[test]
    fn other_threads_raise_alerts() {
        let mut alerts = Alerts::new(Level::V);
        let sender = alerts.sender();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0..3 {
                    sender.raise("thread", Level::V, number.to_string()).unwrap();
                }
                sender.raise("thread", Level::Vv, "loud").unwrap();
            });
        });
        assert!(texts(&alerts).is_empty());
        alerts.receive(Flicks::ZERO);
        assert_eq!(texts(&alerts), ["0", "1", "2"]);
    }

    /// What a session does is told after what the network has told of it, and counted like all else.
    #[test]
    fn a_login_comes_before_its_lines() {
        let mut world = World::new();
        world.insert_resource(Now { tick: 0, hz: 60 });
        world.insert_resource(Alerts::new(Level::V));
        world.resource::<Alerts>().sender().raise("ssh", Level::V, "in").unwrap();
        raise_to_others(&mut world, SessionId::LOCAL, "console", Level::V, |_| "ps".to_owned());
        let alerts = world.resource::<Alerts>();
        assert_eq!((texts(alerts), alerts.taken()), (vec!["in", "ps"], 2));
    }

    /// What finds no room is counted, and told once.
    #[test]
    fn a_flood_is_told() {
        let mut alerts = Alerts::new(Level::V);
        let sender = alerts.sender();
        for _ in 0..INBOX + 2 {
            sender.raise("flood", Level::Vvvv, "drop").unwrap();
        }
        alerts.receive(Flicks::ZERO);
        alerts.receive(Flicks::ZERO);
        let told = texts(&alerts);
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("2 alerts of other threads are lost"), "{told:?}");
    }

    /// Who raises an alert after the machine's end is told so.
    #[test]
    fn nobody_hears_after_the_end() {
        let sender = Alerts::new(Level::V).sender();
        assert_eq!(sender.raise("late", Level::V, "anybody?"), Err(Ended));
    }
}
