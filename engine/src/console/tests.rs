//! The console as a front end uses it: lines in, what they came to out.

mod command;
mod completion;
mod job;
mod large;
mod line;
mod place;
mod port;
mod role;
mod session;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{
    Completion, Console, Evaluation, FrontEnd, Interpreter, NoInterpreter, Role, SessionId,
    Sessions, complete,
};
use crate::alert::{Alert, AlertSink};
use crate::clock::Stopwatch;
use crate::machine::Machine;
use crate::motion::Transform;
use crate::process::{self, Behaviour, NewProcess, Next, Step, StepError};
use crate::value::Value;

struct Idle;

impl Behaviour for Idle {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }
}

/// Knows the name `known`, asks a question when told to, and answers with what it was given.
#[derive(Default)]
struct Echo(bool);

impl Interpreter for Echo {
    fn evaluate(&mut self, _: &mut World, _: SessionId, text: &str) -> Evaluation {
        if self.0 || text == "ask" {
            self.0 = !self.0;
            return Evaluation { is_waiting: self.0, ..Evaluation::default() };
        }
        let error = text.contains("wrong").then(|| "SyntaxError\n".to_owned());
        Evaluation { output: format!("python: {text}\n"), error, ..Evaluation::default() }
    }

    fn is_name(&mut self, _: &mut World, _: SessionId, name: &str) -> bool {
        name == "known" || name == "tree"
    }

    fn is_asking(&mut self, _: &mut World, _: SessionId) -> bool {
        self.0
    }

    fn random_state(&mut self, _: &mut World) -> Value {
        Value::None
    }
}

type Shown = Arc<Mutex<Vec<Evaluation>>>;

struct Collect(Shown);

impl FrontEnd for Collect {
    fn show(&mut self, _: SessionId, _: &str, evaluation: &Evaluation) {
        self.0.lock().unwrap().push(evaluation.clone());
    }
}

type Told = Arc<Mutex<Vec<Alert>>>;

struct Listen(Told);

impl AlertSink for Listen {
    fn alert(&mut self, alert: &Alert) {
        self.0.lock().unwrap().push(alert.clone());
    }
}

struct Desk {
    machine: Machine,
    shown: Shown,
    told: Told,
    /// What the stopwatch shows.
    nanos: Arc<AtomicU64>,
}

impl Desk {
    fn new() -> Self {
        let (shown, told, nanos) = (Shown::default(), Told::default(), Arc::default());
        let machine = Machine::builder()
            .interpreter(Echo::default())
            .front_end(Collect(Arc::clone(&shown)))
            .alert_sink(Listen(Arc::clone(&told)))
            .stopwatch(Stopwatch::manual(Arc::clone(&nanos)))
            .build();
        Self { machine, shown, told, nanos }
    }

    fn spawn(&mut self, name: &str) -> Entity {
        let world = self.machine.world_mut();
        let new = NewProcess { name: Some(name), ..NewProcess::of("pong.Ball") };
        let process = process::spawn(world, &new).unwrap();
        world.entity_mut(process).insert(Transform::default());
        process::launch(world, process, Box::new(Idle));
        process
    }

    fn open(&mut self, role: Role) -> SessionId {
        self.machine.world_mut().resource_mut::<Sessions>().open("somebody", role)
    }

    fn give(&mut self, session: SessionId, line: &str) -> Evaluation {
        self.machine.world_mut().resource_mut::<Console>().submit(session, line.to_owned());
        self.machine.turn();
        self.shown.lock().unwrap().pop().unwrap()
    }

    /// Submits a line as a front end does: what does not fit into the tick is left to later ones.
    fn type_line(&mut self, session: SessionId, line: &str) {
        super::Desk::new(self.machine.world_mut(), &mut Echo::default())
            .submit(session, line.to_owned());
    }

    /// What a line prints, which must not fail.
    fn line(&mut self, line: &str) -> String {
        let evaluation = self.give(SessionId::LOCAL, line);
        assert_eq!(evaluation.error, None, "{line}");
        evaluation.output
    }

    /// How a line fails.
    fn error(&mut self, line: &str) -> String {
        self.give(SessionId::LOCAL, line).error.unwrap()
    }

    fn complete(&mut self, text: &str) -> (usize, Vec<String>) {
        let world = self.machine.world_mut();
        let Completion { start, candidates } =
            complete(world, &mut NoInterpreter, SessionId::LOCAL, text, text.len());
        (start, candidates.into_iter().map(|candidate| candidate.text).collect())
    }
}
