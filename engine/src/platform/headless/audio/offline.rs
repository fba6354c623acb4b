//! What would have been heard, written to a WAV file tick by tick.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavSpec, WavWriter};

use crate::audio::feed::{Feeds, prepare};
use crate::audio::{
    AudioBackend, AudioBatch, AudioError, AudioEvent, Mixer, SAMPLE_RATE_HZ, StereoSample,
    TimedCommand,
};
use crate::destination;

/// The format: what every player and every tool reads.
const SPEC: WavSpec = WavSpec {
    channels: 2,
    sample_rate: SAMPLE_RATE_HZ,
    bits_per_sample: 16,
    sample_format: SampleFormat::Int,
};

/// The sizes in a WAV file have 32 bits; this leaves room for its header. It is 6.2 hours.
const MAX_SAMPLES: u64 = (u32::MAX as u64 - 1_024) / 4;

/// Samples rendered at a time, so that a long tick needs no long buffer.
const BLOCK_SAMPLES: usize = 1_024;

/// Renders each tick's samples, and no others, into a stereo file of 16 bits at [`SAMPLE_RATE_HZ`].
///
/// Equal commands give equal files. The file appears under its name when it is
/// [finished](AudioBackend::finish); before, there is only `NAME.partial` beside it. That is removed
/// if it is never finished, but a program that is killed leaves it.
#[derive(Debug)]
pub struct OfflineAudio {
    /// As it was given.
    path: PathBuf,
    /// What is replaced in the end: `path`, or what its links lead to.
    target: PathBuf,
    partial_path: PathBuf,
    mixer: Mixer,
    feeds: Feeds,
    block: Box<[StereoSample]>,
    /// The sample time of the first sample in the file.
    origin_sample: Option<u64>,
    state: State,
}

enum State {
    Writing(WavWriter<BufWriter<File>>),
    Failed(String),
    Finished,
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Writing(_) => formatter.write_str("Writing"),
            Self::Failed(reason) => formatter.debug_tuple("Failed").field(reason).finish(),
            Self::Finished => formatter.write_str("Finished"),
        }
    }
}

impl OfflineAudio {
    /// Begins a file. Of a symbolic link, the file that it leads to is replaced in the end.
    ///
    /// # Errors
    /// [`AudioError::Output`] if it cannot be created, or is a folder, a device or a pipe: a long
    /// run need not end to find out.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, AudioError> {
        let path = path.into();
        let failed = |reason: String| AudioError::Output { path: path.clone(), reason };
        let target = destination::resolve(&path).map_err(|error| failed(error.to_string()))?;
        let name = target
            .file_name()
            .ok_or_else(|| failed("it names no file; give a name such as out.wav".into()))?;
        let mut partial_name = name.to_owned();
        partial_name.push(".partial");
        let partial_path = target.with_file_name(partial_name);
        let writer = WavWriter::create(&partial_path, SPEC).map_err(|error| {
            failed(format!("{}; choose a folder that exists and can be written to", plain(error)))
        })?;
        Ok(Self {
            target,
            partial_path,
            mixer: Mixer::new(SAMPLE_RATE_HZ),
            feeds: Feeds::default(),
            block: vec![[0.0; 2]; BLOCK_SAMPLES].into_boxed_slice(),
            origin_sample: None,
            state: State::Writing(writer),
            path,
        })
    }

    /// The file that will be there in the end.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Renders and writes until the file has `end` samples.
    fn write_until(&mut self, end: u64, events: &mut Vec<AudioEvent>) -> Result<(), String> {
        let State::Writing(writer) = &mut self.state else { return Ok(()) };
        if end > MAX_SAMPLES {
            return Err("a WAV file holds no more than 6.2 hours; stop the run earlier".into());
        }
        while self.mixer.position() < end {
            let count = (end - self.mixer.position()).min(BLOCK_SAMPLES as u64) as usize;
            let block = &mut self.block[..count];
            self.feeds.fill(|error| {
                events.push(AudioEvent::ClipFailed { message: error.to_string() });
            });
            self.mixer.render(block);
            let mut samples = writer.get_i16_writer(2 * count as u32);
            for value in block.as_flattened() {
                samples.write_sample((value * f32::from(i16::MAX)).round() as i16);
            }
            samples.flush().map_err(plain)?;
        }
        Ok(())
    }

    /// Ends the file under its temporary name, and only then gives it its own.
    fn keep(&self, writer: WavWriter<BufWriter<File>>) -> Result<(), String> {
        writer.finalize().map_err(plain)?;
        let sync = || {
            File::open(&self.partial_path)?.sync_all()?;
            std::fs::rename(&self.partial_path, &self.target)
        };
        sync().map_err(|error| error.to_string())
    }

    fn fail(&mut self, reason: String) -> AudioError {
        self.state = State::Failed(reason.clone());
        AudioError::Output { path: self.path.clone(), reason }
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
        if let Err(reason) =
            before.and_then(|()| self.write_until(in_file(span.end_sample), events))
        {
            events.push(AudioEvent::OutputFailed { message: self.fail(reason).to_string() });
        }
    }

    fn finish(&mut self) -> Result<(), AudioError> {
        match std::mem::replace(&mut self.state, State::Finished) {
            State::Writing(writer) => self.keep(writer).map_err(|reason| self.fail(reason)),
            State::Failed(reason) => Err(self.fail(reason)),
            State::Finished => Ok(()),
        }
    }
}

impl Drop for OfflineAudio {
    /// Takes away what was never finished.
    fn drop(&mut self) {
        if !matches!(self.state, State::Finished) {
            // Nobody is left to be told if that fails, and nothing is lost by it.
            let _ = std::fs::remove_file(&self.partial_path);
        }
    }
}

/// The system's words, without those of the library around them.
fn plain(error: hound::Error) -> String {
    match error {
        hound::Error::IoError(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
