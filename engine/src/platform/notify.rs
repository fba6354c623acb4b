//! Changed files, as the system tells of them through notify.
//!
//! The events come on a thread of notify's and wait in a channel. A save is three to seven of them:
//! an editor empties the file and writes it, or writes another and renames it. So a file counts as
//! changed when it was closed after writing, renamed or removed, and nothing has happened to it
//! since for a moment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossbeam::channel::{Receiver, Sender, bounded};
use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventHandler, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::watch::{WatchError, Watcher};

/// How long a file is left alone before it counts as saved: longer than editors take between
/// removing and renaming, shorter than anybody notices.
const QUIET: Duration = Duration::from_millis(60);

/// How many events wait for the next tick; past it the folders are looked through instead.
const INBOX: usize = 4_096;

/// Watches folders by the system's own means.
#[derive(Debug)]
pub struct NotifyWatcher {
    watcher: RecommendedWatcher,
    events: Receiver<Event>,
    overflow: Receiver<()>,
    folders: BTreeSet<PathBuf>,
    /// When something last happened to a file.
    restless: BTreeMap<PathBuf, Instant>,
}

/// The end of the channel that notify has.
struct Inbox {
    events: Sender<Event>,
    overflow: Sender<()>,
}

impl EventHandler for Inbox {
    fn handle_event(&mut self, event: notify::Result<Event>) {
        let is_lost = match event {
            Ok(event) if event.need_rescan() => true,
            Ok(event) => is_save(&event.kind) && self.events.try_send(event).is_err(),
            Err(_) => true,
        };
        if is_lost {
            // Full means that it is known already.
            let _ = self.overflow.try_send(());
        }
    }
}

/// Whether an event can be the end of a save.
fn is_save(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(_))
            | EventKind::Remove(_)
    ) || cfg!(not(target_os = "linux"))
        && matches!(kind, EventKind::Modify(_) | EventKind::Create(_))
}

impl NotifyWatcher {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// [`WatchError`] if the system gives no watcher.
    pub fn open() -> Result<Self, WatchError> {
        let (events_in, events) = bounded(INBOX);
        let (overflow_in, overflow) = bounded(1);
        let inbox = Inbox { events: events_in, overflow: overflow_in };
        let watcher = notify::recommended_watcher(inbox)
            .map_err(|error| failure(PathBuf::from("."), &error))?;
        Ok(Self { watcher, events, overflow, folders: BTreeSet::new(), restless: BTreeMap::new() })
    }

    /// Takes every file of the folders for changed: what happened to which is not known.
    fn look_through(&mut self, now: Instant) {
        let entries = self.folders.iter().filter_map(|folder| folder.read_dir().ok());
        let files = entries.flatten().flatten().map(|entry| entry.path());
        self.restless.extend(files.map(|file| (file, now)));
    }
}

impl Watcher for NotifyWatcher {
    fn follow(&mut self, folders: &[PathBuf]) -> Result<(), WatchError> {
        let wanted: BTreeSet<_> = folders.iter().cloned().collect();
        for folder in self.folders.difference(&wanted) {
            // A folder that is gone is watched no more already.
            let _ = self.watcher.unwatch(folder);
        }
        self.folders.retain(|folder| wanted.contains(folder));
        let mut outcome = Ok(());
        for folder in wanted {
            if self.folders.contains(&folder) {
                continue;
            }
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.folders.insert(folder);
                }
                Err(error) => outcome = Err(failure(folder, &error)),
            }
        }
        outcome
    }

    fn poll(&mut self) -> Vec<PathBuf> {
        let now = Instant::now();
        if self.overflow.try_recv().is_ok() {
            self.look_through(now);
        }
        for event in self.events.try_iter() {
            self.restless.extend(event.paths.into_iter().map(|file| (file, now)));
        }
        let is_quiet = |_: &PathBuf, at: &mut Instant| now.duration_since(*at) >= QUIET;
        self.restless.extract_if(.., is_quiet).map(|(file, _)| file).collect()
    }
}

fn failure(folder: PathBuf, error: &notify::Error) -> WatchError {
    WatchError { folder, reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::time::{Duration, Instant};

    use super::NotifyWatcher;
    use crate::watch::Watcher;

    /// Polls until files have changed, as a machine does.
    fn wait(watcher: &mut NotifyWatcher) -> Vec<PathBuf> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            let files = watcher.poll();
            if !files.is_empty() {
                return files;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Vec::new()
    }

    /// A file that is written, replaced as editors do, or removed has changed, once each time.
    #[test]
    fn every_way_of_saving_is_one_change() {
        let folder = std::env::temp_dir().join(format!("mpy-watch-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let (file, other) = (folder.join("a.py"), folder.join(".a.py.swp"));
        let mut watcher = NotifyWatcher::open().expect("Linux has inotify");
        watcher.follow(std::slice::from_ref(&folder)).expect("the folder is there");

        for text in ["x", "xy"] {
            fs::write(&file, text).expect("the folder is ours");
        }
        assert_eq!(wait(&mut watcher), std::slice::from_ref(&file));

        fs::write(&other, "z").expect("the folder is ours");
        fs::rename(&other, &file).expect("the folder is ours");
        assert_eq!(wait(&mut watcher), [other, file.clone()]);

        fs::remove_file(&file).expect("the folder is ours");
        assert_eq!(wait(&mut watcher), std::slice::from_ref(&file));

        watcher.follow(&[]).expect("nothing can be watched");
        fs::write(&file, "w").expect("the folder is ours");
        std::thread::sleep(Duration::from_millis(150));
        assert_eq!(watcher.poll(), [] as [PathBuf; 0]);
        fs::remove_dir_all(&folder).expect("the folder is ours");
    }
}
