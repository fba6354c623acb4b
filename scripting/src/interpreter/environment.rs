//! The Python installation or virtual environment whose packages scripts import.

use std::path::{Path, PathBuf};

use super::BUILT_VERSION;

/// Which Python executable the interpreter takes itself for, and what to tell the user of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// The executable: its folder decides where packages are found.
    pub executable: PathBuf,
    /// Why the active virtual environment is not used, if it is not.
    pub remark: Option<String>,
}

impl Environment {
    /// The environment that `VIRTUAL_ENV` names if its Python is the one that this program was
    /// built with, otherwise `built_with`, the executable of that Python.
    pub fn choose(virtual_env: Option<&Path>, built_with: &Path) -> Self {
        let plain = |remark| Self { executable: built_with.to_owned(), remark };
        let Some(folder) = virtual_env else { return plain(None) };
        let executable = folder.join("bin").join("python");
        let settings = std::fs::read_to_string(folder.join("pyvenv.cfg")).unwrap_or_default();
        match setting(&settings, "version").or_else(|| setting(&settings, "version_info")) {
            Some(version) if minor(version) == minor(BUILT_VERSION) && executable.exists() => {
                Self { executable, remark: None }
            }
            Some(version) => plain(Some(format!(
                "the virtual environment {} is of Python {version}, and this program was built for \
                 Python {BUILT_VERSION}: its packages are not used; make one with {}",
                folder.display(),
                built_with.display(),
            ))),
            None => plain(Some(format!(
                "VIRTUAL_ENV names {}, which is no virtual environment: it is not used",
                folder.display()
            ))),
        }
    }
}

/// A line `key = value` of a `pyvenv.cfg`.
fn setting<'a>(settings: &'a str, key: &str) -> Option<&'a str> {
    settings.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim())
    })
}

/// The part of a version that decides whether compiled packages fit: `3.11` of `3.11.7`.
fn minor(version: &str) -> Option<(&str, &str)> {
    let mut parts = version.split('.');
    Some((parts.next()?, parts.next()?))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::Environment;
    use crate::interpreter::BUILT_VERSION;

    fn venv(name: &str, settings: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("metapython-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("bin")).unwrap();
        fs::write(folder.join("bin/python"), "").unwrap();
        fs::write(folder.join("pyvenv.cfg"), settings).unwrap();
        folder
    }

    /// A fitting environment is used; another Python's is left, and the user told.
    #[test]
    fn only_a_fitting_virtual_environment_is_used() {
        let base = Path::new("/usr/bin/python3");
        let fitting = venv("fitting", &format!("home = /usr/bin\nversion = {BUILT_VERSION}\n"));
        let chosen = Environment::choose(Some(&fitting), base);
        assert_eq!(chosen.executable, fitting.join("bin/python"));
        assert_eq!(chosen.remark, None);

        let other = venv("other", "home = /usr/bin\nversion = 3.7.1\n");
        let chosen = Environment::choose(Some(&other), base);
        assert_eq!(chosen.executable, base);
        assert!(chosen.remark.unwrap().contains("is of Python 3.7.1"));

        let gone = Environment::choose(Some(Path::new("no/such")), base);
        assert!(gone.remark.unwrap().contains("no virtual environment"));
        assert_eq!(Environment::choose(None, base).remark, None);
        fs::remove_dir_all(fitting).unwrap();
        fs::remove_dir_all(other).unwrap();
    }
}
