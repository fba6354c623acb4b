//! Steps that are made together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{Bench, Log, entity};
use crate::clock::{Flicks, Now, Stopwatch};
use crate::machine::Machine;
use crate::process::{self, Behaviour, Held, NewProcess, Next, Step, StepError, StepsInARow};
use crate::schedule::{self, Row};

/// What the last step of a row comes to.
#[derive(Clone, Copy)]
enum Link {
    Fine,
    Fails,
    Panics,
    Exits,
    DeletesNext,
    Sleeps,
    /// Begins no step in a row, though it says that it would.
    Refuses,
}

struct Chained {
    name: &'static str,
    log: Log,
    link: Link,
}

impl Chained {
    fn act(&self, world: &mut World, dt: f64) -> Result<Next, StepError> {
        self.note(self.name, dt);
        match self.link {
            Link::Fine | Link::Refuses => Ok(Next::Interval),
            Link::Fails => Err(StepError::fault("no")),
            Link::Panics => panic!("out of range"),
            Link::Exits => Err(StepError::Exit),
            Link::DeletesNext => {
                let next = entity(world, "next");
                process::delete(world, next);
                Ok(Next::Interval)
            }
            Link::Sleeps => Ok(Next::After(Flicks::of_tick(3, 10))),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and positive"
    )]
    fn note(&self, what: &str, dt: f64) {
        self.log.lock().unwrap().push((what.to_owned(), (dt * 1e6).round() as u64));
    }
}

impl Behaviour for Chained {
    fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        self.note("alone:", 0.0);
        self.act(step.world, step.dt)
    }

    fn row(&self) -> Option<StepsInARow> {
        fn steps(world: &mut World, row: &mut Row<'_, '_>) -> Result<Next, StepError> {
            let is_meant = |link: &Chained| !matches!(link.link, Link::Refuses);
            while let Some((link, dt)) = row.next(is_meant) {
                match link.act(world, dt)? {
                    Next::Interval => {}
                    next => return Ok(next),
                }
            }
            Ok(Next::Interval)
        }
        Some(steps)
    }
}

impl Bench {
    fn chain(&mut self, links: &[(&'static str, Link)]) -> Vec<Entity> {
        let launch = |&(name, link)| {
            let world = self.machine.world_mut();
            let new = NewProcess { name: Some(name), ..NewProcess::of("test.Chained") };
            let process = process::spawn(world, &new).unwrap();
            let log = self.log.clone();
            process::launch(world, process, Box::new(Chained { name, log, link }));
            process
        };
        links.iter().map(launch).collect()
    }
}

/// The first step of each is made by itself, for it starts then; those after it follow each other in
/// rows, past which others have their turn in order.
#[test]
fn rows_keep_the_order() {
    let mut bench = Bench::new();
    bench.chain(&[("a", Link::Fine), ("b", Link::Fine)]);
    bench.spawn("other", 0, 0.0);
    bench.chain(&[("c", Link::Refuses), ("d", Link::Fine)]);
    let first = ["alone:", "a", "alone:", "b", "other", "alone:", "c", "alone:", "d"];
    assert_eq!(bench.turn(), first);
    for _ in 0..3 {
        assert_eq!(bench.turn(), ["a", "b", "other", "alone:", "c", "d"]);
    }
}

/// A failure in a row holds the one that failed; the others of the row have their steps.
#[test]
fn a_failure_in_a_row_is_its_own() {
    for link in [Link::Fails, Link::Panics] {
        let mut bench = Bench::new();
        let processes = bench.chain(&[("a", Link::Fine), ("b", Link::Fine), ("c", Link::Fine)]);
        bench.turn();
        let bad = bench.chain(&[("bad", link)])[0];
        bench.turn();
        let world = bench.machine.world_mut();
        let holds = |process| world.get::<Held>(process).is_some();
        assert!(holds(bad) && !processes.iter().any(|process| holds(*process)));
        process::resume(world, bad);
        // It has not started, so that its step is made by itself.
        world.entity_mut(processes[2]).insert(process::Priority(-1));
        assert_eq!(bench.turn(), ["a", "b", "bad", "c"]);
        let accounts = [processes[0], processes[2], bad]
            .map(|process| process::accounting(bench.machine.world(), process).unwrap());
        assert_eq!(
            accounts.map(|account| (account.steps, account.faults)),
            [(3, 0), (3, 0), (2, 2)]
        );
    }
}

/// What a step of a row changes is taken in before the next one.
#[test]
fn changes_are_taken_in_within_a_row() {
    let mut bench = Bench::new();
    bench.chain(&[("a", Link::DeletesNext), ("next", Link::Fine), ("last", Link::Fine)]);
    assert_eq!(bench.turn(), ["alone:", "a", "alone:", "last"]);
    bench.chain(&[("next", Link::Fine)]);
    assert_eq!(bench.turn(), ["a", "last"]);
    let mut bench = Bench::new();
    bench.chain(&[("a", Link::Fine), ("exits", Link::Exits), ("sleeps", Link::Sleeps)]);
    assert_eq!(bench.turn(), ["alone:", "a", "alone:", "exits", "alone:", "sleeps"]);
    assert_eq!(bench.machine.world().resource::<process::Names>().len(), 2);
    let names: Vec<_> = (0..4).map(|_| bench.turn().join(" ")).collect();
    assert_eq!(names, ["a", "a", "a alone: sleeps", "a"]);
}

/// A row ends where the tick has no room left, and each step in it has its own time.
#[test]
fn rows_are_accounted_and_end_with_the_tick() {
    /// Takes a second.
    struct Slow(Arc<AtomicU64>);
    impl Slow {
        fn act(&self) {
            self.0.fetch_add(1_000_000_000, Ordering::Relaxed);
        }
    }
    impl Behaviour for Slow {
        fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
            self.act();
            Ok(Next::Interval)
        }
        fn row(&self) -> Option<StepsInARow> {
            Some(|_, row| {
                while let Some((slow, _)) = row.next(|_: &Slow| true) {
                    slow.act();
                }
                Ok(Next::Interval)
            })
        }
    }
    let nanos = Arc::new(AtomicU64::new(0));
    let mut machine = Machine::builder().hz(10).stopwatch(Stopwatch::manual(nanos.clone())).build();
    let world = machine.world_mut();
    let processes: Vec<_> = (0..5)
        .map(|_| {
            let process = process::spawn(world, &NewProcess::of("test.Slow")).unwrap();
            process::launch(world, process, Box::new(Slow(nanos.clone())));
            process
        })
        .collect();
    schedule::settle(world);
    let mut turn = |tick, seconds: u64| {
        world.resource_mut::<Now>().tick = tick;
        let deadline = world.resource::<Stopwatch>().read() + seconds * 1_000_000_000;
        schedule::run(world, Some(deadline));
        let account = |process| process::accounting(world, process).unwrap();
        processes.iter().map(|process| account(*process)).collect::<Vec<_>>()
    };
    turn(1, 10);
    let accounts = turn(2, 3);
    assert_eq!(accounts.iter().map(|it| it.steps).collect::<Vec<_>>(), [2, 2, 2, 1, 1]);
    assert!(accounts.iter().all(|it| it.max_secs == 1.0 && it.last_secs == 1.0));
    let accounts = turn(3, 10);
    assert_eq!(accounts.iter().map(|it| it.steps).collect::<Vec<_>>(), [3, 3, 3, 2, 2]);
    assert_eq!(accounts[4].late, 1);
}
