//! The row above the console: what is open, and how large.

use egui::{Align, Button, Layout, RichText, Sense, Ui, vec2};

use super::style;

/// The header's height, points.
pub(super) const HEIGHT: f32 = 24.0;

/// What was clicked in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Click {
    /// The inspector appears or goes.
    Inspector,
    /// Everything becomes larger by so many eighths.
    Zoom(i32),
    /// Everything becomes as large as at first.
    ZoomBack,
    /// What was said is forgotten.
    Clear,
    /// The overlay closes.
    Close,
}

/// Shows the header; `scale` is in pixels for a point.
pub(super) fn show(ui: &mut Ui, has_inspector: bool, scale: f32) -> Option<Click> {
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().rect_filled(place, 0.0, style::RAISED);
    let mut inside = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(place.shrink2(vec2(6.0, 2.0)))
            .layout(Layout::right_to_left(Align::Center)),
    );
    let mut clicked = None;
    let mut button = |ui: &mut Ui, text: RichText, is_on: bool, hint: &str, click: Click| {
        let button = Button::new(text).selected(is_on).min_size(vec2(20.0, 20.0));
        if ui.add(button).on_hover_text(hint).clicked() {
            clicked = Some(click);
        }
    };
    let ui = &mut inside;
    ui.spacing_mut().item_spacing.x = 4.0;
    button(ui, "×".into(), false, "Close (Escape, or the key left of 1)", Click::Close);
    button(ui, "+".into(), false, "Larger (Ctrl +)", Click::Zoom(1));
    let percent = format!("{:.0} %", scale * 100.0);
    button(ui, percent.into(), false, "As large as at first (Ctrl 0)", Click::ZoomBack);
    button(ui, "−".into(), false, "Smaller (Ctrl -)", Click::Zoom(-1));
    button(ui, "Clear".into(), false, "Forget what was said (Ctrl L)", Click::Clear);
    button(ui, "Inspector".into(), has_inspector, "Show or hide it (F2)", Click::Inspector);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        ui.label(RichText::new("Console").color(style::TEXT));
        let hint = "right-click on something inspects it";
        if ui.available_width() > style::cells(hint.len(), 0).x {
            ui.label(RichText::new(hint).color(style::DIM));
        }
    });
    clicked
}
