//! One connection as the protocol sees it: logging in, and the channels that a client opens.
//!
//! A channel becomes a session with `shell` or `exec`. Everything else that SSH can do (forwarding,
//! agents, X11, files, environment variables) is refused.

use std::collections::HashMap;
use std::mem;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::{HashAlg, PublicKey};
use russh::server::{
    Auth, ChannelOpenHandle, Handle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey,
};
use russh::{
    Channel, ChannelId, ChannelOpenFailure, Disconnect, Error, MethodKind, MethodSet, Pty, Sig,
};
use tokio::time::{Instant, sleep_until, timeout};

use super::front_end::Interrupt;
use super::lobby::{CutOff, PlaceId, Stage};
use super::login::Refusal;
use super::server::Hall;
use super::visit::{Arrival, Kind};
use super::wire::{Outgoing, Stream, Wire};
use crate::alert::Level;
use crate::console::Role;

/// How long it takes to be told that a password is wrong, at least: however fast the answer was known.
const FAILURE: Duration = Duration::from_secs(1);

/// How many passwords a connection may try.
const MAX_PASSWORDS: usize = 3;

/// How many channels a connection may have at a time, as with OpenSSH.
const MAX_CHANNELS: usize = 10;

/// How long a client may take for a packet before it is dropped: a network that is gone for longer has
/// left its connections dead.
const STALL: Duration = Duration::from_secs(60);

/// The longest user name in alerts, in characters.
const MAX_NAME: usize = 32;

/// What the size of a terminal is taken for if the client does not tell: that of a VT100.
const USUAL_SIZE: [usize; 2] = [80, 24];

/// The largest terminal, in characters a side: nobody sees more, and each costs.
const MAX_SIZE: u32 = 1000;

/// A connection.
pub(super) struct Client {
    hall: Arc<Hall>,
    place: PlaceId,
    line: Arc<CutOff>,
    /// With its port: a name is anybody's, so that this alone tells one connection from another in the log.
    address: SocketAddr,
    /// Until when it may log in.
    deadline: Instant,
    login: Option<Login>,
    passwords_tried: usize,
    /// Keys that did not get in, for the alert.
    keys_offered: Vec<String>,
    channels: HashMap<ChannelId, Line>,
}

/// Who has logged in.
#[derive(Clone, Debug)]
struct Login {
    user: String,
    role: Role,
    /// By what: `password`, or a key's fingerprint.
    by: String,
    /// Whether it was said, and is to be taken back.
    is_told: bool,
}

/// A channel.
struct Line {
    wire: Arc<Wire>,
    /// Size and whether colours are shown, if it has a terminal.
    terminal: Option<([usize; 2], bool)>,
    is_open: bool,
}

impl Client {
    pub(super) fn new(
        hall: Arc<Hall>,
        place: PlaceId,
        line: Arc<CutOff>,
        address: SocketAddr,
        deadline: Instant,
    ) -> Self {
        Self {
            hall,
            place,
            line,
            address,
            deadline,
            login: None,
            passwords_tried: 0,
            keys_offered: Vec::new(),
            channels: HashMap::new(),
        }
    }

    /// Opens a session on a channel, if it is not one yet.
    fn begin(
        &mut self,
        id: ChannelId,
        command: Option<&[u8]>,
        session: &mut Session,
    ) -> Result<(), Error> {
        let (Some(login), Some(line)) = (&self.login, self.channels.get_mut(&id)) else {
            return session.channel_failure(id);
        };
        if line.is_open {
            return session.channel_failure(id);
        }
        let kind = match (command, line.terminal) {
            (Some(command), terminal) => Kind::Command {
                text: String::from_utf8_lossy(command).into_owned(),
                has_terminal: terminal.is_some(),
            },
            (None, Some((size, is_coloured))) => {
                Kind::Terminal { size, is_coloured, history: self.hall.history(login.role) }
            }
            (None, None) => Kind::Pipe,
        };
        let (user, role) = (login.user.clone(), login.role);
        let arrival = Arrival { user, role, kind, wire: line.wire.clone() };
        if self.hall.arrivals.try_send(arrival).is_err() {
            return session.channel_failure(id);
        }
        line.is_open = true;
        tokio::spawn(deliver(line.wire.clone(), session.handle(), id, self.hall.clone()));
        session.channel_success(id)
    }

    fn admit(&mut self, user: &str, role: Role, by: String) -> Auth {
        let user = format!("{}@{}", plain_name(user), self.address);
        self.login = Some(Login { user, role, by, is_told: false });
        Auth::Accept
    }
}

impl Handler for Client {
    type Error = Error;

    async fn auth_none(&mut self, _: &str) -> Result<Auth, Error> {
        self.hall.lobby().advance(self.place, Stage::Asking);
        Ok(Auth::reject())
    }

    async fn auth_publickey_offered(
        &mut self,
        _: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Error> {
        self.hall.lobby().advance(self.place, Stage::Asking);
        if self.hall.doorkeeper.role_of(offer.public_key).is_some() {
            return Ok(Auth::Accept);
        }
        self.keys_offered.push(fingerprint(offer.public_key));
        Ok(Auth::reject())
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Error> {
        let by = fingerprint(key.public_key);
        Ok(match self.hall.doorkeeper.role_of(key.public_key) {
            Some(role) => self.admit(user, role, by),
            None => Auth::reject(),
        })
    }

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Error> {
        let begun = Instant::now();
        let hall = self.hall.clone();
        if !hall.lobby().advance(self.place, Stage::Asking) || self.passwords_tried >= MAX_PASSWORDS
        {
            return Ok(no_more());
        }
        self.passwords_tried += 1;
        let limit = self.deadline.saturating_duration_since(begun);
        let is_there = || hall.lobby().advance(self.place, Stage::Asking);
        let outcome =
            hall.doorkeeper.try_password(password, self.address.ip(), limit, is_there).await;
        let reason = match outcome {
            Ok(role) => return Ok(self.admit(user, role, "password".to_owned())),
            Err(Refusal::Wrong) => "wrong password",
            Err(Refusal::TooMany) => {
                "too many wrong passwords from there; the next may be tried later"
            }
        };
        let name = plain_name(user);
        hall.doorkeeper.tell(Level::V, format!("{name}@{} was not let in: {reason}", self.address));
        sleep_until(begun + FAILURE).await;
        let is_last = outcome == Err(Refusal::TooMany) || self.passwords_tried >= MAX_PASSWORDS;
        Ok(if is_last { no_more() } else { again() })
    }

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), Error> {
        let Some(login) = &mut self.login else { return Err(Error::NotAuthenticated) };
        let Login { user, role, by, .. } = &*login;
        if !self.hall.lobby().advance(self.place, Stage::LoggedIn) {
            let text = format!("{user} was not let in: as many users as may be are logged in");
            self.hall.doorkeeper.tell(Level::V, text);
            let reason = "as many users as may be are logged in already; try again later";
            return session.disconnect(Disconnect::TooManyConnections, reason, "en");
        }
        let text = format!("{user} logged in with the role `{}` ({by})", role.name());
        self.hall.doorkeeper.tell(Level::V, text);
        login.is_told = true;
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Error> {
        if self.channels.len() >= MAX_CHANNELS {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        let wire = Arc::new(Wire::new(self.line.clone()));
        self.channels.insert(channel.id(), Line { wire, terminal: None, is_open: false });
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        id: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Error> {
        match self.channels.get_mut(&id) {
            Some(line) if !line.is_open => {
                line.terminal = Some((size(columns, rows), term != "dumb"));
                session.channel_success(id)
            }
            _ => session.channel_failure(id),
        }
    }

    async fn shell_request(&mut self, id: ChannelId, session: &mut Session) -> Result<(), Error> {
        self.begin(id, None, session)
    }

    async fn exec_request(
        &mut self,
        id: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), Error> {
        self.begin(id, Some(command), session)
    }

    async fn subsystem_request(
        &mut self,
        id: ChannelId,
        _: &str,
        session: &mut Session,
    ) -> Result<(), Error> {
        session.channel_failure(id)
    }

    async fn env_request(
        &mut self,
        id: ChannelId,
        _: &str,
        _: &str,
        session: &mut Session,
    ) -> Result<(), Error> {
        session.channel_failure(id)
    }

    async fn x11_request(
        &mut self,
        id: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Error> {
        session.channel_failure(id)
    }

    async fn window_change_request(
        &mut self,
        id: ChannelId,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Error> {
        if let Some(line) = self.channels.get(&id) {
            line.wire.resize(size(columns, rows));
        }
        session.channel_success(id)
    }

    async fn signal(&mut self, id: ChannelId, signal: Sig, _: &mut Session) -> Result<(), Error> {
        if let Some(line) = self.channels.get(&id)
            && matches!(signal, Sig::INT)
        {
            line.interrupt(&self.hall.interrupt);
        }
        Ok(())
    }

    async fn data(&mut self, id: ChannelId, data: &[u8], _: &mut Session) -> Result<(), Error> {
        let Some(line) = self.channels.get(&id) else { return Ok(()) };
        let last = data.iter().rposition(|byte| *byte == CTRL_C);
        let rest = match last.filter(|_| line.terminal.is_some()) {
            Some(last) => {
                line.interrupt(&self.hall.interrupt);
                data.get(last + 1..).unwrap_or_default()
            }
            None => data,
        };
        if line.wire.put(rest).is_err() {
            let user = self.login.as_ref().map_or("somebody", |login| &login.user);
            let text = format!("{user} was dropped: more input came than the machine could take");
            self.hall.doorkeeper.tell(Level::V, text);
            self.line.cut();
        }
        Ok(())
    }

    async fn channel_eof(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Error> {
        if let Some(line) = self.channels.get(&id) {
            line.wire.end_input();
        }
        Ok(())
    }

    async fn channel_close(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Error> {
        if let Some(line) = self.channels.remove(&id) {
            line.wire.hang_up();
        }
        Ok(())
    }
}

impl Drop for Client {
    /// The connection has ended.
    fn drop(&mut self) {
        self.channels.values().for_each(|line| line.wire.hang_up());
        let keys = mem::take(&mut self.keys_offered);
        let (level, text) = match &self.login {
            Some(login) if login.is_told => (Level::V, format!("{} logged out", login.user)),
            None if !keys.is_empty() => {
                let keys = keys.join(", ");
                (
                    Level::V,
                    format!(
                        "{} was not let in: these keys are not authorized: {keys}",
                        self.address
                    ),
                )
            }
            _ => return,
        };
        self.hall.doorkeeper.tell(level, text);
    }
}

/// What Ctrl-C sends.
const CTRL_C: u8 = 3;

impl Line {
    /// Interrupts what its session evaluates, now or at the next tick.
    fn interrupt(&self, interrupt: &Interrupt) {
        self.wire.interrupt();
        if let Some(session) = self.wire.session() {
            interrupt(session);
        }
    }
}

/// Sends a client what its session has for it, until the session ends.
async fn deliver(wire: Arc<Wire>, handle: Handle, id: ChannelId, hall: Arc<Hall>) {
    loop {
        let sent = match wire.next().await {
            Outgoing::Bytes(Stream::Out, bytes) => {
                timeout(STALL, handle.data(id, bytes)).await.is_ok()
            }
            Outgoing::Bytes(Stream::Err, bytes) => {
                timeout(STALL, handle.extended_data(id, 1, bytes)).await.is_ok()
            }
            Outgoing::End(ending) => {
                hall.save(ending.history);
                let farewell = async {
                    // Whoever has gone before need not be told.
                    let _ = handle.exit_status_request(id, ending.status).await;
                    let _ = handle.eof(id).await;
                    let _ = handle.close(id).await;
                };
                if timeout(STALL, farewell).await.is_err() {
                    wire.cut();
                }
                return;
            }
        };
        if !sent {
            wire.cut();
        }
    }
}

/// A user's name as it may stand in an alert: whoever connects has chosen it.
fn plain_name(name: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let letters = name.chars().take(MAX_NAME);
    let name: String = letters.map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    if name.is_empty() { "nobody".to_owned() } else { name }
}

fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

fn size(columns: u32, rows: u32) -> [usize; 2] {
    if columns == 0 || rows == 0 {
        return USUAL_SIZE;
    }
    [columns, rows].map(|side| side.min(MAX_SIZE) as usize)
}

/// A password was wrong, and another one may be tried.
fn again() -> Auth {
    let methods = MethodSet::from([MethodKind::PublicKey, MethodKind::Password].as_slice());
    Auth::Reject { proceed_with_methods: Some(methods), partial_success: false }
}

/// Nothing more may be tried.
fn no_more() -> Auth {
    Auth::Reject { proceed_with_methods: Some(MethodSet::empty()), partial_success: false }
}

#[cfg(test)]
mod tests {
    use super::{plain_name, size};

    /// A name cannot speak to a terminal, break a line or pass for an address.
    #[test]
    fn names_are_plain() {
        assert_eq!(plain_name("alice"), "alice");
        assert_eq!(plain_name("a\x1b[2Jb\nc@10.0.0.1 x"), "a__2Jb_c_10.0.0.1_x");
        assert_eq!(plain_name(""), "nobody");
        assert_eq!(plain_name(&"é".repeat(100)).chars().count(), 32);
    }

    /// A terminal has a size that can be drawn in.
    #[test]
    fn sizes_are_sane() {
        assert_eq!(size(0, 10), [80, 24]);
        assert_eq!(size(u32::MAX, 1), [1000, 1]);
    }
}
