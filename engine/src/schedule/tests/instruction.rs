//! Instructions and their answers.

use super::{Bench, Log, idle, spawn};
use crate::alert::Alerts;
use crate::clock::Flicks;
use crate::instruction::{Instruction, Instructions};
use crate::process::{self, Behaviour, BoxedParcel, NewProcess, Next, Step, StepError};

/// Instructions go first, by priority, at their due time; one for nobody is an alert.
#[test]
fn instructions_are_executed_when_due() {
    let mut bench = Bench::new();
    bench.spawn("p", 0, 0.0);
    let mut give = |target: &str, method: &str, delay: f64, priority: i32| {
        let delay = Flicks::from_secs(delay).unwrap();
        let instruction = Instruction::new(target, method, Box::new(()));
        let instruction = Instruction { delay, priority, ..instruction };
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

/// A process spawned by an instruction, as by a step, is first stepped in the next tick.
#[test]
fn what_an_instruction_spawns_waits_for_the_next_tick() {
    struct Mother(Log);
    impl Behaviour for Mother {
        fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
            Ok(Next::Interval)
        }

        fn call(
            &mut self,
            step: Step<'_>,
            _: &str,
            _: &BoxedParcel,
        ) -> Result<BoxedParcel, StepError> {
            spawn(step.world, &self.0, "child", 0, 0.0, idle());
            Ok(Box::new(()))
        }
    }
    let mut bench = Bench::new();
    let new = NewProcess::of("test.Mother");
    let log = bench.log.clone();
    let world = bench.machine.world_mut();
    let mother = process::spawn(world, &new).unwrap();
    process::launch(world, mother, Box::new(Mother(log)));
    let instruction = Instruction::new("Mother", "bear", Box::new(()));
    world.resource_mut::<Instructions>().push(instruction, Flicks::ZERO);
    assert_eq!(bench.run(1), []);
    assert_eq!(bench.run(1), [("child".to_owned(), 100_000)]);
}
