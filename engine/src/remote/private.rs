//! Files that say who gets in: only this user may change them, and some only this user may read.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
#[cfg(unix)]
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use argon2::password_hash::rand_core::{OsRng, RngCore};

use super::RemoteError;

/// The largest file that is read, in bytes: thousands of keys.
const MAX_LENGTH: u64 = 1 << 20;

/// The bit of a folder's mode by which only the owner of what is in it may rename that: as in `/tmp`.
#[cfg(unix)]
const STICKY: u32 = 0o1000;

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
/// [`RemoteError::Exposed`] if others may do what the guard says they may not, or put another file in
/// its place; [`RemoteError::Foreign`] if it or its folder is another user's; [`RemoteError::File`] if
/// it cannot be read or is no text of up to a mebibyte.
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
    // Where a link leads to, others have as little to say.
    if let Some(folder) = path.canonicalize().map_err(failed)?.parent() {
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
/// [`RemoteError::File`] if it cannot be made; [`RemoteError::Exposed`] if others may write into it, and
/// [`RemoteError::Foreign`] if it is another user's.
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
    // By chance, as another machine may write at the same time; where they share the folder and not
    // the computer, both may even have the same process id.
    name.push(format!(".{:016x}.tmp", OsRng.next_u64()));
    let beside = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
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
    let mode = metadata.mode();
    check_owner(path, metadata)?;
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
    let folder = folder.canonicalize().map_err(failed)?;
    for (height, folder) in folder.ancestors().enumerate() {
        let metadata = fs::metadata(folder).map_err(failed)?;
        let forbidden = if height == 0 {
            check_owner(folder, &metadata)?;
            0o022
        } else if metadata.mode() & STICKY == 0 {
            // Of a group there may be one user alone; on many systems it is so with each user's own.
            0o002
        } else {
            0
        };
        if metadata.mode() & forbidden != 0 {
            let (path, deed) = (folder.to_owned(), "changed");
            let mode = if height == 0 { "700" } else { "o-w" };
            return Err(RemoteError::Exposed { path, deed, mode });
        }
    }
    Ok(())
}

/// Who owns something may change it, whatever its mode is now; the system's own user may anyway.
#[cfg(unix)]
fn check_owner(path: &Path, metadata: &Metadata) -> Result<(), RemoteError> {
    let own = rustix::process::geteuid();
    if metadata.uid() == own.as_raw() || metadata.uid() == 0 {
        return Ok(());
    }
    Err(RemoteError::Foreign { path: path.to_owned() })
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

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, chown, symlink};
    use std::path::{Path, PathBuf};

    use super::{Guard, make_folder, read, write};
    use crate::remote::RemoteError;

    /// A folder of this test's own, `settings` in it, and a way to set modes.
    fn folder(name: &str) -> PathBuf {
        let top = std::env::temp_dir().join(format!("metapython-{name}-{}", std::process::id()));
        make_folder(&top.join("settings")).unwrap();
        top
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// What was made is its owner's alone; what is there already stays where that is wished.
    #[test]
    fn a_file_is_written_whole_and_for_its_owner() {
        let top = folder("private-write");
        let path = top.join("settings/key");
        write(&path, "first", false).unwrap();
        write(&path, "second", false).unwrap();
        let kept = read(&path, Guard::Secret).unwrap();
        write(&path, "third", true).unwrap();
        let replaced = read(&path, Guard::Secret).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let files = fs::read_dir(top.join("settings")).unwrap().count();
        fs::remove_dir_all(&top).unwrap();
        assert_eq!((kept.as_deref(), replaced.as_deref()), (Some("first"), Some("third")));
        assert_eq!((mode, files), (0o600, 1));
    }

    /// Who may change a folder above a file may put another file in its place; also where a link leads.
    #[test]
    fn folders_above_count() {
        let top = folder("private-folders");
        let path = top.join("settings/keys");
        write(&path, "text", true).unwrap();
        let read = |path: &Path| read(path, Guard::Unchanged);
        set_mode(&top, 0o777);
        let open = read(&path);
        set_mode(&top, 0o1777);
        let sticky = read(&path);
        set_mode(&top, 0o770);
        let group = read(&path);
        set_mode(&top.join("settings"), 0o770);
        let own = read(&path);
        make_folder(&top.join("other")).unwrap();
        symlink(&path, top.join("other/keys")).unwrap();
        let linked = read(&top.join("other/keys"));
        fs::remove_dir_all(&top).unwrap();
        assert!(open.unwrap_err().to_string().contains("chmod o-w"));
        assert!(sticky.is_ok() && group.is_ok());
        assert!(own.unwrap_err().to_string().contains("chmod 700"));
        assert!(matches!(linked, Err(RemoteError::Exposed { .. })));
    }

    /// A file of another user's is not trusted, whatever its mode. Only root can make one, to see it.
    #[test]
    fn an_owner_counts() {
        let top = folder("private-owner");
        let path = top.join("settings/keys");
        write(&path, "text", true).unwrap();
        let is_given = chown(&path, Some(12_345), None).is_ok();
        let is_root = rustix::process::geteuid().is_root();
        let found = read(&path, Guard::Unchanged);
        fs::remove_dir_all(&top).unwrap();
        assert_eq!(is_given, is_root);
        assert_eq!(matches!(found, Err(RemoteError::Foreign { .. })), is_given);
    }
}
