//! Steps that do not fit into their tick.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bevy_ecs::entity::Entity;
use proptest::prelude::{ProptestConfig, prop, prop_assert, proptest};

use super::{Act, Bench, Log, spawn};
use crate::clock::{Clock, Flicks, Idle, Stopwatch};
use crate::machine::Machine;
use crate::process::{self, Missed, Next};
use crate::schedule::FrameBudget;
use crate::schedule::due::PATIENCE;

/// A clock whose ticks have a span of real time, which nobody waits for.
struct Paced;

impl Clock for Paced {
    fn wait(&mut self, _: Flicks, _: &mut dyn Idle) -> Flicks {
        Flicks::ZERO
    }

    fn is_paced(&self) -> bool {
        true
    }
}

/// A bench whose steps may take 50 ms of each tick's 100, by a stopwatch that the steps move.
struct Loaded {
    bench: Bench,
    nanos: Arc<AtomicU64>,
}

impl Loaded {
    fn new() -> Self {
        let nanos = Arc::new(AtomicU64::new(0));
        let stopwatch = Stopwatch::manual(nanos.clone());
        let half = FrameBudget::of(0.5).unwrap();
        let builder = Machine::builder().clock(Paced).stopwatch(stopwatch).frame_budget(half);
        Self { bench: Bench::of(builder), nanos }
    }

    /// A process whose steps take `millis`.
    fn spawn(&mut self, name: &str, priority: i32, interval: f64, millis: u64) -> Entity {
        let nanos = self.nanos.clone();
        let act: Act = Box::new(move |_, _| {
            nanos.fetch_add(millis * 1_000_000, Ordering::Relaxed);
            Ok(Next::Interval)
        });
        let log: Log = self.bench.log.clone();
        spawn(self.bench.machine.world_mut(), &log, name, priority, interval, act)
    }

    fn set_missed(&mut self, process: Entity, missed: Missed) {
        self.bench.machine.world_mut().entity_mut(process).insert(missed);
    }
}

/// What fits is made by priority; the rest waits, and is counted as late.
#[test]
fn what_does_not_fit_waits() {
    let mut loaded = Loaded::new();
    loaded.spawn("a", 2, 0.0, 30);
    loaded.spawn("b", 1, 0.0, 30);
    let c = loaded.spawn("c", 0, 0.0, 30);
    assert_eq!(loaded.bench.turn(), ["a", "b"]);
    for _ in 1..PATIENCE {
        assert_eq!(loaded.bench.turn(), ["a", "b"]);
    }
    // It has risen.
    assert_eq!(loaded.bench.turn(), ["c", "a"]);
    let accounting = process::accounting(loaded.bench.machine.world(), c).unwrap();
    assert_eq!((accounting.steps, accounting.late), (1, 1));
    assert_eq!(
        (accounting.last_secs, accounting.max_secs, accounting.mean_secs),
        (0.03, 0.03, 0.03)
    );
    assert_eq!(accounting.missed, PATIENCE);
    // Ticks are 0.1 s.
    assert_eq!(accounting.lateness_secs, 0.4);
}

/// However long steps take, one is made in each tick, and nobody waits for longer than the bound.
#[test]
fn nobody_starves() {
    let mut loaded = Loaded::new();
    let names: Vec<String> = (0..20).map(|number| format!("p{number}")).collect();
    for (number, name) in names.iter().enumerate() {
        let interval = [0.0, 0.03, 0.1, 0.25][number % 4];
        loaded.spawn(name, i32::try_from(number).unwrap(), interval, 1_000);
    }
    let mut last = vec![0; names.len()];
    for tick in 1..=2_000_u64 {
        let steps = loaded.bench.turn();
        assert_eq!(steps.len(), 1);
        let number = names.iter().position(|name| *name == steps[0]).unwrap();
        let bound = PATIENCE + 20 + 3; // 0.25 s are due every third tick at the latest.
        assert!(tick - last[number] <= bound, "{} waited {}", steps[0], tick - last[number]);
        last[number] = tick;
    }
    assert!(last.iter().all(|tick| *tick > 1_970));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..Default::default() })]

    /// Whatever steps take and however they are ordered, each of `n` processes makes its step within
    /// `PATIENCE + n` ticks of its due time.
    #[test]
    fn a_wait_has_its_bound(
        processes in prop::collection::vec((-9..9, 0_usize..5, 0_usize..3, 0_u64..200), 1..25),
    ) {
        let intervals = [(0.0, 1), (0.03, 1), (0.1, 1), (0.25, 3), (1.0, 10)];
        let mut loaded = Loaded::new();
        let mut last = HashMap::new();
        for (number, &(priority, interval, missed, millis)) in processes.iter().enumerate() {
            let (secs, ticks) = intervals[interval];
            let name = format!("p{number}");
            let process = loaded.spawn(&name, priority, secs, millis);
            loaded.set_missed(process, Missed::ALL[missed].1);
            last.insert(name, (0, ticks));
        }
        let bound = PATIENCE + processes.len() as u64;
        for tick in 1..=300_u64 {
            let steps = loaded.bench.turn();
            prop_assert!(!steps.is_empty() || last.values().all(|(_, ticks)| *ticks > 1));
            for name in steps {
                last.entry(name).and_modify(|(last, _)| *last = tick);
            }
            for (name, (last, ticks)) in &last {
                let waited = tick - last;
                prop_assert!(waited <= ticks + bound, "{name} waits {waited} ticks in tick {tick}");
            }
        }
    }
}

/// The policies differ in what they make of the due times that passed: a process of 0.1 s that is
/// kept waiting for half a second at 0.3 s.
fn steps_after_a_stall(missed: Missed, interval: f64) -> Vec<u64> {
    let mut loaded = Loaded::new();
    let process = loaded.spawn("p", -1, interval, 0);
    loaded.set_missed(process, missed);
    loaded.bench.run(2);
    let hogs: Vec<_> =
        (0..PATIENCE).map(|number| loaded.spawn(&format!("h{number}"), 9, 0.0, 60)).collect();
    loaded.bench.run(PATIENCE);
    for hog in hogs {
        process::delete(loaded.bench.machine.world_mut(), hog);
    }
    let steps = loaded.bench.run(3).into_iter();
    steps.filter(|(name, _)| name == "p").map(|(_, dt)| dt / 1_000).collect()
}

/// Every tick, and an interval of a tick, and one of two and a half, under the three policies.
#[test]
fn missed_due_times_follow_the_policy() {
    // The first hog steps in the tick after its spawn, so p waits in ticks 3 to 6 (PATIENCE is 4)
    // and is free again in tick 7.
    for interval in [0.0, 0.1] {
        assert_eq!(steps_after_a_stall(Missed::Skip, interval), [500, 100, 100], "{interval}");
        assert_eq!(steps_after_a_stall(Missed::Burst, interval), [100; 7], "{interval}");
        assert_eq!(steps_after_a_stall(Missed::Delay, interval), [500, 100, 100], "{interval}");
    }
    // Steps at 0.1, 0.35 (missed), 0.6 (missed), 0.85 s.
    assert_eq!(steps_after_a_stall(Missed::Skip, 0.25), [500, 250]);
    assert_eq!(steps_after_a_stall(Missed::Burst, 0.25), [250, 250, 250]);
    // One at 0.7 s, and the next would be at 0.95 s.
    assert_eq!(steps_after_a_stall(Missed::Delay, 0.25), [600]);
}

/// A burst is bounded: the older due times are passed over, and counted.
#[test]
fn a_burst_is_bounded() {
    let mut loaded = Loaded::new();
    let process = loaded.spawn("p", -1, 0.01, 0);
    loaded.set_missed(process, Missed::Burst);
    loaded.bench.run(1);
    loaded.spawn("hog", 9, 0.0, 60);
    assert_eq!(loaded.bench.turn(), ["hog"]);
    let hog = super::entity(loaded.bench.machine.world(), "hog");
    process::delete(loaded.bench.machine.world_mut(), hog);
    // The ten of its own tick, and eight of the ten before.
    assert_eq!(loaded.bench.turn().iter().filter(|name| *name == "p").count(), 18);
    let accounting = process::accounting(loaded.bench.machine.world(), process).unwrap();
    assert_eq!(accounting.missed, 2);
}

/// Without a pace there is no budget: a run is the same however long its steps take.
#[test]
fn the_virtual_clock_has_no_budget() {
    let nanos = Arc::new(AtomicU64::new(0));
    let builder = Machine::builder().stopwatch(Stopwatch::manual(nanos.clone()));
    let mut loaded = Loaded { bench: Bench::of(builder), nanos };
    loaded.spawn("a", 2, 0.0, 3_000);
    loaded.spawn("b", 1, 0.0, 3_000);
    assert_eq!(loaded.bench.turn(), ["a", "b"]);
}
