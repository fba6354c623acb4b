//! What is down, what changed in this tick, and where the mouse is.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::resource::Resource;

use super::condense::add_turn;
use super::control::Cap;
use super::gamepad::Gamepads;
use super::switches::Switches;
use super::touch::Fingers;
use super::{Control, Finger, Gamepad, InputError, InputEvent, Key, Modifiers, MouseButton};

/// What is typed in a tick beyond this is dropped, bytes: more than anybody pastes into a game.
pub(super) const MAX_TEXT: usize = 64 * 1024;

/// As many files are taken at once.
const MAX_FILES: usize = 1_000;

/// The state of keyboard, mouse, screen and gamepads, as the events of this tick and all before it left it.
///
/// What "was" pressed or released went down or up in this tick; a key that did both in one tick was
/// both pressed and released, so no tap is lost however slow the ticks are.
///
/// # Examples
/// ```
/// use metapython_engine::input::{Input, InputEvent, Key};
///
/// let mut input = Input::default();
/// let space = Key::named("Space")?;
/// input.begin_tick();
/// input.apply(&InputEvent::Key { key: space, label: "Space".into(), down: true, repeat: false });
/// assert!(input.is_down("space")? && input.was_pressed("space")?);
/// input.begin_tick();
/// assert!(input.is_down("space")? && !input.was_pressed("space")?);
/// # Ok::<(), metapython_engine::input::InputError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Resource)]
pub struct Input {
    keys: Switches<{ Key::END.div_ceil(64) }>,
    /// What the layout calls keys, as far as it is something else than their name.
    labels: BTreeMap<Key, String>,
    /// The keys that went down in this tick, with the modifiers that were held.
    pub(super) strokes: BTreeSet<(Key, Modifiers)>,
    pub(super) buttons: Switches<1>,
    pub(super) pads: Gamepads,
    fingers: Fingers,
    mouse: [f64; 2],
    wheel: [f64; 2],
    text: String,
    /// How much of the text of this tick was too much, bytes.
    pub(super) lost_text: usize,
    composition: Option<Composition>,
    window_size: Option<[u32; 2]>,
    dropped_files: Vec<String>,
    focused: bool,
}

/// A text that an input method is putting together, and that is not typed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composition {
    /// The text so far.
    pub text: String,
    /// Where the cursor is in it, in characters.
    pub cursor: usize,
    /// How many characters from there are selected.
    pub length: usize,
}

impl Input {
    /// Forgets what belongs to the tick before: presses, releases, wheel, text, dropped files.
    pub fn begin_tick(&mut self) {
        self.keys.begin_tick();
        self.buttons.begin_tick();
        self.pads.begin_tick();
        self.fingers.begin_tick();
        self.strokes.clear();
        self.wheel = [0.0; 2];
        self.text.clear();
        self.lost_text = 0;
        self.dropped_files.clear();
    }

    /// Takes in one event.
    pub fn apply(&mut self, event: &InputEvent) {
        match event {
            // A repetition only says again what is known.
            InputEvent::Key { repeat: true, .. } => {}
            InputEvent::Key { key, label, down, .. } => self.press(*key, label, *down),
            InputEvent::Text { text } => self.take_text(text),
            InputEvent::Composition { text, cursor, length } => {
                let composition =
                    Composition { text: text.clone(), cursor: *cursor, length: *length };
                self.composition = Some(composition).filter(|it| !it.text.is_empty());
            }
            InputEvent::MouseMotion { x, y } => self.mouse = [*x, *y],
            InputEvent::MouseButton { button, down, x, y } => {
                self.mouse = [*x, *y];
                self.buttons.set(*button as usize, *down);
            }
            InputEvent::Wheel { x, y } => {
                add_turn(&mut self.wheel[0], *x);
                add_turn(&mut self.wheel[1], *y);
            }
            InputEvent::Finger { id, touch, x, y, pressure } => {
                self.fingers.take(*id, *touch, [*x, *y], *pressure);
            }
            InputEvent::GamepadConnected { slot, name } => self.pads.connect(*slot, name),
            InputEvent::GamepadDisconnected { slot } => self.pads.disconnect(*slot),
            InputEvent::GamepadButton { slot, button, down } => {
                self.pads.press(*slot, *button, *down);
            }
            InputEvent::GamepadAxis { slot, axis, value } => self.pads.steer(*slot, *axis, *value),
            InputEvent::FocusChanged { focused } => {
                self.focused = *focused;
                if !focused {
                    // Their releases go to another window.
                    self.keys.release_all();
                    self.buttons.release_all();
                    self.fingers.release_all();
                    self.composition = None;
                }
            }
            InputEvent::Resized { width, height } => self.window_size = Some([*width, *height]),
            InputEvent::FileDropped { path } => {
                if self.dropped_files.len() < MAX_FILES {
                    self.dropped_files.push(path.clone());
                }
            }
            // They belong to the actions and to the panels; and the end of the program is no state
            // that a process sees.
            InputEvent::Bound { .. }
            | InputEvent::Widget { .. }
            | InputEvent::Widgets { .. }
            | InputEvent::Quit => {}
        }
    }

    fn press(&mut self, key: Key, label: &str, down: bool) {
        let is_usual = label.eq_ignore_ascii_case(key.name());
        match self.labels.get_mut(&key) {
            // Nothing is said of it, as in an event that was made by hand.
            _ if label.is_empty() => {}
            _ if is_usual => drop(self.labels.remove(&key)),
            Some(known) if known == label => {}
            _ => drop(self.labels.insert(key, label.to_owned())),
        }
        if down && !self.key_is_down(key) {
            self.strokes.insert((key, self.modifiers() & !Modifiers::of(key)));
        }
        self.keys.set(usize::from(key.scancode()), down);
    }

    /// Has an event that leaves out what a key is called say it.
    pub(super) fn complete(&self, event: &mut InputEvent) {
        if let InputEvent::Key { key, label, .. } = event
            && label.is_empty()
        {
            self.label(*key).clone_into(label);
        }
    }

    fn take_text(&mut self, text: &str) {
        // What was put together is typed now.
        self.composition = None;
        // Nothing is taken after a gap.
        let room = if self.lost_text > 0 { 0 } else { MAX_TEXT - self.text.len() };
        let (taken, lost) = text.split_at(text.floor_char_boundary(room));
        self.text.push_str(taken);
        self.lost_text += lost.len();
    }

    /// Whether what is called `name` is held down: a key, or any other [`Control`].
    ///
    /// # Errors
    /// [`InputError`] if there is no such; so do the two below.
    pub fn is_down(&self, name: &str) -> Result<bool, InputError> {
        Ok(Control::parse(name)?.is_down(self))
    }

    /// Whether what is called `name` went down in this tick.
    ///
    /// # Errors
    /// As [`is_down`](Self::is_down).
    pub fn was_pressed(&self, name: &str) -> Result<bool, InputError> {
        Ok(Control::parse(name)?.was_pressed(self))
    }

    /// Whether what is called `name` went up in this tick.
    ///
    /// # Errors
    /// As [`is_down`](Self::is_down).
    pub fn was_released(&self, name: &str) -> Result<bool, InputError> {
        Ok(Control::parse(name)?.was_released(self))
    }

    /// Whether `key` is held down.
    pub fn key_is_down(&self, key: Key) -> bool {
        self.keys.down.has(usize::from(key.scancode()))
    }

    /// Whether `key` went down in this tick.
    pub fn key_was_pressed(&self, key: Key) -> bool {
        self.keys.pressed.has(usize::from(key.scancode()))
    }

    /// Whether `key` went up in this tick.
    pub fn key_was_released(&self, key: Key) -> bool {
        self.keys.released.has(usize::from(key.scancode()))
    }

    /// What the user's layout calls a key, as of the last time that it moved.
    pub fn label(&self, key: Key) -> &str {
        self.labels.get(&key).map_or(key.name(), String::as_str)
    }

    /// The keys that are named so.
    pub(super) fn caps(&self, cap: &Cap) -> impl Iterator<Item = Key> {
        let (place, label) = match cap {
            Cap::Place(key) => (Some(*key), None),
            Cap::Label(label) => (None, Some(label.clone())),
        };
        let is_labelled = move |known: &str| {
            label.as_ref().is_some_and(|label| known.to_lowercase() == label.to_lowercase())
        };
        let others = self.labels.iter().filter({
            let is_labelled = is_labelled.clone();
            move |(_, known)| is_labelled(known)
        });
        // A key whose label was never heard of has the one that is its name.
        let usual = Key::all().filter(move |key| {
            place.is_none() && !self.labels.contains_key(key) && is_labelled(key.name())
        });
        place.into_iter().chain(others.map(|(key, _)| *key)).chain(usual)
    }

    /// The modifiers that are held.
    pub fn modifiers(&self) -> Modifiers {
        let held = (224..=231).filter_map(Key::from_scancode).filter(|key| self.key_is_down(*key));
        held.fold(Modifiers::NONE, |all, key| all | Modifiers::of(key))
    }

    /// The gamepads that are there, with their slots, in order.
    pub fn gamepads(&self) -> impl Iterator<Item = (u8, &Gamepad)> {
        self.pads.connected()
    }

    /// The gamepad in a slot, if one is there.
    pub fn gamepad(&self, slot: u8) -> Option<&Gamepad> {
        self.gamepads().find(|(known, _)| *known == slot).map(|(_, pad)| pad)
    }

    /// The same; also one that went in this tick, whose buttons were released by that.
    pub fn gamepad_until_now(&self, slot: u8) -> Option<&Gamepad> {
        self.pads.among(Some(slot)).next()
    }

    /// The fingers on the screen, and those that left it in this tick, by number.
    pub fn fingers(&self) -> impl Iterator<Item = &Finger> {
        self.fingers.iter()
    }

    /// The text that an input method is putting together.
    pub fn composition(&self) -> Option<&Composition> {
        self.composition.as_ref()
    }

    /// Width and height of the window's inside as the user made it, in the desktop's units.
    pub fn window_size(&self) -> Option<[u32; 2]> {
        self.window_size
    }

    /// The keys held down, by scancode.
    pub fn keys_down(&self) -> impl Iterator<Item = Key> {
        Key::all().filter(|key| self.key_is_down(*key))
    }

    /// Whether any key is held down.
    pub fn any_key_is_down(&self) -> bool {
        !self.keys.down.is_empty()
    }

    /// Whether any key went down in this tick.
    pub fn any_key_was_pressed(&self) -> bool {
        !self.keys.pressed.is_empty()
    }

    /// Whether the mouse button called `name` is held down.
    ///
    /// # Errors
    /// [`InputError::UnknownButton`] if no button has this name; so do the two below.
    pub fn button_is_down(&self, name: &str) -> Result<bool, InputError> {
        Ok(self.buttons.down.has(MouseButton::named(name)? as usize))
    }

    /// Whether the mouse button called `name` went down in this tick.
    ///
    /// # Errors
    /// As [`button_is_down`](Self::button_is_down).
    pub fn button_was_pressed(&self, name: &str) -> Result<bool, InputError> {
        Ok(self.buttons.pressed.has(MouseButton::named(name)? as usize))
    }

    /// Whether the mouse button called `name` went up in this tick.
    ///
    /// # Errors
    /// As [`button_is_down`](Self::button_is_down).
    pub fn button_was_released(&self, name: &str) -> Result<bool, InputError> {
        Ok(self.buttons.released.has(MouseButton::named(name)? as usize))
    }

    /// The mouse's distance from the scene's left edge, px.
    pub fn mouse_x(&self) -> f64 {
        self.mouse[0]
    }

    /// The mouse's distance from the scene's top edge, px.
    pub fn mouse_y(&self) -> f64 {
        self.mouse[1]
    }

    /// Notches that the wheel turned in this tick: to the right, and away from the user.
    pub fn wheel(&self) -> [f64; 2] {
        self.wheel
    }

    /// The text typed in this tick; of more than 64 KiB the beginning.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The paths of the files dropped on the window in this tick.
    pub fn dropped_files(&self) -> &[String] {
        &self.dropped_files
    }

    /// Whether the window has the keyboard.
    pub fn is_focused(&self) -> bool {
        self.focused
    }
}

#[cfg(test)]
mod tests;
