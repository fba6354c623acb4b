//! Sound on a device, through cpal.
//!
//! [`CpalAudio`] lives on the main thread and never waits for a device there. The mixer lives in
//! the device's callback, which takes commands from a lock-free queue (`callback`). Devices are
//! opened and closed on a thread named `audio-device`, because both can take seconds (`device`).
//! Long clips are read on a thread named `audio-reader` (`reading`).
//!
//! The only module that knows cpal.

mod callback;
mod device;
mod reading;
mod timeline;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use self::device::Connection;
use self::reading::Reading;
use self::timeline::Timeline;
use crate::audio::feed::prepare;
use crate::audio::{
    AudioBackend, AudioBatch, AudioDevice, AudioError, AudioEvent, Clip, Command, SampleRing,
    SourceStart, TickSpan, TimedCommand,
};

pub use self::device::devices;

/// How long a lost device is left alone before it is looked for again.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// How long the start of the program waits for a device: more than a sound server needs that has to
/// be started first.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

/// Plays on an output device; when it is lost, looks for it once a second until it is back, and
/// goes on where the sound is by then.
///
/// On Linux a PulseAudio server (or PipeWire's, which speaks the same) is preferred, found as by
/// every other program: `PULSE_SERVER`, else the user's own. Without one it is ALSA.
///
/// The device is run at [`SAMPLE_RATE_HZ`](crate::audio::SAMPLE_RATE_HZ) if it can be. If not, the
/// mixer renders at the rate of the device. One channel gets the mean of both sides, more than two
/// get sound on the first two.
pub struct CpalAudio {
    wanted: Option<String>,
    player: Option<Player>,
    search: Search,
}

/// What is done about a device where none plays.
enum Search {
    /// Another thread is opening one.
    Opening(Receiver<Result<Connection, AudioError>>),
    /// There was none at this time.
    Failed(Instant),
    /// Nothing, as one plays.
    Over,
}

impl CpalAudio {
    /// Opens the device with this id or name, as [`devices`] lists them, or the default one.
    ///
    /// # Errors
    /// [`AudioError::Device`] if there is none or it does not open: go on with
    /// [`SilentAudio`](crate::platform::headless::audio::SilentAudio), or with
    /// [`look_for`](Self::look_for).
    pub fn open(wanted: Option<&str>) -> Result<Self, AudioError> {
        let wanted = wanted.map(str::to_owned);
        let opening = start_opening(wanted.clone(), None);
        let connection = opening.recv_timeout(OPEN_TIMEOUT).unwrap_or_else(|error| {
            let reason = match error {
                RecvTimeoutError::Timeout => {
                    format!("no answer in {} s; restart the sound server", OPEN_TIMEOUT.as_secs())
                }
                RecvTimeoutError::Disconnected => "the thread that opens it ended".into(),
            };
            Err(device::error(wanted.as_deref(), reason))
        })?;
        Ok(Self { wanted, player: Some(Player::new(connection)), search: Search::Over })
    }

    /// Begins in silence and plays as soon as the device is there.
    pub fn look_for(wanted: Option<&str>) -> Self {
        let wanted = wanted.map(str::to_owned);
        let opening = start_opening(wanted.clone(), None);
        Self { wanted, player: None, search: Search::Opening(opening) }
    }

    /// The name of the device that plays, if one does.
    pub fn device(&self) -> Option<&str> {
        self.player.as_ref().map(|player| player.connection.device.as_str())
    }

    /// Moves on from a lost device, and towards a new one. Never waits.
    fn follow_device(&mut self, events: &mut Vec<AudioEvent>) {
        if let Some(player) = &self.player
            && let Some(reason) = player.connection.lost.pop()
        {
            events
                .push(AudioEvent::DeviceLost { device: player.connection.device.clone(), reason });
            let lost = self.player.take();
            self.search = Search::Opening(start_opening(self.wanted.clone(), lost));
        }
        match &self.search {
            Search::Over => {}
            Search::Opening(opening) => match opening.try_recv() {
                Ok(Ok(connection)) => {
                    self.player = Some(Player::new(connection));
                    self.search = Search::Over;
                }
                Ok(Err(_)) | Err(TryRecvError::Disconnected) => {
                    self.search = Search::Failed(Instant::now());
                }
                Err(TryRecvError::Empty) => {}
            },
            Search::Failed(at) if at.elapsed() >= RETRY_INTERVAL => {
                self.search = Search::Opening(start_opening(self.wanted.clone(), None));
            }
            Search::Failed(_) => {}
        }
    }
}

impl std::fmt::Debug for CpalAudio {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CpalAudio")
            .field("wanted", &self.wanted)
            .field("device", &self.device())
            .finish()
    }
}

impl AudioBackend for CpalAudio {
    fn devices(&self) -> fn() -> Vec<AudioDevice> {
        devices
    }

    fn play_tick(&mut self, batch: &AudioBatch<'_>, events: &mut Vec<AudioEvent>) {
        self.follow_device(events);
        if let Some(player) = &mut self.player {
            player.play_tick(batch, events);
        }
    }
}

/// Opens the device on a thread of its own, which first closes the one that was lost.
fn start_opening(
    wanted: Option<String>,
    lost: Option<Player>,
) -> Receiver<Result<Connection, AudioError>> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let open = move || {
        drop(lost);
        // Nobody listens any more if the machine has ended meanwhile: then the device closes again.
        let _ = sender.send(device::open(wanted.as_deref()));
    };
    // Without a thread the receiver finds its sender gone, and it is tried again later.
    let _ = thread::Builder::new().name("audio-device".into()).spawn(open);
    receiver
}

/// The main thread's end of a connection to a device.
struct Player {
    connection: Connection,
    timeline: Timeline,
    is_announced: bool,
    /// Whether the mixer has missed something, or everything.
    is_behind: bool,
    /// What the mixer plays, by address: kept here, so that the callback is never the one to free
    /// it.
    clips: BTreeMap<usize, Arc<Clip>>,
    /// The streams that it plays, for the same reason.
    rings: Vec<Arc<SampleRing>>,
    /// Reads long clips, once there is one.
    reading: Option<Reading>,
}

impl Player {
    fn new(connection: Connection) -> Self {
        let timeline = Timeline::new(connection.rate_hz, connection.buffer_samples);
        Self {
            connection,
            timeline,
            is_announced: false,
            is_behind: true,
            clips: BTreeMap::new(),
            rings: Vec::new(),
            reading: None,
        }
    }

    fn play_tick(&mut self, batch: &AudioBatch<'_>, events: &mut Vec<AudioEvent>) {
        if !self.is_announced {
            self.is_announced = true;
            events.push(AudioEvent::DeviceOpened { device: self.connection.device.clone() });
        }
        let failures = self.reading.iter().flat_map(Reading::failures);
        events.extend(failures.map(|error| AudioEvent::ClipFailed { message: error.to_string() }));
        // Those that nobody else has any more: the mixer is done with them.
        self.rings.retain(|ring| Arc::strong_count(ring) > 1);
        if self.is_behind {
            self.is_behind = !self.send(batch.span(), &batch.catch_up());
        } else if !self.send(batch.span(), batch.commands()) {
            self.is_behind = true;
            events.push(AudioEvent::CommandsDropped { count: batch.commands().len() });
        }
    }

    /// Sends all of the commands, or none if there is no room.
    fn send(&mut self, span: TickSpan, commands: &[TimedCommand]) -> bool {
        let queue = Arc::clone(&self.connection.queue);
        if commands.len() > queue.capacity() - queue.len() {
            return false;
        }
        let now = self.connection.position.load(Ordering::Relaxed);
        for TimedCommand { at_sample, mut command } in commands.iter().cloned() {
            if let Some(feed) = prepare(&mut command) {
                self.reading.get_or_insert_with(Reading::start).add(feed);
            }
            if let Command::Start(start) = &command {
                self.keep(&start.source);
            }
            let at =
                at_sample.map_or(0, |at| self.timeline.position_of(at, span.start_sample, now));
            if queue.push((at, command)).is_err() {
                return false;
            }
        }
        true
    }

    /// Keeps what the mixer is going to play, so that it is freed here.
    fn keep(&mut self, source: &SourceStart) {
        match source {
            SourceStart::Clip { clip, .. } => {
                self.clips.entry(Arc::as_ptr(clip).addr()).or_insert_with(|| Arc::clone(clip));
            }
            SourceStart::Stream { ring, .. } | SourceStart::Fed { ring, .. } => {
                if !self.rings.iter().any(|known| Arc::ptr_eq(known, ring)) {
                    self.rings.push(Arc::clone(ring));
                }
            }
            SourceStart::LongClip { .. } | SourceStart::Tone { .. } => {}
        }
    }
}
