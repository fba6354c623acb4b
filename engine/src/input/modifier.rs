//! The keys that change what others mean: Ctrl, Shift, Alt and GUI, left and right alike.

use std::fmt;
use std::ops::{BitAnd, BitOr, Not};

use super::Key;

/// A set of modifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Modifiers(u8);

impl Modifiers {
    /// No modifier.
    pub const NONE: Self = Self(0);

    /// The modifiers with their names, in the order in which they are written.
    pub const ALL: [(&'static str, Self); 4] =
        [("Ctrl", Self(1)), ("Shift", Self(2)), ("Alt", Self(4)), ("GUI", Self(8))];

    /// Other words for them, as people and other programs say them.
    const ALIASES: [(&'static str, Self); 5] = [
        ("Control", Self(1)),
        ("Option", Self(4)),
        ("Super", Self(8)),
        ("Cmd", Self(8)),
        ("Win", Self(8)),
    ];

    /// The modifier called `name`, in capitals or not.
    pub fn named(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().chain(&Self::ALIASES);
        known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, it)| *it)
    }

    /// What a key is as a modifier: nothing, for most.
    pub fn of(key: Key) -> Self {
        // Left Ctrl, Shift, Alt and GUI are 224 to 227, and the right ones follow.
        match key.scancode() {
            scancode @ 224..=231 => Self(1 << (scancode % 4)),
            _ => Self::NONE,
        }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// Whether all of `others` are among these.
    pub fn has(self, others: Self) -> bool {
        self & others == others
    }

    /// Their names, in order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().filter(move |(_, it)| self.has(*it)).map(|(name, _)| name)
    }
}

impl BitOr for Modifiers {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Modifiers {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Modifiers {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0 & 15)
    }
}

/// As they stand before a key: `Ctrl+Shift+`.
impl fmt::Display for Modifiers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names().try_for_each(|name| write!(out, "{name}+"))
    }
}
