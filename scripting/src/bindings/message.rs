//! Messages: the mailboxes of processes.

use metapython_engine::clock::Now;
use metapython_engine::message::{self, Mailbox, Message, MessageError};
use pyo3::exceptions::{PyLookupError, PyRuntimeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyList};

use super::process::ProcessHandle;
use crate::argument::{text, wrong_type};
use crate::behaviour::{Waiter, current_waiter};
use crate::error::MailboxFull;
use crate::lend::with_world;

/// Puts bytes into the mailbox of the process called `name`, who can read them next tick.
///
/// `message` is `bytes`, or whatever gives out its bytes: a bytearray, an array of NumPy's. What
/// can change is copied.
///
/// Raises LookupError if there is no such process, MailboxFull if its mailbox has no room, TypeError
/// if the message is no bytes.
#[pyfunction]
pub fn send_message(name: &Bound<'_, PyAny>, message: &Bound<'_, PyAny>) -> PyResult<()> {
    let name = text("send_to(name)", "the instance name of a process", name)?;
    let bytes = match message.cast_exact::<PyBytes>() {
        Ok(bytes) => bytes.clone(),
        Err(_) => copied(message)?,
    };
    let message: Message = Box::new(PyBackedBytes::from(bytes));
    with_world(|world| message::send(world, name, message))?.map_err(|error| match error {
        MessageError::NoSuchProcess { .. } => PyLookupError::new_err(error.to_string()),
        MessageError::MailboxFull { .. } => MailboxFull::new_err(error.to_string()),
    })
}

/// The bytes of an object that has some.
fn copied<'py>(message: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    // SAFETY: it reads the type of a living object.
    if unsafe { ffi::PyObject_CheckBuffer(message.as_ptr()) } == 0 {
        let takes = "bytes, or what gives out its bytes (text has to be encoded)";
        return Err(wrong_type("send_to(message)", takes, message));
    }
    // SAFETY: it returns a new reference to bytes, or null with an exception set.
    let bytes = unsafe {
        let bytes = ffi::PyBytes_FromObject(message.as_ptr());
        Bound::from_owned_ptr_or_err(message.py(), bytes)
    };
    Ok(bytes?.cast_into()?)
}

/// The message as Python's bytes: the same object, if it came from Python.
fn received<'py>(py: Python<'py>, message: &Message) -> PyResult<Bound<'py, PyAny>> {
    match message.downcast_ref::<PyBackedBytes>() {
        Some(bytes) => Ok(bytes.into_pyobject(py)?.into_any()),
        None => Ok(PyBytes::new(py, (**message).as_ref()).into_any()),
    }
}

/// Takes the messages that a process can read in this tick, oldest first.
pub(super) fn read_messages<'py>(
    py: Python<'py>,
    process: &ProcessHandle,
) -> PyResult<Bound<'py, PyList>> {
    let messages: Vec<_> = process.write(|world, entity| {
        let tick = world.resource::<Now>().tick;
        let mailbox = world.get_mut::<Mailbox>(entity);
        mailbox.map(|mut mailbox| mailbox.read(tick).collect()).unwrap_or_default()
    })?;
    let list = PyList::empty(py);
    for message in &messages {
        list.append(received(py, message)?)?;
    }
    Ok(list)
}

/// Takes the oldest message that a process can read in this tick; `None` if there is none.
#[pyfunction]
pub fn take_message<'py>(
    py: Python<'py>,
    process: &Bound<'py, ProcessHandle>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let message = process.get().write(|world, entity| {
        let tick = world.resource::<Now>().tick;
        world.get_mut::<Mailbox>(entity).and_then(|mut mailbox| mailbox.read_one(tick))
    })?;
    message.map(|message| received(py, &message)).transpose()
}

/// Has the process that awaits woken when it can read a message; whether it can in the next tick
/// anyhow.
#[pyfunction]
pub fn await_message(process: &Bound<'_, ProcessHandle>) -> PyResult<bool> {
    let waiter = current_waiter()?;
    let can_read = process.get().write(|world, entity| {
        let mailbox =
            world.get_mut::<Mailbox>(entity).filter(|_| waiter == Waiter::Process(entity));
        mailbox.map(|mut mailbox| mailbox.wait())
    })?;
    can_read.ok_or_else(|| {
        PyRuntimeError::new_err("a process awaits the messages of its own mailbox, not another's")
    })
}
