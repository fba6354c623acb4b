//! Whose keys open the door: `authorized_keys`, a line each, as OpenSSH has it.
//!
//! A line may begin with one option, `role="view"`, `role="edit"` or `role="exec"`, the role of whoever
//! holds the key; without it, that is `exec`. A line with any other option is refused: one that means to
//! restrict a key must not be passed over.

use std::path::Path;

use russh::keys::{Algorithm, PublicKey};

use super::RemoteError;
use super::private::{self, Guard};
use super::settings::role_named;
use crate::console::Role;

/// The file in the settings' folder.
pub(super) const FILE: &str = "authorized_keys";

/// The role of a key that has none of its own.
const DEFAULT_ROLE: Role = Role::Exec;

/// A key that gets in.
#[derive(Debug, PartialEq)]
pub(super) struct AuthorizedKey {
    pub(super) key: PublicKey,
    pub(super) role: Role,
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct AuthorizedKeys {
    pub(super) keys: Vec<AuthorizedKey>,
    /// What is wrong with the lines that were refused, with the place.
    pub(super) refused: Vec<String>,
}

impl AuthorizedKeys {
    /// Reads the file of a folder; without one, no key gets in.
    ///
    /// # Errors
    /// [`RemoteError`] if it cannot be read, or others may change it.
    pub(super) fn load(folder: &Path) -> Result<Self, RemoteError> {
        let path = folder.join(FILE);
        let text = private::read(&path, Guard::Unchanged)?.unwrap_or_default();
        let mut all = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match parse(line) {
                Ok(key) => all.keys.push(key),
                Err(problem) => {
                    all.refused.push(format!("{}:{}: {problem}", path.display(), index + 1));
                }
            }
        }
        Ok(all)
    }

    /// The role of whoever holds a key; of several lines with the same key the first counts.
    pub(super) fn role_of(&self, key: &PublicKey) -> Option<Role> {
        let found = self.keys.iter().find(|known| known.key.key_data() == key.key_data());
        found.map(|known| known.role)
    }
}

fn parse(line: &str) -> Result<AuthorizedKey, String> {
    let (role, key) = match line.strip_prefix("role=\"") {
        None => (DEFAULT_ROLE, line),
        Some(rest) => {
            let (name, rest) = rest.split_once('"').ok_or("the role lacks its closing quote")?;
            let role = role_named(name)
                .ok_or_else(|| format!("there is no role `{name}`; roles are view, edit, exec"))?;
            if rest.starts_with(',') {
                return Err("role=\"...\" is the only option that is known".to_owned());
            }
            (role, rest.trim_start())
        }
    };
    let key = PublicKey::from_openssh(key).map_err(|_| {
        "this is no public key: a line is [role=\"view|edit|exec\"] TYPE KEY [COMMENT], without other \
         options"
            .to_owned()
    })?;
    if matches!(key.algorithm(), Algorithm::Rsa { .. } | Algorithm::Dsa) {
        return Err(
            "keys of this type are not taken; make one with ssh-keygen -t ed25519".to_owned()
        );
    }
    Ok(AuthorizedKey { key, role })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::console::Role;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";

    /// A role is read, and is `exec` where none is given; a comment may have spaces.
    #[test]
    fn a_line_gives_a_role() {
        let role = |line: String| parse(&line).unwrap().role;
        assert_eq!(role(KEY.to_owned()), Role::Exec);
        assert_eq!(role(format!("role=\"view\" {KEY}")), Role::View);
        assert_eq!(role(format!("role=\"edit\"  {KEY} somebody at home")), Role::Edit);
    }

    /// What could restrict a key and is not understood refuses it.
    #[test]
    fn a_line_that_is_not_understood_is_refused() {
        for line in [
            format!("command=\"ps\" {KEY}"),
            format!("restrict,role=\"view\" {KEY}"),
            format!("role=\"view\",restrict {KEY}"),
            format!("role=\"admin\" {KEY}"),
            format!("role=\"view {KEY}"),
            format!("role=view {KEY}"),
            "ssh-ed25519 AAAA".to_owned(),
            "nonsense".to_owned(),
        ] {
            assert!(parse(&line).is_err(), "{line}");
        }
    }
}
