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
    pub(super) fn needed_for(self, what: &str, has: Self) -> String {
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
    /// The lines so far, the last 1,000 of them.
    pub history: Vec<String>,
    /// Whether what it is shown can take the place of what it was shown before.
    pub is_live: bool,
    /// Whether a line of it awaits something: those after it have their turn then.
    pub(super) is_waiting: bool,
    /// What it asks its user, to stand before the answer.
    pub(super) question: Option<String>,
}

/// How many lines a session remembers.
pub(super) const MAX_HISTORY: usize = 1_000;

impl Session {
    fn new(user: &str, role: Role) -> Self {
        Self {
            user: user.to_owned(),
            role,
            aliases: BTreeMap::new(),
            history: Vec::new(),
            is_live: false,
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
        if history.len() == MAX_HISTORY {
            history.remove(0);
        }
        history.push(line.to_owned());
    }
}
