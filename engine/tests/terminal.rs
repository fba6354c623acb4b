//! The line editor in a real terminal, with somebody at the keyboard, and in a pipe.
//!
//! What runs is the example `terminal`, which cargo builds with the tests.

#![cfg(all(feature = "terminal", target_os = "linux"))]

#[path = "terminal/tmux.rs"]
mod tmux;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tmux::Tmux;

/// Long enough after a change of the size for the program to have drawn its line anew.
const SETTLED: Duration = Duration::from_millis(400);

/// The example's program.
fn program() -> PathBuf {
    let tests = std::env::current_exe().expect("this runs");
    let folder = tests.parent().and_then(Path::parent).expect("cargo's folders");
    let program = folder.join("examples/terminal");
    let changed = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).ok();
    let built = changed(&program);
    // Cargo writes down beside it which files it was made of: "program: file file ...".
    let sources = fs::read_to_string(program.with_extension("d")).unwrap_or_default();
    let is_new = sources.split_whitespace().skip(1).all(|file| changed(Path::new(file)) <= built);
    assert!(
        built.is_some() && is_new,
        "build it first: cargo build -p metapython-engine --examples"
    );
    program
}

/// Starts the program in a terminal of that size, with a history in the folder of the test.
fn start(size: [u32; 2]) -> Tmux {
    let tmux = Tmux::start(size);
    let script = format!("exec {} {}/history\n", program().display(), tmux.folder().display());
    fs::write(tmux.folder().join("run"), script).expect("the folder is ours");
    // A short line, so that it fits into one row.
    tmux.enter(&format!("cd {}; clear", tmux.folder().display()));
    tmux.enter("before=$(stty -g); sh run");
    tmux.wait_for_end("sh run\n>>>");
    tmux
}

/// Ends the program; what one types then is for the shell.
fn leave(tmux: &Tmux) {
    tmux.press("C-d");
    tmux.wait_for("the shell", |screen| screen.ends_with('$'));
}

/// The shell's prompt is back, and its terminal as it was.
fn assert_given_back(tmux: &Tmux) {
    tmux.enter("clear; [ $before = $(stty -g) ] && echo as before");
    tmux.wait_for_end("as before\n$");
}

/// What is printed while somebody types comes above the line, which stays as it is, its list too.
#[test]
fn output_comes_above_the_line() {
    let tmux = start([60, 20]);
    tmux.enter("later");
    tmux.type_text("x = ma");
    tmux.press("Left");
    tmux.wait_for("what is printed", |screen| screen.contains("fell"));
    tmux.wait_for_end(">>> later\nprinted\nin two lines\nBall: error: fell [2Joff\n>>> x = ma");
    tmux.press("End");
    tmux.press("Tab");
    tmux.wait_for_end(">>> x = machine");
    tmux.press("Tab");
    tmux.press("Tab");
    tmux.press("Tab");
    tmux.wait_for_end(">>> x = machinery\nmachine  Machine\nmachinery  str");
    tmux.press("Enter");
    tmux.wait_for_end(">>> x = machinery");
    tmux.press("Enter");
    tmux.wait_for_end(">>> x = machinery\n\"x = machinery\"\n>>>");
}

/// Blocks are typed as in Python, recalled as a whole, and are there in the next run.
#[test]
fn the_history_outlives_the_program() {
    let tmux = start([60, 20]);
    tmux.enter("if x:");
    tmux.enter("'ü漢'");
    tmux.wait_for_end(">>> if x:\n...     'ü漢'\n...");
    tmux.enter("");
    tmux.wait_for_end("...\n\"if x:\\n    'ü漢'\\n\"\n>>>");
    leave(&tmux);
    assert_given_back(&tmux);
    tmux.enter("sh run");
    tmux.press("Up");
    tmux.wait_for_end(">>> if x:\n...     'ü漢'");
    tmux.press("C-c");
    tmux.wait_for_end(">>> if x:\n...     'ü漢'\ninterrupted\n>>>");
}

/// A text that the terminal pastes is edited, and enters nothing by itself.
#[test]
fn a_paste_is_text() {
    let tmux = start([60, 20]);
    tmux.ask(&["set-buffer", "one\nif x:\n\ttwo\n"]);
    tmux.ask(&["paste-buffer", "-p"]);
    tmux.wait_for_end(">>> one\n... if x:\n...     two\n...");
    tmux.press("Enter");
    tmux.wait_for_end("...\n\"one\\nif x:\\n\\ttwo\\n\"\n>>>");
}

/// Ctrl-Z gives the terminal to the shell, and `fg` brings the line back; so does a stop by others.
#[test]
fn the_terminal_is_given_back_while_stopped() {
    let tmux = start([60, 20]);
    tmux.type_text("half");
    tmux.wait_for_end(">>> half");
    tmux.press("C-z");
    tmux.wait_for("the shell", |screen| screen.contains("Stopped") && screen.ends_with('$'));
    assert_given_back(&tmux);
    tmux.enter("fg");
    tmux.wait_for_end(">>> half");
    let status = Command::new("kill").args(["-TSTP", &tmux.child().to_string()]).status();
    assert!(status.is_ok_and(|status| status.success()));
    tmux.wait_for("the shell", |screen| screen.contains("Stopped") && screen.ends_with('$'));
    assert_given_back(&tmux);
    tmux.enter("fg");
    tmux.wait_for_end(">>> half");
    tmux.type_text(" whole");
    tmux.enter("");
    tmux.wait_for_end(">>> half whole\n\"half whole\"\n>>>");
}

/// A panic that is caught costs nothing but its message; one that is not leaves a sane terminal.
#[test]
fn a_panic_leaves_a_sane_terminal() {
    let tmux = start([100, 30]);
    tmux.enter("panic");
    tmux.wait_for("the prompt", |screen| screen.contains("caught") && screen.ends_with(">>>"));
    tmux.enter("on");
    tmux.wait_for_end(">>> on\n\"on\"\n>>>");
    tmux.enter("abort");
    tmux.wait_for("the shell", |screen| screen.contains("not caught") && screen.ends_with('$'));
    assert_given_back(&tmux);
}

/// The line follows the terminal's width, and what stands above stays.
#[test]
fn the_line_follows_the_width() {
    let tmux = start([40, 20]);
    // A full screen, as it is after a while; on an empty one tmux moves rows out at the top that
    // nobody can take away any more.
    (0..20).for_each(|number| tmux.enter(&number.to_string()));
    tmux.wait_for_end("\"19\"\n>>>");
    tmux.enter("above");
    tmux.wait_for_end("\"above\"\n>>>");
    tmux.type_text("abcdefghijklmnopqrstuvwxyz0123456789ABCDEF");
    tmux.wait_for_end("0123456789\nABCDEF");
    // The last width breaks "ABCDEF" with the cursor, which stands behind it, at the very edge.
    for (width, rows) in [
        ("20", ">>> abcdefghijklmnop\nqrstuvwxyz0123456789\nABCDEF"),
        ("50", ">>> abcdefghijklmnopqrstuvwxyz0123456789ABCDEF"),
        ("46", ">>> abcdefghijklmnopqrstuvwxyz0123456789ABCDEF"),
        ("23", ">>> abcdefghijklmnopqrs\ntuvwxyz0123456789ABCDEF"),
        ("12", ">>> abcdefgh\nijklmnopqrst\nuvwxyz012345\n6789ABCDEF"),
        ("60", ">>> abcdefghijklmnopqrstuvwxyz0123456789ABCDEF"),
    ] {
        tmux.ask(&["resize-window", "-x", width, "-y", "20"]);
        // What tmux makes of the rows may look the same; the next width is to come after what the
        // program makes of them.
        thread::sleep(SETTLED);
        let end = format!(">>> above\n\"above\"\n{rows}");
        tmux.wait_for_all("the line", |all| all.ends_with(&end));
    }
}

/// Without colours there are none; Ctrl-L leaves nothing but the line.
#[test]
fn colours_can_be_refused() {
    let tmux = start([60, 20]);
    let colours = |tmux: &Tmux| tmux.ask(&["capture-pane", "-p", "-e"]).contains("\x1b[32m");
    tmux.type_text("'a'");
    tmux.press("C-l");
    tmux.wait_for("the line alone", |screen| screen == ">>> 'a'");
    assert!(colours(&tmux));
    tmux.press("C-c");
    leave(&tmux);
    tmux.enter("clear; NO_COLOR=1 sh run");
    tmux.wait_for_end(">>>");
    tmux.type_text("'a'");
    tmux.wait_for_end(">>> 'a'");
    assert!(!colours(&tmux));
}

/// When the terminal is gone the host is told, and the program ends by itself.
#[test]
fn a_hang_up_is_the_end() {
    let tmux = start([60, 20]);
    leave(&tmux);
    tmux.enter("clear; trap '' HUP; sh run");
    tmux.wait_for_end(">>>");
    let child = PathBuf::from(format!("/proc/{}", tmux.child()));
    tmux.ask(&["kill-server"]);
    let start = Instant::now();
    while child.exists() {
        assert!(start.elapsed() < Duration::from_secs(30), "it goes on without a terminal");
        thread::sleep(Duration::from_millis(20));
    }
}

/// In a pipe lines come in and lines go out: no prompt, no escapes, a block up to its empty line.
#[test]
fn a_pipe_is_plain() {
    let mut run = Command::new(program())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it was built");
    let mut input = run.stdin.take().expect("it is a pipe");
    input.write_all("ps\nif x:\n  'é'\n\nlast".as_bytes()).expect("it reads");
    drop(input);
    let output = run.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("it writes text");
    assert_eq!(text, "\"ps\"\n\"if x:\\n  'é'\\n\"\n\"last\"\n");
    assert!(output.status.success());
}
