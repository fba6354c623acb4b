//! Objects that hold no others, or that a name says all of.

use metapython_engine::value::{Value, canonical};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDict, PyFloat, PyFunction, PyInt, PyModule, PyString, PyTuple, PyType,
};

use super::named;
use crate::bindings::process::ProcessHandle;

/// The object as plain data, or `None` if it holds others. Instances of subclasses of numbers and
/// text hold more than those.
pub(super) fn leaf(object: &Bound<'_, PyAny>) -> Option<Value> {
    if let Some(value) = scalar(object) {
        return Some(value);
    }
    if let Ok(process) = object.cast::<ProcessHandle>() {
        return Some(named("process", Value::Str(process.get().describe())));
    }
    if let Ok(class) = object.cast::<PyType>() {
        let name = class.fully_qualified_name();
        return Some(named("class", Value::Str(name.map_or_else(|_| String::new(), lossy))));
    }
    if object.is_instance_of::<PyModule>() {
        return Some(named("module", Value::Str(attribute(object, "__name__"))));
    }
    if object.is_instance_of::<PyFunction>() {
        let (module, name) = (attribute(object, "__module__"), attribute(object, "__qualname__"));
        return Some(named("function", Value::Str(format!("{module}.{name}"))));
    }
    // A tuple of numbers and text is a value, whichever object it is.
    let tuple = object.cast_exact::<PyTuple>().ok()?;
    let items: Option<Vec<_>> = tuple.iter().map(|item| scalar(&item)).collect();
    Some(named("tuple", Value::List(items?)))
}

fn scalar(object: &Bound<'_, PyAny>) -> Option<Value> {
    if let Ok(number) = object.cast_exact::<PyFloat>() {
        return Some(Value::Float(canonical(number.value())));
    }
    if object.is_none() {
        return Some(Value::None);
    }
    if let Ok(truth) = object.cast_exact::<PyBool>() {
        return Some(Value::Bool(truth.is_true()));
    }
    if let Ok(number) = object.cast_exact::<PyInt>() {
        return Some(number.extract().map_or_else(|_| large(number), Value::Int));
    }
    if let Ok(text) = object.cast_exact::<PyString>() {
        return Some(string(text));
    }
    let bytes = object.cast_exact::<PyBytes>().ok()?;
    Some(Value::Bytes(bytes.as_bytes().to_vec()))
}

/// A number of more than 64 bits, by its bytes: exact, and with no limit on the digits.
fn large(number: &Bound<'_, PyInt>) -> Value {
    let bytes = || {
        let py = number.py();
        let bits: usize = number.call_method0(intern!(py, "bit_length"))?.extract()?;
        let signed = PyDict::new(py);
        signed.set_item(intern!(py, "signed"), true)?;
        // One more for the sign.
        let arguments = (bits / 8 + 1, intern!(py, "little"));
        number.call_method(intern!(py, "to_bytes"), arguments, Some(&signed))?.extract()
    };
    named("int", bytes().map_or_else(|_: PyErr| Value::None, Value::Bytes))
}

/// Text; what is no Unicode, as Python has it for file names in another encoding, by its bytes.
fn string(text: &Bound<'_, PyString>) -> Value {
    if let Ok(text) = text.to_str() {
        return Value::Str(text.to_owned());
    }
    let encoding = (intern!(text.py(), "utf-8"), intern!(text.py(), "surrogatepass"));
    let bytes = text.call_method1(intern!(text.py(), "encode"), encoding);
    let bytes = bytes.and_then(|bytes| bytes.extract());
    named("str", bytes.map_or_else(|_| Value::None, Value::Bytes))
}

/// An attribute that is text, or nothing.
fn attribute(object: &Bound<'_, PyAny>, name: &str) -> String {
    let value = object.getattr(name).ok();
    value.and_then(|value| value.cast_into::<PyString>().ok()).map(lossy).unwrap_or_default()
}

fn lossy(text: Bound<'_, PyString>) -> String {
    text.to_string_lossy().into_owned()
}
