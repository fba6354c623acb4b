//! Words of a session's own.

use super::Desk;
use crate::console::Role;

/// Aliases and history are a session's own, and end with it.
#[test]
fn sessions_have_words_of_their_own() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    let other = desk.open(Role::Edit);
    desk.line("alias p priority Ball");
    assert_eq!(desk.line("p"), "0\n");
    desk.line(" p 3");
    assert_eq!(desk.line("p"), "3\n");
    assert!(desk.give(other, "p").error.is_some());
    assert_eq!(desk.line("history"), "alias p priority Ball\np\nhistory\n");
    assert_eq!(desk.line("history 1"), "history 1\n");
    assert_eq!(desk.line("sessions"), "0  exec  local  (this one)\n1  edit  somebody\n");
    desk.give(other, "quit");
    assert_eq!(desk.line("sessions"), "0  exec  local  (this one)\n");
}

/// An alias stands for the beginning of a command line, and for nothing that Python understands.
#[test]
fn aliases_are_no_python() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    desk.line("alias s send Ball \"hello there\"");
    desk.line("s");
    assert!(desk.line("inspect Ball").contains("b\"hello there\""));
    desk.line("alias slow \"interval Ball 1\"");
    desk.line("slow");
    assert_eq!(desk.line("interval Ball"), "1 s\n");
    desk.line("alias p priority");
    assert_eq!(desk.complete("p B"), (2, vec!["Ball".to_owned()]));
    assert_eq!(desk.line("p = 5"), "python: p = 5\n");
    desk.line("alias known priority Ball");
    assert_eq!(desk.line("known"), "python: known\n");
    assert!(desk.error("alias for priority Ball").contains("`for` is a word of Python"));
}
