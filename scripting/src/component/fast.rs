//! The short way to fields and components: what `self.transform.x` costs is mostly the way there.
//!
//! The attributes are ordinary Python classes (see `attribute`), whose slots PyO3 makes. In front of
//! three of these slots stands a function of this module that takes the usual case (a process that
//! has shown the component before, a field of one number in the world) without the safety net of a
//! call from Python: no exception is made here, no panic passes, and what is not usual goes to the
//! slot that PyO3 made.

use std::ffi::c_int;
use std::sync::OnceLock;

use metapython_engine::component::Number;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::{Borrowed, PyTypeInfo};

use super::{Component, ComponentDescriptor, FieldDescriptor};
use crate::bindings::process::ProcessHandle;

/// The slots that PyO3 made.
struct Slots {
    get_field: ffi::descrgetfunc,
    set_field: ffi::descrsetfunc,
    get_component: ffi::descrgetfunc,
}

static SLOTS: OnceLock<Slots> = OnceLock::new();

/// Puts the short ways in front of the slots; once for the interpreter.
pub fn install(py: Python<'_>) {
    let field = FieldDescriptor::type_object_raw(py);
    let component = ComponentDescriptor::type_object_raw(py);
    SLOTS.get_or_init(|| {
        // SAFETY: both are types that this crate has made and that live for ever, and Python's lock
        // is held while their slots are exchanged for functions of the same kind.
        unsafe {
            let get_field = (*field).tp_descr_get.replace(get_field);
            let set_field = (*field).tp_descr_set.replace(set_field);
            let get_component = (*component).tp_descr_get.replace(get_component);
            ffi::PyType_Modified(field);
            ffi::PyType_Modified(component);
            let (Some(get_field), Some(set_field), Some(get_component)) =
                (get_field, set_field, get_component)
            else {
                unreachable!("PyO3 makes a slot of each `__get__` and `__set__`");
            };
            Slots { get_field, set_field, get_component }
        }
    });
}

/// `component.field`, where the field is one number of a component in the world.
unsafe extern "C" fn get_field(
    descriptor: *mut PyObject,
    component: *mut PyObject,
    class: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: Python calls this slot with a descriptor of its type and, or null, an object.
    unsafe {
        if let Some(field) = field_of(descriptor, component)
            && let Some(number) = field.number(component_in(component))
        {
            return match number {
                Number::Float(number) => ffi::PyFloat_FromDouble(number),
                Number::Int(number) => ffi::PyLong_FromLongLong(number),
                Number::Bool(truth) => ffi::PyBool_FromLong(truth.into()),
            };
        }
        SLOTS
            .get()
            .map_or(std::ptr::null_mut(), |slots| (slots.get_field)(descriptor, component, class))
    }
}

/// `component.field = value`, where the field is one float of a component in the world.
unsafe extern "C" fn set_field(
    descriptor: *mut PyObject,
    component: *mut PyObject,
    value: *mut PyObject,
) -> c_int {
    // SAFETY: as above; the value is null where the field is to be deleted.
    unsafe {
        if let Some(field) = field_of(descriptor, component)
            && !value.is_null()
            && ffi::PyFloat_CheckExact(value) != 0
            && field.set_float(component_in(component), ffi::PyFloat_AS_DOUBLE(value))
        {
            return 0;
        }
        SLOTS.get().map_or(-1, |slots| (slots.set_field)(descriptor, component, value))
    }
}

/// `process.component`, where the process has shown it before.
unsafe extern "C" fn get_component(
    descriptor: *mut PyObject,
    process: *mut PyObject,
    class: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: Python calls this slot with a descriptor of its type and, or null, an object; that
    // the object is a process is asked.
    unsafe {
        let py = Python::assume_attached();
        if !process.is_null()
            && ffi::PyObject_TypeCheck(process, ProcessHandle::type_object_raw(py)) != 0
        {
            let descriptor =
                Borrowed::from_ptr(py, descriptor).cast_unchecked::<ComponentDescriptor>();
            let process = Borrowed::from_ptr(py, process).cast_unchecked::<ProcessHandle>();
            if let Some(view) = process.get().known_view(&descriptor.get().kind) {
                return view.clone_ref(py).into_ptr();
            }
        }
        SLOTS
            .get()
            .map_or(std::ptr::null_mut(), |slots| (slots.get_component)(descriptor, process, class))
    }
}

/// The field that a descriptor is, if the object is exactly of the class that it belongs to.
///
/// # Safety
/// `descriptor` is a `FieldDescriptor`, `component` an object or null, for as long as the result.
unsafe fn field_of<'a>(
    descriptor: *mut PyObject,
    component: *mut PyObject,
) -> Option<&'a FieldDescriptor> {
    // SAFETY: the caller's; Python's lock is held, as it calls the slots.
    unsafe {
        let py = Python::assume_attached();
        let field = Borrowed::from_ptr(py, descriptor).cast_unchecked::<FieldDescriptor>();
        let field: *const FieldDescriptor = field.get();
        let is_meant =
            !component.is_null() && ffi::Py_TYPE(component) == (*field).class.as_ptr().cast();
        is_meant.then(|| &*field)
    }
}

/// The component that an object is.
///
/// # Safety
/// The object's class is one that `give_fields` gave fields, which is a subclass of `Component`.
unsafe fn component_in<'a>(object: *mut PyObject) -> &'a Component {
    // SAFETY: the caller's; Python's lock is held, as it calls the slots.
    unsafe {
        let py = Python::assume_attached();
        let component: *const Component =
            Borrowed::from_ptr(py, object).cast_unchecked::<Component>().get();
        &*component
    }
}
