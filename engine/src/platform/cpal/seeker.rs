//! Having a device: opening it, losing it, and getting it back. All of that can take seconds, so it
//! is done on threads named `audio-device`, and nobody waits for them.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use super::device;
use crate::audio::{AudioError, DeviceEvent, Direction};

/// How long a lost device is left alone before it is looked for again.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// How often it is looked whether a device is there that was asked for by name: a server moves a
/// stream elsewhere when its device goes, and tells nobody.
const LOOK_INTERVAL: Duration = Duration::from_secs(2);

/// How long the start of the program waits for a device: more than a sound server needs that has to
/// be started first.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

/// A device that is in use.
pub(super) trait Connected: Send + Sized + 'static {
    /// What it does.
    const DIRECTION: Direction;

    /// Opens the device with this id or name, or the default one. May take seconds.
    fn open(wanted: Option<&str>) -> Result<Self, AudioError>;

    /// Its name, for people.
    fn device(&self) -> &str;

    /// Why it is lost, once it is.
    fn lost(&self) -> Option<String>;
}

/// Has the device that is wanted, the default one as long as that is not there, or none.
pub(super) struct Seeker<C: Connected> {
    wanted: Option<String>,
    current: Option<C>,
    /// Whether the current one stands in for the one that is wanted.
    is_substitute: bool,
    /// Whether it has been told that the one that is wanted is not there.
    is_missing_told: bool,
    search: Search<C>,
}

/// What is done about it.
enum Search<C> {
    /// Nothing, since this time.
    Resting(Instant),
    /// Another thread sees to it.
    Under(Receiver<Found<C>>),
}

/// What a search has come to.
enum Found<C> {
    /// The device that is wanted.
    Wanted(C),
    /// The default one, and why it is not the one that is wanted.
    Substitute(C, AudioError),
    /// None at all.
    Nothing(AudioError),
    /// All is as it was.
    Same,
    /// The one that is wanted has gone, and the system plays or hears another in its place.
    Gone,
}

impl<C: Connected> Seeker<C> {
    /// Opens a device, and waits for it.
    ///
    /// # Errors
    /// [`AudioError::Device`] if there is none at all.
    pub(super) fn open(
        wanted: Option<String>,
        events: &mut Vec<DeviceEvent>,
    ) -> Result<Self, AudioError> {
        let mut seeker = Self::look_for(wanted);
        let Search::Under(search) = &seeker.search else { return Ok(seeker) };
        let found = search.recv_timeout(OPEN_TIMEOUT).unwrap_or_else(|error| {
            let reason = match error {
                RecvTimeoutError::Timeout => {
                    format!("no answer in {} s; restart the sound server", OPEN_TIMEOUT.as_secs())
                }
                RecvTimeoutError::Disconnected => "the thread that opens it ended".into(),
            };
            Found::Nothing(device::error(C::DIRECTION, seeker.wanted.as_deref(), reason))
        });
        match found {
            Found::Nothing(error) => Err(error),
            found => {
                seeker.take(found, events);
                Ok(seeker)
            }
        }
    }

    /// Has none yet, and looks for it.
    pub(super) fn look_for(wanted: Option<String>) -> Self {
        let search = Search::Under(search(wanted.clone(), Need::Any, None));
        Self { wanted, current: None, is_substitute: false, is_missing_told: false, search }
    }

    /// Has it not told again that the device is not there, as somebody else has.
    pub(super) fn missing_is_told(mut self) -> Self {
        self.is_missing_told = true;
        self
    }

    /// The device that is in use, if one is.
    pub(super) fn current(&mut self) -> Option<&mut C> {
        self.current.as_mut()
    }

    /// The name of the device that is in use, for people.
    pub(super) fn device(&self) -> Option<&str> {
        self.current.as_ref().map(C::device)
    }

    /// Moves on from a lost device, and towards a new one. Whether the current one is another than
    /// before. Never waits.
    pub(super) fn follow(&mut self, events: &mut Vec<DeviceEvent>) -> bool {
        if let Some(reason) = self.current.as_ref().and_then(C::lost) {
            self.lose(reason, events);
            return true;
        }
        match &self.search {
            Search::Under(search) => match search.try_recv() {
                Ok(found) => return self.take(found, events),
                Err(TryRecvError::Disconnected) => self.search = Search::Resting(Instant::now()),
                Err(TryRecvError::Empty) => {}
            },
            Search::Resting(since) => {
                let need = match (&self.current, &self.wanted, self.is_substitute) {
                    (None, _, _) => Need::Any,
                    (Some(_), Some(_), true) => Need::Wanted,
                    (Some(_), Some(_), false) => Need::Sight,
                    // The system keeps the default one where it belongs.
                    (Some(_), None, _) => return false,
                };
                let interval = if need == Need::Any { RETRY_INTERVAL } else { LOOK_INTERVAL };
                if since.elapsed() >= interval {
                    self.search = Search::Under(search(self.wanted.clone(), need, None));
                }
            }
        }
        false
    }

    fn lose(&mut self, reason: String, events: &mut Vec<DeviceEvent>) {
        let lost = self.current.take();
        if let Some(lost) = &lost {
            events.push(DeviceEvent::Lost { device: lost.device().to_owned(), reason });
        }
        self.is_substitute = false;
        // What it is lost for is the news; that it is still missing a moment later is none.
        self.is_missing_told = self.wanted.is_none();
        self.search = Search::Under(search(self.wanted.clone(), Need::Any, lost));
    }

    /// Goes on with what was found; whether that is another device.
    fn take(&mut self, found: Found<C>, events: &mut Vec<DeviceEvent>) -> bool {
        self.search = Search::Resting(Instant::now());
        let (connection, missing) = match found {
            Found::Wanted(connection) => (connection, None),
            Found::Substitute(connection, error) => (connection, Some(error)),
            Found::Nothing(error) => {
                self.tell_missing(&error, None, events);
                return false;
            }
            Found::Same => return false,
            Found::Gone => {
                self.lose("it is not there any more".to_owned(), events);
                return true;
            }
        };
        self.is_substitute = missing.is_some();
        match missing {
            Some(error) => {
                self.tell_missing(&error, Some(connection.device().to_owned()), events);
            }
            None => self.is_missing_told = false,
        }
        events.push(DeviceEvent::Opened { device: connection.device().to_owned() });
        let_go(self.current.replace(connection));
        true
    }

    fn tell_missing(
        &mut self,
        error: &AudioError,
        instead: Option<String>,
        events: &mut Vec<DeviceEvent>,
    ) {
        if !std::mem::replace(&mut self.is_missing_told, true) {
            events.push(DeviceEvent::Missing { reason: error.to_string(), instead });
        }
    }
}

impl<C: Connected> Drop for Seeker<C> {
    fn drop(&mut self) {
        let_go(self.current.take());
    }
}

/// Closes a device, on a thread as that may take a while.
fn let_go<C: Connected>(connection: Option<C>) {
    if let Some(connection) = connection {
        // Without a thread the connection is dropped here.
        let _ = thread::Builder::new().name("audio-device".into()).spawn(move || drop(connection));
    }
}

/// What a search is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// A device, best the one that is wanted.
    Any,
    /// The one that is wanted, in the place of another.
    Wanted,
    /// To know that the one that is wanted is there.
    Sight,
}

/// Searches on a thread of its own, which first closes the device that was lost.
fn search<C: Connected>(wanted: Option<String>, need: Need, lost: Option<C>) -> Receiver<Found<C>> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let search = move || {
        drop(lost);
        let wanted = wanted.as_deref();
        let found = match need {
            Need::Any => match (C::open(wanted), wanted) {
                (Ok(connection), _) => Found::Wanted(connection),
                (Err(error), None) => Found::Nothing(error),
                (Err(error), Some(_)) => match C::open(None) {
                    Ok(connection) => Found::Substitute(connection, error),
                    Err(_) => Found::Nothing(error),
                },
            },
            Need::Wanted => C::open(wanted).map_or(Found::Same, Found::Wanted),
            Need::Sight if wanted.is_none_or(|it| device::is_there(C::DIRECTION, it)) => {
                Found::Same
            }
            Need::Sight => Found::Gone,
        };
        // Nobody listens any more if the machine has ended meanwhile: then the device closes again.
        let _ = sender.send(found);
    };
    // Without a thread the receiver finds its sender gone, and it is tried again later.
    let _ = thread::Builder::new().name("audio-device".into()).spawn(search);
    receiver
}
