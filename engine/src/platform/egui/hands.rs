//! Who gets what the user does: widgets, or the world.

use egui::{Context, ImeEvent, Order, Pos2, Rect, pos2};

use super::events;
use super::fingers::Fingers;
use super::modifiers::Modifiers;
use crate::input::{InputEvent, InputSource, Key, MouseButton};

/// The user's hands, as far as widgets know them.
pub(super) struct Hands {
    /// For egui's next pass.
    pub(super) events: Vec<egui::Event>,
    /// Text for the clipboard.
    pub(super) copied: Option<String>,
    /// What of the scene no panel at its sides covers.
    pub(super) scene: Rect,
    /// Whether a click with the right button on the scene opens a menu.
    pub(super) has_scene_menu: bool,
    /// Where such a click was, the last time.
    pub(super) scene_click: Pos2,
    /// Whether its menu has still to open.
    pub(super) is_scene_clicked: bool,
    mouse: Pos2,
    /// Which buttons went down on a widget, and which on the scene, and have not come up.
    own_buttons: Vec<MouseButton>,
    scene_buttons: Vec<MouseButton>,
    /// Which keys went down for a widget.
    own_keys: Vec<Key>,
    own_fingers: Fingers,
    /// Whether an input method is putting a text together.
    is_composing: bool,
}

impl Default for Hands {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            copied: None,
            scene: Rect::EVERYTHING,
            has_scene_menu: false,
            scene_click: Pos2::ZERO,
            is_scene_clicked: false,
            mouse: pos2(-1.0, -1.0),
            own_buttons: Vec::new(),
            scene_buttons: Vec::new(),
            own_keys: Vec::new(),
            own_fingers: Fingers::default(),
            is_composing: false,
        }
    }
}

impl Hands {
    /// Which keys went down for a widget, and are held.
    pub(super) fn own_keys(&self) -> impl Iterator<Item = Key> {
        self.own_keys.iter().copied()
    }

    /// What a pass is to hear: egui takes all clicks of a pass for one, and so it is what comes up to
    /// the next release of a button, or all there is.
    pub(super) fn next_events(&mut self, to_release: bool) -> Vec<egui::Event> {
        let is_release =
            |event: &_| matches!(event, egui::Event::PointerButton { pressed: false, .. });
        match self.events.iter().position(is_release) {
            Some(release) if to_release => self.events.drain(..=release).collect(),
            _ => std::mem::take(&mut self.events),
        }
    }

    /// While there are no widgets: notes where the mouse is and what of it is held, for those that come.
    pub(super) fn follow(&mut self, events: &mut Vec<InputEvent>) {
        events.retain(|event| {
            match event {
                InputEvent::MouseMotion { x, y } => self.mouse = point([*x, *y]),
                InputEvent::MouseButton { button, down, x, y } => {
                    self.mouse = point([*x, *y]);
                    self.scene_buttons.retain(|held| held != button);
                    if *down {
                        self.scene_buttons.push(*button);
                    }
                }
                InputEvent::FocusChanged { focused: false } => self.scene_buttons.clear(),
                InputEvent::Finger { id, touch, .. } => {
                    return !self.own_fingers.take(*id, *touch, || false);
                }
                _ => {}
            }
            true
        });
    }

    /// There are no widgets any more.
    pub(super) fn forget(&mut self) {
        // egui hears of no release from here on.
        for held in self.own_buttons.iter().chain(&self.scene_buttons) {
            let released = events::button(*held, false, self.mouse, egui::Modifiers::NONE);
            self.events.push(released);
        }
        self.own_buttons.clear();
        self.own_keys.clear();
        self.is_scene_clicked = false;
    }

    /// Whether widgets have the mouse.
    pub(super) fn has_mouse(&self, context: &Context) -> bool {
        !self.own_buttons.is_empty()
            || self.scene_buttons.is_empty() && self.is_over(context, self.mouse)
    }

    /// Takes what is meant for widgets; leaves what is the world's.
    pub(super) fn sort(
        &mut self,
        context: &Context,
        mut modifiers: Modifiers,
        source: &mut dyn InputSource,
        events: &mut Vec<InputEvent>,
    ) {
        events.retain(|event| {
            if let InputEvent::Key { key, down, .. } = event {
                modifiers.set(*key, *down);
            } else if let InputEvent::FocusChanged { .. } = event {
                modifiers = Modifiers::default();
            }
            !self.take(context, modifiers, source, event)
        });
    }

    /// Takes an event; whether it is the widgets' alone.
    fn take(
        &mut self,
        context: &Context,
        modifiers: Modifiers,
        source: &mut dyn InputSource,
        event: &InputEvent,
    ) -> bool {
        match event {
            InputEvent::Key { key, label, down, repeat } => {
                let is_own = match down {
                    true => self.wants_key(context, *key),
                    false => self.own_keys.contains(key),
                };
                self.own_keys.retain(|own| own != key);
                if is_own && *down {
                    self.own_keys.push(*key);
                }
                // egui follows the modifiers by the keys that it sees.
                if is_own {
                    self.take_key(*key, label, *down, *repeat, modifiers, source);
                }
                is_own
            }
            InputEvent::Text { text } => {
                let is_own = context.text_edit_focused();
                if is_own && std::mem::take(&mut self.is_composing) {
                    self.events.push(egui::Event::Ime(ImeEvent::Commit(text.clone())));
                } else if is_own && modifiers.make_text() {
                    self.events.push(egui::Event::Text(text.clone()));
                }
                is_own
            }
            InputEvent::Composition { text, cursor, length } => {
                let is_own = context.text_edit_focused();
                if is_own && (self.is_composing || !text.is_empty()) {
                    self.is_composing = !text.is_empty();
                    let active_range_chars = Some(*cursor..cursor.saturating_add(*length));
                    let preedit = ImeEvent::Preedit { text: text.clone(), active_range_chars };
                    self.events.push(egui::Event::Ime(preedit));
                }
                is_own
            }
            InputEvent::Finger { id, touch, x, y, .. } => {
                let mut fingers = std::mem::take(&mut self.own_fingers);
                let is_own = fingers.take(*id, *touch, || self.is_over(context, point([*x, *y])));
                self.own_fingers = fingers;
                is_own
            }
            InputEvent::MouseMotion { x, y } => {
                self.move_mouse([*x, *y]);
                self.has_mouse(context)
            }
            InputEvent::MouseButton { button, down, x, y } => {
                self.move_mouse([*x, *y]);
                let for_egui = modifiers.for_egui();
                self.events.push(events::button(*button, *down, self.mouse, for_egui));
                match down {
                    true => self.press(context, *button),
                    false => self.release(*button),
                }
            }
            InputEvent::Wheel { x, y } => {
                let is_own = self.is_over(context, self.mouse);
                if is_own {
                    self.events.push(events::wheel(*x, *y, modifiers.for_egui()));
                }
                is_own
            }
            InputEvent::FocusChanged { focused } => {
                self.events.push(egui::Event::WindowFocused(*focused));
                if !focused {
                    self.own_keys.clear();
                    self.own_buttons.clear();
                    self.is_composing = false;
                    self.scene_buttons.clear();
                }
                false
            }
            _ => false,
        }
    }

    /// Whether a key that goes down is for widgets: one has the keyboard, or gets it by Tab, or
    /// Escape closes what has opened.
    fn wants_key(&self, context: &Context, key: Key) -> bool {
        match key.name() {
            _ if context.memory(|memory| memory.focused().is_some()) => true,
            "Tab" => self.is_over(context, self.mouse),
            "Escape" => context.any_popup_open() || has_modal(context),
            _ => false,
        }
    }

    fn take_key(
        &mut self,
        key: Key,
        label: &str,
        down: bool,
        repeat: bool,
        modifiers: Modifiers,
        source: &mut dyn InputSource,
    ) {
        let letter = if label.is_ascii() { label } else { key.name() };
        let command = match (modifiers.has_ctrl() && down, letter) {
            (true, "C" | "Insert") => Some(egui::Event::Copy),
            (true, "X") => Some(egui::Event::Cut),
            (true, "V") => source.clipboard().map(egui::Event::Paste),
            _ if down && modifiers.has_shift() && letter == "Insert" => {
                source.clipboard().map(egui::Event::Paste)
            }
            _ => events::key(key, label, down, repeat, modifiers.for_egui()),
        };
        self.events.extend(command);
    }

    fn move_mouse(&mut self, [x, y]: [f64; 2]) {
        let at = point([x, y]);
        self.mouse = at;
        self.events.push(egui::Event::PointerMoved(at));
    }

    /// A button goes down; whether on a widget.
    fn press(&mut self, context: &Context, button: MouseButton) -> bool {
        let is_menu = button == MouseButton::Right && self.has_scene_menu;
        let is_over = self.is_over(context, self.mouse);
        if is_menu && !is_over {
            (self.scene_click, self.is_scene_clicked) = (self.mouse, true);
        }
        let is_own = is_over || is_menu || context.any_popup_open();
        if is_own { &mut self.own_buttons } else { &mut self.scene_buttons }.push(button);
        is_own
    }

    /// A button comes up; whether it went down on a widget.
    fn release(&mut self, button: MouseButton) -> bool {
        let held = self.own_buttons.len();
        self.own_buttons.retain(|held| *held != button);
        self.scene_buttons.retain(|held| *held != button);
        self.own_buttons.len() < held
    }

    /// Whether a widget is at a point.
    fn is_over(&self, context: &Context, at: Pos2) -> bool {
        if !context.content_rect().contains(at) {
            return false;
        }
        let is_above = |layer: egui::LayerId| layer.order != Order::Background;
        !self.scene.contains(at)
            || has_modal(context)
            || context.layer_id_at(at).is_some_and(is_above)
    }
}

/// A place in the scene, as egui has it.
#[expect(clippy::cast_possible_truncation, reason = "a place in a scene")]
fn point([x, y]: [f64; 2]) -> Pos2 {
    pos2(x as f32, y as f32)
}

/// Whether a dialog is open, beside which nothing can be reached.
fn has_modal(context: &Context) -> bool {
    context.memory(|memory| memory.top_modal_layer().is_some())
}
