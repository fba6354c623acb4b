//! Where sound files are looked for, and those that cannot be played: each is told of once.

use std::path::{Path, PathBuf};

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use super::{Audio, ClipId};
use crate::alert::{self, Level};

/// The folder in which sound files are looked for, and those that cannot be played.
#[derive(Debug, Default, Resource)]
pub struct SoundFolder {
    folder: PathBuf,
    silent: Vec<PathBuf>,
    /// What has been told of those that failed while they were played.
    told: Vec<String>,
}

impl SoundFolder {
    /// Sounds are looked for in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), ..Self::default() }
    }

    /// Whether it has not been told yet; from now on it has.
    pub(super) fn is_news(&mut self, message: &str) -> bool {
        let is_news = !self.told.iter().any(|told| told == message);
        if is_news {
            self.told.push(message.to_owned());
        }
        is_news
    }
}

/// The clip of a file, whose path is relative to the [`SoundFolder`]; one that cannot be played is
/// an alert the first time, and `None`.
pub fn load_clip(world: &mut World, path: &Path) -> Option<ClipId> {
    let sounds = world.get_resource_or_init::<SoundFolder>();
    let path = sounds.folder.join(path);
    if sounds.silent.contains(&path) {
        return None;
    }
    match world.resource_mut::<Audio>().load(&path) {
        Ok(clip) => Some(clip),
        Err(error) => {
            alert::raise(world, "audio", Level::Error, error.to_string());
            world.resource_mut::<SoundFolder>().silent.push(path);
            None
        }
    }
}
