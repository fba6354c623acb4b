//! Panics: bugs of ours, told in one line instead of a dump.
//!
//! On the machine's thread every panic is caught by somebody who tells of it in its own way: a step
//! becomes a fault, a console line an error, and what is left ends the program here. On any other
//! thread nobody would, so the hook does.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::thread;

use super::output;
use crate::scene::Failure;

thread_local! {
    /// Where the last panic of this thread was, for the message.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Takes over what is printed when something panics.
pub(super) fn install() {
    let main = thread::current().id();
    set_hook(Box::new(move |panic: &PanicHookInfo<'_>| {
        let place = panic.location().map(ToString::to_string);
        if thread::current().id() == main {
            PLACE.set(place);
        } else {
            output::complain(message(panic.payload(), place));
        }
    }));
}

/// Runs a command; a panic in it becomes its failure.
///
/// # Errors
/// Those of the command, and the panic's.
pub(super) fn caught<R>(command: impl FnOnce() -> Result<R, Failure>) -> Result<R, Failure> {
    // What a panic leaves half done is not used any more: the program ends.
    catch_unwind(AssertUnwindSafe(command))
        .unwrap_or_else(|payload| Err(Failure::plain(message(payload.as_ref(), PLACE.take()))))
}

fn message(payload: &(dyn Any + Send), place: Option<String>) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message");
    let place = place.unwrap_or_else(|| "an unknown place".to_owned());
    format!("this is a bug in metapython, not in your scene: {text} (at {place}); please report it")
}
