//! The port to whatever makes sound audible: a device, a file, nothing.

use std::sync::Arc;

use bevy_ecs::resource::Resource;

use super::bus::Buses;
use super::command::{Command, TimedCommand, VoiceId};
use super::error::AudioError;
use super::ledger::Ledger;
use super::ring::SampleRing;
use super::sample::TickSpan;

/// Something that plays what the world wants to be heard.
///
/// One call a tick, on the main thread, that never waits for a device.
pub trait AudioBackend {
    /// Plays the commands of one tick and appends what happened meanwhile to `events`.
    fn play_tick(&mut self, batch: &AudioBatch<'_>, events: &mut Vec<AudioEvent>);

    /// What lists the devices that it could play on, and those to listen to. It may take seconds, and be
    /// called on any thread.
    fn devices(&self) -> fn() -> Vec<AudioDevice> {
        Vec::new
    }

    /// Ends the output and keeps what was made. Nothing is played afterwards.
    ///
    /// # Errors
    /// [`AudioError::Output`] if something could not be kept.
    fn finish(&mut self) -> Result<(), AudioError> {
        Ok(())
    }
}

/// What lists the devices of the machine's backend ([`AudioBackend::devices`]).
#[derive(Clone, Copy, Debug, Resource)]
pub struct AudioDevices(pub fn() -> Vec<AudioDevice>);

/// What a tick brings to a backend.
#[derive(Clone, Copy, Debug)]
pub struct AudioBatch<'a> {
    pub(super) span: TickSpan,
    pub(super) commands: &'a [TimedCommand],
    pub(super) ledger: &'a Ledger,
    pub(super) buses: &'a Buses,
    pub(super) heard: Option<&'a Arc<SampleRing>>,
}

impl AudioBatch<'_> {
    /// The samples of the tick.
    pub const fn span(&self) -> TickSpan {
        self.span
    }

    /// What is new in this tick: first what applies from its start, then the rest by time.
    pub const fn commands(&self) -> &[TimedCommand] {
        self.commands
    }

    /// What has a new mixer write down what is heard, unless another does.
    pub fn listen(&self) -> Option<Command> {
        self.heard.map(|heard| Command::Listen(Arc::clone(heard)))
    }

    /// Everything a mixer needs that does not know the past: it silences whatever was playing and
    /// goes on with each voice where it is now, and with each bus as it is set; echoes of what was
    /// before are lost. It stands in for [`commands`](Self::commands),
    /// whose effects it contains.
    pub fn catch_up(&self) -> Vec<TimedCommand> {
        let now = |command| TimedCommand { at_sample: None, command };
        let mut commands = vec![now(Command::StopAll)];
        commands.extend(self.listen().map(now));
        let buses = self.buses.starts_at(self.span.start_sample);
        commands.extend(buses.map(|start| now(Command::StartBus(start))));
        commands.extend(
            self.ledger.under_way(self.span.start_sample).map(|(at_sample, start)| TimedCommand {
                at_sample,
                command: Command::Start(start),
            }),
        );
        commands
    }
}

/// What the world learns of its sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AudioEvent {
    /// A voice has ended: it reached its end, or its fade after a stop is over. Depends on
    /// simulation time alone.
    VoiceFinished(VoiceId),
    /// A stream has had too few samples for a tick, for the first time. Depends on simulation time
    /// alone.
    StreamRanDry(VoiceId),
    /// A long clip that is being played cannot be read any further; the rest of it is silence.
    ClipFailed {
        /// The file, what is wrong with it, and what to do.
        message: String,
    },
    /// A device has come or gone.
    Device(DeviceEvent),
    /// A device takes no commands at the moment. It is brought up to date as soon as it does.
    CommandsDropped {
        /// How many commands were not taken in this tick.
        count: usize,
    },
    /// A file cannot be written any more. [`AudioBackend::finish`] says so too.
    OutputFailed {
        /// What, why, and what to do.
        message: String,
    },
}

/// What becomes of a device to play on, or to listen to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceEvent {
    /// It is used from now on.
    Opened {
        /// Its name, for people.
        device: String,
    },
    /// It is gone. It is looked for until it is back.
    Lost {
        /// Its name, for people.
        device: String,
        /// What the system said.
        reason: String,
    },
    /// It is not there, or cannot be opened. It is looked for until it is.
    Missing {
        /// Which one, why, and what to do.
        reason: String,
        /// The name of the default device, if that is used in its place.
        instead: Option<String>,
    },
}

/// What is said of a device that is [missing](DeviceEvent::Missing).
pub(super) fn missing(reason: &str, instead: Option<String>) -> String {
    match instead {
        Some(instead) => format!("{reason}; {instead} is used until it is there"),
        None => format!("{reason}; silent until it is there"),
    }
}

/// What a device does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// It plays.
    Output,
    /// It hears.
    Input,
}

/// A device that can play or hear, as listed for people. One that does both is listed twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudioDevice {
    /// What to give as the name of the device to open, and what is remembered of it, such as
    /// `pulseaudio:alsa_output.pci-0000_00_1f.3`.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// The system it is reached through, such as `PulseAudio`.
    pub host: String,
    /// Whether it plays or hears.
    pub direction: Direction,
    /// Whether it is used where none is named.
    pub is_default: bool,
    /// The least and the most channels, if known.
    pub channels: Option<(u16, u16)>,
    /// The lowest and the highest rate in samples a second, if known.
    pub rates_hz: Option<(u32, u32)>,
}

impl AudioDevice {
    /// Whether `name` is its id, with or without its host, or its name.
    pub fn is_called(&self, name: &str) -> bool {
        let without_host = self.id.split_once(':').map(|(_, id)| id);
        self.id == name || without_host == Some(name) || self.name == name
    }
}

impl std::fmt::Display for AudioDevice {
    /// Id, name and what it can do, in a line.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}, through {}", self.id, self.name, self.host)?;
        match self.channels {
            Some((_, 1)) => out.write_str(", 1 channel")?,
            Some((_, most)) => write!(out, ", up to {most} channels")?,
            None => {}
        }
        match self.rates_hz {
            Some((low, high)) if low == high => write!(out, ", {low} Hz"),
            Some((low, u32::MAX)) => write!(out, ", {low} Hz and more"),
            Some((low, high)) => write!(out, ", {low} to {high} Hz"),
            None => Ok(()),
        }
    }
}
