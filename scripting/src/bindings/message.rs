//! Messages: the mailboxes of processes.

use metapython_engine::clock::Now;
use metapython_engine::message::{self, Mailbox, MessageError};
use pyo3::exceptions::PyLookupError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::process::ProcessHandle;
use crate::error::MailboxFull;
use crate::lend::with_world;

/// Puts bytes into the mailbox of the process called `name`.
#[pyfunction]
pub fn send_message(name: &str, message: &[u8]) -> PyResult<()> {
    with_world(|world| message::send(world, name, message))?.map_err(|error| match error {
        MessageError::NoSuchProcess { .. } => PyLookupError::new_err(error.to_string()),
        MessageError::MailboxFull { .. } => MailboxFull::new_err(error.to_string()),
    })
}

/// Takes the messages that a process can read in this tick, oldest first.
#[pyfunction]
pub fn read_messages<'py>(
    py: Python<'py>,
    process: &Bound<'py, ProcessHandle>,
) -> PyResult<Vec<Bound<'py, PyBytes>>> {
    let entity = process.get().entity()?;
    let messages = with_world(|world| {
        let tick = world.resource::<Now>().tick;
        world.get_mut::<Mailbox>(entity).map(|mut mailbox| mailbox.read(tick))
    })?;
    Ok(messages.unwrap_or_default().iter().map(|bytes| PyBytes::new(py, bytes)).collect())
}
