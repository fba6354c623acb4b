//! One field of a component as a widget: by what it takes.

use std::ops::RangeInclusive;

use egui::{ComboBox, DragValue, Label, TextEdit, Ui};

use super::draft::Draft;
use super::line::{decimal, quoted, written};
use super::words::short;
use crate::color::Color;
use crate::component::FieldKind;
use crate::value::Value;

/// The largest whole number up to which all have a place among the floats.
const EXACT: i64 = 1 << 53;

/// The longest text that is edited, bytes: it is laid out in each picture.
const MOST_TEXT: usize = 4_096;

/// All numbers that a field can hold.
const FLOATS: RangeInclusive<f64> = f64::MIN..=f64::MAX;

/// All numbers that a whole field of 32 bits can hold.
pub(super) const INTS: RangeInclusive<i64> = i32::MIN as i64..=i32::MAX as i64;

/// What is edited in a panel.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    numbers: Draft<f64>,
    wholes: Draft<i64>,
    texts: Draft<String>,
    colors: Draft<[u8; 4]>,
}

impl Drafts {
    /// Forgets what was edited in a field that is there no more. Called once a frame.
    pub(super) fn end_frame(&mut self) {
        self.numbers.end_frame();
        self.wholes.end_frame();
        self.texts.end_frame();
        self.colors.end_frame();
    }

    /// Shows a field, `key`, that has a value; how a line writes what the user wants there.
    pub(super) fn field(
        &mut self,
        ui: &mut Ui,
        key: &str,
        kind: FieldKind,
        value: &Value,
    ) -> Option<String> {
        match (kind, value) {
            (FieldKind::Float, Value::Float(number)) => {
                self.number(ui, key, *number, FLOATS).map(decimal)
            }
            (FieldKind::Int | FieldKind::Long, Value::Int(number))
                if number.unsigned_abs() < EXACT.unsigned_abs() =>
            {
                let is_int = kind == FieldKind::Int;
                let range = if is_int { INTS } else { -EXACT..=EXACT };
                self.whole(ui, key, *number, range).map(|it| it.to_string())
            }
            (FieldKind::Bool, Value::Bool(truth)) => {
                let mut wanted = *truth;
                ui.checkbox(&mut wanted, "").changed().then(|| wanted.to_string())
            }
            (FieldKind::Choice(words), Value::Str(word)) => choice(ui, key, words, word),
            (FieldKind::Color, Value::Str(text)) => self.color(ui, key, text),
            (FieldKind::Vector(_), Value::List(numbers)) => self.vector(ui, key, numbers),
            (FieldKind::Text, Value::Str(text)) => {
                self.text(ui, key, text).map(|it| written(&Value::Str(it)))
            }
            (FieldKind::Object, _) => {
                let text = match value {
                    Value::Object(_) => "an object".to_owned(),
                    value => value.to_string(),
                };
                ui.weak(text).on_hover_text("kept by a script: `Inspect` above asks for it");
                None
            }
            // Points, and numbers that no widget shows exactly: as they are written.
            _ => self.text(ui, key, &written(value)),
        }
    }

    /// A number of a range.
    pub(super) fn number(
        &mut self,
        ui: &mut Ui,
        key: &str,
        number: f64,
        range: RangeInclusive<f64>,
    ) -> Option<f64> {
        // Hundredths of what it is, so that a small number can be tuned and a large one moved.
        let speed = (number.abs() / 100.0).clamp(0.01, 1_000.0);
        self.numbers.edit(key, number, |value| {
            let is_typed = is_next_focused(ui);
            let widget = DragValue::new(value)
                .speed(speed)
                .range(range)
                .clamp_existing_to_range(false)
                .update_while_editing(false)
                // Whoever types sees all of it, so that nothing is rounded that nobody has changed.
                .custom_formatter(
                    move |number, _| {
                        if is_typed { decimal(number) } else { short(number) }
                    },
                );
            ui.add(widget)
        })
    }

    /// A whole number of a range.
    pub(super) fn whole(
        &mut self,
        ui: &mut Ui,
        key: &str,
        number: i64,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let edit = |value: &mut i64| {
            ui.add(DragValue::new(value).speed(0.2).range(range).update_while_editing(false))
        };
        self.wholes.edit(key, number, edit)
    }

    /// The numbers of a vector, as many in a row as fit.
    fn vector(&mut self, ui: &mut Ui, key: &str, numbers: &[Value]) -> Option<String> {
        let mut wanted = None;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.spacing_mut().interact_size.x = 56.0;
            for (index, number) in numbers.iter().enumerate() {
                let Value::Float(number) = number else { continue };
                let part = format!("{key}.{index}");
                if let Some(number) = self.number(ui, &part, *number, FLOATS) {
                    let mut all = numbers.to_vec();
                    all[index] = Value::Float(number);
                    wanted = Some(written(&Value::List(all)));
                }
            }
        });
        wanted
    }

    /// A colour: a swatch that opens a picker, and how it is written.
    fn color(&mut self, ui: &mut Ui, key: &str, text: &str) -> Option<String> {
        let Some(Color { r, g, b, a }) = Color::parse(text) else {
            return self.text(ui, key, text).map(|it| quoted(&it));
        };
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.x = 40.0;
            let pick = |color: &mut [u8; 4]| ui.color_edit_button_srgba_unmultiplied(color);
            let picked = self.colors.edit(key, [r, g, b, a], pick);
            let picked = picked.map(|[r, g, b, a]| Color { r, g, b, a }.to_string());
            let typed = self.text(ui, key, text);
            picked.or(typed).map(|it| quoted(&it))
        })
        .inner
    }

    /// A text, which may have several lines.
    fn text(&mut self, ui: &mut Ui, key: &str, text: &str) -> Option<String> {
        if text.len() > MOST_TEXT {
            ui.add(
                Label::new(text.get(..text.floor_char_boundary(100)).unwrap_or_default())
                    .truncate(),
            )
            .on_hover_text(format!("{} bytes: too long to be edited here", text.len()));
            return None;
        }
        self.texts.edit(key, text.to_owned(), |value| {
            let widget = if value.contains('\n') {
                TextEdit::multiline(value).desired_rows(2)
            } else {
                TextEdit::singleline(value)
            };
            ui.add(widget.desired_width(f32::INFINITY))
        })
    }
}

/// Whether the widget that is added next has the keyboard.
fn is_next_focused(ui: &Ui) -> bool {
    let id = ui.next_auto_id();
    ui.memory(|memory| memory.has_focus(id))
}

/// One of some words.
fn choice(ui: &mut Ui, key: &str, words: &[&str], word: &str) -> Option<String> {
    let mut wanted = word;
    ComboBox::from_id_salt(key).selected_text(word).show_ui(ui, |ui| {
        for known in words {
            ui.selectable_value(&mut wanted, known, *known);
        }
    });
    (wanted != word).then(|| quoted(wanted))
}
