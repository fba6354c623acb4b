//! The attributes of Python classes that stand for fields and components.

use std::sync::Arc;

use metapython_engine::component::{ComponentError, ComponentKind};
use pyo3::exceptions::{PyAttributeError, PyTypeError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyType;

use super::{Component, kind_of};
use crate::bindings::process::ProcessHandle;
use crate::convert::{from_python, to_python};
use crate::error::component_error;

// An attribute of a component class: one field. No doc comment: it would hide the field's own.
#[expect(missing_docs, reason = "the class's text would stand in the place of the field's")]
#[pyclass(frozen, module = "metapython._native")]
pub struct FieldDescriptor {
    pub(super) kind: Arc<ComponentKind>,
    pub(super) index: usize,
}

#[pymethods]
impl FieldDescriptor {
    fn __get__<'py>(
        slf: &Bound<'py, Self>,
        component: &Bound<'py, PyAny>,
        _class: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if component.is_none() {
            return Ok(slf.clone().into_any());
        }
        let component = slf.get().owner(component)?.try_borrow()?;
        to_python(slf.py(), &component.get(slf.get().index)?)
    }

    fn __set__(&self, component: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let component = self.owner(component)?;
        let value = from_python(value).map_err(|_| self.bad_value(value))?;
        component.try_borrow_mut()?.set(self.index, value)
    }

    fn __delete__(&self, component: &Bound<'_, PyAny>) -> PyResult<()> {
        self.owner(component)?;
        let (kind, field) = (&self.kind.name, &self.kind.fields[self.index].name);
        Err(PyAttributeError::new_err(format!("{kind}.{field} cannot be deleted: set it instead")))
    }

    #[getter]
    fn __doc__(&self) -> String {
        let field = &self.kind.fields[self.index];
        let kind = field.kind.describe();
        format!("{} Takes {kind}.", field.doc.trim().replace('\n', ""))
    }
}

impl FieldDescriptor {
    /// The component whose field is meant: one of this field's kind, because fields are numbered
    /// within their kind.
    fn owner<'a, 'py>(
        &self,
        component: &'a Bound<'py, PyAny>,
    ) -> PyResult<&'a Bound<'py, Component>> {
        if let Ok(owner) = component.cast::<Component>()
            && Arc::ptr_eq(&owner.try_borrow()?.kind, &self.kind)
        {
            return Ok(owner);
        }
        let (kind, field) = (&self.kind.name, &self.kind.fields[self.index].name);
        let found = component.get_type().name()?;
        Err(PyTypeError::new_err(format!("{kind}.{field} is no field of {found}")))
    }

    fn bad_value(&self, value: &Bound<'_, PyAny>) -> PyErr {
        let field = &self.kind.fields[self.index];
        let found = value.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        component_error(&ComponentError::BadValue {
            component: self.kind.name.to_string(),
            field: field.name.to_string(),
            expected: field.kind.describe(),
            found,
        })
    }
}

/// An attribute of a process class: one component.
#[pyclass(frozen, module = "metapython._native")]
pub struct ComponentDescriptor {
    class: Py<PyType>,
    default: Py<PyAny>,
}

#[pymethods]
impl ComponentDescriptor {
    #[new]
    fn new(class: &Bound<'_, PyType>, default: &Bound<'_, PyAny>) -> PyResult<Self> {
        kind_of(class)?;
        Ok(Self { class: class.clone().unbind(), default: default.clone().unbind() })
    }

    /// The component that a new process gets.
    #[getter]
    fn default(&self, py: Python<'_>) -> Py<PyAny> {
        self.default.clone_ref(py)
    }

    fn __get__<'py>(
        &self,
        process: &Bound<'py, PyAny>,
        _class: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = process.py();
        if process.is_none() {
            return Ok(self.default.bind(py).clone());
        }
        process.cast::<ProcessHandle>()?.get().view(self.class.bind(py))
    }

    fn __set__(&self, process: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if !value.is_instance(self.class.bind(process.py()))? {
            let name = self.class.bind(process.py()).name()?;
            let found = value.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "this attribute takes a {name}, not {found}"
            )));
        }
        process.cast::<ProcessHandle>()?.get().insert(value)
    }

    fn __delete__(&self, _process: &Bound<'_, PyAny>) -> PyResult<()> {
        let text = "to take a component from a process: del process[Component]";
        Err(PyAttributeError::new_err(text))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.class)?;
        visit.call(&self.default)
    }
}
