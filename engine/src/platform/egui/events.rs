//! What the user did, in egui's words.

use egui::{
    Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchPhase, vec2,
};

use crate::input::{Key, MouseButton};

/// A key; `None` for one that egui does not know.
pub(crate) fn key(
    key: Key,
    label: &str,
    pressed: bool,
    repeat: bool,
    modifiers: Modifiers,
) -> Option<Event> {
    let physical_key = egui::Key::from_name(named(key.name()));
    let key = egui::Key::from_name(named(label)).or(physical_key)?;
    Some(Event::Key { key, physical_key, pressed, repeat, modifiers })
}

/// What egui calls a key that SDL calls otherwise.
fn named(name: &str) -> &str {
    name.strip_prefix("Keypad ").unwrap_or(name)
}

/// A mouse button.
pub(crate) fn button(button: MouseButton, pressed: bool, pos: Pos2, modifiers: Modifiers) -> Event {
    let button = match button {
        MouseButton::Left => PointerButton::Primary,
        MouseButton::Right => PointerButton::Secondary,
        MouseButton::Middle => PointerButton::Middle,
        MouseButton::X1 => PointerButton::Extra1,
        MouseButton::X2 => PointerButton::Extra2,
    };
    Event::PointerButton { pos, button, pressed, modifiers }
}

/// Notches of the wheel.
#[expect(clippy::cast_possible_truncation, reason = "a few notches")]
pub(crate) fn wheel(x: f64, y: f64, modifiers: Modifiers) -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(x as f32, y as f32),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers,
    }
}
