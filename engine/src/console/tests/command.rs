//! Commands that are done at once.

use std::fs;
use std::path::Path;

use super::Desk;
use crate::console::{GROUPS, Role, reference};
use crate::inspect::query::{SYNTAX, words};
use crate::message::{self, Mailbox};
use crate::motion::Transform;
use crate::process::{self, Interval, Names, NewProcess, Paused, Priority};
use crate::render::Label;

/// Each command that changes something does what it says.
#[test]
fn commands_change_the_world() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    desk.spawn("Other");
    desk.line("set Ball.transform.x -2.5");
    assert_eq!(desk.machine.world().get::<Transform>(ball).unwrap().x, -2.5);
    desk.line("priority Ball 7");
    assert_eq!(desk.machine.world().get::<Priority>(ball), Some(&Priority(7)));
    desk.line("interval Ball 0.5");
    assert_eq!(desk.machine.world().get::<Interval>(ball).unwrap().0.as_secs(), 0.5);
    assert_eq!(desk.line("interval Ball"), "0.5 s\n");
    desk.line("pause Ball Other Ball");
    assert!(desk.machine.world().get::<Paused>(ball).is_some());
    assert_eq!(desk.line("%tree"), "Ball  (paused)\nOther  (paused)\n");
    desk.line("resume Ball");
    assert!(desk.machine.world().get::<Paused>(ball).is_none());
    desk.line("send Ball \"a b\"");
    assert!(desk.line("inspect Ball").contains("b\"a b\""));
    desk.line("kill Ball");
    assert!(desk.machine.world().resource::<Names>().get("Ball").is_none());
    desk.line("verbosity vvv");
    assert_eq!(desk.line("verbosity"), "vvv\n");
}

/// A mailbox or a text however large is shown by its beginning, and of a message no more is looked at.
#[test]
fn what_is_large_is_shown_by_its_beginning() {
    const SIZE: usize = 16 << 20;
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    desk.spawn("Other");
    let world = desk.machine.world_mut();
    world.get_mut::<Mailbox>(ball).unwrap().set_capacity(2 * SIZE);
    for _ in 0..2 {
        message::send(world, "Ball", Box::new(vec![b'x'; SIZE])).unwrap();
    }
    world.entity_mut(ball).insert(Label { text: "y".repeat(SIZE), ..Label::default() });
    let told = desk.line("inspect Ball");
    assert!(told.contains(&format!("{}... (2 messages)\n", "x".repeat(490))), "{told}");
    assert!(told.contains(&format!("\"{}... ({SIZE} bytes)\n", "y".repeat(499))), "{told}");
    assert!(desk.line("inspect Other").contains("\nmailbox: []\n"));
}

/// Help has a line for each command, and the page in the sources is what the table says.
#[test]
fn help_and_reference_are_the_table() {
    let mut desk = Desk::new();
    let help = desk.line("help");
    for group in GROUPS {
        for command in group.commands {
            assert!(help.contains(&format!("  {}  ", command.signature())), "{}", command.name);
            let text = desk.line(&format!("help {}", command.name));
            assert!(text.starts_with(&command.signature()) && text.contains(command.summary));
            assert!(command.example.starts_with(command.name), "{}", command.name);
            assert!(!command.summary.ends_with('.'), "{}", command.name);
        }
    }
    // The language of queries has its words below it, and on the page the lines that it has here.
    let help = desk.line("help query");
    assert!(help.contains(SYNTAX) && !help.contains("```"), "{help}");
    let (_, below) = help.split_once(SYNTAX).unwrap();
    for (name, what) in words() {
        assert!(below.contains(&format!("\n  {name:8}  {what}\n")), "no {name} in {below}");
    }
    let fenced = reference().split_once("```text\n").unwrap().1.to_owned();
    assert!(fenced.starts_with(SYNTAX), "{fenced}");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console/reference.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&page, reference()).unwrap();
    }
    let written = fs::read_to_string(&page).unwrap_or_default();
    assert!(written == reference(), "{} is old: run this test with UPDATE=1", page.display());
}

/// Processes are listed, searched and sorted; what is wrong with a query is shown at its place.
#[test]
fn processes_are_found() {
    let mut desk = Desk::new();
    for name in ["Ball", "Bat", "Court"] {
        desk.spawn(name);
    }
    desk.line("set Bat.transform.x 5");
    desk.line("pause Court");
    let names = |text: String| {
        let lines = text
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().next().unwrap_or("").to_owned());
        lines.collect::<Vec<_>>()
    };
    assert_eq!(names(desk.line("ps")), ["Ball", "Bat", "Court"]);
    assert_eq!(names(desk.line("ps B*")), ["Ball", "Bat"]);
    assert_eq!(desk.line("ps X*"), "none\n");
    let found = desk.line("query transform.x > 1 show name, transform.x");
    assert_eq!(found, "name  transform.x\nBat             5\n");
    assert_eq!(names(desk.line("query state == paused")), ["Court"]);
    assert!(desk.line("query limit 1").ends_with("1 of 3\n"));
    assert_eq!(names(desk.line("top 2")).len(), 3);
    let error = desk.error("query transform.x >");
    assert!(error.starts_with("  query transform.x >\n                     ^\n"), "{error}");
    assert_eq!(desk.complete("query sta"), (6, vec!["state".to_owned()]));
    let view = desk.open(Role::View);
    assert!(desk.give(view, "query attr.secret == 1").error.is_some());
    assert!(desk.give(view, "inspect Ball").output.contains("attributes: {}"));
}

/// What is loaded is told, with the classes that most processes have first.
#[test]
fn a_scene_is_counted() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    desk.spawn("Other");
    let world = desk.machine.world_mut();
    process::spawn(world, &NewProcess::of("pong.Court")).unwrap();
    assert_eq!(
        desk.line("scene"),
        "nothing was loaded\ntitle \"Metapython\"\nprocesses: 3\n      2  pong.Ball\n      1  pong.Court\n"
    );
    assert!(desk.error("save a.ron").contains("this machine runs no scripts"));
    let view = desk.open(Role::View);
    for line in ["save a.ron", "load a.ron", "reload"] {
        assert!(desk.give(view, line).error.unwrap().contains("needs the role `edit`"), "{line}");
    }
    assert_eq!(desk.give(view, "scene").error, None);
}
