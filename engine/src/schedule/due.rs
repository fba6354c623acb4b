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
use crate::process::{Missed, SpawnOrder};

/// How many ticks a step waits by priority alone. At 60 Hz four ticks are what a user begins to
/// notice (67 ms).
pub(super) const PATIENCE: u64 = 4;

/// How many steps ahead memory is asked for; what is found by it is asked for at half and at a
/// quarter of the way. A small step takes about as long as a read from main memory (0.1 µs).
const SLOTS_AHEAD: usize = 32;

/// One step that is due.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    pub(super) at: Flicks,
    order: SpawnOrder,
    /// The tick since which it waits, if it has risen, else the last of all.
    risen: u64,
    pub(super) slot: u32,
    pub(super) stamp: u32,
    priority: i32,
    /// How many due times before it are passed over, as far as that can be counted.
    pub(super) missed: u32,
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
    carried: Vec<(u32, u32)>,
}

impl DueList {
    /// Has the step of a slot of interval zero wait for the next tick.
    pub(super) fn carry(&mut self, slot: u32, stamp: u32) {
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
        // Those that come again are written over those that were read.
        let mut again = 0;
        for position in 0..entries.len() {
            if let Some(ahead) = entries.get(position + SLOTS_AHEAD) {
                self.slots.prefetch(ahead.slot);
            }
            let entry = entries[position];
            let slot = &self.slots[entry.slot];
            if slot.stamp != entry.stamp {
                continue;
            }
            let risen = rise(self.late_since(entry.slot), now);
            if let Some(due) = expand(&mut self.due.timed, entry.slot, slot, entry.due, risen, now)
            {
                entries[again] = Entry { due, ..entry };
                again += 1;
            }
        }
        entries.truncate(again);
        self.calendar.enter_all(&entries, now.hz);
        entries.clear();
        self.due.entries = entries;
        self.due.timed.sort_unstable_by_key(Due::key);
        !self.due.timed.is_empty()
    }

    /// Finds the steps of a slot of interval zero that has waited.
    fn find_carried(&mut self, index: u32, stamp: u32, now: Now) {
        let slot = &self.slots[index];
        if slot.stamp != stamp {
            return;
        }
        let back = |ticks: u64| Flicks::of_tick(now.tick.saturating_sub(ticks), now.hz);
        let missed = now.tick.saturating_sub(first_tick(slot.last + Flicks(1), now.hz));
        let made_up_for = match slot.missed {
            Missed::Burst => missed.min(Missed::BURST),
            Missed::Skip | Missed::Delay => 0,
        };
        let risen = rise(self.late_since(index), now);
        let due = &mut self.due.timed;
        let first = due.len();
        let ticks = (0..=made_up_for).rev();
        due.extend(ticks.map(|ticks| Due::new(index, slot, back(ticks), u64::MAX)));
        due[first].missed = saturated(missed - made_up_for);
        due[first].risen = risen;
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
            let slot = &self.slots[index];
            // One that has waited stands among the timed, and may have made its step by now.
            if slot.stamp == stamp && from <= time && !slot.is_late && slot.last < time {
                self.look_ahead();
                let (risen, missed) = (u64::MAX, 0);
                return Some(Due { at: time, order, risen, slot: index, stamp, priority, missed });
            }
            self.due.next_every_tick += 1;
        }
    }

    /// As [`look_ahead`](Self::look_ahead), for those that the calendar gave out: their slots and
    /// accounts have been asked for.
    fn look_ahead_timed(&self) {
        let next = self.due.next_timed;
        if let Some(due) = self.due.timed.get(next + SLOTS_AHEAD) {
            self.slots[due.slot].prefetch_behaviour();
        }
        if let Some(due) = self.due.timed.get(next + SLOTS_AHEAD / 2) {
            self.slots[due.slot].behaviour.prefetch();
        }
    }

    /// Asks for the memory that the next steps will touch: first the slots, then what they point to.
    fn look_ahead(&self) {
        let next = self.due.next_every_tick;
        if let Some(entry) = self.every_tick.get(next + SLOTS_AHEAD) {
            self.slots.prefetch(entry.slot);
        }
        if let Some(entry) = self.every_tick.get(next + SLOTS_AHEAD / 2) {
            self.slots[entry.slot].prefetch_behaviour();
        }
        if let Some(entry) = self.every_tick.get(next + SLOTS_AHEAD / 4) {
            self.slots[entry.slot].behaviour.prefetch();
        }
    }
}

/// Adds the steps of a slot that the calendar gave out for `at`, and returns when it is due next, if it
/// is its interval that says so.
fn expand(
    due: &mut Vec<Due>,
    index: u32,
    slot: &Slot,
    at: Flicks,
    risen: u64,
    now: Now,
) -> Option<Flicks> {
    let (time, before) = (now.time(), now.time() - now.span());
    let interval = slot.interval;
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
        passed_over = match slot.missed {
            Missed::Burst => missed.saturating_sub(Missed::BURST),
            // The latest one is made, unless one of this tick comes in its place.
            Missed::Skip if at + Flicks(missed * interval.0) > time => missed - 1,
            Missed::Skip => missed,
            Missed::Delay => {
                due.push(Due {
                    missed: saturated(missed - 1),
                    ..Due::new(index, slot, time, risen)
                });
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
        first.missed = saturated(passed_over);
        first.risen = risen;
    }
    Some(at)
}

/// Where a step that waits since a tick stands among those that have risen.
fn rise(late_since: Option<u64>, now: Now) -> u64 {
    late_since.filter(|since| now.tick >= since + PATIENCE).unwrap_or(u64::MAX)
}

/// A count, as far as it can be counted.
fn saturated(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Due {
    fn new(index: u32, slot: &Slot, at: Flicks, risen: u64) -> Self {
        let Slot { stamp, priority, order, .. } = *slot;
        Self { at, order, risen, slot: index, stamp, priority, missed: 0 }
    }
}
