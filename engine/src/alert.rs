//! Alerts: lines with a level, raised by processes and by the engine.
//!
//! They are gathered while the world is stepped and fan out to the [`AlertSink`]s in the last phase
//! of the frame. Those that say who did what are kept apart too, whatever the verbosity, so that nobody
//! who makes it quiet, or much noise, can hide what he did. What a terminal or a log does with them is its own affair. Other threads raise alerts
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
use crate::console::escape::escaped;
use crate::console::{Role, SessionId};

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
    /// Whether it says who did what: it is among the [`records`](Alerts::records) too.
    pub is_record: bool,
}

impl Alert {
    /// Whether a session of that role may see it: what others have typed is for those alone who may do
    /// everything anyway.
    pub fn is_open_to(&self, session: SessionId, role: Role) -> bool {
        role == Role::Exec || self.known_to.is_none_or(|author| author == session)
    }
}

impl fmt::Display for Alert {
    /// `12.345 Ball: bounced`, with `error:` before the text of an error. Control characters are written
    /// as escapes, so that no terminal heeds them, wherever the line is shown.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.level == Level::Error { "error: " } else { "" };
        let (time, source, text) =
            (self.time.as_secs(), escaped(&self.source), escaped(&self.text));
        write!(out, "{time:9.3} {source}: {mark}{text}")
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
    records: VecDeque<Alert>,
    taken: u64,
    inbox: Receiver<Arrival>,
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
        let (pending, recent, records) = (Vec::new(), VecDeque::new(), VecDeque::new());
        Self { verbosity, pending, recent, records, taken: 0, inbox, sender }
    }

    /// The last alerts, oldest first: a thousand that went out, and those that wait for the end of
    /// the tick.
    pub fn recent(&self) -> impl Iterator<Item = &Alert> {
        self.recent.iter().chain(&self.pending)
    }

    /// Who did what: the last thousand of all lines of sessions and of what the remote console tells,
    /// oldest first, whatever the verbosity.
    pub fn records(&self) -> impl Iterator<Item = &Alert> {
        self.records.iter()
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

    /// Takes an alert, unless it is louder than the verbosity; records are kept even so.
    fn take(&mut self, alert: Alert) {
        if alert.is_record {
            keep(&mut self.records, alert.clone());
        }
        if alert.level <= self.verbosity {
            self.taken += 1;
            self.pending.push(alert);
        }
    }

    /// Takes in what other threads raised, and says how much of it had no room.
    fn receive(&mut self, now: Flicks) {
        while let Ok(Arrival { source, level, text, is_record }) = self.inbox.try_recv() {
            self.take(Alert { time: now, source, level, text, known_to: None, is_record });
        }
        let refused = self.sender.refused.swap(0, Ordering::Relaxed);
        if refused > 0 {
            let text = format!(
                "{refused} alerts of other threads are lost: no more than {INBOX} fit into a tick"
            );
            let source = "alert".to_owned();
            let level = Level::Error;
            self.take(Alert { time: now, source, level, text, known_to: None, is_record: false });
        }
    }
}

/// Keeps an alert in place of the oldest of a thousand.
fn keep(kept: &mut VecDeque<Alert>, alert: Alert) {
    if kept.len() == KEPT {
        kept.pop_front();
    }
    kept.push_back(alert);
}

/// What another thread has raised.
#[derive(Debug)]
struct Arrival {
    source: String,
    level: Level,
    text: String,
    is_record: bool,
}

/// Raises alerts from any thread.
#[derive(Clone, Debug)]
pub struct AlertSender {
    sender: Sender<Arrival>,
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
        self.send(source, level, text.into(), false)
    }

    /// Raises an alert that says who did what, as [`raise`](Self::raise) does: it is kept whatever the
    /// verbosity.
    ///
    /// # Errors
    /// [`Ended`] if nobody will see it.
    pub fn record(&self, source: &str, level: Level, text: impl Into<String>) -> Result<(), Ended> {
        self.send(source, level, text.into(), true)
    }

    fn send(&self, source: &str, level: Level, text: String, is_record: bool) -> Result<(), Ended> {
        let source = source.to_owned();
        match self.sender.try_send(Arrival { source, level, text, is_record }) {
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
        let (source, text) = (source.to_owned(), text.into());
        alerts.take(Alert { time, source, level, text, known_to: None, is_record: false });
    }
}

/// Writes down what was done in a session: it is kept whatever the verbosity, and raised as an alert to
/// all others unless it is louder than that.
pub(crate) fn record(
    world: &mut World,
    session: SessionId,
    source: &str,
    level: Level,
    text: String,
) {
    let (time, source) = (world.resource::<Now>().time(), source.to_owned());
    let known_to = Some(session);
    let alert = Alert { time, source, level, text, known_to, is_record: true };
    let mut alerts = world.resource_mut::<Alerts>();
    // What a session does comes after its login, which the network's thread has told before.
    alerts.receive(time);
    alerts.take(alert);
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
        keep(&mut alerts.recent, alert);
    }
}

#[cfg(test)]
mod tests {
    use bevy_ecs::world::World;

    use super::{Alert, Alerts, Ended, INBOX, KEPT, Level, record};
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

    /// What an alert quotes speaks to no terminal; its lines stay lines.
    #[test]
    fn an_alert_is_written_without_control_characters() {
        let alert = Alert {
            time: Flicks::ZERO,
            source: "Ball\x07".to_owned(),
            level: Level::Error,
            text: "\x1b[31mred\n\tnext".to_owned(),
            known_to: None,
            is_record: false,
        };
        assert_eq!(alert.to_string(), "    0.000 Ball\\u{7}: error: \\u{1b}[31mred\n\tnext");
    }

    /// Who did what is kept whatever the verbosity, and however much else is said; it is told by it.
    #[test]
    fn records_are_kept() {
        let mut alerts = Alerts::new(Level::Error);
        let sender = alerts.sender();
        sender.record("ssh", Level::V, "ann logged in").unwrap();
        alerts.receive(Flicks::ZERO);
        assert!(texts(&alerts).is_empty());
        for number in 0..2 * KEPT {
            sender.raise("noise", Level::Error, number.to_string()).unwrap();
        }
        alerts.receive(Flicks::ZERO);
        alerts.verbosity = Level::V;
        sender.record("ssh", Level::V, "bob logged in").unwrap();
        alerts.receive(Flicks::ZERO);
        assert_eq!(texts(&alerts).last(), Some(&"bob logged in"));
        let records: Vec<_> = alerts.records().map(|alert| alert.text.as_str()).collect();
        assert_eq!(records, ["ann logged in", "bob logged in"]);
    }

    /// What a session does is told after what the network has told of it, and counted like all else.
    #[test]
    fn a_login_comes_before_its_lines() {
        let mut world = World::new();
        world.insert_resource(Now { tick: 0, hz: 60 });
        world.insert_resource(Alerts::new(Level::V));
        world.resource::<Alerts>().sender().record("ssh", Level::V, "in").unwrap();
        record(&mut world, SessionId::LOCAL, "console", Level::V, "ps".to_owned());
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
