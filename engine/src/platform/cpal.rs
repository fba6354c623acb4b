//! Sound on a device, through cpal.
//!
//! [`CpalAudio`] lives on the main thread and never waits for a device there. The mixer lives in
//! the device's callback, which takes commands from a lock-free queue (`callback`). Devices are
//! opened and closed on threads named `audio-device`, because both can take seconds (`seeker`).
//! Long clips are read on a thread named `audio-reader` (`reading`). [`CpalMicrophone`] is the same
//! in the other direction: the device's callback writes into a lock-free ring (`input`), and each
//! tick takes its samples from there (`microphone`).
//!
//! The only module that knows cpal.

mod callback;
mod device;
mod input;
mod microphone;
mod output;
mod quiet;
mod reading;
mod seeker;
mod timeline;

use self::output::Output;
use self::seeker::Seeker;
use crate::audio::{AudioBackend, AudioBatch, AudioDevice, AudioError, AudioEvent, DeviceEvent};

pub use self::device::devices;
pub use self::microphone::CpalMicrophone;

/// Plays on an output device; when it is lost, looks for it once a second until it is back, and
/// goes on where the sound is by then. As long as a device that was asked for by name is not there,
/// the default one plays.
///
/// On Linux a PulseAudio server (or PipeWire's, which speaks the same) is preferred, found as by
/// every other program: `PULSE_SERVER`, else the user's own. Without one it is ALSA.
///
/// The device is run at [`SAMPLE_RATE_HZ`](crate::audio::SAMPLE_RATE_HZ) if it can be. If not, the
/// mixer renders at the rate of the device. One channel gets the mean of both sides, more than two
/// get sound on the first two.
pub struct CpalAudio {
    seeker: Seeker<Output>,
    /// What is still to be told.
    events: Vec<DeviceEvent>,
}

impl CpalAudio {
    /// Opens the device with this id or name, as [`devices`] lists them, or the default one; also
    /// where the one with this name is not there.
    ///
    /// # Errors
    /// [`AudioError::Device`] if there is none or it does not open: go on with
    /// [`SilentAudio`](crate::platform::headless::audio::SilentAudio), or with
    /// [`look_for`](Self::look_for).
    pub fn open(wanted: Option<&str>) -> Result<Self, AudioError> {
        let mut events = Vec::new();
        let seeker = Seeker::open(wanted.map(str::to_owned), &mut events)?;
        Ok(Self { seeker, events })
    }

    /// Begins in silence and plays as soon as the device is there; that it is not has been told.
    pub fn look_for(wanted: Option<&str>) -> Self {
        let seeker = Seeker::look_for(wanted.map(str::to_owned)).missing_is_told();
        Self { seeker, events: Vec::new() }
    }

    /// The name of the device that plays, if one does.
    pub fn device(&self) -> Option<&str> {
        self.seeker.device()
    }
}

impl std::fmt::Debug for CpalAudio {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("CpalAudio").field("device", &self.device()).finish_non_exhaustive()
    }
}

impl AudioBackend for CpalAudio {
    fn devices(&self) -> fn() -> Vec<AudioDevice> {
        devices
    }

    fn play_tick(&mut self, batch: &AudioBatch<'_>, events: &mut Vec<AudioEvent>) {
        self.seeker.follow(&mut self.events);
        events.extend(self.events.drain(..).map(AudioEvent::Device));
        if let Some(output) = self.seeker.current() {
            output.play_tick(batch, events);
        }
    }
}
