//! The views that a process hands out of its components.

use std::sync::{Arc, Mutex};

use bevy_ecs::entity::Entity;
use metapython_engine::component::ComponentKind;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyType;

use super::{Component, Place, kind_of};

/// Views that a process has handed out, one for each kind of component: `self.transform` is the
/// same object each time.
#[derive(Default)]
pub struct Views(Mutex<Vec<(Arc<ComponentKind>, Py<Component>)>>);

impl Views {
    /// Shows the views to Python's garbage collector.
    ///
    /// # Errors
    /// What the collector says.
    pub fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(views) = self.0.try_lock() else { return Ok(()) };
        views.iter().try_for_each(|(_, view)| visit.call(view))
    }

    /// The view of `entity`'s component of the kind that `class` stands for.
    ///
    /// # Errors
    /// `TypeError` if the class stands for no component.
    pub fn get<'py>(
        &self,
        class: &Bound<'py, PyType>,
        entity: Entity,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = class.py();
        let kind = kind_of(class)?;
        if let Ok(views) = self.0.lock()
            && let Some((_, view)) = views.iter().find(|(other, _)| Arc::ptr_eq(other, &kind))
        {
            return Ok(view.bind(py).clone().into_any());
        }
        let view = class.call0()?;
        let component = view.cast::<Component>()?;
        component.try_borrow_mut()?.place = Place::Attached(entity);
        if let Ok(mut views) = self.0.lock() {
            views.push((kind, component.clone().unbind()));
        }
        Ok(view)
    }
}
