//! Plain data between Rust and Python.
//!
//! [`to_python`] and [`from_python`] are exact for what scenes and components hold. [`describe`]
//! makes plain data of anything, for digests and inspection; what it has no words for, it names.

use metapython_engine::value::Value;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PySet, PyString, PyTuple, PyType,
};
use pyo3::{IntoPyObjectExt, intern};

use crate::bindings::process::ProcessHandle;
use crate::component::Component;

/// How deep [`describe`] looks into containers: deeper than any sensible state, shallow enough for
/// the stack.
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
    }
}

/// The Python object as plain data: `None`, `bool`, `int`, `float`, `str`, `bytes`, tuples, lists,
/// dicts, and whatever has `__index__` or `__float__`, as NumPy's numbers do.
///
/// # Errors
/// `TypeError` for anything else, `OverflowError` for an `int` of more than 64 bits.
pub fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    from_python_to_depth(object, MAX_DEPTH)
}

fn from_python_to_depth(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    if depth == 0 {
        return Err(PyTypeError::new_err("this data is nested too deeply, or holds itself"));
    }
    if let Some(value) = scalar(object)? {
        return Ok(value);
    }
    let py = object.py();
    if object.is_instance_of::<PyTuple>() || object.is_instance_of::<PyList>() {
        let mut values = Vec::with_capacity(object.len()?);
        for item in object.try_iter()? {
            values.push(from_python_to_depth(&item?, depth - 1)?);
        }
        return Ok(Value::List(values));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        let mut pairs = Vec::with_capacity(dict.len());
        for (key, value) in dict {
            let key = from_python_to_depth(&key, depth - 1)?;
            pairs.push((key, from_python_to_depth(&value, depth - 1)?));
        }
        return Ok(Value::Map(pairs));
    }
    if object.hasattr(intern!(py, "__index__"))? {
        return from_python_to_depth(&object.call_method0(intern!(py, "__index__"))?, depth - 1);
    }
    if object.hasattr(intern!(py, "__float__"))? {
        return from_python_to_depth(&object.call_method0(intern!(py, "__float__"))?, depth - 1);
    }
    let kind = object.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{kind} is no plain data (numbers, text, tuples, lists, dicts)"
    )))
}

/// The value of an object that holds no others.
fn scalar(object: &Bound<'_, PyAny>) -> PyResult<Option<Value>> {
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
        let number = number
            .extract()
            .map_err(|_| PyOverflowError::new_err(format!("{number} does not fit in 64 bits")))?;
        return Ok(Some(Value::Int(number)));
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

/// Anything as plain data, the same for the same state in every run.
///
/// Processes become their names, components their fields, sets are sorted, other objects become
/// their class with their attributes. An object without attributes is its class alone: nothing
/// that differs between runs, as an address does, gets in.
pub fn describe(object: &Bound<'_, PyAny>) -> Value {
    describe_within(object, &mut Vec::new())
}

/// `path` holds the addresses of the containers around the object, to stop at one that holds
/// itself.
fn describe_within(object: &Bound<'_, PyAny>, path: &mut Vec<usize>) -> Value {
    match scalar(object) {
        Ok(Some(value)) => return value,
        Ok(None) => {}
        // An int of more than 64 bits.
        Err(_) => return Value::Str(object.str().map(|text| text.to_string()).unwrap_or_default()),
    }
    if let Ok(process) = object.cast::<ProcessHandle>() {
        return named("process", Value::Str(process.get().describe()));
    }
    if let Ok(component) = object.cast::<Component>() {
        let fields = component.borrow().values();
        return named(&class_name(object), Value::List(fields.unwrap_or_default()));
    }
    if let Ok(class) = object.cast::<PyType>() {
        let name = class.fully_qualified_name().map(|name| name.to_string());
        return named("class", Value::Str(name.unwrap_or_default()));
    }
    let address = object.as_ptr().addr();
    if path.contains(&address) || path.len() >= MAX_DEPTH {
        return named("within", Value::Str(class_name(object)));
    }
    path.push(address);
    let value = describe_container(object, path);
    path.pop();
    value
}

fn describe_container(object: &Bound<'_, PyAny>, path: &mut Vec<usize>) -> Value {
    let py = object.py();
    if object.is_instance_of::<PyTuple>() || object.is_instance_of::<PyList>() {
        let items = object.try_iter().into_iter().flatten().flatten();
        return Value::List(items.map(|item| describe_within(&item, path)).collect());
    }
    if let Ok(set) = object.cast::<PySet>() {
        let mut items: Vec<_> = set.iter().map(|item| describe_within(&item, path)).collect();
        items.sort_by_key(ToString::to_string);
        return named("set", Value::List(items));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        return describe_dict(dict, path);
    }
    // NumPy arrays and numbers, array.array, and others that say their bytes.
    if let Ok(bytes) = object.call_method0(intern!(py, "tobytes"))
        && let Ok(bytes) = bytes.cast::<PyBytes>()
    {
        return named(&class_name(object), Value::Bytes(bytes.as_bytes().to_vec()));
    }
    let attributes = object.getattr(intern!(py, "__dict__")).ok();
    let attributes = attributes.as_ref().and_then(|dict| dict.cast::<PyDict>().ok());
    let attributes = attributes.map_or(Value::None, |dict| describe_dict(dict, path));
    named(&class_name(object), attributes)
}

fn describe_dict(dict: &Bound<'_, PyDict>, path: &mut Vec<usize>) -> Value {
    let pair = |(key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        (describe_within(&key, path), describe_within(&value, path))
    };
    Value::Map(dict.iter().map(pair).collect())
}

fn class_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().name().map(|name| name.to_string()).unwrap_or_default()
}

/// A value with a word for what it is.
fn named(kind: &str, value: Value) -> Value {
    Value::Map(vec![(Value::Str(kind.to_owned()), value)])
}
