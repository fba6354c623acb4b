//! The run table: what the step phase walks, derived from the components of the processes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use bevy_ecs::entity::{Entity, EntityHashMap};
use bevy_ecs::resource::Resource;

use crate::clock::{Flicks, Now};
use crate::process::{Behaviour, SpawnOrder};

/// What a process's components say about its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) priority: i32,
    pub(super) interval: Flicks,
    pub(super) order: SpawnOrder,
    pub(super) is_active: bool,
}

/// One step that is due.
#[derive(Clone, Copy, Debug)]
pub(super) struct DueStep {
    slot: usize,
    stamp: u64,
    at: Flicks,
    priority: i32,
    order: SpawnOrder,
}

impl DueStep {
    fn key(&self) -> (Reverse<i32>, Flicks, SpawnOrder) {
        (Reverse(self.priority), self.at, self.order)
    }
}

/// A behaviour that was taken out of the table for its step.
pub(super) struct Loan {
    pub(super) slot: usize,
    pub(super) process: Entity,
    pub(super) behaviour: Box<dyn Behaviour>,
    pub(super) dt: f64,
    pub(super) is_started: bool,
}

struct Slot {
    process: Entity,
    /// `None` while it is lent.
    behaviour: Option<Box<dyn Behaviour>>,
    terms: Terms,
    /// Changes with every new due time that is not the old one plus the interval: what was put in
    /// the queue before is void.
    stamp: u64,
    last: Flicks,
    steps: u64,
    /// Whether the behaviour's `start` came to its end.
    is_started: bool,
}

/// The run table of a machine.
#[derive(Default, Resource)]
pub struct Schedule {
    slots: Vec<Option<Slot>>,
    vacant: Vec<usize>,
    slot_of: EntityHashMap<usize>,
    stamps: u64,
    /// Slots of interval zero, with their stamps and the time from which on they are due; in step
    /// order and all valid unless `is_stale`.
    every_tick: Vec<(usize, u64, Flicks)>,
    is_stale: bool,
    /// Due times of all others: due time, slot, stamp.
    queue: BinaryHeap<Reverse<(Flicks, usize, u64)>>,
    spare: Vec<DueStep>,
}

impl Schedule {
    /// When the process was last stepped and how often, or `None` if it was never launched.
    pub fn progress(&self, process: Entity) -> Option<(Flicks, u64)> {
        let slot = *self.slot_of.get(&process)?;
        self.slots[slot].as_ref().map(|slot| (slot.last, slot.steps))
    }

    /// Adds a process that was spawned at `at`; it is first due in the tick after that.
    pub(super) fn add(
        &mut self,
        process: Entity,
        behaviour: Box<dyn Behaviour>,
        terms: Terms,
        at: Now,
    ) {
        if self.slot_of.contains_key(&process) {
            return; // It is launched already, and one behaviour is what a process has.
        }
        let slot = Slot {
            process,
            behaviour: Some(behaviour),
            terms,
            stamp: 0,
            last: at.time(),
            steps: 0,
            is_started: false,
        };
        let index = self.vacant.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.slots[index] = Some(slot);
        self.slot_of.insert(process, index);
        if terms.is_active {
            self.enter(index, first_due(terms, at));
        }
    }

    /// Takes in new terms of a process that is in the table.
    pub(super) fn reschedule(&mut self, process: Entity, terms: Terms, at: Now) {
        let Some(&index) = self.slot_of.get(&process) else { return };
        let Some(slot) = self.slots[index].as_mut() else { return };
        let before = slot.terms;
        if before == terms {
            return;
        }
        slot.terms = terms;
        let is_same_timing =
            before.interval == terms.interval && before.is_active == terms.is_active;
        self.is_stale = true;
        if is_same_timing {
            return;
        }
        if !terms.is_active {
            self.stamps += 1;
            slot.stamp = self.stamps;
            return;
        }
        let due = if before.is_active {
            // A due time in the past would be made up for by a burst nobody asked for.
            (slot.last + terms.interval).max(at.time() + Flicks(1))
        } else {
            slot.last = at.time();
            first_due(terms, at)
        };
        self.enter(index, due);
    }

    /// Puts a slot where it waits for its next step.
    fn enter(&mut self, index: usize, due: Flicks) {
        let Some(slot) = self.slots[index].as_mut() else { return };
        self.stamps += 1;
        slot.stamp = self.stamps;
        if slot.terms.interval == Flicks::ZERO {
            self.every_tick.push((index, slot.stamp, due));
            self.is_stale = true;
        } else {
            self.queue.push(Reverse((due, index, slot.stamp)));
        }
    }

    /// Takes a process out of the table.
    pub(super) fn remove(&mut self, process: Entity) -> Option<Box<dyn Behaviour>> {
        let index = self.slot_of.remove(&process)?;
        let slot = self.slots[index].take()?;
        self.vacant.push(index);
        self.is_stale = true;
        slot.behaviour
    }

    /// The steps that are due at `now`, in order; the queue moves on to the due times after it.
    pub(super) fn take_due(&mut self, now: Flicks) -> Vec<DueStep> {
        let mut due = std::mem::take(&mut self.spare);
        while let Some(Reverse((at, index, stamp))) = self.queue.peek().copied() {
            if at > now {
                break;
            }
            self.queue.pop();
            let slot = self.slots[index].as_ref().filter(|slot| slot.stamp == stamp);
            let Some(slot) = slot else { continue };
            due.push(DueStep::new(index, slot, at));
            self.queue.push(Reverse((at + slot.terms.interval, index, stamp)));
        }
        self.refresh_every_tick();
        if due.is_empty() {
            due.extend(self.due_every_tick(now));
        } else {
            due.sort_unstable_by_key(DueStep::key);
            due.extend(self.due_every_tick(now));
            // Two runs in order, which the stable sort merges in one pass.
            due.sort_by_key(DueStep::key);
        }
        due
    }

    fn due_every_tick(&self, now: Flicks) -> impl Iterator<Item = DueStep> {
        let due = self.every_tick.iter().filter(move |(.., from)| *from <= now);
        due.filter_map(move |&(index, ..)| {
            self.slots[index].as_ref().map(|slot| DueStep::new(index, slot, now))
        })
    }

    fn refresh_every_tick(&mut self) {
        if std::mem::take(&mut self.is_stale) {
            let slots = &self.slots;
            let is_valid = |&(index, stamp, _): &(usize, u64, Flicks)| {
                slots[index].as_ref().is_some_and(|slot| slot.stamp == stamp)
            };
            self.every_tick.retain(is_valid);
            self.every_tick.sort_by_key(|&(index, ..)| {
                slots[index].as_ref().map(|slot| (Reverse(slot.terms.priority), slot.terms.order))
            });
        }
    }

    /// Gives the room of a list of due steps back.
    pub(super) fn recycle(&mut self, mut due: Vec<DueStep>) {
        due.clear();
        self.spare = due;
    }

    /// Lends a behaviour for a due step, unless its process went, was paused, or got new due times
    /// since the step was found due.
    pub(super) fn lend_due(&mut self, due: &DueStep) -> Option<Loan> {
        let slot = self.slots.get_mut(due.slot)?.as_mut()?;
        if slot.stamp != due.stamp {
            return None;
        }
        let behaviour = slot.behaviour.take()?;
        let dt = (due.at - slot.last).as_secs();
        slot.last = due.at;
        slot.steps += 1;
        let (process, is_started) = (slot.process, slot.is_started);
        Some(Loan { slot: due.slot, process, behaviour, dt, is_started })
    }

    /// Lends the behaviour of a process.
    pub(super) fn lend(&mut self, process: Entity) -> Option<Loan> {
        let index = *self.slot_of.get(&process)?;
        let slot = self.slots[index].as_mut()?;
        let behaviour = slot.behaviour.take()?;
        Some(Loan { slot: index, process, behaviour, dt: 0.0, is_started: slot.is_started })
    }

    /// Takes a lent behaviour back, and whether it has started by now.
    pub(super) fn give_back(
        &mut self,
        slot: usize,
        behaviour: Box<dyn Behaviour>,
        is_started: bool,
    ) {
        if let Some(slot) = self.slots[slot].as_mut() {
            slot.behaviour = Some(behaviour);
            slot.is_started = is_started;
        }
    }

    /// When each process that is neither paused nor held is due next, and for every process whether
    /// its behaviour has started.
    pub fn outlook(&self) -> EntityHashMap<(Option<Flicks>, bool)> {
        let queued = self.queue.iter().map(|Reverse((at, index, stamp))| (*index, *stamp, *at));
        let mut due = std::collections::BTreeMap::new();
        due.extend(
            self.every_tick
                .iter()
                .copied()
                .chain(queued)
                .map(|(index, stamp, at)| ((index, stamp), at)),
        );
        let slots = self.slots.iter().enumerate();
        let slots = slots.filter_map(|(index, slot)| Some((index, slot.as_ref()?)));
        slots
            .map(|(index, slot)| {
                (slot.process, (due.get(&(index, slot.stamp)).copied(), slot.is_started))
            })
            .collect()
    }
}

/// When a process that was spawned or resumed at `at` is first due: in the next tick at the latest.
fn first_due(terms: Terms, at: Now) -> Flicks {
    match terms.interval {
        Flicks::ZERO => at.next_time(),
        interval => (at.time() + interval).min(at.next_time()),
    }
}

impl DueStep {
    fn new(index: usize, slot: &Slot, at: Flicks) -> Self {
        let Terms { priority, order, .. } = slot.terms;
        Self { slot: index, stamp: slot.stamp, at, priority, order }
    }
}
