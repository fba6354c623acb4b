//! The first step of a process after an update: on with the new code, or back to what was before.
//!
//! A coroutine of another version than `run` is now gives way to a new one at this step. It is
//! closed when the step has succeeded; if that fails and the update is taken back, it goes on where
//! it was.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::alert::{self, Level};
use metapython_engine::process::{self, Fault, Next, Step, StepError};
use pyo3::intern;
use pyo3::prelude::*;

use super::Script;
use super::coroutine::Coroutine;

impl Script {
    /// Makes a step, and has the package hear how it went.
    pub(super) fn step_on_probation(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        let Step { world, process, dt } = step;
        let was_async = self.is_async;
        let outdated = self.renew(world)?;
        let outcome = self.go_on(Step { world: &mut *world, process, dt });
        let fault = match outcome {
            Err(StepError::Fault(fault)) => fault,
            outcome => {
                self.is_taken_back(world, None)?;
                if let Some(outdated) = outdated {
                    self.close_outdated(world, process, &outdated);
                }
                return outcome;
            }
        };
        if !self.is_taken_back(world, Some(&fault))? {
            self.coroutine = outdated;
            return Err(StepError::Fault(fault));
        }
        self.is_async = was_async;
        self.coroutine = outdated;
        match (&self.coroutine, was_async) {
            (Some(_), _) => self.resume(Step { world, process, dt }),
            // It has failed in the middle, and begins anew.
            (None, true) => Ok(Next::Tick),
            (None, false) => Ok(Next::Interval),
        }
    }

    /// Starts with the code before the update, if the process is on probation and the start failed.
    pub(super) fn restart_on_probation(
        &mut self,
        world: &mut World,
        outcome: Result<(), StepError>,
    ) -> Result<(), StepError> {
        let Err(StepError::Fault(fault)) = outcome else { return outcome };
        if let Some(outdated) = self.renew(world)? {
            self.coroutine = Some(outdated);
        }
        if self.is_taken_back(world, Some(&fault))? {
            return self.enter(world, |instance| {
                instance.call_method0(intern!(instance.py(), "start")).map(drop)
            });
        }
        Err(StepError::Fault(fault))
    }

    /// Finds out what `run` is now; returns the coroutine if it is one of another version.
    fn renew(&mut self, world: &mut World) -> Result<Option<Coroutine>, StepError> {
        let coroutine = self.coroutine.as_ref();
        let (is_async, is_current): (bool, bool) = self.enter(world, |instance| {
            let py = instance.py();
            py.import(intern!(py, "metapython._update"))?
                .call_method1(
                    intern!(py, "begin_first_step"),
                    (instance, coroutine.map(Coroutine::object)),
                )?
                .extract()
        })?;
        self.is_async = is_async;
        Ok(if is_current { None } else { self.coroutine.take() })
    }

    /// Tells the package how the step went; whether the update was taken back for it.
    fn is_taken_back(&self, world: &mut World, fault: Option<&Fault>) -> Result<bool, StepError> {
        self.enter(world, |instance| {
            let py = instance.py();
            py.import(intern!(py, "metapython._update"))?
                .call_method1(intern!(py, "first_step"), (instance, fault.map(Fault::report)))?
                .extract()
        })
    }

    /// Closes the coroutine of the version before. What its `finally` blocks raise is told, and is
    /// no fault of the new one.
    fn close_outdated(&self, world: &mut World, process: Entity, outdated: &Coroutine) {
        if let Err(StepError::Fault(fault)) =
            self.enter(world, |instance| outdated.close(instance.py()))
        {
            let name = process::instance_name(world, process);
            let text = format!("the end of its old run() failed: {}", fault.report());
            alert::raise(world, &name, Level::Error, text);
        }
    }
}
