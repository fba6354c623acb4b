//! What a piece of text in the console means, and the colour that says so.

use egui::Color32;

use super::style;
use crate::alert::Level;
use crate::console::editor::Style;

/// What a piece of text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// A piece of a line that is edited, or was.
    Edited(Style),
    /// What a line printed.
    Output,
    /// Why a line failed.
    Failure,
    /// An alert.
    Alert(Level),
}

impl Ink {
    /// Its colour.
    pub(super) fn color(self) -> Color32 {
        match self {
            Self::Output => style::TEXT,
            Self::Failure => style::ERROR,
            Self::Alert(level) => style::level(level),
            Self::Edited(style) => match style {
                Style::Plain => Color32::WHITE,
                Style::Prompt | Style::Selected => style::ACCENT,
                Style::Keyword => Color32::from_rgb(202, 158, 246),
                Style::String => style::GOOD,
                Style::Number => style::WARNING,
                Style::Comment | Style::Dim => style::DIM,
                Style::Error => style::ERROR,
            },
        }
    }
}
