//! The thread that waits for input, as the machine's thread must not.

use std::io::{self, ErrorKind, Read};
use std::thread;

use crossbeam::channel::{Receiver, bounded};

/// How much is read at a time, in bytes: what a terminal's own queue holds.
const PIECE: usize = 4096;

/// How many pieces wait for the machine. When they are that many, who writes into the pipe waits.
const WAITING: usize = 16;

/// Reads the standard input until it ends, which closes the channel.
///
/// Not `crossterm::event`: it waits within a key that has not come as a whole, and turns in a circle
/// when the terminal hangs up.
///
/// # Errors
/// If no thread can be started.
pub(super) fn read() -> io::Result<Receiver<Vec<u8>>> {
    let (sender, pieces) = bounded(WAITING);
    let read = move || {
        let mut piece = [0; PIECE];
        loop {
            match io::stdin().read(&mut piece) {
                Ok(0) => return,
                Ok(length) => {
                    let bytes = piece.get(..length).unwrap_or_default().to_vec();
                    if sender.send(bytes).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    };
    // It is never joined: nothing ends a read but input, and the program does not wait for that.
    thread::Builder::new().name("terminal-input".to_owned()).spawn(read)?;
    Ok(pieces)
}
