//! What `log` keeps of who did what.

use super::Desk;
use crate::alert::{self, Level};
use crate::console::Role;

/// Nobody hides what he did: `verbosity` keeps it from the error stream, and from no `log`. Those who may
/// not do everything see no other's lines there.
#[test]
fn no_session_hides_what_it_did() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    let [edit, view] = [Role::Edit, Role::View].map(|role| desk.open(role));
    desk.give(edit, "pause Ball");
    let told = |desk: &Desk| desk.told.lock().unwrap().len();
    assert_eq!(told(&desk), 1);
    desk.line("verbosity error");
    desk.give(edit, "kill Ball");
    assert_eq!(told(&desk), 1);
    let log = desk.line("log");
    let lines = ["pause Ball", "kill Ball"];
    assert!(lines.iter().all(|line| log.contains(&format!("somebody: {line}\n"))), "{log}");
    desk.line("verbosity v");
    alert::raise(desk.machine.world_mut(), "Ball", Level::V, "bounced");
    let log = desk.give(view, "log").output;
    assert!(log.contains("Ball: bounced\n") && log.contains("somebody: log\n"), "{log}");
    assert!(!log.contains("kill") && !log.contains("local"), "{log}");
    assert_eq!(desk.give(view, "log 1 v").output.lines().count(), 1);
    assert_eq!(desk.give(view, "log error").output, "");
    assert_eq!(desk.give(view, "log error 1").output, "");
    assert!(desk.error("log loud").contains("there is no alert level `loud`"));
    assert!(desk.error("log v loud").contains("COUNT is a number of alerts"));
}
