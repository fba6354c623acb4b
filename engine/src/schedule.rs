//! The schedule: who is due, in which order, and the steps themselves.
//!
//! It keeps a run table derived from the components of the processes. Its cost in a tick grows
//! with the processes that are due: those of interval zero stand in a list kept in step order, all
//! others wait in a calendar, and one that is paused, held or waits to be woken is in
//! neither.
//!
//! Within a tick, steps go by priority (the higher first), then due time, then spawn order. Due
//! times never drift: the next is the last due time plus the interval. A process whose interval is
//! shorter than a tick is stepped once for each due time in it.
//!
//! Where ticks take place in real time, steps may use a share of the tick ([`FrameBudget`]). What
//! does not fit waits for the next one, and rises there: see the module `due` for the bound.

mod account;
mod calendar;
mod due;
mod step;
mod table;

use bevy_ecs::entity::{Entity, EntityHashMap};
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use table::{Table, Terms, Wait};

use crate::alert::{self, Level};
use crate::clock::{Flicks, Now};
use crate::memory::pairs;
use crate::process::{
    self, Change, Changes, EndWaiters, Held, Interval, Missed, Paused, Priority, SpawnOrder,
    StepError,
};
use crate::value::Value;

pub(crate) use account::{Account, Accounts};
pub use account::{Accounting, accounting};
pub use step::Row;
pub(crate) use step::{deadline, execute_instructions, run};

/// The run table of a machine. It is out of reach for all others while the schedule itself works
/// with it.
#[derive(Resource)]
pub struct Schedule(Option<Box<Table>>);

/// The share of a tick that its steps may use, above 0 and up to 1. Default: 0.8; the rest is for
/// drawing, sound and the system.
#[derive(Clone, Copy, Debug, PartialEq, Resource)]
pub struct FrameBudget(f64);

impl FrameBudget {
    /// The budget of a share, if it is above 0 and up to 1.
    ///
    /// ```
    /// use metapython_engine::schedule::FrameBudget;
    ///
    /// assert_eq!(FrameBudget::of(0.5).map(FrameBudget::share), Some(0.5));
    /// for share in [0.0, -0.5, 1.1, f64::NAN] {
    ///     assert_eq!(FrameBudget::of(share), None);
    /// }
    /// ```
    ///
    /// There is no other way to one:
    ///
    /// ```compile_fail,E0423
    /// metapython_engine::schedule::FrameBudget(f64::NAN);
    /// ```
    pub fn of(share: f64) -> Option<Self> {
        (share > 0.0 && share <= 1.0).then_some(Self(share))
    }

    /// The share, above 0 and up to 1.
    pub fn share(self) -> f64 {
        self.0
    }
}

impl Default for FrameBudget {
    fn default() -> Self {
        Self(0.8)
    }
}

/// How far a process has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The due time of its last step, or when it was launched.
    pub last: Flicks,
    /// How many steps it has made.
    pub steps: u64,
    /// Whether its behaviour has started.
    pub is_started: bool,
    /// Whether it waits to be woken.
    pub is_waiting: bool,
}

impl Schedule {
    /// How far a process has come, or `None` if it was never launched.
    pub fn progress(&self, process: Entity) -> Option<Progress> {
        let table = self.0.as_ref()?;
        let index = table.find(process)?;
        let slot = &table.slots[index];
        Some(Progress {
            last: slot.last,
            steps: table.slots.shared(index).steps(),
            is_started: slot.is_started,
            is_waiting: slot.wait == Wait::Woken,
        })
    }

    /// When a process was restarted, as far as the limit of its restarts looks back.
    pub fn restarts(&self, process: Entity) -> Vec<Flicks> {
        let found = self.0.as_ref().and_then(|table| Some((table, table.find(process)?)));
        found.map_or_else(Vec::new, |(table, slot)| table.restarts(slot).collect())
    }

    /// When each process is due next that is neither paused nor held, and does not wait for
    /// something that is no time.
    pub fn outlook(&self) -> EntityHashMap<Flicks> {
        self.0.as_ref().map_or_else(EntityHashMap::default, |table| table.outlook())
    }
}

/// Puts a run table and accounts into a world.
pub(crate) fn install(world: &mut World) {
    let (slots, figures) = pairs();
    world.insert_resource(Accounts::new(figures));
    world.insert_resource(Schedule(Some(Box::new(Table::new(slots)))));
}

/// Takes in what changed since the last step: launches, deletions, new terms.
pub(crate) fn settle(world: &mut World) {
    if !world.resource::<Changes>().is_empty() {
        with_table(world, take_in_changes);
    }
}

/// Has what a process does noted from its next step on, for as long as somebody follows it
/// ([`Trace`](crate::inspect::trace::Trace)).
pub(crate) fn follow(world: &mut World, process: Entity) {
    // It may have been launched a moment ago.
    settle(world);
    with_table(world, |_, table| {
        if let Some(slot) = table.find(process) {
            table.slots[slot].is_followed = true;
        }
    });
}

/// The attributes of a process: its state that is not in components. Empty where it has no
/// behaviour, or the schedule is at work.
pub(crate) fn attributes(world: &mut World, process: Entity) -> Vec<(String, Value)> {
    with_table(world, |world, table| {
        let Some(slot) = table.find(process) else { return Vec::new() };
        let mut attributes = Vec::new();
        let read = || {
            attributes = table.slots[slot].behaviour.attributes(world, process);
            Ok(())
        };
        // What cannot be read is not shown.
        let _ = step::guarded(read);
        attributes
    })
    .unwrap_or_default()
}

/// Deletes all processes, and what their ends create, up to a bound: the machine ends.
pub(crate) fn clear(world: &mut World) {
    /// How often processes that create others in their ends are let do so.
    const GENERATIONS: usize = 10;
    for _ in 0..GENERATIONS {
        let processes = process::all(world);
        if processes.is_empty() && world.resource::<Changes>().is_empty() {
            return;
        }
        for process in processes {
            process::delete(world, process);
        }
        settle(world);
    }
}

/// Works with the run table, which is out of the world meanwhile: a behaviour that is stepped has
/// the world for itself, and the table stays where it is. `None` where it is out already.
fn with_table<R>(world: &mut World, act: impl FnOnce(&mut World, &mut Table) -> R) -> Option<R> {
    let mut table = world.resource_mut::<Schedule>().0.take()?;
    let result = act(world, &mut table);
    world.resource_mut::<Schedule>().0 = Some(table);
    Some(result)
}

/// Takes in the changes so far.
///
/// What the end of a deleted process asks for in turn is taken in the next time, so that processes
/// that create each other in their ends keep the machine busy, but never hold it.
fn take_in_changes(world: &mut World, table: &mut Table) {
    for change in world.resource_mut::<Changes>().take() {
        match change {
            Change::Launch { process, mut behaviour, at } => {
                let account = world.get::<Account>(process).copied();
                match (terms(world, process), account) {
                    (Some(terms), Some(account)) => {
                        table.add(process, behaviour, terms, account, at);
                    }
                    _ => end(world, process, behaviour.as_mut()),
                }
            }
            Change::Reschedule { process, at } => {
                if let Some(terms) = terms(world, process) {
                    table.reschedule(process, terms, at);
                }
            }
            Change::Hasten { process } => table.hasten(process, *world.resource::<Now>()),
            Change::Wake { process, due } => {
                table.wake(process, due, *world.resource::<Now>());
            }
            Change::Delete { process } => delete(world, table, process),
            Change::Gone { process, account } => {
                // Somebody took it out of the world without asking.
                if let Some(mut behaviour) = table.remove(process) {
                    end(world, process, behaviour.as_mut());
                }
                world.resource_mut::<Accounts>().close(account);
            }
        }
    }
}

fn delete(world: &mut World, table: &mut Table, process: Entity) {
    if world.get_entity(process).is_err() {
        return;
    }
    let next = world.resource::<Now>().next_time();
    for member in process::family(world, process) {
        if let Some(mut behaviour) = table.remove(member) {
            end(world, member, behaviour.as_mut());
        }
        let waiters = world.get_entity_mut(member).ok().and_then(|mut it| it.take::<EndWaiters>());
        for waiter in waiters.into_iter().flat_map(|waiters| waiters.0) {
            process::wake(world, waiter, next);
        }
        world.resource_mut::<Accounts>().leave(member);
        // One by one: the ECS would take a whole family by recursion, and overflow the stack.
        world.despawn(member);
    }
}

fn end(world: &mut World, process: Entity, behaviour: &mut dyn process::Behaviour) {
    let outcome = step::guarded(|| behaviour.end(world, process));
    if let Err(StepError::Fault(fault)) = outcome {
        let name = process::instance_name(world, process);
        let text = format!("its end failed: {}", fault.report());
        alert::raise(world, &name, Level::Error, text);
    }
}

fn terms(world: &World, process: Entity) -> Option<Terms> {
    let entity = world.get_entity(process).ok()?;
    Some(Terms {
        priority: entity.get::<Priority>()?.0,
        interval: entity.get::<Interval>()?.0,
        missed: *entity.get::<Missed>()?,
        order: *entity.get::<SpawnOrder>()?,
        is_active: !entity.contains::<Paused>() && !entity.contains::<Held>(),
    })
}

#[cfg(test)]
mod tests;
