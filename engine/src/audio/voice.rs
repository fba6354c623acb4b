//! One voice in a mixer: a source, its gains, its fade.

use std::sync::Arc;

use super::bus::BusId;
use super::clip::Clip;
use super::command::{SourceStart, VoiceId, VoiceStart};
use super::envelope::Course;
use super::fade::Glide;
use super::ramp::Ramp;
use super::reader::RingReader;
use super::sample::{SAMPLE_RATE_HZ, StereoSample, at_rate, fade_samples};
use super::settings::pan_gains;
use super::tone::Oscillator;

/// Places in a clip count in samples with this many fractional bits.
pub(crate) const POSITION_BITS: u32 = 32;

/// How far a clip advances in one sample of a mixer at [`SAMPLE_RATE_HZ`], with [`POSITION_BITS`].
///
/// World and mixer both count in this unit, so they agree on the sample in which a voice ends.
pub(crate) fn pitch_step(pitch: f64) -> u64 {
    (pitch * (1u64 << POSITION_BITS) as f64).round().max(1.0) as u64
}

/// How many samples of a long clip there must be for it to begin, or to go on where its file was too
/// slow: 43 ms.
const FED_ENOUGH: u64 = 2_048;

/// A voice that is heard.
#[derive(Debug)]
pub(crate) struct Voice {
    id: VoiceId,
    bus: BusId,
    source: Source,
    volume: Ramp,
    /// What its pan makes of both sides.
    gains: [Ramp; 2],
    /// 1 while it plays, on its way from 0 at its beginning and to 0 once stopped.
    fade: Ramp,
    /// On its way from 0 to 1 where the voice was picked up in its middle.
    entry: Ramp,
    is_stopping: bool,
    is_heard: bool,
}

#[derive(Debug)]
enum Source {
    Clip {
        clip: Arc<Clip>,
        looped: bool,
        position: u64,
        step: u64,
    },
    Stream {
        reader: RingReader,
        step: u64,
    },
    /// A long clip, whose samples come through a ring.
    Fed {
        reader: RingReader,
        step: u64,
    },
    /// A long clip that nobody reads.
    Nothing,
    Tone {
        oscillator: Oscillator,
        frequency_hz: f64,
        elapsed: u64,
        course: Course,
        edge: u64,
    },
}

impl Voice {
    /// The voice, ready to be rendered at `rate_hz`.
    pub(crate) fn new(start: VoiceStart, rate_hz: u32) -> Self {
        let mut entry = Ramp::at(1.0);
        if start.source.is_under_way() {
            // Picked up in its middle, where the wave is not at 0.
            entry = Ramp::at(0.0);
            entry.head_for(1.0, fade_samples(rate_hz));
        }
        let mut voice = Self {
            id: start.voice,
            bus: start.bus,
            source: Source::new(start.source, rate_hz),
            volume: ramp(start.volume, rate_hz),
            gains: pan_gains(start.pan).map(Ramp::at),
            fade: ramp(start.fade, rate_hz),
            entry,
            is_stopping: start.is_stopping,
            is_heard: false,
        };
        voice.set_pitch(start.pitch, rate_hz);
        voice
    }

    pub(crate) const fn id(&self) -> VoiceId {
        self.id
    }

    pub(crate) const fn bus(&self) -> BusId {
        self.bus
    }

    /// How many samples of fade are left, if the voice is stopping.
    pub(crate) fn fading_samples_left(&self) -> Option<u64> {
        self.is_stopping.then_some(self.fade.samples_left())
    }

    pub(crate) fn set_volume(&mut self, volume: f64, samples: u64) {
        self.volume.head_for(volume, samples);
    }

    pub(crate) fn set_pan(&mut self, pan: f64, rate_hz: u32) {
        for (ramp, gain) in self.gains.iter_mut().zip(pan_gains(pan)) {
            ramp.head_for(gain, fade_samples(rate_hz));
        }
    }

    pub(crate) fn set_pitch(&mut self, pitch: f64, rate_hz: u32) {
        match &mut self.source {
            Source::Clip { step, .. } | Source::Fed { step, .. } => {
                *step = pitch_step(pitch * f64::from(SAMPLE_RATE_HZ) / f64::from(rate_hz));
            }
            // What is written as it is played has its pitch already.
            Source::Stream { .. } | Source::Nothing => {}
            Source::Tone { oscillator, frequency_hz, .. } => {
                oscillator.set_increment(*frequency_hz * pitch / f64::from(rate_hz));
            }
        }
    }

    /// Lets a tone go.
    pub(crate) fn release(&mut self, rate_hz: u32) {
        if let Source::Tone { elapsed, course, .. } = &mut self.source {
            course.release(*elapsed, fade_samples(rate_hz));
        }
    }

    /// Begins to fade out within so many samples, or faster if it does so already; what has not been
    /// heard yet ends at once.
    pub(crate) fn stop(&mut self, samples: u64) {
        if !self.is_stopping || self.fade.samples_left() > samples {
            self.is_stopping = true;
            self.fade.head_for(0.0, if self.is_heard { samples } else { 0 });
        }
    }

    /// Adds the voice to `output`; false once it has ended.
    pub(crate) fn add_to(&mut self, output: &mut [StereoSample]) -> bool {
        for mixed in output {
            if self.is_stopping && self.fade.is_silent() {
                return false;
            }
            let Some([left, right]) = self.source.next() else {
                return false;
            };
            let gain = self.volume.next() * self.fade.next() * self.entry.next();
            mixed[0] += left * self.gains[0].next() * gain;
            mixed[1] += right * self.gains[1].next() * gain;
            self.is_heard = true;
        }
        true
    }
}

impl Source {
    fn new(start: SourceStart, rate_hz: u32) -> Self {
        match start {
            SourceStart::Clip { clip, looped, position } => {
                Self::Clip { clip, looped, position, step: 0 }
            }
            SourceStart::Stream { ring, position, enough, is_flowing } => {
                let step = pitch_step(f64::from(SAMPLE_RATE_HZ) / f64::from(rate_hz));
                let reader = RingReader::new(ring, (position, 0), enough, is_flowing, rate_hz);
                Self::Stream { reader, step }
            }
            SourceStart::Fed { ring, fraction, .. } => {
                let reader = RingReader::new(ring, (0, fraction), FED_ENOUGH, false, rate_hz);
                Self::Fed { reader, step: 0 }
            }
            SourceStart::LongClip { .. } => Self::Nothing,
            SourceStart::Tone { waveform, frequency_hz, course, elapsed_samples, seed } => {
                let course = course.at_rate(rate_hz);
                let elapsed = at_rate(elapsed_samples, rate_hz);
                let half = course.length().unwrap_or(u64::MAX) / 2;
                let edge = fade_samples(rate_hz).min(half).max(1);
                let oscillator =
                    Oscillator::new(waveform, frequency_hz / f64::from(rate_hz), seed, elapsed);
                Self::Tone { oscillator, frequency_hz, elapsed, course, edge }
            }
        }
    }

    /// The next sample, or `None` at the end.
    fn next(&mut self) -> Option<StereoSample> {
        match self {
            Self::Clip { clip, looped, position, step } => {
                let end = clip.sample_count() << POSITION_BITS;
                if *position >= end {
                    if !*looped {
                        return None;
                    }
                    *position %= end;
                }
                let sample = interpolate(clip.samples(), *position, *looped);
                *position = position.saturating_add(*step);
                Some(sample)
            }
            Self::Stream { reader, step } | Self::Fed { reader, step } => reader.next(*step),
            Self::Nothing => None,
            Self::Tone { oscillator, elapsed, course, edge, .. } => {
                let end = course.length().unwrap_or(u64::MAX);
                let left = end.checked_sub(*elapsed).filter(|left| *left > 0)?;
                let gain = course.gain(*elapsed) as f32 * rounded((*elapsed).min(left), *edge);
                let value = oscillator.next() * gain;
                *elapsed += 1;
                Some([value, value])
            }
        }
    }
}

/// The gain `distance` samples from an end of a tone: 0 at the end, 1 from `edge` on, smooth at
/// both.
fn rounded(distance: u64, edge: u64) -> f32 {
    if distance >= edge {
        return 1.0;
    }
    let x = distance as f32 / edge as f32;
    x * x * (3.0 - 2.0 * x)
}

/// The value between two samples, on the Catmull-Rom curve through four; on a sample, that sample
/// exactly.
fn interpolate(samples: &[StereoSample], position: u64, looped: bool) -> StereoSample {
    let index = (position >> POSITION_BITS) as usize;
    let fraction = (position & ((1 << POSITION_BITS) - 1)) as f32 / (1u64 << POSITION_BITS) as f32;
    if fraction == 0.0 {
        return samples.get(index).copied().unwrap_or_default();
    }
    match index.checked_sub(1).and_then(|first| samples.get(first..first + 4)) {
        Some(&[before, here, next, after]) => curve([before, here, next, after], fraction),
        _ => curve(around_an_end(samples, index, looped), fraction),
    }
}

/// The sample at `index`, the one before it and the two after it, where not all of them are inside:
/// beyond its ends a clip is silent, and a loop goes on.
fn around_an_end(samples: &[StereoSample], index: usize, looped: bool) -> [StereoSample; 4] {
    let length = samples.len() as isize;
    [-1, 0, 1, 2].map(|offset| {
        let wanted = index as isize + offset;
        let wanted = if looped { wanted.rem_euclid(length) } else { wanted };
        usize::try_from(wanted)
            .ok()
            .and_then(|wanted| samples.get(wanted))
            .copied()
            .unwrap_or_default()
    })
}

/// The Catmull-Rom curve between the second and the third of four samples.
pub(crate) fn curve([y0, y1, y2, y3]: [StereoSample; 4], fraction: f32) -> StereoSample {
    let side = |y0: f32, y1: f32, y2: f32, y3: f32| {
        let slope = 0.5 * (y2 - y0);
        let square = y0 - 2.5 * y1 + 2.0 * y2 - 0.5 * y3;
        let cube = 1.5 * (y1 - y2) + 0.5 * (y3 - y0);
        ((cube * fraction + square) * fraction + slope) * fraction + y1
    };
    [side(y0[0], y1[0], y2[0], y3[0]), side(y0[1], y1[1], y2[1], y3[1])]
}

/// A gain that moves as it is told to from the first sample on.
fn ramp(glide: Glide, rate_hz: u32) -> Ramp {
    let mut ramp = Ramp::at(glide.from);
    ramp.head_for(glide.to, at_rate(glide.samples, rate_hz));
    ramp
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A straight line stays straight between its samples, and samples stay what they are.
    #[test]
    fn interpolation_passes_through_the_samples_and_keeps_lines() {
        let line: Vec<StereoSample> = (0..5).map(|n| [n as f32, -(n as f32)]).collect();
        assert_eq!(interpolate(&line, 2 << POSITION_BITS, false), [2.0, -2.0]);
        assert_eq!(
            interpolate(&line, (2 << POSITION_BITS) + (1 << (POSITION_BITS - 2)), false),
            [2.25, -2.25]
        );
    }

    /// Half way between 0, 1 and 1, 0 the Catmull-Rom curve is 9/16·2 high: −0/16 + 9/16 + 9/16 −
    /// 0/16.
    #[test]
    fn interpolation_is_cubic_and_wraps_in_a_loop() {
        let bump = [[0.0; 2], [1.0; 2], [1.0; 2], [0.0; 2]];
        let half = 1 << (POSITION_BITS - 1);
        assert_eq!(interpolate(&bump, (1 << POSITION_BITS) + half, false), [1.125; 2]);
        // After the last sample the loop goes on with the first: −1/16·1 + 9/16·0 + 9/16·0 −
        // 1/16·1.
        assert_eq!(interpolate(&bump, (3 << POSITION_BITS) + half, true), [-0.125; 2]);
    }

    /// An end of a tone rises from 0 over its edge, half way up in the middle.
    #[test]
    fn the_ends_of_a_tone_are_smooth() {
        assert_eq!(
            [0, 60, 120, 240, 999].map(|distance| rounded(distance, 240)),
            [0.0, 0.15625, 0.5, 1.0, 1.0]
        );
    }
}
