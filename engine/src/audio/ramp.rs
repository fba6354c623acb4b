//! A value that moves to its target in a straight line, so that a change of volume is never heard
//! as a click.

/// A gain on its way to a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ramp {
    value: f32,
    target: f32,
    step: f32,
    samples_left: u32,
}

impl Ramp {
    /// A ramp that rests at `value`.
    pub(crate) const fn at(value: f32) -> Self {
        Self { value, target: value, step: 0.0, samples_left: 0 }
    }

    /// Heads for `target`, to reach it after `samples` calls of [`next`](Self::next); at once when
    /// that is 0.
    pub(crate) fn head_for(&mut self, target: f32, samples: u32) {
        self.target = target;
        self.samples_left = samples;
        if samples == 0 {
            self.value = target;
        } else {
            self.step = (target - self.value) / samples as f32;
        }
    }

    /// Moves on by one sample and gives the value there; the last one is the target exactly.
    pub(crate) fn next(&mut self) -> f32 {
        match self.samples_left {
            0 => {}
            1 => {
                self.samples_left = 0;
                self.value = self.target;
            }
            _ => {
                self.samples_left -= 1;
                self.value += self.step;
            }
        }
        self.value
    }

    /// How many samples are left until the target is reached.
    pub(crate) const fn samples_left(&self) -> u32 {
        self.samples_left
    }

    /// Whether the value rests at 0.
    pub(crate) fn is_silent(&self) -> bool {
        self.samples_left == 0 && self.value == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four samples from 0 to 1 are the quarters, and then it rests.
    #[test]
    fn a_ramp_is_straight_and_ends_on_its_target() {
        let mut ramp = Ramp::at(0.0);
        ramp.head_for(1.0, 4);
        let heard: Vec<f32> = (0..6).map(|_| ramp.next()).collect();
        assert_eq!(heard, [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]);
    }

    /// A new target starts from where the value is, not from where it was going.
    #[test]
    fn a_new_target_is_reached_from_the_present_value() {
        let mut ramp = Ramp::at(1.0);
        ramp.head_for(0.0, 4);
        ramp.next();
        ramp.next();
        ramp.head_for(1.0, 2);
        assert_eq!([ramp.next(), ramp.next()], [0.75, 1.0]);
        assert!(!ramp.is_silent());
    }
}
