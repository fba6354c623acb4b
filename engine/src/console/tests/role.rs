//! What sessions may do, and what is told of them.

use bevy_ecs::world::World;

use super::Desk;
use crate::alert::{Alerts, Level};
use crate::console::{self, Completion, Evaluation, GROUPS, Interpreter, Role, SessionId};
use crate::value::Value;

/// What a session may not do it cannot do by any command, whatever name it goes by.
#[test]
fn roles_hold() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    let edit = desk.open(Role::Edit);
    for group in GROUPS {
        for command in group.commands {
            for name in command.aliases.iter().chain([&command.name]) {
                let line = format!("%{name} Ball");
                // A new one for each: what goes on holds its session.
                let view = desk.open(Role::View);
                let error = desk.give(view, &line).error.unwrap_or_default();
                let unknown = format!("there is no command `{name}`");
                assert!(!error.contains(&unknown), "{line}: {error}");
                let refused = error.contains("needs the role");
                assert_eq!(refused, command.role > Role::View, "{line}");
                assert!(desk.machine.world().get_entity(ball).is_ok());
            }
        }
    }
    let view = desk.open(Role::View);
    desk.give(view, "alias look kill Ball");
    let error = desk.give(view, "look").error.unwrap();
    assert_eq!(error, "kill needs the role `edit`, and this session has `view`\n");
    let view = desk.open(Role::View);
    for session in [view, edit] {
        let error = desk.give(session, "Ball.delete()").error.unwrap();
        assert!(error.contains("needs the role `exec`"), "{error}");
    }
    desk.give(edit, "kill Ball");
    assert!(desk.machine.world().get_entity(ball).is_err());
    assert_eq!(desk.give(SessionId(99), "1").error.unwrap(), "this session has ended");
}

/// Python is asked for nothing where the role does not allow to run it.
struct Locked;

impl Interpreter for Locked {
    fn evaluate(&mut self, _: &mut World, _: SessionId, _: &str) -> Evaluation {
        panic!("evaluated")
    }

    fn is_complete(&mut self, _: &mut World, _: SessionId, _: &str) -> bool {
        panic!("asked whether it is complete")
    }

    fn complete(&mut self, _: &mut World, _: SessionId, _: &str, _: usize) -> Completion {
        panic!("asked for a completion")
    }

    fn is_name(&mut self, _: &mut World, _: SessionId, _: &str) -> bool {
        panic!("asked for a name")
    }

    fn random_state(&mut self, _: &mut World) -> Value {
        Value::None
    }
}

#[test]
fn roles_hold_while_typing() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    for role in [Role::View, Role::Edit] {
        let session = desk.open(role);
        let mut locked = Locked;
        let mut port = console::Desk::new(desk.machine.world_mut(), &mut locked);
        for text in ["", "Ball.", "pri", "priority B", "x = [", "tree\nx"] {
            assert!(port.is_complete(session, text));
            port.complete(session, text, text.len());
        }
        let found = port.complete(session, "pri", 3).candidates;
        assert_eq!(found[0].text, "priority");
    }
}

/// Every line that is evaluated is told, with who typed it, to all others; what is refused too, and no
/// answer.
#[test]
fn the_log_says_who_did_what() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    desk.line("tree");
    assert!(desk.told.lock().unwrap().is_empty(), "the usual verbosity is below it");
    desk.machine.world_mut().resource_mut::<Alerts>().verbosity = Level::Vv;
    desk.line("alias t priority Ball");
    desk.line(" t 3");
    desk.line("");
    desk.give(SessionId::LOCAL, "ask");
    desk.give(SessionId::LOCAL, "my password");
    let view = desk.open(Role::View);
    desk.give(view, "Ball\n\x1b[2J");
    desk.give(view, "kill Ball");
    let told = desk.told.lock().unwrap();
    let texts: Vec<_> =
        told.iter().map(|alert| (alert.known_to.unwrap().0, &*alert.text)).collect();
    let expected = [
        (0, "local: alias t priority Ball"),
        (0, "local: priority Ball 3"),
        (0, "local: ask"),
        (1, r"somebody: Ball\n\u{1b}[2J"),
        (1, "somebody: kill Ball"),
    ];
    assert_eq!(texts, expected);
    assert!(told.iter().all(|alert| alert.source == "console"));
    // What others do is told at the usual verbosity too.
    let levels: Vec<_> = told.iter().map(|alert| alert.level).collect();
    assert_eq!(levels, [Level::Vv, Level::Vv, Level::Vv, Level::V, Level::V]);
}
