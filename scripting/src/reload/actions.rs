//! What was bound to actions before an update.

use metapython_engine::input::Actions;
use pyo3::prelude::*;

use crate::lend::with_world;

/// The actions at some moment. Undone is what has changed between that moment and the call of `settle`.
#[pyclass(module = "metapython._native")]
pub struct ActionMemory {
    before: Actions,
    after: Option<Actions>,
}

#[pymethods]
impl ActionMemory {
    /// Remembers what is bound.
    #[new]
    fn new() -> PyResult<Self> {
        let before = with_world(|world| world.resource::<Actions>().clone())?;
        Ok(Self { before, after: None })
    }

    /// Finds out what has changed; whether anything has.
    fn settle(&mut self) -> PyResult<bool> {
        let after = with_world(|world| world.resource::<Actions>().clone())?;
        self.after = Some(after).filter(|after| *after != self.before);
        Ok(self.after.is_some())
    }

    /// Puts back what has changed.
    fn undo(&mut self) -> PyResult<()> {
        let Some(after) = self.after.take() else { return Ok(()) };
        with_world(|world| world.resource_mut::<Actions>().take_back(&self.before, &after))
    }
}
