//! The field that a query is typed into, with what the word at the cursor could become.

use bevy_ecs::world::World;
use egui::text::{CCursor, CCursorRange};
use egui::text_selection::text_cursor_state::{
    byte_index_from_char_index, char_index_from_byte_index,
};
use egui::{Id, Key, Modifiers, Popup, PopupCloseBehavior, RichText, TextEdit, Ui};

use super::super::style;
use crate::inspect::query::{Suggestion, Suggestions, suggest};

/// How many suggestions are shown.
const MOST: usize = 8;

/// What is typed, and what it could become.
#[derive(Debug, Default)]
pub(super) struct Filter {
    text: String,
    /// The cursor for which there are suggestions, bytes.
    cursor: Option<usize>,
    suggestions: Suggestions,
}

impl Filter {
    /// What is typed.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Draws the field. Tab takes the first suggestion, a click any.
    pub(super) fn show(&mut self, ui: &mut Ui, world: &World) {
        let id = ui.scope_id().with("filter");
        let has_focus = ui.memory(|memory| memory.has_focus(id));
        let is_tab = has_focus && ui.input_mut(|it| it.consume_key(Modifiers::NONE, Key::Tab));
        let output = TextEdit::singleline(&mut self.text)
            .id(id)
            .hint_text("filter: class == Ball and time > 0.001")
            .desired_width(f32::INFINITY)
            .lock_focus(true)
            .show(ui);
        let cursor = output
            .cursor_range
            .filter(|_| has_focus)
            .map(|range| byte_index_from_char_index(&self.text, range.primary.index).0);
        // A press on a suggestion takes the keyboard from the field, before the click is whole.
        let is_pressed = ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
        let is_left = cursor.is_none() && is_pressed;
        if !is_left && (self.cursor != cursor || output.response.changed()) {
            self.cursor = cursor;
            self.suggestions = self.found(world);
        }
        let is_open = !self.suggestions.found.is_empty();
        let mut taken = is_tab.then(|| self.suggestions.found.first().cloned()).flatten();
        Popup::from_response(&output.response)
            .open(is_open)
            .close_behavior(PopupCloseBehavior::IgnoreClicks)
            .show(|ui| {
                for suggestion in self.suggestions.found.iter().take(MOST) {
                    let Suggestion { text, detail } = suggestion;
                    ui.horizontal(|ui| {
                        let word = RichText::new(text).color(style::ACCENT);
                        if ui.selectable_label(false, word).clicked() {
                            taken = Some(suggestion.clone());
                        }
                        ui.weak(detail);
                    });
                }
            });
        if let Some(suggestion) = taken {
            self.take(ui, id, &suggestion.text);
        }
    }

    /// What the word at the cursor could become; nothing where no word is begun, or it is whole.
    fn found(&self, world: &World) -> Suggestions {
        let found = self.cursor.map(|cursor| (suggest(world, &self.text, cursor), cursor));
        let Some((suggestions, cursor)) = found else { return Suggestions::default() };
        let begun = self.text.get(suggestions.start..cursor).unwrap_or_default();
        let is_whole = suggestions.found.iter().any(|it| it.text == begun);
        if begun.is_empty() || is_whole { Suggestions::default() } else { suggestions }
    }

    fn take(&mut self, ui: &Ui, id: Id, word: &str) {
        let Some(cursor) = self.cursor else { return };
        let start = self.suggestions.start;
        if self.text.get(start..cursor).is_none() {
            return;
        }
        self.text.replace_range(start..cursor, word);
        let end = CCursor::new(char_index_from_byte_index(&self.text, (start + word.len()).into()));
        if let Some(mut state) = TextEdit::load_state(ui.ctx(), id) {
            state.cursor.set_char_range(Some(CCursorRange::one(end)));
            TextEdit::store_state(ui.ctx(), id, state);
        }
        ui.memory_mut(|memory| memory.request_focus(id));
        self.cursor = None;
        self.suggestions = Suggestions::default();
        ui.ctx().request_repaint();
    }
}
