//! Points from lists and from arrays.

use metapython_engine::ui::Series;
use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::argument::wrong_type;

/// What a plot takes as numbers.
const TAKES: &str = "a sequence of numbers, or an array of one dimension";

/// A curve; where no places are given, they are 0, 1, 2 and so on.
pub(super) fn series(
    name: String,
    xs: Option<&Bound<'_, PyAny>>,
    ys: &Bound<'_, PyAny>,
) -> PyResult<Series> {
    let ys = numbers(ys)?;
    let Some(xs) = xs else {
        #[expect(clippy::cast_precision_loss, reason = "less than 2^53 numbers fit in memory")]
        let points = ys.into_iter().enumerate().map(|(x, y)| [x as f64, y]);
        return Ok(Series::new(name, points));
    };
    let xs = numbers(xs)?;
    if xs.len() != ys.len() {
        let (x, y) = (xs.len(), ys.len());
        let text = format!("plot(series) takes as many places as heights, not {x} and {y}");
        return Err(PyValueError::new_err(text));
    }
    Ok(Series::new(name, xs.into_iter().zip(ys).map(|(x, y)| [x, y])))
}

/// The numbers of a sequence or an array.
fn numbers(values: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    let py = values.py();
    if let Some(numbers) = array::<f64>(py, values, |it| it)? {
        return Ok(numbers);
    }
    if let Some(numbers) = array::<f32>(py, values, f64::from)? {
        return Ok(numbers);
    }
    values.extract().map_err(|error: PyErr| match error.is_instance_of::<PyTypeError>(py) {
        true => wrong_type("plot(series)", TAKES, values),
        false => error,
    })
}

/// The numbers of an array, if it is one of such.
fn array<T: Element>(
    py: Python<'_>,
    values: &Bound<'_, PyAny>,
    read: impl Fn(T) -> f64,
) -> PyResult<Option<Vec<f64>>> {
    let Ok(buffer) = PyBuffer::<T>::get(values) else { return Ok(None) };
    if buffer.dimensions() != 1 {
        return Err(wrong_type("plot(series)", TAKES, values));
    }
    Ok(Some(buffer.to_vec(py)?.into_iter().map(read).collect()))
}
