//! A value that moves to its target in a straight line, so that a change of volume is never heard
//! as a click.

/// A gain on its way to a target.
///
/// It is reckoned from the end of its way and not added up, so that a fade over minutes arrives
/// where it should.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ramp {
    target: f64,
    /// How much nearer the target is with each sample.
    step: f64,
    samples_left: u64,
}

impl Ramp {
    /// A ramp that rests at `value`.
    pub(crate) const fn at(value: f64) -> Self {
        Self { target: value, step: 0.0, samples_left: 0 }
    }

    /// Heads for `target`, to reach it after `samples` calls of [`next`](Self::next); at once when
    /// that is 0.
    pub(crate) fn head_for(&mut self, target: f64, samples: u64) {
        let value = self.value();
        self.target = target;
        self.samples_left = samples;
        self.step = if samples == 0 { 0.0 } else { (target - value) / samples as f64 };
    }

    /// Moves on by one sample and gives the value there; the last one is the target exactly.
    pub(crate) fn next(&mut self) -> f32 {
        self.advance();
        self.value() as f32
    }

    /// As [`next`](Self::next), for what needs every bit.
    pub(crate) fn next_exact(&mut self) -> f64 {
        self.advance();
        self.value()
    }

    fn advance(&mut self) {
        self.samples_left = self.samples_left.saturating_sub(1);
    }

    /// The value now.
    pub(crate) fn value(&self) -> f64 {
        if self.samples_left == 0 {
            return self.target;
        }
        self.target - self.step * self.samples_left as f64
    }

    /// How many samples are left until the target is reached.
    pub(crate) const fn samples_left(&self) -> u64 {
        self.samples_left
    }

    /// Whether the value rests at 0.
    pub(crate) fn is_silent(&self) -> bool {
        self.samples_left == 0 && self.target == 0.0
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

    /// Ten minutes of single precision would add up steps too small to count.
    #[test]
    fn a_long_ramp_is_straight() {
        let mut ramp = Ramp::at(0.0);
        ramp.head_for(120.0, 28_800_000);
        let later = (0..240_000).map(|_| ramp.next()).last();
        assert_eq!(later, Some(1.0));
    }
}
