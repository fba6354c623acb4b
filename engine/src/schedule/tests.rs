//! What all tests of the schedule share: a machine whose processes write down what they do.

mod budget;
mod instruction;
mod lifecycle;
mod order;
mod property;
mod row;
mod wait;

use std::sync::{Arc, Mutex};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use crate::machine::{Machine, MachineBuilder};
use crate::process::{
    self, Behaviour, BoxedParcel, Interval, Names, NewProcess, Next, Step, StepError,
};

/// What happened, in order: the process's name and the `dt` of the step in microseconds.
type Log = Arc<Mutex<Vec<(String, u64)>>>;

type Act = Box<dyn FnMut(&mut World, Entity) -> Result<Next, StepError> + Send + Sync>;

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
    fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        let name = process::instance_name(step.world, step.process);
        self.log.lock().unwrap().push((name, (step.dt * 1e6).round() as u64));
        (self.act)(step.world, step.process)
    }

    fn call(
        &mut self,
        step: Step<'_>,
        method: &str,
        _: &BoxedParcel,
    ) -> Result<BoxedParcel, StepError> {
        let name = process::instance_name(step.world, step.process);
        self.log.lock().unwrap().push((format!("{name}.{method}"), 0));
        Ok(Box::new(()))
    }

    fn end(&mut self, world: &mut World, process: Entity) -> Result<(), StepError> {
        let name = process::instance_name(world, process);
        self.log.lock().unwrap().push((format!("end {name}"), 0));
        Ok(())
    }
}

struct Bench {
    machine: Machine,
    log: Log,
}

impl Bench {
    /// A machine of 10 ticks a second.
    fn new() -> Self {
        Self::of(Machine::builder())
    }

    fn of(builder: MachineBuilder) -> Self {
        Self { machine: builder.hz(10).build(), log: Log::default() }
    }

    fn spawn(&mut self, name: &str, priority: i32, interval: f64) -> Entity {
        self.spawn_acting(name, priority, interval, idle())
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
    let new = NewProcess { name: Some(name), priority, interval, ..NewProcess::of("test.Probe") };
    let process = process::spawn(world, &new).unwrap();
    process::launch(world, process, Box::new(Probe { log: log.clone(), act }));
    process
}

/// Does nothing, and steps by its interval.
fn idle() -> Act {
    Box::new(|_, _| Ok(Next::Interval))
}

fn entity(world: &World, name: &str) -> Entity {
    world.resource::<Names>().get(name).unwrap()
}
