//! SDL's events as the engine's own.

use std::cell::Cell;
use std::rc::Rc;

use sdl2::event::{Event, WindowEvent};
use sdl2::keyboard::{Keycode, Scancode};
use sdl2::mouse::{MouseButton as SdlButton, MouseWheelDirection};
use sdl2::{EventPump, Sdl, VideoSubsystem};

use super::window::Mapping;
use crate::input::{InputEvent, InputSource, Key, MouseButton};

/// What the user does to the window.
pub struct WindowInput {
    pump: EventPump,
    video: VideoSubsystem,
    mapping: Rc<Cell<Mapping>>,
}

impl WindowInput {
    pub(super) fn new(
        sdl: &Sdl,
        video: &VideoSubsystem,
        mapping: Rc<Cell<Mapping>>,
    ) -> Result<Self, String> {
        let mut input = Self { pump: sdl.event_pump()?, video: video.clone(), mapping };
        // SDL begins with it, which lets input methods swallow keys.
        input.ask_for_text(false);
        Ok(input)
    }
}

impl InputSource for WindowInput {
    fn poll(&mut self, into: &mut Vec<InputEvent>) {
        let map = |at: [f64; 2]| self.mapping.get().to_scene(at);
        into.extend(self.pump.poll_iter().filter_map(|event| translate(event, map)));
    }

    fn ask_for_text(&mut self, wanted: bool) {
        let text = self.video.text_input();
        if wanted {
            text.start();
        } else {
            text.stop();
        }
    }

    fn clipboard(&mut self) -> Option<String> {
        self.video.clipboard().clipboard_text().ok().filter(|text| !text.is_empty())
    }

    fn set_clipboard(&mut self, text: &str) {
        // C strings end at a zero; a clipboard that takes no text is none.
        let _ = self.video.clipboard().set_clipboard_text(&text.replace('\0', ""));
    }
}

/// An event in the engine's words, if it has some for it; `map` brings a place in the window into the
/// scene's pixels.
fn translate(event: Event, map: impl Fn([f64; 2]) -> [f64; 2]) -> Option<InputEvent> {
    let map = |x: i32, y: i32| map([x.into(), y.into()]);
    let translated = match event {
        Event::KeyDown { scancode, keycode, repeat, .. } => key(scancode?, keycode, true, repeat)?,
        Event::KeyUp { scancode, keycode, repeat, .. } => key(scancode?, keycode, false, repeat)?,
        Event::TextInput { text, .. } => InputEvent::Text { text },
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

    use super::translate as translate_by;
    use crate::input::{InputEvent, Key};

    fn translate(event: Event) -> Option<InputEvent> {
        translate_by(event, |at| at)
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
