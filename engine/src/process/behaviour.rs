//! What a process does when it is stepped, and what can go wrong.

use std::any::Any;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use crate::value::Value;

/// What a behaviour sees of the machine in one step.
#[derive(Debug)]
pub struct Step<'a> {
    /// The world; processes spawned and deleted take effect after the step.
    pub world: &'a mut World,
    /// The process that is stepped.
    pub process: Entity,
    /// Seconds since the same process's last step.
    pub dt: f64,
}

/// What an instruction hands to the method that it calls, in a form that the behaviour called
/// understands.
pub trait Argument: Any + Send + Sync {
    /// The same as plain data, for digests.
    fn describe(&self, world: &mut World) -> Value;
}

/// The arguments of an instruction.
pub type Arguments = Box<dyn Argument>;

impl dyn Argument {
    /// The arguments as the type that they are, if that is `T`.
    pub fn downcast_ref<T: Argument>(&self) -> Option<&T> {
        let any: &dyn Any = self;
        any.downcast_ref()
    }
}

/// No arguments.
impl Argument for () {
    fn describe(&self, _: &mut World) -> Value {
        Value::None
    }
}

/// Plain data, for behaviours written in Rust.
impl Argument for Value {
    fn describe(&self, _: &mut World) -> Value {
        self.clone()
    }
}

/// What a process does.
pub trait Behaviour: Send + Sync + 'static {
    /// Called once, before the first step.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    fn start(&mut self, step: Step<'_>) -> Result<(), StepError> {
        let _ = step;
        Ok(())
    }

    /// Called at each due time.
    ///
    /// # Errors
    /// [`StepError::Fault`] holds the process, [`StepError::Exit`] ends it.
    fn step(&mut self, step: Step<'_>) -> Result<(), StepError>;

    /// Carries out an instruction: calls the method called `method`. `dt` is 0.
    ///
    /// # Errors
    /// As [`step`](Self::step), though a failed instruction does not hold the process.
    fn call(
        &mut self,
        step: Step<'_>,
        method: &str,
        arguments: &Arguments,
    ) -> Result<(), StepError> {
        let _ = (step, arguments);
        Err(StepError::Fault(Fault::raised(
            format!("this process has no method `{method}`"),
            String::new(),
        )))
    }

    /// The state that is not in components, as pairs of name and value in a fixed order.
    fn attributes(&self, world: &mut World, process: Entity) -> Vec<(String, Value)> {
        let _ = (world, process);
        Vec::new()
    }

    /// Called once when the process is deleted, while it can still be looked at.
    fn end(&mut self, world: &mut World, process: Entity) {
        let _ = (world, process);
    }
}

/// Why a step did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepError {
    /// The step failed: the process is held.
    Fault(Fault),
    /// The process asked to end.
    Exit,
}

/// How a step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It raised an exception.
    Raised,
    /// Its Rust code panicked.
    Panicked,
    /// It ran for longer than a step may, and was stopped.
    Overran,
}

/// A failed step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// How it failed.
    pub kind: FaultKind,
    /// One line: the exception's type and message.
    pub summary: String,
    /// Where it failed: the lines of a traceback, or nothing.
    pub traceback: String,
}

impl Fault {
    /// A fault by an exception.
    pub fn raised(summary: String, traceback: String) -> Self {
        Self { kind: FaultKind::Raised, summary, traceback }
    }

    /// A fault by a panic, with what it carried.
    pub(crate) fn panicked(payload: &(dyn Any + Send)) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".to_owned());
        Self { kind: FaultKind::Panicked, summary: text, traceback: String::new() }
    }

    /// The fault as an alert tells it: the summary, then the traceback where it says more.
    pub fn report(&self) -> String {
        let traceback = self.traceback.trim_end();
        if traceback.is_empty() || traceback == self.summary {
            self.summary.clone()
        } else {
            format!("{}\n{traceback}", self.summary)
        }
    }
}
