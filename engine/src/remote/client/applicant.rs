//! Whoever is at the other end of a connection: a stranger who asks to be let in, then perhaps a user.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::{HashAlg, PublicKey};
use russh::server::Auth;
use russh::{MethodKind, MethodSet};
use tokio::time::{Instant, sleep_until};

use crate::alert::Level;
use crate::console::Role;
use crate::remote::lobby::{Holder, PlaceId, Stage};
use crate::remote::login::Refusal;
use crate::remote::server::Hall;

/// How long it takes to be told that a password is wrong, at least: however fast the answer was known.
const FAILURE: Duration = Duration::from_secs(1);

/// How many passwords a connection may try.
const MAX_PASSWORDS: usize = 3;

/// The longest user name in alerts, in characters.
const MAX_NAME: usize = 32;

/// Who it is, and what was tried to get in.
pub(super) struct Applicant {
    hall: Arc<Hall>,
    place: PlaceId,
    /// With its port: a name is anybody's, so that this alone tells one connection from another in the log.
    address: SocketAddr,
    /// Until when it may log in.
    deadline: Instant,
    passwords_tried: usize,
    /// Keys that did not get in, for the alert.
    keys_offered: Vec<String>,
    user: Option<User>,
}

/// Who has logged in.
#[derive(Clone, Debug)]
pub(super) struct User {
    /// A name, the address and the port: `alice@127.0.0.1:50000`.
    pub(super) name: String,
    pub(super) role: Role,
    /// By what: `password`, or a key's fingerprint.
    by: String,
    /// Whether it was said, and is to be taken back.
    is_told: bool,
}

impl Applicant {
    pub(super) fn new(
        hall: Arc<Hall>,
        place: PlaceId,
        address: SocketAddr,
        deadline: Instant,
    ) -> Self {
        Self {
            hall,
            place,
            address,
            deadline,
            passwords_tried: 0,
            keys_offered: Vec::new(),
            user: None,
        }
    }

    /// Who it is, once it was let in.
    pub(super) fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }

    /// The name for alerts, of whoever it is.
    pub(super) fn name(&self) -> &str {
        self.user.as_ref().map_or("somebody", |user| &user.name)
    }

    /// It asks to be let in; whether it still has a place.
    pub(super) fn ask(&self) -> bool {
        self.hall.lobby().advance(self.place, Stage::Asking)
    }

    /// It says that it has a key; whether it is worth the while to prove that.
    pub(super) fn offer_key(&mut self, key: &PublicKey) -> Auth {
        self.ask();
        if self.hall.doorkeeper.role_of(key).is_some() {
            return Auth::Accept;
        }
        self.keys_offered.push(fingerprint(key));
        Auth::reject()
    }

    /// It has proved that it has a key.
    pub(super) fn show_key(&mut self, user: &str, key: &PublicKey) -> Auth {
        match self.hall.doorkeeper.role_of(key) {
            Some(role) => self.admit(user, role, fingerprint(key)),
            None => Auth::reject(),
        }
    }

    /// It has given a password; the answer takes its time if that is wrong.
    pub(super) async fn give_password(&mut self, user: &str, password: &str) -> Auth {
        let begun = Instant::now();
        if !self.ask() || self.passwords_tried >= MAX_PASSWORDS {
            return no_more();
        }
        self.passwords_tried += 1;
        let limit = self.deadline.saturating_duration_since(begun);
        let (doorkeeper, address) = (&self.hall.doorkeeper, self.address);
        let outcome = doorkeeper.try_password(password, address.ip(), limit, || self.ask()).await;
        let reason = match outcome {
            Ok(role) => return self.admit(user, role, "password".to_owned()),
            Err(Refusal::Wrong) => "wrong password",
            Err(Refusal::TooMany) => {
                "too many wrong passwords from there; the next may be tried later"
            }
        };
        let name = plain_name(user);
        doorkeeper.tell(Level::V, format!("{name}@{address} was not let in: {reason}"));
        sleep_until(begun + FAILURE).await;
        let is_last = outcome == Err(Refusal::TooMany) || self.passwords_tried >= MAX_PASSWORDS;
        if is_last { no_more() } else { again() }
    }

    fn admit(&mut self, user: &str, role: Role, by: String) -> Auth {
        let name = format!("{}@{}", plain_name(user), self.address);
        self.user = Some(User { name, role, by, is_told: false });
        Auth::Accept
    }

    /// Takes a user's place, and says so.
    ///
    /// # Errors
    /// Why there is none for it, for the client.
    pub(super) fn sit_down(&mut self) -> Result<(), &'static str> {
        let Some(user) = &mut self.user else { return Err("nobody has logged in") };
        let User { name, role, by, .. } = &*user;
        let holder = Holder { role: *role, by: by.clone() };
        let doorkeeper = &self.hall.doorkeeper;
        if let Err(crowded) = self.hall.lobby().sit_down(self.place, holder) {
            doorkeeper.tell(Level::V, format!("{name} was not let in: {}", crowded.reason()));
            return Err(crowded.reason());
        }
        let text = format!("{name} logged in with the role `{}` ({by})", role.name());
        doorkeeper.tell(Level::V, text);
        user.is_told = true;
        Ok(())
    }
}

impl Drop for Applicant {
    /// The connection has ended.
    fn drop(&mut self) {
        let keys = self.keys_offered.join(", ");
        let address = self.address;
        let text = match &self.user {
            Some(user) if user.is_told => format!("{} logged out", user.name),
            None if !keys.is_empty() => {
                format!("{address} was not let in: these keys are not authorized: {keys}")
            }
            _ => return,
        };
        self.hall.doorkeeper.tell(Level::V, text);
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
    use super::plain_name;

    /// A name cannot speak to a terminal, break a line or pass for an address.
    #[test]
    fn names_are_plain() {
        assert_eq!(plain_name("alice"), "alice");
        assert_eq!(plain_name("a\x1b[2Jb\nc@10.0.0.1 x"), "a__2Jb_c_10.0.0.1_x");
        assert_eq!(plain_name(""), "nobody");
        assert_eq!(plain_name(&"é".repeat(100)).chars().count(), 32);
    }
}
