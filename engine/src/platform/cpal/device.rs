//! Finding a device, opening it, listing all of them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread;
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{
    BufferSize, Device, DeviceId, ErrorKind, FromSample, Host, HostId, SampleFormat, SizedSample,
    Stream, StreamConfig, SupportedBufferSize, SupportedStreamConfig, SupportedStreamConfigRange,
};
use crossbeam::queue::ArrayQueue;

use super::callback::{Callback, Queue};
use crate::audio::{AudioDevice, AudioError, SAMPLE_RATE_HZ};

/// Samples that the device takes at a time: 21 ms. A server holds two such buffers, so a sound is
/// heard about 43 ms after it was asked for; half of it crackles on a loaded machine with two
/// cores, and a server's own choice may be two seconds.
const BUFFER_SAMPLES: u32 = 1_024;

/// Commands that fit between two callbacks: every voice started, changed and stopped many times
/// over.
const QUEUE_COMMANDS: usize = 4_096;

/// How long a server may take to set up a stream.
const STREAM_TIMEOUT: Duration = Duration::from_secs(5);

/// The host that is asked first, where it exists.
const PREFERRED_HOST: &str = "PulseAudio";

/// A device that is playing, and the ways to it.
pub(super) struct Connection {
    /// The name of the device, for people.
    pub(super) device: String,
    pub(super) rate_hz: u32,
    pub(super) buffer_samples: u32,
    pub(super) queue: Arc<Queue>,
    /// How many samples the device has taken.
    pub(super) position: Arc<AtomicU64>,
    /// Holds the reason once the device is lost.
    pub(super) lost: Arc<ArrayQueue<String>>,
    _stream: Stream,
}

/// Opens the device with this id or name, or the default one, of the first host that has it.
///
/// May take seconds: for a thread of its own.
pub(super) fn open(wanted: Option<&str>) -> Result<Connection, AudioError> {
    let _quiet = quiet::silence_this_thread();
    let mut reasons = Vec::new();
    for (id, host) in hosts() {
        let opened =
            host.and_then(|host| find(&host, wanted).map(|device| connect(&device)).transpose());
        match opened {
            Ok(Some(connection)) => return Ok(connection),
            Ok(None) => {}
            Err(reason) => reasons.push(format!("{}: {}", id.name(), plain(&reason))),
        }
    }
    if reasons.is_empty() {
        reasons.push("there is none".to_owned());
    }
    let remedy = match wanted {
        Some(_) => "see `metapython devices` for the names of those that are there",
        None => "connect a sound device or start the sound server",
    };
    Err(error(wanted, format!("{}; {remedy}", reasons.join("; "))))
}

fn find(host: &Host, wanted: Option<&str>) -> Option<Device> {
    match wanted {
        None => host.default_output_device(),
        Some(wanted) => output_devices(host).into_iter().find(|device| is_called(device, wanted)),
    }
}

/// The error for a device, by the name it was asked for.
pub(super) fn error(wanted: Option<&str>, reason: String) -> AudioError {
    let device = wanted
        .map_or_else(|| "the default device".to_owned(), |wanted| format!("the device {wanted}"));
    AudioError::Device { device, reason }
}

/// All devices that can play, those of a sound server first. Takes up to some seconds.
pub fn devices() -> Vec<AudioDevice> {
    let list = || {
        let _quiet = quiet::silence_this_thread();
        let hosts: Vec<Host> = hosts().into_iter().filter_map(|(_, host)| host.ok()).collect();
        let default = hosts.iter().find_map(|host| host.default_output_device()?.id().ok());
        hosts.iter().flat_map(|host| list_host(host, default.as_ref())).collect()
    };
    // On a thread of its own, as that is what can be silenced. If it fails, nothing has been found.
    let thread = thread::Builder::new().name("audio-devices".into()).spawn(list);
    thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_default()
}

fn list_host(host: &Host, default: Option<&DeviceId>) -> Vec<AudioDevice> {
    let describe = |device: &Device| {
        let id = device.id().ok()?;
        let configs: Vec<_> = device.supported_output_configs().ok()?.collect();
        let lowest_rates = configs.iter().map(SupportedStreamConfigRange::min_sample_rate);
        let highest_rates = configs.iter().map(SupportedStreamConfigRange::max_sample_rate);
        let channels = || configs.iter().map(|config| config.channels());
        Some(AudioDevice {
            name: name_of(device),
            host: host.id().name().to_owned(),
            is_default: default == Some(&id),
            channels: channels().min().zip(channels().max()),
            rates_hz: lowest_rates.min().zip(highest_rates.max()),
            id: id.to_string(),
        })
    };
    output_devices(host).iter().filter_map(describe).collect()
}

/// The systems to reach devices through, the preferred one first, connected where that succeeds.
fn hosts() -> Vec<(HostId, Result<Host, cpal::Error>)> {
    let mut ids = cpal::available_hosts();
    ids.sort_by_key(|id| id.name() != PREFERRED_HOST);
    ids.into_iter().map(|id| (id, cpal::host_from_id(id))).collect()
}

fn output_devices(host: &Host) -> Vec<Device> {
    host.output_devices().map(Iterator::collect).unwrap_or_default()
}

/// Whether `wanted` is the id of the device, with or without its host, or its name.
fn is_called(device: &Device, wanted: &str) -> bool {
    let by_id = device.id().is_ok_and(|id| id.to_string() == wanted || id.id() == wanted);
    by_id || name_of(device) == wanted
}

fn name_of(device: &Device) -> String {
    match device.description() {
        Ok(description) => description.name().to_owned(),
        Err(_) => device.to_string(),
    }
}

fn connect(device: &Device) -> Result<Connection, cpal::Error> {
    let supported = choose(device)?;
    let fixed = match supported.buffer_size() {
        SupportedBufferSize::Range { min, max } => BUFFER_SAMPLES.clamp(*min, *max),
        SupportedBufferSize::Unknown => BUFFER_SAMPLES,
    };
    let with = |buffer_size| {
        let config = StreamConfig { buffer_size, ..supported.config() };
        start(device, config, supported.sample_format())
    };
    // Some systems name a size and refuse it.
    with(BufferSize::Fixed(fixed)).or_else(|_| with(BufferSize::Default))
}

/// The configuration nearest to what the mixer makes: its rate, its two channels, its format, in
/// this order.
fn choose(device: &Device) -> Result<SupportedStreamConfig, cpal::Error> {
    let default = device.default_output_config()?;
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
        let channels = match config.channels() {
            0 | 1 => u16::MAX,
            more => more,
        };
        (rate, channels, preference(config.sample_format()))
    };
    let candidates = device.supported_output_configs()?.map(at_best_rate);
    let usable = candidates.filter(|config| preference(config.sample_format()).is_some());
    Ok(usable.min_by_key(distance).unwrap_or(default))
}

/// The formats that [`start`] can serve, the most exact first.
fn preference(format: SampleFormat) -> Option<usize> {
    use SampleFormat::{F32, F64, I8, I16, I32, U8, U16};
    [F32, I32, F64, I16, U16, U8, I8].iter().position(|known| *known == format)
}

fn start(
    device: &Device,
    config: StreamConfig,
    format: SampleFormat,
) -> Result<Connection, cpal::Error> {
    match format {
        SampleFormat::F32 => start_as::<f32>(device, config),
        SampleFormat::I32 => start_as::<i32>(device, config),
        SampleFormat::F64 => start_as::<f64>(device, config),
        SampleFormat::I16 => start_as::<i16>(device, config),
        SampleFormat::U16 => start_as::<u16>(device, config),
        SampleFormat::U8 => start_as::<u8>(device, config),
        SampleFormat::I8 => start_as::<i8>(device, config),
        other => {
            let message = format!("its sample format {other} is none that we can play");
            Err(cpal::Error::with_message(ErrorKind::UnsupportedConfig, message))
        }
    }
}

fn start_as<T: SizedSample + FromSample<f32>>(
    device: &Device,
    config: StreamConfig,
) -> Result<Connection, cpal::Error> {
    let queue = Arc::new(Queue::new(QUEUE_COMMANDS));
    let position = Arc::new(AtomicU64::new(0));
    let lost = Arc::new(ArrayQueue::new(1));
    let mut callback = Callback::new(
        config.sample_rate,
        config.channels,
        Arc::clone(&queue),
        Arc::clone(&position),
    );
    let reason = Arc::clone(&lost);
    let stream = device.build_output_stream(
        config,
        move |output: &mut [T], _| callback.fill(output),
        move |error| {
            if is_fatal(error.kind()) {
                // The first reason is the one to keep.
                let _ = reason.push(plain(&error));
            }
        },
        Some(STREAM_TIMEOUT),
    )?;
    stream.play()?;
    let buffer_samples = stream.buffer_size().unwrap_or(BUFFER_SAMPLES);
    Ok(Connection {
        device: name_of(device),
        rate_hz: config.sample_rate,
        buffer_samples,
        queue,
        position,
        lost,
        _stream: stream,
    })
}

/// The words of an error as part of a longer sentence.
fn plain(error: &cpal::Error) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}

/// Whether a stream is silent after such an error. The others are for people who tune a system.
const fn is_fatal(kind: ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::Xrun
            | ErrorKind::DeviceChanged
            | ErrorKind::RealtimeDenied
            | ErrorKind::DeviceBusy
    )
}

/// alsa-lib writes to the standard error whatever it fails at, even what a program merely tries.
#[cfg(target_os = "linux")]
mod quiet {
    use std::cell::RefCell;
    use std::rc::Rc;

    use alsa::Output;

    /// Collects the complaints of alsa-lib on this thread in memory, for as long as the thread
    /// runs.
    pub(super) fn silence_this_thread() -> Option<Rc<RefCell<Output>>> {
        // Without it there is noise, and nothing else is worse.
        Output::local_error_handler().ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod quiet {
    pub(super) const fn silence_this_thread() {}
}
