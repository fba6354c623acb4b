//! The delay: one line a channel, fed with what comes out of it.

use super::{Delay, MAX_DELAY_SECS, settled};
use crate::audio::ramp::Ramp;
use crate::audio::sample::StereoSample;

/// A delay of a bus, on or off.
#[derive(Debug)]
pub(crate) struct DelayLine {
    rate_hz: f64,
    line: Box<[StereoSample]>,
    /// Where the next sample goes.
    place: usize,
    /// How many samples have been written since it was turned on: what lies before is not its own.
    written: usize,
    /// The volume of the first echo; 0 when off.
    mix: Ramp,
    feedback: Ramp,
    /// How far back the echo is heard: from the last time on, on the way to the new one.
    lags: [usize; 2],
    /// 0 at the last time, 1 at the new one: both are heard in between.
    shift: Ramp,
}

impl DelayLine {
    /// Off. The line is memory of which the system gives what is used.
    pub(crate) fn new(rate_hz: u32) -> Self {
        let rate_hz = f64::from(rate_hz);
        let length = (MAX_DELAY_SECS * rate_hz).ceil() as usize + 1;
        Self {
            rate_hz,
            line: vec![[0.0; 2]; length].into_boxed_slice(),
            place: 0,
            written: 0,
            mix: Ramp::at(0.0),
            feedback: Ramp::at(0.0),
            lags: [1; 2],
            shift: Ramp::at(1.0),
        }
    }

    /// Turns it on, changes it or, with `None`, turns it off, within so many samples.
    pub(crate) fn set(&mut self, settings: Option<Delay>, samples: u64) {
        let Some(Delay { time_secs, feedback, mix }) = settings else {
            return self.mix.head_for(0.0, samples);
        };
        let lag = ((time_secs * self.rate_hz).round() as usize).clamp(1, self.line.len() - 1);
        let was_off = self.mix.is_silent();
        if was_off {
            self.written = 0;
            self.lags = [lag; 2];
            self.shift = Ramp::at(1.0);
        } else if lag != self.lags[1] {
            self.lags = [self.lags[1], lag];
            self.shift = Ramp::at(0.0);
            self.shift.head_for(1.0, samples);
        }
        self.feedback.head_for(feedback, if was_off { 0 } else { samples });
        self.mix.head_for(mix, samples);
    }

    /// Adds the echoes to the next samples.
    pub(crate) fn process(&mut self, block: &mut [StereoSample]) {
        for sample in block {
            if self.mix.is_silent() {
                return;
            }
            let shift = self.shift.next();
            let echo = match shift {
                1.0 => self.back(self.lags[1]),
                _ => blend(self.back(self.lags[0]), self.back(self.lags[1]), shift),
            };
            let (feedback, mix) = (self.feedback.next(), self.mix.next());
            let input = *sample;
            let kept = [0, 1].map(|side| settled(input[side] + echo[side] * feedback));
            *sample = [0, 1].map(|side| input[side] + echo[side] * mix);
            self.write(kept);
        }
    }

    /// The sample so many samples ago.
    fn back(&self, lag: usize) -> StereoSample {
        if lag > self.written {
            return [0.0; 2];
        }
        let place = self.place.checked_sub(lag).unwrap_or(self.place + self.line.len() - lag);
        self.line.get(place).copied().unwrap_or_default()
    }

    fn write(&mut self, sample: StereoSample) {
        if let Some(slot) = self.line.get_mut(self.place) {
            *slot = sample;
        }
        self.place = (self.place + 1) % self.line.len();
        self.written = (self.written + 1).min(self.line.len());
    }
}

fn blend(from: StereoSample, to: StereoSample, share: f32) -> StereoSample {
    [0, 1].map(|side| from[side] * (1.0 - share) + to[side] * share)
}
