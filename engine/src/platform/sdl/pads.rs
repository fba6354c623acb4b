//! Gamepads through SDL: which are open, in which slots.

use std::collections::BTreeMap;
use std::ffi::CStr;
use std::time::Duration;

use sdl2::controller::{Axis, Button, GameController};
use sdl2::event::Event;
use sdl2::sys::{SDL_GameControllerFromInstanceID, SDL_GameControllerName};
use sdl2::{GameControllerSubsystem, Sdl};

use crate::input::{InputEvent, MAX_PADS, PadAxis, PadButton};

/// The longest that a pad is asked to shake, ms: an hour. SDL counts in 32 bits, and a longer time
/// would end at once.
const MAX_RUMBLE_MS: u128 = 3_600_000;

/// The gamepads that are there.
pub(super) struct Pads {
    subsystem: Option<GameControllerSubsystem>,
    open: BTreeMap<u8, GameController>,
}

impl Pads {
    /// Those that are there already come as events. Where the system has no way to them, none come.
    pub(super) fn new(sdl: &Sdl) -> Self {
        Self { subsystem: sdl.game_controller().ok(), open: BTreeMap::new() }
    }

    /// An event about a pad in the engine's words. A pad that comes is opened, if a slot is free.
    pub(super) fn translate(&mut self, event: &Event) -> Option<InputEvent> {
        Some(match *event {
            Event::ControllerDeviceAdded { which, .. } => return self.open(which),
            Event::ControllerDeviceRemoved { which, .. } => {
                let slot = self.slot(which)?;
                self.open.remove(&slot);
                InputEvent::GamepadDisconnected { slot }
            }
            Event::ControllerButtonDown { which, button, .. } => InputEvent::GamepadButton {
                slot: self.slot(which)?,
                button: part(button),
                down: true,
            },
            Event::ControllerButtonUp { which, button, .. } => InputEvent::GamepadButton {
                slot: self.slot(which)?,
                button: part(button),
                down: false,
            },
            Event::ControllerAxisMotion { which, axis, value, .. } => {
                // One step further to the negative side than to the other.
                let value = (f64::from(value) / f64::from(i16::MAX)).max(-1.0);
                InputEvent::GamepadAxis { slot: self.slot(which)?, axis: axis_of(axis), value }
            }
            _ => return None,
        })
    }

    fn open(&mut self, index: u32) -> Option<InputEvent> {
        let pad = self.subsystem.as_ref()?.open(index).ok()?;
        if self.slot(pad.instance_id()).is_some() {
            return None;
        }
        let slot = (1..=MAX_PADS).find(|slot| !self.open.contains_key(slot))?;
        let name = name(pad.instance_id());
        self.open.insert(slot, pad);
        Some(InputEvent::GamepadConnected { slot, name })
    }

    /// The slot of the pad that SDL counts so.
    fn slot(&self, instance: u32) -> Option<u8> {
        self.open.iter().find(|(_, pad)| pad.instance_id() == instance).map(|(slot, _)| *slot)
    }

    pub(super) fn rumble(&mut self, slot: u8, strengths: [f64; 2], time: Duration) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "in the range of the type"
        )]
        let [low, high] = strengths.map(|it| (it.clamp(0.0, 1.0) * f64::from(u16::MAX)) as u16);
        let time = u32::try_from(time.as_millis().min(MAX_RUMBLE_MS)).unwrap_or_default();
        if let Some(pad) = self.open.get_mut(&slot) {
            // One that cannot shake does not.
            let _ = pad.set_rumble(low, high, time);
        }
    }
}

/// What the maker calls an open pad, whatever bytes that is: the binding's own way to it panics where it is
/// no UTF-8.
fn name(instance: u32) -> String {
    // SAFETY: any number may be asked for; the pointers are checked before they are used, and the name
    // lies in SDL's memory for as long as the pad is open, which its caller sees to. It is copied.
    let name = unsafe {
        let pad = SDL_GameControllerFromInstanceID(instance.cast_signed());
        let name = if pad.is_null() { std::ptr::null() } else { SDL_GameControllerName(pad) };
        (!name.is_null()).then(|| CStr::from_ptr(name))
    };
    name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn part(button: Button) -> PadButton {
    match button {
        Button::A => PadButton::A,
        Button::B => PadButton::B,
        Button::X => PadButton::X,
        Button::Y => PadButton::Y,
        Button::Back => PadButton::Back,
        Button::Guide => PadButton::Guide,
        Button::Start => PadButton::Start,
        Button::LeftStick => PadButton::LeftStick,
        Button::RightStick => PadButton::RightStick,
        Button::LeftShoulder => PadButton::LeftShoulder,
        Button::RightShoulder => PadButton::RightShoulder,
        Button::DPadUp => PadButton::Up,
        Button::DPadDown => PadButton::Down,
        Button::DPadLeft => PadButton::Left,
        Button::DPadRight => PadButton::Right,
        Button::Misc1 => PadButton::Misc,
        Button::Paddle1 => PadButton::Paddle1,
        Button::Paddle2 => PadButton::Paddle2,
        Button::Paddle3 => PadButton::Paddle3,
        Button::Paddle4 => PadButton::Paddle4,
        Button::Touchpad => PadButton::Touchpad,
    }
}

fn axis_of(axis: Axis) -> PadAxis {
    match axis {
        Axis::LeftX => PadAxis::LeftX,
        Axis::LeftY => PadAxis::LeftY,
        Axis::RightX => PadAxis::RightX,
        Axis::RightY => PadAxis::RightY,
        Axis::TriggerLeft => PadAxis::LeftTrigger,
        Axis::TriggerRight => PadAxis::RightTrigger,
    }
}

#[cfg(test)]
mod tests {
    use sdl2::controller::{Axis, Button};

    use super::{axis_of, part};
    use crate::input::{PadAxis, PadButton};

    /// The engine's names are those of SDL's mappings, for the same buttons and axes.
    #[test]
    fn parts_are_named_as_sdl_names_them() {
        for (name, button) in PadButton::ALL {
            assert_eq!(Button::from_string(name).map(part), Some(*button), "{name}");
        }
        for (name, axis) in PadAxis::ALL {
            assert_eq!(Axis::from_string(name).map(axis_of), Some(*axis), "{name}");
        }
    }
}
