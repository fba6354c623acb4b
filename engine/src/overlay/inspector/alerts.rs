//! The last alerts, by level.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use egui::{Label, RichText, ScrollArea, Sense, Ui};

use super::super::style;
use crate::alert::{Alert, Alerts, Level};
use crate::process::Names;

/// The list of alerts.
#[derive(Debug)]
pub(super) struct AlertList {
    /// Which levels are shown, in their order.
    shown: [bool; Level::ALL.len()],
}

impl Default for AlertList {
    fn default() -> Self {
        Self { shown: [true; Level::ALL.len()] }
    }
}

impl AlertList {
    /// Draws the list; the process that raised an alert which is clicked on.
    pub(super) fn show(&mut self, ui: &mut Ui, world: &World, height: f32) -> Option<Entity> {
        let alerts = world.resource::<Alerts>();
        let mut counts = [0_usize; Level::ALL.len()];
        for alert in alerts.recent() {
            counts[alert.level as usize] += 1;
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            for ((level, count), is_shown) in Level::ALL.iter().zip(counts).zip(&mut self.shown) {
                let text = RichText::new(format!("{} {count}", level.name()));
                let color = if *is_shown { style::level(*level) } else { style::DIM };
                ui.toggle_value(is_shown, text.color(color))
                    .on_hover_text("shows or hides alerts of this level; `verbosity` raises more");
            }
        });
        let shown: Vec<&Alert> =
            alerts.recent().filter(|alert| self.shown[alert.level as usize]).collect();
        if shown.is_empty() {
            ui.weak("none");
            return None;
        }
        let row_height = ui.text_style_height(&egui::TextStyle::Body);
        // Whole rows, so that none is cut.
        let gap = ui.spacing().item_spacing.y;
        let rows = (height / 4.0 / (row_height + gap)).floor().max(4.0);
        let list_height = rows * (row_height + gap) - gap;
        let mut wanted = None;
        ScrollArea::vertical()
            .id_salt("alerts")
            .auto_shrink([false, true])
            .stick_to_bottom(true)
            .min_scrolled_height(list_height)
            .max_height(list_height)
            .show_rows(ui, row_height, shown.len(), |ui, rows| {
                for alert in shown.get(rows).into_iter().flatten() {
                    let first = alert.text.lines().next().unwrap_or_default();
                    let text = format!("{:.2} {}: {first}", alert.time.as_secs(), alert.source);
                    let text = RichText::new(text).color(style::level(alert.level));
                    let label = ui.add(Label::new(text).truncate().sense(Sense::click()));
                    if label.on_hover_text(alert.to_string().trim_start()).clicked() {
                        wanted = world.resource::<Names>().get(&alert.source);
                    }
                }
            });
        wanted
    }
}
