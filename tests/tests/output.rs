//! Where what the program says goes, when nobody takes it.

use std::fs::File;
use std::io::pipe;
use std::process::{Command, Stdio};

use metapython_tests::folder::Folder;
use metapython_tests::program;

/// The commands that print something themselves.
const COMMANDS: [&[&str]; 4] = [
    &["demos"],
    &["doctor"],
    &["check", "bounce"],
    &["run", "bounce", "--headless", "--ticks", "1", "--digest"],
];

/// A reader that goes away, as `head` does, is no fault.
#[test]
fn a_reader_may_go_away() {
    for arguments in COMMANDS {
        let (reader, writer) = pipe().expect("the system has pipes");
        drop(reader);
        assert_eq!(outcome(arguments, writer.into()), (0, String::new()), "{arguments:?}");
    }
}

/// A disk that is full is told of in one line, with status 1.
#[test]
fn a_full_disk_is_told_of() {
    let message =
        "  × cannot write to the standard output: No space left on device (os error 28)\n\n";
    for arguments in COMMANDS {
        let full = File::options().write(true).open("/dev/full").expect("Linux has it");
        assert_eq!(outcome(arguments, full.into()), (1, message.to_owned()), "{arguments:?}");
    }
}

/// Without a standard error stream the status still tells.
#[test]
fn a_closed_error_stream_changes_no_status() {
    let folder = Folder::new();
    let mut command = program::command(folder.path());
    let full = File::options().write(true).open("/dev/full").expect("Linux has it");
    let status = command.args(["run", "nothing.ron"]).stderr(full).status();
    assert_eq!(status.expect("the program starts").code(), Some(1));
}

/// Status and errors of a command whose output goes to `out`.
fn outcome(arguments: &[&str], out: Stdio) -> (i32, String) {
    let folder = Folder::new();
    let command: &mut Command = &mut program::command(folder.path());
    let output = command.args(arguments).stdout(out).stdin(Stdio::null()).stderr(Stdio::piped());
    let output = output.spawn().and_then(std::process::Child::wait_with_output);
    let output = output.expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or(-1), errors)
}
