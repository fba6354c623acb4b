//! The processes of a living world as those of a scene.

use std::collections::BTreeMap;

use bevy_ecs::entity::{Entity, EntityHashSet};
use bevy_ecs::hierarchy::ChildOf;
use bevy_ecs::world::World;

use super::{Located, SceneComponent, SceneProcess};
use crate::audio::Captures;
use crate::component::{ComponentKind, ComponentRegistry, Object};
use crate::input::{Hotkeys, Listener, Wishes};
use crate::message::Mailbox;
use crate::process::{
    self, Class, Held, Interval, Missed, Paused, Priority, Restart, StartedBefore, instance_name,
};
use crate::render::Canvas;
use crate::schedule::Schedule;
use crate::value::Value;

/// Tells what only scripts know of processes that are to be saved.
pub trait Chronicler {
    /// What a process is besides its terms and components.
    ///
    /// # Errors
    /// Why it cannot be in a scene.
    fn describe(&mut self, world: &mut World, process: Entity) -> Result<Description, String>;

    /// What a field holds that the engine does not understand, as plain data that a scene gives back
    /// the same; `None` if there is no such.
    fn plain(&mut self, world: &mut World, object: &Object) -> Option<Value>;
}

/// What a process is besides its terms and components.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    /// Its attributes.
    pub attributes: Vec<(String, Value)>,
    /// Whether they are all that it needs to go on as it is; otherwise its class makes it anew.
    pub goes_on: bool,
    /// What is left out of it, or else to be known: a sentence each.
    pub notes: Vec<String>,
}

/// What a scene leaves out: what is to be said of it, with how many processes of which class it is
/// about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Omissions(BTreeMap<(String, String), u64>);

impl Omissions {
    fn add(&mut self, class: &str, note: String) {
        *self.0.entry((class.to_owned(), note)).or_default() += 1;
    }

    /// A line for each thing that is left out, `most` at most, and one for the rest.
    pub fn lines(&self, most: usize) -> Vec<String> {
        let line = |((class, note), count): (&(String, String), &u64)| match count {
            1 => format!("{class}: {note}"),
            count => format!("{class} ({count} of them): {note}"),
        };
        let mut lines: Vec<_> = self.0.iter().take(most).map(line).collect();
        let rest = self.0.len() - lines.len();
        lines.extend((rest > 0).then(|| format!("... and {rest} more of the kind")));
        lines
    }
}

/// How deep children stand within their parents: as deep as somebody would read. Those of deeper ones
/// name their parent instead.
const NESTED: usize = 8;

/// The processes of a world in the order of their spawning, and what cannot be said of them.
///
/// Children stand within their parents where that keeps the order, and otherwise after them. A process
/// that cannot be in a scene is left out with its children.
pub fn record(
    world: &mut World,
    chronicler: &mut dyn Chronicler,
) -> (Vec<SceneProcess>, Omissions) {
    let mut omissions = Omissions::default();
    let kinds: Vec<_> = world.resource::<ComponentRegistry>().iter().cloned().collect();
    let mut told = Vec::new();
    let mut left_out = EntityHashSet::default();
    for process in process::all(world) {
        let class = class(world, process);
        let mut notes = Vec::new();
        match describe(world, chronicler, &kinds, process, &mut notes) {
            Ok(request) => told.push((process, request)),
            Err(reason) => {
                left_out.insert(process);
                notes = vec![format!("left out, with its children: {reason}")];
            }
        }
        notes.into_iter().for_each(|note| omissions.add(&class, note));
    }
    leave_out_children(world, &mut told, &mut left_out);
    let mut nest = Nest::default();
    for (process, request) in told {
        let parent = world.get::<ChildOf>(process).map(|child| child.0);
        let name = parent.map(|parent| instance_name(world, parent));
        nest.put(process, request, parent.zip(name));
    }
    (nest.finish(), omissions)
}

/// Leaves out those whose parents are: they would be deleted with them.
fn leave_out_children(
    world: &World,
    told: &mut Vec<(Entity, SceneProcess)>,
    left_out: &mut EntityHashSet,
) {
    // Mostly once, as children come after their parents, unless they have been adopted.
    let mut is_changed = !left_out.is_empty();
    while is_changed {
        let before = told.len();
        told.retain(|(process, _)| {
            let parent = world.get::<ChildOf>(*process).map(|child| child.0);
            let stays = parent.is_none_or(|parent| !left_out.contains(&parent));
            if !stays {
                left_out.insert(*process);
            }
            stays
        });
        is_changed = told.len() < before;
    }
}

fn class(world: &World, process: Entity) -> String {
    world.get::<Class>(process).map_or_else(String::new, |class| class.0.clone())
}

/// A process without its children and its parent.
fn describe(
    world: &mut World,
    chronicler: &mut dyn Chronicler,
    kinds: &[ComponentKind],
    process: Entity,
    notes: &mut Vec<String>,
) -> Result<SceneProcess, String> {
    let told = chronicler.describe(world, process)?;
    notes.extend(told.notes);
    let mut components = Vec::new();
    for kind in kinds.iter().filter(|kind| kind.access.has(world, process)).collect::<Vec<_>>() {
        components.push(component(world, chronicler, kind, process, notes));
    }
    let is_held = world.get::<Held>(process).is_some();
    if is_held {
        notes.push("held by a fault, and saved as paused".to_owned());
    }
    if let Some(Listener { kinds, .. }) = world.get(process) {
        let kinds: Vec<_> = kinds.names().collect();
        notes.push(format!(
            "that it hears of events is left out: input.send_to of {}",
            kinds.join(", ")
        ));
    }
    if world.resource::<Wishes>().wants_text(process) {
        notes.push("that it asks for text is left out: input.ask_for_text".to_owned());
    }
    if world.get::<Canvas>(process).is_some() {
        notes.push("what was drawn on its Canvas is left out: keep it by canvas.save".to_owned());
    }
    if world.resource::<Captures>().has_receiver(process) {
        notes.push("what is heard for it is left out: sound.capture with to".to_owned());
    }
    let progress = world.resource::<Schedule>().progress(process);
    let is_started = progress.is_some_and(|progress| progress.is_started)
        || world.get::<StartedBefore>(process).is_some();
    let attributes = told.attributes.into_iter();
    Ok(SceneProcess {
        class: Located::nowhere(class(world, process)),
        name: Some(Located::nowhere(instance_name(world, process))),
        priority: world.get::<Priority>(process).map(|priority| priority.0),
        interval: world.get::<Interval>(process).map(|interval| interval.0.as_secs()),
        missed: world.get::<Missed>(process).copied(),
        restart: Some(world.get::<Restart>(process).copied()),
        memory_size: world.get::<Mailbox>(process).map(Mailbox::capacity),
        hotkeys: world.get::<Hotkeys>(process).map(|hotkeys| hotkeys.0.clone()),
        paused: is_held || world.get::<Paused>(process).is_some(),
        started: told.goes_on.then_some(is_started),
        parent: None,
        components,
        attributes: attributes.map(|(name, value)| (Located::nowhere(name), value)).collect(),
        children: Vec::new(),
    })
}

/// A component with all of its fields, so that it is the same whatever becomes of its defaults.
fn component(
    world: &mut World,
    chronicler: &mut dyn Chronicler,
    kind: &ComponentKind,
    process: Entity,
    notes: &mut Vec<String>,
) -> SceneComponent {
    let name = world.resource::<ComponentRegistry>().name_of(kind);
    let mut fields = Vec::new();
    for (index, field) in kind.fields.iter().enumerate() {
        let value = match kind.access.get(world, process, index).unwrap_or_default() {
            Value::Object(object) => chronicler.plain(world, &object),
            // A number that no field takes may have come into it by way of an array.
            value => kind.access.settle(index, &value).is_ok().then_some(value),
        };
        match value {
            Some(value) => fields.push((Located::nowhere(field.name.to_string()), value)),
            None => notes.push(format!(
                "the field {} of its {name} is left out: it holds what no scene can say",
                field.name
            )),
        }
    }
    SceneComponent { name: Located::nowhere(name), fields }
}

/// Puts processes into those that they are children of.
#[derive(Default)]
struct Nest {
    /// The process that came last, within those that it stands in.
    open: Vec<(Entity, SceneProcess)>,
    roots: Vec<SceneProcess>,
}

impl Nest {
    /// Puts the next process behind all others, below its parent if that is still open.
    fn put(&mut self, process: Entity, request: SceneProcess, parent: Option<(Entity, String)>) {
        let below = parent.as_ref().and_then(|(parent, _)| {
            let position = self.open.iter().take(NESTED).position(|(open, _)| open == parent);
            position.map(|position| position + 1)
        });
        self.close(below.unwrap_or(0));
        let parent = parent.filter(|_| below.is_none()).map(|(_, name)| Located::nowhere(name));
        self.open.push((process, SceneProcess { parent, ..request }));
    }

    /// Closes all but the first processes that are open.
    fn close(&mut self, kept: usize) {
        while self.open.len() > kept
            && let Some((_, closed)) = self.open.pop()
        {
            let siblings = self.open.last_mut().map(|(_, parent)| &mut parent.children);
            siblings.unwrap_or(&mut self.roots).push(closed);
        }
    }

    fn finish(mut self) -> Vec<SceneProcess> {
        self.close(0);
        self.roots
    }
}

#[cfg(test)]
mod tests;
