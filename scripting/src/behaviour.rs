//! Scripts: behaviours whose steps are methods of Python objects.

mod coroutine;
mod probation;
mod run;

use std::cell::RefCell;

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::memory::prefetch;
use metapython_engine::process::{
    Behaviour, BoxedParcel, Next, Parcel, Step, StepError, StepsInARow,
};
use metapython_engine::schedule::Row;
use metapython_engine::value::Value;
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyFloat;

use coroutine::Coroutine;
pub use coroutine::{Waiter, at_console, current_waiter};
use run::Run;

use crate::bindings::instruction::CallArguments;
use crate::bindings::ui::apart;
use crate::component::release_objects;
use crate::convert::Describer;
use crate::error::step_error;
use crate::kept::Kept;
use crate::lend::lend;
use crate::reload;
use crate::watchdog::{Label, Post, guarded};

/// The Python object of a process.
#[derive(Component)]
pub struct Instance(pub Py<PyAny>);

/// Steps a process by calling `run` of its Python object, or by resuming the coroutine that `run`
/// is.
///
/// What a step reads is one cache line, which the schedule asks for beforehand.
#[repr(align(64))]
pub struct Script {
    instance: Py<PyAny>,
    label: Label,
    run: Run,
    /// Whether `run` is an `async def`.
    is_async: bool,
    /// Whether the next start is none, as it has been before the process was saved.
    skips_start: bool,
    /// The coroutine of an `async` `run`, from its first step to its end.
    coroutine: Option<Coroutine>,
}

impl Script {
    /// The behaviour of the process called `name`, whose object is `instance`, a subclass of
    /// `Process`.
    pub fn new(instance: Py<PyAny>, name: &str) -> Self {
        let label = Label::process(name);
        Self {
            instance,
            label,
            run: Run::default(),
            is_async: false,
            skips_start: false,
            coroutine: None,
        }
    }

    /// Has the first start be none: the process goes on as it was saved, after that.
    pub fn skip_start(&mut self) {
        self.skips_start = true;
    }

    /// Runs Python code that concerns the object, with the world at hand.
    fn enter<R>(
        &self,
        world: &mut World,
        act: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<R>,
    ) -> Result<R, StepError> {
        lend(world, || {
            Python::attach(|py| {
                let act = || act(self.instance.bind(py)).map_err(|error| step_error(py, &error));
                let (outcome, overrun) = guarded(py, &self.label, act);
                overrun.map_or(outcome, |overrun| Err(overrun.into()))
            })
        })
    }

    /// Whether the next step is a call of a function, and nothing else.
    #[inline(always)]
    fn is_plain(&self, py: Python<'_>) -> bool {
        !self.is_async
            && !reload::is_on_probation(&self.instance)
            && self.run.is_known(self.instance.bind(py))
    }

    /// Makes a step.
    fn go_on(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        if self.is_async {
            return self.resume(step);
        }
        let Step { world, dt, .. } = step;
        let Self { instance, label, run, .. } = self;
        lend(world, || {
            Python::attach(|py| {
                let act = || {
                    let ran = run.call(instance.bind(py), &seconds(py, dt));
                    ran.map(|_| Next::Interval).map_err(|error| step_error(py, &error))
                };
                let (outcome, overrun) = guarded(py, label, act);
                overrun.map_or(outcome, |overrun| Err(overrun.into()))
            })
        })
    }

    /// Goes on with the coroutine, from its beginning if there is none.
    fn resume(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        let Step { world, process, dt } = step;
        let mut coroutine = self.coroutine.take();
        let next = self.enter(world, |instance| {
            let coroutine = match &mut coroutine {
                Some(coroutine) => coroutine,
                None => coroutine.insert(Coroutine::new(instance)?),
            };
            coroutine.resume(instance, process, dt)
        });
        if matches!(next, Ok(Next::Done)) {
            return next;
        }
        self.coroutine = coroutine;
        if next.is_err() {
            // One that was stopped and did not mind has not come to its end yet.
            let _ = self.close(world);
        }
        next
    }

    /// Closes the coroutine, if there is one: its `finally` blocks run.
    fn close(&mut self, world: &mut World) -> Result<(), StepError> {
        match self.coroutine.take() {
            Some(coroutine) => self.enter(world, |instance| coroutine.close(instance.py())),
            None => Ok(()),
        }
    }
}

impl Behaviour for Script {
    fn start(&mut self, step: Step<'_>) -> Result<(), StepError> {
        let Step { world, .. } = step;
        let outcome = if std::mem::take(&mut self.skips_start) {
            Ok(())
        } else {
            self.enter(world, |instance| {
                apart(|| instance.call_method0(intern!(instance.py(), "start")).map(drop))
            })
        };
        if reload::is_on_probation(&self.instance) {
            self.restart_on_probation(world, outcome)?;
        } else {
            outcome?;
        }
        self.is_async = self.enter(world, |instance| {
            let py = instance.py();
            let declaration = instance.getattr(intern!(py, "_metapython_declaration"))?;
            declaration.getattr(intern!(py, "is_async"))?.extract()
        })?;
        Ok(())
    }

    fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        if reload::is_on_probation(&self.instance) {
            return self.step_on_probation(step);
        }
        self.go_on(step)
    }

    fn row(&self) -> Option<StepsInARow> {
        (!self.is_async && self.run.is_found()).then_some(steps_in_a_row)
    }

    fn call(
        &mut self,
        step: Step<'_>,
        method: &str,
        arguments: &BoxedParcel,
    ) -> Result<BoxedParcel, StepError> {
        // A call that comes from the engine itself, as that of a hotkey, has no arguments.
        let is_bare = arguments.downcast_ref::<()>().is_some();
        let arguments = arguments.downcast_ref::<CallArguments>();
        if arguments.is_none() && !is_bare {
            return Err(StepError::fault("a script understands only arguments from Python"));
        }
        self.enter(step.world, |instance| {
            let py = instance.py();
            let call = || match arguments {
                None => instance.call_method0(method),
                Some(CallArguments { positional, named }) => {
                    let named = named.as_ref().map(|named| named.bind(py));
                    instance.call_method(method, positional.bind(py), named)
                }
            };
            let answer = apart(call)?;
            if coroutine::is_coroutine(&answer) {
                answer.call_method0(intern!(py, "close"))?;
                return Err(PyTypeError::new_err(format!(
                    "{method}() is an `async def`, which an instruction cannot wait for: make it \
                     an ordinary method"
                )));
            }
            let answer: BoxedParcel = Box::new(Answer(Kept::new(answer.unbind())));
            Ok(answer)
        })
    }

    fn restart(&mut self, world: &mut World, _process: Entity) {
        // It has failed, and is over: there is nothing left in it that could fail again.
        let _ = self.close(world);
    }

    fn prefetch(&self) {
        // The head of the object: what stands before it leads to its attributes.
        let object = self.instance.as_ptr().cast::<u8>();
        prefetch(object.wrapping_sub(HEAD));
        prefetch(object);
    }

    fn attributes(&self, world: &mut World, _process: Entity) -> Vec<(String, Value)> {
        let read = |py: Python<'_>| {
            let instance = self.instance.bind(py);
            let attributes = py
                .import(intern!(py, "metapython.process"))?
                .call_method1(intern!(py, "attributes"), (instance,))?;
            let mut describer = Describer::new();
            let mut pairs = describer.pairs(attributes.cast()?);
            pairs.extend(describer.slots(instance));
            if let Some(coroutine) = &self.coroutine {
                let position = describer.describe(&coroutine.position(py)?);
                pairs.push(("(coroutine)".to_owned(), position));
            }
            Ok::<_, PyErr>(pairs)
        };
        let read =
            |py: Python<'_>| guarded(py, &Label::INSPECTION, || read(py).unwrap_or_default()).0;
        lend(world, || Python::attach(read))
    }

    fn end(&mut self, world: &mut World, process: Entity) -> Result<(), StepError> {
        let closed = self.close(world);
        // A process that is deleted before its launch has gone before its behaviour.
        let entity = world.get_entity_mut(process).ok();
        let instance = entity.and_then(|mut entity| entity.take::<Instance>());
        let overrun = lend(world, || {
            Python::attach(|py| {
                reload::forget(self.instance.bind(py));
                // Its `__del__`, if this was the last reference, still finds the world.
                let own = std::mem::replace(&mut self.instance, py.None());
                let leave = || {
                    leave_family(own.bind(py));
                    drop((instance, own));
                    release_objects(py, process);
                };
                guarded(py, &self.label, leave).1
            })
        });
        overrun.map_or(closed, |overrun| Err(overrun.into()))
    }
}

/// Makes the steps of scripts that follow each other: the world is lent, and the interpreter attached,
/// once for all of them.
fn steps_in_a_row(world: &mut World, row: &mut Row<'_, '_>) -> Result<Next, StepError> {
    lend(world, || {
        Python::attach(|py| {
            let post = Post::of_this_thread();
            let mut last = (f64::NAN, PyFloat::new(py, f64::NAN));
            let is_plain = |script: &Script| script.is_plain(py);
            while let Some((Script { instance, label, run, .. }, dt)) = row.next(is_plain) {
                if dt != last.0 {
                    last = (dt, seconds(py, dt));
                }
                let act = || {
                    let ran = run.call(instance.bind(py), &last.1);
                    ran.map(drop).map_err(|error| step_error(py, &error))
                };
                let (outcome, overrun) = post.guarded(py, label, act);
                overrun.map_or(outcome, |overrun| Err(overrun.into()))?;
            }
            Ok(Next::Interval)
        })
    })
}

/// Ends the relations of a process's object that the engine does not know: those with objects that
/// are no processes. Most have none, and cost one look.
fn leave_family(instance: &Bound<'_, PyAny>) {
    let py = instance.py();
    let end = || {
        if !instance.getattr(intern!(py, "_metapython_family"))?.is_none() {
            let family = py.import(intern!(py, "metapython._family"))?;
            family.call_method1(intern!(py, "end"), (instance,))?;
        }
        Ok(())
    };
    if let Err(error) = end() {
        let error: PyErr = error;
        error.write_unraisable(py, Some(instance));
    }
}

/// The answer of a method.
pub struct Answer(pub Kept<PyAny>);

impl Parcel for Answer {
    fn describe(&self, world: &mut World) -> Value {
        let describe = |py: Python<'_>| Describer::new().describe(self.0.bind(py));
        lend(world, || Python::attach(describe))
    }
}

/// What CPython keeps before an object, bytes: for its garbage collector, and where its attributes
/// are.
const HEAD: usize = 32;

thread_local! {
    /// The last `dt` as a Python object: in a tick most steps have the same one.
    static SECONDS: RefCell<Option<(f64, Py<PyFloat>)>> = const { RefCell::new(None) };
}

/// A time as a Python object.
#[inline]
fn seconds(py: Python<'_>, secs: f64) -> Bound<'_, PyFloat> {
    SECONDS.with_borrow_mut(|last| match last {
        Some((known, object)) if known.to_bits() == secs.to_bits() => object.bind(py).clone(),
        _ => {
            let object = PyFloat::new(py, secs);
            *last = Some((secs, object.clone().unbind()));
            object
        }
    })
}
