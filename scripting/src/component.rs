//! Components as Python sees them: objects whose attributes are fields in the ECS.
//!
//! A [`Component`] is either detached, a value of its own such as a class's default, or attached:
//! a view of one entity's component, which reads and writes the world. The Python classes
//! (`Transform` and so on) are subclasses whose attributes are [`FieldDescriptor`]s.

mod attribute;
mod view;

use std::sync::Arc;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::component::{ComponentError, ComponentKind};
use metapython_engine::machine::Machine;
use metapython_engine::value::Value;
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

pub use attribute::{ComponentDescriptor, FieldDescriptor};
pub use view::Views;

use crate::convert::{from_python, to_python};
use crate::error::{ProcessDeleted, component_error};
use crate::lend::with_world;

/// The base of all component classes; see the subclasses.
#[pyclass(subclass, module = "metapython")]
pub struct Component {
    kind: Arc<ComponentKind>,
    place: Place,
}

/// Where a component's fields are.
enum Place {
    /// In the object itself, one value for each field.
    Detached(Vec<Value>),
    /// In the world.
    Attached(Entity),
}

/// What ties a Python class to its kind of component.
#[pyclass(frozen, module = "metapython._native")]
pub struct KindHandle(pub Arc<ComponentKind>);

#[pymethods]
impl Component {
    /// A component by its fields, in their order or by keyword.
    #[new]
    #[classmethod]
    #[pyo3(signature = (*fields, **named_fields))]
    fn new(
        class: &Bound<'_, PyType>,
        fields: &Bound<'_, PyTuple>,
        named_fields: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let kind = kind_of(class)?;
        let mut values = kind.access.defaults();
        if fields.len() > values.len() {
            let text = format!("{} has {} fields, not {}", kind.name, values.len(), fields.len());
            return Err(PyTypeError::new_err(text));
        }
        let mut set = |index: usize, value: &Bound<'_, PyAny>| {
            let value = kind.access.settle(index, &from_python(value)?);
            values[index] = value.map_err(|error| component_error(&error))?;
            Ok::<_, PyErr>(())
        };
        for (index, value) in fields.iter().enumerate() {
            set(index, &value)?;
        }
        for (name, value) in named_fields.into_iter().flatten() {
            let name: String = name.extract()?;
            let index = kind.field_index(&name).map_err(|error| component_error(&error))?;
            if index < fields.len() {
                let text = format!("{} is given its {name} twice", kind.name);
                return Err(PyTypeError::new_err(text));
            }
            set(index, &value)?;
        }
        Ok(Self { kind, place: Place::Detached(values) })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let fields: Vec<String> = self
            .values()?
            .iter()
            .zip(self.kind.fields.iter())
            .map(|(value, field)| {
                let value = to_python(py, value)?.repr()?;
                Ok(format!("{}={value}", field.name))
            })
            .collect::<PyResult<_>>()?;
        Ok(format!("{}({})", self.kind.name, fields.join(", ")))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(other) = other.cast::<Self>() else { return Ok(false) };
        let other = other.try_borrow()?;
        Ok(Arc::ptr_eq(&self.kind, &other.kind) && self.values()? == other.values()?)
    }

    /// A detached component with the same fields.
    fn __copy__(slf: &Bound<'_, Self>) -> PyResult<Py<PyAny>> {
        let copy = slf.get_type().call0()?;
        let values = slf.try_borrow()?.values()?;
        copy.cast::<Self>()?.try_borrow_mut()?.place = Place::Detached(values);
        Ok(copy.unbind())
    }

    fn __deepcopy__(slf: &Bound<'_, Self>, _memo: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        Self::__copy__(slf)
    }

    fn __reduce__(slf: &Bound<'_, Self>) -> PyResult<(Py<PyType>, Py<PyTuple>)> {
        let py = slf.py();
        let values = slf.try_borrow()?.values()?;
        let values: Vec<_> =
            values.iter().map(|value| to_python(py, value)).collect::<PyResult<_>>()?;
        Ok((slf.get_type().unbind(), PyTuple::new(py, values)?.unbind()))
    }
}

impl Component {
    /// What kind of component it is.
    pub fn kind(&self) -> &Arc<ComponentKind> {
        &self.kind
    }

    /// The values of all fields, in order.
    ///
    /// # Errors
    /// `ProcessDeleted` if it is attached and its process or the component is gone.
    pub fn values(&self) -> PyResult<Vec<Value>> {
        (0..self.kind.fields.len()).map(|index| self.get(index)).collect()
    }

    fn get(&self, index: usize) -> PyResult<Value> {
        match &self.place {
            Place::Detached(values) => Ok(values[index].clone()),
            Place::Attached(entity) => {
                with_world(|world| self.kind.access.get(world, *entity, index))?
                    .ok_or_else(|| self.absent())
            }
        }
    }

    fn set(&mut self, index: usize, value: Value) -> PyResult<()> {
        let outcome = match &mut self.place {
            Place::Detached(values) => {
                self.kind.access.settle(index, &value).map(|value| values[index] = value)
            }
            Place::Attached(entity) => {
                with_world(|world| self.kind.access.set(world, *entity, index, &value))?
            }
        };
        outcome.map_err(|error| match error {
            ComponentError::Absent { .. } => self.absent(),
            error => component_error(&error),
        })
    }

    fn absent(&self) -> PyErr {
        let name = &self.kind.name;
        ProcessDeleted::new_err(format!("the process of this {name} is deleted, or has none now"))
    }

    /// Gives the fields of this component to an entity.
    ///
    /// # Errors
    /// As [`ComponentAccess::insert`](metapython_engine::component::ComponentAccess::insert).
    pub fn attach_to(&self, world: &mut World, entity: Entity) -> Result<(), ComponentError> {
        let values = match &self.place {
            Place::Detached(values) => values.clone(),
            Place::Attached(other) => (0..self.kind.fields.len())
                .map(|index| self.kind.access.get(world, *other, index))
                .collect::<Option<_>>()
                .ok_or(ComponentError::Absent { component: self.kind.name.to_string() })?,
        };
        self.kind.access.insert(world, entity, &values)
    }
}

/// The kind of component that a Python class stands for.
///
/// # Errors
/// `TypeError` if it stands for none.
pub fn kind_of(class: &Bound<'_, PyType>) -> PyResult<Arc<ComponentKind>> {
    let handle = class.getattr_opt(intern!(class.py(), "__kind__"))?;
    let handle = handle.as_ref().and_then(|handle| handle.cast::<KindHandle>().ok());
    handle.map(|handle| handle.get().0.clone()).ok_or_else(|| {
        let name = class.name().map(|name| name.to_string()).unwrap_or_default();
        PyTypeError::new_err(format!("{name} is no component that processes can have"))
    })
}

/// Ties a Python class to the native component of the same name, and gives it its fields.
#[pyfunction]
pub fn native_component<'py>(class: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyType>> {
    let py = class.py();
    let name = class.name()?;
    let registry = Machine::native_components();
    let kind = registry.find(name.to_str()?).map_err(|error| component_error(&error))?;
    let kind = Arc::new(kind.clone());
    class.setattr(intern!(py, "__kind__"), KindHandle(kind.clone()))?;
    for (index, field) in kind.fields.iter().enumerate() {
        class.setattr(field.name.as_ref(), FieldDescriptor { kind: kind.clone(), index })?;
    }
    Ok(class.clone())
}
