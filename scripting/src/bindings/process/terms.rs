//! Priorities and intervals as Python code gives them.

use metapython_engine::clock::Flicks;
use metapython_engine::process::{Interval, Priority};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBool;

/// The longest value that a message shows, in characters.
const SHOWN: usize = 40;

/// The priority that `value` is; `owner` is the class in messages.
///
/// # Errors
/// `TypeError` if it is no whole number, `ValueError` if it has more than 32 bits.
pub(super) fn priority_of(owner: &str, value: &Bound<'_, PyAny>) -> PyResult<Priority> {
    if !value.is_instance_of::<PyBool>() {
        match value.extract() {
            Ok(priority) => return Ok(Priority(priority)),
            Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => {}
            Err(_) => {
                let (min, max, value) = (i32::MIN, i32::MAX, shown(value));
                return Err(PyValueError::new_err(format!(
                    "{owner}.priority is a whole number from {min} to {max}, not {value}"
                )));
            }
        }
    }
    let value = shown(value);
    Err(PyTypeError::new_err(format!("{owner}.priority is a whole number, not {value}")))
}

/// The interval that `value` is; `owner` is the class in messages.
///
/// # Errors
/// `TypeError` if it is no number, `ValueError` if no process can have this interval.
pub(super) fn interval_of(owner: &str, value: &Bound<'_, PyAny>) -> PyResult<Interval> {
    let seconds = value.extract::<f64>().ok().filter(|_| !value.is_instance_of::<PyBool>());
    let Some(seconds) = seconds else {
        let value = shown(value);
        let text = format!("{owner}.interval is a number of seconds, not {value}");
        return Err(PyTypeError::new_err(text));
    };
    Interval::from_secs(seconds).map_err(|_| {
        let (min, max, value) = (Interval::MIN_SECS, Flicks::MAX_SECS, shown(value));
        PyValueError::new_err(format!(
            "{owner}.interval is 0 (every tick) or from {min} to {max} seconds, not {value}"
        ))
    })
}

/// Raises `TypeError` or `ValueError` unless a class called `owner` can have this priority.
#[pyfunction]
pub fn check_priority(owner: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    priority_of(owner, value).map(drop)
}

/// Raises `TypeError` or `ValueError` unless a class called `owner` can have this interval.
#[pyfunction]
pub fn check_interval(owner: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    interval_of(owner, value).map(drop)
}

/// The value as Python writes it, short enough for a line.
fn shown(value: &Bound<'_, PyAny>) -> String {
    // Python writes no number of thousands of digits, and an author's `__repr__` may raise.
    let text = value.repr().map_or_else(|_| "this".to_owned(), |text| text.to_string());
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
