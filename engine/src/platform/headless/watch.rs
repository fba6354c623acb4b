//! Files without a system that tells of them: none change, or as written down beforehand.

use std::collections::VecDeque;
use std::path::PathBuf;

use crate::watch::{WatchError, Watcher};

/// Sees no file change.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWatcher;

impl Watcher for NoWatcher {
    fn follow(&mut self, _folders: &[PathBuf]) -> Result<(), WatchError> {
        Ok(())
    }

    fn poll(&mut self) -> Vec<PathBuf> {
        Vec::new()
    }
}

/// Changes written down beforehand, a list of files for each tick.
#[derive(Clone, Debug, Default)]
pub struct ScriptedWatcher {
    ticks: VecDeque<Vec<PathBuf>>,
}

impl ScriptedWatcher {
    /// The first list is what the first poll yields, the second what the second does.
    pub fn new(ticks: impl IntoIterator<Item = Vec<PathBuf>>) -> Self {
        Self { ticks: ticks.into_iter().collect() }
    }
}

impl Watcher for ScriptedWatcher {
    fn follow(&mut self, _folders: &[PathBuf]) -> Result<(), WatchError> {
        Ok(())
    }

    fn poll(&mut self) -> Vec<PathBuf> {
        self.ticks.pop_front().unwrap_or_default()
    }
}
