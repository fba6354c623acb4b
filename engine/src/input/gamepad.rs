//! Gamepads: their buttons and axes by SDL's standard names, and the state of those that are there.
//!
//! A pad has a slot from 1, the lowest that is free when it comes, which it keeps until it goes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::InputError;
use super::switches::Switches;
use crate::nearest::nearest;

/// Pads that there may be at a time: as many as SDL's own player lights and the largest games take.
pub const MAX_PADS: u8 = 16;

/// How far a stick is moved before it counts, as a share of its way: sticks at rest are off their
/// middle by up to a tenth. What lies behind it is spread over the whole range.
pub const STICK_DEAD_ZONE: f64 = 0.15;

/// How far a trigger is pulled before it counts.
pub const TRIGGER_DEAD_ZONE: f64 = 0.05;

/// From here on an axis, or half of one, is down as a button is.
pub(super) const AXIS_IS_DOWN: f64 = 0.5;

macro_rules! named {
    ($(#[$doc:meta])* $kind:ident, $what:literal, $($variant:ident = $name:literal: $meaning:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $kind {
            $(#[doc = $meaning] #[serde(rename = $name)] $variant,)+
        }

        impl $kind {
            /// All of them with their names.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($name, Self::$variant)),+];

            /// The one called `name`, in capitals or not.
            ///
            /// # Errors
            /// [`InputError::UnknownPart`] names the nearest.
            pub fn named(name: &str) -> Result<Self, InputError> {
                let found = Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                found.map(|(_, it)| *it).ok_or_else(|| InputError::UnknownPart {
                    what: $what,
                    name: name.to_owned(),
                    nearest: nearest(name, Self::ALL.iter().map(|(known, _)| *known)),
                    known: Self::ALL.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", "),
                })
            }

            /// Its name.
            pub fn name(self) -> &'static str {
                Self::ALL.get(self as usize).map_or("", |(name, _)| *name)
            }
        }
    };
}

named! {
    /// A button of a gamepad, by SDL's names: letters stand for places, as on an Xbox pad.
    PadButton, "button of a gamepad",
    A = "a": "The lower one of the four.",
    B = "b": "The right one of the four.",
    X = "x": "The left one of the four.",
    Y = "y": "The upper one of the four.",
    Back = "back": "Left of the middle.",
    Guide = "guide": "In the middle, with the maker's sign.",
    Start = "start": "Right of the middle.",
    LeftStick = "leftstick": "The left stick, pressed.",
    RightStick = "rightstick": "The right stick, pressed.",
    LeftShoulder = "leftshoulder": "Above the left trigger.",
    RightShoulder = "rightshoulder": "Above the right trigger.",
    Up = "dpup": "The cross, upwards.",
    Down = "dpdown": "The cross, downwards.",
    Left = "dpleft": "The cross, to the left.",
    Right = "dpright": "The cross, to the right.",
    Misc = "misc1": "Share, microphone or capture.",
    Paddle1 = "paddle1": "At the back, upper left.",
    Paddle2 = "paddle2": "At the back, upper right.",
    Paddle3 = "paddle3": "At the back, lower left.",
    Paddle4 = "paddle4": "At the back, lower right.",
    Touchpad = "touchpad": "The touch pad, pressed.",
}

named! {
    /// An axis of a gamepad, by SDL's names.
    PadAxis, "axis of a gamepad",
    LeftX = "leftx": "The left stick: -1 left, 1 right.",
    LeftY = "lefty": "The left stick: -1 up, 1 down.",
    RightX = "rightx": "The right stick: -1 left, 1 right.",
    RightY = "righty": "The right stick: -1 up, 1 down.",
    LeftTrigger = "lefttrigger": "The left trigger: 0 to 1.",
    RightTrigger = "righttrigger": "The right trigger: 0 to 1.",
}

impl PadAxis {
    /// The other axis of its stick; a trigger has none.
    fn partner(self) -> Option<Self> {
        match self {
            Self::LeftX => Some(Self::LeftY),
            Self::LeftY => Some(Self::LeftX),
            Self::RightX => Some(Self::RightY),
            Self::RightY => Some(Self::RightX),
            Self::LeftTrigger | Self::RightTrigger => None,
        }
    }
}

/// A gamepad that is there, or was until this tick.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gamepad {
    /// What its maker calls it.
    pub name: String,
    pub(super) buttons: Switches<1>,
    /// As the pad says, without a dead zone; and as they were when the tick began.
    axes: [f64; PadAxis::ALL.len()],
    before: [f64; PadAxis::ALL.len()],
    is_gone: bool,
}

impl Gamepad {
    /// Whether the button is held down.
    pub fn is_down(&self, button: PadButton) -> bool {
        self.buttons.down.has(button as usize)
    }

    /// Whether the button went down in this tick.
    pub fn was_pressed(&self, button: PadButton) -> bool {
        self.buttons.pressed.has(button as usize)
    }

    /// Whether the button went up in this tick, or the pad went with it held down.
    pub fn was_released(&self, button: PadButton) -> bool {
        self.buttons.released.has(button as usize)
    }

    /// Where an axis is, -1 to 1 (triggers 0 to 1): 0 within the dead zone, which for a stick is round.
    pub fn axis(&self, axis: PadAxis) -> f64 {
        lively(&self.axes, axis)
    }

    /// Where an axis was when the tick began.
    pub(super) fn axis_before(&self, axis: PadAxis) -> f64 {
        lively(&self.before, axis)
    }

    /// Where an axis is, as the pad says.
    pub fn raw_axis(&self, axis: PadAxis) -> f64 {
        self.axes[axis as usize]
    }
}

/// An axis with its dead zone.
fn lively(axes: &[f64; PadAxis::ALL.len()], axis: PadAxis) -> f64 {
    let value = axes[axis as usize];
    let Some(partner) = axis.partner() else {
        return ((value - TRIGGER_DEAD_ZONE) / (1.0 - TRIGGER_DEAD_ZONE)).clamp(0.0, 1.0);
    };
    let length = value.hypot(axes[partner as usize]);
    if length <= STICK_DEAD_ZONE {
        return 0.0;
    }
    let wanted = ((length - STICK_DEAD_ZONE) / (1.0 - STICK_DEAD_ZONE)).min(1.0);
    (value * wanted / length).clamp(-1.0, 1.0)
}

/// The gamepads by slot.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Gamepads(BTreeMap<u8, Gamepad>);

impl Gamepads {
    pub(super) fn begin_tick(&mut self) {
        self.0.retain(|_, pad| !pad.is_gone);
        for pad in self.0.values_mut() {
            pad.buttons.begin_tick();
            pad.before = pad.axes;
        }
    }

    pub(super) fn connect(&mut self, slot: u8, name: &str) {
        if !(1..=MAX_PADS).contains(&slot) {
            return;
        }
        let pad = self.0.entry(slot).or_default();
        // One that takes the place of another in the same tick leaves that one's releases to be seen.
        pad.buttons.release_all();
        (pad.axes, pad.is_gone) = (<[f64; PadAxis::ALL.len()]>::default(), false);
        name.clone_into(&mut pad.name);
    }

    pub(super) fn disconnect(&mut self, slot: u8) {
        if let Some(pad) = self.0.get_mut(&slot) {
            pad.buttons.release_all();
            pad.axes = <[f64; PadAxis::ALL.len()]>::default();
            pad.is_gone = true;
        }
    }

    pub(super) fn press(&mut self, slot: u8, button: PadButton, down: bool) {
        if let Some(pad) = self.0.get_mut(&slot).filter(|pad| !pad.is_gone) {
            pad.buttons.set(button as usize, down);
        }
    }

    pub(super) fn steer(&mut self, slot: u8, axis: PadAxis, value: f64) {
        if let Some(pad) = self.0.get_mut(&slot).filter(|pad| !pad.is_gone)
            && value.is_finite()
        {
            pad.axes[axis as usize] = value.clamp(-1.0, 1.0);
        }
    }

    /// Those that are there.
    pub(super) fn connected(&self) -> impl Iterator<Item = (u8, &Gamepad)> {
        self.0.iter().filter(|(_, pad)| !pad.is_gone).map(|(slot, pad)| (*slot, pad))
    }

    /// The pad in a slot, or all; also those that went in this tick.
    pub(super) fn among(&self, slot: Option<u8>) -> impl Iterator<Item = &Gamepad> {
        let is_meant = move |known: &u8| slot.is_none_or(|slot| slot == *known);
        self.0.iter().filter(move |(known, _)| is_meant(known)).map(|(_, pad)| pad)
    }
}
