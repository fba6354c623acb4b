//! What a process does when it is stepped, and what can go wrong.

use std::any::Any;
use std::sync::Arc;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use crate::clock::Flicks;
use crate::schedule::Row;
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

/// When a process is stepped again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Next {
    /// At its next due time, by its interval.
    #[default]
    Interval,
    /// In the next tick.
    Tick,
    /// So long after the due time of this step. A time that is over before the tick ends brings
    /// another step in the same tick.
    After(Flicks),
    /// When somebody wakes it ([`wake`](super::wake)), or after that time at the latest.
    Woken(Option<Flicks>),
    /// Never: the process is done, and is deleted.
    Done,
}

/// What passes between an instruction and the method that it calls, in a form that the behaviour
/// called understands: arguments there, the answer back.
pub trait Parcel: Any + Send + Sync {
    /// The same as plain data, for digests.
    fn describe(&self, world: &mut World) -> Value;
}

/// The arguments or the answer of an instruction.
pub type BoxedParcel = Box<dyn Parcel>;

impl dyn Parcel {
    /// The contents as the type that they are, if that is `T`.
    pub fn downcast_ref<T: Parcel>(&self) -> Option<&T> {
        let any: &dyn Any = self;
        any.downcast_ref()
    }
}

/// Nothing.
impl Parcel for () {
    fn describe(&self, _: &mut World) -> Value {
        Value::None
    }
}

/// Plain data, for behaviours written in Rust.
impl Parcel for Value {
    fn describe(&self, _: &mut World) -> Value {
        self.clone()
    }
}

/// Makes the steps that a [`Row`] gives, one after the other, and returns how the last of them came out.
///
/// # Errors
/// As [`Behaviour::step`], for the last step.
pub type StepsInARow = fn(&mut World, &mut Row<'_, '_>) -> Result<Next, StepError>;

/// What a process does.
pub trait Behaviour: Any + Send + Sync {
    /// Called once, before the first step; and again after each restart.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    fn start(&mut self, step: Step<'_>) -> Result<(), StepError> {
        let _ = step;
        Ok(())
    }

    /// Called at each due time; says when it wants to be called again.
    ///
    /// # Errors
    /// [`StepError::Fault`] holds or restarts the process, [`StepError::Exit`] ends it.
    fn step(&mut self, step: Step<'_>) -> Result<Next, StepError>;

    /// How the next step, if it is an ordinary one, is made together with those of others of the
    /// same type: what they share is then prepared once. `None`: by [`step`](Self::step).
    fn row(&self) -> Option<StepsInARow> {
        None
    }

    /// Carries out an instruction: calls the method called `method` and returns its answer. `dt`
    /// is 0.
    ///
    /// # Errors
    /// As [`step`](Self::step), though a failed instruction does not hold the process.
    fn call(
        &mut self,
        step: Step<'_>,
        method: &str,
        arguments: &BoxedParcel,
    ) -> Result<BoxedParcel, StepError> {
        let _ = (step, arguments);
        Err(StepError::fault(format!("this process has no method `{method}`")))
    }

    /// Called after a fault for which the process is restarted: the next step is a first one.
    fn restart(&mut self, world: &mut World, process: Entity) {
        let _ = (world, process);
    }

    /// Called some steps before the behaviour's own: asks for memory that the step will touch
    /// ([`prefetch`](crate::memory::prefetch)), and does nothing else.
    fn prefetch(&self) {}

    /// The state that is not in components, as pairs of name and value in a fixed order.
    fn attributes(&self, world: &mut World, process: Entity) -> Vec<(String, Value)> {
        let _ = (world, process);
        Vec::new()
    }

    /// Called once when the process is deleted, while it can still be looked at.
    ///
    /// # Errors
    /// [`StepError::Fault`] is told of; the process goes all the same.
    fn end(&mut self, world: &mut World, process: Entity) -> Result<(), StepError> {
        let _ = (world, process);
        Ok(())
    }
}

/// Why a step did not come to its end.
#[derive(Clone, Debug)]
pub enum StepError {
    /// The step failed: the process is held, unless it is to be restarted.
    Fault(Box<Fault>),
    /// The process asked to end.
    Exit,
}

impl StepError {
    /// A fault without a traceback.
    pub fn fault(summary: impl Into<String>) -> Self {
        Fault::raised(summary.into(), String::new()).into()
    }
}

impl From<Fault> for StepError {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
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
#[derive(Clone, Debug)]
pub struct Fault {
    /// How it failed.
    pub kind: FaultKind,
    /// One line: the exception's type and message.
    pub summary: String,
    /// Where it failed: the lines of a traceback, or nothing.
    pub traceback: String,
    /// The exception itself, as the behaviour's language has it, for whoever awaits an answer.
    pub exception: Option<Arc<dyn Any + Send + Sync>>,
}

impl Fault {
    /// A fault by an exception.
    pub fn raised(summary: String, traceback: String) -> Self {
        Self { kind: FaultKind::Raised, summary, traceback, exception: None }
    }

    /// A fault by a panic, with what it carried.
    pub(crate) fn panicked(payload: &(dyn Any + Send)) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".to_owned());
        Self { kind: FaultKind::Panicked, ..Self::raised(text, String::new()) }
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
