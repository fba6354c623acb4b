//! Arguments that authors give: what each must be, and what is said of one that is something else.
//!
//! PyO3's own messages know neither where the argument stands nor what its range or unit is. So the
//! bindings take the objects as they come, and read them here: every message is `WHAT takes THIS,
//! not THAT`, a `TypeError` for another type and a `ValueError` for a value out of its range.

use std::convert::Infallible;

use metapython_engine::clock::Flicks;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyUnicodeEncodeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString};

/// The longest value that a message shows, in characters.
const SHOWN: usize = 40;

/// An argument that has a default: what was given, also where that is `None`.
pub struct Given<'py>(Option<Bound<'py, PyAny>>);

impl<'py> Given<'py> {
    /// Nothing was given.
    pub const NOT: Self = Self(None);

    /// The argument as `read` has it, or the default.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn or<T>(
        &self,
        default: T,
        read: impl FnOnce(&Bound<'py, PyAny>) -> PyResult<T>,
    ) -> PyResult<T> {
        self.0.as_ref().map_or(Ok(default), read)
    }
}

impl<'py> FromPyObject<'_, 'py> for Given<'py> {
    type Error = Infallible;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Self(Some(object.to_owned())))
    }
}

/// A `str`.
///
/// # Errors
/// `TypeError` for anything else, `ValueError` for one with half characters, which UTF-8 has not.
pub fn text<'a>(what: &str, takes: &str, value: &'a Bound<'_, PyAny>) -> PyResult<&'a str> {
    let text = value.cast::<PyString>().map_err(|_| wrong_type(what, takes, value))?;
    text.to_str().map_err(|error| match error.is_instance_of::<PyUnicodeEncodeError>(value.py()) {
        true => wrong_value(what, takes, value),
        false => error,
    })
}

/// A number, of whatever type, that is `valid`; truth values are none.
///
/// # Errors
/// `TypeError` for what is no number, `ValueError` for one that is not valid.
pub fn number(
    what: &str,
    takes: &str,
    value: &Bound<'_, PyAny>,
    valid: impl FnOnce(f64) -> bool,
) -> PyResult<f64> {
    let number = extracted(what, takes, value)?;
    if valid(number) { Ok(number) } else { Err(wrong_value(what, takes, value)) }
}

/// A span of simulation time, given in seconds.
///
/// # Errors
/// `TypeError` for what is no number, `ValueError` for one below 0 or above [`Flicks::MAX_SECS`].
pub fn span(what: &str, value: &Bound<'_, PyAny>) -> PyResult<Flicks> {
    let takes = format!("0 to {:e} seconds", Flicks::MAX_SECS);
    let secs = extracted(what, &takes, value)?;
    Flicks::from_secs(secs).map_err(|_| wrong_value(what, &takes, value))
}

/// A whole number that `N` has room for; truth values are none.
///
/// # Errors
/// `TypeError` for what is no whole number, `ValueError` for one that has no room.
pub fn whole<'py, N>(what: &str, takes: &str, value: &Bound<'py, PyAny>) -> PyResult<N>
where
    N: FromPyObjectOwned<'py, Error = PyErr>,
{
    extracted(what, takes, value)
}

/// `True` or `False`.
///
/// # Errors
/// `TypeError` for anything else.
pub fn truth(what: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.extract().map_err(|_| wrong_type(what, "True or False", value))
}

/// The exception for an argument of another type.
pub fn wrong_type(what: &str, takes: &str, value: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!("{what} takes {takes}, not {}", shown(value)))
}

/// The exception for an argument of the right type that is out of its range.
pub fn wrong_value(what: &str, takes: &str, value: &Bound<'_, PyAny>) -> PyErr {
    PyValueError::new_err(format!("{what} takes {takes}, not {}", shown(value)))
}

/// The value as Python writes it, short enough for a line.
pub fn shown(value: &Bound<'_, PyAny>) -> String {
    // Python writes no number of thousands of digits, and an author's `__repr__` may raise.
    let text = value.repr().map_or_else(|_| "this".to_owned(), |text| text.to_string());
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

fn extracted<'py, N>(what: &str, takes: &str, value: &Bound<'py, PyAny>) -> PyResult<N>
where
    N: FromPyObjectOwned<'py, Error = PyErr>,
{
    let py = value.py();
    if value.is_instance_of::<PyBool>() {
        return Err(wrong_type(what, takes, value));
    }
    value.extract().map_err(|error: PyErr| {
        if error.is_instance_of::<PyTypeError>(py) {
            wrong_type(what, takes, value)
        } else if error.is_instance_of::<PyOverflowError>(py) {
            wrong_value(what, takes, value)
        } else {
            error // The object's own, as it was asked for its number.
        }
    })
}
