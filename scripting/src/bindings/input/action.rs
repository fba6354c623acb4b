//! Named actions.

use metapython_engine::input::{ActionError, ActionState, Actions, Binding, Control};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::argument::{text, wrong_type};
use crate::lend::with_world;

/// What a binding is.
const BINDING: &str =
    "names of controls, like \"Space\", or pairs of them, like (\"Left\", \"Right\")";

/// A named action: what the user does, whatever it is bound to.
///
/// All that it tells is of the tick in which it is asked.
#[pyclass(frozen, module = "metapython")]
pub struct Action {
    /// The action's name.
    #[pyo3(get)]
    name: String,
}

#[pymethods]
impl Action {
    /// From 0 to 1, or from -1 to 1 where an axis or a pair is bound: the sum of all that is bound, cut
    /// off there.
    #[getter]
    fn value(&self) -> PyResult<f64> {
        Ok(self.state()?.value)
    }

    /// Whether it is on: from half its way on.
    #[getter]
    fn is_down(&self) -> PyResult<bool> {
        Ok(self.state()?.is_down)
    }

    /// Whether it went on in this tick.
    #[getter]
    fn was_pressed(&self) -> PyResult<bool> {
        Ok(self.state()?.was_pressed)
    }

    /// Whether it went off in this tick.
    #[getter]
    fn was_released(&self) -> PyResult<bool> {
        Ok(self.state()?.was_released)
    }

    /// What is bound to it: names of controls, and pairs of them.
    #[getter]
    fn bindings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let bound = with_world(|world| {
            world.resource::<Actions>().bindings(&self.name).map(<[Binding]>::to_vec)
        })?;
        let binding = |binding: Binding| match binding {
            Binding::One(control) => control.to_string().into_bound_py_any(py),
            Binding::Pair(negative, positive) => {
                (negative.to_string(), positive.to_string()).into_bound_py_any(py)
            }
        };
        let bindings = bound.map_err(|error| action_error(&error))?.into_iter().map(binding);
        PyList::new(py, bindings.collect::<PyResult<Vec<_>>>()?)
    }

    fn __repr__(&self) -> String {
        format!("<Action {}>", self.name)
    }
}

impl Action {
    /// The one that is called so.
    ///
    /// # Errors
    /// `ValueError` if there is none.
    pub(super) fn named(name: &str) -> PyResult<Self> {
        let action = Self { name: name.to_owned() };
        action.state()?;
        Ok(action)
    }

    fn state(&self) -> PyResult<ActionState> {
        let state = with_world(|world| world.resource::<Actions>().state(&self.name))?;
        state.map_err(|error| action_error(&error))
    }
}

/// The exception for an action that is not to be had.
pub(super) fn action_error(error: &ActionError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// What is bound by these arguments.
///
/// # Errors
/// `TypeError` for what is no name and no pair of names, `ValueError` for a control that there is not.
pub(super) fn bindings_of(what: &str, controls: &Bound<'_, PyTuple>) -> PyResult<Vec<Binding>> {
    let control = |name: &Bound<'_, PyAny>| {
        let name = text(what, BINDING, name)?;
        Control::parse(name).map_err(|error| PyValueError::new_err(error.to_string()))
    };
    let binding = |given: Bound<'_, PyAny>| match given.cast::<PyTuple>() {
        Err(_) => control(&given).map(Binding::One),
        Ok(pair) if pair.len() == 2 => {
            Ok(Binding::Pair(control(&pair.get_item(0)?)?, control(&pair.get_item(1)?)?))
        }
        Ok(_) => Err(wrong_type(what, BINDING, &given)),
    };
    controls.iter().map(binding).collect()
}
