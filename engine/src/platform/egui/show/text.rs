//! Texts, and fields to edit them.

use egui::{Key, Label, RichText, TextEdit, TextStyle, Ui};

use super::{Found, Show};
use crate::ui::{FieldKind, LabelKind, MAX_LABEL, Response, WidgetId};

/// The width of a field that says none, px.
const FIELD_WIDTH: f32 = 160.0;
/// The width that a field of several rows has, however little its label leaves, px.
const LEAST_WIDTH: f32 = 64.0;

pub(super) fn label(ui: &mut Ui, label: &LabelKind) -> Found {
    let LabelKind { text, size, color, is_heading, wraps } = label;
    let mut text = RichText::new(text);
    if *is_heading {
        text = text.text_style(TextStyle::Heading).strong();
    }
    if let Some(size) = size {
        text = text.size(*size);
    }
    if let Some(color) = color {
        let color = egui::Color32::from_rgba_unmultiplied(color.r, color.g, color.b, color.a);
        text = text.color(color);
    }
    let label = Label::new(text).selectable(false);
    ui.add(if *wraps { label } else { label.truncate() })
}

impl Show<'_> {
    pub(super) fn field(&mut self, ui: &mut Ui, id: WidgetId, field: &FieldKind) -> Found {
        let FieldKind { label, text, hint, is_password, rows, width } = field;
        let mut text = match self.value(id) {
            Some(Response::Text(text)) => text,
            _ => text.clone(),
        };
        let edit = match rows {
            1 => TextEdit::singleline(&mut text).password(*is_password),
            rows => TextEdit::multiline(&mut text).desired_rows(*rows as usize),
        };
        let width = width.unwrap_or_else(|| match rows {
            1 => FIELD_WIDTH,
            _ => room(ui, label),
        });
        let edit = edit
            .id(self.id(id).with("text"))
            .hint_text(hint.as_str())
            .desired_width(width)
            .char_limit(MAX_LABEL / 4);
        let found = match label.is_empty() {
            true => ui.add(edit),
            false => {
                ui.horizontal(|ui| {
                    let found = ui.add(edit);
                    ui.label(label.as_str());
                    found
                })
                .inner
            }
        };
        if found.changed() {
            self.tell(id, Response::Text(text));
        }
        if *rows == 1 && found.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            self.tell(id, Response::Submitted);
        }
        found
    }
}

/// The width of a field of several rows that says none: what its label leaves of the room that there is.
fn room(ui: &Ui, label: &str) -> f32 {
    // In an opening there is no end of room, and a container that grows with what is in it has none yet.
    let Some(room) = Some(ui.available_width()).filter(|room| room.is_finite()) else {
        return FIELD_WIDTH;
    };
    let label_width = match label.is_empty() {
        true => 0.0,
        false => {
            let font = TextStyle::Body.resolve(ui.style());
            let words =
                ui.painter().layout_no_wrap(label.to_owned(), font, egui::Color32::PLACEHOLDER);
            words.size().x + ui.spacing().item_spacing.x
        }
    };
    (room - label_width).max(LEAST_WIDTH)
}
