//! The patrol: the thread that looks which entry is under way, and acts on one that takes too long.
//!
//! It holds no lock of Python's at any time, so nothing that a script does can stop it.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::clock::{self, ThreadClock};
use super::entry::GATE;
use super::signal::{self, ThreadId};
use super::stack::StackProbe;
use super::{label, step_limit};

/// The longest time between two looks. A strike comes that much after the limit at most.
const MAX_PAUSE: Duration = Duration::from_millis(20);

/// The shortest time between two looks.
const MIN_PAUSE: Duration = Duration::from_micros(500);

/// Between two strikes: enough for a `finally` that cleans up.
const BETWEEN_STRIKES: Duration = Duration::from_millis(50);

/// How many strikes in a row may reach nothing before the entry is told of.
const UNANSWERED: u32 = 5;

/// The watchdog's thread.
pub(super) struct Patrol {
    clock: ThreadClock,
    thread: ThreadId,
    probe: Arc<StackProbe>,
}

/// The entry that was under way at the last look.
struct Sighting {
    serial: u64,
    /// How long it has been under way, as far as this thread was there to see it.
    lasted: Duration,
    /// When it is struck next, on the same count.
    next: Duration,
    /// How many strikes in a row reached nothing, and how many reached it by the last look.
    unanswered: u32,
    answers: u32,
    is_told_of: bool,
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
            let pause = step_limit().map_or(MAX_PAUSE, |limit| limit / 8);
            let pause = pause.clamp(MIN_PAUSE, MAX_PAUSE);
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
        let was_struck = sighting.next > Duration::ZERO;
        if was_struck && !GATE.is_aimed_at(sighting.serial) {
            *sighting = Sighting::new(sighting.serial); // It was spared, and is as if it began now.
            return;
        }
        if sighting.lasted < limit.max(sighting.next) {
            return;
        }
        sighting.next = sighting.lasted + BETWEEN_STRIKES;
        let is_first = !GATE.is_aimed_at(sighting.serial);
        if !is_first {
            let answers = GATE.answers.load(Ordering::Relaxed);
            let is_answered = answers != sighting.answers;
            sighting.unanswered = if is_answered { 0 } else { sighting.unanswered + 1 };
            sighting.answers = answers;
        }
        self.strike(sighting);
        if sighting.unanswered == UNANSWERED && !sighting.is_told_of {
            sighting.is_told_of = true;
            self.tell(sighting);
        }
    }

    fn strike(&self, sighting: &Sighting) {
        // Of strikes that reach nothing, the first tells how long the thread has not been ready.
        if sighting.unanswered == 0 {
            GATE.note_strike(clock::now(), self.clock.read());
        }
        GATE.aim(sighting.serial);
        if GATE.serial() != Some(sighting.serial) {
            return; // It has come to its end just now.
        }
        signal::send(self.thread);
        if sighting.unanswered > 0 {
            signal::ask();
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

impl Sighting {
    fn new(serial: u64) -> Self {
        Self {
            serial,
            lasted: Duration::ZERO,
            next: Duration::ZERO,
            unanswered: 0,
            answers: 0,
            is_told_of: false,
        }
    }
}
