//! What is heard, written to a file on a thread of its own, which may wait for a disk as the main
//! thread may not.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use super::Channels;
use crate::audio::error::AudioError;
use crate::audio::sample::{SAMPLE_RATE_HZ, StereoSample};
use crate::audio::wav::WavFile;

/// How many ticks of samples the disk may be behind: seconds at the usual rates.
const MAX_BEHIND: usize = 1_024;

/// After so many values the file is made one that can be read, should the program be killed: a
/// second of one channel.
const SECURED_VALUES: usize = SAMPLE_RATE_HZ as usize;

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Recorder {
    path: PathBuf,
    target: PathBuf,
    channels: Channels,
    /// Taken when the file is to end.
    blocks: Option<SyncSender<Vec<f32>>>,
    thread: Option<JoinHandle<Result<(), AudioError>>>,
    /// Why nothing more is written, until that is told.
    failure: Option<AudioError>,
}

impl Recorder {
    /// Begins a file.
    ///
    /// # Errors
    /// [`AudioError::Output`].
    pub(super) fn start(path: &Path, channels: Channels) -> Result<Self, AudioError> {
        let count = if channels == Channels::Mono { 1 } else { 2 };
        let file = WavFile::create(path, count)?;
        let target = file.target().to_owned();
        let (blocks, received) = sync_channel(MAX_BEHIND);
        let thread = thread::Builder::new()
            .name("audio-recorder".into())
            .spawn(move || write(file, &received))
            .map_err(|error| AudioError::Output {
                path: path.to_owned(),
                reason: format!("there is no thread for it: {error}"),
            })?;
        let (blocks, thread) = (Some(blocks), Some(thread));
        Ok(Self { path: path.to_owned(), target, channels, blocks, thread, failure: None })
    }

    /// Whether this is its file.
    pub(super) fn is_writing(&self, path: &Path) -> bool {
        let target = crate::destination::resolve(path);
        target.is_ok_and(|target| {
            std::path::absolute(&self.target).ok() == std::path::absolute(target).ok()
        })
    }

    /// Appends samples.
    pub(super) fn write(&mut self, samples: &[StereoSample]) {
        let Some(blocks) = &self.blocks else { return };
        let mut values = Vec::new();
        self.channels.append(samples.iter().copied(), &mut values);
        match blocks.try_send(values) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                self.blocks = None;
                self.failure = Some(AudioError::Output {
                    path: self.path.clone(),
                    reason: "the disk is too slow for it; it ends here".to_owned(),
                });
            }
            // The thread has ended, and knows why.
            Err(TrySendError::Disconnected(_)) => self.failure = self.finish().err(),
        }
    }

    /// Why nothing more is written, the first time that it is asked for.
    pub(super) fn take_failure(&mut self) -> Option<AudioError> {
        self.failure.take()
    }

    /// Has the file end, without waiting for it.
    pub(super) fn stop(&mut self) {
        self.blocks = None;
    }

    /// Whether nothing is left to be done.
    pub(super) fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Ends the file, and waits for it.
    ///
    /// # Errors
    /// [`AudioError::Output`], the first time.
    pub(super) fn finish(&mut self) -> Result<(), AudioError> {
        self.blocks = None;
        let joined = self.thread.take().map_or(Ok(Ok(())), JoinHandle::join);
        let written = joined.unwrap_or_else(|_| {
            let reason = "the thread that writes it ended in a panic".to_owned();
            Err(AudioError::Output { path: self.path.clone(), reason })
        });
        self.failure.take().map_or(written, Err)
    }
}

impl Drop for Recorder {
    /// A file is whole before its machine is gone.
    fn drop(&mut self) {
        // Whoever wants to know has asked before.
        let _ = self.finish();
    }
}

/// Writes what comes until nobody sends any more.
fn write(mut file: WavFile, blocks: &Receiver<Vec<f32>>) -> Result<(), AudioError> {
    let mut unsecured = 0;
    for values in blocks {
        file.write(&values)?;
        unsecured += values.len();
        if unsecured >= SECURED_VALUES {
            unsecured = 0;
            file.secure()?;
        }
    }
    file.keep()
}
