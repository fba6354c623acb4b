//! A WAV file on its way: under a name of its own until it is whole.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavSpec, WavWriter};

use super::error::AudioError;
use super::sample::SAMPLE_RATE_HZ;
use crate::destination;

/// The sizes in a WAV file have 32 bits; this leaves room for its header.
const MAX_DATA_BYTES: u64 = u32::MAX as u64 - 1_024;

/// What comes before the samples in a file of 16 bits, in bytes. The size of what follows is at the
/// end of it, and that of the file, without the first 8 bytes, behind those 4 that name the format.
const HEADER_BYTES: u64 = 44;

/// How many files of killed programs may lie beside a file before somebody has to look at them.
const MAX_PARTIALS: usize = 100;

/// A file of 16 bits at [`SAMPLE_RATE_HZ`], with one or two channels.
///
/// It appears under its name when it is [kept](Self::keep); before, there is only `NAME.partial`
/// beside it, or `NAME.partial-2` and so on where a program that was killed has left one. That is
/// removed if it is never kept, and locked for as long as it is written: no other file of that name
/// can be begun meanwhile, by this program or another.
pub(crate) struct WavFile {
    /// As it was given.
    path: PathBuf,
    /// What is replaced in the end: `path`, or what its links lead to.
    target: PathBuf,
    partial_path: PathBuf,
    /// The one that is written, and its lock.
    partial: File,
    channels: u16,
    values: u64,
    /// Whether the disk did not take something: what `writer` counts is not what is there.
    is_broken: bool,
    /// Taken by the one that keeps it.
    writer: Option<WavWriter<BufWriter<File>>>,
}

impl WavFile {
    /// Begins a file. Of a symbolic link, the file that it leads to is replaced in the end.
    ///
    /// # Errors
    /// [`AudioError::Output`] if it cannot be created, is being written already, or is a folder, a
    /// device or a pipe: nobody should have to play to the end to find out.
    pub(crate) fn create(path: impl Into<PathBuf>, channels: u16) -> Result<Self, AudioError> {
        let path = path.into();
        let failed = |reason: String| AudioError::Output { path: path.clone(), reason };
        let target = target_of(&path).map_err(|error| failed(error.to_string()))?;
        let (partial_path, partial) = begin(&target).map_err(&failed)?;
        let spec = WavSpec {
            channels,
            sample_rate: SAMPLE_RATE_HZ,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let writer = partial
            .try_clone()
            .map_err(hound::Error::IoError)
            .and_then(|file| WavWriter::new(BufWriter::new(file), spec))
            .map_err(|error| failed(plain(error)))?;
        let writer = Some(writer);
        let (values, is_broken) = (0, false);
        Ok(Self { path, target, partial_path, partial, channels, values, is_broken, writer })
    }

    /// The file that will be there in the end, as it was given.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where that is really, wherever the program goes.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Appends values, channel by channel, −1 to 1.
    ///
    /// # Errors
    /// [`AudioError::Output`] if the disk takes no more, or the format: then it can only be
    /// [kept](Self::keep) as far as it got.
    pub(crate) fn write(&mut self, values: &[f32]) -> Result<(), AudioError> {
        let count = self.values + values.len() as u64;
        if count * 2 > MAX_DATA_BYTES {
            let hours = MAX_DATA_BYTES / 2 / u64::from(self.channels) / 3_600;
            let hours = hours as f64 / f64::from(SAMPLE_RATE_HZ);
            let reason = format!("a WAV file holds no more than {hours:.1} hours; it ends here");
            return Err(self.error(reason));
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let mut out = writer.get_i16_writer(u32::try_from(values.len()).unwrap_or(u32::MAX));
        for value in values {
            out.write_sample((value * f32::from(i16::MAX)).round() as i16);
        }
        let written = out.flush();
        self.values = count;
        self.checked(written)
    }

    /// Makes what has been written so far a file that can be read, should the program be killed.
    ///
    /// # Errors
    /// [`AudioError::Output`].
    pub(crate) fn secure(&mut self) -> Result<(), AudioError> {
        let secured = self.writer.as_mut().map_or(Ok(()), WavWriter::flush);
        self.checked(secured)
    }

    /// Ends the file under its temporary name, and only then gives it its own. One that the disk did
    /// not take all of ends where that took no more.
    ///
    /// # Errors
    /// [`AudioError::Output`] if samples are missing at its end, or if there is no file: then what
    /// there is of it has its temporary name still.
    pub(crate) fn keep(mut self) -> Result<(), AudioError> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let ended = writer.finalize();
        let ended = self.checked(ended);
        let is_sound = if self.is_broken { self.mend() } else { Ok(true) };
        let kept = is_sound.and_then(|is_sound| {
            if !is_sound {
                // A file that was there before is worth more than one without a sound.
                self.remove();
                return Ok(());
            }
            self.partial.sync_all()?;
            std::fs::rename(&self.partial_path, &self.target)
        });
        kept.map_err(|error| {
            let left = self.partial_path.display();
            self.error(format!("{error}; what there is of it is in {left}"))
        })?;
        ended
    }

    /// Makes a sound file of what the disk has taken, by sizes that are true; whether there is any
    /// sound in it. That needs no room, as they are there already.
    fn mend(&mut self) -> io::Result<bool> {
        let sample_bytes = 2 * u64::from(self.channels);
        let taken = self.partial.metadata()?.len().saturating_sub(HEADER_BYTES);
        let data = (taken - taken % sample_bytes).min(MAX_DATA_BYTES);
        if data == 0 {
            return Ok(false);
        }
        self.partial.set_len(HEADER_BYTES + data)?;
        for (at, size) in [(4, HEADER_BYTES - 8 + data), (HEADER_BYTES - 4, data)] {
            self.partial.seek(SeekFrom::Start(at))?;
            self.partial.write_all(&(size as u32).to_le_bytes())?;
        }
        Ok(true)
    }

    /// The same, as an error of this file, which is remembered to need mending.
    fn checked(&mut self, done: hound::Result<()>) -> Result<(), AudioError> {
        done.map_err(|error| {
            self.is_broken = true;
            self.error(format!("{}; it ends here", plain(error)))
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

/// The file that one of this name takes the place of in the end, from the root on: the program may go
/// to another folder meanwhile.
pub(crate) fn target_of(path: &Path) -> io::Result<PathBuf> {
    destination::resolve(&std::path::absolute(path)?)
}

/// Begins a file beside `target`, whose place it takes in the end, and locks it.
///
/// # Errors
/// Why not, and what to do about it.
fn begin(target: &Path) -> Result<(PathBuf, File), String> {
    let name = target.file_name().ok_or("it names no file; give a name such as out.wav")?;
    let unusable =
        |error: io::Error| format!("{error}; choose a folder that exists and can be written to");
    for number in 1..=MAX_PARTIALS {
        let mut partial = OsString::from(name);
        partial.push(".partial");
        if number > 1 {
            partial.push(format!("-{number}"));
        }
        let partial = target.with_file_name(partial);
        match OpenOptions::new().write(true).create_new(true).open(&partial) {
            Ok(file) => {
                // Where a file system has no locks, none of these names is taken twice all the same.
                let _ = file.lock();
                return Ok((partial, file));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unusable(error)),
        }
        // Nobody has a lock on what a killed program has left.
        let locked =
            OpenOptions::new().write(true).open(&partial).map(|file| file.try_lock_shared());
        if matches!(locked, Ok(Err(TryLockError::WouldBlock))) {
            return Err("it is being written already; choose another name".to_owned());
        }
    }
    Err(format!(
        "{MAX_PARTIALS} unfinished files of that name are there; look at them, and remove them"
    ))
}

/// The system's words, without those of the library around them.
fn plain(error: hound::Error) -> String {
    match error {
        hound::Error::IoError(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
impl WavFile {
    /// Has the disk be full from now on.
    pub(crate) fn fill_disk(&mut self) {
        let spec = self.writer.as_ref().unwrap().spec();
        let full = BufWriter::new(File::create("/dev/full").unwrap());
        self.secure().unwrap();
        self.writer = Some(WavWriter::new(full, spec).unwrap());
    }
}

#[cfg(test)]
mod tests;
