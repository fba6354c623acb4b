//! Long clips for a device: their files are read on a thread named `audio-reader`, which may wait for
//! a disk as neither the main thread nor the callback may.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use crate::audio::feed::{Feed, Feeds};
use crate::audio::{ClipError, MAX_VOICES};

/// How often the clips are read ahead: a ring holds 85 ms at the highest pitch, and 1.4 s at pitch 1.
const INTERVAL: Duration = Duration::from_millis(10);

/// How many voices may begin at once: all of them, and those that they replace.
const MAX_BEGINNING: usize = 2 * MAX_VOICES;

/// The main thread's end of the reading thread, which ends with it.
pub(super) struct Reading {
    feeds: SyncSender<Feed>,
    failures: Receiver<ClipError>,
}

impl Reading {
    /// Starts the thread.
    pub(super) fn start() -> Self {
        let (feeds, beginning) = sync_channel(MAX_BEGINNING);
        let (failed, failures) = sync_channel(MAX_BEGINNING);
        // Without a thread every feed finds the other end gone, and its voice is silent.
        let _ = thread::Builder::new()
            .name("audio-reader".into())
            .spawn(move || read(&beginning, &failed));
        Self { feeds, failures }
    }

    /// Has a clip read for its voice; one more than there can be is silent.
    pub(super) fn add(&self, feed: Feed) {
        match self.feeds.try_send(feed) {
            Ok(()) => {}
            // A feed that is let go of ends its voice.
            Err(TrySendError::Full(feed) | TrySendError::Disconnected(feed)) => drop(feed),
        }
    }

    /// The clips that could not be read any further since the last time.
    pub(super) fn failures(&self) -> impl Iterator<Item = ClipError> {
        self.failures.try_iter()
    }
}

fn read(beginning: &Receiver<Feed>, failed: &SyncSender<ClipError>) {
    let mut feeds = Feeds::default();
    loop {
        let begun = if feeds.is_empty() {
            beginning.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            beginning.recv_timeout(INTERVAL)
        };
        match begun {
            Ok(feed) => feeds.add(Some(feed)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        // Nobody asks any more where so many have failed.
        feeds.fill(|error| drop(failed.try_send(error)));
    }
}
