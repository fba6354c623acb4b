//! Adds up the voices. Runs where the sound is needed: in the callback of a sound card, or tick by
//! tick into a file.
//!
//! It knows no world, no clock and no device. It takes no lock, and after [`Mixer::new`] it neither
//! allocates nor frees memory as long as the world keeps the clips it plays, so a callback may own
//! it. Equal commands at equal times give equal samples, bit for bit, however the output is cut
//! into blocks.

mod bus;

use std::collections::VecDeque;
use std::sync::Arc;

use self::bus::{BLOCK_SAMPLES, Bus};
use super::bus::{BusId, MAX_BUSES};
use super::command::{Command, VoiceId, VoiceStart};
use super::limiter::limit;
use super::ring::SampleRing;
use super::sample::{StereoSample, at_rate, fade_samples};
use super::voice::Voice;

/// How many voices sound at once. When one more starts, [`Audio`](super::Audio) stops the one with
/// the smallest volume, and of several the oldest.
pub const MAX_VOICES: usize = 128;

/// Room for every voice, and for as many that are fading out after they were stopped.
const SLOTS: usize = 2 * MAX_VOICES;

/// How many commands can wait for their time.
const MAX_WAITING: usize = 4_096;

/// Turns commands into samples.
#[derive(Debug)]
pub struct Mixer {
    rate_hz: u32,
    /// The number of samples rendered so far.
    position: u64,
    /// In the order of their start, which is the order of adding.
    voices: Vec<Voice>,
    /// By time, and in the order of arrival where times are equal.
    waiting: VecDeque<(u64, Command)>,
    /// All that there can be, the master first; the others lead to it.
    buses: Box<[Bus]>,
    /// How many of them the world has named.
    bus_count: usize,
    /// Where what is rendered is written down.
    heard: Option<Arc<SampleRing>>,
}

impl Mixer {
    /// A silent mixer whose output has the given rate, in samples a second.
    ///
    /// At another rate than [`SAMPLE_RATE_HZ`](super::SAMPLE_RATE_HZ) clips are read at the ratio
    /// of the two, in the same step that bends their pitch.
    ///
    /// # Panics
    /// If the rate is 0.
    pub fn new(rate_hz: u32) -> Self {
        assert!(rate_hz > 0, "a mixer needs a sample rate above 0");
        Self {
            rate_hz,
            position: 0,
            voices: Vec::with_capacity(SLOTS),
            waiting: VecDeque::with_capacity(MAX_WAITING),
            buses: (0..=MAX_BUSES).map(|_| Bus::new(rate_hz)).collect(),
            bus_count: 1,
            heard: None,
        }
    }

    /// The rate of the output, in samples a second.
    pub const fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// The time of the next sample: how many have been rendered.
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// How many voices are heard, those that fade out included.
    #[cfg(test)]
    pub(super) fn voice_count(&self) -> usize {
        self.voices.len()
    }

    /// Whether one more command can wait for its time.
    pub fn has_room(&self) -> bool {
        self.waiting.len() < MAX_WAITING
    }

    /// Takes a command for the sample `at` of this mixer; one that is due or late takes effect with
    /// the next sample.
    ///
    /// # Errors
    /// Gives the command back if too many are waiting.
    #[expect(clippy::result_large_err, reason = "it is what was given, and a box would allocate")]
    pub fn push(&mut self, at: u64, command: Command) -> Result<(), Command> {
        if !self.has_room() {
            return Err(command);
        }
        let place = self.waiting.partition_point(|(waiting_at, _)| *waiting_at <= at);
        self.waiting.insert(place, (at, command));
        Ok(())
    }

    /// Overwrites `output` with the next samples.
    pub fn render(&mut self, output: &mut [StereoSample]) {
        let mut rest = output;
        while !rest.is_empty() {
            self.carry_out_due();
            let until_next = match self.waiting.front() {
                Some((at, _)) => usize::try_from(at - self.position).unwrap_or(usize::MAX),
                None => usize::MAX,
            };
            let count = until_next.min(rest.len()).min(BLOCK_SAMPLES);
            let (block, later) = rest.split_at_mut(count);
            self.render_block(block);
            rest = later;
        }
    }

    fn carry_out_due(&mut self) {
        while let Some((_, command)) = self.waiting.pop_front_if(|(at, _)| *at <= self.position) {
            self.carry_out(command);
        }
    }

    /// Renders samples between which nothing changes but the voices themselves.
    fn render_block(&mut self, block: &mut [StereoSample]) {
        let count = block.len();
        let buses = self.buses.get_mut(..self.bus_count).unwrap_or_default();
        for bus in &mut *buses {
            bus.begin(count);
        }
        self.voices.retain_mut(|voice| {
            buses.get_mut(voice.bus().index()).is_some_and(|bus| voice.add_to(bus.block_of(count)))
        });
        if let Some((master, others)) = buses.split_first_mut() {
            for bus in others {
                let sums = master.block_of(count).iter_mut();
                for (sum, sample) in sums.zip(bus.finish(count)) {
                    *sum = [sum[0] + sample[0], sum[1] + sample[1]];
                }
            }
            for (output, sample) in block.iter_mut().zip(master.finish(count)) {
                *output = sample.map(limit);
            }
        }
        if let Some(heard) = &self.heard {
            heard.write(block);
        }
        self.position += count as u64;
    }

    fn carry_out(&mut self, command: Command) {
        let rate_hz = self.rate_hz;
        match command {
            Command::Start(start) => self.start(start),
            Command::Stop { voice, samples } => {
                let samples = smooth(samples, rate_hz);
                self.change(voice, |voice| voice.stop(samples));
            }
            Command::Release(voice) => self.change(voice, |voice| voice.release(rate_hz)),
            Command::SetVolume { voice, volume, samples } => {
                let samples = smooth(samples, rate_hz);
                self.change(voice, |voice| voice.set_volume(volume, samples));
            }
            Command::SetPan(voice, pan) => self.change(voice, |voice| voice.set_pan(pan, rate_hz)),
            Command::SetPitch(voice, pitch) => {
                self.change(voice, |voice| voice.set_pitch(pitch, rate_hz))
            }
            Command::SetBusVolume { bus, volume, samples } => {
                let samples = if samples > 0 { at_rate(samples, rate_hz) } else { self.at_once() };
                self.change_bus(bus, |bus| bus.set_volume(volume, samples));
            }
            Command::SetBusMuted(bus, muted) => {
                let samples = self.at_once();
                self.change_bus(bus, |bus| bus.set_muted(muted, samples));
            }
            Command::SetEffects(bus, effects) => {
                let samples = self.at_once();
                self.change_bus(bus, |bus| bus.set_effects(effects, samples));
            }
            Command::StartBus(start) => {
                let samples = self.at_once();
                let fade = at_rate(start.volume.samples, rate_hz);
                self.change_bus(start.bus, |bus| bus.start(&start, fade, samples));
            }
            Command::Listen(ring) => self.heard = Some(ring),
            Command::StopAll => {
                let samples = fade_samples(rate_hz);
                self.voices.iter_mut().for_each(|voice| voice.stop(samples));
            }
        }
    }

    /// The samples of a change that nobody asked to be slow. Nothing is heard yet before the first
    /// sample, so there is nothing to fade.
    fn at_once(&self) -> u64 {
        if self.position == 0 { 0 } else { fade_samples(self.rate_hz) }
    }

    fn change_bus(&mut self, bus: BusId, change: impl FnOnce(&mut Bus)) {
        if let Some(known) = self.buses.get_mut(bus.index()) {
            self.bus_count = self.bus_count.max(bus.index() + 1);
            change(known);
        }
    }

    fn start(&mut self, start: VoiceStart) {
        if self.voices.len() == SLOTS {
            // Only when voices are stolen faster than they fade: the one nearest to silence goes.
            let nearest = |voice: &Voice| voice.fading_samples_left().unwrap_or(u64::MAX);
            if let Some(slot) =
                (0..self.voices.len()).min_by_key(|slot| nearest(&self.voices[*slot]))
            {
                self.voices.remove(slot);
            }
        }
        self.bus_count = self.bus_count.max(start.bus.index() + 1).min(self.buses.len());
        self.voices.push(Voice::new(start, self.rate_hz));
    }

    /// Changes a voice if it is still there; a command for one that has ended in the meantime is
    /// nothing special.
    fn change(&mut self, voice: VoiceId, change: impl FnOnce(&mut Voice)) {
        if let Some(voice) = self.voices.iter_mut().find(|known| known.id() == voice) {
            change(voice);
        }
    }
}

/// A length in samples at `rate_hz`, long enough not to click.
fn smooth(samples: u64, rate_hz: u32) -> u64 {
    at_rate(samples, rate_hz).max(fade_samples(rate_hz))
}

#[cfg(test)]
mod tests;
