//! The views that a process hands out of its components.

use std::sync::{Arc, Mutex, OnceLock};

use bevy_ecs::entity::Entity;
use metapython_engine::component::ComponentKind;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyType;

use super::Component;

type View = (Arc<ComponentKind>, Py<Component>);

/// Views that a process has handed out, one for each kind of component: `self.transform` is the
/// same object each time.
#[derive(Default)]
pub struct Views {
    /// The first ones, which are found without a lock. Four are as many as most processes have.
    first: [OnceLock<View>; 4],
    others: Mutex<Vec<View>>,
}

impl Views {
    /// Shows the views to Python's garbage collector.
    ///
    /// # Errors
    /// What the collector says.
    pub fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.first.iter().filter_map(OnceLock::get).try_for_each(|(_, view)| visit.call(view))?;
        let Ok(others) = self.others.try_lock() else { return Ok(()) };
        others.iter().try_for_each(|(_, view)| visit.call(view))
    }

    /// The view of `entity`'s component of the kind that `class` stands for.
    ///
    /// # Errors
    /// What the class raises when it is called.
    #[inline]
    pub fn get<'py>(
        &self,
        kind: &Arc<ComponentKind>,
        class: &Bound<'py, PyType>,
        entity: Entity,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self.known(kind) {
            Some(view) => Ok(view.bind(class.py()).clone().into_any()),
            None => self.get_other(kind, class, entity),
        }
    }

    /// The view of a component of this kind, if it is one of the first.
    #[inline]
    pub fn known(&self, kind: &Arc<ComponentKind>) -> Option<&Py<Component>> {
        let mut known = self.first.iter().map_while(OnceLock::get);
        known.find(|(known, _)| Arc::ptr_eq(known, kind)).map(|(_, view)| view)
    }

    #[cold]
    fn get_other<'py>(
        &self,
        kind: &Arc<ComponentKind>,
        class: &Bound<'py, PyType>,
        entity: Entity,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = class.py();
        if let Ok(others) = self.others.lock()
            && let Some((_, view)) = others.iter().find(|(known, _)| Arc::ptr_eq(known, kind))
        {
            return Ok(view.bind(py).clone().into_any());
        }
        // Without `__init__`, which is for components that are made by hand.
        let view = class.call_method1(intern!(py, "__new__"), (class,))?;
        let component = view.cast::<Component>()?;
        component.get().attach(entity);
        let mut entry = (kind.clone(), component.clone().unbind());
        for slot in &self.first {
            match slot.set(entry) {
                Ok(()) => return Ok(view),
                Err(back) => entry = back,
            }
        }
        if let Ok(mut others) = self.others.lock() {
            others.push(entry);
        }
        Ok(view)
    }
}
