//! Who gets what the user does: the console's line, egui's widgets, or the world.

use egui::{Pos2, pos2};

use super::Panels;
use crate::console::editor::Key as Edit;
use crate::input::{InputEvent, InputSource, MouseButton};
use crate::overlay::keyboard::{Stroke, stroke};
use crate::platform::egui::events as egui_input;
use crate::platform::egui::modifiers::Modifiers;

impl Panels {
    /// Takes what the user did; hands back what is the world's.
    pub(in crate::overlay) fn take(
        &mut self,
        event: InputEvent,
        source: &mut dyn InputSource,
    ) -> Option<InputEvent> {
        match event {
            InputEvent::Key { key, label, down, repeat } => {
                self.modifiers.set(key, down);
                self.is_stale = true;
                let for_egui = self.modifiers.for_egui();
                let event = egui_input::key(key, &label, down, repeat, for_egui);
                match stroke(key, &label, self.modifiers).filter(|_| down) {
                    Some(stroke) => self.press(stroke, event, source),
                    // A letter is for a field; to a button it would be a click.
                    None => {
                        let is_wanted = !down || self.context.text_edit_focused();
                        self.events.extend(event.filter(|_| is_wanted));
                    }
                }
                None
            }
            InputEvent::Text { text } => {
                self.is_stale = true;
                if !self.modifiers.make_text() {
                    return None;
                }
                if self.context.text_edit_focused() {
                    self.events.push(egui::Event::Text(text));
                } else {
                    self.focus_console();
                    self.keys.extend(text.chars().map(Edit::Char));
                }
                None
            }
            InputEvent::MouseMotion { x, y } => {
                self.move_mouse([x, y]);
                let is_own = !self.own_buttons.is_empty()
                    || self.scene_buttons.is_empty() && self.is_over(self.mouse);
                (!is_own).then_some(event)
            }
            InputEvent::MouseButton { button, down, x, y } => {
                self.move_mouse([x, y]);
                self.take_button(button, down, [x, y]).then_some(event)
            }
            InputEvent::Wheel { x, y } => {
                if !self.is_over(self.mouse) {
                    return Some(event);
                }
                self.is_stale = true;
                self.events.push(egui_input::wheel(x, y, self.modifiers.for_egui()));
                None
            }
            InputEvent::FocusChanged { focused } => {
                self.modifiers = Modifiers::default();
                self.events.push(egui::Event::WindowFocused(focused));
                self.is_stale = true;
                Some(event)
            }
            // What is put together is not typed yet.
            InputEvent::Composition { .. } => None,
            InputEvent::Finger { id, touch, x, y, .. } => {
                let mut fingers = std::mem::take(&mut self.own_fingers);
                let is_own = fingers.take(id, touch, || self.is_over(self.place([x, y])));
                self.own_fingers = fingers;
                (!is_own).then_some(event)
            }
            _ => Some(event),
        }
    }

    /// A key goes down that means something; `event` is the same for a widget that has the keyboard.
    fn press(&mut self, stroke: Stroke, event: Option<egui::Event>, source: &mut dyn InputSource) {
        let is_text = self.context.text_edit_focused();
        match stroke {
            Stroke::Zoom(eighths) => self.zoom(eighths),
            Stroke::ZoomBack => self.zoom = 0,
            Stroke::Inspector => self.toggle_inspector(),
            Stroke::Paste => {
                let Some(text) = source.clipboard() else { return };
                if is_text {
                    self.events.push(egui::Event::Paste(text));
                } else {
                    self.focus_console();
                    self.keys.push(Edit::Paste(text));
                }
            }
            Stroke::Copy { .. } if is_text => self.events.push(egui::Event::Copy),
            Stroke::Copy { or_interrupt } => match self.console.selected() {
                Some(text) => source.set_clipboard(&text),
                None if or_interrupt => self.keys.push(Edit::Ctrl('c')),
                None => self.events.push(egui::Event::Copy),
            },
            Stroke::Edit(Edit::Ctrl('x')) if is_text => self.events.push(egui::Event::Cut),
            Stroke::Page { .. } | Stroke::Edit(_) if self.has_focus() => self.events.extend(event),
            Stroke::Edit(Edit::Escape) if self.context.any_popup_open() => {
                self.events.extend(event);
            }
            Stroke::Page { up } => self.console.turn_page(up),
            Stroke::Edit(key) => self.keys.push(key),
        }
    }

    /// Whether a widget has the keyboard.
    pub(super) fn has_focus(&self) -> bool {
        self.context.memory(|memory| memory.focused().is_some())
    }

    /// Gives the keyboard back to the console's line.
    fn focus_console(&self) {
        self.context.memory_mut(|memory| {
            if let Some(other) = memory.focused() {
                memory.surrender_focus(other);
            }
        });
    }

    /// Notes where the mouse is, of the scene's px.
    fn move_mouse(&mut self, at: [f64; 2]) {
        self.mouse = self.place(at);
        self.events.push(egui::Event::PointerMoved(self.mouse));
        self.is_stale = true;
    }

    /// Where a place of the scene is on the panels.
    fn place(&self, at: [f64; 2]) -> Pos2 {
        #[expect(clippy::cast_possible_truncation, reason = "a place in a window")]
        let [x, y] = self.fit.to_surface(at).map(|px| px as f32 / self.scale);
        pos2(x, y)
    }

    /// Takes a mouse button; whether it is the world's.
    fn take_button(&mut self, button: MouseButton, down: bool, at: [f64; 2]) -> bool {
        let for_egui = self.modifiers.for_egui();
        self.events.push(egui_input::button(button, down, self.mouse, for_egui));
        if !down {
            let held = self.own_buttons.len();
            self.own_buttons.retain(|held| *held != button);
            self.scene_buttons.retain(|held| *held != button);
            // That of one that went down before the overlay opened is the world's.
            return self.own_buttons.len() == held;
        }
        if self.is_over(self.mouse) {
            self.own_buttons.push(button);
            return false;
        }
        if button == MouseButton::Right {
            self.picked = Some(at);
            self.own_buttons.push(button);
            return false;
        }
        self.scene_buttons.push(button);
        true
    }

    /// Whether something of the overlay is at a point.
    fn is_over(&self, at: Pos2) -> bool {
        let is_above = |layer: egui::LayerId| layer.order != egui::Order::Background;
        !self.scene.contains(at) || self.context.layer_id_at(at).is_some_and(is_above)
    }

    /// Exchanges with the clipboard what egui wants.
    pub(in crate::overlay) fn exchange(&mut self, source: &mut dyn InputSource) {
        if let Some(text) = self.copied.take() {
            source.set_clipboard(&text);
        }
    }
}
