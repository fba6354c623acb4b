//! Finding the scene, script or demo that a user names.

use std::path::{Path, PathBuf};

use metapython_engine::nearest::nearest;

use super::Failure;
use crate::install::Installation;

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A scene file.
    Scene(PathBuf),
    /// A Python script.
    Script(PathBuf),
}

impl Target {
    /// Its file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Scene(path) | Self::Script(path) => path,
        }
    }

    /// The folder that its images and sounds are looked for in; empty for the working directory.
    pub fn folder(&self) -> &Path {
        self.path().parent().unwrap_or(Path::new(""))
    }
}

/// Finds what `name` means: a file, a folder with a `scene.ron`, or the name of a demo.
///
/// # Errors
/// [`Failure`] if it is none of them; it names the demo that comes closest.
pub fn locate(name: &str, installation: &Installation) -> Result<Target, Failure> {
    let path = Path::new(name);
    if path.is_dir() {
        return in_folder(path);
    }
    if path.is_file() {
        return match path.extension().and_then(|extension| extension.to_str()) {
            Some("ron") => Ok(Target::Scene(path.to_owned())),
            Some("py") => Ok(Target::Script(path.to_owned())),
            _ => {
                Err(Failure::plain(format!("{name} is neither a scene (.ron) nor a script (.py)")))
            }
        };
    }
    let demos = find_demos(installation);
    if let Some(demo) = demos.iter().find(|demo| demo.file_name().is_some_and(|own| own == name)) {
        return in_folder(demo);
    }
    if path.extension().is_some() || name.contains(std::path::MAIN_SEPARATOR) {
        return Err(Failure::plain(format!("there is no file {name}")));
    }
    let names: Vec<_> = demos
        .iter()
        .filter_map(|demo| demo.file_name())
        .map(|name| name.to_string_lossy())
        .collect();
    let hint = nearest(name, names.iter().map(AsRef::as_ref)).map_or_else(
        || format!("the demos are {}", names.join(", ")),
        |demo| format!("did you mean `{demo}`?"),
    );
    Err(Failure::plain(format!("there is no scene, script or demo `{name}`; {hint}")))
}

fn in_folder(folder: &Path) -> Result<Target, Failure> {
    let scene = folder.join("scene.ron");
    if scene.is_file() {
        return Ok(Target::Scene(scene));
    }
    Err(Failure::plain(format!("the folder {} has no scene.ron", folder.display())))
}

/// The folders of the demos, by name.
pub fn find_demos(installation: &Installation) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(&installation.demos).into_iter().flatten().flatten();
    let mut demos: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.join("scene.ron").is_file()).collect();
    demos.sort();
    demos
}

/// Each demo's name and what it says of itself: the first line of its `README.md` that is neither
/// empty nor a heading.
pub fn demos(installation: &Installation) -> Vec<(String, String)> {
    let describe = |demo: PathBuf| {
        let name = demo.file_name().map(|name| name.to_string_lossy().into_owned())?;
        let readme = std::fs::read_to_string(demo.join("README.md")).unwrap_or_default();
        let line =
            readme.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        Some((name, line.unwrap_or_default().to_owned()))
    };
    find_demos(installation).into_iter().filter_map(describe).collect()
}
