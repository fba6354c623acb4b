//! The run table: what the step phase walks, derived from the components of the processes.

use std::cmp::Reverse;
use std::collections::VecDeque;

use bevy_ecs::entity::{Entity, EntityHashMap};

use super::calendar::{Calendar, Entry};
use super::due::{Due, DueList};
use crate::clock::{Flicks, Now};
use crate::process::{Account, Behaviour, Missed, Next, Restart, SpawnOrder};

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

/// The tick since which a slot waits that does not.
const NEVER: u64 = u64::MAX;

/// A process in the table. What every step touches comes first: it fits into one cache line.
#[repr(C, align(64))]
pub(super) struct Slot {
    pub(super) behaviour: Box<dyn Behaviour>,
    pub(super) account: Account,
    pub(super) process: Entity,
    /// Changes with every new due time that is not the old one plus the interval: what was
    /// entered before is void.
    pub(super) stamp: u64,
    /// The due time of the last step, or when there was none yet.
    pub(super) last: Flicks,
    waits_since: u64,
    /// Whether the behaviour's `start` came to its end.
    pub(super) is_started: bool,
    pub(super) wait: Wait,

    pub(super) terms: Terms,
    /// The time that it chose.
    until: Option<Flicks>,
    /// When it was restarted, as far as its limit looks back.
    restarts: VecDeque<Flicks>,
}

/// Where a slot of interval zero stands in step order.
#[derive(Clone, Copy, Debug)]
pub(super) struct EveryTick {
    pub(super) slot: usize,
    pub(super) stamp: u64,
    /// The time from which on it is due.
    pub(super) from: Flicks,
    pub(super) priority: i32,
    pub(super) order: SpawnOrder,
}

/// The run table of a machine.
#[derive(Default)]
pub(super) struct Table {
    pub(super) slots: Vec<Option<Slot>>,
    vacant: Vec<usize>,
    slot_of: EntityHashMap<usize>,
    stamps: u64,
    /// Slots of interval zero, in step order and all valid unless `is_stale`.
    pub(super) every_tick: Vec<EveryTick>,
    is_stale: bool,
    /// Due times of all others.
    pub(super) calendar: Calendar,
    pub(super) due: DueList,
}

impl Table {
    /// The slot of a process, unless it was never launched or is gone.
    pub(super) fn find(&mut self, process: Entity) -> Option<&mut Slot> {
        let index = *self.slot_of.get(&process)?;
        self.slots[index].as_mut()
    }

    pub(super) fn look(&self, process: Entity) -> Option<&Slot> {
        let index = *self.slot_of.get(&process)?;
        self.slots[index].as_ref()
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
        let slot = Slot {
            behaviour,
            account,
            process,
            stamp: 0,
            last: at.time(),
            waits_since: NEVER,
            is_started: false,
            wait: Wait::Interval,
            terms,
            until: None,
            restarts: VecDeque::new(),
        };
        let index = self.vacant.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.slots[index] = Some(slot);
        self.slot_of.insert(process, index);
        if terms.is_active {
            self.enter(index, first_due(terms.interval, at), at);
        }
    }

    /// Takes a process out of the table.
    pub(super) fn remove(&mut self, process: Entity) -> Option<Slot> {
        let index = self.slot_of.remove(&process)?;
        let slot = self.slots[index].take()?;
        self.vacant.push(index);
        self.is_stale = true;
        Some(slot)
    }

    /// Takes in new terms of a process that is in the table.
    pub(super) fn reschedule(&mut self, process: Entity, terms: Terms, at: Now) {
        let Some(&index) = self.slot_of.get(&process) else { return };
        let Some(slot) = self.slots[index].as_mut() else { return };
        let before = std::mem::replace(&mut slot.terms, terms);
        if (before.priority, before.order) != (terms.priority, terms.order) {
            self.is_stale = true;
        }
        if !terms.is_active {
            if before.is_active {
                self.cancel(index);
            }
        } else if !before.is_active {
            self.resume(index, at);
        } else if before.interval != terms.interval && slot.wait == Wait::Interval {
            // A due time in the past would be made up for by a burst nobody asked for.
            let due = (slot.last + terms.interval).max(at.time() + Flicks(1));
            self.enter(index, due, at);
        }
    }

    /// Has a process that was paused or held stepped again: at the time that it waits for, if it
    /// chose one, else in the next tick at the latest.
    fn resume(&mut self, index: usize, at: Now) {
        let Some(slot) = self.slots[index].as_mut() else { return };
        if slot.wait == Wait::Interval {
            slot.last = at.time();
            let due = first_due(slot.terms.interval, at);
            self.enter(index, due, at);
        } else if let Some(due) = slot.until {
            self.enter(index, due.max(at.time() + Flicks(1)), at);
        }
    }

    /// Lets a process that waits be stepped from `due` on.
    pub(super) fn wake(&mut self, process: Entity, due: Flicks, now: Now) {
        let Some(&index) = self.slot_of.get(&process) else { return };
        let Some(slot) = self.slots[index].as_mut() else { return };
        if slot.wait != Wait::Woken {
            return;
        }
        slot.wait = Wait::Until;
        slot.until = Some(due);
        if slot.terms.is_active {
            self.enter(index, due, now);
        }
    }

    /// Takes in when a process wants its next step, after the one that was due at `at` in the tick
    /// of `now`.
    pub(super) fn wait(&mut self, index: usize, next: Next, at: Flicks, now: Now) {
        let Some(slot) = self.slots[index].as_mut() else { return };
        let (wait, until) = match next {
            Next::Interval | Next::Done => (Wait::Interval, None),
            Next::Tick => (Wait::Until, Some(now.next_time())),
            Next::After(span) => (Wait::Until, Some(at + span)),
            Next::Woken(limit) => (Wait::Woken, limit.map(|span| at + span)),
        };
        slot.until = until;
        let before = std::mem::replace(&mut slot.wait, wait);
        if wait == Wait::Interval {
            if before != Wait::Interval {
                // The first of the due times from here on that is not in this tick any more.
                let due = match slot.terms.interval {
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
    pub(super) fn restart(&mut self, index: usize, now: Now) {
        let Some(slot) = self.slots[index].as_mut() else { return };
        slot.is_started = false;
        slot.wait = Wait::Interval;
        let due = first_due(slot.terms.interval, now);
        self.enter(index, due, now);
    }

    /// Puts a slot where it waits for its next step.
    fn enter(&mut self, index: usize, due: Flicks, now: Now) {
        let Some(slot) = self.slots[index].as_mut() else { return };
        self.stamps += 1;
        slot.stamp = self.stamps;
        let Terms { interval, priority, order, .. } = slot.terms;
        if slot.wait == Wait::Interval && interval == Flicks::ZERO {
            let stamp = slot.stamp;
            self.every_tick.push(EveryTick { slot: index, stamp, from: due, priority, order });
            self.is_stale = true;
        } else {
            let entry = Entry { due, slot: index, stamp: slot.stamp };
            self.forget_void_times();
            self.calendar.enter(entry, now.hz);
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
        self.calendar.retain(|entry| {
            slots[entry.slot].as_ref().is_some_and(|slot| slot.stamp == entry.stamp)
        });
    }

    /// Puts a slot nowhere: it waits for something that is no time.
    fn cancel(&mut self, index: usize) {
        let Some(slot) = self.slots[index].as_mut() else { return };
        self.stamps += 1;
        slot.stamp = self.stamps;
        self.is_stale = true;
    }

    /// The slot with this stamp, unless the process went, was paused, or got new due times since.
    pub(super) fn valid(&mut self, index: usize, stamp: u64) -> Option<&mut Slot> {
        self.slots.get_mut(index)?.as_mut().filter(|slot| slot.stamp == stamp)
    }

    /// Drops what is void from the list of those due every tick, and brings it into step order.
    pub(super) fn refresh_every_tick(&mut self) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        let slots = &self.slots;
        self.every_tick.retain_mut(|entry| {
            let slot = slots[entry.slot].as_ref().filter(|slot| slot.stamp == entry.stamp);
            entry.priority = slot.map_or(0, |slot| slot.terms.priority);
            slot.is_some()
        });
        self.every_tick.sort_by_key(|entry| (Reverse(entry.priority), entry.order));
    }

    /// Has a step that did not fit into this tick wait for the next one. The due times after it in
    /// this tick wait with it.
    pub(super) fn defer(&mut self, due: &Due, now: Now) {
        let Some(slot) = self.valid(due.slot, due.stamp) else { return };
        slot.waits_since = slot.waits_since.min(now.tick);
        if slot.wait == Wait::Interval && slot.terms.interval == Flicks::ZERO {
            self.due.carry(due.slot, due.stamp);
        } else {
            // The new stamp makes void what else of it is due in this tick.
            self.enter(due.slot, due.at, now);
        }
    }

    /// When each process that is neither paused nor held nor waiting to be woken is due next.
    pub(super) fn outlook(&self) -> EntityHashMap<Flicks> {
        let queued = self.calendar.iter().map(|entry| (entry.slot, entry.stamp, entry.due));
        let every_tick = self.every_tick.iter().map(|entry| (entry.slot, entry.stamp, entry.from));
        every_tick
            .chain(queued)
            .filter_map(|(index, stamp, at)| {
                let slot = self.slots[index].as_ref().filter(|slot| slot.stamp == stamp)?;
                Some((slot.process, at))
            })
            .collect()
    }
}

impl Slot {
    /// The tick since which a step of it has been due.
    pub(super) fn waits_since(&self) -> Option<u64> {
        (self.waits_since != NEVER).then_some(self.waits_since)
    }

    /// Its step is made now; the tick since which it had to wait for it.
    pub(super) fn end_wait(&mut self) -> Option<u64> {
        let since = self.waits_since();
        self.waits_since = NEVER;
        since
    }

    /// Counts a restart at `now`, if `restart` allows one more; its number within the time.
    pub(super) fn count_restart(&mut self, restart: Restart, now: Flicks) -> Option<usize> {
        while self.restarts.front().is_some_and(|at| *at + restart.within < now) {
            self.restarts.pop_front();
        }
        if self.restarts.len() >= usize::try_from(restart.limit).unwrap_or(usize::MAX) {
            return None;
        }
        self.restarts.push_back(now);
        Some(self.restarts.len())
    }

    /// The restarts that its limit may still look back to.
    pub(super) fn restarts(&self) -> impl Iterator<Item = Flicks> {
        self.restarts.iter().copied()
    }
}

/// When a process that was spawned or resumed at `at` is first due: in the next tick at the latest.
fn first_due(interval: Flicks, at: Now) -> Flicks {
    match interval {
        Flicks::ZERO => at.next_time(),
        interval => (at.time() + interval).min(at.next_time()),
    }
}
