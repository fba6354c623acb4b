//! Public methods that take keywords of the framework: `ball.bounce(3, decorator=timed)`.
//!
//! A `Method` stands in a class where the author's function stood. A call without such a keyword
//! goes straight to the function, as CPython's own calling convention has it (PEP 590): no tuple, no
//! dict, no frame. A call with one goes to a helper in Python. All else that one asks a `Method` it
//! passes on to the function. PyO3's classes cannot be called by that convention, so the type is
//! made with CPython's own means, and this file is the only place that knows its layout.

use std::ffi::{CStr, c_int, c_uint, c_void};
use std::mem::offset_of;
use std::ptr;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple, PyType};

/// What an object of the type looks like in memory. The references are owned, and null only while the
/// object is being made.
#[repr(C)]
struct Method {
    head: ffi::PyObject,
    /// How CPython calls the object: [`call`].
    vectorcall: ffi::vectorcallfunc,
    /// How CPython calls the function.
    forward: ffi::vectorcallfunc,
    /// What the author wrote.
    function: *mut ffi::PyObject,
    /// Called with the object and the arguments when one of the keywords is among them.
    helper: *mut ffi::PyObject,
    /// A tuple of interned strings.
    keywords: *mut ffi::PyObject,
    /// What `__doc__` says where the author wrote nothing: a string.
    doc: *mut ffi::PyObject,
    weak_references: *mut ffi::PyObject,
}

/// Makes the stand-in for `function`; calls with one of `keywords` go to `helper(method, *args,
/// **kwargs)`. `doc` is its docstring where the function has none. One that `is_fixed` is called as
/// the class has it, and no object can have another.
///
/// Raises `TypeError` if the function is not one that CPython calls directly.
#[pyfunction]
pub fn make_method<'py>(
    function: &Bound<'py, PyAny>,
    helper: &Bound<'py, PyAny>,
    keywords: &Bound<'py, PyTuple>,
    doc: &Bound<'py, PyString>,
    is_fixed: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = function.py();
    if let Some(wrong) = keywords.iter().find(|keyword| !keyword.is_exact_instance_of::<PyString>())
    {
        return Err(PyTypeError::new_err(format!("a keyword is a str, not {}", wrong.get_type())));
    }
    // SAFETY: it reads the type of a living object.
    let Some(forward) = (unsafe { ffi::PyVectorcall_Function(function.as_ptr()) }) else {
        let text =
            format!("a method is made of a function, not of {}", function.get_type().name()?);
        return Err(PyTypeError::new_err(text));
    };
    let class = if is_fixed { fixed_method_type(py)? } else { method_type(py)? }.as_type_ptr();
    // SAFETY: the class was made with `Method` as its size, and `PyType_GenericAlloc` returns an
    // object of it, zeroed after its head, or null. It is known to the garbage collector from then
    // on, which nothing can start before all fields are written.
    unsafe {
        let object = ffi::PyType_GenericAlloc(class, 0);
        let method = object.cast::<Method>();
        if !method.is_null() {
            (&raw mut (*method).vectorcall).write(call);
            (&raw mut (*method).forward).write(forward);
            (&raw mut (*method).function).write(function.clone().into_ptr());
            (&raw mut (*method).helper).write(helper.clone().into_ptr());
            (&raw mut (*method).keywords).write(keywords.clone().into_ptr());
            (&raw mut (*method).doc).write(doc.clone().into_ptr());
        }
        Bound::from_owned_ptr_or_err(py, object)
    }
}

/// What is behind a method: the function that the author wrote, or the object itself if nothing
/// stands before it. The engine's own calls go there directly.
pub fn underlying<'py>(callable: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let (py, class) = (callable.py(), callable.get_type());
    if class.is(method_type(py)?) || class.is(fixed_method_type(py)?) {
        return callable.getattr(pyo3::intern!(callable.py(), "__wrapped__"));
    }
    Ok(callable)
}

/// The Python type of methods.
///
/// # Errors
/// What Python raises where it cannot make a type, short of memory.
pub fn method_type(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    TYPE.get_or_try_init(py, || make_type(py, false)).map(|class| class.bind(py))
}

/// The same for methods that the engine calls as the class has them, so that an object's own one
/// would be passed over without a word: to set it is refused.
fn fixed_method_type(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    TYPE.get_or_try_init(py, || make_type(py, true)).map(|class| class.bind(py))
}

fn make_type(py: Python<'_>, is_fixed: bool) -> PyResult<Py<PyType>> {
    let member = |name: &'static CStr, type_code, offset: usize| ffi::PyMemberDef {
        name: name.as_ptr(),
        type_code,
        offset: offset.cast_signed(),
        flags: ffi::Py_READONLY,
        doc: ptr::null(),
    };
    let mut members = [
        member(c"__wrapped__", ffi::Py_T_OBJECT_EX, offset_of!(Method, function)),
        member(c"__vectorcalloffset__", ffi::Py_T_PYSSIZET, offset_of!(Method, vectorcall)),
        member(c"__weaklistoffset__", ffi::Py_T_PYSSIZET, offset_of!(Method, weak_references)),
        ffi::PyMemberDef::default(),
    ];
    // CPython copies the members, but neither the properties nor the methods.
    let properties = Box::leak(Box::new([
        ffi::PyGetSetDef { name: c"__doc__".as_ptr(), get: Some(get_doc), ..Default::default() },
        ffi::PyGetSetDef::default(),
    ]));
    let methods = Box::leak(Box::new([
        ffi::PyMethodDef {
            ml_name: c"__reduce__".as_ptr(),
            ml_meth: ffi::PyMethodDefPointer { PyCFunction: reduce },
            ml_flags: ffi::METH_NOARGS,
            ml_doc: ptr::null(),
        },
        ffi::PyMethodDef::zeroed(),
    ]));
    let slot = |slot: c_int, pfunc: *mut c_void| ffi::PyType_Slot { slot, pfunc };
    let mut slots = [
        slot(ffi::Py_tp_call, ffi::PyVectorcall_Call as *mut c_void),
        slot(ffi::Py_tp_descr_get, descr_get as *mut c_void),
        slot(ffi::Py_tp_getattro, get_attribute as *mut c_void),
        slot(ffi::Py_tp_setattro, set_attribute as *mut c_void),
        slot(ffi::Py_tp_repr, repr as *mut c_void),
        slot(ffi::Py_tp_traverse, traverse as *mut c_void),
        slot(ffi::Py_tp_dealloc, deallocate as *mut c_void),
        slot(ffi::Py_tp_members, members.as_mut_ptr().cast()),
        slot(ffi::Py_tp_getset, properties.as_mut_ptr().cast()),
        slot(ffi::Py_tp_methods, methods.as_mut_ptr().cast()),
        slot(0, ptr::null_mut()),
        slot(0, ptr::null_mut()),
    ];
    if is_fixed {
        slots[slots.len() - 2] = slot(ffi::Py_tp_descr_set, descr_set as *mut c_void);
    }
    let flags = ffi::Py_TPFLAGS_DEFAULT
        | ffi::Py_TPFLAGS_HAVE_GC
        | ffi::Py_TPFLAGS_HAVE_VECTORCALL
        | ffi::Py_TPFLAGS_METHOD_DESCRIPTOR
        | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION
        | ffi::Py_TPFLAGS_IMMUTABLETYPE;
    let mut spec = ffi::PyType_Spec {
        name: c"metapython._native.Method".as_ptr(),
        basicsize: size_of::<Method>() as c_int,
        itemsize: 0,
        flags: flags as c_uint,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the slots are functions with the signatures that CPython documents for them, each
    // list ends with a zeroed entry, and what CPython keeps of them (names, methods) is static.
    let class = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpec(&raw mut spec)) }?;
    Ok(class.cast_into::<PyType>()?.unbind())
}

unsafe extern "C" {
    /// `types.MethodType(function, object)`, of CPython's C API; PyO3 leaves it out.
    fn PyMethod_New(function: *mut ffi::PyObject, object: *mut ffi::PyObject)
    -> *mut ffi::PyObject;
}

// SAFETY of the functions below: CPython calls them, attached to the interpreter, with an object of
// the type as the first argument, which holds its references while it lives, and other arguments
// as its documentation of each slot says. None of them panics.

/// A call of the method, by CPython's fast convention.
unsafe extern "C" fn call(
    callable: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count_and_flag: usize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: see above; the arguments are passed on as they came, by the convention they came by.
    unsafe {
        let method = callable.cast::<Method>();
        if !names.is_null() && has_keyword((*method).keywords, names) {
            return call_helper(callable, arguments, count_and_flag, names);
        }
        ((*method).forward)((*method).function, arguments, count_and_flag, names)
    }
}

/// Whether one of the names with which a call is made is among the keywords. Names are interned,
/// as a rule: one look at the pointers tells.
unsafe fn has_keyword(keywords: *mut ffi::PyObject, names: *mut ffi::PyObject) -> bool {
    // SAFETY: both are tuples of strings, whose items are read within their sizes.
    unsafe {
        (0..ffi::PyTuple_GET_SIZE(names)).any(|index| {
            let name = ffi::PyTuple_GET_ITEM(names, index);
            (0..ffi::PyTuple_GET_SIZE(keywords)).any(|index| {
                let keyword = ffi::PyTuple_GET_ITEM(keywords, index);
                name == keyword
                    || ffi::PyUnicode_GET_LENGTH(name) == ffi::PyUnicode_GET_LENGTH(keyword)
                        && ffi::PyUnicode_Compare(name, keyword) == 0
            })
        })
    }
}

/// A call with one of the keywords: the helper gets the method, then all arguments.
unsafe fn call_helper(
    callable: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count_and_flag: usize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: by the convention, the array holds the positional arguments and then one for each
    // name. All references are borrowed from the caller for the time of the call.
    unsafe {
        let count = ffi::PyVectorcall_NARGS(count_and_flag).cast_unsigned();
        let named = ffi::PyTuple_GET_SIZE(names).cast_unsigned();
        let mut all = vec![callable];
        all.extend_from_slice(std::slice::from_raw_parts(arguments, count + named));
        let helper = (*callable.cast::<Method>()).helper;
        ffi::PyObject_Vectorcall(helper, all.as_ptr(), count + 1, names)
    }
}

/// `ball.bounce`: the method bound to an object, as a function's `__get__` has it.
unsafe extern "C" fn descr_get(
    slf: *mut ffi::PyObject,
    object: *mut ffi::PyObject,
    _class: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: see above; a new reference is returned on both paths.
    unsafe {
        if object.is_null() || object == ffi::Py_None() {
            ffi::Py_NewRef(slf)
        } else {
            PyMethod_New(slf, object)
        }
    }
}

/// `ball.run = ...`: refused.
unsafe extern "C" fn descr_set(
    slf: *mut ffi::PyObject,
    _object: *mut ffi::PyObject,
    _value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: see above; the text takes a string object, and an exception is set on return.
    unsafe {
        let name = ffi::PyObject_GetAttrString(slf, c"__qualname__".as_ptr());
        if !name.is_null() {
            let text =
                c"%U is looked up on the class, as special methods are: an object cannot have \
                         its own; set it on the class, or have it call another method";
            ffi::PyErr_Format(ffi::PyExc_AttributeError, text.as_ptr(), name);
            ffi::Py_DECREF(name);
        }
        -1
    }
}

/// What the type does not have is the function's; so is the module, which every type has for itself.
unsafe extern "C" fn get_attribute(
    slf: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: see above; an exception of the first search is cleared before the second.
    unsafe {
        if ffi::PyUnicode_CompareWithASCIIString(name, c"__module__".as_ptr()) != 0 {
            let found = ffi::PyObject_GenericGetAttr(slf, name);
            if !found.is_null() || ffi::PyErr_ExceptionMatches(ffi::PyExc_AttributeError) == 0 {
                return found;
            }
            ffi::PyErr_Clear();
        }
        ffi::PyObject_GetAttr((*slf.cast::<Method>()).function, name)
    }
}

/// The docstring of the function, or what was given in its place.
unsafe extern "C" fn get_doc(slf: *mut ffi::PyObject, _nothing: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: see above; the reference to `None` is given up for one to the other docstring.
    unsafe {
        let method = slf.cast::<Method>();
        let found = ffi::PyObject_GetAttrString((*method).function, c"__doc__".as_ptr());
        if found == ffi::Py_None() {
            ffi::Py_DECREF(found);
            return ffi::Py_NewRef((*method).doc);
        }
        found
    }
}

/// Attributes are set on the function, and deleted there.
unsafe extern "C" fn set_attribute(
    slf: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: see above; a null value means deletion to both slots.
    unsafe { ffi::PyObject_SetAttr((*slf.cast::<Method>()).function, name, value) }
}

unsafe extern "C" fn repr(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: see above.
    unsafe { ffi::PyObject_Repr((*slf.cast::<Method>()).function) }
}

/// Pickled by name, as functions are.
unsafe extern "C" fn reduce(
    slf: *mut ffi::PyObject,
    _nothing: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: see above.
    unsafe {
        let function = (*slf.cast::<Method>()).function;
        ffi::PyObject_GetAttrString(function, c"__qualname__".as_ptr())
    }
}

/// As with tuples there is nothing to clear: what a method refers to is given to it once, so every
/// cycle goes through something that can be changed, and is broken there.
unsafe extern "C" fn traverse(
    slf: *mut ffi::PyObject,
    visit: ffi::visitproc,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: see above; what an object refers to is visited while it does.
    unsafe {
        let method = slf.cast::<Method>();
        let held = [ffi::Py_TYPE(slf).cast(), (*method).function, (*method).helper];
        let held = held.into_iter().filter(|object| !object.is_null());
        held.map(|object| visit(object, argument)).find(|status| *status != 0).unwrap_or(0)
    }
}

unsafe extern "C" fn deallocate(slf: *mut ffi::PyObject) {
    // SAFETY: nobody refers to the object any more. The references are released once; an object of
    // a type made at run time holds one to its type.
    unsafe {
        ffi::PyObject_GC_UnTrack(slf.cast());
        let method = slf.cast::<Method>();
        if !(*method).weak_references.is_null() {
            ffi::PyObject_ClearWeakRefs(slf);
        }
        let held = [(*method).function, (*method).helper, (*method).keywords, (*method).doc];
        held.into_iter().for_each(|object| ffi::Py_XDECREF(object));
        let class = ffi::Py_TYPE(slf);
        ffi::PyObject_GC_Del(slf.cast());
        ffi::Py_DECREF(class.cast());
    }
}
