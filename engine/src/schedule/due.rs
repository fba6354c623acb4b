//! What is due in a tick, and in which order.
//!
//! Steps of processes with an interval of zero are read from their list, which is in order already;
//! all others are found in the calendar, sorted, and merged with those on the way.
//!
//! A step that waits for [`PATIENCE`] ticks rises above all that have not: those that have risen go
//! in the order in which they began to wait. As at least one step is made in each tick, a step of
//! one of `n` processes waits for at most `PATIENCE + n` ticks, however little fits into a tick.

use std::cmp::Reverse;

use super::calendar::{Entry, first_tick};
use super::table::{EveryTick, Slot, Table, Wait};
use crate::clock::{Flicks, Now};
use crate::prefetch::{prefetch, prefetch_lines};
use crate::process::{Missed, SpawnOrder};

/// How many ticks a step waits by priority alone. At 60 Hz four ticks are what a user begins to
/// notice (67 ms).
pub(super) const PATIENCE: u64 = 4;

/// How many steps ahead memory is asked for; what is found by it is asked for at half and at a
/// quarter of the way. A small step takes about as long as a read from main memory (0.1 µs).
const SLOTS_AHEAD: usize = 12;

/// One step that is due.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    pub(super) slot: usize,
    pub(super) stamp: u64,
    pub(super) at: Flicks,
    /// How many due times before it are passed over.
    pub(super) missed: u64,
    /// The tick since which it waits, if it has risen, else the last of all.
    risen: u64,
    priority: i32,
    order: SpawnOrder,
}

impl Due {
    fn key(&self) -> (u64, Reverse<i32>, Flicks, SpawnOrder) {
        (self.risen, Reverse(self.priority), self.at, self.order)
    }
}

/// The steps of a tick, and how far it has come with them.
#[derive(Default)]
pub(super) struct DueList {
    /// Those found in the calendar, and those that waited, in order.
    timed: Vec<Due>,
    next_timed: usize,
    /// The room of what was taken from the calendar.
    entries: Vec<Entry>,
    next_every_tick: usize,
    /// Slots of interval zero whose step waits for the next tick, with their stamps.
    carried: Vec<(usize, u64)>,
}

impl DueList {
    /// Has the step of a slot of interval zero wait for the next tick.
    pub(super) fn carry(&mut self, slot: usize, stamp: u64) {
        self.carried.push((slot, stamp));
    }

    /// Goes on after the steps that were found so far.
    pub(super) fn clear(&mut self) {
        self.timed.clear();
        self.next_timed = 0;
        self.next_every_tick = usize::MAX;
    }
}

impl Table {
    /// Finds what is due in the tick of `now`; the calendar moves on to the due times after it.
    pub(super) fn find_due(&mut self, now: Now) {
        self.refresh_every_tick();
        self.due.clear();
        self.due.next_every_tick = 0;
        let mut carried = std::mem::take(&mut self.due.carried);
        carried.sort_unstable();
        carried.dedup();
        for &(slot, stamp) in &carried {
            self.find_carried(slot, stamp, now);
        }
        self.find_timed(now);
    }

    /// Finds what the calendar holds for the tick of `now`; whether there is anything.
    pub(super) fn find_timed(&mut self, now: Now) -> bool {
        let mut entries = std::mem::take(&mut self.due.entries);
        self.calendar.take(now, &mut entries);
        for (position, entry) in entries.iter().enumerate() {
            if let Some(ahead) = entries.get(position + SLOTS_AHEAD) {
                prefetch_lines(&self.slots[ahead.slot]);
            }
            let Entry { due: at, slot: index, stamp } = *entry;
            let Some(slot) = self.slots[index].as_ref().filter(|slot| slot.stamp == stamp) else {
                continue;
            };
            if let Some(next) = expand(&mut self.due.timed, index, slot, at, now) {
                self.calendar.enter(Entry { due: next, ..*entry }, now.hz);
            }
        }
        entries.clear();
        self.due.entries = entries;
        self.due.timed.sort_unstable_by_key(Due::key);
        !self.due.timed.is_empty()
    }

    /// Finds the steps of a slot of interval zero that has waited.
    fn find_carried(&mut self, index: usize, stamp: u64, now: Now) {
        let Some(slot) = self.slots[index].as_ref().filter(|slot| slot.stamp == stamp) else {
            return;
        };
        let back = |ticks: u64| Flicks::of_tick(now.tick.saturating_sub(ticks), now.hz);
        let missed = now.tick.saturating_sub(first_tick(slot.last + Flicks(1), now.hz));
        let made_up_for = match slot.terms.missed {
            Missed::Burst => missed.min(Missed::BURST),
            Missed::Skip | Missed::Delay => 0,
        };
        let due = &mut self.due.timed;
        let first = due.len();
        let ticks = (0..=made_up_for).rev();
        due.extend(ticks.map(|ticks| Due::new(index, slot, back(ticks), u64::MAX)));
        due[first].missed = missed - made_up_for;
        due[first].risen = rise(slot, now);
    }

    /// The next step of the tick.
    pub(super) fn next_due(&mut self, time: Flicks) -> Option<Due> {
        let timed = self.due.timed.get(self.due.next_timed).copied();
        let every_tick = self.next_every_tick(time);
        let is_timed = match (&timed, &every_tick) {
            (Some(timed), Some(every_tick)) => timed.key() < every_tick.key(),
            (timed, _) => timed.is_some(),
        };
        if is_timed {
            self.due.next_timed += 1;
            self.look_ahead_timed();
            timed
        } else {
            self.due.next_every_tick += usize::from(every_tick.is_some());
            every_tick
        }
    }

    fn next_every_tick(&mut self, time: Flicks) -> Option<Due> {
        loop {
            let &EveryTick { slot: index, stamp, from, priority, order } =
                self.every_tick.get(self.due.next_every_tick)?;
            let slot = self.slots[index].as_ref().filter(|slot| slot.stamp == stamp);
            // One that has waited stands among the timed, and may have made its step by now.
            let is_due = |slot: &Slot| slot.waits_since().is_none() && slot.last < time;
            if from <= time && slot.is_some_and(is_due) {
                self.look_ahead();
                let risen = u64::MAX;
                return Some(Due {
                    slot: index,
                    stamp,
                    at: time,
                    missed: 0,
                    risen,
                    priority,
                    order,
                });
            }
            self.due.next_every_tick += 1;
        }
    }

    /// As [`look_ahead`](Self::look_ahead), for those that the calendar gave out: their slots have
    /// been looked at.
    fn look_ahead_timed(&self) {
        if let Some(due) = self.due.timed.get(self.due.next_timed + SLOTS_AHEAD)
            && let Some(slot) = &self.slots[due.slot]
        {
            prefetch(std::ptr::from_ref(slot.behaviour.as_ref()));
            prefetch(std::ptr::from_ref(slot.account.figures()));
        }
    }

    /// Asks for the memory that the next steps will touch: first the slots, then what they point to.
    fn look_ahead(&self) {
        let next = self.due.next_every_tick;
        if let Some(entry) = self.every_tick.get(next + SLOTS_AHEAD) {
            prefetch(&raw const self.slots[entry.slot]);
        }
        if let Some(entry) = self.every_tick.get(next + SLOTS_AHEAD / 2)
            && let Some(slot) = &self.slots[entry.slot]
        {
            prefetch(std::ptr::from_ref(slot.behaviour.as_ref()));
            prefetch(std::ptr::from_ref(slot.account.figures()));
        }
        if let Some(entry) = self.every_tick.get(next + SLOTS_AHEAD / 4)
            && let Some(slot) = &self.slots[entry.slot]
        {
            slot.behaviour.prefetch();
        }
    }
}

/// Adds the steps of a slot that the calendar gave out for `at`, and returns when it is due next, if it
/// is its interval that says so.
fn expand(due: &mut Vec<Due>, index: usize, slot: &Slot, at: Flicks, now: Now) -> Option<Flicks> {
    let (time, before) = (now.time(), now.time() - now.span());
    let interval = slot.terms.interval;
    let risen = rise(slot, now);
    if slot.wait != Wait::Interval || interval == Flicks::ZERO {
        // What it chose is over for a tick or more: it goes on from now.
        let at = if at <= before { time } else { at };
        due.push(Due::new(index, slot, at, risen));
        return None;
    }
    let first = due.len();
    let mut at = at;
    let mut passed_over = 0;
    if at <= before {
        let missed = (before - at).0 / interval.0 + 1;
        passed_over = match slot.terms.missed {
            Missed::Burst => missed.saturating_sub(Missed::BURST),
            // The latest one is made, unless one of this tick comes in its place.
            Missed::Skip if at + Flicks(missed * interval.0) > time => missed - 1,
            Missed::Skip => missed,
            Missed::Delay => {
                due.push(Due { missed: missed - 1, ..Due::new(index, slot, time, risen) });
                return Some(time + interval);
            }
        };
        at += Flicks(passed_over * interval.0);
    }
    while at <= time {
        due.push(Due::new(index, slot, at, u64::MAX));
        at += interval;
    }
    if let Some(first) = due.get_mut(first) {
        first.missed = passed_over;
        first.risen = risen;
    }
    Some(at)
}

/// Where a step that waits stands among those that have risen.
fn rise(slot: &Slot, now: Now) -> u64 {
    slot.waits_since().filter(|since| now.tick >= since + PATIENCE).unwrap_or(u64::MAX)
}

impl Due {
    fn new(index: usize, slot: &Slot, at: Flicks, risen: u64) -> Self {
        let (priority, order) = (slot.terms.priority, slot.terms.order);
        Self { slot: index, stamp: slot.stamp, at, missed: 0, risen, priority, order }
    }
}
