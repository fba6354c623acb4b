//! Processes that come, fail, pause and go.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{Act, Bench, Log, Probe, entity, idle};
use crate::alert::{Alerts, Level};
use crate::clock::Flicks;
use crate::instruction::{Instruction, Instructions};
use crate::process::{
    self, Behaviour, BoxedParcel, Held, Names, NewProcess, Next, Step, StepError,
};

/// Deleting a sibling that is due later in the tick keeps it from being stepped; its end is called.
#[test]
fn a_deleted_sibling_is_not_stepped() {
    let mut bench = Bench::new();
    let act: Act = Box::new(|world, _| {
        let victim = entity(world, "victim");
        process::delete(world, victim);
        Err(StepError::Exit)
    });
    bench.spawn_acting("killer", 1, 0.0, act);
    bench.spawn("victim", 0, 0.0);
    bench.spawn("other", -1, 0.0);
    assert_eq!(bench.turn(), ["killer", "end victim", "end killer", "other"]);
    assert_eq!(bench.turn(), ["other"]);
}

/// A deleted process takes its children, which end before it.
#[test]
fn a_deleted_process_takes_its_children() {
    let mut bench = Bench::new();
    let parent = bench.spawn("parent", 0, 0.0);
    let child = bench.spawn("child", 0, 0.0);
    let world = bench.machine.world_mut();
    world.entity_mut(child).insert(bevy_ecs::hierarchy::ChildOf(parent));
    process::delete(world, parent);
    assert_eq!(bench.turn(), ["end child", "end parent"]);
    assert_eq!(bench.machine.world().resource::<Names>().len(), 0);
}

/// A fault and a panic hold their own process only, and say so.
#[test]
fn a_failing_process_is_held_alone() {
    let mut bench = Bench::new();
    bench.spawn_acting("bad", 2, 0.0, Box::new(|_, _| Err(StepError::fault("ValueError: no"))));
    bench.spawn_acting("worse", 1, 0.0, Box::new(|_, _| panic!("out of range")));
    bench.spawn("good", 0, 0.0);
    assert_eq!(bench.turn(), ["bad", "worse", "good"]);
    assert_eq!(bench.turn(), ["good"]);
    let world = bench.machine.world_mut();
    let alerts: Vec<_> = world.resource::<Alerts>().recent().cloned().collect();
    assert_eq!(alerts[0].text, "held: ValueError: no");
    assert_eq!((alerts[1].source.as_str(), alerts[1].level), ("worse", Level::Error));
    assert_eq!(alerts[1].text, "held: out of range");
    let bad = entity(world, "bad");
    assert!(world.get::<Held>(bad).is_some());
    process::resume(world, bad);
    assert_eq!(bench.turn(), ["bad", "good"]);
}

/// A paused process is not stepped; resumed, its `dt` does not hold the pause.
#[test]
fn a_pause_is_no_time() {
    let mut bench = Bench::new();
    let process = bench.spawn("p", 0, 0.0);
    bench.run(2);
    process::pause(bench.machine.world_mut(), process);
    assert!(bench.run(5).is_empty());
    process::resume(bench.machine.world_mut(), process);
    assert_eq!(bench.run(1), [("p".to_owned(), 100_000)]);
}

/// The cost of ten thousand deletions in one tick is no square, and names are free again.
#[test]
fn ten_thousand_come_and_go_in_a_tick() {
    let mut bench = Bench::new();
    let processes: Vec<_> = (0..10_000).map(|n| bench.spawn(&format!("p{n}"), 0, 0.0)).collect();
    assert_eq!(bench.turn().len(), 10_000);
    for process in processes {
        process::delete(bench.machine.world_mut(), process);
    }
    assert_eq!(bench.turn().len(), 10_000); // Their ends.
    bench.spawn("p0", 0, 0.0);
    assert_eq!(bench.turn(), ["p0"]);
}

/// A start that fails is made again after a resume, and nothing comes before it.
#[test]
fn start_comes_before_everything_until_it_succeeds() {
    struct Starter {
        log: Log,
        fails: bool,
    }
    impl Starter {
        fn note(&self, what: &str) {
            self.log.lock().unwrap().push((what.into(), 0));
        }
    }
    impl Behaviour for Starter {
        fn start(&mut self, _: Step<'_>) -> Result<(), StepError> {
            self.note("start");
            if std::mem::take(&mut self.fails) {
                return Err(StepError::fault("not yet"));
            }
            Ok(())
        }

        fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
            self.note("step");
            Ok(Next::Interval)
        }

        fn call(
            &mut self,
            _: Step<'_>,
            _: &str,
            _: &BoxedParcel,
        ) -> Result<BoxedParcel, StepError> {
            self.note("call");
            Ok(Box::new(()))
        }
    }
    let mut bench = Bench::new();
    let new = NewProcess { name: Some("s"), ..NewProcess::of("test.Starter") };
    let log = bench.log.clone();
    let world = bench.machine.world_mut();
    let process = process::spawn(world, &new).unwrap();
    process::launch(world, process, Box::new(Starter { log, fails: true }));
    assert_eq!(bench.turn(), ["start"]);
    process::resume(bench.machine.world_mut(), process);
    let instruction = Instruction::new("s", "poke", Box::new(()));
    let now = Flicks::from_secs(0.1).unwrap();
    bench.machine.world_mut().resource_mut::<Instructions>().push(instruction, now);
    assert_eq!(bench.turn(), ["start", "call", "step"]);
    assert_eq!(bench.turn(), ["step"]);
}

/// A process that is deleted before it was ever launched is no trouble; nor is one launched twice.
#[test]
fn odd_orders_of_launch_and_deletion_are_no_trouble() {
    let mut bench = Bench::new();
    let process = bench.spawn("twice", 0, 0.0);
    let log = bench.log.clone();
    let again = Box::new(Probe { log: log.clone(), act: idle() });
    process::launch(bench.machine.world_mut(), process, again);
    assert_eq!(bench.turn(), ["twice"]);
    process::delete(bench.machine.world_mut(), process);
    assert_eq!(bench.turn(), ["end twice"]);
    assert_eq!(bench.turn(), [] as [&str; 0]);

    let new = NewProcess::of("test.Early");
    let world = bench.machine.world_mut();
    let early = process::spawn(world, &new).unwrap();
    process::delete(world, early);
    process::launch(world, early, Box::new(Probe { log, act: idle() }));
    assert_eq!(bench.turn(), ["end (deleted process)"]);
    assert_eq!(bench.machine.world().resource::<Names>().len(), 0);
}

/// A family a hundred thousand deep is deleted without recursion.
#[test]
fn a_deep_family_is_deleted() {
    let mut bench = Bench::new();
    let world = bench.machine.world_mut();
    let mut parent = None;
    for number in 0..100_000 {
        let name = format!("p{number}");
        let new = NewProcess { name: Some(&name), parent, ..NewProcess::of("test.Child") };
        parent = Some(process::spawn(world, &new).unwrap());
    }
    let root = entity(world, "p0");
    process::delete(world, root);
    bench.turn();
    assert_eq!(bench.machine.world().resource::<Names>().len(), 0);
}

/// Processes whose ends create and delete others keep the machine busy, and never hold it.
#[test]
fn an_end_that_creates_others_does_not_hang_the_machine() {
    struct Hydra;
    impl Behaviour for Hydra {
        fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
            Ok(Next::Interval)
        }

        fn end(&mut self, world: &mut World, _: Entity) -> Result<(), StepError> {
            let new = NewProcess::of("test.Hydra");
            let next = process::spawn(world, &new).unwrap();
            process::launch(world, next, Box::new(Hydra));
            process::delete(world, next);
            Ok(())
        }
    }
    let mut bench = Bench::new();
    Hydra.end(bench.machine.world_mut(), Entity::PLACEHOLDER).unwrap();
    bench.turn();
    bench.turn();
    assert!(bench.machine.world().resource::<Names>().len() <= 1);
}

/// When the machine ends, every process comes to its end.
#[test]
fn the_end_of_the_machine_is_the_end_of_all() {
    let mut bench = Bench::new();
    bench.spawn("a", 0, 0.0);
    bench.spawn("b", 0, 5.0);
    bench.turn();
    let log = bench.log.clone();
    log.lock().unwrap().clear();
    drop(bench);
    let ends: Vec<_> = log.lock().unwrap().drain(..).map(|(name, _)| name).collect();
    assert_eq!(ends, ["end a", "end b"]);
}

/// What leaves the world without a word leaves the schedule too, and those who come after it have
/// accounts of their own.
#[test]
fn a_despawned_process_is_not_stepped() {
    let mut bench = Bench::new();
    let process = bench.spawn("p", 0, 0.0);
    bench.spawn("q", 0, 0.0);
    bench.run(3);
    bench.machine.world_mut().despawn(process);
    assert_eq!(bench.turn(), ["end (deleted process)", "q"]);
    let next = bench.spawn("next", 0, 0.0);
    assert_eq!(bench.turn(), ["q", "next"]);
    let steps = process::accounting(bench.machine.world(), next).map(|account| account.steps);
    assert_eq!(steps, Some(1));
}
