//! What is heard, written to a file on a thread of its own, which may wait for a disk as the main
//! thread may not.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use super::Channels;
use crate::audio::error::AudioError;
use crate::audio::sample::{SAMPLE_RATE_HZ, StereoSample};
use crate::audio::wav::{WavFile, target_of};

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
    /// Why nothing more is written, until it is ended.
    failure: Option<AudioError>,
}

impl Recorder {
    /// Begins a file.
    ///
    /// # Errors
    /// [`AudioError::Output`].
    pub(super) fn start(path: &Path, channels: Channels) -> Result<Self, AudioError> {
        Self::of(WavFile::create(path, channels.count() as u16)?, channels)
    }

    /// Writes this file.
    ///
    /// # Errors
    /// [`AudioError::Output`] if there is no thread for it.
    pub(super) fn of(file: WavFile, channels: Channels) -> Result<Self, AudioError> {
        let (path, target) = (file.path().to_owned(), file.target().to_owned());
        let (blocks, received) = sync_channel(MAX_BEHIND);
        let thread = thread::Builder::new()
            .name("audio-recorder".into())
            .spawn(move || write(file, &received))
            .map_err(|error| AudioError::Output {
                path: path.clone(),
                reason: format!("there is no thread for it: {error}"),
            })?;
        let (blocks, thread) = (Some(blocks), Some(thread));
        Ok(Self { path, target, channels, blocks, thread, failure: None })
    }

    /// Whether this is its file.
    pub(super) fn is_writing(&self, path: &Path) -> bool {
        target_of(path).is_ok_and(|target| target == self.target)
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

    /// Whether it takes no more samples: it was stopped, or has failed.
    pub(super) fn is_ending(&self) -> bool {
        self.blocks.is_none()
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
        // That there is no file matters more than that it was too slow.
        written.and(self.failure.take().map_or(Ok(()), Err))
    }
}

impl Drop for Recorder {
    /// A file is whole before its machine is gone.
    fn drop(&mut self) {
        // Whoever wants to know has asked before.
        let _ = self.finish();
    }
}

/// Writes what comes until nobody sends any more, or no more can be written: what was heard until then
/// is kept.
fn write(mut file: WavFile, blocks: &Receiver<Vec<f32>>) -> Result<(), AudioError> {
    let written = write_blocks(&mut file, blocks);
    file.keep().and(written)
}

fn write_blocks(file: &mut WavFile, blocks: &Receiver<Vec<f32>>) -> Result<(), AudioError> {
    let mut unsecured = 0;
    for values in blocks {
        file.write(&values)?;
        unsecured += values.len();
        if unsecured >= SECURED_VALUES {
            unsecured = 0;
            file.secure()?;
        }
    }
    Ok(())
}
