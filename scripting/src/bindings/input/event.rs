//! Events as Python objects, and back: the same fields as those of their JSON.

use metapython_engine::input::{InputEvent, MAX_PADS};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt};

use crate::argument::{text, wrong_value};

/// The event as a plain object: a `SimpleNamespace`.
pub(super) fn to_python<'py>(py: Python<'py>, event: &InputEvent) -> PyResult<Bound<'py, PyAny>> {
    let json = py.import(intern!(py, "json"))?;
    let fields = json.call_method1(intern!(py, "loads"), (event.to_json(),))?;
    namespace(py, fields.cast()?)
}

/// The event of a kind with these fields, of those that a script may simulate.
///
/// # Errors
/// `ValueError` says what is wrong with it, `TypeError` for a field that is no plain data.
pub(super) fn from_python(
    kind: &Bound<'_, PyAny>,
    fields: Option<&Bound<'_, PyDict>>,
) -> PyResult<InputEvent> {
    let kinds = InputEvent::KINDS.map(|kind| format!("{kind:?}")).join(", ");
    let name = text("simulate(kind)", &kinds, kind)?;
    if !InputEvent::KINDS.contains(&name) {
        return Err(wrong_value("simulate(kind)", &kinds, kind));
    }
    for (field, value) in fields.into_iter().flatten() {
        let is_number = value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>();
        if is_number && !value.extract().is_ok_and(f64::is_finite) {
            return Err(wrong_value(&format!("simulate({field})"), "a finite number", &value));
        }
    }
    let event = read(name, fields)?;
    if let Some((field, takes)) = out_of_range(&event)
        && let Some(value) = fields.map(|fields| fields.get_item(field)).transpose()?.flatten()
    {
        return Err(wrong_value(&format!("simulate({field})"), &takes, &value));
    }
    Ok(event)
}

/// A field of the event with a number that no device gives, and what it takes.
fn out_of_range(event: &InputEvent) -> Option<(&'static str, String)> {
    match event {
        InputEvent::GamepadConnected { slot, .. }
        | InputEvent::GamepadDisconnected { slot }
        | InputEvent::GamepadButton { slot, .. }
        | InputEvent::GamepadAxis { slot, .. }
            if !(1..=MAX_PADS).contains(slot) =>
        {
            Some(("slot", format!("1 to {MAX_PADS}")))
        }
        InputEvent::GamepadAxis { value, .. } if !(-1.0..=1.0).contains(value) => {
            Some(("value", "-1 to 1".to_owned()))
        }
        InputEvent::Finger { pressure, .. } if !(0.0..=1.0).contains(pressure) => {
            Some(("pressure", "0 to 1".to_owned()))
        }
        _ => None,
    }
}

/// The event of a kind with these fields, whatever numbers are in them.
fn read(kind: &str, fields: Option<&Bound<'_, PyDict>>) -> PyResult<InputEvent> {
    Python::attach(|py| {
        let whole = PyDict::new(py);
        whole.set_item(intern!(py, "kind"), kind)?;
        if let Some(fields) = fields {
            whole.update(fields.as_mapping())?;
        }
        let named = PyDict::new(py);
        named.set_item(intern!(py, "allow_nan"), false)?;
        let json = py.import(intern!(py, "json"))?;
        let text = json.call_method(intern!(py, "dumps"), (whole,), Some(&named));
        let text = text.map_err(|error| {
            let said = format!("simulate({kind:?}): {}", error.value(py));
            match error {
                _ if error.is_instance_of::<PyTypeError>(py) => PyTypeError::new_err(said),
                _ if error.is_instance_of::<PyValueError>(py) => PyValueError::new_err(said),
                other => other,
            }
        })?;
        InputEvent::from_json(text.extract()?).map_err(|error| {
            PyValueError::new_err(format!("simulate({kind:?}): there is no such event: {error}"))
        })
    })
}

/// An object with these attributes.
pub(super) fn namespace<'py>(
    py: Python<'py>,
    fields: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let types = py.import(intern!(py, "types"))?;
    types.getattr(intern!(py, "SimpleNamespace"))?.call((), Some(fields))
}
