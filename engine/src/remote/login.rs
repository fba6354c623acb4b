//! Who gets in, and as what.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use russh::keys::PublicKey;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::authorized_keys::{self, AuthorizedKeys};
use super::patience::Patience;
use super::settings::{Password, Settings};
use super::{RemoteError, SOURCE, password};
use crate::alert::{AlertSender, Level};
use crate::console::Role;

/// What the files of the settings' folder say of who gets in, read anew at each login.
#[derive(Debug)]
pub(super) struct Doorkeeper {
    folder: PathBuf,
    alerts: AlertSender,
    patience: Mutex<Patience>,
    /// One password is looked at at a time: each takes a core and much memory.
    attention: Semaphore,
    /// What was wrong with the files when they were last read: it is told once.
    told: Mutex<BTreeSet<String>>,
}

/// Why a password did not open the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Wrong,
    /// There were too many wrong ones from that address.
    TooMany,
}

impl Doorkeeper {
    pub(super) fn new(folder: PathBuf, alerts: AlertSender) -> Self {
        Self {
            folder,
            alerts,
            patience: Mutex::default(),
            attention: Semaphore::new(1),
            told: Mutex::default(),
        }
    }

    /// Whether anybody can get in; says so if nobody can.
    pub(super) fn look_around(&self) {
        let has_password = self.password().is_some();
        if has_password || !self.keys().keys.is_empty() {
            return;
        }
        let keys = self.folder.join(authorized_keys::FILE);
        let text = format!(
            "nobody can log in yet: put public keys into {}, or set a password with `metapython \
             password`",
            keys.display()
        );
        self.tell(Level::V, text);
    }

    /// Raises an alert.
    pub(super) fn tell(&self, level: Level, text: impl Into<String>) {
        // A machine that has ended has nobody to tell.
        let _ = self.alerts.raise(SOURCE, level, text);
    }

    /// The password that gets in, if one does.
    pub(super) fn password(&self) -> Option<Password> {
        match Settings::load(&self.folder) {
            Ok(settings) => settings.password,
            Err(error) => {
                self.complain([format!("no password gets in: {error}")]);
                None
            }
        }
    }

    /// The role of whoever holds a key, if that gets in.
    pub(super) fn role_of(&self, key: &PublicKey) -> Option<Role> {
        self.keys().role_of(key)
    }

    fn keys(&self) -> AuthorizedKeys {
        AuthorizedKeys::load(&self.folder).map_or_else(
            |error: RemoteError| {
                self.complain([format!("no key gets in: {error}")]);
                AuthorizedKeys::default()
            },
            |mut keys| {
                let refused = keys.refused.drain(..);
                self.complain(
                    refused.map(|problem| format!("this line lets nobody in: {problem}")),
                );
                keys
            },
        )
    }

    /// Tells what is wrong with a file, unless it has been told.
    fn complain(&self, problems: impl IntoIterator<Item = String>) {
        for problem in problems {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            // What a user changes again and again must not fill the memory.
            if told.len() > 1_000 {
                told.clear();
            }
            if told.insert(problem.clone()) {
                self.tell(Level::Error, problem);
            }
        }
    }

    /// Looks at a password when the address has its turn, for no longer than `limit`; `is_there` says
    /// whether anybody still waits for it.
    pub(super) async fn try_password(
        &self,
        text: &str,
        address: IpAddr,
        limit: Duration,
        is_there: impl Fn() -> bool,
    ) -> Result<Role, Refusal> {
        // Whoever is looked at first has failed or not before the next one's turn is told: otherwise all
        // that come at once would be the first.
        let mut attention = self.attention.acquire().await;
        let turn = self.patience().turn(address, Instant::now(), limit);
        let turn = turn.ok_or(Refusal::TooMany)?;
        if !turn.is_zero() {
            drop(attention);
            tokio::time::sleep(turn).await;
            attention = self.attention.acquire().await;
        }
        let _attention = attention;
        let password = self.password().filter(|_| is_there()).ok_or(Refusal::Wrong)?;
        let (hash, text) = (password.hash, text.to_owned());
        let is_right = spawn_blocking(move || password::is_right(&hash, &text)).await;
        let mut patience = self.patience();
        if is_right.unwrap_or(false) {
            patience.succeeded(address);
            return Ok(password.role);
        }
        patience.failed(address, Instant::now());
        Err(Refusal::Wrong)
    }

    fn patience(&self) -> MutexGuard<'_, Patience> {
        self.patience.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::task::JoinSet;

    use super::{Doorkeeper, Refusal};
    use crate::alert::Alerts;
    use crate::console::Role;
    use crate::remote::set_password;

    /// Of passwords that come at the same time no more are looked at than one after the other.
    #[test]
    fn many_at_once_are_not_all_the_first() {
        let folder = std::env::temp_dir().join(format!("metapython-login-{}", std::process::id()));
        set_password(&folder, "correct horse", Role::View).unwrap();
        let doorkeeper = Arc::new(Doorkeeper::new(folder.clone(), Alerts::default().sender()));
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let refusals = runtime.block_on(async {
            let mut tries = JoinSet::new();
            for _ in 0..12 {
                let doorkeeper = Arc::clone(&doorkeeper);
                let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
                tries.spawn(async move {
                    let limit = Duration::ZERO;
                    doorkeeper.try_password("wrong horse", here, limit, || true).await.unwrap_err()
                });
            }
            tries.join_all().await
        });
        std::fs::remove_dir_all(&folder).unwrap();
        let count = |wanted| refusals.iter().filter(|refusal| **refusal == wanted).count();
        assert_eq!((count(Refusal::Wrong), count(Refusal::TooMany)), (3, 9));
    }
}
