//! Mouse buttons by name.

use serde::{Deserialize, Serialize};

use super::InputError;

/// A button of the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MouseButton {
    /// The one under the forefinger of a right-handed user.
    Left,
    /// The wheel, pressed.
    Middle,
    /// The other one.
    Right,
    /// The first one at the side: often `back`.
    X1,
    /// The second one at the side: often `forward`.
    X2,
}

impl MouseButton {
    /// All buttons with their names.
    pub const ALL: [(&'static str, Self); 5] = [
        ("left", Self::Left),
        ("middle", Self::Middle),
        ("right", Self::Right),
        ("x1", Self::X1),
        ("x2", Self::X2),
    ];

    /// The button's name.
    pub fn name(self) -> &'static str {
        Self::ALL.get(self as usize).map_or("", |(name, _)| *name)
    }

    /// The button called `name`, in capitals or not.
    ///
    /// # Errors
    /// [`InputError::UnknownButton`] lists the names.
    pub fn named(name: &str) -> Result<Self, InputError> {
        let found = Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .map(|(_, button)| *button)
            .ok_or_else(|| InputError::UnknownButton { name: name.to_owned() })
    }
}
