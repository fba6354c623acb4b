//! One channel of a client at the machine's side: a session, and how one talks to whoever has it.

use std::sync::Arc;
use std::time::Instant;

use super::wire::{Ending, Incoming, Stream, Wire};
use crate::alert::Alert;
use crate::console::ansi::{AnsiPrompt, SETTLE};
use crate::console::editor::History;
use crate::console::escape::escaped;
use crate::console::host::Host;
use crate::console::plain::PlainLines;
use crate::console::session_host::{Pace, SessionHost};
use crate::console::{Desk, Evaluation, Role, SessionId};

/// How many lines of one client are taken in a tick. Many of them would hold it: each may take the time
/// that a command has.
const LINES: usize = 16;

/// What the key sends.
const CTRL_C: &[u8] = b"\x03";

/// A channel that somebody uses from now on.
#[derive(Debug)]
pub(super) struct Arrival {
    /// A name, the address and the port: `alice@127.0.0.1:50000`.
    pub(super) user: String,
    pub(super) role: Role,
    pub(super) kind: Kind,
    pub(super) wire: Arc<Wire>,
}

/// What a channel is for.
#[derive(Debug)]
pub(super) enum Kind {
    /// A terminal, where a line is edited.
    Terminal { size: [usize; 2], is_coloured: bool, history: History },
    /// A pipe: lines are read and answered.
    Pipe,
    /// A line that was given with the connection: `ssh host ps`.
    Command { text: String, has_terminal: bool },
}

/// One session.
pub(super) struct Visit {
    pub(super) user: String,
    session: SessionId,
    role: Role,
    wire: Arc<Wire>,
    face: Face,
    has_failed: bool,
    /// The exit status that the session has ended itself with.
    status: Option<u8>,
    /// Whether Ctrl-C was pressed that could not be heeded yet.
    is_interrupted: bool,
    /// Whether nothing more will be typed.
    has_ended: bool,
    is_over: bool,
    /// Whether the client has not taken what it was sent.
    is_stuck: bool,
}

enum Face {
    Terminal(Box<Terminal>),
    Pipe(PlainLines),
    /// What it reads are answers, for a line that asks.
    Command {
        answers: PlainLines,
        has_terminal: bool,
    },
}

struct Terminal {
    prompt: AnsiPrompt,
    /// When the last input came that may be the beginning of a key.
    restless_since: Option<Instant>,
    /// The last size that is not heeded yet, and when the first such came.
    resized: Option<([usize; 2], Instant)>,
}

/// How a visit ended.
pub(super) enum Outcome {
    /// It goes on.
    Open,
    /// The session has ended, or the client is gone.
    Over,
    /// The client did not take what it was sent.
    Stuck,
}

impl Visit {
    /// Opens a session for whoever has come.
    pub(super) fn open(arrival: Arrival, desk: &mut Desk<'_>) -> Self {
        let Arrival { user, role, kind, wire } = arrival;
        let session = desk.open_remote(&user, role);
        wire.connect(session);
        let face = match kind {
            Kind::Terminal { size, is_coloured, history } => {
                let mut prompt = AnsiPrompt::new(history, size, is_coloured);
                prompt.print(&format!(
                    "metapython: you are {user} and have the role `{}`; help lists the commands, Ctrl-D \
                     ends the session",
                    role.name()
                ));
                desk.set_live(session, true);
                Face::Terminal(Box::new(Terminal { prompt, restless_since: None, resized: None }))
            }
            Kind::Pipe => Face::Pipe(PlainLines::default()),
            Kind::Command { text, has_terminal } => {
                desk.submit(session, text);
                Face::Command { answers: PlainLines::default(), has_terminal }
            }
        };
        Self {
            user,
            session,
            role,
            wire,
            face,
            has_failed: false,
            status: None,
            is_interrupted: false,
            has_ended: false,
            is_over: false,
            is_stuck: false,
        }
    }

    /// Whether the visit is that of a session.
    pub(super) fn is_of(&self, session: SessionId) -> bool {
        self.session == session
    }

    /// Takes in what has come, and sends what there is to show.
    pub(super) fn poll(&mut self, desk: &mut Desk<'_>) -> Outcome {
        // What is not taken now stays on the wire, and with it the end of the input.
        let may_take = match self.face {
            Face::Terminal(_) => desk.has_room(self.session),
            Face::Pipe(_) => self.wire.is_empty() && !desk.is_busy(self.session),
            Face::Command { .. } => false,
        } || desk.is_asking(self.session);
        let may_take = may_take && self.face.has_room();
        let incoming = self.wire.take(if may_take { LINES } else { 0 });
        if incoming.is_gone {
            desk.close(self.session);
            self.leave(1);
            return Outcome::Over;
        }
        let was_ended = self.has_ended;
        let mut host = SessionHost::new(desk, self.session, self.face.pace());
        self.take(incoming, &mut host);
        let desk = host.desk();
        let is_done = match self.face {
            // The lines before Ctrl-D have had the tick after it.
            Face::Terminal(_) => was_ended,
            Face::Pipe(_) => self.has_ended && !desk.is_busy(self.session),
            Face::Command { .. } => !desk.is_busy(self.session),
        };
        if is_done || !desk.is_open(self.session) {
            self.status = desk.take_status(self.session);
            desk.close(self.session);
            self.say_goodbye("");
            return Outcome::Over;
        }
        self.draw(&host);
        if self.is_stuck {
            host.desk().close(self.session);
            self.wire.cut();
            self.leave(1);
            return Outcome::Stuck;
        }
        Outcome::Open
    }

    fn take(&mut self, incoming: Incoming, host: &mut SessionHost<'_, '_>) {
        let Incoming { bytes, size, is_interrupted, has_ended, .. } = incoming;
        // Ctrl-C that comes before the line of a command has had its turn waits for that.
        let is_early =
            matches!(self.face, Face::Command { .. }) && host.desk().queued(self.session) > 0;
        let is_interrupted = is_interrupted || self.is_interrupted;
        self.is_interrupted = is_interrupted && is_early;
        if is_interrupted && !is_early {
            host.interrupt();
        }
        match &mut self.face {
            Face::Terminal(terminal) => {
                if is_interrupted {
                    terminal.feed(CTRL_C, host);
                }
                terminal.feed(&bytes, host);
                terminal.attend(size, host);
                if has_ended {
                    terminal.prompt.hang_up(host);
                }
            }
            Face::Pipe(lines) | Face::Command { answers: lines, .. } => {
                let outcome = lines.feed(&bytes, host);
                if has_ended {
                    lines.end(host);
                }
                if let Err(error) = outcome {
                    self.has_failed = true;
                    self.is_stuck |= self.wire.send(Stream::Err, &format!("{error}\n")).is_err();
                }
            }
        }
        self.has_ended |= host.has_ended();
        let desk = host.desk();
        if self.has_ended && desk.queued(self.session) == 0 && desk.is_asking(self.session) {
            desk.end_input(self.session);
        }
    }

    /// Sends the line that is edited, if there is one, as it is now, and what is new above it.
    fn draw(&mut self, host: &dyn Host) {
        if let Face::Terminal(terminal) = &mut self.face
            && terminal.resized.is_none()
        {
            let text = terminal.prompt.output(host);
            self.send(Stream::Out, &text);
        }
    }

    /// Shows what a line came to. What scripts print goes into a pipe as it is, like that of any program;
    /// why they failed, which quotes from anywhere, does not.
    pub(super) fn show(&mut self, evaluation: &Evaluation) {
        let error = evaluation.error.as_deref();
        self.has_failed |= error.is_some();
        if let Face::Terminal(terminal) = &mut self.face {
            terminal.prompt.show(evaluation);
            return;
        }
        self.print(Stream::Out, &evaluation.whole_output());
        self.print(Stream::Err, &escaped(error.unwrap_or_default()));
    }

    /// Shows an alert, where there is a line to show it above.
    pub(super) fn alert(&mut self, alert: &Alert) {
        if let Face::Terminal(terminal) = &mut self.face
            && alert.known_to != Some(self.session)
            && alert.is_open_to(self.session, self.role)
        {
            terminal.prompt.alert(alert.level, &alert.source, &alert.text);
        }
    }

    /// Ends the visit from the machine's side, with a last word.
    pub(super) fn say_goodbye(&mut self, word: &str) {
        self.print(Stream::Err, word);
        if let Face::Terminal(terminal) = &mut self.face {
            terminal.prompt.end();
            let text = terminal.prompt.take_output();
            self.send(Stream::Out, &text);
        }
        let status = match (self.status, &self.face) {
            (Some(status), _) => status.into(),
            (None, Face::Terminal(_)) => 0,
            (None, Face::Pipe(_) | Face::Command { .. }) => self.has_failed.into(),
        };
        self.leave(status);
    }

    fn leave(&mut self, status: u32) {
        let history = match &mut self.face {
            Face::Terminal(terminal) => Some(std::mem::take(terminal.prompt.history_mut())),
            _ => None,
        };
        if !self.is_over {
            self.is_over = true;
            self.wire.end(Ending { status, history });
        }
    }

    fn print(&mut self, stream: Stream, text: &str) {
        if text.is_empty() {
            return;
        }
        let line_break = if text.ends_with('\n') { "" } else { "\n" };
        match &mut self.face {
            Face::Terminal(terminal) => terminal.prompt.print(text),
            Face::Command { has_terminal: true, .. } => {
                let text = crate::console::ansi::clean(text).replace('\n', "\r\n");
                let line_break = line_break.replace('\n', "\r\n");
                self.send(stream, &(text + &line_break));
            }
            _ => self.send(stream, &format!("{text}{line_break}")),
        }
    }

    fn send(&mut self, stream: Stream, text: &str) {
        self.is_stuck |= self.wire.send(stream, text).is_err();
    }
}

impl Face {
    fn pace(&self) -> Pace {
        match self {
            Self::Terminal(_) => Pace::Ahead,
            Self::Pipe(_) | Self::Command { .. } => Pace::InStep,
        }
    }

    /// Whether what was taken before is handed on.
    fn has_room(&self) -> bool {
        match self {
            Self::Terminal(_) => true,
            Self::Pipe(lines) | Self::Command { answers: lines, .. } => lines.has_room(),
        }
    }
}

impl Terminal {
    fn feed(&mut self, bytes: &[u8], host: &mut dyn Host) {
        if bytes.is_empty() {
            return;
        }
        self.prompt.feed(bytes, host);
        self.restless_since = Some(Instant::now());
        // There is no shell behind it to go to.
        self.prompt.take_suspension();
    }

    /// Heeds keys that are whole by now, and the last of the sizes that have come for a while. Not each of
    /// them, for while somebody pulls at the window's edge, their terminal moves our rows again before it
    /// has read what we write; but no longer, for nothing is shown meanwhile.
    fn attend(&mut self, size: Option<[usize; 2]>, host: &mut dyn Host) {
        if self.restless_since.is_some_and(|since| since.elapsed() >= SETTLE) {
            self.restless_since = None;
            self.prompt.settle(host);
        }
        if let Some(size) = size {
            let since = self.resized.map_or_else(Instant::now, |(_, since)| since);
            self.resized = Some((size, since));
        }
        if let Some((size, since)) = self.resized
            && since.elapsed() >= SETTLE
        {
            self.resized = None;
            self.prompt.resize(size);
        }
    }
}
