//! In which order, and when, steps are made.

use super::{Act, Bench, entity, idle, spawn};
use crate::process::{Next, Priority};

/// The higher priority steps first; equals step in the order of their spawning.
#[test]
fn steps_go_by_priority_then_spawn_order() {
    let mut bench = Bench::new();
    bench.spawn("low", -1, 0.0);
    bench.spawn("first", 5, 0.0);
    bench.spawn("second", 5, 0.1);
    bench.spawn("high", 9, 0.0);
    for _ in 0..3 {
        assert_eq!(bench.turn(), ["high", "first", "second", "low"]);
    }
}

/// An interval shorter than a tick is stepped once for each due time, with its own `dt`.
#[test]
fn short_intervals_step_several_times_a_tick() {
    let mut bench = Bench::new();
    bench.spawn("fast", 0, 0.025);
    bench.spawn("tick", 1, 0.0);
    let fast = ("fast".to_owned(), 25_000);
    let tick = ("tick".to_owned(), 100_000);
    let expected = [tick, fast.clone(), fast.clone(), fast.clone(), fast];
    assert_eq!(bench.run(1), expected);
    assert_eq!(bench.run(1), expected);
}

/// Due times are the spawn time plus whole intervals, however they fall between ticks.
#[test]
fn long_intervals_do_not_drift() {
    let mut bench = Bench::new();
    bench.spawn("slow", 0, 0.35);
    // The first step comes with the tick after the spawn, at 0.1; then every 0.35 s exactly.
    let steps = bench.run(70_000).len();
    assert_eq!(steps, 1 + ((7_000.0_f64 - 0.1) / 0.35).floor() as usize);
}

/// A process spawned in a step is first stepped in the next tick.
#[test]
fn a_newborn_waits_for_the_next_tick() {
    let mut bench = Bench::new();
    let log = bench.log.clone();
    let mut born = false;
    let act: Act = Box::new(move |world, _| {
        if !std::mem::replace(&mut born, true) {
            spawn(world, &log, "child", 100, 0.0, idle());
        }
        Ok(Next::Interval)
    });
    bench.spawn_acting("parent", 0, 0.0, act);
    assert_eq!(bench.turn(), ["parent"]);
    assert_eq!(bench.turn(), ["child", "parent"]);
}

/// A new priority orders the next tick, and no step of this one is lost or made twice.
#[test]
fn a_new_priority_loses_no_step() {
    let mut bench = Bench::new();
    let act: Act = Box::new(|world, _| {
        let other = entity(world, "b");
        world.entity_mut(other).insert(Priority(5));
        Ok(Next::Interval)
    });
    bench.spawn_acting("a", 1, 0.0, act);
    bench.spawn("b", 0, 0.0);
    assert_eq!(bench.turn(), ["a", "b"]);
    assert_eq!(bench.turn(), ["b", "a"]);
}
