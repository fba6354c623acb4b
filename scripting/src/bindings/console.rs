//! The console: the native half of `metapython._terminal`.

use pyo3::prelude::*;

use crate::runtime;

/// Shows a text above the prompt of the terminal, with a line break after it.
#[pyfunction]
pub fn print_above(text: String) {
    runtime::print_above(text);
}
