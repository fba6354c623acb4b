//! The table of processes.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use egui::{Event, Key, vec2};

use super::{Desk, Painted, words};
use crate::clock::Stopwatch;
use crate::machine::Machine;
use crate::process::{self, NewProcess, Priority};

/// The names of the rows that are seen, from top to bottom.
fn names(painted: &[Painted]) -> Vec<&str> {
    let is_name = |it: &&Painted| ["Adder", "Ball", "Clerk"].contains(&it.text.as_str());
    let mut rows: Vec<_> = painted.iter().filter(is_name).collect();
    rows.sort_by(|one, other| one.place.top().total_cmp(&other.place.top()));
    rows.into_iter().map(|it| it.text.as_str()).collect()
}

fn desk() -> Desk {
    let mut desk = Desk::new(&["Ball", "Clerk", "Adder"]);
    for (name, priority) in [("Ball", 2), ("Clerk", 3), ("Adder", 1)] {
        let process = desk.entity(name);
        desk.machine.world_mut().entity_mut(process).insert(Priority(priority));
    }
    desk.size.x = 900.0;
    desk
}

/// All processes in the order of spawning, with their columns.
#[test]
fn the_table_shows_the_processes() {
    let mut desk = desk();
    let painted = desk.settle();
    assert_eq!(names(&painted), ["Ball", "Clerk", "Adder"]);
    let words = words(&painted);
    for expected in ["Processes  3", "running", "pong.Other", "priority", "faults"] {
        assert!(words.contains(&expected), "{expected} in {words:?}");
    }
}

/// A click on a heading sorts: numbers the largest first, then the other way, then not at all.
#[test]
fn a_click_on_a_heading_sorts() {
    let mut desk = desk();
    desk.click("priority");
    assert_eq!(names(&desk.settle()), ["Clerk", "Ball", "Adder"]);
    desk.click("priority ▼");
    assert_eq!(names(&desk.settle()), ["Adder", "Ball", "Clerk"]);
    desk.click("priority ▲");
    assert_eq!(names(&desk.settle()), ["Ball", "Clerk", "Adder"]);
    desk.click("name");
    assert_eq!(names(&desk.settle()), ["Adder", "Ball", "Clerk"]);
}

/// A click on a row selects it, and the arrow keys go on from there.
#[test]
fn rows_are_selected_by_mouse_and_keyboard() {
    let mut desk = desk();
    desk.click("Clerk");
    assert!(words(&desk.settle()).contains(&"Process  Clerk"));
    desk.key(Key::ArrowDown);
    assert!(words(&desk.settle()).contains(&"Process  Adder"));
    desk.key(Key::ArrowDown);
    desk.key(Key::ArrowUp);
    desk.key(Key::ArrowUp);
    assert!(words(&desk.settle()).contains(&"Process  Ball"));
    assert!(desk.lines.is_empty());
}

/// The filter is a query; a wrong one says why, below it, and the rows stay.
#[test]
fn the_filter_is_a_query() {
    let mut desk = desk();
    desk.click("filter: class == Ball and time > 0.001");
    desk.write("priority > 1 and class == Other");
    let painted = desk.settle();
    assert_eq!(names(&painted), ["Clerk"]);
    assert!(words(&painted).contains(&"1 of 3"));
    desk.write("tranform.x > 1");
    let painted = desk.settle();
    assert_eq!(names(&painted), ["Clerk"]);
    let message = "column 1: a process has no `tranform`; did you mean `transform`?";
    assert!(words(&painted).contains(&message), "{:?}", words(&painted));
    // What it says itself of columns and order counts.
    desk.write("show name, priority order by priority");
    let painted = desk.settle();
    assert_eq!(names(&painted), ["Adder", "Ball", "Clerk"]);
    assert!(!words(&painted).contains(&"faults"));
}

/// What is begun can be completed, by Tab or a click.
#[test]
fn the_filter_completes_words() {
    let mut desk = desk();
    desk.click("filter: class == Ball and time > 0.001");
    desk.write("prio");
    assert!(words(&desk.settle()).contains(&"higher steps first"));
    desk.key(Key::Tab);
    desk.frame(vec![Event::Text(" > 1 and na".to_owned())]);
    let detail = desk.find("its own name");
    desk.click_at(detail.left_center() - vec2(20.0, 0.0));
    desk.frame(vec![Event::Text(" == Cl".to_owned())]);
    desk.key(Key::Tab);
    let painted = desk.settle();
    assert!(words(&painted).contains(&"priority > 1 and name == Clerk"), "{:?}", words(&painted));
    assert!(words(&painted).contains(&"1 of 3"));
}

/// A panel never runs code of scripts: what takes some is asked of the console.
#[test]
fn scripts_are_asked_in_the_console() {
    let mut desk = desk();
    desk.click("filter: class == Ball and time > 0.001");
    desk.write("attr.lives > 3");
    desk.click("ask in the console");
    assert_eq!(desk.lines, ["%query attr.lives > 3"]);
}

fn crowd(count: usize, stopwatch: Stopwatch) -> Desk {
    let mut machine = Machine::builder().stopwatch(stopwatch).build();
    for _ in 0..count {
        process::spawn(machine.world_mut(), &NewProcess::of("Ball")).unwrap();
    }
    Desk::of(machine)
}

/// Of very many processes no more are looked at in a frame than its time allows, and no more painted
/// than can be seen.
#[test]
fn a_frame_has_a_bounded_share_of_a_crowd() {
    let mut desk = crowd(100_000, Stopwatch::default());
    desk.frame(Vec::new());
    let left = desk.inspector.table.listing.left();
    assert!((50_000..100_000).contains(&left), "{left} are left");
    // All at once, as this stopwatch stands still.
    let mut desk = crowd(5_000, Stopwatch::manual(Arc::new(AtomicU64::new(0))));
    let painted = desk.settle();
    assert!(words(&painted).contains(&"the first 1000 of 5000"));
    let rows = painted.iter().filter(|it| it.text == "running").count();
    assert!((10..30).contains(&rows), "{rows} rows");
}

/// A finished search is renewed a few times a second, and not with each frame.
#[test]
fn rows_are_renewed_now_and_then() {
    let mut desk = desk();
    desk.settle();
    let process = desk.entity("Ball");
    desk.machine.world_mut().entity_mut(process).insert(Priority(99));
    let is_seen = |painted: &[Painted]| words(painted).contains(&"99");
    assert!(!is_seen(&desk.frame(Vec::new())));
    let frames = (0..30).take_while(|_| !is_seen(&desk.frame(Vec::new()))).count();
    assert!((5..20).contains(&frames), "{frames} frames");
}
