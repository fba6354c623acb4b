//! The panels beside the console: processes, the selected one, how long turns take, alerts.
//!
//! They read the world when a picture is due, without running code of scripts, and change it in one
//! way: by lines of the console's commands. So what is done is logged, refused and learned as if
//! it had been typed.

mod alerts;
mod draft;
mod field;
mod filter;
mod line;
mod listing;
mod process;
mod table;
mod times;
mod words;

use std::time::Duration;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use egui::{CollapsingHeader, RichText, ScrollArea, Ui};

use crate::process::{InstanceName, Names};

use alerts::AlertList;
use line::Lines;
use process::ProcessPanel;
use table::ProcessTable;
use times::TimesPlot;

/// How often what is shown is looked at again while nothing happens: figures that change more often
/// cannot be read.
const RENEWAL: Duration = Duration::from_millis(100);

/// Shows a world, and changes it by console lines.
#[derive(Default)]
pub struct Inspector {
    selected: Option<Entity>,
    /// Whether what is selected comes from elsewhere, so that it has to be brought into view.
    is_news: bool,
    /// The lines of this frame.
    given: Vec<String>,
    table: ProcessTable,
    process: ProcessPanel,
    times: TimesPlot,
    alerts: AlertList,
}

impl Inspector {
    /// Draws the panels into `ui`; what the user changes comes back as console lines (`%set
    /// Ball.transform.x 3`), to be submitted in the window's session. With the `%` they are commands
    /// whatever names the session knows.
    pub fn show(&mut self, ui: &mut Ui, world: &mut World, lines: &mut Vec<String>) {
        let mut given = Vec::new();
        self.panels(ui, world, &mut Lines(&mut given));
        // Where egui draws the same frame once more, an edit that has ended is over by then.
        if ui.ctx().current_pass_index() == 0 {
            self.given = given;
        }
        lines.extend_from_slice(&self.given);
    }

    fn panels(&mut self, ui: &mut Ui, world: &mut World, lines: &mut Lines<'_>) {
        ui.ctx().request_repaint_after(RENEWAL);
        let (before, mut wanted) = (self.selected, None);
        ui.spacing_mut().item_spacing.y = 2.0;
        ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
            let count = world.resource::<Names>().len();
            let height = ui.clip_rect().height();
            section(ui, "processes", format!("Processes  {count}"), None, |ui| {
                let Self { table, selected, is_news, .. } = self;
                table.show(ui, world, height, selected, *is_news, lines);
            });
            let title = match self.selected.and_then(|process| world.get::<InstanceName>(process)) {
                Some(name) => format!("Process  {}", name.as_str()),
                None => "Process".to_owned(),
            };
            let open = self.is_news.then_some(true);
            let header = section(ui, "process", title, open, |ui| {
                wanted = self.process.show(ui, world, self.selected, lines);
            });
            if std::mem::take(&mut self.is_news) {
                header.scroll_to_me(Some(egui::Align::Min));
            }
            section(ui, "times", "Frame times", None, |ui| self.times.show(ui, world));
            section(ui, "alerts", "Alerts", None, |ui| {
                wanted = wanted.or(self.alerts.show(ui, world, height));
            });
        });
        if let Some(process) = wanted {
            self.select(process);
        }
        if self.is_news || self.selected != before {
            ui.ctx().request_repaint();
        }
    }

    /// Shows this process.
    pub fn select(&mut self, process: Entity) {
        self.selected = Some(process);
        self.is_news = true;
    }
}

/// A part that can be folded away; nothing of one that is folded costs anything.
fn section(
    ui: &mut Ui,
    id: &str,
    title: impl Into<String>,
    open: Option<bool>,
    body: impl FnOnce(&mut Ui),
) -> egui::Response {
    let title = title.into();
    let frame = std::mem::replace(&mut ui.visuals_mut().collapsing_header_frame, true);
    let section = CollapsingHeader::new(RichText::new(&title).strong())
        .id_salt(id)
        .default_open(true)
        .open(open)
        .show_unindented(ui, |ui| {
            ui.visuals_mut().collapsing_header_frame = frame;
            body(ui);
            ui.add_space(4.0);
        });
    ui.visuals_mut().collapsing_header_frame = frame;
    section.header_response.on_hover_text(title)
}

#[cfg(test)]
mod tests;
