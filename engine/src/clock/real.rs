//! The clock on the wall.

use std::time::{Duration, Instant};

use super::{Clock, Flicks, Idle};

/// How late the machine may be and still catch up, by ticks without pause. Beyond it, time is
/// dropped: a quarter of a second is what a user still takes for a stutter, and bounds the burst.
const MAX_LAG: Duration = Duration::from_millis(250);

/// The last stretch of a wait, spun instead of slept: Linux wakes a sleeper 50 to 100 µs late.
const SPIN: Duration = Duration::from_micros(200);

/// Paces ticks by the monotonic clock of the system.
#[derive(Debug, Default)]
pub struct RealClock {
    /// The instant of simulation time zero, moved on by what was dropped.
    origin: Option<Instant>,
}

impl Clock for RealClock {
    fn wait(&mut self, at: Flicks, idle: &mut dyn Idle) -> Flicks {
        let now = Instant::now();
        let origin = *self.origin.get_or_insert_with(|| before(now, at.as_duration()));
        let due = origin + at.as_duration();
        if let Some(lag) = now.checked_duration_since(due).filter(|lag| *lag > MAX_LAG) {
            self.origin = Some(origin + lag);
            idle.idle(&mut || {});
            return Flicks::from_secs(lag.as_secs_f64()).unwrap_or(Flicks::ZERO);
        }
        idle.idle(&mut || {
            let left = due.saturating_duration_since(Instant::now());
            if left > SPIN {
                std::thread::sleep(left - SPIN);
            }
        });
        while Instant::now() < due {
            std::hint::spin_loop();
        }
        Flicks::ZERO
    }

    fn wait_between(&mut self, at: Flicks, idle: &mut dyn Idle) -> bool {
        let Some(due) = self.origin.map(|origin| origin + at.as_duration()) else { return false };
        let left = due.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        idle.idle(&mut || std::thread::sleep(left));
        true
    }

    fn is_paced(&self) -> bool {
        true
    }
}

fn before(now: Instant, span: Duration) -> Instant {
    now.checked_sub(span).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::RealClock;
    use crate::clock::{Clock, Flicks, PlainIdle};

    /// A tick is never begun before its time.
    #[test]
    fn a_tick_waits_for_its_time() {
        let mut clock = RealClock::default();
        clock.wait(Flicks::ZERO, &mut PlainIdle);
        let start = Instant::now();
        let dropped = clock.wait(Flicks::from_secs(0.02).unwrap(), &mut PlainIdle);
        assert!(start.elapsed() > Duration::from_millis(19));
        assert_eq!(dropped, Flicks::ZERO);
    }

    /// A machine that stalled for long drops the time instead of running after it.
    #[test]
    fn a_long_stall_is_dropped() {
        let mut clock = RealClock::default();
        clock.wait(Flicks::from_secs(10.0).unwrap(), &mut PlainIdle);
        clock.origin = clock.origin.map(|origin| origin - Duration::from_secs(5));
        let next = Flicks::from_secs(10.01).unwrap();
        let dropped = clock.wait(next, &mut PlainIdle).as_secs();
        assert!((4.9..6.0).contains(&dropped), "{dropped}");
        assert_eq!(clock.wait(next, &mut PlainIdle), Flicks::ZERO);
    }
}
