//! Finding a device, choosing how it is run, listing all of them.

use std::cmp::Reverse;
use std::thread;
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{
    BufferSize, Device, DeviceId, ErrorKind, Host, HostId, SampleFormat, StreamConfig,
    SupportedBufferSize, SupportedStreamConfig, SupportedStreamConfigRange,
};

use super::quiet;
use crate::audio::{AudioDevice, AudioError, Direction, SAMPLE_RATE_HZ};

/// How long a server may take to set up a stream.
pub(super) const STREAM_TIMEOUT: Duration = Duration::from_secs(5);

/// The host that is asked first, where it exists.
const PREFERRED_HOST: &str = "PulseAudio";

/// Opens the device with this id or name, or the default one, of the first host that has it.
///
/// May take seconds: for a thread of its own.
pub(super) fn open<C>(
    direction: Direction,
    wanted: Option<&str>,
    connect: impl Fn(&Device) -> Result<C, cpal::Error>,
) -> Result<C, AudioError> {
    let _quiet = quiet::silence_this_thread();
    let mut reasons = Vec::new();
    for (id, host) in hosts() {
        let opened =
            host.and_then(|host| find(&host, direction, wanted).map(|it| connect(&it)).transpose());
        match opened {
            Ok(Some(connection)) => return Ok(connection),
            Ok(None) => {}
            Err(reason) => reasons.push(format!("{}: {}", id.name(), plain(&reason))),
        }
    }
    if reasons.is_empty() {
        reasons.push("there is none".to_owned());
    }
    let remedy = match (wanted, direction) {
        (Some(_), _) => "see `metapython devices` for the names of those that are there",
        (None, Direction::Output) => "connect a sound device or start the sound server",
        (None, Direction::Input) => "connect a microphone or start the sound server",
    };
    Err(error(direction, wanted, format!("{}; {remedy}", reasons.join("; "))))
}

/// Whether a device with this id or name is there. May take seconds.
pub(super) fn is_there(direction: Direction, wanted: &str) -> bool {
    let _quiet = quiet::silence_this_thread();
    let mut hosts = hosts().into_iter().filter_map(|(_, host)| host.ok());
    hosts.any(|host| find(&host, direction, Some(wanted)).is_some())
}

fn find(host: &Host, direction: Direction, wanted: Option<&str>) -> Option<Device> {
    match wanted {
        None => default_of(host, direction),
        Some(wanted) => {
            all_of(host, direction).into_iter().find(|device| is_called(device, wanted))
        }
    }
}

/// The error for a device, by the name it was asked for.
pub(super) fn error(direction: Direction, wanted: Option<&str>, reason: String) -> AudioError {
    let kind = match direction {
        Direction::Output => "device",
        Direction::Input => "microphone",
    };
    let device = match wanted {
        Some(wanted) => format!("the {kind} {wanted}"),
        None => format!("the default {kind}"),
    };
    AudioError::Device { device, reason }
}

/// All devices, first those that can play, and those of a sound server before others. Takes up to some
/// seconds.
pub fn devices() -> Vec<AudioDevice> {
    let list = || {
        let _quiet = quiet::silence_this_thread();
        let hosts: Vec<Host> = hosts().into_iter().filter_map(|(_, host)| host.ok()).collect();
        let mut found = Vec::new();
        for direction in [Direction::Output, Direction::Input] {
            let default = hosts.iter().find_map(|host| default_of(host, direction)?.id().ok());
            found
                .extend(hosts.iter().flat_map(|host| list_host(host, direction, default.as_ref())));
        }
        found
    };
    // On a thread of its own, as that is what can be silenced. If it fails, nothing has been found.
    let thread = thread::Builder::new().name("audio-devices".into()).spawn(list);
    thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_default()
}

fn list_host(host: &Host, direction: Direction, default: Option<&DeviceId>) -> Vec<AudioDevice> {
    let describe = |device: &Device| {
        let id = device.id().ok()?;
        let configs = configs_of(device, direction).ok()?;
        let lowest_rates = configs.iter().map(SupportedStreamConfigRange::min_sample_rate);
        let highest_rates = configs.iter().map(SupportedStreamConfigRange::max_sample_rate);
        let channels = || configs.iter().map(|config| config.channels());
        Some(AudioDevice {
            name: name_of(device),
            host: host.id().name().to_owned(),
            direction,
            is_default: default == Some(&id),
            channels: channels().min().zip(channels().max()),
            rates_hz: lowest_rates.min().zip(highest_rates.max()),
            id: id.to_string(),
        })
    };
    all_of(host, direction).iter().filter_map(describe).collect()
}

/// The systems to reach devices through, the preferred one first, connected where that succeeds.
fn hosts() -> Vec<(HostId, Result<Host, cpal::Error>)> {
    let mut ids = cpal::available_hosts();
    ids.sort_by_key(|id| id.name() != PREFERRED_HOST);
    ids.into_iter().map(|id| (id, cpal::host_from_id(id))).collect()
}

fn all_of(host: &Host, direction: Direction) -> Vec<Device> {
    match direction {
        Direction::Output => host.output_devices().map(Iterator::collect),
        Direction::Input => host.input_devices().map(Iterator::collect),
    }
    .unwrap_or_default()
}

fn default_of(host: &Host, direction: Direction) -> Option<Device> {
    match direction {
        Direction::Output => host.default_output_device(),
        Direction::Input => host.default_input_device(),
    }
}

fn configs_of(
    device: &Device,
    direction: Direction,
) -> Result<Vec<SupportedStreamConfigRange>, cpal::Error> {
    match direction {
        Direction::Output => device.supported_output_configs().map(Iterator::collect),
        Direction::Input => device.supported_input_configs().map(Iterator::collect),
    }
}

/// Whether `wanted` is the id of the device, with or without its host, or its name.
fn is_called(device: &Device, wanted: &str) -> bool {
    let by_id = device.id().is_ok_and(|id| id.to_string() == wanted || id.id() == wanted);
    by_id || name_of(device) == wanted
}

pub(super) fn name_of(device: &Device) -> String {
    match device.description() {
        Ok(description) => description.name().to_owned(),
        Err(_) => device.to_string(),
    }
}

/// Runs a device in the way that is nearest to what the mixer makes, with buffers of about so many
/// samples.
pub(super) fn connect<C>(
    device: &Device,
    direction: Direction,
    buffer_samples: u32,
    start: impl Fn(StreamConfig, SampleFormat) -> Result<C, cpal::Error>,
) -> Result<C, cpal::Error> {
    let supported = choose(device, direction)?;
    let fixed = match supported.buffer_size() {
        SupportedBufferSize::Range { min, max } => buffer_samples.clamp(*min, *max),
        SupportedBufferSize::Unknown => buffer_samples,
    };
    let with = |buffer_size| {
        let config = StreamConfig { buffer_size, ..supported.config() };
        start(config, supported.sample_format())
    };
    // Some systems name a size and refuse it.
    with(BufferSize::Fixed(fixed)).or_else(|_| with(BufferSize::Default))
}

/// The configuration nearest to what the mixer makes: its rate, its two channels, its format, in
/// this order. A microphone with one channel is as good as it is.
fn choose(device: &Device, direction: Direction) -> Result<SupportedStreamConfig, cpal::Error> {
    let default = match direction {
        Direction::Output => device.default_output_config()?,
        Direction::Input => device.default_input_config()?,
    };
    let at_best_rate = |range: SupportedStreamConfigRange| {
        let (low, high) = (range.min_sample_rate(), range.max_sample_rate());
        let wanted = if range.contains_rate(SAMPLE_RATE_HZ) {
            SAMPLE_RATE_HZ
        } else {
            default.sample_rate()
        };
        range.with_sample_rate(wanted.clamp(low, high))
    };
    let distance = |config: &SupportedStreamConfig| {
        let rate = config.sample_rate().abs_diff(SAMPLE_RATE_HZ);
        let is_as_it_is = direction == Direction::Input
            && config.channels() == default.channels()
            && config.channels() <= 2;
        let channels = match config.channels() {
            0 | 1 => u16::MAX,
            more => more,
        };
        (rate, Reverse(is_as_it_is), channels, preference(config.sample_format()))
    };
    let candidates = configs_of(device, direction)?.into_iter().map(at_best_rate);
    let usable = candidates.filter(|config| preference(config.sample_format()).is_some());
    Ok(usable.min_by_key(distance).unwrap_or(default))
}

/// The formats that [`with_format`] can serve, the most exact first.
fn preference(format: SampleFormat) -> Option<usize> {
    use SampleFormat::{F32, F64, I8, I16, I32, U8, U16};
    [F32, I32, F64, I16, U16, U8, I8].iter().position(|known| *known == format)
}

/// Calls a function for the type of a format: `with_format!(format, start(device, config))` is
/// `start::<f32>(device, config)` for 32-bit floats.
macro_rules! with_format {
    ($format:expr, $function:ident($($argument:expr),*)) => {
        match $format {
            cpal::SampleFormat::F32 => $function::<f32>($($argument),*),
            cpal::SampleFormat::I32 => $function::<i32>($($argument),*),
            cpal::SampleFormat::F64 => $function::<f64>($($argument),*),
            cpal::SampleFormat::I16 => $function::<i16>($($argument),*),
            cpal::SampleFormat::U16 => $function::<u16>($($argument),*),
            cpal::SampleFormat::U8 => $function::<u8>($($argument),*),
            cpal::SampleFormat::I8 => $function::<i8>($($argument),*),
            other => Err($crate::platform::cpal::device::unknown_format(other)),
        }
    };
}
pub(super) use with_format;

/// The error for a format that [`with_format`] does not know.
pub(super) fn unknown_format(format: SampleFormat) -> cpal::Error {
    let message = format!("its sample format {format} is none that is known here");
    cpal::Error::with_message(ErrorKind::UnsupportedConfig, message)
}

/// The words of an error as part of a longer sentence.
pub(super) fn plain(error: &cpal::Error) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}

/// Whether a stream is silent after such an error. The others are for people who tune a system.
pub(super) const fn is_fatal(kind: ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::Xrun
            | ErrorKind::DeviceChanged
            | ErrorKind::RealtimeDenied
            | ErrorKind::DeviceBusy
    )
}
