//! What the users of the console over SSH are given: `remote.ron`.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};

use super::RemoteError;
use super::private::{self, Guard};
use crate::console::Role;

/// The file in the settings' folder.
pub(super) const FILE: &str = "remote.ron";

/// How long a stranger may be given to log in, in seconds: longer would only help an attacker.
const LOGIN_SECS: RangeInclusive<u64> = 1..=3600;

/// How long a client may be silent before it is asked, in seconds: a day is a network that never drops.
const KEEPALIVE_SECS: RangeInclusive<u64> = 1..=86_400;

/// The version of the file's form.
const VERSION: u32 = 1;

/// The file as it is written.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    version: u32,
    /// What gets in without a key; nothing does if there is none.
    #[serde(default)]
    pub(super) password: Option<Password>,
    #[serde(default)]
    pub(super) limits: Limits,
}

/// A password, of which nobody can tell what it is.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Password {
    /// Its hash by Argon2, as a PHC string.
    pub(super) hash: String,
    /// What whoever knows it may do.
    #[serde(with = "RoleForm")]
    pub(super) role: Role,
}

/// How many there may be, and for how long.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    /// Connections that are logged in.
    pub(super) users: usize,
    /// Connections that are not, or not yet.
    pub(super) strangers: usize,
    /// How long a stranger may take, in seconds.
    pub(super) login_secs: u64,
    /// After how much silence a client is asked whether it is still there, in seconds.
    pub(super) keepalive_secs: u64,
}

impl Limits {
    pub(super) fn login(self) -> Duration {
        Duration::from_secs(self.login_secs)
    }

    pub(super) fn keepalive(self) -> Duration {
        Duration::from_secs(self.keepalive_secs)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { users: 16, strangers: 64, login_secs: 30, keepalive_secs: 30 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { version: VERSION, password: None, limits: Limits::default() }
    }
}

/// A role as the file has it: `exec`.
#[derive(Deserialize, Serialize)]
#[serde(remote = "Role", rename_all = "lowercase")]
enum RoleForm {
    View,
    Edit,
    Exec,
}

/// The role of a name.
pub(super) fn role_named(name: &str) -> Option<Role> {
    [Role::View, Role::Edit, Role::Exec].into_iter().find(|role| role.name() == name)
}

impl Settings {
    /// Reads the file of a folder; without one, everything is as usual and no password gets in.
    ///
    /// # Errors
    /// [`RemoteError`] if it cannot be read or understood, or is not its owner's alone.
    pub(super) fn load(folder: &Path) -> Result<Self, RemoteError> {
        let path = folder.join(FILE);
        let Some(text) = private::read(&path, Guard::Secret)? else { return Ok(Self::default()) };
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: PathBuf) -> Result<Self, RemoteError> {
        let refused = |problem| RemoteError::Settings { path, problem };
        match ron::from_str::<Self>(text) {
            Err(error) => Err(refused(format!("{}: {}", error.span.start, error.code))),
            Ok(settings) if settings.version != VERSION => Err(refused(format!(
                "1: version {} is not known; this program knows version {VERSION}",
                settings.version
            ))),
            Ok(Self { limits: Limits { users, strangers, login_secs, .. }, .. })
                if users == 0 || strangers == 0 || !LOGIN_SECS.contains(&login_secs) =>
            {
                let (low, high) = (LOGIN_SECS.start(), LOGIN_SECS.end());
                Err(refused(format!(
                    "1: with these limits nobody could log in: users and strangers are 1 or more, \
                     login_secs {low} to {high}"
                )))
            }
            Ok(Self { limits, .. }) if !KEEPALIVE_SECS.contains(&limits.keepalive_secs) => {
                let (low, high) = (KEEPALIVE_SECS.start(), KEEPALIVE_SECS.end());
                let seconds = limits.keepalive_secs;
                Err(refused(format!("1: keepalive_secs is {low} to {high}, not {seconds}")))
            }
            Ok(settings) => Ok(settings),
        }
    }

    /// Writes the file of a folder, which is made if there is none.
    ///
    /// # Errors
    /// [`RemoteError`] if it cannot be written.
    pub(super) fn save(&self, folder: &Path) -> Result<(), RemoteError> {
        private::make_folder(folder)?;
        let path = folder.join(FILE);
        let text = ron::ser::to_string_pretty(self, PrettyConfig::default()).map_err(|error| {
            RemoteError::Settings { path: path.clone(), problem: error.to_string() }
        })?;
        private::write(&path, &(text + "\n"), true)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::Settings;

    /// What is written can be read; what is not said is as usual.
    #[test]
    fn settings_have_defaults() {
        let parse = |text: &str| Settings::parse(text, PathBuf::from("remote.ron"));
        let settings = parse("(version: 1, limits: (users: 3))").unwrap();
        assert_eq!((settings.limits.users, settings.limits.strangers), (3, 64));
        let text = ron::to_string(&settings).unwrap();
        assert_eq!(parse(&text).unwrap().limits.users, 3);
        let problem = |text: &str| parse(text).unwrap_err().to_string();
        assert!(problem("(version: 2)").contains("version 2 is not known"));
        assert!(
            problem("(version: 1,\n user: 3)").starts_with("remote.ron:2:"),
            "{}",
            problem("(version: 1,\n user: 3)")
        );
        for limits in
            ["users: 0", "strangers: 0", "login_secs: 0", "login_secs: 18446744073709551615"]
        {
            let text = format!("(version: 1, limits: ({limits}))");
            assert!(problem(&text).contains("nobody could log in"), "{limits}");
        }
        let text = "(version: 1, limits: (keepalive_secs: 0))";
        assert!(problem(text).contains("keepalive_secs is 1 to 86400, not 0"));
    }
}
