//! The thread that speaks with the network.

use std::borrow::Cow;
use std::io;
use std::net::{SocketAddr, TcpListener as BoundListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crossbeam::channel::{Receiver, Sender, bounded};
use russh::keys::{HashAlg, PrivateKey};
use russh::server::{Config, run_stream};
use russh::{MethodKind, MethodSet, SshId};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::client::Client;
use super::front_end::Interrupt;
use super::lobby::{CutOff, Lobby, PlaceId, Stage};
use super::login::Doorkeeper;
use super::settings::{Limits, Settings};
use super::visit::Arrival;
use super::{RemoteError, host_key, private};
use crate::alert::{AlertSender, Level};
use crate::console::Role;
use crate::console::editor::History;

/// How many channels may wait for the machine to open their sessions: those of all users.
const ARRIVALS: usize = 256;

/// How long users have at the machine's end to take what they are sent.
const GOODBYE: Duration = Duration::from_secs(1);

/// How long the machine's thread waits for this one at its end.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often those are told of who had to go because there were too many.
const REPORT: Duration = Duration::from_secs(10);

/// How long to wait when the system has no room for another connection.
const RELIEF: Duration = Duration::from_millis(100);

/// How often a silent client is asked whether it is still there before it is let go of.
const KEEPALIVES: usize = 3;

/// How many keys a client may offer, and passwords try, all in all; passwords have a bound of their own.
const MAX_ATTEMPTS: usize = 20;

/// Where the history of those is who may read it anyway.
const HISTORY: &str = "history";

/// An address that is ours, where nobody is served yet.
pub(super) struct Door {
    listener: BoundListener,
    address: SocketAddr,
    key: PrivateKey,
    folder: PathBuf,
    settings: Settings,
}

/// The thread, as the machine's thread knows it. It ends when this is dropped.
pub(super) struct Server {
    /// Channels that want a session.
    pub(super) arrivals: Receiver<Arrival>,
    stop: Option<oneshot::Sender<()>>,
    /// Closed when the thread has ended.
    done: Receiver<()>,
}

/// What all connections share.
pub(super) struct Hall {
    pub(super) doorkeeper: Doorkeeper,
    pub(super) arrivals: Sender<Arrival>,
    pub(super) interrupt: Interrupt,
    lobby: Mutex<Lobby>,
    folder: PathBuf,
    key: PrivateKey,
    limits: Limits,
}

impl Door {
    /// Takes an address, and reads what is needed to serve it.
    ///
    /// # Errors
    /// [`RemoteError`] if the address cannot be had, or the files in the folder cannot be used.
    pub(super) fn bind(address: SocketAddr, folder: &Path) -> Result<Self, RemoteError> {
        private::make_folder(folder)?;
        let settings = Settings::load(folder)?;
        let key = host_key::load_or_create(folder)?;
        let listen = || {
            let listener = BoundListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) =
            listen().map_err(|error| RemoteError::Listen { address, error })?;
        Ok(Self { listener, address, key, folder: folder.to_owned(), settings })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves clients from now on.
    ///
    /// # Errors
    /// [`RemoteError::Thread`] if there can be no thread for it.
    pub(super) fn open(
        self,
        alerts: AlertSender,
        interrupt: Interrupt,
    ) -> Result<Server, RemoteError> {
        let Self { listener, address, key, folder, settings } = self;
        // Passwords are looked at on threads of the runtime's, which end when there is no need.
        let runtime = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .thread_name("ssh-password")
            .max_blocking_threads(1)
            .build()
            .map_err(RemoteError::Thread)?;
        let fingerprint = key.fingerprint(HashAlg::Sha256);
        let (arrivals, arriving) = bounded(ARRIVALS);
        let (stop, stopped) = oneshot::channel();
        let (ending, done) = bounded(0);
        let doorkeeper = Doorkeeper::new(folder.clone(), alerts);
        doorkeeper
            .tell(Level::V, format!("the console listens on {address} (host key {fingerprint})"));
        if !address.ip().to_canonical().is_loopback() {
            let text = "other computers can reach it: whoever gets in with the role `exec` can do all that \
                        this user can";
            doorkeeper.tell(Level::V, text);
        }
        doorkeeper.look_around();
        let hall = Arc::new(Hall {
            doorkeeper,
            arrivals,
            interrupt,
            lobby: Mutex::new(Lobby::new(settings.limits)),
            folder,
            key,
            limits: settings.limits,
        });
        let run = move || {
            run(runtime, listener, hall, stopped);
            drop(ending);
        };
        thread::Builder::new().name("ssh".to_owned()).spawn(run).map_err(RemoteError::Thread)?;
        Ok(Server { arrivals: arriving, stop: Some(stop), done })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        // Closed when the thread has ended; one that does not end is left to the program's end.
        let _ = self.done.recv_timeout(PATIENCE);
    }
}

impl Hall {
    /// Nothing is left half done where it is locked, so that a panic leaves it as good as before.
    pub(super) fn lobby(&self) -> MutexGuard<'_, Lobby> {
        self.lobby.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What somebody entered before: that of the terminal, for those who could read its file anyway.
    pub(super) fn history(&self, role: Role) -> History {
        if role < Role::Exec {
            return History::default();
        }
        let file = self.folder.join(HISTORY);
        History::load(&file).unwrap_or_else(|error| {
            self.doorkeeper.tell(Level::Vv, format!("no history: {}: {error}", file.display()));
            History::default()
        })
    }

    /// Saves what somebody has entered, if it has a file.
    pub(super) fn save(&self, history: Option<History>) {
        if let Some(mut history) = history
            && let Err(error) = history.save()
        {
            let file = self.folder.join(HISTORY);
            self.doorkeeper.tell(
                Level::Error,
                format!("the history is not saved: {}: {error}", file.display()),
            );
        }
    }

    /// How a client is spoken with.
    fn config(&self) -> Config {
        let mut methods = MethodSet::from([MethodKind::PublicKey].as_slice());
        if self.doorkeeper.password().is_some() {
            methods.push(MethodKind::Password);
        }
        Config {
            server_id: SshId::Standard(Cow::Borrowed(concat!(
                "SSH-2.0-metapython_",
                env!("CARGO_PKG_VERSION")
            ))),
            methods,
            // Wrong passwords wait for longer; keys that are not known need not.
            auth_rejection_time: Duration::ZERO,
            keys: vec![self.key.clone()],
            max_auth_attempts: MAX_ATTEMPTS,
            inactivity_timeout: None,
            keepalive_interval: Some(self.limits.keepalive()),
            keepalive_max: KEEPALIVES,
            nodelay: true,
            ..Config::default()
        }
    }
}

/// The thread's work, until it is told to stop.
fn run(runtime: Runtime, listener: BoundListener, hall: Arc<Hall>, stopped: oneshot::Receiver<()>) {
    let serve = async {
        match TcpListener::from_std(listener) {
            Ok(listener) => accept(listener, hall, stopped).await,
            Err(error) => hall.doorkeeper.tell(Level::Error, format!("nobody is served: {error}")),
        }
    };
    runtime.block_on(serve);
    // What still looks at a password has nobody to tell.
    runtime.shutdown_background();
}

async fn accept(listener: TcpListener, hall: Arc<Hall>, mut stopped: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    let mut report = Instant::now();
    loop {
        let has_news = hall.lobby().turned_out > 0;
        tokio::select! {
            _ = &mut stopped => break,
            accepted = listener.accept() => match accepted {
                Ok((socket, address)) => {
                    connections.spawn(attend(hall.clone(), socket, address));
                }
                // Out of file descriptors, as a rule: those who go leave some.
                Err(error) => {
                    hall.doorkeeper.tell(Level::Vv, format!("a connection was not taken: {error}"));
                    sleep(RELIEF).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = sleep_until(report), if has_news => {
                let count = std::mem::take(&mut hall.lobby().turned_out);
                let text = format!("{count} connections that had not logged in had to make room for others");
                hall.doorkeeper.tell(Level::V, text);
                report = Instant::now() + REPORT;
            }
        }
    }
    drop(listener);
    hall.lobby().clear(false);
    let goodbye = async { while connections.join_next().await.is_some() {} };
    if timeout(GOODBYE, goodbye).await.is_err() {
        hall.lobby().clear(true);
    }
}

/// One connection, from its first byte to its last.
async fn attend(hall: Arc<Hall>, socket: TcpStream, address: SocketAddr) {
    let Ok((socket, line)) = doubled(socket) else { return };
    let line = Arc::new(line);
    let seat = Seat::take(hall, address, line.clone());
    let deadline = Instant::now() + seat.hall.limits.login();
    let client = Client::new(
        seat.hall.clone(),
        seat.place,
        line.clone(),
        SocketAddr::new(address.ip().to_canonical(), address.port()),
        deadline,
    );
    let config = Arc::new(seat.hall.config());
    let Ok(Ok(mut session)) = timeout_at(deadline, run_stream(config, socket, client)).await else {
        return;
    };
    seat.hall.lobby().advance(seat.place, Stage::Greeted);
    let ended = timeout_at(deadline, &mut session).await;
    if ended.is_err() {
        if !seat.hall.lobby().is_logged_in(seat.place) {
            line.cut();
        }
        // How it ended, the client knows best; that it did is told when it is dropped.
        let _ = session.await;
    }
}

/// A place in the lobby, for the time of a connection.
struct Seat {
    hall: Arc<Hall>,
    place: PlaceId,
}

impl Seat {
    fn take(hall: Arc<Hall>, address: SocketAddr, line: Arc<CutOff>) -> Self {
        let place = hall.lobby().enter(address.ip().to_canonical(), line);
        Self { hall, place }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hall.lobby().leave(self.place);
    }
}

/// A connection, and a second handle by which it can be ended.
fn doubled(socket: TcpStream) -> io::Result<(TcpStream, CutOff)> {
    socket.set_nodelay(true)?;
    let socket = socket.into_std()?;
    let line = CutOff(socket.try_clone()?);
    Ok((TcpStream::from_std(socket)?, line))
}
