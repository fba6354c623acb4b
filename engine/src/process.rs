//! Processes: their components, names and lifecycle.
//!
//! A process is an entity with a unique name, a [`Priority`], an [`Interval`] and a [`Behaviour`].
//! Those components are the truth; the schedule derives its run table from them. Whatever changes
//! who is due is written down as a `Change` by a component hook and taken in by the schedule
//! between two steps, so a step never pulls the table from under itself.

mod behaviour;
mod change;
mod class;
mod mark;
mod name;
mod prefix;
mod terms;

use std::fmt;

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::{ChildOf, Children};
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use thiserror::Error;

pub use behaviour::{
    Behaviour, BoxedParcel, Fault, FaultKind, Next, Parcel, Step, StepError, StepsInARow,
};
pub(crate) use change::{Change, Changes};
pub use class::{Class, Classes};
pub use mark::{Mark, StandIns};
pub use name::{InstanceName, NameError, Names};
pub use terms::{Interval, Missed, Priority, Restart};

use crate::alert::{self, Level};
use crate::clock::{Flicks, Now};
use crate::message::{DEFAULT_MEMORY_SIZE, Mailbox};
use crate::schedule::{self, Accounts};
pub use crate::schedule::{Accounting, accounting};

/// The position of a process in the order of spawning: the last word where order would be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Component)]
pub struct SpawnOrder(pub u64);

/// Marks a process whose steps somebody stopped, until it is resumed.
#[derive(Clone, Copy, Debug, Default, Component)]
#[component(on_add = change::rescheduled, on_remove = change::rescheduled)]
pub struct Paused;

/// Marks a process that goes on as it was saved, after its start: its behaviour has none to make.
#[derive(Clone, Copy, Debug, Default, Component)]
pub struct StartedBefore;

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
    /// What becomes of due times that pass while a step waits.
    pub missed: Missed,
    /// Whether it goes on after a fault; otherwise it is held.
    pub restart: Option<Restart>,
    /// What its mailbox holds, bytes.
    pub memory_size: usize,
    /// The process whose deletion deletes this one too.
    pub parent: Option<Entity>,
}

impl<'a> NewProcess<'a> {
    /// A process of a class, stepped every tick, with the terms that are usual.
    pub fn of(class: &'a str) -> Self {
        Self {
            class,
            name: None,
            priority: 0,
            interval: Interval::default(),
            missed: Missed::default(),
            restart: None,
            memory_size: DEFAULT_MEMORY_SIZE,
            parent: None,
        }
    }
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
    #[error("the parent of the new process is deleted; give it another one, or none")]
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
    let account = world.resource_mut::<Accounts>().open();
    let mut entity = world.spawn((
        name,
        order,
        Class(new.class.to_owned()),
        Priority(new.priority),
        new.interval,
        new.missed,
        Mailbox::new(new.memory_size),
        account,
    ));
    if let Some(restart) = new.restart {
        entity.insert(restart);
    }
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

/// Has a process stepped in this tick, or in the next one where it has had a step in this one, that
/// would be later: its interval or its sleep ends now, and the due times after it are counted from there.
/// One that is paused or held, or waits to be woken, is left alone.
pub(crate) fn hasten(world: &mut World, process: Entity) {
    world.resource_mut::<Changes>().push(Change::Hasten { process });
}

/// Has a process that waits ([`Next::Woken`]) stepped at the simulation time `due` or soon after. One
/// that does not wait is left alone.
pub fn wake(world: &mut World, process: Entity, due: Flicks) {
    world.resource_mut::<Changes>().push(Change::Wake { process, due });
}

/// Has `waiter` woken when `process` is deleted. It counts as waiting for that until
/// [`stop_awaiting_end`].
///
/// # Errors
/// [`EndlessWait`] if that would wait, itself or by way of others, for the end of `waiter`.
pub fn wake_at_end(world: &mut World, process: Entity, waiter: Entity) -> Result<(), EndlessWait> {
    let mut circle = vec![process];
    while let Some(&last) = circle.last()
        && last != waiter
        && let Some(&AwaitedEnd(next)) = world.get::<AwaitedEnd>(last)
    {
        circle.push(next);
    }
    if circle.last() == Some(&waiter) {
        return Err(EndlessWait(circle.into_iter().map(|it| instance_name(world, it)).collect()));
    }
    if let Ok(mut entity) = world.get_entity_mut(process) {
        entity.entry::<EndWaiters>().or_default().get_mut().0.push(waiter);
        if let Ok(mut waiter) = world.get_entity_mut(waiter) {
            waiter.insert(AwaitedEnd(process));
        }
    }
    Ok(())
}

/// Says that a process does not wait for the end of another one any more.
pub fn stop_awaiting_end(world: &mut World, waiter: Entity) {
    if let Ok(mut waiter) = world.get_entity_mut(waiter) {
        waiter.remove::<AwaitedEnd>();
    }
}

/// A process that would wait for its own end: the names of those that wait for each other, itself
/// last.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub struct EndlessWait(pub Vec<String>);

impl fmt::Display for EndlessWait {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((waiter, others)) = self.0.split_last() else { return Ok(()) };
        let Some((first, between)) = others.split_first() else {
            return write!(out, "{waiter} cannot await its own end: it would wait for ever");
        };
        write!(out, "{waiter} cannot await the end of {first}, which awaits the end of ")?;
        between.iter().try_for_each(|name| write!(out, "{name}, which awaits the end of "))?;
        write!(out, "{waiter}: all of them would wait for ever")
    }
}

/// Whose end a process waits for. In a chain of these nobody comes twice.
#[derive(Clone, Copy, Debug, Component)]
struct AwaitedEnd(Entity);

/// Those who wait for the end of a process.
#[derive(Debug, Default, Component)]
pub(crate) struct EndWaiters(pub(crate) Vec<Entity>);

/// Holds a process because a step failed, and says so.
pub(crate) fn hold(world: &mut World, process: Entity, fault: Fault) {
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
        .entities()
        .filter_map(|entity| Some((*world.get::<SpawnOrder>(entity)?, entity)))
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
    world.init_resource::<Classes>();
    world.init_resource::<Changes>();
    world.init_resource::<SpawnCounter>();
    world.init_resource::<StandIns>();
    schedule::install(world);
}
