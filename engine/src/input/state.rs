//! What is down, what changed in this tick, and where the mouse is.

use bevy_ecs::resource::Resource;

use super::{InputError, InputEvent, Key, MouseButton};

/// The state of keyboard and mouse, as the events of this tick and all before it left it.
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
    buttons: Switches<1>,
    mouse: [f64; 2],
    wheel: [f64; 2],
    text: String,
    dropped_files: Vec<String>,
    focused: bool,
}

impl Input {
    /// Forgets what belongs to the tick before: presses, releases, wheel, text, dropped files.
    pub fn begin_tick(&mut self) {
        self.keys.begin_tick();
        self.buttons.begin_tick();
        self.wheel = [0.0; 2];
        self.text.clear();
        self.dropped_files.clear();
    }

    /// Takes in one event.
    pub fn apply(&mut self, event: &InputEvent) {
        match event {
            // A repetition only says again what is known.
            InputEvent::Key { repeat: true, .. } | InputEvent::Resized { .. } => {}
            InputEvent::Key { key, down, .. } => {
                self.keys.set(usize::from(key.scancode()), *down);
            }
            InputEvent::Text { text } => self.text.push_str(text),
            InputEvent::MouseMotion { x, y } => self.mouse = [*x, *y],
            InputEvent::MouseButton { button, down, x, y } => {
                self.mouse = [*x, *y];
                self.buttons.set(*button as usize, *down);
            }
            InputEvent::Wheel { x, y } => {
                self.wheel[0] += x;
                self.wheel[1] += y;
            }
            InputEvent::FocusChanged { focused } => {
                self.focused = *focused;
                if !focused {
                    // Their releases go to another window.
                    self.keys.release_all();
                    self.buttons.release_all();
                }
            }
            InputEvent::FileDropped { path } => self.dropped_files.push(path.clone()),
            // They belong to the panels; and the end of the program is no state that a process sees.
            InputEvent::Widget { .. } | InputEvent::Widgets { .. } | InputEvent::Quit => {}
        }
    }

    /// Whether the key called `name` is held down.
    ///
    /// # Errors
    /// [`InputError::UnknownKey`] if no key has this name; so do the two below.
    pub fn is_down(&self, name: &str) -> Result<bool, InputError> {
        Ok(self.key_is_down(Key::named(name)?))
    }

    /// Whether the key called `name` went down in this tick.
    ///
    /// # Errors
    /// As [`is_down`](Self::is_down).
    pub fn was_pressed(&self, name: &str) -> Result<bool, InputError> {
        Ok(self.keys.pressed.has(usize::from(Key::named(name)?.scancode())))
    }

    /// Whether the key called `name` went up in this tick.
    ///
    /// # Errors
    /// As [`is_down`](Self::is_down).
    pub fn was_released(&self, name: &str) -> Result<bool, InputError> {
        Ok(self.keys.released.has(usize::from(Key::named(name)?.scancode())))
    }

    /// Whether `key` is held down.
    pub fn key_is_down(&self, key: Key) -> bool {
        self.keys.down.has(usize::from(key.scancode()))
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

    /// The text typed in this tick.
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

/// What is down, and what went down or up in this tick.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Switches<const WORDS: usize> {
    down: Bits<WORDS>,
    pressed: Bits<WORDS>,
    released: Bits<WORDS>,
}

impl<const WORDS: usize> Default for Switches<WORDS> {
    fn default() -> Self {
        let none = Bits([0; WORDS]);
        Self { down: none, pressed: none, released: none }
    }
}

impl<const WORDS: usize> Switches<WORDS> {
    fn begin_tick(&mut self) {
        self.pressed = Bits([0; WORDS]);
        self.released = Bits([0; WORDS]);
    }

    /// Moves one switch; one that is there already did not move.
    fn set(&mut self, index: usize, down: bool) {
        if self.down.has(index) == down {
            return;
        }
        self.down.flip(index);
        if down { &mut self.pressed } else { &mut self.released }.add(index);
    }

    fn release_all(&mut self) {
        for (released, down) in self.released.0.iter_mut().zip(&mut self.down.0) {
            *released |= std::mem::take(down);
        }
    }
}

/// A set of small numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bits<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Bits<WORDS> {
    fn has(&self, index: usize) -> bool {
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

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

#[cfg(test)]
mod tests;
