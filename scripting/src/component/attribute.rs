//! The attributes of Python classes that stand for fields and components.

use std::sync::Arc;

use metapython_engine::component::{ComponentKind, FieldKind, Number, NumberField};
use pyo3::exceptions::{PyAttributeError, PyTypeError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyType;

use super::object::{field_object, field_value};
use super::{Component, bad_value, kind_of};
use crate::bindings::process::ProcessHandle;
use crate::lend::try_with_world;

// An attribute of a component class: one field. No doc comment: it would hide the field's own.
#[expect(missing_docs, reason = "the class's text would stand in the place of the field's")]
#[pyclass(frozen, module = "metapython._native")]
pub struct FieldDescriptor {
    /// The class whose objects have it.
    pub(super) class: Py<PyType>,
    kind: Arc<ComponentKind>,
    index: usize,
    /// The short way to the field, if it is of one number.
    number: Option<NumberField>,
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
        let (py, field) = (slf.py(), slf.get());
        let component = field.owner(component)?;
        field_object(py, field.kind(), &component.get(field.index)?)
    }

    fn __set__(&self, component: &Bound<'_, PyAny>, object: &Bound<'_, PyAny>) -> PyResult<()> {
        let component = self.owner(component)?;
        let value = field_value(self.kind(), object)
            .ok_or_else(|| bad_value(&self.kind, self.index, object))?;
        component.set(object.py(), self.index, &value)
    }

    fn __delete__(&self, component: &Bound<'_, PyAny>) -> PyResult<()> {
        self.owner(component)?;
        let (kind, field) = (&self.kind.name, &self.kind.fields[self.index].name);
        Err(PyAttributeError::new_err(format!("{kind}.{field} cannot be deleted: set it instead")))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.class)
    }

    #[getter]
    fn __doc__(&self) -> String {
        let field = &self.kind.fields[self.index];
        let kind = field.kind.describe();
        format!("{} Takes {kind}.", field.doc.trim().replace('\n', "")).trim_start().to_owned()
    }
}

impl FieldDescriptor {
    /// The field at `index` of a kind, for objects of `class`.
    pub(super) fn new(class: &Bound<'_, PyType>, kind: &Arc<ComponentKind>, index: usize) -> Self {
        let number = NumberField::of(&kind.storage, index);
        Self { class: class.clone().unbind(), kind: kind.clone(), index, number }
    }

    /// The field's number in a component of the world; `None` where that is not at hand.
    #[inline]
    pub(super) fn number(&self, component: &Component) -> Option<Number> {
        let (field, entity) = (self.number.as_ref()?, component.entity.get()?);
        try_with_world(|world| field.get(world, *entity))?
    }

    /// Sets the field of a component in the world, if it is one of a float; whether it did.
    #[inline]
    pub(super) fn set_float(&self, component: &Component, value: f64) -> bool {
        let (Some(field), Some(entity)) = (&self.number, component.entity.get()) else {
            return false;
        };
        try_with_world(|world| field.set_float(world, *entity, value)) == Some(true)
    }

    fn kind(&self) -> FieldKind {
        self.kind.fields[self.index].kind
    }

    /// The component whose field is meant: one of this field's kind or another version of it, because
    /// fields are numbered within their kind.
    fn owner<'a>(&self, component: &'a Bound<'_, PyAny>) -> PyResult<&'a Component> {
        if let Ok(owner) = component.cast::<Component>()
            && owner.get().kind.is(&self.kind)
        {
            return Ok(owner.get());
        }
        let (kind, field) = (&self.kind.name, &self.kind.fields[self.index].name);
        let found = component.get_type().name()?;
        Err(PyTypeError::new_err(format!("{kind}.{field} is no field of {found}")))
    }
}

/// An attribute of a process class: one component.
#[pyclass(frozen, module = "metapython._native")]
pub struct ComponentDescriptor {
    class: Py<PyType>,
    pub(super) kind: Arc<ComponentKind>,
    default: Py<PyAny>,
}

#[pymethods]
impl ComponentDescriptor {
    #[new]
    fn new(class: &Bound<'_, PyType>, default: &Bound<'_, PyAny>) -> PyResult<Self> {
        let kind = kind_of(class)?;
        Ok(Self { class: class.clone().unbind(), kind, default: default.clone().unbind() })
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
        process.cast::<ProcessHandle>()?.get().view(&self.kind, self.class.bind(py))
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
