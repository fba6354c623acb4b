//! Many switches: which are down, and which went down or up in this tick.

/// What is down, and what went down or up in this tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Switches<const WORDS: usize> {
    pub(super) down: Bits<WORDS>,
    pub(super) pressed: Bits<WORDS>,
    pub(super) released: Bits<WORDS>,
}

impl<const WORDS: usize> Default for Switches<WORDS> {
    fn default() -> Self {
        let none = Bits([0; WORDS]);
        Self { down: none, pressed: none, released: none }
    }
}

impl<const WORDS: usize> Switches<WORDS> {
    pub(super) fn begin_tick(&mut self) {
        self.pressed = Bits([0; WORDS]);
        self.released = Bits([0; WORDS]);
    }

    /// Moves one switch; one that is there already did not move.
    pub(super) fn set(&mut self, index: usize, down: bool) {
        if self.down.has(index) == down {
            return;
        }
        self.down.flip(index);
        if down { &mut self.pressed } else { &mut self.released }.add(index);
    }

    pub(super) fn release_all(&mut self) {
        for (released, down) in self.released.0.iter_mut().zip(&mut self.down.0) {
            *released |= std::mem::take(down);
        }
    }
}

/// A set of small numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bits<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Bits<WORDS> {
    pub(super) fn has(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    fn add(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    fn flip(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word ^= 1 << (index % 64);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}
