//! The thread that waits for input, as the machine's thread must not.

use std::io::{self, ErrorKind, Read};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How much is read at a time, in bytes: what a terminal's own queue holds.
const PIECE: usize = 4096;

/// How much waits for the machine, in bytes: more than anybody types or pastes in a frame, and so
/// little that a frame bears it. When it is that much, who writes into the pipe waits.
const MOST: usize = 64 << 10;

/// The byte of Ctrl-C.
pub(super) const INTERRUPT: u8 = 3;

/// Ends what is computed at this moment, if anything is; whether it does. Called on the thread that
/// reads.
pub type Interrupt = Box<dyn Fn() -> bool + Send>;

/// What has come and was not taken yet.
#[derive(Debug, Default)]
pub(super) struct Input {
    queue: Mutex<Queue>,
    has_room: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    bytes: Vec<u8>,
    has_ended: bool,
}

impl Input {
    /// Reads the standard input until it ends.
    ///
    /// A Ctrl-C that ends what is computed takes what was typed before it along, as it does where the
    /// system heeds it; any other is input like the rest.
    ///
    /// Not `crossterm::event`: it waits within a key that has not come as a whole, and turns in a
    /// circle when the terminal hangs up.
    ///
    /// # Errors
    /// If no thread can be started.
    pub(super) fn read(interrupt: Option<Interrupt>) -> io::Result<Arc<Self>> {
        let input = Arc::new(Self::default());
        let shared = Arc::clone(&input);
        // It is never joined: nothing ends a read but input, and the program does not wait for that.
        thread::Builder::new().name("terminal-input".to_owned()).spawn(move || {
            shared.take_from(&mut io::stdin(), interrupt);
            shared.queue().has_ended = true;
        })?;
        Ok(input)
    }

    /// What has come since the last time, up to the end of its first line, and whether nothing more
    /// will.
    pub(super) fn take_line(&self) -> (Vec<u8>, bool) {
        let mut queue = self.queue();
        let end = queue.bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let end = end.map_or(queue.bytes.len(), |end| end + 1);
        let rest = queue.bytes.split_off(end);
        let taken = mem::replace(&mut queue.bytes, rest);
        self.has_room.notify_one();
        (taken, queue.has_ended && queue.bytes.is_empty())
    }

    /// What has come up to the last Ctrl-C, which takes along what was typed before it: nothing else is
    /// taken. Whether there is one.
    pub(super) fn take_interrupt(&self) -> bool {
        let mut queue = self.queue();
        let end = queue.bytes.iter().rposition(|byte| *byte == INTERRUPT);
        if let Some(end) = end {
            queue.bytes.drain(..=end);
            self.has_room.notify_one();
        }
        end.is_some()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Bytes are as good as they were, whoever panicked.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_from(&self, source: &mut impl Read, interrupt: Option<Interrupt>) {
        let mut piece = [0; PIECE];
        loop {
            let mut bytes = match source.read(&mut piece) {
                Ok(0) => return,
                Ok(length) => piece.get(..length).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return,
            };
            let mut queue = self.queue();
            if let Some(interrupt) = &interrupt
                && let Some(at) = bytes.iter().rposition(|byte| *byte == INTERRUPT)
                && interrupt()
            {
                queue.bytes.clear();
                bytes = bytes.get(at + 1..).unwrap_or_default();
            }
            while queue.bytes.len() + bytes.len() > MOST {
                queue = self.has_room.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
            queue.bytes.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::Arc;
    use std::thread;

    use super::{Input, MOST};

    /// Bytes come as they were, however much there is; who brings too much waits.
    #[test]
    fn nothing_is_lost() {
        let input = Arc::new(Input::default());
        let sent: Vec<u8> = (0..3 * MOST).map(|at| (at % 251) as u8).collect();
        let (shared, source) = (Arc::clone(&input), sent.clone());
        let read = move || shared.take_from(&mut source.as_slice(), None);
        let reader = thread::Builder::new().name("test-reader".to_owned()).spawn(read).unwrap();
        let mut taken = Vec::new();
        while taken.len() < sent.len() {
            let (bytes, _) = input.take_line();
            assert!(bytes.len() <= MOST);
            taken.extend(bytes);
            thread::yield_now();
        }
        reader.join().unwrap();
        assert_eq!(taken, sent);
    }

    /// A Ctrl-C that ends something takes along what was typed before; one that does not is a key.
    #[test]
    fn an_interrupt_takes_what_was_typed() {
        for (ends, expected) in [(true, &b"de"[..]), (false, &b"ab\x03c\x03de"[..])] {
            let input = Input::default();
            let mut source = (&b"ab"[..]).chain(&b"\x03c\x03de"[..]);
            input.take_from(&mut source, Some(Box::new(move || ends)));
            assert_eq!(input.take_line().0, expected);
        }
    }
}
