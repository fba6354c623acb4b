//! Plain data between Rust and Python.
//!
//! [`to_python`] and [`from_python`] are exact for what scenes and components hold. [`Describer`]
//! makes plain data of anything, for digests and inspection; what it has no words for, it names.

mod describe;

use metapython_engine::value::Value;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use pyo3::{IntoPyObjectExt, intern};

pub use describe::Describer;

/// How deep [`from_python`] looks into containers: deeper than any sensible data, shallow enough
/// for the stack.
const MAX_DEPTH: usize = 64;

/// The value as a Python object; lists become lists.
///
/// # Errors
/// `MemoryError`.
pub fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::None => Ok(py.None().into_bound(py)),
        Value::Bool(truth) => truth.into_bound_py_any(py),
        Value::Int(number) => number.into_bound_py_any(py),
        Value::Float(number) => number.into_bound_py_any(py),
        Value::Str(text) => text.into_bound_py_any(py),
        Value::Bytes(bytes) => Ok(PyBytes::new(py, bytes).into_any()),
        Value::List(values) => {
            let items = values.iter().map(|value| to_python(py, value));
            Ok(PyList::new(py, items.collect::<PyResult<Vec<_>>>()?)?.into_any())
        }
        Value::Map(pairs) => {
            let dict = PyDict::new(py);
            for (key, value) in pairs {
                dict.set_item(to_python(py, key)?, to_python(py, value)?)?;
            }
            Ok(dict.into_any())
        }
        // Those of components are Python's own: the module `component` knows them.
        Value::Object(_) => Ok(py.None().into_bound(py)),
    }
}

/// The Python object as plain data: `None`, `bool`, `int`, `float`, `str`, `bytes`, tuples, lists,
/// dicts, and whatever has `__index__` or `__float__`, as NumPy's numbers do.
///
/// # Errors
/// `TypeError` for anything else, `OverflowError` for an `int` of more than 64 bits.
pub fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    from_python_to_depth(object, MAX_DEPTH, |number| Err(too_large(number)?))
}

/// The same for what becomes floats: an `int` of more than 64 bits is rounded, as `float(int)` does.
///
/// # Errors
/// `TypeError` for anything else, `OverflowError` for an `int` that no float is near to.
pub fn floats_from_python(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    from_python_to_depth(object, MAX_DEPTH, |number| number.extract().map(Value::Float))
}

/// What becomes of a number that no [`Value::Int`] can hold.
type Large = fn(&Bound<'_, PyInt>) -> PyResult<Value>;

fn from_python_to_depth(object: &Bound<'_, PyAny>, depth: usize, large: Large) -> PyResult<Value> {
    if depth == 0 {
        return Err(PyTypeError::new_err("this data is nested too deeply, or holds itself"));
    }
    if let Some(value) = scalar(object, large)? {
        return Ok(value);
    }
    let py = object.py();
    if object.is_instance_of::<PyTuple>() || object.is_instance_of::<PyList>() {
        let mut values = Vec::with_capacity(object.len()?);
        for item in object.try_iter()? {
            values.push(from_python_to_depth(&item?, depth - 1, large)?);
        }
        return Ok(Value::List(values));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        // Taken out first: `__index__` of an item may change the dict.
        let items: Vec<_> = dict.iter().collect();
        let mut pairs = Vec::with_capacity(items.len());
        for (key, value) in items {
            let key = from_python_to_depth(&key, depth - 1, large)?;
            pairs.push((key, from_python_to_depth(&value, depth - 1, large)?));
        }
        return Ok(Value::Map(pairs));
    }
    if object.hasattr(intern!(py, "__index__"))? {
        let index = object.call_method0(intern!(py, "__index__"))?;
        return from_python_to_depth(&index, depth - 1, large);
    }
    if object.hasattr(intern!(py, "__float__"))? {
        let float = object.call_method0(intern!(py, "__float__"))?;
        return from_python_to_depth(&float, depth - 1, large);
    }
    let kind = object.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{kind} is no plain data (numbers, text, tuples, lists, dicts)"
    )))
}

/// The exception for a number that no [`Value::Int`] can hold.
fn too_large(number: &Bound<'_, PyInt>) -> PyResult<PyErr> {
    let text = format!("{} does not fit in 64 bits with a sign", shown(number)?);
    Ok(PyOverflowError::new_err(text))
}

/// The number itself only as long as somebody would read it: Python refuses to write down one of more
/// than 4,300 digits.
///
/// # Errors
/// `MemoryError`.
pub fn shown(number: &Bound<'_, PyInt>) -> PyResult<String> {
    let bits: usize = number.call_method0(intern!(number.py(), "bit_length"))?.extract()?;
    Ok(match bits {
        0..=128 => number.str()?.to_string_lossy().into_owned(),
        _ => format!("a number of {bits} bits"),
    })
}

/// The value of an object that holds no others.
fn scalar(object: &Bound<'_, PyAny>, large: Large) -> PyResult<Option<Value>> {
    // Exact floats first: they are what components hold.
    if let Ok(number) = object.cast_exact::<PyFloat>() {
        return Ok(Some(Value::Float(number.value())));
    }
    if object.is_none() {
        return Ok(Some(Value::None));
    }
    if let Ok(truth) = object.cast::<PyBool>() {
        return Ok(Some(Value::Bool(truth.is_true())));
    }
    if let Ok(number) = object.cast::<PyInt>() {
        return number.extract().map(Value::Int).or_else(|_| large(number)).map(Some);
    }
    if let Ok(number) = object.cast::<PyFloat>() {
        return Ok(Some(Value::Float(number.value())));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Some(Value::Str(text.to_string_lossy().into_owned())));
    }
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Some(Value::Bytes(bytes.as_bytes().to_vec())));
    }
    Ok(None)
}
