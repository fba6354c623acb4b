//! Lines: which are commands, what is wrong with them, and whose turn it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Desk;
use crate::console::{self, Console, Evaluation, FrontEnd, Role, SessionId};
use crate::process::Paused;

/// A line is a command if its first word is one and means nothing else; `%` leaves no doubt.
#[test]
fn lines_are_commands_or_python() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    assert_eq!(desk.line("priority Ball"), "0\n");
    assert_eq!(desk.line("  %priority Ball"), "0\n");
    for python in [
        "x = 1",
        "priority = 3",
        "priority(Ball)",
        "help(Ball)",
        "tree",
        "quit.x",
        "top, left = 1, 2",
        "step: int = 0",
        "step += 1",
        "step //= 2",
        "log - 1",
        "i = 0",
        "q",
    ] {
        assert_eq!(desk.line(python), format!("python: {python}\n"));
    }
    assert_eq!(desk.line("%tree"), "Ball\n");
    assert!(desk.line("ps *all").contains("Ball"));
    assert_eq!(desk.line(""), "");
    let error = desk.error("%nonsense");
    assert!(error.starts_with("there is no command `nonsense`"), "{error}");
    let error = desk.error("pruse wrong");
    assert_eq!(error, "SyntaxError\n(did you mean the command `pause`?)\n");
    assert_eq!(desk.error("known wrong"), "SyntaxError\n");
}

/// What is wrong is shown at its place, and nothing has changed.
#[test]
fn what_is_wrong_is_shown_at_its_place() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    let expected =
        "  pause Ball Bal\n             ^\nthere is no process `Bal`; did you mean `Ball`?\n";
    assert_eq!(desk.error("pause Ball Bal"), expected);
    assert!(desk.machine.world().get::<Paused>(ball).is_none());
    assert_eq!(desk.error("kill"), "  kill\n       ^\nNAME is missing: kill NAME...\n");
    let expected = "  tree Ball x\n            ^\ntree takes no more than this: tree [NAME]\n";
    assert_eq!(
        desk.error("%tree Ball x").replace('%', ""),
        expected.replace("            ^", "             ^")
    );
    let expected = "  send Ball \"a\n            ^\n`\"` is missing for what begins here\n";
    assert_eq!(desk.error("send Ball \"a"), expected);
    // The mark is below what it means where letters take two columns.
    let expected = "  send Ball 日本語 x\n                   ^\n";
    assert!(desk.error("send Ball 日本語 x").starts_with(expected));
    for (line, message) in [
        ("set Ball.transform.x wide", "Transform.x takes a finite number, not text (\"wide\")"),
        ("set Ball.transform.z 1", "component Transform has no field `z`; did you mean `x`?"),
        ("set Ball.velocity.x 1", "Ball has no component `velocity`"),
        ("set Ball 1", "a place is written NAME.component.field: Ball.transform.x"),
        ("interval Ball -1", "not -1.0"),
        (
            "priority Ball much",
            "a priority is a whole number from -2147483648 to 2147483647, not `much`",
        ),
    ] {
        let error = desk.error(line);
        assert!(error.contains(message), "{line}: {error}");
    }
}

/// Several commands that are pasted together are carried out one after the other.
#[test]
fn pasted_commands_are_lines() {
    let mut desk = Desk::new();
    let (ball, bat) = (desk.spawn("Ball"), desk.spawn("Bat"));
    assert_eq!(desk.line("\npause Ball\n\npause Bat\npriority Ball\n"), "0\n");
    for process in [ball, bat] {
        assert!(desk.machine.world().get::<Paused>(process).is_some());
    }
    assert_eq!(desk.line("resume Ball\nx = 1\ny = 2"), "python: x = 1\ny = 2\n");
    assert!(desk.machine.world().get::<Paused>(ball).is_none());
}

/// What comes after the end of a session, or of the machine, is not carried out.
#[test]
fn nothing_comes_after_the_end() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    let other = desk.open(Role::Edit);
    for (session, end) in [(other, "quit"), (SessionId::LOCAL, "shutdown")] {
        let mut console = desk.machine.world_mut().resource_mut::<Console>();
        console.submit(session, end.to_owned());
        console.submit(session, "pause Ball".to_owned());
        desk.machine.turn();
        desk.machine.turn();
        assert_eq!(desk.shown.lock().unwrap().drain(..).count(), 1, "{end}");
        assert!(desk.machine.world().get::<Paused>(ball).is_none());
    }
}

/// Submits a line again and again, as long as it is asked; each takes a millisecond.
struct Flood(Arc<AtomicU64>);

impl FrontEnd for Flood {
    fn poll(&mut self, desk: &mut console::Desk<'_>) {
        if desk.queued(SessionId::LOCAL) == 0 {
            desk.submit(SessionId::LOCAL, "slow".to_owned());
        }
    }

    fn show(&mut self, _: SessionId, text: &str, _: &Evaluation) {
        if text == "slow" {
            self.0.fetch_add(1_000_000, Ordering::Relaxed);
        }
    }
}

/// Lines hold a tick no longer than their part of it, and as many are taken as there is time for. What
/// the machine was given in advance is done in its tick.
#[test]
fn lines_share_a_part_of_a_tick() {
    let mut desk = Desk::new();
    for _ in 0..100 {
        desk.machine
            .world_mut()
            .resource_mut::<Console>()
            .submit(SessionId::LOCAL, "given".to_owned());
    }
    desk.machine.attach_front_end(Box::new(Flood(Arc::clone(&desk.nanos))));
    desk.machine.turn();
    let count = |desk: &Desk| desk.shown.lock().unwrap().drain(..).count();
    assert_eq!(count(&desk), 100 + 2);
    for _ in 0..5 {
        desk.machine.turn();
        assert_eq!(count(&desk), 2, "1.6 ms are over after the second");
    }
}
