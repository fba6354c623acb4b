//! What commands have done on a thread of its own, as it would hold the tick.

use std::thread;

use crossbeam::channel::{Receiver, TryRecvError, bounded};

use super::super::{Complaint, Context, Job};

/// Waits for what another thread finds out, and then tells it.
pub(super) struct Aside<T> {
    found: Receiver<T>,
    tell: fn(&mut Context<'_>, T),
}

impl<T: Send + 'static> Aside<T> {
    /// Has the rest of a command be to find something out on a thread of that name, and to tell it. A line
    /// that was given to the machine in advance waits for it: what it comes to is part of its tick.
    ///
    /// # Errors
    /// [`Complaint`] if the system gives no thread.
    pub(super) fn follow(
        context: &mut Context<'_>,
        name: &str,
        find: impl FnOnce() -> T + Send + 'static,
        tell: fn(&mut Context<'_>, T),
    ) -> Result<(), Complaint> {
        if context.until == u64::MAX {
            tell(context, find());
        } else {
            context.job = Some(Box::new(Self::start(name, find, tell)?));
        }
        Ok(())
    }

    /// Has something found out on a thread of that name.
    ///
    /// # Errors
    /// [`Complaint`] if the system gives no thread.
    pub(super) fn start(
        name: &str,
        find: impl FnOnce() -> T + Send + 'static,
        tell: fn(&mut Context<'_>, T),
    ) -> Result<Self, Complaint> {
        let (sender, found) = bounded(1);
        let run = move || {
            // Whoever wanted to know may have gone since.
            let _ = sender.try_send(find());
        };
        let started = thread::Builder::new().name(name.to_owned()).spawn(run);
        started.map_err(|error| Complaint::new(format!("the system gives no thread: {error}")))?;
        Ok(Self { found, tell })
    }
}

impl<T: Send> Job for Aside<T> {
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        match self.found.try_recv() {
            Ok(found) => (self.tell)(context, found),
            Err(TryRecvError::Empty) => return false,
            Err(TryRecvError::Disconnected) => {
                context.error = Some("it failed: the thread that did it has ended\n".to_owned());
            }
        }
        true
    }
}
