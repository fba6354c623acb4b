//! The run table: what the step phase walks, derived from the components of the processes.

use std::cmp::Reverse;
use std::collections::VecDeque;

use bevy_ecs::entity::{Entity, EntityHashMap};

use super::account::{Account, Figures};
use super::calendar::{Calendar, Entry};
use super::due::DueList;
use crate::clock::{Flicks, Now};
use crate::memory::{Owner, prefetch};
use crate::process::{Behaviour, Missed, Next, Restart, SpawnOrder, Step, StepError, StepsInARow};

/// What a process's components say about its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) priority: i32,
    pub(super) interval: Flicks,
    pub(super) missed: Missed,
    pub(super) order: SpawnOrder,
    pub(super) is_active: bool,
}

/// What a process waits for between two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Its next due time, by its interval.
    Interval,
    /// A time that it chose itself.
    Until,
    /// Somebody who wakes it, or the time that it chose at the latest.
    Woken,
}

/// A place in the table, of a process or vacant. It is what a step touches, and fits into one cache
/// line.
#[repr(C, align(64))]
pub(super) struct Slot {
    pub(super) behaviour: Box<dyn Behaviour>,
    pub(super) process: Entity,
    /// The due time of the last step, or when there was none yet.
    pub(super) last: Flicks,
    pub(super) interval: Flicks,
    pub(super) order: SpawnOrder,
    /// Changes with every new due time that is not the old one plus the interval, and when the
    /// process goes: what was entered before is void. The same number comes again after four
    /// billion changes, and no entry lives so long.
    pub(super) stamp: u32,
    pub(super) priority: i32,
    pub(super) missed: Missed,
    pub(super) wait: Wait,
    /// Whether the behaviour's `start` came to its end.
    pub(super) is_started: bool,
    /// Whether a step has been due since an earlier tick, which `late_since` tells.
    pub(super) is_late: bool,
    /// Whether somebody wants to know what it does.
    pub(super) is_followed: bool,
}

const _: () = assert!(size_of::<Slot>() == 64);

impl Slot {
    /// How the next step is made together with others, if it can be.
    #[inline]
    pub(super) fn row(&self) -> Option<StepsInARow> {
        if self.is_plain() { self.behaviour.row() } else { None }
    }

    /// Whether nothing is to be done for the next step but to make it.
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        self.is_started && !self.is_late && !self.is_followed && self.wait == Wait::Interval
    }

    /// Asks for the memory of the behaviour, if it has any.
    #[inline]
    pub(super) fn prefetch_behaviour(&self) {
        let behaviour = self.behaviour.as_ref();
        if size_of_val(behaviour) > 0 {
            prefetch(behaviour);
        }
    }
}

/// What a place in the table has besides, for the less usual.
#[derive(Default)]
struct Rest {
    is_active: bool,
    /// The time that it chose.
    until: Option<Flicks>,
    /// The tick since which a step has been due, if it is late.
    late_since: u64,
    /// When it was restarted, as far as its limit looks back.
    restarts: VecDeque<Flicks>,
}

/// The behaviour of a place that is vacant.
struct Nobody;

impl Behaviour for Nobody {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Done)
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self {
            behaviour: Box::new(Nobody),
            process: Entity::PLACEHOLDER,
            last: Flicks::ZERO,
            interval: Flicks::ZERO,
            order: SpawnOrder(0),
            stamp: 0,
            priority: 0,
            missed: Missed::Skip,
            wait: Wait::Interval,
            is_started: false,
            is_late: false,
            is_followed: false,
        }
    }
}

/// Where a slot of interval zero stands in step order.
#[derive(Clone, Copy, Debug)]
pub(super) struct EveryTick {
    /// The time from which on it is due.
    pub(super) from: Flicks,
    pub(super) order: SpawnOrder,
    pub(super) slot: u32,
    pub(super) stamp: u32,
    pub(super) priority: i32,
}

/// The run table of a machine.
pub(super) struct Table {
    pub(super) slots: Owner<Slot, Figures>,
    /// What there is besides to each slot that there has been.
    rest: Vec<Rest>,
    slot_of: EntityHashMap<u32>,
    /// Slots of interval zero, in step order and all valid unless `is_stale`.
    pub(super) every_tick: Vec<EveryTick>,
    is_stale: bool,
    /// Due times of all others.
    pub(super) calendar: Calendar,
    pub(super) due: DueList,
}

impl Table {
    /// An empty table.
    pub(super) fn new(slots: Owner<Slot, Figures>) -> Self {
        Self {
            slots,
            rest: Vec::new(),
            slot_of: EntityHashMap::default(),
            every_tick: Vec::new(),
            is_stale: false,
            calendar: Calendar::default(),
            due: DueList::default(),
        }
    }

    /// The place of a process, unless it was never launched or is gone.
    pub(super) fn find(&self, process: Entity) -> Option<u32> {
        self.slot_of.get(&process).copied()
    }

    /// Adds a process that was spawned at `at`; it is first due in the tick after that.
    pub(super) fn add(
        &mut self,
        process: Entity,
        behaviour: Box<dyn Behaviour>,
        terms: Terms,
        account: Account,
        at: Now,
    ) {
        if self.slot_of.contains_key(&process) {
            return; // It is launched already, and one behaviour is what a process has.
        }
        let index = account.slot();
        if self.rest.len() <= index as usize {
            self.rest.resize_with(index as usize + 1, Rest::default);
        }
        let Terms { priority, interval, missed, order, is_active } = terms;
        self.slots[index] = Slot {
            behaviour,
            process,
            last: at.time(),
            interval,
            order,
            stamp: self.slots[index].stamp,
            priority,
            missed,
            wait: Wait::Interval,
            is_started: false,
            is_late: false,
            is_followed: false,
        };
        self.rest[index as usize] = Rest { is_active, ..Rest::default() };
        self.slot_of.insert(process, index);
        if is_active {
            self.enter(index, first_due(interval, at), at);
        }
    }

    /// Takes a process out of the table.
    pub(super) fn remove(&mut self, process: Entity) -> Option<Box<dyn Behaviour>> {
        let index = self.slot_of.remove(&process)?;
        self.cancel(index);
        let stamp = self.slots[index].stamp;
        let slot = std::mem::replace(&mut self.slots[index], Slot { stamp, ..Slot::default() });
        Some(slot.behaviour)
    }

    /// Takes in new terms of a process that is in the table.
    pub(super) fn reschedule(&mut self, process: Entity, terms: Terms, at: Now) {
        let Some(index) = self.find(process) else { return };
        let Terms { priority, interval, missed, order, is_active } = terms;
        let slot = &mut self.slots[index];
        self.is_stale |= (slot.priority, slot.order) != (priority, order);
        (slot.priority, slot.order, slot.missed) = (priority, order, missed);
        let interval_before = std::mem::replace(&mut slot.interval, interval);
        let rest = &mut self.rest[index as usize];
        let was_active = std::mem::replace(&mut rest.is_active, is_active);
        if !is_active {
            if was_active {
                self.cancel(index);
            }
        } else if !was_active {
            self.resume(index, at);
        } else if interval_before != interval && slot.wait == Wait::Interval {
            // A due time in the past would be made up for by a burst nobody asked for.
            let due = (slot.last + interval).max(at.time() + Flicks(1));
            self.enter(index, due, at);
        }
    }

    /// Has a process that was paused or held stepped again: at the time that it waits for, if it
    /// chose one, else in the next tick at the latest.
    fn resume(&mut self, index: u32, at: Now) {
        let slot = &mut self.slots[index];
        if slot.wait == Wait::Interval {
            slot.last = at.time();
            let due = first_due(slot.interval, at);
            self.enter(index, due, at);
        } else if let Some(due) = self.rest[index as usize].until {
            self.enter(index, due.max(at.time() + Flicks(1)), at);
        }
    }

    /// Has a process whose next step would be later make it in the tick of `now`; in the one after it, if
    /// there was a step at that time.
    pub(super) fn hasten(&mut self, process: Entity, now: Now) {
        let Some(index) = self.find(process) else { return };
        let (slot, rest) = (&self.slots[index], &mut self.rest[index as usize]);
        let due = if slot.last < now.time() { now.time() } else { now.next_time() };
        let meant = match slot.wait {
            Wait::Interval => Some(slot.last + slot.interval),
            Wait::Until => rest.until,
            // It would find nothing of what it waits for.
            Wait::Woken => None,
        };
        if rest.is_active && meant.is_some_and(|meant| meant > due) {
            if slot.wait == Wait::Until {
                rest.until = Some(due);
            }
            self.enter(index, due, now);
        }
    }

    /// Lets a process that waits be stepped from `due` on.
    pub(super) fn wake(&mut self, process: Entity, due: Flicks, now: Now) {
        let Some(index) = self.find(process) else { return };
        let slot = &mut self.slots[index];
        if slot.wait != Wait::Woken {
            return;
        }
        slot.wait = Wait::Until;
        let rest = &mut self.rest[index as usize];
        rest.until = Some(due);
        if rest.is_active {
            self.enter(index, due, now);
        }
    }

    /// Takes in when a process wants its next step, after the one that was due at `at` in the tick
    /// of `now`.
    pub(super) fn wait(&mut self, index: u32, next: Next, at: Flicks, now: Now) {
        let slot = &mut self.slots[index];
        let (wait, until) = match next {
            Next::Interval | Next::Done => (Wait::Interval, None),
            Next::Tick => (Wait::Until, Some(now.next_time())),
            Next::After(span) => (Wait::Until, Some(at + span)),
            Next::Woken(limit) => (Wait::Woken, limit.map(|span| at + span)),
        };
        self.rest[index as usize].until = until;
        let before = std::mem::replace(&mut slot.wait, wait);
        if wait == Wait::Interval {
            if before != Wait::Interval {
                // The first of the due times from here on that is not in this tick any more.
                let due = match slot.interval {
                    Flicks::ZERO => now.next_time(),
                    Flicks(interval) => {
                        let steps = (now.time() - at).0 / interval + 1;
                        at + Flicks(steps * interval)
                    }
                };
                self.enter(index, due, now);
            }
        } else {
            match until {
                Some(due) => self.enter(index, due, now),
                None => self.cancel(index),
            }
        }
    }

    /// Makes a process begin anew, in the next tick at the latest.
    pub(super) fn restart(&mut self, index: u32, now: Now) {
        let slot = &mut self.slots[index];
        slot.is_started = false;
        slot.wait = Wait::Interval;
        let due = first_due(slot.interval, now);
        self.enter(index, due, now);
    }

    /// Puts a slot where it waits for its next step.
    fn enter(&mut self, index: u32, due: Flicks, now: Now) {
        let slot = &mut self.slots[index];
        slot.stamp = slot.stamp.wrapping_add(1);
        let Slot { stamp, interval, priority, order, .. } = *slot;
        if slot.wait == Wait::Interval && interval == Flicks::ZERO {
            self.every_tick.push(EveryTick { slot: index, stamp, from: due, priority, order });
            self.is_stale = true;
        } else {
            self.forget_void_times();
            self.calendar.enter(Entry { due, slot: index, stamp }, now.hz);
        }
    }

    /// Drops the void due times from the calendar once they are more than half of it: those that lie
    /// far ahead would pile up otherwise. Each push pays for one drop at most.
    fn forget_void_times(&mut self) {
        /// A calendar of fewer is not worth the look, which goes through all its lists.
        const SMALL: usize = 4096;
        if self.calendar.len() < SMALL + 2 * self.slot_of.len() {
            return;
        }
        let slots = &self.slots;
        self.calendar.retain(|entry| slots[entry.slot].stamp == entry.stamp);
    }

    /// Puts a slot nowhere: it waits for something that is no time.
    fn cancel(&mut self, index: u32) {
        let slot = &mut self.slots[index];
        slot.stamp = slot.stamp.wrapping_add(1);
        self.is_stale = true;
    }

    /// Drops what is void from the list of those due every tick, and brings it into step order.
    pub(super) fn refresh_every_tick(&mut self) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        let slots = &self.slots;
        self.every_tick.retain_mut(|entry| {
            let slot = &slots[entry.slot];
            (entry.priority, entry.order) = (slot.priority, slot.order);
            slot.stamp == entry.stamp
        });
        self.every_tick.sort_by_key(|entry| (Reverse(entry.priority), entry.order));
    }

    /// Has a step that was due at `at` and did not fit into this tick wait for the next one. The due
    /// times after it in this tick wait with it.
    pub(super) fn defer(&mut self, index: u32, at: Flicks, now: Now) {
        let slot = &mut self.slots[index];
        let was_late = std::mem::replace(&mut slot.is_late, true);
        let is_every_tick = slot.wait == Wait::Interval && slot.interval == Flicks::ZERO;
        let stamp = slot.stamp;
        if !was_late {
            self.rest[index as usize].late_since = now.tick;
        }
        if is_every_tick {
            self.due.carry(index, stamp);
        } else {
            // The new stamp makes void what else of it is due in this tick.
            self.enter(index, at, now);
        }
    }

    /// The tick since which a step of a slot has been due, if it is late.
    pub(super) fn late_since(&self, index: u32) -> Option<u64> {
        self.slots[index].is_late.then(|| self.rest[index as usize].late_since)
    }

    /// Counts a restart at `now`, if `restart` allows one more; its number within the time.
    pub(super) fn count_restart(
        &mut self,
        index: u32,
        restart: Restart,
        now: Flicks,
    ) -> Option<usize> {
        let restarts = &mut self.rest[index as usize].restarts;
        while restarts.front().is_some_and(|at| *at + restart.within < now) {
            restarts.pop_front();
        }
        if restarts.len() >= usize::try_from(restart.limit).unwrap_or(usize::MAX) {
            return None;
        }
        restarts.push_back(now);
        Some(restarts.len())
    }

    /// The restarts that its limit may still look back to.
    pub(super) fn restarts(&self, index: u32) -> impl Iterator<Item = Flicks> {
        self.rest[index as usize].restarts.iter().copied()
    }

    /// When each process that is neither paused nor held nor waiting to be woken is due next.
    pub(super) fn outlook(&self) -> EntityHashMap<Flicks> {
        let queued = self.calendar.iter().map(|entry| (entry.slot, entry.stamp, entry.due));
        let every_tick = self.every_tick.iter().map(|entry| (entry.slot, entry.stamp, entry.from));
        every_tick
            .chain(queued)
            .map(|(index, stamp, at)| (&self.slots[index], stamp, at))
            .filter(|(slot, stamp, _)| slot.stamp == *stamp)
            .map(|(slot, _, at)| (slot.process, at))
            .collect()
    }
}

/// When a process that was spawned or resumed at `at` is first due: in the next tick at the latest.
fn first_due(interval: Flicks, at: Now) -> Flicks {
    match interval {
        Flicks::ZERO => at.next_time(),
        interval => (at.time() + interval).min(at.next_time()),
    }
}
