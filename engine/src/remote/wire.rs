//! What lies between a channel of the network's thread and a session of the machine's.
//!
//! Either side leaves what it has and takes what there is; neither waits for the other. Both ways are
//! bounded.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::Notify;

use super::lobby::CutOff;
use crate::console::SessionId;
use crate::console::editor::History;

/// How much output may wait for a client before it is dropped, in bytes: a second of a session that
/// prints all the time, so that a client may pause. What is one answer is taken as a whole, however
/// long it is, if not more than this waits before it.
const MAX_OUTPUT: usize = 2 << 20;

/// How much input may wait for the machine, in bytes, before a client is dropped: only one that sends more
/// than it was told that it may comes so far.
const MAX_INPUT: usize = 2 << 20;

/// How much input may wait before the client is to wait too, in bytes: what the machine takes in a quarter
/// of a second.
const ENOUGH: usize = 256 << 10;

/// The longest piece of input that the machine takes in a tick, in bytes.
const PIECE: usize = 16 << 10;

/// The longest piece of output that is sent at once, in bytes: the usual largest packet.
const PACKET: usize = 32 << 10;

/// Which of a client's streams a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

/// What has come from a client since the last time.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Incoming {
    pub(super) bytes: Vec<u8>,
    /// Columns and rows of its terminal, if they have changed.
    pub(super) size: Option<[usize; 2]>,
    /// Whether Ctrl-C was pressed.
    pub(super) is_interrupted: bool,
    /// Whether no more bytes will come.
    pub(super) has_ended: bool,
    /// Whether the client is gone altogether.
    pub(super) is_gone: bool,
}

/// What a client is to be sent next.
#[derive(Debug)]
pub(super) enum Outgoing {
    Bytes(Stream, Vec<u8>),
    End(Ending),
}

/// What a session leaves behind.
#[derive(Debug)]
pub(super) struct Ending {
    /// The exit status of its program, as far as a client can tell.
    pub(super) status: u32,
    /// What was entered, to be saved.
    pub(super) history: Option<History>,
}

/// A client does not take what it is sent.
#[derive(Debug, PartialEq)]
pub(super) struct Full;

/// One channel's wire.
#[derive(Debug)]
pub(super) struct Wire {
    state: Mutex<State>,
    /// There is something to send.
    news: Notify,
    line: Arc<CutOff>,
    /// The session at the machine's end, from when it is open.
    session: OnceLock<SessionId>,
}

#[derive(Debug, Default)]
struct State {
    input: VecDeque<u8>,
    size: Option<[usize; 2]>,
    is_interrupted: bool,
    has_input_ended: bool,
    is_gone: bool,
    output: VecDeque<(Stream, Vec<u8>)>,
    output_length: usize,
    ending: Option<Ending>,
}

impl Wire {
    pub(super) fn new(line: Arc<CutOff>) -> Self {
        Self { state: Mutex::default(), news: Notify::new(), line, session: OnceLock::new() }
    }

    /// Nothing is left half done where it is locked, so that a panic leaves it as good as before.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the whole connection.
    pub(super) fn cut(&self) {
        self.line.cut();
    }

    // --- The network's side ---------------------------------------------------------------------

    /// The session at the other end, if it is open by now.
    pub(super) fn session(&self) -> Option<SessionId> {
        self.session.get().copied()
    }

    /// Leaves what a client has sent.
    ///
    /// # Errors
    /// [`Full`] if the machine has not taken what was left before.
    pub(super) fn put(&self, bytes: &[u8]) -> Result<(), Full> {
        let mut state = self.state();
        if state.input.len() + bytes.len() > MAX_INPUT {
            return Err(Full);
        }
        state.input.extend(bytes);
        Ok(())
    }

    /// Whether so much waits for the machine that the client had better wait too.
    pub(super) fn has_enough(&self) -> bool {
        self.state().input.len() >= ENOUGH
    }

    /// Ctrl-C was pressed: what was typed before it is not taken any more, as with any terminal.
    pub(super) fn interrupt(&self) {
        let mut state = self.state();
        state.input.clear();
        state.is_interrupted = true;
    }

    /// The client's terminal has another size.
    pub(super) fn resize(&self, size: [usize; 2]) {
        self.state().size = Some(size);
    }

    /// The client will send no more.
    pub(super) fn end_input(&self) {
        self.state().has_input_ended = true;
    }

    /// The client is gone.
    pub(super) fn hang_up(&self) {
        let mut state = self.state();
        state.is_gone = true;
        state.output.clear();
        drop(state);
        self.news.notify_one();
    }

    /// Waits for what is to be sent next; after an end, nothing is.
    pub(super) async fn next(&self) -> Outgoing {
        loop {
            if let Some(next) = self.state().next() {
                return next;
            }
            self.news.notified().await;
        }
    }

    // --- The machine's side ---------------------------------------------------------------------

    /// Says which session is at this end.
    pub(super) fn connect(&self, session: SessionId) {
        // It is said once.
        let _ = self.session.set(session);
    }

    /// Takes what has come; of the bytes, up to so many ends of lines.
    pub(super) fn take(&self, lines: usize) -> Incoming {
        let mut state = self.state();
        let length = match lines.checked_sub(1) {
            None => 0,
            Some(last) => {
                let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
                let piece = state.input.iter().take(PIECE).enumerate();
                let end = piece.filter(|(_, byte)| is_end(byte)).nth(last);
                end.map_or(PIECE.min(state.input.len()), |(index, _)| index + 1)
            }
        };
        Incoming {
            bytes: state.input.drain(..length).collect(),
            size: state.size.take(),
            is_interrupted: mem::take(&mut state.is_interrupted),
            has_ended: state.has_input_ended && state.input.is_empty(),
            is_gone: state.is_gone,
        }
    }

    /// Leaves what is to be sent.
    ///
    /// # Errors
    /// [`Full`] if the client has not taken what was left before.
    pub(super) fn send(&self, stream: Stream, text: &str) -> Result<(), Full> {
        if text.is_empty() {
            return Ok(());
        }
        let mut state = self.state();
        if state.is_gone {
            return Ok(());
        }
        if state.output_length > MAX_OUTPUT {
            return Err(Full);
        }
        state.output_length += text.len();
        match state.output.back_mut() {
            Some((last, bytes)) if *last == stream => bytes.extend_from_slice(text.as_bytes()),
            _ => state.output.push_back((stream, text.as_bytes().to_vec())),
        }
        drop(state);
        self.news.notify_one();
        Ok(())
    }

    /// Whether the client has taken all that it was sent.
    pub(super) fn is_empty(&self) -> bool {
        self.state().output_length == 0
    }

    /// Ends the channel, after what is to be sent before.
    pub(super) fn end(&self, ending: Ending) {
        self.state().ending = Some(ending);
        self.news.notify_one();
    }
}

impl State {
    fn next(&mut self) -> Option<Outgoing> {
        let Some((stream, bytes)) = self.output.front_mut() else {
            self.output_length = 0;
            return self.ending.take().map(Outgoing::End);
        };
        let stream = *stream;
        let piece = if bytes.len() > PACKET {
            let rest = bytes.split_off(PACKET);
            mem::replace(bytes, rest)
        } else {
            self.output.pop_front().map(|(_, bytes)| bytes).unwrap_or_default()
        };
        self.output_length = self.output_length.saturating_sub(piece.len());
        Some(Outgoing::Bytes(stream, piece))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::sync::Arc;

    use super::{ENOUGH, Ending, Full, MAX_INPUT, MAX_OUTPUT, Outgoing, PACKET, Stream, Wire};
    use crate::remote::lobby::CutOff;

    fn wire() -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Wire::new(Arc::new(CutOff(TcpStream::connect(listener.local_addr().unwrap()).unwrap())))
    }

    fn next(wire: &Wire) -> Option<Outgoing> {
        wire.state().next()
    }

    /// Lines are taken so many at a time, and the end comes with the last of them.
    #[test]
    fn lines_are_taken_in_portions() {
        let wire = wire();
        wire.put(b"a\nb\rc").unwrap();
        wire.end_input();
        assert_eq!(wire.take(0).bytes, b"");
        let first = wire.take(1);
        assert_eq!((first.bytes.as_slice(), first.has_ended), (b"a\n".as_slice(), false));
        let rest = wire.take(9);
        assert_eq!((rest.bytes.as_slice(), rest.has_ended), (b"b\rc".as_slice(), true));
    }

    /// Ctrl-C takes back what was typed before it, and only that.
    #[test]
    fn an_interrupt_goes_first() {
        let wire = wire();
        wire.put(b"before").unwrap();
        wire.interrupt();
        wire.put(b"after").unwrap();
        let taken = wire.take(1);
        assert!(taken.is_interrupted && taken.bytes == b"after");
        assert!(!wire.take(1).is_interrupted);
    }

    /// One answer may be long; the next one finds no room until it is taken. Input has its bound too.
    #[test]
    fn both_ways_are_bounded() {
        let wire = wire();
        wire.send(Stream::Out, &"x".repeat(MAX_OUTPUT + 1)).unwrap();
        assert_eq!(wire.send(Stream::Out, "y"), Err(Full));
        while next(&wire).is_some() {}
        assert!(wire.is_empty() && wire.send(Stream::Out, "y").is_ok());
        assert_eq!(wire.put(&vec![0; MAX_INPUT]), Ok(()));
        assert_eq!(wire.put(b"y"), Err(Full));
    }

    /// A client is to wait long before it is dropped, and until the machine has taken some.
    #[test]
    fn there_may_be_enough() {
        let wire = wire();
        wire.put(&vec![b'x'; ENOUGH - 1]).unwrap();
        assert!(!wire.has_enough());
        wire.put(b"yz").unwrap();
        assert!(wire.has_enough());
        wire.take(1);
        assert!(!wire.has_enough());
    }

    /// What is sent comes in its order, in packets, stream by stream, and the end comes last.
    #[test]
    fn output_comes_in_order() {
        let wire = wire();
        wire.send(Stream::Out, &"x".repeat(PACKET)).unwrap();
        wire.send(Stream::Out, "y").unwrap();
        wire.send(Stream::Err, "z").unwrap();
        wire.end(Ending { status: 1, history: None });
        let mut told = Vec::new();
        while let Some(next) = next(&wire) {
            told.push(match next {
                Outgoing::Bytes(stream, bytes) => format!("{stream:?} {}", bytes.len()),
                Outgoing::End(ending) => format!("end {}", ending.status),
            });
        }
        assert_eq!(
            told,
            [format!("Out {PACKET}"), "Out 1".to_owned(), "Err 1".to_owned(), "end 1".to_owned()]
        );
    }
}
