//! What a process has drawn, as egui's widgets.

mod axis;
mod container;
mod number;
mod plot;
mod table;
mod text;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use egui::{Id, IntoAtoms as _, Response as Found, Sense, TextureId, Ui, UiBuilder, vec2};

use super::hands::Hands;
use crate::color::Color;
use crate::input::InputEvent;
use crate::ui::{
    Answer, ButtonKind, ImageKind, Kind, Node, OptionsStyle, Panel, Response, Tree, WidgetId,
};

/// The scene's images that widgets show, by the numbers that egui knows them by.
#[derive(Default)]
pub(super) struct Images {
    names: Vec<String>,
    numbers: HashMap<String, u64>,
}

impl Images {
    /// A pass begins: what it does not show is not kept.
    pub(super) fn begin(&mut self) {
        self.names.clear();
        self.numbers.clear();
    }

    /// Their names, by number.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    fn texture(&mut self, name: &str) -> TextureId {
        if let Some(number) = self.numbers.get(name) {
            return TextureId::User(*number);
        }
        let number = self.names.len() as u64;
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        TextureId::User(number)
    }
}

/// What the user has done in the passes of a tick.
#[derive(Default)]
pub(super) struct Told {
    events: Vec<(String, WidgetId, Response)>,
    /// The newest answers of widgets, before the world has them.
    answers: BTreeMap<(String, WidgetId), Answer>,
}

impl Told {
    pub(super) fn into_events(self) -> impl Iterator<Item = InputEvent> {
        self.events.into_iter().map(|(process, widget, response)| InputEvent::Widget {
            process,
            widget,
            response,
        })
    }
}

/// Whether what something consists of begins at the left and takes the room that there is.
fn is_from_left(kind: &Kind) -> bool {
    match kind {
        Kind::Row { is_from_right } => !is_from_right,
        Kind::Options { style, .. } => *style != OptionsStyle::List,
        Kind::Column { .. }
        | Kind::Grid { .. }
        | Kind::Group
        | Kind::Scroll { .. }
        | Kind::Collapsing { .. }
        | Kind::MenuBar => true,
        _ => false,
    }
}

/// Shows a panel.
pub(super) struct Show<'a> {
    panel: &'a Panel,
    tree: &'a Tree,
    told: &'a mut Told,
    images: &'a mut Images,
    hands: &'a mut Hands,
    /// What was shown before, in the same container.
    last: Option<Found>,
    /// Whether this is about sizes alone, and nothing is seen.
    is_measuring: bool,
}

impl<'a> Show<'a> {
    pub(super) fn new(
        panel: &'a Panel,
        told: &'a mut Told,
        images: &'a mut Images,
        hands: &'a mut Hands,
    ) -> Self {
        Self { panel, tree: panel.tree(), told, images, hands, last: None, is_measuring: false }
    }

    /// Shows all of it.
    pub(super) fn all(&mut self, ui: &mut Ui) {
        self.nodes(ui, 0..self.tree.nodes.len());
    }

    /// Shows what is between two places, one behind the other.
    fn nodes(&mut self, ui: &mut Ui, places: Range<usize>) {
        let before = self.last.take();
        self.each(places, |show, place| show.node(ui, place));
        self.last = before;
    }

    /// Goes through the widgets of a container.
    fn each(&mut self, places: Range<usize>, mut act: impl FnMut(&mut Self, usize)) {
        let mut place = places.start;
        while place < places.end {
            let Some(node) = self.tree.nodes.get(place) else { return };
            act(self, place);
            place = node.end.max(place + 1);
        }
    }

    /// Shows what is in a container.
    fn inside(&mut self, ui: &mut Ui, place: usize) {
        let end = self.tree.nodes.get(place).map_or(place, |node| node.end);
        self.nodes(ui, place + 1..end);
    }

    fn node(&mut self, ui: &mut Ui, place: usize) {
        let tree = self.tree;
        let Some(node) = tree.nodes.get(place) else { return };
        if ui.layout().prefer_right_to_left() && is_from_left(&node.kind) {
            self.at_right(ui, place, node);
        } else {
            self.node_here(ui, place, node);
        }
    }

    /// Shows something that begins at its left where what comes before it is on its right: as wide as
    /// what is in it, and no wider than the room that there is.
    fn at_right(&mut self, ui: &mut Ui, place: usize, node: &Node) {
        if self.is_measuring {
            return self.node_here(ui, place, node);
        }
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        let mut room = ui.available_rect_before_wrap();
        let builder = UiBuilder::new().max_rect(room).layout(layout);
        let mut unseen = ui.new_child(builder.clone().sizing_pass().invisible());
        let last = self.last.take();
        self.is_measuring = true;
        self.node_here(&mut unseen, place, node);
        self.is_measuring = false;
        self.last = last;
        room.min.x = room.min.x.max(room.max.x - unseen.min_rect().width().ceil());
        ui.scope_builder(builder.max_rect(room), |ui| self.node_here(ui, place, node));
    }

    fn node_here(&mut self, ui: &mut Ui, place: usize, node: &Node) {
        if self.container(ui, place, node) {
            return;
        }
        let builder = UiBuilder::new().scope_id(self.id(node.id));
        let builder = if node.is_enabled { builder } else { builder.disabled() };
        let scope = ui.scope_builder(builder, |ui| self.widget(ui, node));
        let mut found = scope.inner.unwrap_or(scope.response);
        if !node.tooltip.is_empty() {
            found = found.on_hover_text(&node.tooltip).on_disabled_hover_text(&node.tooltip);
        }
        self.last = Some(found);
    }

    /// Shows what is no container; `None` where there is nothing to point at.
    fn widget(&mut self, ui: &mut Ui, node: &Node) -> Option<Found> {
        let id = node.id;
        Some(match &node.kind {
            Kind::Label(label) => text::label(ui, label),
            Kind::Button(button) => {
                let found = self.button(ui, button);
                if found.clicked() {
                    self.tell(id, Response::Clicked);
                }
                found
            }
            Kind::Checkbox { label, is_checked } => {
                let mut is_checked = match self.value(id) {
                    Some(Response::Checked(is_checked)) => is_checked,
                    _ => *is_checked,
                };
                let found = ui.checkbox(&mut is_checked, label.as_str());
                if found.changed() {
                    self.tell(id, Response::Checked(is_checked));
                }
                found
            }
            Kind::Options { style, label, options, chosen } => {
                let chosen = match self.value(id) {
                    Some(Response::Chosen(chosen)) => chosen,
                    _ => *chosen,
                };
                let (found, clicked) = self.options(ui, *style, label, options, chosen);
                if clicked.is_some() && clicked != chosen {
                    self.tell(id, Response::Chosen(clicked));
                }
                found
            }
            Kind::Slider(number) => self.slider(ui, id, number),
            Kind::Number(number) => self.number(ui, id, number),
            Kind::Field(field) => self.field(ui, id, field),
            Kind::Progress { share, text } => {
                let bar = egui::ProgressBar::new(*share).corner_radius(0.0);
                ui.add(if text.is_empty() { bar } else { bar.text(text.as_str()) })
            }
            Kind::Separator => ui.separator(),
            Kind::Space { px } => {
                ui.add_space(*px);
                return None;
            }
            Kind::Image(image) => {
                let (rect, found) = ui.allocate_exact_size(image.size.into(), Sense::hover());
                self.image(ui, image, rect);
                found
            }
            Kind::Table(table) => {
                self.table(ui, id, table);
                return None;
            }
            Kind::Plot(plot) => plot::show(ui, self.id(id), plot),
            Kind::Color { label, color } => self.color(ui, id, label, *color),
            // Containers are shown elsewhere.
            _ => return None,
        })
    }

    /// egui's name of a widget.
    fn id(&self, widget: WidgetId) -> Id {
        let id = Id::unique((self.panel.process(), widget.0));
        // What is not seen has nothing to do with what is, such as how far it is scrolled.
        if self.is_measuring { id.with("measured") } else { id }
    }

    /// What the user did with a widget, as of now.
    fn answer(&self, widget: WidgetId) -> Option<&Answer> {
        let told = self.told.answers.get(&(self.panel.process().to_owned(), widget));
        told.or_else(|| self.panel.answer(widget))
    }

    /// The value that the user has given a widget, and its process does not know yet.
    fn value(&self, widget: WidgetId) -> Option<Response> {
        self.answer(widget)?.value().cloned()
    }

    /// Tells the process what the user did.
    fn tell(&mut self, widget: WidgetId, response: Response) {
        let mut answer = self.answer(widget).cloned().unwrap_or_default();
        answer.take_in(response.clone());
        let process = self.panel.process().to_owned();
        self.told.answers.insert((process.clone(), widget), answer);
        self.told.events.push((process, widget, response));
    }

    fn image(&mut self, ui: &Ui, image: &ImageKind, rect: egui::Rect) {
        let texture = self.images.texture(&image.image);
        let whole = egui::Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
        ui.painter().image(texture, rect, whole, egui::Color32::WHITE);
    }

    fn button(&mut self, ui: &mut Ui, button: &ButtonKind) -> Found {
        let ButtonKind { label, is_selected, image, size: [width, height], has_frame } = button;
        let size = vec2(width.unwrap_or(0.0), height.unwrap_or(0.0));
        let Some(image) = image else {
            // What is wider than its words has them in the middle.
            let words = match width {
                Some(_) => (egui::Atom::grow(), label.as_str(), egui::Atom::grow()).into_atoms(),
                None => label.as_str().into_atoms(),
            };
            let plain = egui::Button::new(words).min_size(size).selected(*is_selected);
            return ui.add(if *has_frame { plain } else { plain.frame_when_inactive(false) });
        };
        // The image stands above the words.
        let padding = ui.spacing().button_padding;
        let font = egui::TextStyle::Button.resolve(ui.style());
        let color = egui::Color32::PLACEHOLDER;
        let wrap = (size.x.max(image.size[0] + 2.0 * padding.x) - padding.x).max(1.0);
        let words = ui.painter().layout(label.clone(), font, color, wrap);
        let words_height = if label.is_empty() { 0.0 } else { words.size().y + padding.y };
        let least = vec2(image.size[0].max(words.size().x), image.size[1] + words_height);
        let (rect, found) =
            ui.allocate_exact_size((least + 2.0 * padding).max(size), Sense::click());
        let visuals = ui.style().interact_selectable(&found, *is_selected);
        if *has_frame || *is_selected || found.hovered() || found.has_focus() {
            let (fill, stroke) = (visuals.weak_bg_fill, visuals.bg_stroke);
            ui.painter().rect(rect, 0.0, fill, stroke, egui::StrokeKind::Inside);
        }
        let top = rect.center().y - least.y / 2.0;
        let corner = egui::pos2(rect.center().x - image.size[0] / 2.0, top);
        self.image(ui, image, egui::Rect::from_min_size(corner, image.size.into()));
        let at = egui::pos2(
            rect.center().x - words.size().x / 2.0,
            rect.center().y + least.y / 2.0 - words.size().y,
        );
        ui.painter().galley(at.round(), words, visuals.text_color());
        found
    }

    /// One of several; the one that was clicked, if one was.
    fn options(
        &self,
        ui: &mut Ui,
        style: OptionsStyle,
        label: &str,
        options: &[String],
        chosen: Option<u32>,
    ) -> (Found, Option<u32>) {
        let mut clicked = None;
        let numbered = || (0..).zip(options);
        let found = match style {
            OptionsStyle::Radio => ui.vertical(|ui| {
                if !label.is_empty() {
                    ui.label(label);
                }
                for (number, option) in numbered() {
                    if ui.radio(chosen == Some(number), option.as_str()).clicked() {
                        clicked = Some(number);
                    }
                }
            }),
            OptionsStyle::Tabs => ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                for (number, option) in numbered() {
                    let tab = egui::Button::selectable(chosen == Some(number), option.as_str());
                    if ui.add(tab).clicked() {
                        clicked = Some(number);
                    }
                }
            }),
            OptionsStyle::List => {
                let name = |number: u32| options.get(usize::try_from(number).ok()?);
                let selected = chosen.and_then(name).map_or("", String::as_str);
                let list = egui::ComboBox::from_id_salt("list").selected_text(selected);
                ui.horizontal(|ui| {
                    list.show_ui(ui, |ui| {
                        for (number, option) in numbered() {
                            let is_chosen = chosen == Some(number);
                            if ui.selectable_label(is_chosen, option.as_str()).clicked() {
                                clicked = Some(number);
                            }
                        }
                    });
                    if !label.is_empty() {
                        ui.label(label);
                    }
                })
            }
        };
        (found.response, clicked)
    }

    fn color(&mut self, ui: &mut Ui, id: WidgetId, label: &str, color: Color) -> Found {
        let [r, g, b, a] = match self.value(id) {
            Some(Response::Color(color)) => color,
            _ => [color.r, color.g, color.b, color.a],
        };
        let mut picked = egui::Color32::from_rgba_unmultiplied(r, g, b, a);
        let before = picked;
        let found = ui.horizontal(|ui| {
            let alpha = egui::color_picker::Alpha::OnlyBlend;
            egui::color_picker::color_edit_button_srgba(ui, &mut picked, alpha);
            ui.label(label);
        });
        if picked != before {
            self.tell(id, Response::Color(picked.to_srgba_unmultiplied()));
        }
        found.response
    }
}
