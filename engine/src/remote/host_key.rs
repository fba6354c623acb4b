//! By what clients recognize this host: a key that is made once and kept.

use std::path::Path;

use russh::keys::key::safe_rng;
use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey};

use super::RemoteError;
use super::private::{self, Guard};

/// Its file in the settings' folder, in the form of OpenSSH.
const FILE: &str = "ssh_host_ed25519_key";

/// Reads the host key, or makes it, if there is none.
///
/// # Errors
/// [`RemoteError`] if the file cannot be read or written, holds no key, or is not its owner's alone.
pub(super) fn load_or_create(folder: &Path) -> Result<PrivateKey, RemoteError> {
    let path = folder.join(FILE);
    let refused = |problem: String| RemoteError::HostKey { path: path.clone(), problem };
    if private::read(&path, Guard::Secret)?.is_none() {
        let key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519)
            .map_err(|error| refused(error.to_string()))?;
        let text = key.to_openssh(LineEnding::LF).map_err(|error| refused(error.to_string()))?;
        // Another machine that starts at the same time may be faster: then its key is the one.
        private::write(&path, &text, false)?;
    }
    let text = private::read(&path, Guard::Secret)?.unwrap_or_default();
    let key = PrivateKey::from_openssh(&text).map_err(|error| refused(error.to_string()))?;
    if key.is_encrypted() {
        return Err(refused("it is encrypted, and nobody is asked for its passphrase".to_owned()));
    }
    Ok(key)
}
