//! Files that say who gets in: only their owner may change them, and some only their owner may read.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use super::RemoteError;

/// The largest file that is read, in bytes: thousands of keys.
const MAX_LENGTH: u64 = 1 << 20;

/// What others may not do with a file.
#[derive(Clone, Copy)]
pub(super) enum Guard {
    /// They may neither read nor write it.
    Secret,
    /// They may not write it.
    Unchanged,
}

/// The text of a file; `None` if there is no such file.
///
/// # Errors
/// [`RemoteError::Exposed`] if others may do what the guard says they may not, or write into the
/// file's folder; [`RemoteError::File`] if it cannot be read or is no text of up to a mebibyte.
pub(super) fn read(path: &Path, guard: Guard) -> Result<Option<String>, RemoteError> {
    let failed = |error| RemoteError::File { path: path.to_owned(), error };
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.map_err(failed)?,
    };
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(failed(io::Error::other("it is no file")));
    }
    check(path, &metadata, guard)?;
    if let Some(folder) = path.parent() {
        check_folder(folder)?;
    }
    let mut text = String::new();
    file.take(MAX_LENGTH + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > MAX_LENGTH {
        return Err(failed(io::Error::other(format!("it is longer than {MAX_LENGTH} bytes"))));
    }
    Ok(Some(text))
}

/// Makes a folder that only its owner enters, unless it is there.
///
/// # Errors
/// [`RemoteError::File`] if it cannot be made; [`RemoteError::Exposed`] if others may write into it.
pub(super) fn make_folder(folder: &Path) -> Result<(), RemoteError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| RemoteError::File { path: folder.to_owned(), error })?;
    check_folder(folder)
}

/// Writes a file that only its owner reads, whole or not at all. Where `replaces` does not hold, a
/// file that is there already stays as it is.
///
/// # Errors
/// [`RemoteError::File`] if it cannot be written.
pub(super) fn write(path: &Path, text: &str, replaces: bool) -> Result<(), RemoteError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        if replaces {
            return fs::rename(&beside, path);
        }
        match fs::hard_link(&beside, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => fs::remove_file(&beside),
        }
    };
    write().map_err(|error| {
        // The error that counts is told; half a file is nobody's.
        let _ = fs::remove_file(&beside);
        RemoteError::File { path: path.to_owned(), error }
    })
}

#[cfg(unix)]
fn check(path: &Path, metadata: &Metadata, guard: Guard) -> Result<(), RemoteError> {
    let mode = std::os::unix::fs::MetadataExt::mode(metadata);
    let (forbidden, deed) = match guard {
        Guard::Secret if mode & 0o044 != 0 => (0o077, "read"),
        Guard::Secret => (0o077, "changed"),
        Guard::Unchanged => (0o022, "changed"),
    };
    if mode & forbidden == 0 {
        return Ok(());
    }
    Err(RemoteError::Exposed { path: path.to_owned(), deed, mode: "600" })
}

#[cfg(unix)]
fn check_folder(folder: &Path) -> Result<(), RemoteError> {
    let failed = |error| RemoteError::File { path: folder.to_owned(), error };
    let metadata = fs::metadata(folder).map_err(failed)?;
    if std::os::unix::fs::MetadataExt::mode(&metadata) & 0o022 == 0 {
        return Ok(());
    }
    Err(RemoteError::Exposed { path: folder.to_owned(), deed: "changed", mode: "700" })
}

/// Elsewhere, a user's folder is the user's own by the system's rules.
#[cfg(not(unix))]
fn check(_: &Path, _: &Metadata, _: Guard) -> Result<(), RemoteError> {
    Ok(())
}

#[cfg(not(unix))]
fn check_folder(_: &Path) -> Result<(), RemoteError> {
    Ok(())
}
