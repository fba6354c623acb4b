//! A WAV file on its way: under a name of its own until it is whole.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavSpec, WavWriter};

use super::error::AudioError;
use super::sample::SAMPLE_RATE_HZ;
use crate::destination;

/// The sizes in a WAV file have 32 bits; this leaves room for its header.
const MAX_DATA_BYTES: u64 = u32::MAX as u64 - 1_024;

/// A file of 16 bits at [`SAMPLE_RATE_HZ`], with one or two channels.
///
/// It appears under its name when it is [kept](Self::keep); before, there is only `NAME.partial`
/// beside it. That is removed if it is never kept, but a program that is killed leaves it.
pub(crate) struct WavFile {
    /// As it was given.
    path: PathBuf,
    /// What is replaced in the end: `path`, or what its links lead to.
    target: PathBuf,
    partial_path: PathBuf,
    channels: u16,
    values: u64,
    /// Taken by the one that keeps it.
    writer: Option<WavWriter<BufWriter<File>>>,
}

impl WavFile {
    /// Begins a file. Of a symbolic link, the file that it leads to is replaced in the end.
    ///
    /// # Errors
    /// [`AudioError::Output`] if it cannot be created, or is a folder, a device or a pipe: nobody
    /// should have to play to the end to find out.
    pub(crate) fn create(path: impl Into<PathBuf>, channels: u16) -> Result<Self, AudioError> {
        let path = path.into();
        let failed = |reason: String| AudioError::Output { path: path.clone(), reason };
        let target = destination::resolve(&path).map_err(|error| failed(error.to_string()))?;
        let name = target
            .file_name()
            .ok_or_else(|| failed("it names no file; give a name such as out.wav".into()))?;
        let mut partial_name = name.to_owned();
        partial_name.push(".partial");
        let partial_path = target.with_file_name(partial_name);
        let spec = WavSpec {
            channels,
            sample_rate: SAMPLE_RATE_HZ,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let writer = WavWriter::create(&partial_path, spec).map_err(|error| {
            failed(format!("{}; choose a folder that exists and can be written to", plain(error)))
        })?;
        Ok(Self { path, target, partial_path, channels, values: 0, writer: Some(writer) })
    }

    /// The file that will be there in the end, as it was given.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where that is really.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Appends values, channel by channel, −1 to 1.
    ///
    /// # Errors
    /// [`AudioError::Output`] if the disk takes no more, or the format.
    pub(crate) fn write(&mut self, values: &[f32]) -> Result<(), AudioError> {
        let count = self.values + values.len() as u64;
        if count * 2 > MAX_DATA_BYTES {
            let hours = MAX_DATA_BYTES / 2 / u64::from(self.channels) / 3_600;
            let hours = hours as f64 / f64::from(SAMPLE_RATE_HZ);
            let reason = format!("a WAV file holds no more than {hours:.1} hours; stop it earlier");
            return Err(self.error(reason));
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let mut out = writer.get_i16_writer(u32::try_from(values.len()).unwrap_or(u32::MAX));
        for value in values {
            out.write_sample((value * f32::from(i16::MAX)).round() as i16);
        }
        let written = out.flush();
        self.values = count;
        written.map_err(|error| self.error(plain(error)))
    }

    /// Makes what has been written so far a file that can be read, should the program be killed.
    ///
    /// # Errors
    /// [`AudioError::Output`].
    pub(crate) fn secure(&mut self) -> Result<(), AudioError> {
        let secured = self.writer.as_mut().map_or(Ok(()), WavWriter::flush);
        secured.map_err(|error| self.error(plain(error)))
    }

    /// Ends the file under its temporary name, and only then gives it its own.
    ///
    /// # Errors
    /// [`AudioError::Output`]: then there is no file.
    pub(crate) fn keep(mut self) -> Result<(), AudioError> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let kept = writer.finalize().map_err(plain).and_then(|()| {
            let keep = || {
                File::open(&self.partial_path)?.sync_all()?;
                std::fs::rename(&self.partial_path, &self.target)
            };
            keep().map_err(|error| error.to_string())
        });
        kept.map_err(|reason| {
            self.remove();
            self.error(reason)
        })
    }

    /// The error that says so of this file.
    fn error(&self, reason: String) -> AudioError {
        AudioError::Output { path: self.path.clone(), reason }
    }

    fn remove(&self) {
        // Nobody is left to be told if that fails, and nothing is lost by it.
        let _ = std::fs::remove_file(&self.partial_path);
    }
}

impl std::fmt::Debug for WavFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("WavFile")
            .field("path", &self.path)
            .field("values", &self.values)
            .finish_non_exhaustive()
    }
}

impl Drop for WavFile {
    /// Takes away what was never kept.
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            self.remove();
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
