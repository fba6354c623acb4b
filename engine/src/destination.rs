//! Where a file that the engine writes really goes.
//!
//! A picture or a sound is written beside its file and then takes its place, so that nobody sees
//! half of one. What must not be replaced in this way is told here, before anything is written.

use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

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
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::resolve;

    /// Links are followed to their end, also where nothing is there yet; a circle is refused.
    #[test]
    fn links_are_followed() {
        let folder =
            std::env::temp_dir().join(format!("metapython-destination-{}", std::process::id()));
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
