//! The panels beside the console: processes, the selected one, frame times, alerts.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use egui::Ui;

/// Shows a world, and changes it by console lines.
#[derive(Debug, Default)]
pub struct Inspector;

impl Inspector {
    /// Draws the panels into `ui`; what the user changes comes back as console lines (`set
    /// Ball.transform.x 3`), to be submitted in the window's session.
    pub fn show(&mut self, ui: &mut Ui, world: &mut World, lines: &mut Vec<String>) {
        let _ = (ui, world, lines);
    }

    /// Shows this process.
    pub fn select(&mut self, process: Entity) {
        let _ = process;
    }
}
