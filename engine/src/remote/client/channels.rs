//! The channels of one connection: what becomes a session, what it is sent, and how much it may send.
//!
//! A client may send what its window has room for, which the protocol makes larger as data is taken in.
//! While the machine has enough to do, windows stay all but shut: whoever pipes a large file waits, and
//! is not dropped.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use russh::ChannelId;
use russh::server::Handle;
use tokio::time::{sleep, timeout};

use super::applicant::User;
use crate::remote::front_end::Interrupt;
use crate::remote::lobby::CutOff;
use crate::remote::server::Hall;
use crate::remote::visit::{Arrival, Kind};
use crate::remote::wire::{Full, Outgoing, Stream, Wire};

/// How many channels a connection may have at a time, as with OpenSSH.
const MAX_CHANNELS: usize = 10;

/// How much a client may send before it is told to go on, in bytes: enough for a fast network, and little
/// beside what the machine keeps.
pub(in crate::remote) const WINDOW: u32 = 256 << 10;

/// The same for one that is to wait, in bytes: the least with which the library asks again how much it
/// may be from then on ([`Channels::window`]). It does so when half of it is used up.
const TRICKLE: u32 = 2;

/// How long each trickle takes. With it, a client that waits sends 40 bytes a second: in ten hours what
/// the machine keeps for it beyond what is enough.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a client may take for a packet before it is dropped: a network that is gone for longer has
/// left its connections dead.
const STALL: Duration = Duration::from_secs(60);

/// What the size of a terminal is taken for if the client does not tell: that of a VT100.
const USUAL_SIZE: [usize; 2] = [80, 24];

/// The largest terminal, in characters a side: nobody sees more, and each costs.
const MAX_SIZE: u32 = 1000;

/// What Ctrl-C sends.
const CTRL_C: u8 = 3;

/// All that are open.
pub(super) struct Channels {
    hall: Arc<Hall>,
    cut_off: Arc<CutOff>,
    lines: HashMap<ChannelId, Line>,
}

/// A channel.
struct Line {
    wire: Arc<Wire>,
    /// Size and whether colours are shown, if it has a terminal.
    terminal: Option<([usize; 2], bool)>,
    is_session: bool,
}

impl Channels {
    pub(super) fn new(hall: Arc<Hall>, cut_off: Arc<CutOff>) -> Self {
        Self { hall, cut_off, lines: HashMap::new() }
    }

    /// A client wants another channel; whether it gets it.
    pub(super) fn open(&mut self, id: ChannelId) -> bool {
        let has_room = self.lines.len() < MAX_CHANNELS;
        if has_room {
            let wire = Arc::new(Wire::new(self.cut_off.clone()));
            self.lines.insert(id, Line { wire, terminal: None, is_session: false });
        }
        has_room
    }

    /// A channel has a terminal, of that name; whether it may.
    pub(super) fn equip(&mut self, id: ChannelId, name: &str, size: [usize; 2]) -> bool {
        match self.lines.get_mut(&id) {
            Some(line) if !line.is_session => {
                line.terminal = Some((size, name != "dumb"));
                true
            }
            _ => false,
        }
    }

    /// Makes a session of a channel, if it is none yet; whether it is one now. With a `command`, that is
    /// all that the session is for.
    pub(super) fn begin(
        &mut self,
        id: ChannelId,
        user: &User,
        command: Option<&[u8]>,
        handle: Handle,
    ) -> bool {
        let Some(line) = self.lines.get_mut(&id).filter(|line| !line.is_session) else {
            return false;
        };
        let kind = match (command, line.terminal) {
            (Some(command), terminal) => Kind::Command {
                text: String::from_utf8_lossy(command).into_owned(),
                has_terminal: terminal.is_some(),
            },
            (None, Some((size, is_coloured))) => {
                Kind::Terminal { size, is_coloured, history: self.hall.history(user.role) }
            }
            (None, None) => Kind::Pipe,
        };
        let wire = line.wire.clone();
        let arrival = Arrival { user: user.name.clone(), role: user.role, kind, wire };
        if self.hall.arrivals.try_send(arrival).is_err() {
            return false;
        }
        line.is_session = true;
        tokio::spawn(deliver(line.wire.clone(), handle, id, self.hall.clone()));
        true
    }

    /// The terminal of a channel has another size.
    pub(super) fn resize(&self, id: ChannelId, size: [usize; 2]) {
        if let Some(line) = self.lines.get(&id) {
            line.wire.resize(size);
        }
    }

    /// Somebody wants what a channel's session evaluates to end.
    pub(super) fn interrupt(&self, id: ChannelId) {
        if let Some(line) = self.lines.get(&id) {
            line.interrupt(&self.hall.interrupt);
        }
    }

    /// Takes what a client has sent.
    ///
    /// # Errors
    /// [`Full`] if that is more than it may send.
    pub(super) fn take(&self, id: ChannelId, data: &[u8]) -> Result<(), Full> {
        let Some(line) = self.lines.get(&id) else { return Ok(()) };
        let last = data.iter().rposition(|byte| *byte == CTRL_C);
        match last.filter(|_| line.terminal.is_some()) {
            Some(last) => {
                line.interrupt(&self.hall.interrupt);
                line.wire.put(data.get(last + 1..).unwrap_or_default())
            }
            None => line.wire.put(data),
        }
    }

    /// Waits before a client is told that it may go on, where `window`, the number of bytes that it may
    /// send then, is a trickle. Nothing else happens on the connection meanwhile.
    pub(super) async fn pause(&self, window: usize) {
        if window <= TRICKLE as usize && self.has_enough() {
            sleep(PAUSE).await;
        }
    }

    /// How much a client may send from the next time on that it is told, in bytes. It is one number for
    /// all its channels: none gets more while one is to wait.
    pub(super) fn window(&self) -> u32 {
        if self.has_enough() { TRICKLE } else { WINDOW }
    }

    fn has_enough(&self) -> bool {
        self.lines.values().any(|line| line.wire.has_enough())
    }

    /// A client will send no more.
    pub(super) fn end_input(&self, id: ChannelId) {
        if let Some(line) = self.lines.get(&id) {
            line.wire.end_input();
        }
    }

    /// A channel is closed.
    pub(super) fn close(&mut self, id: ChannelId) {
        if let Some(line) = self.lines.remove(&id) {
            line.wire.hang_up();
        }
    }

    /// Ends the connection.
    pub(super) fn cut(&self) {
        self.cut_off.cut();
    }
}

impl Drop for Channels {
    /// The connection has ended.
    fn drop(&mut self) {
        self.lines.values().for_each(|line| line.wire.hang_up());
    }
}

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

/// The size of a terminal as it can be drawn in, in characters.
pub(super) fn size(columns: u32, rows: u32) -> [usize; 2] {
    if columns == 0 || rows == 0 {
        return USUAL_SIZE;
    }
    [columns, rows].map(|side| side.min(MAX_SIZE) as usize)
}

#[cfg(test)]
mod tests {
    use super::size;

    /// A terminal has a size that can be drawn in.
    #[test]
    fn sizes_are_sane() {
        assert_eq!(size(0, 10), [80, 24]);
        assert_eq!(size(u32::MAX, 1), [1000, 1]);
    }
}
