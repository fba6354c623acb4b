//! One connection as the protocol sees it: what a client asks for goes to whoever decides on it.
//!
//! A channel becomes a session with `shell` or `exec`. Everything else that SSH can do (forwarding,
//! agents, X11, files, environment variables) is refused.

mod applicant;
mod channels;

use std::net::SocketAddr;
use std::sync::Arc;

use russh::server::{
    Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey,
};
use russh::{Channel, ChannelId, ChannelOpenFailure, Disconnect, Error, Pty, Sig};
use tokio::time::Instant;

use super::lobby::{CutOff, PlaceId};
use super::server::Hall;
use crate::alert::Level;

use applicant::Applicant;
use channels::{Channels, size};

pub(super) use channels::WINDOW;

/// A connection.
pub(super) struct Client {
    hall: Arc<Hall>,
    // Sessions end before it is told that the user has gone.
    channels: Channels,
    applicant: Applicant,
}

impl Client {
    pub(super) fn new(
        hall: Arc<Hall>,
        place: PlaceId,
        line: Arc<CutOff>,
        address: SocketAddr,
        deadline: Instant,
    ) -> Self {
        let channels = Channels::new(hall.clone(), line);
        let applicant = Applicant::new(hall.clone(), place, address, deadline);
        Self { hall, channels, applicant }
    }

    /// Makes a session of a channel.
    fn begin(
        &mut self,
        id: ChannelId,
        command: Option<&[u8]>,
        session: &mut Session,
    ) -> Result<(), Error> {
        let begin = |user| self.channels.begin(id, user, command, session.handle());
        let has_begun = self.applicant.user().is_some_and(begin);
        answer(has_begun, id, session)
    }
}

/// Says whether what a client asked of a channel is done.
fn answer(is_done: bool, id: ChannelId, session: &mut Session) -> Result<(), Error> {
    if is_done { session.channel_success(id) } else { session.channel_failure(id) }
}

impl Handler for Client {
    type Error = Error;

    async fn auth_none(&mut self, _: &str) -> Result<Auth, Error> {
        self.applicant.ask();
        Ok(Auth::reject())
    }

    async fn auth_publickey_offered(
        &mut self,
        _: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Error> {
        Ok(self.applicant.offer_key(offer.public_key))
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Error> {
        Ok(self.applicant.show_key(user, key.public_key))
    }

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Error> {
        Ok(self.applicant.give_password(user, password).await)
    }

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), Error> {
        self.applicant
            .sit_down()
            .or_else(|reason| session.disconnect(Disconnect::TooManyConnections, reason, "en"))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Error> {
        if self.channels.open(channel.id()) {
            reply.accept().await;
        } else {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
        }
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
        let is_equipped = self.channels.equip(id, term, size(columns, rows));
        answer(is_equipped, id, session)
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
        self.channels.resize(id, size(columns, rows));
        session.channel_success(id)
    }

    async fn signal(&mut self, id: ChannelId, signal: Sig, _: &mut Session) -> Result<(), Error> {
        if matches!(signal, Sig::INT) {
            self.channels.interrupt(id);
        }
        Ok(())
    }

    async fn data(
        &mut self,
        id: ChannelId,
        data: &[u8],
        session: &mut Session,
    ) -> Result<(), Error> {
        if self.channels.take(id, data).is_err() {
            let user = self.applicant.name();
            let text = format!("{user} was dropped: it sent more than it was told that it may");
            self.hall.doorkeeper.tell(Level::V, text);
            self.channels.cut();
        }
        let window = session.sender_window_size(id);
        self.channels.pause(window).await;
        Ok(())
    }

    fn adjust_window(&mut self, _: ChannelId, _: u32) -> u32 {
        self.channels.window()
    }

    async fn channel_eof(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Error> {
        self.channels.end_input(id);
        Ok(())
    }

    async fn channel_close(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Error> {
        self.channels.close(id);
        Ok(())
    }
}
