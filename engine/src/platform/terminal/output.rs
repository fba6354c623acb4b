//! The thread that writes: a terminal that does not read, stopped or at the end of a slow line, must not
//! hold the machine's.

use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam::channel::{Receiver, Sender, bounded};

/// How long the end, and a stop by Ctrl-Z, wait for what is still to be written.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the thread is to do.
enum Order {
    Write(String),
    /// Tell that all is written that was ordered before.
    Tell(Sender<()>),
}

/// Writes to the standard output; one text at most waits, all else with whoever has it.
#[derive(Debug)]
pub(super) struct Output {
    orders: Sender<Order>,
}

impl Output {
    /// Begins to write.
    ///
    /// # Errors
    /// If there is no thread to be had, or no standard output.
    pub(super) fn open() -> io::Result<Self> {
        let (orders, received) = bounded(1);
        let screen = screen()?;
        // It is never joined: a write into a terminal that does not read has no end.
        thread::Builder::new()
            .name("terminal-output".to_owned())
            .spawn(move || write_all(screen, &received))?;
        Ok(Self { orders })
    }

    /// Whether a text can be written: none waits. What is asked for otherwise is lost.
    pub(super) fn is_ready(&self) -> bool {
        self.orders.is_empty()
    }

    /// Writes a text, if [`is_ready`](Self::is_ready), without waiting for it.
    pub(super) fn write(&self, text: String) {
        if !text.is_empty() {
            let _ = self.orders.try_send(Order::Write(text));
        }
    }

    /// Writes a text and waits until it and all before are written, but not for ever.
    pub(super) fn finish(&self, text: String) {
        let until = Instant::now() + PATIENCE;
        let (sender, told) = bounded(1);
        for order in [Order::Write(text), Order::Tell(sender)] {
            if self.orders.send_deadline(order, until).is_err() {
                return;
            }
        }
        let _ = told.recv_deadline(until);
    }
}

fn write_all(mut screen: impl Write, orders: &Receiver<Order>) {
    for order in orders {
        match order {
            // An output that is closed is no reason to stop a machine.
            Order::Write(text) => {
                let _ = screen.write_all(text.as_bytes()).and_then(|()| screen.flush());
            }
            Order::Tell(sender) => {
                let _ = sender.try_send(());
            }
        }
    }
}

/// The standard output, past the lock that all share: whoever else writes must not wait for us.
#[cfg(unix)]
fn screen() -> io::Result<std::fs::File> {
    use std::os::fd::AsFd;
    Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
}

#[cfg(not(unix))]
fn screen() -> io::Result<io::Stdout> {
    Ok(io::stdout())
}
