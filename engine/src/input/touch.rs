//! Fingers on a touch screen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Fingers that are followed at a time; those of three people fit.
const MAX_FINGERS: usize = 32;

/// What a finger did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Touch {
    /// It came down.
    Down,
    /// It moved, or pressed harder.
    Move,
    /// It went up.
    Up,
}

/// A finger on the screen, or one that left it in this tick.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Finger {
    /// The same for as long as it is down.
    pub id: u64,
    /// Distance from the scene's left edge, px.
    pub x: f64,
    /// Distance from the scene's top edge, px.
    pub y: f64,
    /// How hard it presses, 0 to 1; screens that cannot tell say 1.
    pub pressure: f64,
    /// Whether it is on the screen.
    pub is_down: bool,
    /// Whether it came down in this tick.
    pub was_pressed: bool,
    /// Whether it went up in this tick.
    pub was_released: bool,
}

/// The fingers by their numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fingers(BTreeMap<u64, Finger>);

impl Fingers {
    pub(super) fn begin_tick(&mut self) {
        self.0.retain(|_, finger| finger.is_down);
        for finger in self.0.values_mut() {
            (finger.was_pressed, finger.was_released) = (false, false);
        }
    }

    pub(super) fn take(&mut self, id: u64, touch: Touch, [x, y]: [f64; 2], pressure: f64) {
        if touch == Touch::Down && self.0.len() < MAX_FINGERS {
            let was_released = self.0.get(&id).is_some_and(|finger| finger.was_released);
            let (is_down, was_pressed) = (true, true);
            let finger = Finger { id, is_down, was_pressed, was_released, ..Finger::default() };
            self.0.insert(id, finger);
        }
        if let Some(finger) = self.0.get_mut(&id).filter(|finger| finger.is_down) {
            (finger.x, finger.y, finger.pressure) = (x, y, pressure);
            if touch == Touch::Up {
                finger.is_down = false;
                finger.was_released = true;
            }
        }
    }

    pub(super) fn release_all(&mut self) {
        for finger in self.0.values_mut().filter(|finger| finger.is_down) {
            finger.is_down = false;
            finger.was_released = true;
        }
    }

    /// In the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Finger> {
        self.0.values()
    }
}
