//! Sound of devices, as the input of ticks.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::input::Input;
use super::seeker::Seeker;
use crate::audio::{
    CaptureBackend, Converter, DeviceEvent, Heard, SAMPLE_RATE_HZ, SampleRing, StereoSample,
    TickSpan,
};

/// How much more than needed may wait before it is skipped: a tenth of a second.
const SLACK_SAMPLES: usize = SAMPLE_RATE_HZ as usize / 10;

/// The most that is held back for what may come late: a tenth of a second. A system that is later
/// than that is too busy for sound.
const MAX_LEAD_SAMPLES: usize = SAMPLE_RATE_HZ as usize / 10;

/// Listens to input devices, each opened when somebody first listens to it and closed when nobody does
/// any more; a lost one is looked for until it is back.
///
/// A device is heard about 11 ms and a tick late, and later if it turns out to give its samples in larger
/// pieces. Its clock is not that of the machine: where it has
/// become so much faster, or the machine so much slower, that a tenth of a second waits, that is
/// skipped; where it is slower, there is silence until enough has come in.
#[derive(Default)]
pub struct CpalMicrophone {
    chosen: Option<String>,
    ears: BTreeMap<Option<String>, Ear>,
}

/// A device that somebody listens to.
struct Ear {
    seeker: Seeker<Input>,
    pace: Pace,
}

/// What has come in, at the rate of the world, and how it is given to ticks.
#[derive(Default)]
struct Pace {
    converter: Option<Converter>,
    /// The number of the sample in the ring that is taken next.
    next: u64,
    waiting: Vec<StereoSample>,
    /// How many samples more than those of a tick are to wait: twice as many each time that they did
    /// not last until more came.
    lead: usize,
    /// Whether they do.
    is_flowing: bool,
}

impl CpalMicrophone {
    /// Nothing is opened before somebody listens. `chosen` is the id or name of the device to listen to
    /// where none is named, or none for the system's.
    pub fn new(chosen: Option<String>) -> Self {
        Self { chosen, ears: BTreeMap::new() }
    }
}

impl std::fmt::Debug for CpalMicrophone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ears: Vec<_> = self.ears.keys().collect();
        formatter
            .debug_struct("CpalMicrophone")
            .field("chosen", &self.chosen)
            .field("ears", &ears)
            .finish()
    }
}

impl CaptureBackend for CpalMicrophone {
    fn listen(
        &mut self,
        wanted: &[Option<String>],
        span: TickSpan,
        events: &mut Vec<DeviceEvent>,
    ) -> Vec<Heard> {
        self.ears.retain(|device, _| wanted.contains(device));
        let count = usize::try_from(span.sample_count()).unwrap_or(usize::MAX);
        let hear = |device: &Option<String>| {
            let ear = self.ears.entry(device.clone()).or_insert_with(|| {
                let name = device.clone().or_else(|| self.chosen.clone());
                Ear { seeker: Seeker::look_for(name), pace: Pace::default() }
            });
            ear.hear(count, events)
        };
        wanted.iter().map(hear).collect()
    }
}

impl Ear {
    fn hear(&mut self, count: usize, events: &mut Vec<DeviceEvent>) -> Heard {
        if self.seeker.follow(events) {
            self.pace = self.seeker.current().map_or_else(Pace::default, |input| {
                Pace::new(input.rate_hz, input.buffer_samples, input.ring.written())
            });
        }
        let Some(input) = self.seeker.current() else { return Heard::default() };
        let is_lost = input.overruns.swap(0, Ordering::Relaxed) > 0;
        let is_overwritten = self.pace.take_in(&input.ring);
        let (samples, is_skipped) = self.pace.give(count);
        let device = self.seeker.device().map(str::to_owned);
        Heard { device, samples, is_overrun: is_lost || is_overwritten || is_skipped }
    }
}

impl Pace {
    /// Of a device with this rate that gives so many samples at a time, from its next sample on.
    fn new(rate_hz: u32, buffer_samples: u32, next: u64) -> Self {
        let is_other_rate = rate_hz != SAMPLE_RATE_HZ;
        // A rate that cannot be converted is heard too fast or too slow, and better than not at all.
        let converter = is_other_rate.then(|| Converter::new(rate_hz).ok()).flatten();
        let lead = (buffer_samples as usize).clamp(1, MAX_LEAD_SAMPLES);
        Self { converter, next, lead, ..Self::default() }
    }

    /// Takes what a device has written meanwhile; whether some of it had been overwritten.
    fn take_in(&mut self, ring: &SampleRing) -> bool {
        let written = ring.written();
        let mut is_lost = false;
        let mut heard = Vec::new();
        while self.next < written {
            match ring.get(self.next) {
                Some(sample) => heard.push(sample),
                None => is_lost = true,
            }
            self.next += 1;
        }
        match &mut self.converter {
            // What is left out of sound that cannot be converted is silence.
            Some(converter) => drop(converter.convert(&heard, &mut self.waiting)),
            None => self.waiting.append(&mut heard),
        }
        is_lost
    }

    /// The samples of a tick, and whether samples before them were skipped.
    fn give(&mut self, count: usize) -> (Vec<StereoSample>, bool) {
        let enough = count + self.lead;
        self.is_flowing |= self.waiting.len() >= enough;
        if !self.is_flowing {
            return (Vec::new(), false);
        }
        let is_skipped = self.waiting.len() > enough + SLACK_SAMPLES;
        if is_skipped {
            self.waiting.drain(..self.waiting.len() - enough);
        }
        self.is_flowing = self.waiting.len() >= count;
        if !self.is_flowing {
            self.lead = (2 * self.lead).min(MAX_LEAD_SAMPLES);
        }
        let samples = self.waiting.drain(..count.min(self.waiting.len())).collect();
        (samples, is_skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(waiting: usize) -> Pace {
        Pace {
            waiting: (0..waiting).map(|n| [n as f32; 2]).collect(),
            lead: 512,
            ..Pace::default()
        }
    }

    /// Nothing is heard before a buffer more than a tick has come in; then each tick gets its samples,
    /// one after the other, though they come at odd times.
    #[test]
    fn ticks_are_fed_evenly() {
        let mut pace = pace(1_311);
        assert_eq!(pace.give(800), (Vec::new(), false));
        pace.waiting.push([1_311.0; 2]);
        let (first, _) = pace.give(800);
        assert_eq!((first.len(), first[0], first[799]), (800, [0.0; 2], [799.0; 2]));
        pace.waiting.extend([[0.0; 2]; 512]);
        assert_eq!(pace.give(800).0[0], [800.0; 2]);
    }

    /// A device that gives too little is silent until enough has come in again, which is more then.
    #[test]
    fn a_slow_device_leaves_a_gap() {
        let mut pace = pace(1_312);
        assert_eq!(pace.give(800).0.len(), 800);
        assert_eq!(pace.give(800).0.len(), 512);
        pace.waiting.extend([[0.0; 2]; 1_823]);
        assert_eq!(pace.give(800).0.len(), 0);
        pace.waiting.push([0.0; 2]);
        assert_eq!(pace.give(800).0.len(), 800);
    }

    /// What a machine that came too late has missed is skipped, and told of; its latest is heard.
    #[test]
    fn a_slow_machine_skips() {
        let mut pace = pace(48_000);
        let (heard, is_skipped) = pace.give(800);
        assert!(is_skipped);
        assert_eq!(heard[0], [48_000.0 - 1_312.0; 2]);
    }

    /// What was overwritten before anybody took it is told of, and the rest is heard.
    #[test]
    fn what_was_overwritten_is_told_of() {
        let ring = SampleRing::new(100);
        let mut pace = Pace::new(SAMPLE_RATE_HZ, 10, ring.written());
        ring.write(&[[0.5; 2]; 60]);
        assert!(!pace.take_in(&ring));
        ring.write(&[[0.25; 2]; 150]);
        assert!(pace.take_in(&ring));
        assert_eq!((pace.waiting.len(), pace.waiting[159]), (160, [0.25; 2]));
    }

    /// A device with another rate is heard at its pitch.
    #[test]
    fn another_rate_is_converted() {
        let ring = SampleRing::new(44_100);
        let mut pace = Pace::new(44_100, 512, ring.written());
        let sine = |n: u32| (f64::from(n) / 100.0 * std::f64::consts::TAU).sin() as f32;
        let samples: Vec<_> = (0..44_100).map(|n| [sine(n); 2]).collect();
        for part in samples.chunks(441) {
            ring.write(part);
            assert!(!pace.take_in(&ring));
        }
        // All but what the filter still holds; 441 periods are 441 periods.
        assert!((45_000..48_000).contains(&pace.waiting.len()), "{}", pace.waiting.len());
        let rises = pace.waiting.windows(2).filter(|it| it[0][0] < 0.0 && it[1][0] >= 0.0).count();
        let expected = pace.waiting.len() * 441 / 48_000;
        assert!(rises.abs_diff(expected) <= 1, "{rises} of {expected}");
    }
}
