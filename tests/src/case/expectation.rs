//! What a case expects, as files in its folder.

use std::fs;
use std::path::Path;

use super::text;

/// Compares what came with the files of a case's folder.
pub(super) struct Expectations<'a> {
    /// The case's folder.
    pub(super) folder: &'a Path,
    /// Where that goes which is not as expected.
    pub(super) actual: &'a Path,
    /// Whether what came becomes what is expected.
    pub(super) update: bool,
}

impl Expectations<'_> {
    /// Compares text with a file; no file stands for no text.
    pub(super) fn text(&self, name: &str, came: &str) -> Option<String> {
        let path = self.folder.join(name);
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if expected == came {
            return None;
        }
        if self.update {
            return if came.is_empty() { fs::remove_file(&path) } else { fs::write(&path, came) }
                .err()
                .map(|error| format!("{}: {error}", path.display()));
        }
        Some(format!(
            "{name}: {}; {}",
            text::difference(&expected, came),
            self.keep(name, came.as_bytes())
        ))
    }

    /// Compares what came, if it is compared, with a file by `difference`, which is given what is
    /// expected first.
    pub(super) fn file(
        &self,
        name: &str,
        came: Option<Option<&[u8]>>,
        difference: impl FnOnce(&[u8], &[u8]) -> Option<String>,
    ) -> Option<String> {
        let path = self.folder.join(name);
        let Some(came) = came else {
            let is_stray = path.exists();
            return is_stray
                .then(|| format!("{} is there, but case.ron does not compare it", path.display()));
        };
        let Some(came) = came else { return Some(format!("{name} was not made")) };
        let differs = match fs::read(&path) {
            Ok(expected) => difference(&expected, came)?,
            Err(error) => format!("{}: {error}; UPDATE=1 makes it", path.display()),
        };
        if self.update {
            return fs::write(&path, came)
                .err()
                .map(|error| format!("{}: {error}", path.display()));
        }
        Some(format!("{name}: {differs}; {}", self.keep(name, came)))
    }

    /// Keeps what came for whoever looks; says where.
    fn keep(&self, name: &str, came: &[u8]) -> String {
        let path = self.actual.join(name);
        let kept = fs::create_dir_all(self.actual).and_then(|()| fs::write(&path, came));
        match kept {
            Ok(()) => format!("what came is in {}", path.display()),
            Err(error) => format!("what came cannot be written to {}: {error}", path.display()),
        }
    }
}
