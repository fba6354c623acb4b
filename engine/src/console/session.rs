//! Who uses the console, and what they may do.

use std::collections::BTreeMap;

use bevy_ecs::resource::Resource;

/// One use of the console; the interpreter keeps a namespace for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u32);

impl SessionId {
    /// The session of whoever started the machine.
    pub const LOCAL: Self = Self(0);
}

/// What a session may do, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Look at everything, and change nothing.
    View,
    /// Give commands.
    Edit,
    /// Run Python too, which can do everything that the program can.
    Exec,
}

impl Role {
    /// The role as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Edit => "edit",
            Self::Exec => "exec",
        }
    }

    /// Why something that needs this role is refused to a session that has another one.
    pub(in crate::console) fn needed_for(self, what: &str, has: Self) -> String {
        let (needed, has) = (self.name(), has.name());
        format!("{what} needs the role `{needed}`, and this session has `{has}`")
    }
}

/// One use of the console.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who it is: `local`, or a login with the address that it came from.
    pub user: String,
    /// What it may do.
    pub role: Role,
    /// Words that stand for the beginning of a line.
    pub aliases: BTreeMap<String, String>,
    /// The lines so far, the last 1,000 of them or a mebibyte.
    pub history: Vec<String>,
    /// Whether what it is shown can take the place of what it was shown before: what its front end has
    /// said of itself ([`Desk::set_live`](super::Desk::set_live)).
    pub(super) is_live: bool,
    /// How many columns what it is shown has room in, if its front end has said so.
    pub(super) columns: Option<usize>,
    /// Whether its user is not at this machine.
    pub is_remote: bool,
    /// Whether a line of it awaits something: those after it have their turn then.
    pub(super) is_waiting: bool,
    /// What it asks its user, to stand before the answer.
    pub(super) question: Option<String>,
}

/// How many lines a session remembers.
pub(super) const MAX_HISTORY: usize = 1_000;

/// How many bytes of lines a session remembers; the last line is remembered whatever it has. Sessions of
/// all roles have one, and many lines of the longest kind would fill the memory.
const MAX_HISTORY_BYTES: usize = 1 << 20;

/// How many aliases a session may have: more than anybody remembers.
pub(super) const MAX_ALIASES: usize = 100;

impl Session {
    fn new(user: &str, role: Role) -> Self {
        Self {
            user: user.to_owned(),
            role,
            aliases: BTreeMap::new(),
            history: Vec::new(),
            is_live: false,
            columns: None,
            is_remote: false,
            is_waiting: false,
            question: None,
        }
    }
}

/// The sessions that there are.
#[derive(Debug, Resource)]
pub struct Sessions {
    open: BTreeMap<SessionId, Session>,
    /// With which exit status those have ended that said so themselves, until their front end asks.
    statuses: BTreeMap<SessionId, u8>,
    next: u32,
}

/// That of whoever started the machine, who may do everything.
impl Default for Sessions {
    fn default() -> Self {
        let local = (SessionId::LOCAL, Session::new("local", Role::Exec));
        Self {
            open: BTreeMap::from([local]),
            statuses: BTreeMap::new(),
            next: SessionId::LOCAL.0 + 1,
        }
    }
}

impl Sessions {
    /// Opens one.
    pub fn open(&mut self, user: &str, role: Role) -> SessionId {
        let id = SessionId(self.next);
        self.next += 1;
        self.open.insert(id, Session::new(user, role));
        id
    }

    /// Ends one; lines of it that wait are refused.
    pub fn close(&mut self, session: SessionId) {
        self.open.remove(&session);
        self.statuses.remove(&session);
    }

    /// Ends one that asks for it, as `exit(3)` does, with the exit status that its front end is to have.
    pub fn leave(&mut self, session: SessionId, status: u8) {
        if self.open.remove(&session).is_some() {
            self.statuses.insert(session, status);
        }
    }

    /// The exit status with which a session has ended itself, if it has; told once.
    pub fn take_status(&mut self, session: SessionId) -> Option<u8> {
        self.statuses.remove(&session)
    }

    /// One that is open.
    pub fn get(&self, session: SessionId) -> Option<&Session> {
        self.open.get(&session)
    }

    /// One that is open, to change it.
    pub fn get_mut(&mut self, session: SessionId) -> Option<&mut Session> {
        self.open.get_mut(&session)
    }

    /// All that are open, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (SessionId, &Session)> {
        self.open.iter().map(|(id, session)| (*id, session))
    }

    /// Writes a line down in the history of its session.
    pub(super) fn remember(&mut self, session: SessionId, line: &str) {
        let Some(Session { history, .. }) = self.open.get_mut(&session) else { return };
        if line.trim().is_empty()
            || line.starts_with(' ')
            || history.last().is_some_and(|last| last == line)
        {
            return;
        }
        history.push(line.to_owned());
        let mut bytes = 0;
        let kept = history.iter().rev().take(MAX_HISTORY).take_while(|line| {
            bytes += line.len();
            bytes <= MAX_HISTORY_BYTES
        });
        let kept = kept.count().max(1);
        history.drain(..history.len() - kept);
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_HISTORY, MAX_HISTORY_BYTES, Role, Sessions};

    /// The oldest lines are forgotten, by their number and by their length; the last never is.
    #[test]
    fn a_history_is_bounded() {
        let mut sessions = Sessions::default();
        let session = sessions.open("somebody", Role::View);
        let history = |sessions: &Sessions| sessions.get(session).unwrap().history.clone();
        (0..=MAX_HISTORY).for_each(|number| sessions.remember(session, &format!("{number}")));
        let lines = history(&sessions);
        assert_eq!((lines.len(), &*lines[0]), (MAX_HISTORY, "1"));
        sessions.remember(session, &"x".repeat(MAX_HISTORY_BYTES - 8));
        assert_eq!(history(&sessions)[..2], ["999".to_owned(), "1000".to_owned()]);
        sessions.remember(session, &"y".repeat(MAX_HISTORY_BYTES + 1));
        assert_eq!(history(&sessions).len(), 1);
    }
}
