//! The console as a front end uses it: lines in, what they came to out.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::ChildOf;
use bevy_ecs::world::World;

use super::{
    BUDGET, Completion, Console, Evaluation, FrontEnd, GROUPS, Interpreter, NoInterpreter, Placing,
    Role, SessionId, Sessions, complete, reference,
};
use crate::alert::{self, Alert, AlertSink, Alerts, Level};
use crate::audio::{AudioDevice, AudioDevices};
use crate::clock::{Now, Stopwatch};
use crate::inspect::query::{SYNTAX, words};
use crate::instruction::{Instruction, Instructions};
use crate::machine::Machine;
use crate::message::{self, Mailbox};
use crate::motion::Transform;
use crate::process::{
    self, Behaviour, BoxedParcel, Interval, Names, NewProcess, Next, Parcel, Paused, Priority,
    Step, StepError,
};
use crate::render::Label;
use crate::value::Value;

struct Idle;

impl Behaviour for Idle {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }
}

/// Knows the name `known`, asks a question when told to, and answers with what it was given.
#[derive(Default)]
struct Echo(bool);

impl Interpreter for Echo {
    fn evaluate(&mut self, _: &mut World, _: SessionId, text: &str) -> Evaluation {
        if self.0 || text == "ask" {
            self.0 = !self.0;
            return Evaluation { is_waiting: self.0, ..Evaluation::default() };
        }
        let error = text.contains("wrong").then(|| "SyntaxError\n".to_owned());
        Evaluation { output: format!("python: {text}\n"), error, ..Evaluation::default() }
    }

    fn is_name(&mut self, _: &mut World, _: SessionId, name: &str) -> bool {
        name == "known" || name == "tree"
    }

    fn is_reserved(&mut self, _: &mut World, name: &str) -> bool {
        name == "for" || name == "print"
    }

    fn is_asking(&mut self, _: &mut World, _: SessionId) -> bool {
        self.0
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

type Told = Arc<Mutex<Vec<Alert>>>;

struct Listen(Told);

impl AlertSink for Listen {
    fn alert(&mut self, alert: &Alert) {
        self.0.lock().unwrap().push(alert.clone());
    }
}

struct Desk {
    machine: Machine,
    shown: Shown,
    told: Told,
    /// What the stopwatch shows.
    nanos: Arc<AtomicU64>,
}

impl Desk {
    fn new() -> Self {
        let (shown, told, nanos) = (Shown::default(), Told::default(), Arc::default());
        let machine = Machine::builder()
            .interpreter(Echo::default())
            .front_end(Collect(Arc::clone(&shown)))
            .alert_sink(Listen(Arc::clone(&told)))
            .stopwatch(Stopwatch::manual(Arc::clone(&nanos)))
            .build();
        Self { machine, shown, told, nanos }
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

    /// Submits a line as a front end does: what does not fit into the tick is left to later ones.
    fn type_line(&mut self, session: SessionId, line: &str) {
        super::Desk::new(self.machine.world_mut(), &mut Echo::default())
            .submit(session, line.to_owned());
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

/// What a process is given is shown with its unit or in words; a `%` that names no command says so.
#[test]
fn terms_are_written_for_people() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    desk.line("interval Ball 0.004166666666666667");
    let told = desk.line("inspect Ball");
    for line in
        ["interval: 0.00417 s", "restart: none", "parent: none", "memory_size: 65536 bytes"]
    {
        assert!(told.lines().any(|it| it == line), "no {line:?} in {told}");
    }
    let restart = process::Restart::default();
    desk.machine.world_mut().entity_mut(ball).insert(restart);
    assert!(desk.line("inspect Ball").contains("\nrestart: 3 in 10 s\n"));
    let error = desk.error("  % ps");
    assert!(error.contains("\n     ^\nthe name of a command is missing after `%`"), "{error}");
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
    assert!(desk.error("alias print \"kill Ball\"").contains("`print` is a word of Python"));
    for name in ["3", "3d", "a.b"] {
        let error = desk.error(&format!("alias {name} priority Ball"));
        assert!(error.contains(&format!("no digit first: not `{name}`")), "{error}");
    }
    desk.line(&format!("alias p {}", "x".repeat(999)));
    assert!(desk.error(&format!("alias p {}", "x".repeat(1_000))).contains("at most 1000 bytes"));
    for number in 0..96 {
        desk.line(&format!("alias p{number} priority"));
    }
    assert!(desk.error("alias more priority").contains("at most 100 aliases"));
    desk.line("alias p priority Ball");
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

/// Who ends `step` early, or goes, leaves the process as it was.
#[test]
fn a_step_that_is_ended_pauses() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    let edit = desk.open(Role::Edit);
    for is_closed in [false, true] {
        assert!(desk.give(edit, "step Ball 1000000").is_waiting);
        assert!(desk.machine.world().get::<Paused>(ball).is_none());
        let mut echo = Echo::default();
        let mut port = super::Desk::new(desk.machine.world_mut(), &mut echo);
        if is_closed {
            port.close(edit)
        } else {
            port.interrupt(edit)
        }
        desk.machine.turn();
        assert!(desk.machine.world().get::<Paused>(ball).is_some(), "closed: {is_closed}");
    }
}

/// Submits a line again and again, as long as it is asked; each takes a millisecond.
struct Flood(Arc<AtomicU64>);

impl FrontEnd for Flood {
    fn poll(&mut self, desk: &mut super::Desk<'_>) {
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

/// Fails in every way that a port can.
struct Clumsy;

impl Interpreter for Clumsy {
    fn evaluate(&mut self, _: &mut World, _: SessionId, _: &str) -> Evaluation {
        panic!("clumsy evaluation")
    }

    fn resume(&mut self, _: &mut World) -> Vec<(SessionId, Evaluation)> {
        panic!("clumsy resumption")
    }

    fn random_state(&mut self, _: &mut World) -> Value {
        Value::None
    }
}

impl FrontEnd for Clumsy {
    fn poll(&mut self, _: &mut super::Desk<'_>) {
        panic!("clumsy front end")
    }

    fn show(&mut self, _: SessionId, _: &str, _: &Evaluation) {}
}

/// A panic at the console is told, and ends no machine.
#[test]
fn panics_are_told() {
    let (shown, told) = (Shown::default(), Told::default());
    let mut machine = Machine::builder()
        .interpreter(Clumsy)
        .front_end(Clumsy)
        .front_end(Collect(Arc::clone(&shown)))
        .alert_sink(Listen(Arc::clone(&told)))
        .build();
    machine.world_mut().resource_mut::<Console>().submit(SessionId::LOCAL, "x".to_owned());
    machine.turn();
    let error = shown.lock().unwrap().pop().unwrap().error.unwrap();
    assert!(error.contains("clumsy evaluation"), "{error}");
    let told: String = told.lock().unwrap().iter().map(|alert| alert.text.to_string()).collect();
    assert!(told.contains("clumsy front end") && told.contains("clumsy resumption"), "{told}");
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
        let mut port = super::Desk::new(desk.machine.world_mut(), &mut locked);
        for text in ["", "Ball.", "pri", "priority B", "x = [", "tree\nx"] {
            assert!(port.is_complete(session, text));
            port.complete(session, text, text.len());
        }
        let found = port.complete(session, "pri", 3).candidates;
        assert_eq!(found[0].text, "priority");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever is typed, what is offered takes the place of a piece of it.
    #[test]
    fn completion_takes_any_text(
        text in "(kill|set|query|help|load|alias|s|\\?|%tree|\\PC)?[\\s\"'(]?\\PC{0,8}[\u{a0}\u{3000} \n.\"]?\\PC{0,4}",
        cut in 0_usize..20,
    ) {
        let mut desk = Desk::new();
        desk.spawn("Ball");
        desk.line("alias s send Ball \"a b\"");
        let cursor = text.floor_char_boundary(cut);
        let world = desk.machine.world_mut();
        let found = complete(world, &mut NoInterpreter, SessionId::LOCAL, &text, cursor);
        proptest::prop_assert!(found.start <= cursor && text.is_char_boundary(found.start));
    }
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
    assert_eq!(desk.complete("kill\u{a0}Ba"), (6, vec!["Ball".to_owned(), "Bat".to_owned()]));
    assert_eq!(desk.complete("call \"a b\" Ba"), (11, vec![]));
    assert_eq!(desk.complete("? prio"), (2, vec!["priority".to_owned()]));
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
    super::Desk::new(desk.machine.world_mut(), &mut Echo::default()).interrupt(SessionId::LOCAL);
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

/// Every line that is evaluated is told, with who typed it, to all others; what is refused too, and no
/// answer.
#[test]
fn the_log_says_who_did_what() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    desk.line("tree");
    assert!(desk.told.lock().unwrap().is_empty(), "the usual verbosity is below it");
    assert!(desk.line("log").contains(" console: local: tree\n"));
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
    assert!(told.iter().all(|alert| (alert.level, &*alert.source) == (Level::Vv, "console")));
}

/// Nobody hides what he did: `verbosity` keeps it from the error stream and from no `log`, that of a
/// remote session is told at the usual one, and those who may not do everything see no other's lines.
#[test]
fn no_session_hides_what_it_did() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    let [edit, view] = [Role::Edit, Role::View].map(|role| {
        let session = desk.open(role);
        let mut sessions = desk.machine.world_mut().resource_mut::<Sessions>();
        sessions.get_mut(session).unwrap().is_remote = true;
        session
    });
    desk.give(edit, "pause Ball");
    let told = |desk: &Desk| desk.told.lock().unwrap().len();
    assert_eq!(told(&desk), 1);
    desk.give(edit, "verbosity error");
    desk.give(edit, "kill Ball");
    assert_eq!(told(&desk), 2, "the line itself was read at the verbosity before it");
    let log = desk.line("log");
    let lines = ["pause Ball", "verbosity error", "kill Ball"];
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

/// `top` is shown once where nothing can take its place, else renewed each second until Ctrl-C.
#[test]
fn top_is_kept_up_to_date() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    desk.spawn("Bat");
    let evaluation = desk.give(SessionId::LOCAL, "top name 1");
    assert_eq!((evaluation.is_waiting, evaluation.placing), (false, Placing::Below));
    assert!(evaluation.output.contains("\nBall ") && !evaluation.output.contains("Bat"));
    let error = desk.error("top frob");
    assert!(error.contains("there is no KEY `frob`"), "{error}");
    assert!(desk.error("top 5 name").contains("top takes no more than this"));

    let mut sessions = desk.machine.world_mut().resource_mut::<Sessions>();
    sessions.get_mut(SessionId::LOCAL).unwrap().is_live = true;
    let evaluation = desk.give(SessionId::LOCAL, "top name");
    assert_eq!((evaluation.is_waiting, evaluation.placing), (true, Placing::Instead));
    assert!(evaluation.output.contains("by name"), "{evaluation:?}");
    process::delete(desk.machine.world_mut(), ball);
    desk.machine.run(Some(3));
    assert!(desk.shown.lock().unwrap().is_empty(), "a second is not over");
    desk.nanos.fetch_add(1_000_000_000, Ordering::Relaxed);
    desk.machine.run(Some(3));
    let shown = std::mem::take(&mut *desk.shown.lock().unwrap());
    assert_eq!(shown.len(), 1);
    assert!(
        shown[0].output.contains("\nBat ") && !shown[0].output.contains("\nBall "),
        "{shown:?}"
    );
    assert_eq!((shown[0].is_waiting, shown[0].placing), (true, Placing::Instead));
    super::Desk::new(desk.machine.world_mut(), &mut Echo::default()).interrupt(SessionId::LOCAL);
    assert_eq!(desk.give(SessionId::LOCAL, "clear").placing, Placing::Alone);
}

/// Sends a message and gives an instruction in each step, and fails in the fourth.
struct Busy(u32);

impl Behaviour for Busy {
    fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        self.0 += 1;
        if self.0 == 4 {
            return Err(StepError::fault("tired"));
        }
        let now = step.world.resource::<Now>().time();
        message::send(step.world, "Other", Box::new(b"hi".as_slice())).unwrap();
        let instruction = Instruction::new("Other", "beep", Box::new(NoArguments));
        step.world.resource_mut::<Instructions>().push(instruction, now);
        Ok(Next::Interval)
    }

    fn call(
        &mut self,
        _: Step<'_>,
        _: &str,
        arguments: &BoxedParcel,
    ) -> Result<BoxedParcel, StepError> {
        let _ = arguments;
        Ok(Box::new(NoArguments))
    }
}

#[derive(Clone, Copy)]
struct NoArguments;

impl Parcel for NoArguments {
    fn describe(&self, _: &mut World) -> Value {
        Value::None
    }
}

/// Notes whose lines are evaluated, each of which takes all the time that there is.
struct Dear(Arc<Mutex<Vec<u32>>>, Arc<AtomicU64>);

impl FrontEnd for Dear {
    fn show(&mut self, session: SessionId, _: &str, _: &Evaluation) {
        self.0.lock().unwrap().push(session.0);
        self.1.fetch_add(1_000_000_000, Ordering::Relaxed);
    }
}

/// Whoever has many dear lines holds the next line of another one for one of his own.
#[test]
fn sessions_take_turns() {
    let (seen, nanos) = <(Arc<Mutex<Vec<u32>>>, Arc<AtomicU64>)>::default();
    let mut machine = Machine::builder()
        .interpreter(Echo::default())
        .front_end(Dear(Arc::clone(&seen), Arc::clone(&nanos)))
        .stopwatch(Stopwatch::manual(nanos))
        .build();
    let other = machine.world_mut().resource_mut::<Sessions>().open("other", Role::Exec);
    let give = |machine: &mut Machine, session| {
        super::Desk::new(machine.world_mut(), &mut Echo::default()).submit(session, "x".to_owned());
    };
    (0..80).for_each(|_| give(&mut machine, SessionId::LOCAL));
    machine.turn();
    give(&mut machine, other);
    (0..3).for_each(|_| machine.turn());
    assert_eq!(*seen.lock().unwrap(), [0, 0, 1, 0]);
}

/// What a process does and what happens to it is told as it happens, to whoever may look; and no more
/// when nobody does.
#[test]
fn a_process_is_followed() {
    let mut desk = Desk::new();
    let other = desk.spawn("Other");
    let world = desk.machine.world_mut();
    let new = NewProcess { name: Some("Busy"), ..NewProcess::of("Busy") };
    let busy = process::spawn(world, &new).unwrap();
    process::launch(world, busy, Box::new(Busy(0)));
    let sessions = [desk.open(Role::View), desk.open(Role::View)];
    for (session, name) in sessions.iter().zip(["Busy", "Other"]) {
        let evaluation = desk.give(*session, &format!("trace {name}"));
        assert_eq!((evaluation.is_waiting, &*evaluation.output), (true, ""));
    }
    desk.machine.run(Some(4));
    let shown = std::mem::take(&mut *desk.shown.lock().unwrap());
    let text: String = shown.into_iter().map(|shown| shown.output).collect();
    for expected in [
        "2: sent to Other: b\"hi\"\n2: gave the instruction Other.beep(), due at ",
        ": step after 16.7 ms, took 0\n",
        ": received b\"hi\"\n",
        ": called beep(), took 0, failed: ",
        ": failed: tired\n",
    ] {
        assert!(text.contains(expected), "{expected:?} in {text}");
    }
    for session in sessions {
        super::Desk::new(desk.machine.world_mut(), &mut Echo::default()).interrupt(session);
    }
    desk.machine.run(Some(2));
    assert!(desk.shown.lock().unwrap().is_empty());
    desk.give(sessions[0], "trace Other");
    process::delete(desk.machine.world_mut(), other);
    desk.machine.run(Some(2));
    assert!(desk.shown.lock().unwrap().pop().unwrap().output.ends_with("it is gone\n"));
}

/// What other threads find out comes when it is there: devices of a backend, and the failure to take a
/// picture where there is no display. A place that is none is told at once.
#[test]
fn what_takes_long_comes_later() {
    let mut desk = Desk::new();
    let outcome = |desk: &mut Desk, line: &str| {
        let mut evaluation = desk.give(SessionId::LOCAL, line);
        while evaluation.is_waiting {
            desk.machine.turn();
            if let Some(shown) = desk.shown.lock().unwrap().pop() {
                evaluation = shown;
            }
        }
        evaluation
    };
    assert_eq!(outcome(&mut desk, "devices").output, "none\n");
    let device = || {
        let rates_hz = Some((44_100, 48_000));
        let [id, name, host] = ["alsa:hw", "Card", "ALSA"].map(str::to_owned);
        vec![AudioDevice { id, name, host, is_default: true, channels: Some((1, 2)), rates_hz }]
    };
    desk.machine.world_mut().insert_resource(AudioDevices(device));
    let told = outcome(&mut desk, "devices").output;
    assert_eq!(told, "* alsa:hw: Card, through ALSA, up to 2 channels, 44100 to 48000 Hz\n");

    let error = outcome(&mut desk, "screenshot").error.unwrap();
    assert!(error.starts_with("cannot take a picture"), "{error}");
    for (line, error) in [
        ("screenshot a.jpg", "a picture is a PNG: a.jpg.png"),
        ("screenshot /no/such/folder/a.png", "its folder does not exist; choose one that does"),
        ("screenshot /dev/null", "a picture is a PNG"),
    ] {
        assert!(desk.error(line).contains(error), "{line}");
    }
}

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
}
