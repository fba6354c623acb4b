//! The history as a file: a line for each entry, so that any tool can read it.
//!
//! A line break within an entry is written `\n`, a backslash `\\`. Saving replaces the file as a
//! whole, so that a crash leaves the old one or the new one, and adds to what other programs have
//! saved meanwhile.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::destination::{self, Readers};

use super::{History, LIMIT};

impl History {
    /// Reads the history of a file, the last 10,000 entries of it; later it is saved there. A file
    /// that is not there yet is an empty history.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn load(path: &Path) -> io::Result<Self> {
        let mut history = Self { file: Some(path.to_owned()), ..Self::new(LIMIT) };
        history.read(path)?;
        Ok(history)
    }

    /// Adds what was entered since the last time to the file, in a file that only its owner reads.
    /// Without a file it does nothing.
    ///
    /// # Errors
    /// If the file or its folder cannot be written.
    pub fn save(&mut self) -> io::Result<()> {
        let Some(path) = self.file.clone().filter(|_| self.unsaved > 0) else {
            return Ok(());
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let path = destination::resolve(&path)?;
        let mut whole = Self::new(self.limit);
        whole.read(&path)?;
        for entry in self.entries.range(self.entries.len() - self.unsaved..) {
            whole.append(entry);
        }
        let text: String = whole.iter().map(|entry| escape(entry) + "\n").collect();
        destination::replace(&path, Readers::Owner, |out| out.write_all(text.as_bytes()))?;
        self.unsaved = 0;
        Ok(())
    }

    fn read(&mut self, path: &Path) -> io::Result<()> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            bytes => bytes?,
        };
        // A byte that is no text costs a letter, not the history.
        for line in String::from_utf8_lossy(&bytes).lines() {
            self.append(&unescape(line));
        }
        Ok(())
    }
}

fn escape(entry: &str) -> String {
    entry.replace('\\', "\\\\").replace('\n', "\\n")
}

fn unescape(line: &str) -> String {
    let (mut entry, mut letters) = (String::with_capacity(line.len()), line.chars());
    while let Some(letter) = letters.next() {
        match (letter, letters.as_str().chars().next()) {
            ('\\', Some('n')) => entry.push('\n'),
            ('\\', Some('\\')) => entry.push('\\'),
            _ => {
                entry.push(letter);
                continue;
            }
        }
        letters.next();
    }
    entry
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::{History, escape, unescape};

    /// A folder of the test's own, which goes with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let name = format!("metapython-history-{name}-{}", std::process::id());
            Self(std::env::temp_dir().join(name))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn entries(history: &History) -> Vec<&str> {
        history.iter().collect()
    }

    /// Entries of several lines come back as they were, from a file with a line for each.
    #[test]
    fn a_saved_history_comes_back() {
        let folder = Folder::new("back");
        let path = folder.0.join("deep/history");
        let mut history = History::load(&path).unwrap();
        history.push("if x:\n    print('a\\n')\n");
        history.push("ps");
        history.save().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, "if x:\\n    print('a\\\\n')\nps\n");
        let back = History::load(&path).unwrap();
        assert_eq!(entries(&back), ["if x:\n    print('a\\n')", "ps"]);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    /// Two programs that save by turns keep each other's entries.
    #[test]
    fn two_programs_share_a_file() {
        let folder = Folder::new("share");
        let path = folder.0.join("history");
        let [mut one, mut other] = [(); 2].map(|()| History::load(&path).unwrap());
        one.push("a");
        one.save().unwrap();
        other.push("b");
        other.save().unwrap();
        one.push("c");
        one.save().unwrap();
        assert_eq!(entries(&History::load(&path).unwrap()), ["a", "b", "c"]);
        assert_eq!(entries(&one), ["a", "c"]);
    }

    /// Nobody else reads what somebody typed.
    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new("owner");
        let path = folder.0.join("history");
        let mut history = History::load(&path).unwrap();
        history.push("a");
        history.save().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    proptest! {
        /// Every text survives its line.
        #[test]
        fn every_entry_fits_into_a_line(entry in "([a\\\\n\n]|.){0,20}") {
            let line = escape(&entry);
            prop_assert!(!line.contains('\n'));
            prop_assert_eq!(unescape(&line), entry);
        }
    }
}
