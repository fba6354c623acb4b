//! Errors between Rust and Python: the only place that maps one to the other.

use std::sync::Arc;

use metapython_engine::component::ComponentError;
use metapython_engine::process::{Fault, StepError};
use pyo3::exceptions::{
    PyAttributeError, PyBaseException, PyImportError, PyKeyError, PyLookupError, PyRuntimeError,
    PySystemExit, PyTypeError, PyValueError,
};
use pyo3::prelude::*;
use pyo3::{create_exception, intern};

use crate::kept::Kept;

create_exception!(
    metapython,
    ProcessDeleted,
    pyo3::exceptions::PyReferenceError,
    "The process is deleted: it has no components, name or mailbox any more."
);

create_exception!(
    metapython,
    MailboxFull,
    pyo3::exceptions::PyException,
    "The receiver's mailbox has no room for the message; nothing was sent."
);

/// The exception for a component or field that cannot be had.
pub fn component_error(error: &ComponentError) -> PyErr {
    let text = error.to_string();
    match error {
        ComponentError::UnknownComponent { .. } | ComponentError::UnknownPart { .. } => {
            PyLookupError::new_err(text)
        }
        ComponentError::UnknownField { .. } => PyAttributeError::new_err(text),
        ComponentError::BadValue { .. } => PyValueError::new_err(text),
        ComponentError::Absent { .. } => PyKeyError::new_err(text),
    }
}

/// A `ValueError` with the text of an error.
pub fn value_error(error: &impl std::error::Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A `RuntimeError` with the text of an error.
pub fn runtime_error(error: &impl std::error::Error) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// A `TypeError`.
pub fn type_error(text: impl Into<String>) -> PyErr {
    PyTypeError::new_err(text.into())
}

/// What an exception makes of a step: `SystemExit` ends the process, all others are faults.
pub fn step_error(py: Python<'_>, error: &PyErr) -> StepError {
    if error.is_instance_of::<PySystemExit>(py) {
        return StepError::Exit;
    }
    let exception = Kept::<PyBaseException>::new(exception(py, error).unbind());
    let fault = Fault::raised(summary(py, error), traceback(py, error));
    Fault { exception: Some(Arc::new(exception)), ..fault }.into()
}

/// The exception of a fault: the one that it came from, or one that says the same.
pub fn fault_exception(py: Python<'_>, fault: &Fault) -> PyErr {
    let exception = fault.exception.as_ref();
    match exception.and_then(|it| it.downcast_ref::<Kept<PyBaseException>>()) {
        Some(exception) => PyErr::from_value(exception.bind(py).clone().into_any()),
        None => PyRuntimeError::new_err(fault.summary.clone()),
    }
}

/// The longest summary, in bytes: what somebody reads of a message, with room to spare.
const MAX_SUMMARY: usize = 2_000;

/// The longest traceback, in bytes: about two hundred lines, more than anybody reads, and little
/// enough for the thousand alerts that are kept.
const MAX_TRACEBACK: usize = 16_000;

/// A text of not much more than `limit` bytes: of a longer one its beginning and its end, and how
/// much is left out between them.
fn bounded(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let (head, _) = text.split_at(text.floor_char_boundary(limit / 2));
    let (_, tail) = text.split_at(text.ceil_char_boundary(text.len() - limit / 2));
    // Whole lines, unless they are too long for that.
    let head = head
        .rsplit_once('\n')
        .map_or(head, |(lines, rest)| if rest.len() < lines.len() { lines } else { head });
    let tail = tail
        .split_once('\n')
        .map_or(tail, |(rest, lines)| if rest.len() < lines.len() { lines } else { tail });
    let left_out = text[head.len()..text.len() - tail.len()].chars().count();
    format!("{head}\n... ({left_out} characters are left out) ...\n{tail}")
}

/// A traceback as alerts and consoles show it: of a very long one, its beginning and its end.
#[pyfunction]
pub fn bounded_traceback(text: &str) -> String {
    bounded(text, MAX_TRACEBACK)
}

/// The exception's type and message in one line: `ZeroDivisionError: division by zero`. The message
/// may have more lines, and of a very long one there are its beginning and its end.
pub fn summary(py: Python<'_>, error: &PyErr) -> String {
    let kind =
        error.get_type(py).name().map_or_else(|_| "exception".into(), |name| name.to_string());
    // The exception's own `__str__` may raise in turn.
    let text =
        error.value(py).str().map_or_else(|_| "(no message)".into(), |text| text.to_string());
    if text.is_empty() { kind } else { bounded(&format!("{kind}: {text}"), MAX_SUMMARY) }
}

/// What a check of the package says, in a message that needs no name of an exception before it;
/// of other exceptions the [`summary`].
pub fn refusal(py: Python<'_>, error: &PyErr) -> String {
    let kind = error.get_type(py);
    let kinds = [
        py.get_type::<PyImportError>(),
        py.get_type::<PyLookupError>(),
        py.get_type::<PyTypeError>(),
        py.get_type::<PyValueError>(),
    ];
    let text = error.value(py).str().map(|text| text.to_string()).unwrap_or_default();
    let is_told = !text.is_empty() && kinds.iter().any(|own| own.is(&kind));
    if is_told { text } else { summary(py, error) }
}

/// The exception with its traceback, which `PyErr::value` keeps apart from it before Python 3.12.
pub fn exception<'py>(py: Python<'py>, error: &PyErr) -> Bound<'py, PyBaseException> {
    error.clone_ref(py).into_value(py).into_bound(py)
}

/// The exception as Python prints it, without the frames of the package itself.
pub fn traceback(py: Python<'_>, error: &PyErr) -> String {
    let format = || {
        py.import(intern!(py, "metapython._traceback"))?
            .call_method1(intern!(py, "format_exception"), (exception(py, error),))?
            .extract()
    };
    format().unwrap_or_else(|_: PyErr| summary(py, error))
}

#[cfg(test)]
mod tests {
    use super::bounded;

    /// What has room stays as it is.
    #[test]
    fn a_short_text_is_whole() {
        assert_eq!(bounded("a\nb", 3), "a\nb");
        assert_eq!(bounded("", 3), "");
    }

    /// Of what has none, the beginning and the end are kept, and the rest is counted.
    #[test]
    fn a_long_text_is_cut_in_the_middle() {
        let text = format!("{}{}{}", "ä".repeat(5), "x".repeat(1000), "ö".repeat(5));
        let expected = "äääää\n... (1000 characters are left out) ...\nööööö";
        assert_eq!(bounded(&text, 20), expected);
        let expected = "ääää\n... (1002 characters are left out) ...\nöööö";
        assert_eq!(bounded(&text, 19), expected, "no half characters");
    }

    /// It is cut between lines, where there are some.
    #[test]
    fn lines_stay_whole() {
        let lines: Vec<_> = (0..100).map(|number| format!("line {number}")).collect();
        let cut = bounded(&lines.join("\n"), 50);
        let expected = "line 0\nline 1\nline 2\n... (746 characters are left out) ...\nline 97\nline 98\nline 99";
        assert_eq!(cut, expected);
    }
}
