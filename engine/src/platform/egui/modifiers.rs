//! Which of the keys that change others are down.

use crate::input::Key;

/// Which of the keys that change others are down.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Modifiers {
    left_ctrl: bool,
    right_ctrl: bool,
    left_alt: bool,
    right_alt: bool,
    left_shift: bool,
    right_shift: bool,
}

impl Modifiers {
    /// Those among keys that are down.
    pub(crate) fn among(keys: impl Iterator<Item = Key>) -> Self {
        let mut modifiers = Self::default();
        keys.for_each(|key| modifiers.set(key, true));
        modifiers
    }

    /// Takes in that a key went down or up.
    pub(crate) fn set(&mut self, key: Key, down: bool) {
        match key.name() {
            "Left Ctrl" => self.left_ctrl = down,
            "Right Ctrl" => self.right_ctrl = down,
            "Left Alt" => self.left_alt = down,
            "Right Alt" => self.right_alt = down,
            "Left Shift" => self.left_shift = down,
            "Right Shift" => self.right_shift = down,
            _ => {}
        }
    }

    pub(crate) fn has_ctrl(self) -> bool {
        self.left_ctrl || self.right_ctrl
    }

    pub(crate) fn has_shift(self) -> bool {
        self.left_shift || self.right_shift
    }

    /// The right Alt key makes letters on many keyboards.
    pub(crate) fn has_alt(self) -> bool {
        self.left_alt
    }

    /// Whether none is down.
    pub(crate) fn is_none(self) -> bool {
        !self.has_ctrl() && !self.has_shift() && !self.left_alt && !self.right_alt
    }

    /// Whether what is typed is text, and no command.
    pub(crate) fn make_text(self) -> bool {
        !self.left_alt && (!self.has_ctrl() || self.right_alt)
    }

    /// As egui has them.
    pub(crate) fn for_egui(self) -> egui::Modifiers {
        let ctrl = self.has_ctrl();
        let (alt, shift) = (self.has_alt(), self.has_shift());
        egui::Modifiers { alt, ctrl, shift, mac_cmd: false, command: ctrl }
    }
}
