//! Microphones that are none: nothing, or a file that is heard in simulation time.

use std::path::Path;

use crate::audio::{CaptureBackend, Clip, ClipError, DeviceEvent, Heard, StereoSample, TickSpan};

/// Hears nothing: no device is there.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMicrophone;

impl CaptureBackend for NoMicrophone {
    fn listen(
        &mut self,
        wanted: &[Option<String>],
        _span: TickSpan,
        _events: &mut Vec<DeviceEvent>,
    ) -> Vec<Heard> {
        vec![Heard::default(); wanted.len()]
    }
}

/// Whatever device is listened to, a file is heard: from its beginning on in the first tick in which
/// somebody listens, and silence after its end. Equal runs hear the same.
#[derive(Debug)]
pub struct FileMicrophone {
    name: String,
    clip: Clip,
    heard: usize,
}

impl FileMicrophone {
    /// Reads a WAV, OGG Vorbis, FLAC or MP3 file of at most [`MAX_CLIP_SECS`](crate::audio::MAX_CLIP_SECS).
    ///
    /// # Errors
    /// As [`Clip::load`].
    pub fn open(path: &Path) -> Result<Self, ClipError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, clip: Clip::load(path)?, heard: 0 })
    }
}

impl CaptureBackend for FileMicrophone {
    fn listen(
        &mut self,
        wanted: &[Option<String>],
        span: TickSpan,
        _events: &mut Vec<DeviceEvent>,
    ) -> Vec<Heard> {
        if wanted.is_empty() && self.heard == 0 {
            return Vec::new();
        }
        let count = usize::try_from(span.sample_count()).unwrap_or(usize::MAX);
        let end = self.heard.saturating_add(count);
        let samples: &[StereoSample] = self.clip.samples();
        let samples = samples.get(self.heard.min(samples.len())..end.min(samples.len()));
        let samples = samples.unwrap_or_default().to_vec();
        self.heard = end;
        let heard = Heard { device: Some(self.name.clone()), samples, is_overrun: false };
        vec![heard; wanted.len()]
    }
}
