//! What the package's console asks of the engine.

use metapython_engine::console::{SessionId, Sessions};
use metapython_engine::process::Names;
use pyo3::prelude::*;

use crate::evaluate::interrupt_evaluation;
use crate::lend::with_world;
use crate::runtime;

/// Ends a console session: whoever sits at it is told, and has the exit status.
#[pyfunction]
pub fn close_session(number: u32, status: u8) -> PyResult<()> {
    with_world(|world| world.resource_mut::<Sessions>().leave(SessionId(number), status))
}

/// Interrupts what a console session evaluates at this moment; whether it does. May be called on any
/// thread.
#[pyfunction]
pub fn interrupt_session(number: u32) -> bool {
    interrupt_evaluation(SessionId(number))
}

/// The names of processes that begin with `prefix`, at most so many, in order.
#[pyfunction]
pub fn process_names(prefix: &str, most: usize) -> PyResult<Vec<String>> {
    with_world(|world| {
        let found = world.resource::<Names>().beginning_with(prefix).take(most);
        found.map(|(name, _)| name.to_owned()).collect()
    })
}

/// Shows a text above the prompt of the terminal, with a line break after it.
#[pyfunction]
pub fn print_above(text: String) {
    runtime::print_above(text);
}
