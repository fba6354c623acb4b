//! The calendar: for each tick to come, the due times that fall into it.
//!
//! To enter a time and to take those of a tick costs the same however many wait. A queue ordered by
//! time would know their order within the tick too, but that is sorted when the tick has come, for
//! priority rules it anyhow.
//!
//! A list takes 256 bytes at least, so that a million who sleep for hours, each until a tick of its own,
//! take 256 MB.

mod list;

use std::collections::BTreeMap;

use list::{Blocks, List};

use crate::clock::{Flicks, Now};

/// How many ticks ahead have a list of their own, reached by their number: at 60 Hz a minute. Times
/// beyond wait in a map, whose lists move over whole.
const NEAR: u64 = 4096;

/// A due time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) due: Flicks,
    pub(super) slot: u32,
    pub(super) stamp: u32,
}

/// Due times by the tick in which they are found.
#[derive(Default)]
pub(super) struct Calendar {
    /// The lists of the ticks from `open` on, by their number modulo [`NEAR`]; empty at first.
    near: Vec<List>,
    far: BTreeMap<u64, List>,
    blocks: Blocks,
    /// The tick whose due times were taken last: what is due earlier is found with what is due in
    /// this one.
    open: u64,
    length: usize,
}

impl Calendar {
    /// How many due times there are, void ones among them.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Enters a due time; `hz` are the ticks a second.
    pub(super) fn enter(&mut self, entry: Entry, hz: u32) {
        let tick = first_tick(entry.due, hz).max(self.open);
        self.length += 1;
        let list = if tick - self.open < NEAR {
            near(&mut self.near, tick)
        } else {
            self.far.entry(tick).or_default()
        };
        list.push(&mut self.blocks, entry);
    }

    /// Enters many due times. They go to lists anywhere in memory, which is asked for ahead.
    pub(super) fn enter_all(&mut self, entries: &[Entry], hz: u32) {
        const AHEAD: usize = 32;
        for (position, entry) in entries.iter().enumerate() {
            if let Some(ahead) = entries.get(position + AHEAD) {
                let tick = first_tick(ahead.due, hz).max(self.open);
                if tick - self.open < NEAR {
                    near(&mut self.near, tick).prefetch_end(&self.blocks);
                }
            }
            self.enter(*entry, hz);
        }
    }

    /// Takes what is due in the tick of `now` and before, in the order of entering for each tick, to
    /// the end of `due`.
    pub(super) fn take(&mut self, now: Now, due: &mut Vec<Entry>) {
        let before = due.len();
        while self.open < now.tick {
            near(&mut self.near, self.open).drain(&mut self.blocks, due);
            self.open += 1;
            let next = self.open + NEAR - 1;
            if let Some(list) = self.far.remove(&next) {
                *near(&mut self.near, next) = list;
            }
        }
        near(&mut self.near, self.open).drain(&mut self.blocks, due);
        self.length -= due.len() - before;
    }

    /// Keeps only the due times that `is_valid`.
    pub(super) fn retain(&mut self, mut is_valid: impl FnMut(&Entry) -> bool) {
        let mut entries = Vec::new();
        self.length = 0;
        for list in self.near.iter_mut().chain(self.far.values_mut()) {
            list.drain(&mut self.blocks, &mut entries);
            for entry in entries.drain(..).filter(&mut is_valid) {
                list.push(&mut self.blocks, entry);
                self.length += 1;
            }
        }
        self.far.retain(|_, list| !list.is_empty());
    }

    /// All due times, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.near.iter().chain(self.far.values()).flat_map(|list| list.iter(&self.blocks))
    }
}

/// The list of a tick that is near.
fn near(lists: &mut Vec<List>, tick: u64) -> &mut List {
    if lists.is_empty() {
        lists.resize_with(NEAR as usize, List::default);
    }
    &mut lists[(tick % NEAR) as usize]
}

/// The first tick that is not before `due`.
pub(super) fn first_tick(due: Flicks, hz: u32) -> u64 {
    let hz = u64::from(hz);
    if Flicks::PER_SECOND.is_multiple_of(hz) {
        return due.0.div_ceil(Flicks::PER_SECOND / hz);
    }
    let tick = (u128::from(due.0) * u128::from(hz)).div_ceil(u128::from(Flicks::PER_SECOND));
    u64::try_from(tick).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Calendar, Entry, NEAR, first_tick};
    use crate::clock::{Flicks, Now};

    /// Each due time is found in the first tick at or after it, however far away it is.
    #[test]
    fn due_times_are_found_in_their_tick() {
        for hz in [1, 60, 7, 1_000] {
            let mut calendar = Calendar::default();
            let ticks = [1, 2, 3, NEAR - 1, NEAR, NEAR + 1, 3 * NEAR];
            for (slot, tick) in (0..).zip(ticks) {
                let due = Flicks::of_tick(tick, hz);
                calendar.enter(Entry { due, slot, stamp: 0 }, hz);
                let due = Flicks(Flicks::of_tick(tick - 1, hz).0 + 1);
                calendar.enter(Entry { due, slot, stamp: 1 }, hz);
            }
            for tick in 1..=3 * NEAR {
                let mut found = Vec::new();
                calendar.take(Now { tick, hz }, &mut found);
                let slots: Vec<_> = found.iter().map(|entry| entry.slot).collect();
                match (0..).zip(ticks).find(|(_, other)| *other == tick) {
                    Some((slot, _)) => assert_eq!(slots, [slot, slot], "tick {tick} of {hz} Hz"),
                    None => assert!(slots.is_empty(), "tick {tick} of {hz} Hz: {slots:?}"),
                }
            }
            assert_eq!(calendar.len(), 0);
        }
    }

    /// What is entered for a time that is over is found the next time somebody looks.
    #[test]
    fn a_time_that_is_over_is_found_next() {
        let mut calendar = Calendar::default();
        calendar.take(Now { tick: 10, hz: 60 }, &mut Vec::new());
        for tick in [10, 11] {
            calendar.enter(Entry { due: Flicks::ZERO, slot: 5, stamp: 0 }, 60);
            let mut found = Vec::new();
            calendar.take(Now { tick, hz: 60 }, &mut found);
            assert_eq!(found.len(), 1);
        }
    }

    /// The first tick at or after a time, for rates whose ticks are no whole flicks too.
    #[test]
    fn the_tick_of_a_time_is_the_first_that_reaches_it() {
        for hz in [1, 7, 60, 99_999] {
            for due in [0, 1, 2, 11_759_999, 11_760_000, 11_760_001, 705_600_000 * 31 + 17] {
                let tick = first_tick(Flicks(due), hz);
                assert!(Flicks::of_tick(tick, hz).0 >= due, "{due} at {hz} Hz");
                assert!(tick == 0 || Flicks::of_tick(tick - 1, hz).0 < due, "{due} at {hz} Hz");
            }
        }
    }
}
