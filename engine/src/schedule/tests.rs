use std::sync::{Arc, Mutex};

use crate::alert::{Alerts, Level};
use crate::clock::Flicks;
use crate::instruction::{Instruction, Instructions};
use crate::machine::Machine;
use crate::process::{
    self, Arguments, Behaviour, Fault, Held, Interval, Names, NewProcess, Priority, Step, StepError,
};
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

/// What happened, in order: the process's name and the `dt` of the step in microseconds.
type Log = Arc<Mutex<Vec<(String, u64)>>>;

type Act = Box<dyn FnMut(&mut World, Entity) -> Result<(), StepError> + Send + Sync>;

struct Probe {
    log: Log,
    act: Act,
}

impl Behaviour for Probe {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and positive"
    )]
    fn step(&mut self, step: Step<'_>) -> Result<(), StepError> {
        let name = process::instance_name(step.world, step.process);
        self.log.lock().unwrap().push((name, (step.dt * 1e6).round() as u64));
        (self.act)(step.world, step.process)
    }

    fn call(&mut self, step: Step<'_>, method: &str, _: &Arguments) -> Result<(), StepError> {
        let name = process::instance_name(step.world, step.process);
        self.log.lock().unwrap().push((format!("{name}.{method}"), 0));
        Ok(())
    }

    fn end(&mut self, world: &mut World, process: Entity) {
        let name = process::instance_name(world, process);
        self.log.lock().unwrap().push((format!("end {name}"), 0));
    }
}

struct Bench {
    machine: Machine,
    log: Log,
}

impl Bench {
    /// A machine of 10 ticks a second.
    fn new() -> Self {
        Self { machine: Machine::builder().hz(10).build(), log: Log::default() }
    }

    fn spawn(&mut self, name: &str, priority: i32, interval: f64) -> Entity {
        self.spawn_acting(name, priority, interval, Box::new(|_, _| Ok(())))
    }

    fn spawn_acting(&mut self, name: &str, priority: i32, interval: f64, act: Act) -> Entity {
        spawn(self.machine.world_mut(), &self.log, name, priority, interval, act)
    }

    /// Turns once and returns the names of what happened.
    fn turn(&mut self) -> Vec<String> {
        self.machine.turn();
        self.log.lock().unwrap().drain(..).map(|(name, _)| name).collect()
    }

    /// Turns `ticks` times and returns what happened.
    fn run(&mut self, ticks: u64) -> Vec<(String, u64)> {
        self.machine.run(Some(ticks));
        self.log.lock().unwrap().drain(..).collect()
    }
}

fn spawn(
    world: &mut World,
    log: &Log,
    name: &str,
    priority: i32,
    interval: f64,
    act: Act,
) -> Entity {
    let interval = Interval::from_secs(interval).unwrap();
    let new =
        NewProcess { class: "test.Probe", name: Some(name), priority, interval, parent: None };
    let process = process::spawn(world, &new).unwrap();
    process::launch(world, process, Box::new(Probe { log: log.clone(), act }));
    process
}

fn entity(world: &World, name: &str) -> Entity {
    world.resource::<Names>().get(name).unwrap()
}

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
            spawn(world, &log, "child", 100, 0.0, Box::new(|_, _| Ok(())));
        }
        Ok(())
    });
    bench.spawn_acting("parent", 0, 0.0, act);
    assert_eq!(bench.turn(), ["parent"]);
    assert_eq!(bench.turn(), ["child", "parent"]);
}

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
    assert_eq!(bench.machine.world().resource::<Names>().iter().count(), 0);
}

/// A fault and a panic hold their own process only, and say so.
#[test]
fn a_failing_process_is_held_alone() {
    let mut bench = Bench::new();
    let fault = Fault::raised("ValueError: no".into(), String::new());
    bench.spawn_acting("bad", 2, 0.0, Box::new(move |_, _| Err(StepError::Fault(fault.clone()))));
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

/// A new priority orders the next tick, and no step of this one is lost or made twice.
#[test]
fn a_new_priority_loses_no_step() {
    let mut bench = Bench::new();
    let act: Act = Box::new(|world, _| {
        let other = entity(world, "b");
        world.entity_mut(other).insert(Priority(5));
        Ok(())
    });
    bench.spawn_acting("a", 1, 0.0, act);
    bench.spawn("b", 0, 0.0);
    assert_eq!(bench.turn(), ["a", "b"]);
    assert_eq!(bench.turn(), ["b", "a"]);
}

/// Instructions go first, by priority, at their due time; one for nobody is an alert.
#[test]
fn instructions_are_executed_when_due() {
    let mut bench = Bench::new();
    bench.spawn("p", 0, 0.0);
    let mut give = |target: &str, method: &str, delay: f64, priority: i32| {
        let instruction = Instruction {
            target: target.into(),
            method: method.into(),
            arguments: Box::new(()),
            delay: Flicks::from_secs(delay).unwrap(),
            priority,
        };
        let world = bench.machine.world_mut();
        world.resource_mut::<Instructions>().push(instruction, Flicks::ZERO);
    };
    give("p", "late", 0.15, 9);
    give("p", "low", 0.0, 0);
    give("p", "high", 0.1, 1);
    give("nobody", "x", 0.0, 0);
    assert_eq!(bench.turn(), ["p.high", "p.low", "p"]);
    assert_eq!(bench.turn(), ["p.late", "p"]);
    let alert = bench.machine.world().resource::<Alerts>().recent().next().cloned().unwrap();
    assert_eq!(alert.text, "there is no process `nobody` to call x() of");
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

/// A process spawned by an instruction, as by a step, is first stepped in the next tick.
#[test]
fn what_an_instruction_spawns_waits_for_the_next_tick() {
    struct Mother(Log);
    impl Behaviour for Mother {
        fn step(&mut self, _: Step<'_>) -> Result<(), StepError> {
            Ok(())
        }

        fn call(&mut self, step: Step<'_>, _: &str, _: &Arguments) -> Result<(), StepError> {
            spawn(step.world, &self.0, "child", 0, 0.0, Box::new(|_, _| Ok(())));
            Ok(())
        }
    }
    let mut bench = Bench::new();
    let new = NewProcess {
        class: "test.Mother",
        name: None,
        priority: 0,
        interval: Interval::default(),
        parent: None,
    };
    let log = bench.log.clone();
    let world = bench.machine.world_mut();
    let mother = process::spawn(world, &new).unwrap();
    process::launch(world, mother, Box::new(Mother(log)));
    let instruction = Instruction {
        target: "Mother".into(),
        method: "bear".into(),
        arguments: Box::new(()),
        delay: Flicks::ZERO,
        priority: 0,
    };
    world.resource_mut::<Instructions>().push(instruction, Flicks::ZERO);
    assert_eq!(bench.run(1), []);
    assert_eq!(bench.run(1), [("child".to_owned(), 100_000)]);
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
                return Err(StepError::Fault(Fault::raised("not yet".into(), String::new())));
            }
            Ok(())
        }

        fn step(&mut self, _: Step<'_>) -> Result<(), StepError> {
            self.note("step");
            Ok(())
        }

        fn call(&mut self, _: Step<'_>, _: &str, _: &Arguments) -> Result<(), StepError> {
            self.note("call");
            Ok(())
        }
    }
    let mut bench = Bench::new();
    let new = NewProcess {
        class: "test.Starter",
        name: Some("s"),
        priority: 0,
        interval: Interval::default(),
        parent: None,
    };
    let log = bench.log.clone();
    let world = bench.machine.world_mut();
    let process = process::spawn(world, &new).unwrap();
    process::launch(world, process, Box::new(Starter { log, fails: true }));
    assert_eq!(bench.turn(), ["start"]);
    process::resume(bench.machine.world_mut(), process);
    let instruction = Instruction {
        target: "s".into(),
        method: "poke".into(),
        arguments: Box::new(()),
        delay: Flicks::ZERO,
        priority: 0,
    };
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
    let again = Box::new(Probe { log: log.clone(), act: Box::new(|_, _| Ok(())) });
    process::launch(bench.machine.world_mut(), process, again);
    assert_eq!(bench.turn(), ["twice"]);
    process::delete(bench.machine.world_mut(), process);
    assert_eq!(bench.turn(), ["end twice"]);
    assert_eq!(bench.turn(), [] as [&str; 0]);

    let new = NewProcess {
        class: "test.Early",
        name: None,
        priority: 0,
        interval: Interval::default(),
        parent: None,
    };
    let world = bench.machine.world_mut();
    let early = process::spawn(world, &new).unwrap();
    process::delete(world, early);
    process::launch(world, early, Box::new(Probe { log, act: Box::new(|_, _| Ok(())) }));
    assert_eq!(bench.turn(), ["end (deleted process)"]);
    assert_eq!(bench.machine.world().resource::<Names>().iter().count(), 0);
}

/// A family a hundred thousand deep is deleted without recursion.
#[test]
fn a_deep_family_is_deleted() {
    let mut bench = Bench::new();
    let world = bench.machine.world_mut();
    let mut parent = None;
    for number in 0..100_000 {
        let name = format!("p{number}");
        let new = NewProcess {
            class: "test.Child",
            name: Some(&name),
            priority: 0,
            interval: Interval::default(),
            parent,
        };
        parent = Some(process::spawn(world, &new).unwrap());
    }
    let root = entity(world, "p0");
    process::delete(world, root);
    bench.turn();
    assert_eq!(bench.machine.world().resource::<Names>().iter().count(), 0);
}

/// Processes whose ends create and delete others keep the machine busy, and never hold it.
#[test]
fn an_end_that_creates_others_does_not_hang_the_machine() {
    struct Hydra;
    impl Behaviour for Hydra {
        fn step(&mut self, _: Step<'_>) -> Result<(), StepError> {
            Ok(())
        }

        fn end(&mut self, world: &mut World, _: Entity) {
            let new = NewProcess {
                class: "test.Hydra",
                name: None,
                priority: 0,
                interval: Interval::default(),
                parent: None,
            };
            let next = process::spawn(world, &new).unwrap();
            process::launch(world, next, Box::new(Hydra));
            process::delete(world, next);
        }
    }
    let mut bench = Bench::new();
    Hydra.end(bench.machine.world_mut(), Entity::PLACEHOLDER);
    bench.turn();
    bench.turn();
    assert!(bench.machine.world().resource::<Names>().iter().count() <= 1);
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
