//! What the patrol makes of what it sees: when an entry is struck, and how.
//!
//! Nothing here looks at a clock: how long an entry lasts is told by whoever looks.

use std::time::Duration;

/// The longest time between two looks. An entry may have begun that long before it is first seen.
pub(super) const MAX_PAUSE: Duration = Duration::from_millis(20);

/// The shortest time between two looks.
const MIN_PAUSE: Duration = Duration::from_micros(500);

/// Between two strikes that arrive: enough for a `finally` that cleans up. The third is the last
/// resort, so whoever swallows all of them is stopped 70 ms after its limit, and promises are 100.
pub(super) const BETWEEN_STRIKES: Duration = Duration::from_millis(25);

/// A thread that runs or waits in Python takes a strike within this time.
const ANSWER: Duration = Duration::from_millis(10);

/// Between two strikes at a call that does not answer: each interrupts what the call waits for.
const BETWEEN_CALLS: Duration = Duration::from_millis(50);

/// How many strikes in a row may reach nothing before the entry is told of.
const UNANSWERED: u32 = 5;

/// What is to be done about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The signal.
    Strike,
    /// The signal and the pending call: the last strike reached nothing.
    StrikeAndAsk,
    /// The same, and people are told of it.
    StrikeAndTell,
}

/// An entry that is under way.
pub(super) struct Sighting {
    pub(super) serial: u64,
    /// How long it has been under way, as far as the patrol was there to see it.
    pub(super) lasted: Duration,
    /// When it was last struck, on the same count, if it was, and when something is to be done next.
    struck: Option<Duration>,
    next: Duration,
    /// Whether that strike has arrived; if not, how many in a row have not by now.
    is_answered: bool,
    unanswered: u32,
    /// How many had arrived by the last look.
    answers: u32,
}

impl Sighting {
    /// An entry that is seen for the first time.
    pub(super) fn new(serial: u64) -> Self {
        Self {
            serial,
            lasted: Duration::ZERO,
            struck: None,
            next: Duration::ZERO,
            is_answered: false,
            unanswered: 0,
            answers: 0,
        }
    }

    /// Whether it has been struck.
    pub(super) fn is_struck(&self) -> bool {
        self.struck.is_some()
    }

    /// How long the patrol may look away.
    pub(super) fn pause(&self, limit: Duration) -> Duration {
        limit.max(self.next).saturating_sub(self.lasted).clamp(MIN_PAUSE, longest_pause(limit))
    }

    /// What is to be done by now, where `answers` strikes have arrived so far.
    pub(super) fn look(&mut self, limit: Duration, answers: u32) -> Option<Order> {
        if self.lasted < limit.max(self.next) {
            return None;
        }
        if let Some(struck) = self.struck {
            if answers != self.answers {
                (self.answers, self.is_answered, self.unanswered) = (answers, true, 0);
                self.next = struck + BETWEEN_STRIKES;
                if self.lasted < self.next {
                    return None;
                }
            } else if !self.is_answered {
                self.unanswered += 1;
            }
        }
        self.struck = Some(self.lasted);
        self.is_answered = false;
        self.next = self.lasted + if self.unanswered == 0 { ANSWER } else { BETWEEN_CALLS };
        Some(match self.unanswered {
            0 => Order::Strike,
            UNANSWERED => Order::StrikeAndTell,
            _ => Order::StrikeAndAsk,
        })
    }
}

/// The longest time between two looks where an entry may take `limit`.
pub(super) fn longest_pause(limit: Duration) -> Duration {
    (limit / 8).clamp(MIN_PAUSE, MAX_PAUSE)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BETWEEN_STRIKES, MAX_PAUSE, Order, Sighting};
    use crate::watchdog::strike::PATIENCE;

    const LIMIT: Duration = Duration::from_millis(250);

    /// The strikes at an entry within a second from its beginning: when, and of which kind. It
    /// is first seen as late as can be; `arrives` says which strikes do, counted from 0.
    fn strikes(arrives: impl Fn(usize) -> bool) -> Vec<(Duration, Order)> {
        let mut sighting = Sighting::new(1);
        let mut strikes = Vec::new();
        let mut answers = 0;
        while sighting.lasted < Duration::from_secs(1) {
            sighting.lasted += sighting.pause(LIMIT);
            if let Some(order) = sighting.look(LIMIT, answers) {
                answers += u32::from(arrives(strikes.len()));
                strikes.push((MAX_PAUSE + sighting.lasted, order));
            }
        }
        strikes
    }

    /// The last resort comes within 100 ms of the limit, with time to spare for a loaded system.
    #[test]
    fn who_swallows_every_strike_is_stopped_in_time() {
        let strikes = strikes(|_| true);
        let (at, order) = strikes[PATIENCE as usize];
        assert_eq!(order, Order::Strike);
        assert!(at <= LIMIT + Duration::from_millis(75), "{at:?}");
    }

    /// Who handles the exception has the time between two strikes for it, undisturbed.
    #[test]
    fn who_cleans_up_has_time_for_it() {
        let strikes = strikes(|_| true);
        assert!(strikes.windows(2).all(|pair| pair[1].0 - pair[0].0 >= BETWEEN_STRIKES));
    }

    /// Where the signal reaches nothing, Python is asked soon after.
    #[test]
    fn who_takes_the_signal_is_asked_at_once() {
        let strikes = strikes(|number| number > 0);
        let (at, order) = strikes[1];
        assert_eq!(order, Order::StrikeAndAsk);
        assert!(at <= LIMIT + Duration::from_millis(35), "{at:?}");
        assert_eq!(strikes[2].1, Order::Strike);
    }

    /// Who never answers is told of once, and asked again and again.
    #[test]
    fn who_never_answers_is_told_of_once() {
        let strikes = strikes(|_| false);
        let told: Vec<_> =
            strikes.iter().filter(|(_, order)| *order == Order::StrikeAndTell).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].0 >= LIMIT + Duration::from_millis(200), "{told:?}");
        assert!(strikes.len() > 10);
    }

    /// Nobody is struck before the limit.
    #[test]
    fn nobody_is_struck_before_the_limit() {
        assert!(strikes(|_| true)[0].0 >= LIMIT);
    }
}
