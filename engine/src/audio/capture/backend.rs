//! The port to whatever hears: a microphone, a file, nothing.

use crate::audio::backend::DeviceEvent;
use crate::audio::sample::{StereoSample, TickSpan};

/// Something that hears for the world.
///
/// One call a tick, on the main thread, that never waits for a device.
pub trait CaptureBackend {
    /// What was heard since the last tick by each of the devices that are wanted, in their order; what
    /// happened meanwhile is appended to `events`. A device is open for as long as it is wanted.
    ///
    /// `None` is the device that the user has chosen. `span` says how many samples a tick has; what
    /// is missing at the end of them is silence, and what is too much is not heard.
    fn listen(
        &mut self,
        wanted: &[Option<String>],
        span: TickSpan,
        events: &mut Vec<DeviceEvent>,
    ) -> Vec<Heard>;
}

/// What a device gives to a tick: plain data, as all input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heard {
    /// The name of the device, for people; `None` if there is none.
    pub device: Option<String>,
    /// At [`SAMPLE_RATE_HZ`](crate::audio::SAMPLE_RATE_HZ); a device with one channel is heard on
    /// both sides.
    pub samples: Vec<StereoSample>,
    /// Whether the machine was too slow, and samples before these are lost.
    pub is_overrun: bool,
}
