//! Instructions and their answers.

use super::{Bench, Log, idle, spawn};
use crate::alert::Alerts;
use crate::clock::Flicks;
use crate::instruction::{Instruction, Instructions, Outcome};
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

/// The answer of an instruction comes to whoever asked for it in Rust; a failure too, and then no
/// alert tells of it. If the machine ends before, the channel closes.
#[test]
fn answers_come_to_rust() {
    struct Oracle;
    impl Behaviour for Oracle {
        fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
            Ok(Next::Interval)
        }

        fn call(
            &mut self,
            _: Step<'_>,
            method: &str,
            _: &BoxedParcel,
        ) -> Result<BoxedParcel, StepError> {
            match method {
                "ask" => Ok(Box::new(())),
                "leave" => Err(StepError::Exit),
                "panic" => panic!("no oracle"),
                _ => Err(StepError::fault("no such question")),
            }
        }
    }
    let mut bench = Bench::new();
    let world = bench.machine.world_mut();
    let oracle = process::spawn(world, &NewProcess::of("test.Oracle")).unwrap();
    process::launch(world, oracle, Box::new(Oracle));
    let mut ask = |target: &str, method: &str, delay: f64| {
        let mut instruction = Instruction::new(target, method, Box::new(()));
        instruction.delay = Flicks::from_secs(delay).unwrap();
        let answer = instruction.await_answer();
        let world = bench.machine.world_mut();
        world.resource_mut::<Instructions>().push(instruction, Flicks::ZERO);
        answer
    };
    let answers = ["ask", "curse", "panic", "leave"].map(|method| ask("Oracle", method, 0.0));
    let (nobody, never) = (ask("Oracel", "ask", 0.0), ask("Oracle", "ask", 1e6));
    assert!(answers[0].try_recv().is_err());
    bench.turn();
    let [good, bad, worse, left] = answers.map(|answer| answer.try_recv().unwrap());
    assert!(good.is_ok());
    let failure = |outcome: Outcome| outcome.err().map(|error| error.to_string()).unwrap();
    assert_eq!([failure(bad), failure(worse)], ["no such question", "no oracle"]);
    assert_eq!(failure(left), "the process `Oracle` ended instead of answering");
    let nobody = failure(nobody.try_recv().unwrap());
    assert!(nobody.starts_with("there is no process `Oracel` to call ask() of"), "{nobody}");
    let alerts: Vec<_> = bench.machine.world().resource::<Alerts>().recent().cloned().collect();
    assert_eq!(alerts.iter().map(|alert| &alert.text).collect::<Vec<_>>(), [&nobody]);
    drop(bench);
    assert!(never.recv().is_err(), "nobody is left who could answer");
}
