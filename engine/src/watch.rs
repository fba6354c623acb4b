//! Files that are saved while the machine runs.
//!
//! A [`Watcher`] says which files of some folders have changed; an [`Updater`] says which folders
//! matter, and takes the new versions in. Both meet in the input phase. What a file means only the
//! updater knows; images are read anew without it.

use std::path::{Path, PathBuf};

use bevy_ecs::world::World;
use thiserror::Error;

use crate::alert::{self, Level};
use crate::render::Images;
use crate::scene::{BindingsFile, take_saved_bindings};

/// Looks at the files of some folders.
pub trait Watcher {
    /// Watches these folders, without those in them, and no others from now on.
    ///
    /// # Errors
    /// [`WatchError`] names a folder that cannot be watched; the others are.
    fn follow(&mut self, folders: &[PathBuf]) -> Result<(), WatchError>;

    /// The files that were written, replaced or removed, and have been left alone since for long
    /// enough to be whole; sorted, each once.
    fn poll(&mut self) -> Vec<PathBuf>;
}

/// Why a folder is not watched.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("changes in the folder {folder} are not seen: {reason}", folder = folder.display())]
pub struct WatchError {
    /// The folder.
    pub folder: PathBuf,
    /// What the system says.
    pub reason: String,
}

/// Takes new versions of files into the machine.
pub trait Updater {
    /// The folders whose files matter, if they are others than at the last call.
    fn folders(&mut self, world: &mut World) -> Option<Vec<PathBuf>>;

    /// Takes in what became of these files; what goes wrong is told by an alert.
    fn update(&mut self, world: &mut World, files: &[PathBuf]);
}

/// The updater of a machine without scripts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoUpdater;

impl Updater for NoUpdater {
    fn folders(&mut self, _world: &mut World) -> Option<Vec<PathBuf>> {
        None
    }

    fn update(&mut self, _world: &mut World, _files: &[PathBuf]) {}
}

/// The folders whose files are watched.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    scripts: Vec<PathBuf>,
    images: Vec<PathBuf>,
    /// The file of the user's bindings, and whether its folder is there: not before bindings are saved
    /// for the first time.
    bindings: Option<PathBuf>,
    has_bindings_folder: bool,
}

impl Watched {
    /// Takes in the files that have changed.
    pub(crate) fn take_in(
        &mut self,
        world: &mut World,
        watcher: &mut dyn Watcher,
        updater: &mut dyn Updater,
        images: &mut Images,
    ) {
        let (scripts, pictures) = (updater.folders(world), images.new_folders());
        let bindings = world.get_resource::<BindingsFile>().map(BindingsFile::path);
        let is_other = bindings != self.bindings.as_deref();
        if is_other {
            self.bindings = bindings.map(Path::to_owned);
        }
        let folder = self.bindings.as_deref().and_then(Path::parent).filter(|it| it.is_dir());
        let folder = folder.map(Path::to_owned);
        let had_folder = std::mem::replace(&mut self.has_bindings_folder, folder.is_some());
        let is_moved = is_other || had_folder != folder.is_some();
        if scripts.is_some() || pictures.is_some() || is_moved {
            self.scripts = scripts.unwrap_or(std::mem::take(&mut self.scripts));
            self.images = pictures.unwrap_or(std::mem::take(&mut self.images));
            let of_bindings: Vec<_> = folder.into_iter().collect();
            let folders = [self.scripts.as_slice(), &self.images, &of_bindings].concat();
            if let Err(error) = watcher.follow(&folders) {
                alert::raise(world, "update", Level::Error, error.to_string());
            }
        }
        let files = watcher.poll();
        if !files.is_empty() {
            images.reload(&files);
            if self.bindings.as_ref().is_some_and(|file| files.contains(file)) {
                take_saved_bindings(world);
            }
            updater.update(world, &files);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, Mutex};

    use bevy_ecs::world::World;

    use super::{NoUpdater, Updater, WatchError, Watcher};
    use crate::machine::Machine;
    use crate::platform::headless::watch::ScriptedWatcher;
    use crate::scene::BindingsFile;

    #[derive(Clone, Default)]
    struct Diary(Arc<Mutex<Vec<Vec<PathBuf>>>>);

    impl Updater for Diary {
        fn folders(&mut self, _world: &mut World) -> Option<Vec<PathBuf>> {
            None
        }

        fn update(&mut self, _world: &mut World, files: &[PathBuf]) {
            self.0.lock().expect("no test has failed with it").push(files.to_vec());
        }
    }

    /// The files of each tick arrive together, in that tick; where there are none nothing is asked.
    #[test]
    fn changed_files_are_taken_in_at_their_tick() {
        let [a, b, c] = ["a.py", "b.py", "c.py"].map(|name| Path::new(name).to_owned());
        let watcher = ScriptedWatcher::new([vec![a.clone(), b.clone()], vec![], vec![c.clone()]]);
        let diary = Diary::default();
        let mut machine = Machine::builder().build();
        machine.attach_watcher(Box::new(watcher), Box::new(diary.clone()));
        machine.turn();
        let so_far = || diary.0.lock().expect("no test has failed with it").clone();
        assert_eq!(so_far(), [vec![a.clone(), b.clone()]]);
        machine.turn();
        assert_eq!(so_far().len(), 1);
        machine.turn();
        machine.turn();
        assert_eq!(so_far(), [vec![a, b], vec![c]]);
    }

    /// A watcher that writes down which folders it is to follow.
    #[derive(Clone, Default)]
    struct Followed(Arc<Mutex<Vec<Vec<PathBuf>>>>);

    impl Watcher for Followed {
        fn follow(&mut self, folders: &[PathBuf]) -> Result<(), WatchError> {
            self.0.lock().expect("no test has failed with it").push(folders.to_vec());
            Ok(())
        }

        fn poll(&mut self) -> Vec<PathBuf> {
            Vec::new()
        }
    }

    /// The folder of the bindings is followed from when it comes, also if it goes and comes again.
    #[test]
    fn the_folder_of_bindings_is_waited_for() {
        let folder = std::env::temp_dir().join(format!("metapython-watch-{}", std::process::id()));
        let followed = Followed::default();
        let mut machine = Machine::builder().build();
        machine.world_mut().insert_resource(BindingsFile::new(folder.join("Game.ron")));
        machine.attach_watcher(Box::new(followed.clone()), Box::new(NoUpdater));
        let mut turn = || {
            machine.turn();
            let calls = followed.0.lock().expect("no test has failed with it");
            (calls.len(), calls.last().is_some_and(|last| last.contains(&folder)))
        };
        assert_eq!(turn(), (1, false));
        for calls in [2, 4] {
            fs::create_dir(&folder).unwrap();
            assert_eq!([turn(), turn()], [(calls, true); 2]);
            fs::remove_dir(&folder).unwrap();
            assert_eq!(turn(), (calls + 1, false));
        }
    }
}
