//! What is being edited: the world goes on meanwhile, and is told of the new value when it is whole.

use egui::{Key, Response};

/// One value that is being edited.
///
/// From the moment a field is pressed or focused it shows its draft and no longer what the world
/// has there, which may change in each tick.
#[derive(Debug)]
pub(super) struct Draft<T> {
    now: Option<Edited<T>>,
    /// The field that was just left by Escape. For a frame more its widget would take what was typed.
    left: Option<String>,
}

#[derive(Debug)]
struct Edited<T> {
    /// Which field it is.
    key: String,
    begun: T,
    value: T,
    /// Whether the field is still there.
    is_shown: bool,
}

impl<T> Default for Draft<T> {
    fn default() -> Self {
        Self { now: None, left: None }
    }
}

impl<T: Clone + PartialEq> Draft<T> {
    /// Shows the field `key` by a widget, which may change its value; the value that it is to have
    /// from now on, once the user is done with it. Escape leaves it as it was.
    pub(super) fn edit(
        &mut self,
        key: &str,
        current: T,
        widget: impl FnOnce(&mut T) -> Response,
    ) -> Option<T> {
        let drafted = self.now.as_ref().filter(|edited| edited.key == key);
        let begun = drafted.map_or_else(|| current.clone(), |edited| edited.begun.clone());
        let before = drafted.map_or(current, |edited| edited.value.clone());
        let is_drafted = drafted.is_some();
        let mut value = before.clone();
        let response = widget(&mut value);
        if !response.changed() {
            // What only came back a little different, as colours do.
            value = before;
        }
        let is_escape = response.ctx.input(|input| input.key_pressed(Key::Escape));
        if response.lost_focus() && (is_escape || self.left.as_deref() == Some(key)) {
            self.left = Some(key.to_owned());
            self.now = None;
            return None;
        }
        self.left.take_if(|left| left == key);
        let is_held = response.has_focus() || response.is_pointer_button_down_on();
        // A colour is chosen in a popup, which its own button knows nothing of.
        let is_pressed = response.ctx.input(|input| input.pointer.any_down());
        if is_held || (value != begun && is_pressed) {
            self.now = Some(Edited { key: key.to_owned(), begun, value, is_shown: true });
            return None;
        }
        if is_drafted {
            self.now = None;
        }
        (value != begun).then_some(value)
    }

    /// Forgets what was edited in a field that is there no more. Called once a frame.
    pub(super) fn end_frame(&mut self) {
        self.now = self.now.take().filter(|edited| edited.is_shown);
        if let Some(edited) = &mut self.now {
            edited.is_shown = false;
        }
    }
}
