//! A device that plays: the main thread's end of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{Device, FromSample, SizedSample, Stream, StreamConfig};
use crossbeam::queue::ArrayQueue;

use super::callback::{Callback, Queue};
use super::device::{self, STREAM_TIMEOUT, is_fatal, name_of, plain, with_format};
use super::reading::Reading;
use super::seeker::Connected;
use super::timeline::Timeline;
use crate::audio::feed::prepare;
use crate::audio::{
    AudioBatch, AudioError, AudioEvent, Clip, Command, Direction, SampleRing, SourceStart,
    TickSpan, TimedCommand,
};

/// Samples that the device takes at a time: 21 ms. A server holds two such buffers, so a sound is
/// heard about 43 ms after it was asked for; half of it crackles on a loaded machine with two
/// cores, and a server's own choice may be two seconds.
const BUFFER_SAMPLES: u32 = 1_024;

/// Commands that fit between two callbacks: every voice started, changed and stopped many times
/// over.
const QUEUE_COMMANDS: usize = 4_096;

/// A device that is playing, and the ways to it.
pub(super) struct Output {
    /// The first to go: the callback ends before what it plays is freed.
    _stream: Stream,
    /// The name of the device, for people.
    device: String,
    queue: Arc<Queue>,
    /// How many samples the device has taken.
    position: Arc<AtomicU64>,
    /// Holds the reason once the device is lost.
    lost: Arc<ArrayQueue<String>>,
    timeline: Timeline,
    /// Whether the mixer has missed something, or everything.
    is_behind: bool,
    /// What the mixer plays, by address: kept here, so that the callback is never the one to free
    /// it.
    clips: BTreeMap<usize, Arc<Clip>>,
    /// The streams that it plays, for the same reason.
    rings: Vec<Arc<SampleRing>>,
    /// Reads long clips, once there is one.
    reading: Option<Reading>,
}

impl Connected for Output {
    const DIRECTION: Direction = Direction::Output;

    fn open(wanted: Option<&str>) -> Result<Self, AudioError> {
        device::open(Self::DIRECTION, wanted, |device| {
            device::connect(device, Self::DIRECTION, BUFFER_SAMPLES, |config, format| {
                with_format!(format, start(device, config))
            })
        })
    }

    fn device(&self) -> &str {
        &self.device
    }

    fn lost(&self) -> Option<String> {
        self.lost.pop()
    }
}

impl Output {
    /// Hands the commands of a tick to the mixer.
    pub(super) fn play_tick(&mut self, batch: &AudioBatch<'_>, events: &mut Vec<AudioEvent>) {
        let failures = self.reading.iter().flat_map(Reading::failures);
        events.extend(failures.map(|error| AudioEvent::ClipFailed { message: error.to_string() }));
        // Those that nobody else has any more: the mixer is done with them.
        self.rings.retain(|ring| Arc::strong_count(ring) > 1);
        if self.is_behind {
            self.is_behind = !self.send(batch.span(), &batch.catch_up());
        } else if !self.send(batch.span(), batch.commands()) {
            self.is_behind = true;
            events.push(AudioEvent::CommandsDropped { count: batch.commands().len() });
        }
    }

    /// Sends all of the commands, or none if there is no room.
    fn send(&mut self, span: TickSpan, commands: &[TimedCommand]) -> bool {
        let queue = Arc::clone(&self.queue);
        if commands.len() > queue.capacity() - queue.len() {
            return false;
        }
        let now = self.position.load(Ordering::Relaxed);
        for TimedCommand { at_sample, mut command } in commands.iter().cloned() {
            if let Some(feed) = prepare(&mut command) {
                self.reading.get_or_insert_with(Reading::start).add(feed);
            }
            if let Command::Start(start) = &command {
                self.keep(&start.source);
            }
            let at =
                at_sample.map_or(0, |at| self.timeline.position_of(at, span.start_sample, now));
            if queue.push((at, command)).is_err() {
                return false;
            }
        }
        true
    }

    /// Keeps what the mixer is going to play, so that it is freed here.
    fn keep(&mut self, source: &SourceStart) {
        match source {
            SourceStart::Clip { clip, .. } => {
                self.clips.entry(Arc::as_ptr(clip).addr()).or_insert_with(|| Arc::clone(clip));
            }
            SourceStart::Stream { ring, .. } | SourceStart::Fed { ring, .. } => {
                if !self.rings.iter().any(|known| Arc::ptr_eq(known, ring)) {
                    self.rings.push(Arc::clone(ring));
                }
            }
            SourceStart::LongClip { .. } | SourceStart::Tone { .. } => {}
        }
    }
}

fn start<T: SizedSample + FromSample<f32>>(
    device: &Device,
    config: StreamConfig,
) -> Result<Output, cpal::Error> {
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
    Ok(Output {
        _stream: stream,
        device: name_of(device),
        queue,
        position,
        lost,
        timeline: Timeline::new(config.sample_rate, buffer_samples),
        is_behind: true,
        clips: BTreeMap::new(),
        rings: Vec::new(),
        reading: None,
    })
}
