//! What the fuzzer tries, with the inputs in `fuzz/corpus`: what was found once stays mended.

use std::fs;
use std::panic;
use std::path::Path;
use std::process::abort;

#[path = "../fuzz/trial.rs"]
mod trial;

/// Tries each input of a target's folder, of which there must be some.
fn replay(target: &str, attempt: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let inputs: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(inputs.len() > 10, "{}", folder.display());
    // As in the fuzzer, a panic ends it also where somebody would have caught it.
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        print(info);
        abort();
    }));
    for input in inputs {
        eprintln!("{}", input.display());
        attempt(&fs::read(&input).unwrap());
    }
}

/// Queries are taken or refused, answered and completed.
#[test]
fn queries() {
    replay("query", trial::query);
}

/// Lines are taken or refused, and completed; who may only look changes nothing.
#[test]
fn lines() {
    replay("line", trial::line);
}

/// Keys of any terminal are taken.
#[test]
fn keyboards() {
    replay("keyboard", trial::keyboard);
}
