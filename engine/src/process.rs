//! Processes: their components, names and lifecycle.
//!
//! A process is an entity with a unique name, a [`Priority`], an [`Interval`] and a [`Behaviour`].
//! Those components are the truth; the schedule derives its run table from them. Whatever changes
//! who is due is written down as a `Change` by a component hook and taken in by the schedule
//! between two steps, so a step never pulls the table from under itself.

mod behaviour;
mod change;
mod mark;
mod name;

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::{ChildOf, Children};
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use thiserror::Error;

pub use behaviour::{Argument, Arguments, Behaviour, Fault, FaultKind, Step, StepError};
pub(crate) use change::{Change, Changes};
pub use mark::{Mark, StandIns};
pub use name::{InstanceName, NameError, Names};

use crate::alert::{self, Level};
use crate::clock::{Flicks, Now};
use crate::message::Mailbox;

/// Which process steps first in a tick: the higher one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Component)]
#[component(immutable, on_insert = change::rescheduled)]
pub struct Priority(pub i32);

/// The simulation time between two steps; zero means every tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Component)]
#[component(immutable, on_insert = change::rescheduled)]
pub struct Interval(pub Flicks);

impl Interval {
    /// The shortest interval but zero, seconds: 100,000 steps a second are more than any process
    /// can make, and bound what one tick can ask for.
    pub const MIN_SECS: f64 = 1e-5;

    /// An interval of `secs` seconds.
    ///
    /// # Errors
    /// [`ProcessError::Interval`] unless it is zero or from [`MIN_SECS`](Self::MIN_SECS) to
    /// [`Flicks::MAX_SECS`].
    pub fn from_secs(secs: f64) -> Result<Self, ProcessError> {
        match Flicks::from_secs(secs) {
            Ok(interval) if secs == 0.0 || secs >= Self::MIN_SECS => Ok(Self(interval)),
            _ => Err(ProcessError::Interval(secs)),
        }
    }
}

/// The class of a process, as scenes write it: `pong.Ball`.
#[derive(Clone, Debug, PartialEq, Eq, Component)]
pub struct Class(pub String);

/// The position of a process in the order of spawning: the last word where order would be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Component)]
pub struct SpawnOrder(pub u64);

/// Marks a process whose steps somebody stopped, until it is resumed.
#[derive(Clone, Copy, Debug, Default, Component)]
#[component(on_add = change::rescheduled, on_remove = change::rescheduled)]
pub struct Paused;

/// Marks a process that is held because a step failed, until it is resumed.
#[derive(Clone, Debug, Component)]
#[component(on_add = change::rescheduled, on_remove = change::rescheduled)]
pub struct Held(pub Fault);

/// Counts spawned processes.
#[derive(Debug, Default, Resource)]
pub(crate) struct SpawnCounter(u64);

impl SpawnCounter {
    /// How many processes were spawned so far.
    pub(crate) fn count(&self) -> u64 {
        self.0
    }
}

/// What a new process is made of, besides its behaviour.
#[derive(Clone, Debug)]
pub struct NewProcess<'a> {
    /// Its class, with the module: `pong.Ball`.
    pub class: &'a str,
    /// The name it must have; otherwise one is made from the class: `Ball`, `Ball1`, `Ball2`.
    pub name: Option<&'a str>,
    /// Higher steps first.
    pub priority: i32,
    /// The time between two steps.
    pub interval: Interval,
    /// The process whose deletion deletes this one too.
    pub parent: Option<Entity>,
}

/// What went wrong with a process that somebody asked for.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ProcessError {
    /// The name is taken or no name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The interval is none.
    #[error(
        "an interval is 0 (every tick) or from {min} to {max} seconds, not {0:?}",
        min = Interval::MIN_SECS, max = Flicks::MAX_SECS
    )]
    Interval(f64),
    /// The parent is gone.
    #[error("the parent of the new process is deleted")]
    ParentDeleted,
}

/// Makes a process that is not scheduled yet: its components can be set before [`launch`].
///
/// # Errors
/// [`ProcessError`] if the name is taken or empty, or the parent is gone.
pub fn spawn(world: &mut World, new: &NewProcess<'_>) -> Result<Entity, ProcessError> {
    if new.parent.is_some_and(|parent| world.get_entity(parent).is_err()) {
        return Err(ProcessError::ParentDeleted);
    }
    let are_stand_ins = world.resource::<StandIns>().0;
    let mut names = world.resource_mut::<Names>();
    let asked = new.name.filter(|name| !(are_stand_ins && names.get(name).is_some()));
    let name = names.choose(asked, new.class)?;
    let mut counter = world.resource_mut::<SpawnCounter>();
    let order = SpawnOrder(counter.0);
    counter.0 += 1;
    let mut entity = world.spawn((
        name,
        order,
        Class(new.class.to_owned()),
        Priority(new.priority),
        new.interval,
        Mailbox::default(),
    ));
    if let Some(parent) = new.parent {
        entity.insert(ChildOf(parent));
    }
    Ok(entity.id())
}

/// Schedules a spawned process: it is first stepped in the next tick.
pub fn launch(world: &mut World, process: Entity, behaviour: Box<dyn Behaviour>) {
    let at = *world.resource::<Now>();
    world.resource_mut::<Changes>().push(Change::Launch { process, behaviour, at });
}

/// Asks for the deletion of a process and its children; it takes effect after the step that asked.
pub fn delete(world: &mut World, process: Entity) {
    world.resource_mut::<Changes>().push(Change::Delete { process });
}

/// Takes a process that was never launched out of the world at once: its name is free again. The
/// children that it has by now are deleted as [`delete`] does.
pub fn discard(world: &mut World, process: Entity) {
    let Ok(mut entity) = world.get_entity_mut(process) else { return };
    let children: Vec<_> =
        entity.get::<Children>().into_iter().flat_map(|list| list.iter().copied()).collect();
    entity.remove::<Children>();
    for child in children {
        delete(world, child);
    }
    world.despawn(process);
}

/// Stops the steps of a process until it is resumed. A process that is gone is left alone.
pub fn pause(world: &mut World, process: Entity) {
    if let Ok(mut entity) = world.get_entity_mut(process) {
        entity.insert(Paused);
    }
}

/// Lets a paused or held process step again, from the next tick on.
pub fn resume(world: &mut World, process: Entity) {
    if let Ok(mut entity) = world.get_entity_mut(process) {
        entity.remove::<(Paused, Held)>();
    }
}

/// Holds a process because a step failed, and says so.
pub fn hold(world: &mut World, process: Entity, fault: Fault) {
    let name = instance_name(world, process);
    alert::raise(world, &name, Level::Error, format!("held: {}", fault.report()));
    if let Ok(mut entity) = world.get_entity_mut(process) {
        entity.insert(Held(fault));
    }
}

/// The instance name of a process, or a stand-in for one that is gone.
pub fn instance_name(world: &World, process: Entity) -> String {
    world
        .get::<InstanceName>(process)
        .map_or_else(|| "(deleted process)".to_owned(), |name| name.as_str().to_owned())
}

/// All processes, in the order of their spawning.
pub fn all(world: &World) -> Vec<Entity> {
    let mut processes: Vec<_> = world
        .resource::<Names>()
        .iter()
        .filter_map(|(_, entity)| Some((*world.get::<SpawnOrder>(entity)?, entity)))
        .collect();
    processes.sort_unstable_by_key(|(order, _)| *order);
    processes.into_iter().map(|(_, entity)| entity).collect()
}

/// A process and its descendants, children before their parents.
pub(crate) fn family(world: &World, process: Entity) -> Vec<Entity> {
    let mut members = vec![process];
    let mut next = 0;
    while let Some(&member) = members.get(next) {
        if let Some(children) = world.get::<Children>(member) {
            members.extend(children.iter());
        }
        next += 1;
    }
    members.reverse();
    members
}

/// Puts into the world what processes need.
pub(crate) fn install(world: &mut World) {
    world.init_resource::<Names>();
    world.init_resource::<Changes>();
    world.init_resource::<SpawnCounter>();
    world.init_resource::<StandIns>();
}
