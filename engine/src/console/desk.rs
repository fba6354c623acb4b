//! The port to where users sit, and what these may ask of the console.

use bevy_ecs::world::World;

use super::understand::{begins_with_command, role};
use super::{
    Completion, Console, Evaluation, Interpreter, Line, Role, SessionId, Sessions, complete,
    end_job, is_waiting,
};
use crate::machine::Stop;

/// Where users sit: takes in what they type, and shows them what it came to.
pub trait FrontEnd {
    /// Called in the input phase of each tick, before lines are evaluated.
    fn poll(&mut self, desk: &mut Desk<'_>) {
        let _ = desk;
    }

    /// Shows what a piece of text of a session came to; or, with an empty one, what came later. Every
    /// front end is told of every session, and shows those of its own.
    fn show(&mut self, session: SessionId, text: &str, evaluation: &Evaluation);
}

/// How many lines of a session may wait for their turn: as many as somebody types ahead.
const MAX_QUEUED: usize = 64;

/// How many bytes of lines of a session may wait for their turn: a few of the longest.
const MAX_QUEUED_BYTES: usize = 1 << 20;

/// What a front end may ask of the console.
pub struct Desk<'a> {
    world: &'a mut World,
    interpreter: &'a mut dyn Interpreter,
}

impl<'a> Desk<'a> {
    pub(super) fn new(world: &'a mut World, interpreter: &'a mut dyn Interpreter) -> Self {
        Self { world, interpreter }
    }

    /// Opens a session for somebody.
    pub fn open(&mut self, user: &str, role: Role) -> SessionId {
        self.world.resource_mut::<Sessions>().open(user, role)
    }

    /// Opens a session for somebody who is not at this machine.
    pub fn open_remote(&mut self, user: &str, role: Role) -> SessionId {
        let session = self.open(user, role);
        if let Some(session) = self.world.resource_mut::<Sessions>().get_mut(session) {
            session.is_remote = true;
        }
        session
    }

    /// The exit status with which a session has ended itself, if it has; told once.
    pub fn take_status(&mut self, session: SessionId) -> Option<u8> {
        self.world.resource_mut::<Sessions>().take_status(session)
    }

    /// Ends a session, and forgets the lines of it that wait.
    pub fn close(&mut self, session: SessionId) {
        self.world.resource_mut::<Sessions>().close(session);
        self.world.resource_mut::<Console>().drop_lines(session);
        self.interpreter.end_session(self.world, session);
    }

    /// Whether a session is open.
    pub fn is_open(&self, session: SessionId) -> bool {
        self.world.resource::<Sessions>().get(session).is_some()
    }

    /// Says whether what a session is shown can take the place of what it was shown before
    /// ([`Placing::Instead`](super::Placing::Instead)); commands ask
    /// [`Context::is_live`](super::Context::is_live). In a pipe it cannot.
    pub fn set_live(&mut self, session: SessionId, is_live: bool) {
        if let Some(session) = self.world.resource_mut::<Sessions>().get_mut(session) {
            session.is_live = is_live;
        }
    }

    /// Says how many columns what a session is shown has room in: tables are made to fit.
    pub fn set_columns(&mut self, session: SessionId, columns: usize) {
        if let Some(session) = self.world.resource_mut::<Sessions>().get_mut(session) {
            session.columns = Some(columns);
        }
    }

    /// Whether a session awaits something, or has lines that wait for their turn.
    pub fn is_busy(&self, session: SessionId) -> bool {
        is_waiting(self.world, session) || self.queued(session) > 0
    }

    /// What stands before the line that the user of a session types: the question, if one is asked.
    pub fn prompt(&self, session: SessionId) -> String {
        let open = self.world.resource::<Sessions>().get(session);
        let question = open.and_then(|open| open.question.clone());
        // One that is answered has its turn soon.
        match question.filter(|_| self.queued(session) == 0) {
            Some(question) => question,
            None if self.is_busy(session) => "... ".to_owned(),
            None => ">>> ".to_owned(),
        }
    }

    /// How many lines of a session wait for their turn.
    pub fn queued(&self, session: SessionId) -> usize {
        self.world.resource::<Console>().queued(session)
    }

    /// Whether one more line of a session may wait for its turn: no more than 64 do, and a mebibyte. A
    /// front end leaves what comes then where it is.
    pub fn has_room(&self, session: SessionId) -> bool {
        let console = self.world.resource::<Console>();
        console.queued(session) < MAX_QUEUED && console.queued_bytes(session) < MAX_QUEUED_BYTES
    }

    /// Whether a session waits for an answer of its user.
    pub fn is_asking(&mut self, session: SessionId) -> bool {
        is_waiting(self.world, session) && self.interpreter.is_asking(self.world, session)
    }

    /// Whether a text of a session would be evaluated at once: it awaits nothing but an answer.
    pub fn is_free(&mut self, session: SessionId) -> bool {
        !self.is_busy(session) || self.queued(session) == 0 && self.is_asking(session)
    }

    /// Has a piece of text evaluated in this tick; or in a later one, if the console's part of this one
    /// is used up or the session awaits something.
    pub fn submit(&mut self, session: SessionId, text: String) {
        let line = Line { text, may_wait: true };
        self.world.resource_mut::<Console>().lines.push(session, line);
    }

    /// Whether a text can be evaluated: if not, more lines are wanted.
    pub fn is_complete(&mut self, session: SessionId, text: &str) -> bool {
        // Those who run no Python have nothing but commands, which are whole.
        role(self.world, session) < Some(Role::Exec)
            || begins_with_command(self.world, self.interpreter, session, text)
            || self.interpreter.is_complete(self.world, session, text)
    }

    /// What the word before `cursor`, a byte position in a text, may become. Nothing, where the text is
    /// an answer.
    pub fn complete(&mut self, session: SessionId, text: &str, cursor: usize) -> Completion {
        if self.is_asking(session) {
            return Completion { start: cursor, candidates: Vec::new() };
        }
        complete(self.world, self.interpreter, session, text, cursor)
    }

    /// Ends what a session evaluates, if it waits for something: Ctrl-C.
    pub fn interrupt(&mut self, session: SessionId) {
        let job = self.world.resource_mut::<Console>().jobs.0.remove(&session);
        let Some(job) = job else {
            self.interpreter.interrupt(self.world, session);
            return;
        };
        end_job(self.world, self.interpreter, session, job);
        if let Some(session) = self.world.resource_mut::<Sessions>().get_mut(session) {
            session.is_waiting = false;
            session.question = None;
        }
    }

    /// Ends what a session evaluates as Ctrl-C does, with the lines that wait for it: nobody is there any
    /// more to see what they come to. Whether there is nothing left to end.
    pub fn give_up(&mut self, session: SessionId) -> bool {
        if !is_waiting(self.world, session) {
            return self.queued(session) == 0;
        }
        self.world.resource_mut::<Console>().drop_lines(session);
        self.interrupt(session);
        true
    }

    /// Says that nobody will answer what a session asks: the end of a pipe.
    pub fn end_input(&mut self, session: SessionId) {
        self.interpreter.end_input(self.world, session);
    }

    /// Stops the machine, if nobody else has, with a status: whoever started it has gone.
    pub fn stop(&mut self) {
        self.world.resource_mut::<Stop>().0.get_or_insert(0);
    }
}
