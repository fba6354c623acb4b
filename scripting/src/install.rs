//! Where the program's own files are: the Python package and the demos.

use std::path::{Path, PathBuf};

/// The folders of an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Holds the Python package `metapython`.
    pub python: PathBuf,
    /// Holds the demos, a folder each.
    pub demos: PathBuf,
}

impl Installation {
    /// Looks in `METAPYTHON_HOME` (a folder of sources), in `share/metapython` beside the folder of
    /// the program, and in the sources that the program was built from.
    ///
    /// # Errors
    /// The last place in which the Python package was looked for.
    pub fn find() -> Result<Self, PathBuf> {
        let home = std::env::var_os("METAPYTHON_HOME").map(PathBuf::from);
        let program = std::env::current_exe().ok();
        let shared = program.as_deref().and_then(Path::parent).and_then(Path::parent);
        let shared = shared.map(|prefix| prefix.join("share/metapython"));
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned);
        let installed = shared
            .map(|shared| Self { python: shared.join("python"), demos: shared.join("demos") });
        let candidates = home
            .map(Self::of_sources)
            .into_iter()
            .chain(installed)
            .chain(sources.map(Self::of_sources));
        let mut searched = PathBuf::new();
        for candidate in candidates {
            if candidate.python.join("metapython/__init__.py").is_file() {
                return Ok(candidate);
            }
            searched = candidate.python;
        }
        Err(searched)
    }

    /// That of a package that an interpreter has imported: the demos are in it.
    pub fn of_package(package: &Path) -> Self {
        let python = package.parent().unwrap_or(package).to_owned();
        Self { python, demos: package.join("demos") }
    }

    fn of_sources(root: PathBuf) -> Self {
        Self { python: root.join("scripting/python"), demos: root.join("demos") }
    }
}
