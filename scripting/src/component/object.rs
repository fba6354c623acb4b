//! Python objects in fields of components.
//!
//! The garbage collector does not look into the world: what a process's component holds lives for
//! as long as the process has the component. When a process is deleted its components go, and with
//! them every circle that led through one, so that nothing is kept for good.

use std::sync::Mutex;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::component::{ComponentKind, ComponentRegistry, FieldKind, Object, Opaque};
use metapython_engine::value::Value;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use pyo3::{ffi, intern};

use crate::convert::{Describer, floats_from_python, from_python, to_python};
use crate::lend::{is_lent, lend, try_with_world};

/// A Python object in a component, or on its way there.
pub(super) struct Held(Option<Py<PyAny>>);

impl Held {
    pub(super) fn wrap(object: &Bound<'_, PyAny>) -> Value {
        if object.is_none() {
            return Value::None;
        }
        Value::Object(Object::new(Self(Some(object.clone().unbind()))))
    }

    pub(super) fn object(&self) -> Option<&Py<PyAny>> {
        self.0.as_ref()
    }
}

impl Opaque for Held {
    fn describe(&self, world: &mut World) -> Value {
        let Some(object) = &self.0 else { return Value::None };
        lend(world, || Python::attach(|py| Describer::new().describe(object.bind(py))))
    }
}

/// Objects whose last reference may have gone while the world was borrowed.
static DISCARDED: Mutex<Vec<Py<PyAny>>> = Mutex::new(Vec::new());

impl Drop for Held {
    /// Lets the object go, whose `__del__` may want the world: at once where Python code has it,
    /// and otherwise, as the world may be in the middle of a change, as soon as it has it again.
    fn drop(&mut self) {
        let Some(object) = self.0.take() else { return };
        if is_lent() {
            return;
        }
        if let Ok(mut discarded) = DISCARDED.lock() {
            discarded.push(object);
        }
        // SAFETY: may be called from any thread, also without Python's lock. Where Python has no
        // room for one more call, the objects wait for the next one to be discarded.
        unsafe { ffi::Py_AddPendingCall(Some(release), std::ptr::null_mut()) };
    }
}

/// Called by Python's main thread between two instructions.
extern "C" fn release(_: *mut std::ffi::c_void) -> std::ffi::c_int {
    Python::attach(release_discarded);
    0
}

/// Lets discarded objects go now: for a change that Python code asked for and that is done.
pub fn release_discarded(_: Python<'_>) {
    let discarded = DISCARDED.lock().map(|mut discarded| std::mem::take(&mut *discarded));
    // The lock is free again: an object that goes may discard others.
    drop(discarded);
}

/// Takes the components that hold objects from a process that ends, and lets the objects go, in the
/// process's own time: left to themselves they would go in that of whoever runs next.
pub fn release_objects(py: Python<'_>, process: Entity) {
    let _ = try_with_world(|world| {
        let holds = |kind: &&ComponentKind| {
            kind.fields.iter().any(|field| matches!(field.kind, FieldKind::Object))
        };
        let kinds = world.resource::<ComponentRegistry>().iter().filter(holds);
        for kind in kinds.cloned().collect::<Vec<_>>() {
            kind.access.remove(world, process);
        }
    });
    release_discarded(py);
}

/// The Python object that a field holds, if it is one.
pub fn object_of<'py>(py: Python<'py>, object: &Object) -> Option<Bound<'py, PyAny>> {
    object.downcast_ref::<Held>()?.object().map(|object| object.bind(py).clone())
}

/// The object as a value for a field, or `None` if the field has no use for such a thing.
pub(super) fn field_value(kind: FieldKind, object: &Bound<'_, PyAny>) -> Option<Value> {
    match kind {
        FieldKind::Object => Some(Held::wrap(object)),
        // A string that is no text, as of half a character, would come back as another.
        FieldKind::Text if let Ok(text) = object.cast::<PyString>() => {
            text.to_str().ok().map(|text| Value::Str(text.to_owned()))
        }
        FieldKind::Float | FieldKind::Points | FieldKind::Vector(_) => {
            floats_from_python(object).ok()
        }
        _ => from_python(object).ok(),
    }
}

/// The value of a field as a Python object: vectors are tuples, as they are not changed in part.
pub(super) fn field_object<'py>(
    py: Python<'py>,
    kind: FieldKind,
    value: &Value,
) -> PyResult<Bound<'py, PyAny>> {
    match (kind, value) {
        (_, Value::Object(object)) => {
            let object = object.downcast_ref::<Held>().and_then(Held::object);
            Ok(object.map_or_else(|| py.None(), |object| object.clone_ref(py)).into_bound(py))
        }
        (FieldKind::Vector(_), Value::List(numbers)) => {
            let numbers = numbers.iter().map(|number| to_python(py, number));
            Ok(PyTuple::new(py, numbers.collect::<PyResult<Vec<_>>>()?)?.into_any())
        }
        (_, value) => to_python(py, value),
    }
}

/// The values with copies of the objects among them, as `copy.deepcopy` makes them.
pub(super) fn copied(
    py: Python<'_>,
    mut values: Vec<Value>,
    memo: Option<&Bound<'_, PyAny>>,
) -> PyResult<Vec<Value>> {
    for value in &mut values {
        if matches!(value, Value::Object(_)) {
            let object = field_object(py, FieldKind::Object, value)?;
            let copy = py
                .import(intern!(py, "copy"))?
                .call_method1(intern!(py, "deepcopy"), (object, memo))?;
            *value = Held::wrap(&copy);
        }
    }
    Ok(values)
}

/// A value of a scene as a field holds it: for a field of objects, a Python object.
///
/// # Errors
/// `MemoryError`.
pub fn owned(py: Python<'_>, kind: &ComponentKind, index: usize, value: &Value) -> PyResult<Value> {
    match kind.fields[index].kind {
        FieldKind::Object => Ok(Held::wrap(&to_python(py, value)?)),
        _ => Ok(value.clone()),
    }
}

/// The values with which a component begins: objects are its own.
///
/// # Errors
/// What Python raises where an object cannot be copied.
pub fn defaults(py: Python<'_>, kind: &ComponentKind) -> PyResult<Vec<Value>> {
    copied(py, kind.access.defaults(), None)
}
