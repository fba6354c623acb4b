//! Tables: rows that are seen are set, and no others.

use egui::{Align, Layout, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::Show;
use crate::platform::egui::style::LETTER_WIDTH;
use crate::ui::{Response, Rows, Sort, Table, WidgetId};

/// Height of a row, px.
const ROW_HEIGHT: f32 = 20.0;
/// The least and the greatest width of a column to begin with, letters.
const WIDTHS: std::ops::RangeInclusive<usize> = 4..=40;

impl Show<'_> {
    pub(super) fn table(&mut self, ui: &mut Ui, id: WidgetId, table: &Table) {
        if table.columns.is_empty() {
            return;
        }
        let selected = match self.value(id) {
            Some(Response::Chosen(chosen)) => chosen,
            _ => table.selected,
        };
        let sort = self.answer(id).and_then(|answer| answer.sort()).or(table.sort);
        #[expect(clippy::cast_precision_loss, reason = "the height of a screen, if that")]
        let all = (table.len as f32) * ROW_HEIGHT;
        let height = table.height.unwrap_or(all);
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut builder = TableBuilder::new(ui)
            .id_salt("table")
            .striped(true)
            .cell_layout(Layout::left_to_right(Align::Center))
            .sense(if table.is_selectable { Sense::click() } else { Sense::hover() })
            .auto_shrink([true, true])
            .min_scrolled_height(height.min(all))
            .max_scroll_height(height);
        for place in 0..table.columns.len() {
            builder =
                builder.column(Column::initial(width(table, place)).clip(true).resizable(true));
        }
        let (mut wanted_sort, mut clicked, mut seen) = (None, None, None::<[usize; 2]>);
        builder
            .header(ROW_HEIGHT, |mut header| {
                for (place, column) in (0_u32..).zip(&table.columns) {
                    header.col(|ui| {
                        let mark = match sort {
                            Some(sort) if sort.column != place => "",
                            Some(Sort { is_descending: true, .. }) => " v",
                            Some(_) => " ^",
                            None => "",
                        };
                        let text = egui::RichText::new(format!("{}{mark}", column.title)).strong();
                        let sense = if table.is_sortable { Sense::click() } else { Sense::hover() };
                        let head = egui::Label::new(text).selectable(false).sense(sense);
                        if ui.add(head).clicked() {
                            wanted_sort = Some(place);
                        }
                    });
                }
            })
            .body(|body| {
                body.rows(ROW_HEIGHT, table.len, |mut row| {
                    let place = row.index();
                    let [_, last] = seen.get_or_insert([place; 2]);
                    *last = place;
                    // One that is not told yet is, when the process has stepped.
                    let told = table.row(place);
                    let number = told.map(|told| told.number);
                    row.set_selected(table.is_selectable && number.is_some() && selected == number);
                    for (at, column) in table.columns.iter().enumerate() {
                        let text =
                            told.and_then(|told| told.cells.get(at)).map_or("", String::as_str);
                        row.col(|ui| {
                            let label = egui::Label::new(text).selectable(false).truncate();
                            match column.is_number {
                                true => {
                                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                                        ui.add(label)
                                    });
                                }
                                false => {
                                    ui.add(label);
                                }
                            }
                        });
                    }
                    if row.response().clicked() {
                        clicked = number;
                    }
                });
            });
        if let Some(column) = wanted_sort {
            self.tell(
                id,
                Response::Sorted(Some(sort.map_or(
                    Sort { column, is_descending: false },
                    |sort| Sort {
                        column,
                        is_descending: sort.column == column && !sort.is_descending,
                    },
                ))),
            );
        }
        if let Some(number) = clicked {
            self.tell(id, Response::Chosen((selected != Some(number)).then_some(number)));
        }
        if let Some([first, last]) = seen {
            let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let rows = Rows { first: count(first), count: count(last + 1 - first) };
            if self.answer(id).and_then(|answer| answer.rows()) != Some(rows) {
                self.tell(id, Response::Looked(rows));
            }
        }
    }
}

/// The width of a column to begin with, px: as wide as its head and its first rows need it.
fn width(table: &Table, place: usize) -> f32 {
    let letters = |text: &str| text.chars().count();
    let head = table.columns.get(place).map_or(0, |column| letters(&column.title) + 2);
    let cells = table.rows.iter().take(64).filter_map(|row| row.cells.get(place));
    let widest = cells.map(|cell| letters(cell)).fold(head, usize::max);
    #[expect(clippy::cast_precision_loss, reason = "a few letters")]
    let letters = widest.clamp(*WIDTHS.start(), *WIDTHS.end()) as f32;
    (letters + 1.0) * LETTER_WIDTH
}
