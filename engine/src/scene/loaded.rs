//! What a world was loaded from.

use std::path::PathBuf;

use bevy_ecs::resource::Resource;

/// What was loaded last, for who asks, saves it or loads it again. Paths are absolute.
#[derive(Clone, Debug, PartialEq, Eq, Resource)]
pub struct Loaded {
    /// What kind of file it was.
    pub kind: Kind,
    /// The file.
    pub file: PathBuf,
    /// The folder that sessions which run no Python read and write files in: that of the file, or one
    /// above it that a file was loaded from before.
    pub grounds: PathBuf,
    /// The folder in which its images and sounds are looked for.
    pub assets: PathBuf,
    /// The scripts that it names.
    pub scripts: Vec<PathBuf>,
}

/// What kind of file a world was loaded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A scene of the user's.
    Scene,
    /// A demo: a scene of the installation, which is not the user's to change.
    Demo,
    /// A script.
    Script,
}
