//! The patrol: the thread that looks which entry is under way, and acts on one that takes too long.
//!
//! It holds no lock of Python's at any time, so nothing that a script does can stop it.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::clock::{self, ThreadClock};
use super::entry::GATE;
use super::sighting::{MAX_PAUSE, Order, Sighting, longest_pause};
use super::signal::{self, ThreadId};
use super::stack::StackProbe;
use super::{label, step_limit};

/// The watchdog's thread.
pub(super) struct Patrol {
    clock: ThreadClock,
    thread: ThreadId,
    probe: Arc<StackProbe>,
}

impl Patrol {
    /// One for the machine's thread.
    pub(super) fn new(clock: ThreadClock, thread: ThreadId, probe: Arc<StackProbe>) -> Self {
        Self { clock, thread, probe }
    }

    /// Looks again and again until it `is_over`.
    pub(super) fn run(&self, is_over: &AtomicBool) {
        let mut sighting: Option<Sighting> = None;
        let mut last = clock::now();
        while !is_over.load(Ordering::Relaxed) {
            let pause = match (&sighting, step_limit()) {
                (Some(sighting), Some(limit)) => sighting.pause(label::limit(GATE.label(), limit)),
                (None, Some(limit)) => longest_pause(limit),
                (_, None) => MAX_PAUSE,
            };
            std::thread::park_timeout(pause);
            let now = clock::now();
            // Where this thread was kept from running, by a stopped program or a loaded system, the
            // entry probably was, too.
            let passed = Duration::from_nanos(now.saturating_sub(last)).min(pause * 2);
            last = now;
            let Some((serial, limit)) = GATE.serial().zip(step_limit()) else {
                sighting = None;
                continue;
            };
            match &mut sighting {
                Some(sighting) if sighting.serial == serial => {
                    sighting.lasted += passed;
                    self.watch(sighting, label::limit(GATE.label(), limit));
                }
                _ => sighting = Some(Sighting::new(serial)),
            }
        }
    }

    /// Acts on an entry that was there at the last look, too.
    fn watch(&self, sighting: &mut Sighting, limit: Duration) {
        if sighting.is_struck() && !GATE.is_aimed_at(sighting.serial) {
            *sighting = Sighting::new(sighting.serial); // It was spared, and is as if it began now.
            return;
        }
        let Some(order) = sighting.look(limit, GATE.answers.load(Ordering::Relaxed)) else {
            return;
        };
        // Of strikes that reach nothing, the first tells how long the thread has not been ready.
        if order == Order::Strike {
            GATE.note_strike(clock::now(), self.clock.read());
        }
        GATE.aim(sighting.serial);
        if GATE.serial() != Some(sighting.serial) {
            return; // It has come to its end just now.
        }
        // In this order: CPython may miss what it is asked while it takes a signal.
        if order != Order::Strike {
            signal::ask();
        }
        signal::send(self.thread);
        if order == Order::StrikeAndTell {
            self.tell(sighting);
        }
    }

    /// Tells of an entry that does not answer, while it lasts.
    fn tell(&self, sighting: &Sighting) {
        let name = label::name(GATE.label());
        let stack = self.probe.look(self.thread);
        if GATE.serial() != Some(sighting.serial) {
            return;
        }
        let secs = sighting.lasted.as_secs_f64();
        let what = match self.clock.read() {
            Some(computing) if GATE.has_waited(computing) => "waits for a thread that keeps Python",
            Some(_) | None => "in a call that cannot be interrupted",
        };
        // The machine's thread, which alerts come from, is the one that does not answer.
        let _ = writeln!(
            std::io::stderr(),
            "{name}: error: {what}, for {secs:.1} s by now; the machine stands still until then\n\
             {stack}"
        );
    }
}
