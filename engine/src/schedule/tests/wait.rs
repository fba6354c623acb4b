//! Processes that choose when they are stepped again, and those that begin anew.

use std::sync::{Arc, Mutex};

use super::{Act, Bench, entity, idle};
use crate::alert::Alerts;
use crate::clock::Flicks;
use crate::process::{self, Held, Missed, Next, Restart, StepError};

fn secs(secs: f64) -> Flicks {
    Flicks::from_secs(secs).unwrap()
}

/// A process that chooses its times; each step takes the next of `choices`, the last one again.
fn choosing(choices: &[Next]) -> Act {
    let choices = choices.to_vec();
    let mut position = 0;
    Box::new(move |_, _| {
        let next = choices[position];
        position = (position + 1).min(choices.len() - 1);
        Ok(next)
    })
}

/// Chosen times are counted from due time to due time: they do not drift, and a short one brings
/// several steps in a tick.
#[test]
fn chosen_times_do_not_drift() {
    let mut bench = Bench::new();
    bench.spawn_acting("p", 0, 0.0, choosing(&[Next::After(secs(0.03))]));
    let steps = bench.run(100);
    // The first comes at 0.1 s; then one every 0.03 s up to 10 s.
    assert_eq!(steps.len(), 1 + 330);
    assert!(steps[1..].iter().all(|(_, dt)| *dt == 30_000));
}

/// One that waits to be woken is not stepped until somebody wakes it, or until its time is over.
#[test]
fn one_that_waits_is_stepped_when_woken() {
    let mut bench = Bench::new();
    let waits = [Next::Woken(None), Next::Woken(Some(secs(0.35))), Next::Tick, Next::Interval];
    let process = bench.spawn_acting("p", 0, 0.0, choosing(&waits));
    assert_eq!(bench.turn(), ["p"]);
    assert!(bench.run(20).is_empty());
    let wake = |bench: &mut Bench, due: f64| {
        process::wake(bench.machine.world_mut(), process, secs(due));
    };
    wake(&mut bench, 0.0);
    assert_eq!(bench.turn(), ["p"]); // Tick 22, at 2.2 s.
    wake(&mut bench, 2.4);
    assert!(bench.turn().is_empty());
    assert_eq!(bench.turn(), ["p"]);
    assert_eq!(bench.turn(), ["p"]);
    wake(&mut bench, 0.0); // It does not wait any more: nothing changes.
    assert_eq!(bench.turn(), ["p"]);
}

/// The time limit of a wait wakes, if nobody else does.
#[test]
fn a_wait_with_a_limit_ends() {
    let mut bench = Bench::new();
    bench.spawn_acting("p", 0, 0.0, choosing(&[Next::Woken(Some(secs(0.35)))]));
    assert_eq!(bench.run(10).len(), 3); // At 0.1, 0.45 and 0.8 s.
}

/// A pause does not make a sleeper lose its time, and one woken meanwhile goes on afterwards.
#[test]
fn a_pause_keeps_what_a_process_waits_for() {
    let mut bench = Bench::new();
    let sleeper = bench.spawn_acting("s", 1, 0.0, choosing(&[Next::After(secs(0.5))]));
    let waiter = bench.spawn_acting("w", 0, 0.0, choosing(&[Next::Woken(None)]));
    assert_eq!(bench.turn(), ["s", "w"]);
    for process in [sleeper, waiter] {
        process::pause(bench.machine.world_mut(), process);
    }
    bench.turn();
    process::wake(bench.machine.world_mut(), waiter, Flicks::ZERO);
    assert!(bench.turn().is_empty());
    for process in [sleeper, waiter] {
        process::resume(bench.machine.world_mut(), process);
    }
    assert_eq!(bench.turn(), ["w"]);
    assert!(bench.turn().is_empty());
    assert_eq!(bench.turn(), ["s"]);
}

/// Whoever waits for the end of a process is woken in the tick after it.
#[test]
fn the_end_of_a_process_wakes() {
    let mut bench = Bench::new();
    let act: Act = Box::new(|world, waiter| {
        let Some(other) = world.resource::<process::Names>().get("other") else {
            return Ok(Next::Done);
        };
        assert!(process::wake_at_end(world, other, waiter).is_ok());
        Ok(Next::Woken(None))
    });
    bench.spawn_acting("waiter", 0, 0.0, act);
    let other = bench.spawn("other", 0, 0.0);
    assert_eq!(bench.turn(), ["waiter", "other"]);
    process::delete(bench.machine.world_mut(), other);
    assert_eq!(bench.turn(), ["end other"]);
    assert_eq!(bench.turn(), ["waiter", "end waiter"]);
}

/// A process is restarted as often as it asks for; then it is held.
#[test]
fn a_restart_has_its_limit() {
    let mut bench = Bench::new();
    let process = bench.spawn_acting("p", 0, 0.0, Box::new(|_, _| Err(StepError::fault("no"))));
    let restart = Restart { limit: 2, within: secs(10.0) };
    bench.machine.world_mut().entity_mut(process).insert(restart);
    assert_eq!(bench.run(20).len(), 3);
    let world = bench.machine.world();
    assert!(world.get::<Held>(process).is_some());
    let alerts: Vec<_> = world.resource::<Alerts>().recent().map(|it| it.text.clone()).collect();
    let expected =
        ["restarted (1 of 2 in 10.000 s): no", "restarted (2 of 2 in 10.000 s): no", "held: no"];
    assert_eq!(alerts, expected);
    assert_eq!(process::accounting(world, process).unwrap().faults, 3);
}

/// Restarts that lie further back than the limit looks do not count.
#[test]
fn old_restarts_are_forgotten() {
    let mut bench = Bench::new();
    let process = bench.spawn_acting("p", 0, 1.0, Box::new(|_, _| Err(StepError::fault("no"))));
    let restart = Restart { limit: 1, within: secs(0.05) };
    bench.machine.world_mut().entity_mut(process).insert(restart);
    assert_eq!(bench.run(50).len(), 50);
    assert!(bench.machine.world().get::<Held>(process).is_none());
}

/// An interval, a policy and a wait may be changed at any time without a step lost or made twice.
#[test]
fn new_terms_leave_a_chosen_wait_alone() {
    let mut bench = Bench::new();
    bench.spawn_acting("p", 0, 0.0, choosing(&[Next::After(secs(0.5))]));
    bench.spawn_acting("q", 0, 0.0, idle());
    assert_eq!(bench.turn(), ["p", "q"]);
    let process = entity(bench.machine.world(), "p");
    let interval = process::Interval::from_secs(0.2).unwrap();
    bench.machine.world_mut().entity_mut(process).insert((interval, Missed::Burst));
    let steps = bench.run(10);
    assert_eq!(steps.iter().filter(|(name, _)| name == "p").count(), 2);
    assert_eq!(steps.iter().filter(|(name, _)| name == "q").count(), 10);
}

/// What a step says of its next one is forgotten when the process is held.
#[test]
fn a_held_process_is_due_at_once_when_resumed() {
    let mut bench = Bench::new();
    let fails = Arc::new(Mutex::new(false));
    let flag = fails.clone();
    let act: Act = Box::new(move |_, _| {
        if std::mem::replace(&mut *flag.lock().unwrap(), true) {
            return Err(StepError::fault("no"));
        }
        Ok(Next::After(secs(0.1)))
    });
    let process = bench.spawn_acting("p", 0, 0.0, act);
    assert_eq!(bench.run(5).len(), 2);
    *fails.lock().unwrap() = false;
    process::resume(bench.machine.world_mut(), process);
    assert_eq!(bench.turn(), ["p"]);
}

/// One that would step later does so in this tick, or in the next one if it has had its step: whether it
/// waits for its interval or sleeps. One whose time has come makes its step as ever.
#[test]
fn a_hastened_process_steps_at_once() {
    let mut bench = Bench::new();
    let slow = bench.spawn("Slow", 0, 3600.0);
    let mut sleeps = 0;
    let sleep: Act = Box::new(move |_, _| {
        sleeps += 1;
        Ok(if sleeps == 1 { Next::After(Flicks(100 * Flicks::PER_SECOND)) } else { Next::Interval })
    });
    let sleeper = bench.spawn_acting("Sleeper", 0, 50.0, sleep);
    let quick = bench.spawn("Quick", 0, 0.05);
    let own = |log: Vec<(String, u64)>| -> Vec<_> {
        log.into_iter().filter(|(name, _)| name != "Quick").collect()
    };
    assert_eq!(own(bench.run(3)).len(), 2, "their first steps");
    assert!(own(bench.run(3)).is_empty());
    for process in [slow, sleeper, quick] {
        process::hasten(bench.machine.world_mut(), process);
    }
    let log = bench.run(1);
    assert_eq!(log.iter().filter(|(name, _)| name == "Quick").count(), 2);
    let names: Vec<_> = own(log).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Slow", "Sleeper"]);
    assert!(own(bench.run(5)).is_empty());
    process::pause(bench.machine.world_mut(), slow);
    process::hasten(bench.machine.world_mut(), slow);
    assert!(own(bench.run(5)).is_empty());
}
