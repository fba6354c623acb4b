//! A world of 100,000 processes holds no tick.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bevy_ecs::hierarchy::ChildOf;

use super::Desk;
use crate::clock::Stopwatch;
use crate::console::{BUDGET, Evaluation, Role, SessionId};
use crate::motion::Transform;
use crate::process::{self, Names, NewProcess};

/// Among 100,000 processes nothing holds a tick for longer than all commands together may, however many
/// ask; the answers come within a few.
#[test]
fn a_large_world_is_searched_in_pieces() {
    const PROCESSES: usize = 100_000;
    /// What looking at a process takes on this stopwatch.
    const EACH: u64 = 100;
    /// Readings of a tick for other things than processes.
    const OTHERS: u64 = 20;
    let mut desk = Desk::new();
    let world = desk.machine.world_mut();
    world.insert_resource(Stopwatch::counting(Arc::clone(&desk.nanos), EACH));
    for _ in 0..PROCESSES {
        let process = process::spawn(world, &NewProcess::of("pong.Ball")).unwrap();
        world.entity_mut(process).insert(Transform::default());
    }
    desk.spawn("Needle");
    let sessions = [desk.open(Role::View), desk.open(Role::View)];
    let lines = ["ps", "query transform.x < 0 or name == Needle show name"];
    for (session, line) in sessions.iter().zip(lines) {
        desk.type_line(*session, line);
    }
    let budget = u64::try_from(BUDGET.as_nanos()).unwrap();
    let (mut turns, mut answers) = (0, Vec::new());
    while answers.len() < lines.len() {
        let before = desk.nanos.load(Ordering::Relaxed);
        desk.machine.turn();
        let passed = desk.nanos.load(Ordering::Relaxed) - before;
        assert!(passed <= budget + OTHERS * EACH, "{passed} ns in a tick");
        turns += 1;
        assert!(turns < 20, "the answers take {turns} ticks");
        let shown = std::mem::take(&mut *desk.shown.lock().unwrap());
        answers.extend(shown.into_iter().filter(|shown| !shown.is_waiting));
    }
    assert!(turns > 10, "it is too fast for what this is to test: {turns} ticks");
    assert!(answers.iter().any(|answer| answer.output.ends_with("100 of 100001\n")));
    assert!(answers.iter().any(|answer| answer.output == "name\nNeedle\n"), "{answers:?}");
    // No table is longer than what is written within a tick.
    for line in ["query limit 100000", "top 100000"] {
        let found = desk.give(SessionId::LOCAL, line);
        assert_eq!(found.output.lines().count(), 1_002, "{line}");
        let last = "1000 of 100001: no table has more rows; `offset` shows others\n";
        assert!(found.output.ends_with(last), "{line}");
    }
    // A tree is one line a process, and knows its first ones when it has looked at all.
    let child = desk.spawn("Child");
    let world = desk.machine.world_mut();
    let parent = world.resource::<Names>().get("Ball").unwrap();
    world.entity_mut(child).insert(ChildOf(parent));
    let mut evaluation = Evaluation { is_waiting: true, ..Evaluation::default() };
    desk.type_line(sessions[0], "%tree");
    turns = 0;
    while evaluation.is_waiting {
        let before = desk.nanos.load(Ordering::Relaxed);
        desk.machine.turn();
        let passed = desk.nanos.load(Ordering::Relaxed) - before;
        assert!(passed <= budget + OTHERS * EACH, "{passed} ns in a tick");
        turns += 1;
        evaluation = desk.shown.lock().unwrap().pop().unwrap_or(evaluation);
    }
    assert!(turns > 5, "all processes are looked at within {turns} ticks");
    let lines: Vec<_> = evaluation.output.lines().collect();
    assert_eq!((lines.len(), lines[0], lines[1], lines[2]), (1_001, "Ball", "  Child", "Ball1"));
    assert_eq!(lines[1_000], "... and more: tree NAME shows those below one");
    let (_, names) = desk.complete("kill Ball");
    assert_eq!(names.len(), 1_000);
    assert_eq!(desk.complete("kill Need").1, ["Needle"]);
    assert_eq!(desk.complete("query name == need").1, ["Needle"]);
}
