//! The console as a front end uses it: lines in, what they came to out.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{
    Completion, Console, Evaluation, FrontEnd, GROUPS, Interpreter, NoInterpreter, Role, SessionId,
    Sessions, complete, reference,
};
use crate::machine::Machine;
use crate::motion::Transform;
use crate::process::{
    self, Behaviour, Interval, Names, NewProcess, Next, Paused, Priority, Step, StepError,
};
use crate::value::Value;

struct Idle;

impl Behaviour for Idle {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }
}

/// Knows the name `known`, and answers with what it was given.
struct Echo;

impl Interpreter for Echo {
    fn evaluate(&mut self, _: &mut World, _: SessionId, text: &str) -> Evaluation {
        let error = text.contains("wrong").then(|| "SyntaxError\n".to_owned());
        Evaluation { output: format!("python: {text}\n"), error, is_waiting: false }
    }

    fn is_name(&mut self, _: &mut World, _: SessionId, name: &str) -> bool {
        name == "known" || name == "tree"
    }

    fn random_state(&mut self, _: &mut World) -> Value {
        Value::None
    }
}

type Shown = Arc<Mutex<Vec<Evaluation>>>;

struct Collect(Shown);

impl FrontEnd for Collect {
    fn show(&mut self, _: SessionId, _: &str, evaluation: &Evaluation) {
        self.0.lock().unwrap().push(evaluation.clone());
    }
}

struct Desk {
    machine: Machine,
    shown: Shown,
}

impl Desk {
    fn new() -> Self {
        let shown = Shown::default();
        let machine =
            Machine::builder().interpreter(Echo).front_end(Collect(shown.clone())).build();
        Self { machine, shown }
    }

    fn spawn(&mut self, name: &str) -> Entity {
        let world = self.machine.world_mut();
        let new = NewProcess { name: Some(name), ..NewProcess::of("pong.Ball") };
        let process = process::spawn(world, &new).unwrap();
        world.entity_mut(process).insert(Transform::default());
        process::launch(world, process, Box::new(Idle));
        process
    }

    fn open(&mut self, role: Role) -> SessionId {
        self.machine.world_mut().resource_mut::<Sessions>().open("somebody", role)
    }

    fn give(&mut self, session: SessionId, line: &str) -> Evaluation {
        self.machine.world_mut().resource_mut::<Console>().submit(session, line.to_owned());
        self.machine.turn();
        self.shown.lock().unwrap().pop().unwrap()
    }

    /// What a line prints, which must not fail.
    fn line(&mut self, line: &str) -> String {
        let evaluation = self.give(SessionId::LOCAL, line);
        assert_eq!(evaluation.error, None, "{line}");
        evaluation.output
    }

    /// How a line fails.
    fn error(&mut self, line: &str) -> String {
        self.give(SessionId::LOCAL, line).error.unwrap()
    }

    fn complete(&mut self, text: &str) -> (usize, Vec<String>) {
        let world = self.machine.world_mut();
        let Completion { start, candidates } =
            complete(world, &mut NoInterpreter, SessionId::LOCAL, text, text.len());
        (start, candidates.into_iter().map(|candidate| candidate.text).collect())
    }
}

/// A line is a command if its first word is one and means nothing else; `%` leaves no doubt.
#[test]
fn lines_are_commands_or_python() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    assert_eq!(desk.line("priority Ball"), "0\n");
    assert_eq!(desk.line("  %priority Ball"), "0\n");
    for python in
        ["x = 1", "priority = 3", "priority(Ball)", "help(Ball)", "tree", "quit.x", "pause Ball\nx"]
    {
        assert_eq!(desk.line(python), format!("python: {python}\n"));
    }
    assert_eq!(desk.line("%tree"), "Ball\n");
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

/// What a session may not do it cannot do by any command, whatever name it goes by.
#[test]
fn roles_hold() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    let (view, edit) = (desk.open(Role::View), desk.open(Role::Edit));
    for group in GROUPS {
        for command in group.commands {
            for name in command.aliases.iter().chain([&command.name]) {
                let line = format!("%{name} Ball");
                let refused = desk
                    .give(view, &line)
                    .error
                    .is_some_and(|error| error.contains("needs the role"));
                assert_eq!(refused, command.role > Role::View, "{line}");
                assert!(desk.machine.world().get_entity(ball).is_ok());
            }
        }
    }
    let view = desk.open(Role::View);
    desk.give(view, "alias look kill Ball");
    let error = desk.give(view, "look").error.unwrap();
    assert_eq!(error, "kill needs the role `edit`, and this session has `view`\n");
    for session in [view, edit] {
        let error = desk.give(session, "Ball.delete()").error.unwrap();
        assert!(error.contains("needs the role `exec`"), "{error}");
    }
    desk.give(edit, "kill Ball");
    assert!(desk.machine.world().get_entity(ball).is_err());
    assert_eq!(desk.give(SessionId(99), "1").error.unwrap(), "this session has ended");
}

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

/// Completion comes from the rows and from the world.
#[test]
fn completion_knows_rows_and_world() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    desk.spawn("Bat");
    assert_eq!(desk.complete("pri"), (0, vec!["priority".to_owned()]));
    assert_eq!(desk.complete("  %pri"), (3, vec!["priority".to_owned()]));
    let names = vec!["Ball".to_owned(), "Bat".to_owned()];
    assert_eq!(desk.complete("kill Ball B"), (10, names.clone()));
    assert_eq!(desk.complete("set B"), (4, names));
    assert_eq!(desk.complete("set Ball.tr"), (9, vec!["transform".to_owned()]));
    assert_eq!(desk.complete("set Ball.transform.sc"), (19, vec!["scale".to_owned()]));
    assert_eq!(desk.complete("verbosity vvv"), (10, vec!["vvv".to_owned(), "vvvv".to_owned()]));
    assert_eq!(desk.complete("kill Nobody."), (5, vec![]));
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
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console/reference.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&page, reference()).unwrap();
    }
    let written = fs::read_to_string(&page).unwrap_or_default();
    assert!(written == reference(), "{} is old: run this test with UPDATE=1", page.display());
}

/// What goes on is shown as it changes; lines wait for their turn, and Ctrl-C ends it.
#[test]
fn what_goes_on_can_be_ended() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    assert_eq!(desk.line("pause Ball"), "");
    let evaluation = desk.give(SessionId::LOCAL, "step Ball 2");
    assert!(evaluation.is_waiting);
    desk.machine.world_mut().resource_mut::<Console>().submit(SessionId::LOCAL, "tree Ball".into());
    desk.machine.run(Some(6));
    let shown: Vec<_> = desk.shown.lock().unwrap().drain(..).map(|shown| shown.output).collect();
    assert_eq!(shown, ["Ball is paused after step 2\n", "python: tree Ball\n"]);
    assert!(desk.machine.world().get::<Paused>(ball).is_some());
    let evaluation = desk.give(SessionId::LOCAL, "watch Ball.transform.x");
    assert!(evaluation.is_waiting && evaluation.output.ends_with(": 0.0\n"), "{evaluation:?}");
    desk.machine.run(Some(3));
    assert!(desk.shown.lock().unwrap().is_empty());
    desk.machine.world_mut().get_mut::<Transform>(ball).unwrap().x = 5.0;
    desk.machine.turn();
    let shown = desk.shown.lock().unwrap().pop().unwrap();
    assert!(shown.is_waiting && shown.output.ends_with(": 5.0\n"), "{shown:?}");
    super::Desk { world: desk.machine.world_mut(), interpreter: &mut Echo }
        .interrupt(SessionId::LOCAL);
    assert_eq!(desk.line("%tree"), "Ball  (paused)\n");
    let view = desk.open(Role::View);
    assert!(desk.give(view, "watch 1 + 1").error.is_some());
    desk.give(view, "watch Ball.transform.x");
    process::delete(desk.machine.world_mut(), ball);
    desk.machine.run(Some(2));
    assert!(desk.shown.lock().unwrap().pop().unwrap().output.ends_with("it is gone\n"));
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

/// Files are completed as a shell does, for those who may use them.
#[test]
fn the_names_of_scenes_are_completed() {
    let folder = std::env::temp_dir().join(format!("metapython-complete-{}", std::process::id()));
    fs::create_dir_all(folder.join("more")).unwrap();
    for name in ["mine.ron", "mail.ron", "mine.txt", ".hidden.ron", "two words.ron"] {
        fs::write(folder.join(name), "").unwrap();
    }
    let mut desk = Desk::new();
    let place = folder.display();
    let (start, all) = desk.complete(&format!("load {place}/"));
    let (_, some) = desk.complete(&format!("save {place}/mi"));
    let (_, hidden) = desk.complete(&format!("load {place}/."));
    let (_, none) = desk.complete("load /no/such/");
    let view = desk.open(Role::View);
    let text = format!("load {place}/");
    let world = desk.machine.world_mut();
    let refused = complete(world, &mut NoInterpreter, view, &text, text.len());
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(start, text.len());
    assert_eq!(all, ["mail.ron", "mine.ron", "more/"]);
    assert_eq!((some, hidden), (vec!["mine.ron".to_owned()], vec![".hidden.ron".to_owned()]));
    assert!(none.is_empty() && refused.candidates.is_empty());
}
