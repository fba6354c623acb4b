//! Widgets: what processes draw in their steps, and what the user does with it.
//!
//! Processes say in each step what is to be seen, and it stays so until their next one ([`Panels`]).
//! What that is, is plain data ([`Tree`]). A [`Toolkit`] shows it; in the input phase, behind what
//! lies over all of it and before the world sees the rest, it gets what the user did, and makes
//! of it what it means: [`Response`]s, which are events of the tick as any other. What a process
//! sees is therefore recorded input, and the same with a window or without.
//!
//! After the steps `settle` ends what was drawn in the tick. Knows no toolkit.

mod draft;
mod id;
mod plot;
mod port;
mod response;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use serde::{Deserialize, Serialize};

pub use draft::{MAX_LABEL, MAX_NODES, MAX_TEXT, Opened};
pub use id::WidgetId;
pub use plot::{MAX_POINTS, Plot, PlotStyle, Series};
pub use port::{NoToolkit, Toolkit};
pub use response::{Answer, Answers, Response};
pub use table::{Column, FIRST_ROWS, Row, Rows, Sort, Table, told};
pub use tree::{
    ButtonKind, FieldKind, ImageKind, Kind, LabelKind, Node, NumberKind, OptionsStyle, Side,
    SideKind, Tree, WindowKind,
};

use crate::alert::{self, Level};
use crate::input::InputEvent;
use crate::process::{SpawnOrder, instance_name};
use crate::value::Value;
use draft::Draft;

/// What the panels of all processes have of the user's devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wants {
    /// Whether the mouse is over one, or was pressed there and is held.
    pub mouse: bool,
    /// Whether keys go to a widget: a text is edited.
    pub keyboard: bool,
}

/// How widgets look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Light letters on a dark ground.
    #[default]
    Dark,
    /// Dark letters on a light ground.
    Light,
}

/// What processes have drawn.
#[derive(Debug, Default, Resource)]
pub struct Panels {
    panels: BTreeMap<PanelKey, Panel>,
    /// Another number whenever they may look different.
    pub revision: u64,
    /// What they have of the user's devices, as of this tick.
    pub wants: Wants,
    /// How they look.
    pub theme: Theme,
}

/// Panels of older processes come first.
type PanelKey = (SpawnOrder, Entity);

/// What a process has drawn.
#[derive(Debug, Default)]
pub struct Panel {
    name: String,
    tree: Tree,
    draft: Draft,
    answers: Answers,
    /// Which step draws.
    step: Option<u64>,
    /// How many steps the process had made before the one that drew last.
    steps: u64,
    /// Whether what was drawn is to be ended.
    is_drawn: bool,
    /// Whether a widget was asked for what the user did with it.
    was_asked: bool,
    /// Whether it was told that there is too much of it.
    has_excess: bool,
    /// The window of what is drawn outside of all others, while it is open.
    own: Option<Opened>,
}

impl Panels {
    /// Them all, those of older processes first.
    pub fn iter(&self) -> impl Iterator<Item = &Panel> {
        self.panels.values().filter(|panel| !panel.tree.nodes.is_empty())
    }

    /// Takes in an event, if it is one of widgets. Of a process that has gone since, there is nothing to
    /// take in.
    fn apply(&mut self, event: &InputEvent) {
        match event {
            InputEvent::Widgets { wants } => self.wants = *wants,
            InputEvent::Widget { process, widget, response } => {
                let panel = self.panels.values_mut().find(|panel| panel.name == *process);
                panel
                    .into_iter()
                    .for_each(|panel| panel.answers.take_in(*widget, response.clone()));
            }
            _ => {}
        }
    }
}

/// What the user has done that processes have still to ask for, as plain data: state that outlasts a tick.
pub(crate) fn describe(world: &World) -> Option<Value> {
    let panels = world.resource::<Panels>();
    let answers = panels.panels.values().flat_map(|panel| {
        let process = Value::Str(panel.name.clone());
        let tell = move |(widget, answer): (WidgetId, &Answer)| {
            let answer = Value::Str(format!("{answer:?}"));
            Value::List(vec![process.clone(), Value::Int(widget.0.cast_signed()), answer])
        };
        panel.answers.iter().map(tell)
    });
    let Wants { mouse, keyboard } = panels.wants;
    let wants = Value::List(vec![Value::Bool(mouse), Value::Bool(keyboard)]);
    let is_used = !panels.panels.is_empty() || panels.wants != Wants::default();
    is_used.then(|| Value::List(std::iter::once(wants).chain(answers).collect()))
}

/// Takes in what the user did with widgets in this tick.
pub(crate) fn take_in(world: &mut World, events: &[InputEvent]) {
    let mut panels = world.resource_mut::<Panels>();
    events.iter().for_each(|event| panels.apply(event));
}

/// What a process draws, in a step of it: `step` is another number for each. The first call in a step
/// begins anew. `None` if there is no such process.
pub fn panel(world: &mut World, process: Entity, step: u64) -> Option<&mut Panel> {
    let order = *world.get::<SpawnOrder>(process)?;
    let key = (order, process);
    let is_known =
        world.resource::<Panels>().panels.get(&key).is_some_and(|panel| panel.step == Some(step));
    if !is_known {
        let name = instance_name(world, process);
        let steps = steps(world, process);
        let panel = world.resource_mut::<Panels>().into_inner().panels.entry(key).or_default();
        if panel.is_drawn {
            // A step before, in the same tick.
            panel.forget_unasked();
        }
        panel.draft.begin();
        (panel.name, panel.step, panel.steps) = (name, Some(step), steps);
        (panel.is_drawn, panel.own) = (true, None);
    }
    world.resource_mut::<Panels>().into_inner().panels.get_mut(&key)
}

/// How many steps a process has made.
fn steps(world: &World, process: Entity) -> u64 {
    crate::schedule::accounting(world, process).map_or(0, |accounting| accounting.steps)
}

/// After the steps of a tick: what was drawn is what is seen; what a step has not drawn any more, and
/// what belonged to a process that has gone, goes.
pub(crate) fn settle(world: &mut World) {
    if world.resource::<Panels>().panels.is_empty() {
        return;
    }
    let mut panels = std::mem::take(&mut world.resource_mut::<Panels>().panels);
    let count = panels.len();
    panels.retain(|(_, process), panel| {
        // The one that drew is counted when it has ended.
        world.get_entity(*process).is_ok() && steps(world, *process) <= panel.steps + 1
    });
    let mut is_new = panels.len() != count;
    for panel in panels.values_mut().filter(|panel| panel.is_drawn) {
        is_new |= panel.finish();
        let excess = panel.draft.excess;
        if let (Some(excess), false) = (excess, panel.has_excess) {
            let text = format!(
                "draws more than {excess}; the rest is not shown: draw only what is to be seen"
            );
            alert::raise(world, &panel.name, Level::Error, text);
        }
        panel.has_excess = excess.is_some();
    }
    let mut resource = world.resource_mut::<Panels>();
    resource.panels = panels;
    resource.revision += u64::from(is_new);
}

impl Panel {
    /// The process that draws it.
    pub fn process(&self) -> &str {
        &self.name
    }

    /// What is to be seen.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// What the user did with a widget since its process last asked.
    pub fn answer(&self, widget: WidgetId) -> Option<&Answer> {
        self.answers.get(widget)
    }

    /// What the user did with each widget.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The widget that is called `name` at this place, to be drawn next. Outside of all containers, a
    /// window that is called as the process is opened first.
    pub fn name(&mut self, name: &str) -> WidgetId {
        if self.draft.depth() == 0 {
            let window = WindowKind {
                title: self.name.clone(),
                place: [None; 2],
                size: [None; 2],
                is_movable: true,
                is_resizable: false,
                is_closable: false,
                has_title: true,
                has_frame: true,
            };
            let id = self.draft.name(&window.title);
            self.own = Some(self.open(id, Kind::Window(window), true));
        }
        self.draft.name(name)
    }

    /// As [`name`](Self::name), for a container that stands in the scene by itself.
    pub fn name_apart(&mut self, name: &str) -> WidgetId {
        if self.draft.depth() == 1
            && let Some(own) = self.own.take()
        {
            self.close(own);
        }
        self.draft.name(name)
    }

    /// Draws a widget, of which something may be said while the mouse rests on it.
    pub fn add(&mut self, id: WidgetId, kind: Kind, tooltip: String, is_enabled: bool) {
        self.draft.add(Node { tooltip, is_enabled, ..node(id, kind) });
    }

    /// Opens a container. Where `names` is set, it is part of the names of what is in it.
    pub fn open(&mut self, id: WidgetId, kind: Kind, names: bool) -> Opened {
        self.draft.open(node(id, kind), names)
    }

    /// Opens a container that is not seen now, nor what is in it.
    pub fn open_hidden(&mut self, id: WidgetId) -> Opened {
        self.draft.open_hidden(id)
    }

    /// Closes a container, and those in it that were left open.
    pub fn close(&mut self, opened: Opened) {
        self.draft.close(opened);
    }

    /// What the user did with a widget since the last step, if anything, to be asked.
    pub fn ask(&mut self, widget: WidgetId) -> Option<&mut Answer> {
        let answer = self.answers.get_mut(widget);
        // What is asked for here may be shown otherwise.
        self.was_asked |= answer.is_some();
        answer
    }

    /// Ends what was drawn; whether it may look different.
    fn finish(&mut self) -> bool {
        self.draft.finish();
        self.is_drawn = false;
        self.forget_unasked();
        let is_new = self.tree != self.draft.tree;
        if is_new {
            std::mem::swap(&mut self.tree, &mut self.draft.tree);
        }
        std::mem::take(&mut self.was_asked) || is_new
    }

    /// What the user did with widgets that are no more is nobody's.
    fn forget_unasked(&mut self) {
        let there: BTreeSet<WidgetId> = self.draft.tree.nodes.iter().map(|node| node.id).collect();
        self.answers.keep(|widget| there.contains(&widget));
    }
}

fn node(id: WidgetId, kind: Kind) -> Node {
    Node { id, kind, end: 0, tooltip: String::new(), is_enabled: true }
}
