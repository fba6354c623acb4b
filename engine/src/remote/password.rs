//! The password: only its Argon2id hash is ever written anywhere.

use std::path::Path;

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use thiserror::Error;

use super::RemoteError;
use super::settings::{Password, Settings};
use crate::console::Role;

/// The shortest password, in characters: with the delays after failures, out of reach of guessing.
const MIN_LENGTH: usize = 8;

/// The longest password, in bytes: what is longer is a mistake, not a secret.
const MAX_LENGTH: usize = 1024;

/// Why a password is not taken.
#[derive(Debug, Error)]
pub enum PasswordError {
    /// It would be guessed, or nobody could type it.
    #[error("a password has {MIN_LENGTH} characters or more, and at most {MAX_LENGTH} bytes")]
    Length,
    /// No hash can be made.
    #[error("cannot hash the password: {0}")]
    Hash(argon2::password_hash::Error),
    /// The settings cannot be read or written.
    #[error(transparent)]
    Settings(#[from] RemoteError),
}

/// Has a password get in from now on, with a role, also into machines that run already.
///
/// # Errors
/// [`PasswordError`] if it is too short or long, or the settings in `folder` cannot be read or written.
pub fn set_password(folder: &Path, password: &str, role: Role) -> Result<(), PasswordError> {
    if password.chars().count() < MIN_LENGTH || password.len() > MAX_LENGTH {
        return Err(PasswordError::Length);
    }
    let mut settings = Settings::load(folder)?;
    let hash = hash(password).map_err(PasswordError::Hash)?;
    settings.password = Some(Password { hash, role });
    Ok(settings.save(folder)?)
}

/// Has no password get in from now on; whether one did.
///
/// # Errors
/// [`RemoteError`] if the settings in `folder` cannot be read or written.
pub fn remove_password(folder: &Path) -> Result<bool, RemoteError> {
    let mut settings = Settings::load(folder)?;
    let had_one = settings.password.take().is_some();
    if had_one {
        settings.save(folder)?;
    }
    Ok(had_one)
}

/// Argon2id with what its authors recommend: 19 MiB, two turns.
fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let salt = SaltString::generate(&mut OsRng);
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

/// Whether a password is the one of a hash. Takes a tenth of a second of a core, and 19 MiB.
pub(super) fn is_right(hash: &str, password: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    password.len() <= MAX_LENGTH
        && Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{hash, is_right};

    /// The right password is right; no other one is, nor one against what is no hash.
    #[test]
    fn a_hash_knows_its_password() {
        let hash = hash("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("horse"));
        assert!(is_right(&hash, "correct horse"));
        assert!(!is_right(&hash, "correct house"));
        assert!(!is_right("correct horse", "correct horse"));
    }
}
