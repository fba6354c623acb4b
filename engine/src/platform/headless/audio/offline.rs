//! What would have been heard, written to a WAV file tick by tick.

use std::path::{Path, PathBuf};

use crate::audio::feed::{Feeds, prepare};
use crate::audio::{
    AudioBackend, AudioBatch, AudioError, AudioEvent, Mixer, SAMPLE_RATE_HZ, StereoSample,
    TimedCommand, WavFile,
};

/// Samples rendered at a time, so that a long tick needs no long buffer.
const BLOCK_SAMPLES: usize = 1_024;

/// Renders each tick's samples, and no others, into a stereo file of 16 bits at [`SAMPLE_RATE_HZ`].
///
/// Equal commands give equal files. The file appears under its name when it is
/// [finished](AudioBackend::finish), or ends where the disk took no more; before, there is only
/// `NAME.partial` beside it. That is removed if it is never finished, but a program that is killed
/// leaves it.
#[derive(Debug)]
pub struct OfflineAudio {
    path: PathBuf,
    mixer: Mixer,
    feeds: Feeds,
    block: Box<[StereoSample]>,
    /// The sample time of the first sample in the file.
    origin_sample: Option<u64>,
    state: State,
}

#[derive(Debug)]
enum State {
    Writing(WavFile),
    /// Why there is no file, or not all of one.
    Failed(String),
    Finished,
}

impl OfflineAudio {
    /// Begins a file. Of a symbolic link, the file that it leads to is replaced in the end.
    ///
    /// # Errors
    /// [`AudioError::Output`] if it cannot be created, or is a folder, a device or a pipe: a long
    /// run need not end to find out.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, AudioError> {
        let file = WavFile::create(path, 2)?;
        Ok(Self {
            path: file.path().to_owned(),
            mixer: Mixer::new(SAMPLE_RATE_HZ),
            feeds: Feeds::default(),
            block: vec![[0.0; 2]; BLOCK_SAMPLES].into_boxed_slice(),
            origin_sample: None,
            state: State::Writing(file),
        })
    }

    /// The file that will be there in the end.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Renders and writes until the file has `end` samples.
    fn write_until(&mut self, end: u64, events: &mut Vec<AudioEvent>) -> Result<(), AudioError> {
        let State::Writing(file) = &mut self.state else { return Ok(()) };
        while self.mixer.position() < end {
            let count = (end - self.mixer.position()).min(BLOCK_SAMPLES as u64) as usize;
            let block = &mut self.block[..count];
            self.feeds.fill(|error| {
                events.push(AudioEvent::ClipFailed { message: error.to_string() });
            });
            self.mixer.render(block);
            file.write(block.as_flattened())?;
        }
        Ok(())
    }

    fn fail(&mut self, error: AudioError) -> AudioError {
        // What there was until then is kept; that it could not be matters more.
        let error = match std::mem::replace(&mut self.state, State::Finished) {
            State::Writing(file) => file.keep().err().unwrap_or(error),
            _ => error,
        };
        if let AudioError::Output { reason, .. } = &error {
            self.state = State::Failed(reason.clone());
        }
        error
    }
}

impl AudioBackend for OfflineAudio {
    fn play_tick(&mut self, batch: &AudioBatch<'_>, events: &mut Vec<AudioEvent>) {
        if !matches!(self.state, State::Writing(_)) {
            return;
        }
        let span = batch.span();
        let is_first = self.origin_sample.is_none();
        let origin = *self.origin_sample.get_or_insert(span.start_sample);
        let in_file = |sample: u64| sample.saturating_sub(origin);
        let start = in_file(span.start_sample);
        let before = self.write_until(start, events);
        let mut dropped = 0;
        if let Some(listen) = batch.listen().filter(|_| is_first) {
            dropped += usize::from(self.mixer.push(start, listen).is_err());
        }
        for TimedCommand { at_sample, mut command } in batch.commands().iter().cloned() {
            let at = at_sample.map_or(start, in_file);
            self.feeds.add(prepare(&mut command));
            dropped += usize::from(self.mixer.push(at, command).is_err());
        }
        if dropped > 0 {
            events.push(AudioEvent::CommandsDropped { count: dropped });
        }
        if let Err(error) = before.and_then(|()| self.write_until(in_file(span.end_sample), events))
        {
            events.push(AudioEvent::OutputFailed { message: self.fail(error).to_string() });
        }
    }

    fn finish(&mut self) -> Result<(), AudioError> {
        match std::mem::replace(&mut self.state, State::Finished) {
            State::Writing(file) => file.keep().map_err(|error| self.fail(error)),
            State::Failed(reason) => {
                Err(self.fail(AudioError::Output { path: self.path.clone(), reason }))
            }
            State::Finished => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
