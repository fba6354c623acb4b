//! The table of processes: filtered by a query, sorted by a click on a heading.

use std::time::Duration;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use egui::{
    Align, Color32, EventFilter, Id, Key, Label, Layout, Modifiers, RichText, ScrollArea, Sense,
    StrokeKind, Ui,
};
use egui_extras::{Column, TableBuilder};

use super::super::style;
use super::filter::Filter;
use super::line::Lines;
use super::listing::{Listing, MOST, Question, Refusal};
use super::words::cell;
use crate::process::Names;
use crate::value::Value;

/// How soon a search that only renews what is shown goes on: a crowd of 100,000 is asked through in
/// some seconds, and pictures that show nothing new are few.
const RENEWAL: Duration = Duration::from_millis(33);

/// The table and what is asked for.
#[derive(Default)]
pub(super) struct ProcessTable {
    filter: Filter,
    /// The column that rows are sorted by, and whether downwards.
    order: Option<(String, bool)>,
    pub(super) listing: Listing,
}

impl ProcessTable {
    /// Draws the table, `height` being that of all panels; brings what is selected into view if that
    /// is news.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        world: &mut World,
        height: f32,
        selected: &mut Option<Entity>,
        is_news: bool,
        lines: &mut Lines<'_>,
    ) {
        self.filter.show(ui, world);
        let order = self.order.clone();
        let question = Question { filter: self.filter.text().to_owned(), order };
        self.listing.ask(question);
        self.listing.advance(world, ui.input(|input| input.time));
        if self.listing.left() > 0 {
            let pace = if self.listing.is_answered() { RENEWAL } else { Duration::ZERO };
            ui.ctx().request_repaint_after(pace);
        }
        self.refusal(ui, lines);
        let found = || self.listing.rows().iter().position(|row| Some(row.process) == *selected);
        let shown = if is_news { found() } else { None };
        let shown = self.moved(ui, selected).or(shown);
        self.table(ui, (height / 3.0).max(120.0), selected, shown);
        self.status(ui, world.resource::<Names>().len());
    }

    /// Why the filter has no answer, if it has none.
    fn refusal(&self, ui: &mut Ui, lines: &mut Lines<'_>) {
        match self.listing.refusal() {
            Some(Refusal::Wrong(error)) => {
                ui.colored_label(style::ERROR, error);
            }
            Some(Refusal::AsksScripts) => {
                ui.horizontal_wrapped(|ui| {
                    ui.colored_label(style::WARNING, "this asks scripts, which no panel does:");
                    if ui.button("ask in the console").clicked() {
                        lines.give(format!("query {}", self.filter.text()));
                    }
                });
            }
            None => {}
        }
    }

    /// The row to which the arrow keys move the selection, while the table has the keyboard.
    fn moved(&self, ui: &Ui, selected: &mut Option<Entity>) -> Option<usize> {
        let id = keyboard(ui);
        if !ui.memory(|memory| memory.has_focus(id)) {
            return None;
        }
        let rows = self.listing.rows();
        let last = rows.len().checked_sub(1)?;
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        let at = rows.iter().position(|row| Some(row.process) == *selected);
        let (up, down) = (pressed(Key::ArrowUp), pressed(Key::ArrowDown));
        let to = match at {
            _ if up + down == 0 => return None,
            Some(at) => (at + down).saturating_sub(up).min(last),
            None => 0,
        };
        *selected = rows.get(to).map(|row| row.process);
        Some(to)
    }

    fn table(
        &mut self,
        ui: &mut Ui,
        height: f32,
        selected: &mut Option<Entity>,
        moved: Option<usize>,
    ) {
        let id = keyboard(ui);
        let Self { order, listing, .. } = self;
        let columns = listing.columns();
        if columns.is_empty() {
            return;
        }
        let mut is_clicked = false;
        let row_height = ui.text_style_height(&egui::TextStyle::Body) + 2.0;
        let area = ScrollArea::horizontal().id_salt("table").show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut table = TableBuilder::new(ui)
                .id_salt(columns)
                .striped(true)
                .sense(Sense::click())
                .auto_shrink([true, true])
                .min_scrolled_height(height)
                .max_scroll_height(height);
            for column in columns {
                table = table.column(Column::initial(width(column)).clip(true).resizable(true));
            }
            if let Some(row) = moved {
                table = table.scroll_to_row(row, None);
            }
            table
                .header(row_height, |mut header| {
                    for column in columns {
                        header.col(|ui| heading(ui, column, order));
                    }
                })
                .body(|body| {
                    body.rows(row_height, listing.rows().len(), |mut table_row| {
                        let Some(row) = listing.rows().get(table_row.index()) else { return };
                        table_row.set_selected(Some(row.process) == *selected);
                        for (column, value) in columns.iter().zip(&row.values) {
                            table_row.col(|ui| value_cell(ui, column, value));
                        }
                        if table_row.response().clicked() {
                            *selected = Some(row.process);
                            is_clicked = true;
                        }
                    });
                });
        });
        let response = ui.interact(area.inner_rect, id, Sense::focusable_noninteractive());
        if is_clicked {
            response.request_focus();
        }
        if response.has_focus() {
            let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
            let frame = area.inner_rect.shrink(0.5);
            ui.painter().rect_stroke(frame, 0.0, (1.0, style::ACCENT), StrokeKind::Inside);
        }
    }

    /// How much of all that there is can be seen.
    fn status(&self, ui: &mut Ui, count: usize) {
        let (shown, total) = (self.listing.rows().len(), self.listing.total());
        let text = match shown {
            _ if self.listing.left() > 0 && !self.listing.is_answered() => {
                format!("searching: {} of {count} left", self.listing.left())
            }
            0 => "none".to_owned(),
            _ if shown < total => format!("the first {shown} of {total}"),
            _ if total < count => format!("{total} of {count}"),
            _ => return,
        };
        ui.weak(text).on_hover_text(format!("at most {MOST} rows are shown: filter, or sort"));
    }
}

/// What has the keyboard while the table does.
fn keyboard(ui: &Ui) -> Id {
    ui.scope_id().with("rows")
}

/// The width of a column to begin with, points.
fn width(column: &str) -> f32 {
    let letters: u8 = match column {
        "name" => 13,
        "class" => 20,
        "priority" => 9,
        _ => 8,
    };
    f32::from(letters) * style::LETTER_WIDTH + 4.0
}

/// The name of a column; a click sorts by it, another one the other way, a third one not at all.
fn heading(ui: &mut Ui, column: &str, order: &mut Option<(String, bool)>) {
    // Of numbers the largest are wanted first.
    let first = !is_text(column);
    let now = order.as_ref().filter(|(word, _)| word == column).map(|(_, down)| *down);
    let (mark, next) = match now {
        None => ("", Some(first)),
        Some(down) => (if down { " ▼" } else { " ▲" }, (down == first).then_some(!first)),
    };
    let color = if now.is_some() { style::ACCENT } else { style::DIM };
    let text = RichText::new(format!("{column}{mark}")).color(color);
    let label = Label::new(text).selectable(false).extend().sense(Sense::click());
    let label = ui.with_layout(layout(column), |ui| ui.add(label)).inner;
    if label.on_hover_text(format!("sort by {column}")).clicked() {
        *order = next.map(|down| (column.to_owned(), down));
    }
}

/// One value in a row.
fn value_cell(ui: &mut Ui, column: &str, value: &Value) {
    let text = cell(column, value);
    let color = match (column, value) {
        ("state", Value::Str(state)) => state_color(state),
        ("name", _) => style::TEXT,
        ("faults" | "late", Value::Int(1..)) => style::ERROR,
        _ if text == "0" || text == "–" => style::DIM,
        _ => style::TEXT,
    };
    let label = Label::new(RichText::new(&text).color(color)).selectable(false).truncate();
    ui.with_layout(layout(column), |ui| ui.add(label));
}

/// Numbers end where those above them do.
fn layout(column: &str) -> Layout {
    if is_text(column) {
        Layout::left_to_right(Align::Center)
    } else {
        Layout::right_to_left(Align::Center)
    }
}

fn is_text(column: &str) -> bool {
    matches!(column, "name" | "class" | "state" | "parent")
}

/// The colour of a state.
pub(super) fn state_color(state: &str) -> Color32 {
    match state {
        "held" => style::ERROR,
        "paused" => style::WARNING,
        _ => style::GOOD,
    }
}
