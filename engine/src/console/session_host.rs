//! A session behind a front end that has one line, edited or from a pipe.

use super::completion::Completion;
use super::host::Host;
use super::{Desk, SessionId};

/// A session, as its front end asks for it in one tick.
pub struct SessionHost<'a, 'b> {
    desk: &'a mut Desk<'b>,
    session: SessionId,
    pace: Pace,
    has_ended: bool,
}

/// When a text is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// While those before it wait: somebody types ahead.
    Ahead,
    /// When it can be evaluated at once, for what is before it may ask for an answer: lines of a pipe.
    InStep,
}

impl<'a, 'b> SessionHost<'a, 'b> {
    /// The session at a desk.
    pub fn new(desk: &'a mut Desk<'b>, session: SessionId, pace: Pace) -> Self {
        Self { desk, session, pace, has_ended: false }
    }

    /// The desk that it is at.
    pub fn desk(&mut self) -> &mut Desk<'b> {
        self.desk
    }

    /// Whether the front end has said that nothing more will come.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }
}

impl Host for SessionHost<'_, '_> {
    fn submit(&mut self, text: String) {
        self.desk.submit(self.session, text);
    }

    fn is_ready(&mut self) -> bool {
        match self.pace {
            Pace::Ahead => self.desk.has_room(self.session),
            Pace::InStep => self.desk.is_free(self.session),
        }
    }

    fn is_answer(&mut self) -> bool {
        self.desk.is_asking(self.session)
    }

    fn is_complete(&mut self, text: &str) -> bool {
        self.desk.is_complete(self.session, text)
    }

    fn complete(&mut self, text: &str, cursor: usize) -> Completion {
        self.desk.complete(self.session, text, cursor)
    }

    fn interrupt(&mut self) {
        self.desk.interrupt(self.session);
    }

    fn end(&mut self) {
        self.has_ended = true;
    }

    fn prompt(&self) -> String {
        self.desk.prompt(self.session)
    }
}
