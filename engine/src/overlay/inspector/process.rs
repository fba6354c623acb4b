//! The selected process: what it is, what it has used, its fault, its components as fields.

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::{ChildOf, Children};
use bevy_ecs::world::World;
use egui::{CollapsingHeader, Grid, RichText, ScrollArea, Ui};

use super::super::style;
use super::field::{Drafts, INTS};
use super::line::{Lines, decimal};
use super::table::state_color;
use super::words::span;
use crate::component::{ComponentKind, ComponentRegistry};
use crate::inspect;
use crate::message::Mailbox;
use crate::process::{
    Class, Held, InstanceName, Interval, Missed, Paused, Priority, Restart, accounting, family,
};

/// More children than this are not listed one by one.
const MOST_CHILDREN: usize = 50;

/// The height of what is seen of a traceback, points: nine lines, one of which may be a scroll bar.
const TRACEBACK_HEIGHT: f32 = 9.0 * style::ROW_HEIGHT;

/// The panel of one process.
#[derive(Debug, Default)]
pub(super) struct ProcessPanel {
    drafts: Drafts,
    /// The process that is killed if the user says so once more.
    condemned: Option<Entity>,
}

impl ProcessPanel {
    /// Draws the panel; which relative the user wants to see instead.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        world: &World,
        selected: Option<Entity>,
        lines: &mut Lines<'_>,
    ) -> Option<Entity> {
        let Some(process) = selected else {
            ui.weak("Select a process in the table, or right-click on one in the scene.");
            return None;
        };
        let Some(name) = world.get::<InstanceName>(process).map(InstanceName::as_str) else {
            ui.weak("It is gone.");
            return None;
        };
        let wanted = ui.push_id(process, |ui| {
            head(ui, world, process);
            self.buttons(ui, world, process, name, lines);
            fault(ui, world, process);
            self.terms(ui, world, process, name, lines);
            let wanted = relatives(ui, world, process);
            account(ui, world, process);
            self.components(ui, world, process, name, lines);
            wanted
        });
        self.drafts.end_frame();
        wanted.inner
    }

    fn buttons(
        &mut self,
        ui: &mut Ui,
        world: &World,
        process: Entity,
        name: &str,
        lines: &mut Lines<'_>,
    ) {
        let is_stopped =
            world.get::<Paused>(process).is_some() || world.get::<Held>(process).is_some();
        let pause = if is_stopped {
            ("Resume", "resume", "lets it step again")
        } else {
            ("Pause", "pause", "stops its steps")
        };
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            for (label, command, does) in [
                pause,
                ("Step", "step", "lets it make one step, and pauses it"),
                ("Source", "source", "shows the source of its class in the console"),
                ("Inspect", "inspect", "asks its script for its attributes too, in the console"),
            ] {
                let line = format!("{command} {name}");
                if ui.button(label).on_hover_text(format!("{line}: {does}")).clicked() {
                    lines.give(line);
                }
            }
            if ui.button("Kill").on_hover_text(format!("kill {name}: deletes it")).clicked() {
                self.condemned = Some(process);
            }
        });
        if self.condemned == Some(process) {
            let children = family(world, process).len() - 1;
            let whom = match children {
                0 => name.to_owned(),
                1 => format!("{name} and its child"),
                _ => format!("{name} and the {children} below it"),
            };
            ui.horizontal_wrapped(|ui| {
                ui.colored_label(style::WARNING, format!("Kill {whom}?"));
                if ui.button("Yes, kill").clicked() {
                    lines.give(format!("kill {name}"));
                    self.condemned = None;
                }
                if ui.button("No").clicked() {
                    self.condemned = None;
                }
            });
        } else {
            self.condemned = None;
        }
    }

    /// What it was given: priority, interval and policies.
    fn terms(
        &mut self,
        ui: &mut Ui,
        world: &World,
        process: Entity,
        name: &str,
        lines: &mut Lines<'_>,
    ) {
        facts("terms").show(ui, |ui| {
            number_width(ui, 9);
            if let Some(Priority(priority)) = world.get(process) {
                ui.weak("priority").on_hover_text("within a tick the higher one steps first");
                let wanted = self.drafts.whole(ui, "priority", (*priority).into(), INTS);
                if let Some(wanted) = wanted {
                    lines.give(format!("priority {name} {wanted}"));
                }
            }
            if let Some(Interval(interval)) = world.get(process) {
                ui.weak("interval").on_hover_text("seconds between two steps; 0: every tick");
                let wanted = self.drafts.number(ui, "interval", interval.as_secs(), 0.0..=f64::MAX);
                if let Some(wanted) = wanted {
                    lines.give(format!("interval {name} {}", decimal(wanted)));
                }
            }
            ui.end_row();
            let missed = world.get::<Missed>(process).copied().unwrap_or_default();
            ui.weak("if missed").on_hover_text("what becomes of due times that were missed");
            ui.label(missed.name());
            ui.weak("restart").on_hover_text("how often it is started anew after a fault");
            match world.get(process) {
                Some(Restart { limit, within }) => {
                    ui.label(format!("{limit} in {}", span(within.as_secs())));
                }
                None => {
                    ui.label("never");
                }
            }
        });
    }

    fn components(
        &mut self,
        ui: &mut Ui,
        world: &World,
        process: Entity,
        name: &str,
        lines: &mut Lines<'_>,
    ) {
        let registry = world.resource::<ComponentRegistry>();
        let mut shown: Vec<String> = Vec::new();
        for kind in registry.iter().filter(|kind| kind.access.has(world, process)) {
            // As lines write it: whoever has that name first is meant.
            let spelled = kind.name.to_lowercase();
            let is_reached = !shown.contains(&spelled);
            let title = RichText::new(registry.name_of(kind)).color(style::ACCENT);
            CollapsingHeader::new(title)
                .id_salt(("component", registry.name_of(kind)))
                .default_open(true)
                .show(ui, |ui| {
                    if !is_reached {
                        ui.weak(format!("Another component is `{spelled}` in lines."));
                        ui.disable();
                    }
                    let place = format!("{name}.{spelled}");
                    self.fields(ui, world, process, kind, &place, lines);
                })
                .header_response
                .on_hover_text(kind.doc.trim());
            shown.push(spelled);
        }
    }

    fn fields(
        &mut self,
        ui: &mut Ui,
        world: &World,
        process: Entity,
        kind: &ComponentKind,
        place: &str,
        lines: &mut Lines<'_>,
    ) {
        Grid::new("fields").num_columns(2).min_col_width(9.0 * style::LETTER_WIDTH).show(
            ui,
            |ui| {
                number_width(ui, 11);
                for (index, field) in kind.fields.iter().enumerate() {
                    let Some(value) = kind.access.get(world, process, index) else { continue };
                    let help = format!("{}\n{}", field.doc.trim(), field.kind.describe());
                    ui.weak(field.name.as_ref()).on_hover_text(help.trim());
                    let place = format!("{place}.{}", field.name);
                    if let Some(wanted) = self.drafts.field(ui, &place, field.kind, &value) {
                        lines.give(format!("set {place} {wanted}"));
                    }
                    ui.end_row();
                }
            },
        );
    }
}

/// A grid of two pairs in a row: a name and what it is.
fn facts(id: &str) -> Grid {
    Grid::new(id).num_columns(4).min_col_width(9.0 * style::LETTER_WIDTH)
}

/// Gives numbers that are edited the width of so many letters.
fn number_width(ui: &mut Ui, letters: u8) {
    ui.spacing_mut().interact_size.x = f32::from(letters) * style::LETTER_WIDTH;
}

/// Its state and class.
fn head(ui: &mut Ui, world: &World, process: Entity) {
    ui.horizontal_wrapped(|ui| {
        let state = inspect::state(world, process);
        ui.label(RichText::new(state).color(state_color(state)));
        if let Some(Class(class)) = world.get(process) {
            ui.weak("·");
            ui.label(class).on_hover_text("its class");
        }
    });
}

/// Why it is held, with the traceback.
fn fault(ui: &mut Ui, world: &World, process: Entity) {
    let Some(Held(fault)) = world.get(process) else { return };
    ui.colored_label(style::ERROR, &fault.summary);
    if fault.traceback.trim().is_empty() {
        return;
    }
    CollapsingHeader::new("Traceback").default_open(true).show(ui, |ui| {
        ScrollArea::both()
            .id_salt("traceback")
            .min_scrolled_height(TRACEBACK_HEIGHT)
            .max_height(TRACEBACK_HEIGHT)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                let text = RichText::new(fault.traceback.trim_end()).monospace();
                ui.add(egui::Label::new(text).extend());
            });
    });
}

/// Parent and children, as links; the one that is clicked on.
fn relatives(ui: &mut Ui, world: &World, process: Entity) -> Option<Entity> {
    let mut wanted = None;
    let mut link = |ui: &mut Ui, relative: Entity| {
        let Some(name) = world.get::<InstanceName>(relative) else { return };
        if ui.link(name.as_str()).clicked() {
            wanted = Some(relative);
        }
    };
    if let Some(ChildOf(parent)) = world.get(process)
        && world.get::<InstanceName>(*parent).is_some()
    {
        ui.horizontal(|ui| {
            ui.weak("parent");
            link(ui, *parent);
        });
    }
    if let Some(children) = world.get::<Children>(process) {
        ui.horizontal_wrapped(|ui| {
            ui.weak("children");
            for child in children.iter().take(MOST_CHILDREN) {
                link(ui, *child);
            }
            if let Some(more) = children.len().checked_sub(MOST_CHILDREN).filter(|more| *more > 0) {
                ui.weak(format!("and {more} more"));
            }
        });
    }
    wanted
}

/// What it has used.
fn account(ui: &mut Ui, world: &World, process: Entity) {
    let Some(account) = accounting(world, process) else { return };
    let waiting = world.get::<Mailbox>(process).map_or(0, |mailbox| mailbox.waiting().count());
    let figures = [
        ("steps", account.steps.to_string(), "steps made"),
        ("mean", span(account.mean_secs), "mean time of a step"),
        ("last", span(account.last_secs), "time of the last step"),
        ("longest", span(account.max_secs), "time of the longest step"),
        ("late", account.late.to_string(), "steps that waited for a later tick"),
        ("lateness", span(account.lateness_secs), "the longest such wait"),
        ("missed", account.missed.to_string(), "due times passed over"),
        ("faults", account.faults.to_string(), "steps that failed"),
        ("messages", account.messages.to_string(), "messages received"),
        ("mailbox", waiting.to_string(), "messages that wait to be read"),
    ];
    facts("account").show(ui, |ui| {
        for (index, (name, figure, doc)) in figures.iter().enumerate() {
            ui.weak(*name).on_hover_text(*doc);
            let is_bad = *name == "faults" && account.faults > 0;
            let text = RichText::new(figure);
            ui.label(if is_bad { text.color(style::ERROR) } else { text }).on_hover_text(*doc);
            if index % 2 == 1 {
                ui.end_row();
            }
        }
    });
}
