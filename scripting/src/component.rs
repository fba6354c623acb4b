//! Components as Python sees them: objects whose attributes are fields in the ECS.
//!
//! A [`Component`] is either detached, a value of its own such as a class's default, or attached:
//! a view of one entity's component, which reads and writes the world. The Python classes
//! (`Transform` and so on) are subclasses whose attributes are [`FieldDescriptor`]s.

mod attribute;
mod fast;
mod object;
mod view;

use std::sync::{Arc, Mutex, OnceLock};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::component::{
    ComponentError, ComponentKind, ComponentRegistry, Field, FieldKind, MAX_VECTOR,
};
use metapython_engine::machine::Machine;
use metapython_engine::value::Value;
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PySuper, PyTuple, PyType};

pub use attribute::{ComponentDescriptor, FieldDescriptor};
pub use fast::install;
use object::{Held, field_object};
pub use object::{defaults, object_of, owned, release_discarded, release_objects};
pub use view::Views;

use crate::convert::shown;
use crate::error::{ProcessDeleted, component_error, type_error};
use crate::lend::{is_lent, with_world};

/// The base of all component classes; see the subclasses.
#[pyclass(subclass, frozen, module = "metapython")]
pub struct Component {
    kind: Arc<ComponentKind>,
    /// Whose component this is a view of, if it is attached.
    entity: OnceLock<Entity>,
    /// The values of a detached component, one for each field. No Python code runs under the lock.
    values: Mutex<Vec<Value>>,
}

/// What ties a Python class to its kind of component.
#[pyclass(frozen, module = "metapython._native")]
pub struct KindHandle(pub Arc<ComponentKind>);

#[pymethods]
impl Component {
    /// A class that extends a component is that component with other methods. Of two it cannot be
    /// both: the fields of the second would have no place.
    #[classmethod]
    #[pyo3(signature = (**keywords))]
    fn __init_subclass__(
        class: &Bound<'_, PyType>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let py = class.py();
        let bases = class.bases();
        let bases = bases.iter().filter_map(|base| base.cast_into::<PyType>().ok());
        let mut kinds = bases.filter_map(|base| kind_of(&base).ok().map(|kind| (base, kind)));
        if let Some((first, kind)) = kinds.next()
            && let Some((second, _)) = kinds.find(|(_, other)| !Arc::ptr_eq(other, &kind))
        {
            let (name, first, second) = (class.name()?, first.name()?, second.name()?);
            return Err(type_error(format!(
                "{name} extends two components, {first} and {second}: a process has each of its \
                 components for itself; extend one, or declare a component with the fields of both"
            )));
        }
        PySuper::new(&py.get_type::<Self>(), class)?
            .call_method(intern!(py, "__init_subclass__"), (), keywords)
            .map(drop)
    }

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
        let mut given = vec![None; kind.fields.len()];
        if fields.len() > given.len() {
            let text = format!("{} has {} fields, not {}", kind.name, given.len(), fields.len());
            return Err(PyTypeError::new_err(text));
        }
        for (index, value) in fields.iter().enumerate() {
            given[index] = Some(settled(&kind, index, &value)?);
        }
        for (name, value) in named_fields.into_iter().flatten() {
            let name: String = name.extract()?;
            let index = kind.field_index(&name).map_err(|error| component_error(&error))?;
            if index < fields.len() {
                let text = format!("{} is given its {name} twice", kind.name);
                return Err(PyTypeError::new_err(text));
            }
            given[index] = Some(settled(&kind, index, &value)?);
        }
        let pairs = given.into_iter().zip(kind.access.defaults());
        let values = pairs.map(|(given, default)| match given {
            Some(value) => Ok(vec![value]),
            None => object::copied(class.py(), vec![default], None),
        });
        let values = values.collect::<PyResult<Vec<_>>>()?.concat();
        Ok(Self { kind, entity: OnceLock::new(), values: Mutex::new(values) })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let fields: Vec<String> = self
            .values()?
            .iter()
            .zip(self.kind.fields.iter())
            .map(|(value, field)| {
                let value = field_object(py, field.kind, value)?.repr()?;
                Ok(format!("{}={value}", field.name))
            })
            .collect::<PyResult<_>>()?;
        Ok(format!("{}({})", self.kind.name, fields.join(", ")))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let py = other.py();
        let Ok(other) = other.cast::<Self>() else { return Ok(false) };
        let other = other.get();
        if !self.kind.is(&other.kind) {
            return Ok(false);
        }
        for (one, other) in self.values()?.iter().zip(&other.values()?) {
            let is_same = one == other
                || matches!((one, other), (Value::Object(_), Value::Object(_)))
                    && field_object(py, FieldKind::Object, one)?.eq(field_object(
                        py,
                        FieldKind::Object,
                        other,
                    )?)?;
            if !is_same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A detached component with the same fields.
    fn __copy__(slf: &Bound<'_, Self>) -> PyResult<Py<PyAny>> {
        let copy = slf.get_type().call_method1(intern!(slf.py(), "__new__"), (slf.get_type(),))?;
        let values = slf.get().values()?;
        copy.cast::<Self>()?.get().replace_detached(values);
        Ok(copy.unbind())
    }

    /// The same with copies of the objects in it.
    fn __deepcopy__(slf: &Bound<'_, Self>, memo: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let copy = Self::__copy__(slf)?;
        let component = copy.bind(slf.py()).cast::<Self>()?.get();
        let values = object::copied(slf.py(), component.values()?, Some(memo))?;
        component.replace_detached(values);
        Ok(copy)
    }

    fn __reduce__(slf: &Bound<'_, Self>) -> PyResult<(Py<PyType>, Py<PyTuple>)> {
        let py = slf.py();
        let component = slf.get();
        let values = component.values()?;
        let values = values.iter().zip(component.kind.fields.iter());
        let values = values.map(|(value, field)| field_object(py, field.kind, value));
        let values = PyTuple::new(py, values.collect::<PyResult<Vec<_>>>()?)?;
        Ok((slf.get_type().unbind(), values.unbind()))
    }

    /// Shows the objects of a detached component. One that others hold too is not shown: the
    /// collector would take each showing for a reference of its own.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(values) = self.values.try_lock() else { return Ok(()) };
        for value in values.iter() {
            if let Value::Object(object) = value
                && object.is_unshared()
                && let Some(held) = object.downcast_ref::<Held>().and_then(Held::object)
            {
                visit.call(held)?;
            }
        }
        Ok(())
    }

    fn __clear__(&self) {
        let cleared = vec![Value::None; self.kind.fields.len()];
        self.replace_detached(cleared);
    }
}

impl Component {
    /// What kind of component it is.
    pub fn kind(&self) -> &Arc<ComponentKind> {
        &self.kind
    }

    /// Whose component it is, if it is attached.
    pub fn entity(&self) -> Option<Entity> {
        self.entity.get().copied()
    }

    /// The values of all fields, in order.
    ///
    /// # Errors
    /// `ProcessDeleted` if it is attached and its process or the component is gone.
    pub fn values(&self) -> PyResult<Vec<Value>> {
        (0..self.kind.fields.len()).map(|index| self.get(index)).collect()
    }

    /// Makes it a view of an entity's component, if it is none yet.
    fn attach(&self, entity: Entity) {
        let _ = self.entity.set(entity);
    }

    /// The values are not used any more once it is attached.
    fn replace_detached(&self, values: Vec<Value>) {
        let before = self.values.lock().map(|mut held| std::mem::replace(&mut *held, values));
        // Out of the lock: an object that goes may run Python code.
        drop(before);
    }

    fn get(&self, index: usize) -> PyResult<Value> {
        match self.entity.get() {
            None => {
                let values = self.values.lock().map_err(|_| self.absent())?;
                Ok(values.get(index).cloned().unwrap_or_default())
            }
            Some(entity) => with_world(|world| self.kind.access.get(world, *entity, index))?
                .ok_or_else(|| self.absent()),
        }
    }

    fn set(&self, py: Python<'_>, index: usize, value: &Value) -> PyResult<()> {
        let outcome = match self.entity.get() {
            None => self.kind.access.settle(index, value).map(|value| {
                let before = self.values.lock().map(|mut values| {
                    values.get_mut(index).map(|place| std::mem::replace(place, value))
                });
                drop(before);
            }),
            Some(entity) => with_world(|world| self.kind.access.set(world, *entity, index, value))?,
        };
        release_discarded(py);
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
        let absent = || ComponentError::Absent { component: self.kind.name.to_string() };
        let values = match self.entity.get() {
            None => self.values.lock().map(|values| values.clone()).map_err(|_| absent())?,
            Some(other) => (0..self.kind.fields.len())
                .map(|index| self.kind.access.get(world, *other, index))
                .collect::<Option<_>>()
                .ok_or_else(absent)?,
        };
        insert(world, entity, &self.kind, &values)
    }
}

/// Gives an entity a component, of whose kind the world learns if it has to: a script may have
/// declared it before there was a world.
///
/// # Errors
/// As [`ComponentAccess::insert`](metapython_engine::component::ComponentAccess::insert).
pub fn insert(
    world: &mut World,
    entity: Entity,
    kind: &ComponentKind,
    values: &[Value],
) -> Result<(), ComponentError> {
    if kind.module.is_some() {
        let mut registry = world.resource_mut::<ComponentRegistry>();
        if !registry.iter().any(|known| known.is(kind)) {
            registry.declare(kind);
        }
    }
    kind.access.insert(world, entity, values)
}

/// A Python object as a field holds it.
///
/// # Errors
/// `ValueError` if the field cannot.
fn settled(kind: &ComponentKind, index: usize, object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let field = &kind.fields[index];
    let value =
        object::field_value(field.kind, object).ok_or_else(|| bad_value(kind, index, object));
    kind.access.settle(index, &value?).map_err(|error| component_error(&error))
}

/// The exception for an object that is nothing for a field.
fn bad_value(kind: &ComponentKind, index: usize, object: &Bound<'_, PyAny>) -> PyErr {
    let field = &kind.fields[index];
    let found = match object.cast::<PyInt>() {
        Ok(number) => shown(number),
        Err(_) => object.get_type().name().map(|name| name.to_string()),
    };
    let found = found.unwrap_or_default();
    component_error(&ComponentError::BadValue {
        component: kind.name.to_string(),
        field: field.name.to_string(),
        expected: field.kind.describe(),
        found,
    })
}

/// Whether the component has fields of objects.
pub fn holds_objects(component: &Bound<'_, PyAny>) -> bool {
    component.cast::<Component>().is_ok_and(|component| {
        component.get().kind.fields.iter().any(|field| field.kind == FieldKind::Object)
    })
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
    let name = class.name()?;
    let registry = Machine::native_components();
    let kind = registry.find(name.to_str()?).map_err(|error| component_error(&error))?;
    give_fields(class, Arc::new(kind.clone()))?;
    Ok(class.clone())
}

/// Ties a Python class to a component of its own, whose fields are given: name, what it takes, and
/// default. See `metapython._component`.
#[pyfunction]
pub fn declare_component<'py>(
    class: &Bound<'py, PyType>,
    fields: Vec<(String, String, Bound<'py, PyAny>)>,
) -> PyResult<Bound<'py, PyType>> {
    let py = class.py();
    let name = class.name()?;
    let name = name.to_str()?;
    let module = class.module()?;
    let module = module.to_str()?;
    let doc: Option<String> = class.getattr(intern!(py, "__doc__"))?.extract()?;
    let fields = fields.into_iter().map(|(field, kind, default)| {
        let kind = field_kind(&kind)?;
        let value = object::field_value(kind, &default).unwrap_or(Value::None);
        Ok((Field { name: field.into(), doc: "".into(), kind }, value))
    });
    let fields = fields.collect::<PyResult<_>>()?;
    let declare = |earlier: Option<&ComponentKind>| {
        ComponentKind::declare(module, name, &doc.unwrap_or_default(), fields, earlier)
            .map_err(|error| component_error(&error))
    };
    let kind = if is_lent() {
        let earlier = with_world(|world| {
            let registry = world.resource::<ComponentRegistry>();
            registry.get(&format!("{module}.{name}")).cloned()
        })?;
        let kind = declare(earlier.as_ref())?;
        with_world(|world| world.resource_mut::<ComponentRegistry>().declare(&kind))?;
        kind
    } else {
        declare(None)?
    };
    give_fields(class, Arc::new(kind))?;
    Ok(class.clone())
}

fn field_kind(name: &str) -> PyResult<FieldKind> {
    let length = name.strip_prefix("vector").and_then(|length| length.parse().ok());
    Ok(match (name, length) {
        ("float", _) => FieldKind::Float,
        ("int", _) => FieldKind::Long,
        ("bool", _) => FieldKind::Bool,
        ("str", _) => FieldKind::Text,
        ("object", _) => FieldKind::Object,
        (_, Some(length @ 1..=MAX_VECTOR)) => FieldKind::Vector(length),
        _ => return Err(PyTypeError::new_err(format!("there are no fields of {name}"))),
    })
}

fn give_fields(class: &Bound<'_, PyType>, kind: Arc<ComponentKind>) -> PyResult<()> {
    if !class.is_subclass_of::<Component>()? {
        let text = format!("{} has to be a subclass of Component", class.name()?);
        return Err(PyTypeError::new_err(text));
    }
    class.setattr(intern!(class.py(), "__kind__"), KindHandle(kind.clone()))?;
    for (index, field) in kind.fields.iter().enumerate() {
        class.setattr(field.name.as_ref(), FieldDescriptor::new(class, &kind, index))?;
    }
    Ok(())
}
