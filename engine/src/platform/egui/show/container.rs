//! What widgets are in.

use egui::containers::menu::{MenuBar, MenuButton, SubMenuButton, is_in_menu, menu_style};
use egui::{
    Align, CollapsingHeader, Frame, Grid, LayerId, Layout, Margin, Modal, Order, Panel, Popup,
    PopupAnchor, PopupKind, ScrollArea, Sense, SetOpenCommand, Ui, UiBuilder, Window,
};

use super::Show;
use crate::ui::{Kind, Node, Response, Side, SideKind, WindowKind};

/// The width of a window or a dialog that says none, px.
const WIDTH: f32 = 280.0;
/// The least width and height of a window whose size the user can change, px.
const LEAST_WIDTH: f32 = 64.0;
const LEAST_HEIGHT: f32 = 32.0;
/// The least height of an opening in a window that says none and has more than that in it, px.
const SCROLLED_IN_WINDOW: f32 = 200.0;

impl Show<'_> {
    /// Shows a container; whether it is one.
    pub(super) fn container(&mut self, ui: &mut Ui, place: usize, node: &Node) -> bool {
        let id = self.id(node.id);
        match &node.kind {
            // They take no room where they are drawn.
            Kind::Window(_) | Kind::Side(_) | Kind::Dialog { .. } | Kind::ContextMenu
                if self.is_measuring => {}
            Kind::Window(window) => self.window(ui, place, node, window),
            Kind::Side(side) => self.side(ui, place, node, side),
            Kind::Dialog { title, width } => {
                let modal = Modal::new(id).frame(Frame::window(ui.style()).inner_margin(12.0));
                let shown = modal.show(ui.ctx(), |ui| {
                    ui.set_width(width.unwrap_or(WIDTH));
                    if !title.is_empty() {
                        ui.heading(title.as_str());
                        ui.separator();
                    }
                    self.inside(ui, place);
                });
                if shown.should_close() {
                    self.tell(node.id, Response::Open(false));
                }
            }
            Kind::Row { is_from_right: false } => {
                let builder =
                    UiBuilder::new().scope_id(id).layout(Layout::left_to_right(Align::Center));
                self.last = Some(self.line(ui, builder, place));
            }
            Kind::Row { is_from_right: true } => {
                let builder =
                    UiBuilder::new().scope_id(id).layout(Layout::right_to_left(Align::Center));
                self.last = Some(self.line(ui, builder, place));
            }
            Kind::Column { width } => {
                let builder = UiBuilder::new().scope_id(id).layout(Layout::top_down(Align::Min));
                let shown = ui.scope_builder(builder, |ui| {
                    if let Some(width) = width {
                        ui.set_width(*width);
                    }
                    self.inside(ui, place);
                });
                self.last = Some(shown.response);
            }
            Kind::Grid { columns } => self.grid(ui, place, node, *columns),
            Kind::Group => {
                let shown = Frame::group(ui.style()).inner_margin(8.0).show(ui, |ui| {
                    let builder =
                        UiBuilder::new().scope_id(id).layout(Layout::top_down(Align::Min));
                    ui.scope_builder(builder, |ui| self.inside(ui, place));
                });
                self.last = Some(shown.response);
            }
            Kind::Scroll { height } => {
                let area = ScrollArea::both().id_salt(id).auto_shrink([true, true]);
                let area = match height {
                    Some(height) => area.max_height(*height).min_scrolled_height(*height),
                    // A window is as high as what is in it, and that is as high as the window.
                    None if ui.layer_id().order == Order::Middle => {
                        area.min_scrolled_height(SCROLLED_IN_WINDOW)
                    }
                    None => area,
                };
                area.show(ui, |ui| {
                    let builder = UiBuilder::new().scope_id(id);
                    ui.scope_builder(builder, |ui| self.inside(ui, place));
                });
            }
            Kind::Collapsing { label, is_open } => {
                let is_open =
                    self.answer(node.id).and_then(|answer| answer.is_open()).unwrap_or(*is_open);
                let header = CollapsingHeader::new(label.as_str()).id_salt(id).open(Some(is_open));
                let shown = header.show(ui, |ui| self.inside(ui, place));
                if shown.header_response.clicked() {
                    self.tell(node.id, Response::Open(!is_open));
                    ui.ctx().request_repaint();
                }
                self.last = Some(shown.header_response);
            }
            Kind::MenuBar if self.is_outermost(ui) => {
                let margin = Margin::symmetric(6, 2);
                let frame = Frame::NONE.fill(ui.visuals().panel_fill).inner_margin(margin);
                Panel::top(id).frame(frame).show(ui, |ui| {
                    MenuBar::new().ui(ui, |ui| self.inside(ui, place));
                });
            }
            Kind::MenuBar => {
                MenuBar::new().ui(ui, |ui| self.inside(ui, place));
            }
            Kind::Menu { label } => {
                let builder = UiBuilder::new().scope_id(id);
                let shown = ui.scope_builder(builder, |ui| match is_in_menu(ui) {
                    true => {
                        SubMenuButton::new(label.as_str()).ui(ui, |ui| self.inside(ui, place)).0
                    }
                    false => MenuButton::new(label.as_str()).ui(ui, |ui| self.inside(ui, place)).0,
                });
                self.last = Some(shown.inner);
            }
            Kind::ContextMenu => self.context_menu(ui, place, node),
            _ => return false,
        }
        true
    }

    /// Whether this is the scene itself.
    fn is_outermost(&self, ui: &Ui) -> bool {
        ui.layer_id() == LayerId::background() && ui.stack().parent.is_none()
    }

    fn line(&mut self, ui: &mut Ui, builder: UiBuilder, place: usize) -> egui::Response {
        // As high as a button: what stands in a row stands in its middle.
        let mut rect = ui.available_rect_before_wrap();
        rect.max.y = rect.min.y + ui.spacing().interact_size.y;
        ui.scope_builder(builder.max_rect(rect), |ui| self.inside(ui, place)).response
    }

    fn window(&mut self, ui: &mut Ui, place: usize, node: &Node, window: &WindowKind) {
        let WindowKind { title, place: [x, y], size: [width, height], .. } = window;
        let id = self.id(node.id);
        let room = self.hands.scene.intersect(ui.ctx().content_rect());
        let mut shown = Window::new(title.as_str())
            .id(id)
            .collapsible(false)
            .title_bar(window.has_title)
            .movable(window.is_movable)
            .resizable(window.is_resizable)
            .constrain_to(room)
            .fade_in(false)
            .fade_out(false);
        if let (Some(x), Some(y)) = (x, y) {
            let at = egui::pos2(*x, *y);
            shown = if window.is_movable { shown.default_pos(at) } else { shown.fixed_pos(at) };
        }
        shown = shown.default_width(width.unwrap_or(WIDTH));
        // What says no height grows to it: a higher one would be moved into view first.
        shown = shown.default_height(height.unwrap_or(LEAST_HEIGHT)).min_height(LEAST_HEIGHT);
        if window.is_resizable {
            shown = shown.min_width(width.map_or(LEAST_WIDTH, |width| width.min(LEAST_WIDTH)));
        } else {
            let [width, height] = [width.unwrap_or(WIDTH), height.unwrap_or(LEAST_HEIGHT)];
            shown = shown.min_size([width, height]);
        }
        let mut is_open = true;
        let frame = if window.has_frame { Frame::window(ui.style()) } else { Frame::NONE };
        let edges = frame.total_margin().sum().x;
        shown = shown.frame(frame);
        if window.is_closable {
            shown = shown.open(&mut is_open);
        }
        shown.show(ui.ctx(), |ui| {
            // It would shrink to what is in it.
            match width {
                Some(_) if window.is_resizable => ui.set_width(ui.available_width()),
                // However wide it was: what takes all the room has no more of it than was said.
                Some(width) => ui.set_width((width - edges).max(0.0)),
                None => {}
            }
            if height.is_some() {
                ui.set_min_height(ui.available_height());
            }
            self.inside(ui, place);
        });
        if !is_open {
            self.tell(node.id, Response::Open(false));
        }
    }

    fn side(&mut self, ui: &mut Ui, place: usize, node: &Node, side: &SideKind) {
        let id = self.id(node.id);
        let panel = match side.side {
            Side::Top => Panel::top(id),
            Side::Bottom => Panel::bottom(id),
            Side::Left => Panel::left(id),
            Side::Right => Panel::right(id),
        };
        let is_level = matches!(side.side, Side::Top | Side::Bottom);
        let margin = if is_level { Margin::symmetric(8, 4) } else { Margin::same(8) };
        let frame = Frame::NONE.fill(ui.visuals().panel_fill).inner_margin(margin);
        let panel = panel.resizable(side.is_resizable).frame(frame);
        let panel = match side.size {
            Some(size) if side.is_resizable => panel.default_size(size),
            Some(size) => panel.exact_size(size),
            None => panel,
        };
        panel.show(ui, |ui| self.inside(ui, place));
    }

    fn grid(&mut self, ui: &mut Ui, place: usize, node: &Node, columns: u32) {
        let before = self.last.take();
        let shown = Grid::new(self.id(node.id)).show(ui, |ui| {
            let mut column = 0;
            self.each(place + 1..node.end, |show, place| {
                show.node(ui, place);
                column += 1;
                if column == columns {
                    column = 0;
                    ui.end_row();
                }
            });
        });
        self.last = before.or(Some(shown.response));
    }

    fn context_menu(&mut self, ui: &mut Ui, place: usize, node: &Node) {
        let id = self.id(node.id);
        if self.is_outermost(ui) {
            self.hands.has_scene_menu = true;
            let at = self.hands.scene_click;
            if std::mem::take(&mut self.hands.is_scene_clicked) {
                Popup::open_id(ui.ctx(), id);
            }
            let anchor = PopupAnchor::Position(at);
            let popup = Popup::new(id, ui.ctx().clone(), anchor, LayerId::background())
                .kind(PopupKind::Menu)
                .layout(Layout::top_down_justified(Align::Min))
                .style(menu_style)
                .open_memory(None);
            popup.show(|ui| self.inside(ui, place));
            return;
        }
        let on = match self.last.clone() {
            Some(last) => last.interact(Sense::click()),
            None => ui.interact(ui.max_rect(), id.with("on"), Sense::click()),
        };
        let set = on.secondary_clicked().then_some(SetOpenCommand::Bool(true));
        Popup::context_menu(&on).open_memory(set).id(id).show(|ui| self.inside(ui, place));
    }
}
