//! What a saved scene says of Python's processes.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::component::Object;
use metapython_engine::process::{self, instance_name};
use metapython_engine::scene::{Chronicler, Description, Omissions, SceneProcess, record};
use metapython_engine::value::Value;
use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFrozenSet};

use crate::component::object_of;
use crate::convert::from_python;
use crate::error::traceback;
use crate::evaluate::is_interrupted;
use crate::lend::lend;
use crate::watchdog::{Label, guarded};

/// The processes of a world, and what no scene can say of them.
pub(super) fn chronicle(world: &mut World) -> (Vec<SceneProcess>, Omissions) {
    let mut missing: Vec<String> = Vec::new();
    loop {
        let (processes, omissions) = record(world, &mut Scribe { missing: &missing });
        let mut recorded = Vec::new();
        names(&processes, &mut recorded);
        recorded.sort_unstable();
        let all = process::all(world).into_iter().map(|process| instance_name(world, process));
        let left_out: Vec<_> =
            all.filter(|name| recorded.binary_search(&&**name).is_err()).collect();
        // Who names a process that is left out cannot be said as it is: told once more, it may be left
        // out itself. Each time there are more, so that this ends.
        if left_out.len() <= missing.len() {
            return (processes, omissions);
        }
        missing = left_out;
    }
}

fn names<'a>(processes: &'a [SceneProcess], found: &mut Vec<&'a str>) {
    for process in processes {
        found.extend(process.name.as_ref().map(|name| &*name.value));
        names(&process.children, found);
    }
}

/// Asks the package what processes are.
struct Scribe<'a> {
    /// The processes that are known not to be in the scene.
    missing: &'a [String],
}

impl Scribe<'_> {
    fn ask(
        &self,
        py: Python<'_>,
        process: &Bound<'_, PyAny>,
    ) -> PyResult<Result<Description, String>> {
        let saved = py.import(intern!(py, "metapython._saved"))?;
        let missing = PyFrozenSet::new(py, self.missing)?;
        let told = saved.call_method1(intern!(py, "describe"), (process, missing));
        let told = match told {
            Ok(told) => told,
            Err(error) if error.is_instance(py, &saved.getattr(intern!(py, "NotSaved"))?) => {
                return Ok(Err(error.value(py).to_string()));
            }
            Err(error) => return Err(error),
        };
        let (attributes, goes_on, notes): (Bound<'_, PyDict>, bool, Vec<String>) =
            told.extract()?;
        let pair = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            Ok((name.extract()?, from_python(&value)?))
        };
        let attributes = attributes.iter().map(pair).collect::<PyResult<_>>()?;
        Ok(Ok(Description { attributes, goes_on, notes }))
    }
}

impl Chronicler for Scribe<'_> {
    fn describe(&mut self, world: &mut World, process: Entity) -> Result<Description, String> {
        if is_interrupted() {
            return Err("it was not looked at".to_owned());
        }
        Python::attach(|py| {
            let Some(instance) = crate::bindings::process::instance(world, py, process) else {
                return Err("it is native, and no class of a script's".to_owned());
            };
            let ask = || {
                let told = self.ask(py, instance.bind(py));
                told.unwrap_or_else(|error| {
                    let last = traceback(py, &error);
                    let last = last.trim_end().lines().next_back().unwrap_or_default().to_owned();
                    Err(format!("it cannot be looked at: {last}"))
                })
            };
            lend(world, || guarded(py, &Label::INSPECTION, ask).0)
        })
    }

    fn plain(&mut self, world: &mut World, object: &Object) -> Option<Value> {
        Python::attach(|py| {
            let object = object_of(py, object)?;
            let plain = || {
                let module = py.import(intern!(py, "metapython._plain"))?;
                let plain = module.call_method1(intern!(py, "plain"), (&object,))?;
                // A field takes what the scene says as it is, without words for what RON cannot say.
                let is_same = plain.eq(&object)? && plain.get_type().is(object.get_type());
                is_same.then(|| from_python(&plain)).ok_or_else(|| PyException::new_err(""))?
            };
            lend(world, || guarded(py, &Label::INSPECTION, || plain().ok()).0)
        })
    }
}
