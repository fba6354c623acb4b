//! SDL's events as the engine's own.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use sdl2::event::{Event, WindowEvent};
use sdl2::keyboard::{Keycode, Scancode};
use sdl2::mouse::{MouseButton as SdlButton, MouseWheelDirection};
use sdl2::rect::Rect;
use sdl2::{EventPump, Sdl, VideoSubsystem};

use super::pads::Pads;
use super::window::Mapping;
use crate::input::{InputEvent, InputSource, Key, MouseButton, Touch};

/// What the user does to the window.
pub struct WindowInput {
    pump: EventPump,
    video: VideoSubsystem,
    mapping: Rc<Cell<Mapping>>,
    pads: Pads,
    /// How many want text.
    askers: usize,
}

impl WindowInput {
    pub(super) fn new(
        sdl: &Sdl,
        video: &VideoSubsystem,
        mapping: Rc<Cell<Mapping>>,
    ) -> Result<Self, String> {
        // SDL begins with it, which lets input methods swallow keys.
        video.text_input().stop();
        let (pump, pads) = (sdl.event_pump()?, Pads::new(sdl));
        Ok(Self { pump, video: video.clone(), mapping, pads, askers: 0 })
    }
}

impl InputSource for WindowInput {
    fn poll(&mut self, into: &mut Vec<InputEvent>) {
        let mapping = self.mapping.get();
        let pads = &mut self.pads;
        into.extend(
            self.pump
                .poll_iter()
                .filter_map(|event| pads.translate(&event).or_else(|| translate(event, mapping))),
        );
    }

    fn ask_for_text(&mut self, wanted: bool) {
        let before = self.askers;
        self.askers = if wanted { before + 1 } else { before.saturating_sub(1) };
        match (before, self.askers) {
            (0, 1) => self.video.text_input().start(),
            (1, 0) => self.video.text_input().stop(),
            _ => {}
        }
    }

    fn set_text_area(&mut self, [x, y, width, height]: [f64; 4]) {
        let mapping = self.mapping.get();
        let [left, top] = mapping.to_window([x, y]);
        let [right, bottom] = mapping.to_window([x + width, y + height]);
        #[expect(clippy::cast_possible_truncation, reason = "a place in a window; casts saturate")]
        let [x, y, right, bottom] = [left, top, right, bottom].map(|units| units.round() as i32);
        let side = |from: i32, to: i32| u32::try_from(to.saturating_sub(from)).unwrap_or(0).max(1);
        self.video.text_input().set_rect(Rect::new(x, y, side(x, right), side(y, bottom)));
    }

    fn rumble(&mut self, slot: u8, strengths: [f64; 2], time: Duration) {
        self.pads.rumble(slot, strengths, time);
    }

    fn clipboard(&mut self) -> Option<String> {
        self.video.clipboard().clipboard_text().ok().filter(|text| !text.is_empty())
    }

    fn set_clipboard(&mut self, text: &str) {
        // C strings end at a zero; a clipboard that takes no text is none.
        let _ = self.video.clipboard().set_clipboard_text(&text.replace('\0', ""));
    }
}

/// An event in the engine's words, if it has some for it; `mapping` brings a place in the window into
/// the scene's pixels.
fn translate(event: Event, mapping: Mapping) -> Option<InputEvent> {
    let map = |x: i32, y: i32| mapping.to_scene([x.into(), y.into()]);
    let finger = |touch: Touch, id: i64, [x, y]: [f32; 2], pressure: f32| {
        let [x, y] = mapping.share_to_scene([x.into(), y.into()]);
        InputEvent::Finger { id: id.cast_unsigned(), touch, x, y, pressure: pressure.into() }
    };
    let translated = match event {
        Event::KeyDown { scancode, keycode, repeat, .. } => key(scancode?, keycode, true, repeat)?,
        Event::KeyUp { scancode, keycode, repeat, .. } => key(scancode?, keycode, false, repeat)?,
        Event::TextInput { text, .. } => InputEvent::Text { text },
        Event::TextEditing { text, start, length, .. } => InputEvent::Composition {
            text,
            cursor: usize::try_from(start).unwrap_or(0),
            length: usize::try_from(length).unwrap_or(0),
        },
        Event::FingerDown { finger_id, x, y, pressure, .. } => {
            finger(Touch::Down, finger_id, [x, y], pressure)
        }
        Event::FingerMotion { finger_id, x, y, pressure, .. } => {
            finger(Touch::Move, finger_id, [x, y], pressure)
        }
        Event::FingerUp { finger_id, x, y, pressure, .. } => {
            finger(Touch::Up, finger_id, [x, y], pressure)
        }
        Event::MouseMotion { x, y, .. } => {
            let [x, y] = map(x, y);
            InputEvent::MouseMotion { x, y }
        }
        Event::MouseButtonDown { mouse_btn, x, y, .. } => button(mouse_btn, true, map(x, y))?,
        Event::MouseButtonUp { mouse_btn, x, y, .. } => button(mouse_btn, false, map(x, y))?,
        Event::MouseWheel { precise_x, precise_y, direction, .. } => {
            let sign = if direction == MouseWheelDirection::Flipped { -1.0 } else { 1.0 };
            InputEvent::Wheel { x: sign * f64::from(precise_x), y: sign * f64::from(precise_y) }
        }
        Event::DropFile { filename, .. } => InputEvent::FileDropped { path: filename },
        Event::Window { win_event: WindowEvent::FocusGained, .. } => {
            InputEvent::FocusChanged { focused: true }
        }
        Event::Window { win_event: WindowEvent::FocusLost, .. } => {
            InputEvent::FocusChanged { focused: false }
        }
        Event::Window { win_event: WindowEvent::Resized(width, height), .. } => {
            InputEvent::Resized { width: width.try_into().ok()?, height: height.try_into().ok()? }
        }
        Event::Quit { .. } => InputEvent::Quit,
        _ => return None,
    };
    Some(translated)
}

fn key(scancode: Scancode, label: Option<Keycode>, down: bool, repeat: bool) -> Option<InputEvent> {
    let key = Key::from_scancode(scancode as i32)?;
    let label = label.map_or_else(|| key.name().to_owned(), Keycode::name);
    Some(InputEvent::Key { key, label, down, repeat })
}

fn button(button: SdlButton, down: bool, [x, y]: [f64; 2]) -> Option<InputEvent> {
    let button = match button {
        SdlButton::Left => MouseButton::Left,
        SdlButton::Middle => MouseButton::Middle,
        SdlButton::Right => MouseButton::Right,
        SdlButton::X1 => MouseButton::X1,
        SdlButton::X2 => MouseButton::X2,
        SdlButton::Unknown => return None,
    };
    Some(InputEvent::MouseButton { button, down, x, y })
}

impl std::fmt::Debug for WindowInput {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("WindowInput")
    }
}

#[cfg(test)]
mod tests {
    use sdl2::event::{Event, WindowEvent};
    use sdl2::keyboard::Scancode;

    use super::{Mapping, translate as translate_by};
    use crate::input::{InputEvent, Key, Touch};

    /// In a window of 200 × 100 units, in each of which there are two of the scene's px.
    fn translate(event: Event) -> Option<InputEvent> {
        translate_by(event, Mapping::new([400, 200], [200, 100], 1.0))
    }

    /// A finger has a place in the scene, and an input method's text a cursor.
    #[test]
    fn fingers_and_compositions_are_translated() {
        let [timestamp, touch_id, window_id] = [1, 2, 3];
        let (x, y, dx, dy, pressure) = (0.5, 0.25, 0.0, 0.0, 0.75);
        let touch_id = i64::from(touch_id);
        let down = Event::FingerDown { timestamp, touch_id, finger_id: 7, x, y, dx, dy, pressure };
        let expected =
            InputEvent::Finger { id: 7, touch: Touch::Down, x: 200.0, y: 50.0, pressure: 0.75 };
        assert_eq!(translate(down), Some(expected));
        let (text, start, length) = ("にほ".to_owned(), 1, -1);
        let editing = Event::TextEditing { timestamp, window_id, text, start, length };
        let expected = InputEvent::Composition { text: "にほ".into(), cursor: 1, length: 0 };
        assert_eq!(translate(editing), Some(expected));
    }

    /// What a test cannot make a window manager do: closing, losing the keyboard, dropping a file.
    #[test]
    fn what_a_desktop_does_is_translated() {
        let quit = Event::Quit { timestamp: 1 };
        assert_eq!(translate(quit), Some(InputEvent::Quit));
        let window = |win_event| Event::Window { timestamp: 1, window_id: 1, win_event };
        let unfocused = InputEvent::FocusChanged { focused: false };
        assert_eq!(translate(window(WindowEvent::FocusLost)), Some(unfocused));
        assert_eq!(translate(window(WindowEvent::Exposed)), None);
        let file = Event::DropFile { timestamp: 1, window_id: 1, filename: "a b.png".into() };
        assert_eq!(translate(file), Some(InputEvent::FileDropped { path: "a b.png".into() }));
    }

    /// The engine's table of keys is SDL's: each name stands for the same scancode.
    #[test]
    fn keys_are_named_as_sdl_names_them() {
        // The last scancodes are younger than the binding, and 100 has no name in SDL 2.
        let known = |key: &Key| key.scancode() <= 284 && key.scancode() != 100;
        for key in Key::all().filter(known) {
            let theirs = Scancode::from_name(key.name()).map(|scancode| scancode as i32);
            assert_eq!(theirs, Some(key.scancode().into()), "{key}");
        }
    }
}
