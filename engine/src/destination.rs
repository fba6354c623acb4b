//! Where a file that the engine writes really goes, and how it gets there.
//!
//! A picture, a sound or a scene is written beside its file and then takes its place, so that nobody
//! sees half of one. What must not be replaced in this way is told here, before anything is written.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

/// Who may read a file that was not there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Those whom the system lets read any new file.
    Usual,
    /// Nobody but its owner.
    Owner,
}

/// Replaces the file at `path`, or what its symbolic links lead to, by what `write` writes; it need
/// not exist. A crash at any instant leaves the old file or the new one, and so does an error.
///
/// # Errors
/// Those of [`resolve`], of `write`, and of the system.
pub(crate) fn replace(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<()>,
) -> Result<()> {
    let target = resolve(path)?;
    let Some(name) = target.file_name() else {
        return Err(Error::new(ErrorKind::InvalidInput, "this names no file"));
    };
    // In the same folder, as a file cannot be renamed into another file system; by process, as two
    // may save the same.
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = target.with_file_name(beside);
    let replaced =
        write_new(&beside, &target, readers, write).and_then(|()| fs::rename(&beside, &target));
    replaced.inspect_err(|_| {
        // What is left of it is of no use; that it is there was not the failure to report.
        let _ = fs::remove_file(&beside);
    })
}

/// Writes a file to the disk that is to take the place of `target`, whose permissions it gets.
fn write_new(
    path: &Path,
    target: &Path,
    readers: Readers,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<()>,
) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let _ = readers;
    let mut out = BufWriter::new(options.open(path)?);
    if let Ok(replaced) = fs::metadata(target) {
        out.get_ref().set_permissions(replaced.permissions())?;
    }
    write(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()
}

/// Symbolic links that are followed one after the other; Linux gives up at as many.
const MAX_LINKS: usize = 40;

/// The file to replace when somebody saves to `path`: `path` itself, or what its symbolic links
/// lead to. It need not exist.
///
/// # Errors
/// If it exists and is no regular file, or the links lead nowhere.
pub(crate) fn resolve(path: &Path) -> Result<PathBuf> {
    let refused = |reason: &str| Err(Error::new(ErrorKind::InvalidInput, reason));
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            return refused("it is a folder; give the name of a file in it");
        }
        Ok(found) if !found.is_file() => {
            return refused("it is a device or a pipe, not a file; give the name of a file");
        }
        _ => {}
    }
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&target) {
            Ok(found) if found.is_symlink() => {
                let link = fs::read_link(&target)?;
                target = target.parent().unwrap_or(Path::new("")).join(link);
            }
            // Whether it can be made where it is not yet, its creation tells.
            _ => return Ok(target),
        }
    }
    refused("its symbolic links lead in a circle; give the name of a file")
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io::{Error, Write};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::{Path, PathBuf};

    use super::{Readers, replace, resolve};

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("metapython-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A file that cannot be written to its end is not there, and the one before it still is.
    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let folder = folder("replace-failed");
        let path = folder.join("kept");
        fs::write(&path, "old").unwrap();
        let failure = replace(&path, Readers::Usual, |out| {
            out.write_all(b"half of it")?;
            Err(Error::other("the disk is full"))
        });
        let (text, files) = (fs::read_to_string(&path), fs::read_dir(&folder).unwrap().count());
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(failure.unwrap_err().to_string(), "the disk is full");
        assert_eq!((text.unwrap().as_str(), files), ("old", 1));
    }

    /// A replaced file is read by whom the old one was, a new one by whom it is meant for.
    #[test]
    fn permissions_stay() {
        let folder = folder("replace-permissions");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (old, new) = (folder.join("old"), folder.join("new"));
        fs::write(&old, "old").unwrap();
        fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&old, Readers::Usual, |out| out.write_all(b"newer")).unwrap();
        replace(&new, Readers::Owner, |out| out.write_all(b"new")).unwrap();
        let (modes, text) = ((mode(&old), mode(&new)), fs::read_to_string(&old).unwrap());
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((modes, text.as_str()), ((0o640, 0o600), "newer"));
    }

    /// Links are followed to their end, also where nothing is there yet; a circle is refused.
    #[test]
    fn links_are_followed() {
        let folder = folder("destination");
        fs::create_dir_all(folder.join("deep")).unwrap();
        symlink("deep/b", folder.join("a")).unwrap();
        symlink("../c", folder.join("deep/b")).unwrap();
        symlink("circle", folder.join("circle")).unwrap();
        let (missing, circle) = (resolve(&folder.join("a")), resolve(&folder.join("circle")));
        fs::write(folder.join("c"), "").unwrap();
        let there = resolve(&folder.join("a"));
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(missing.unwrap(), folder.join("deep/../c"));
        assert_eq!(there.unwrap(), folder.join("deep/../c"));
        assert!(circle.unwrap_err().to_string().starts_with("its symbolic links"));
    }

    /// A folder and a device are refused with a remedy; a plain name is what it is.
    #[test]
    fn only_a_file_is_replaced() {
        let refusal = |path: &str| resolve(Path::new(path)).unwrap_err().to_string();
        assert_eq!(refusal("/"), "it is a folder; give the name of a file in it");
        let device = "it is a device or a pipe, not a file; give the name of a file";
        assert_eq!(refusal("/dev/full"), device);
        assert_eq!(resolve(Path::new("no-such.png")).unwrap(), Path::new("no-such.png"));
    }
}
