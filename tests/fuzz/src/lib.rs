//! What each target does with any bytes. That it comes back is most of what is asked; the rest is
//! asserted. The seeds of each are given to it by an ordinary test of the engine too.

mod files;

use std::cell::RefCell;
use std::ops::Range;
use std::sync::OnceLock;

use bevy_ecs::world::World;
use metapython_engine::component::{ComponentKind, ComponentRegistry, Field, FieldKind};
use metapython_engine::console::ansi::AnsiPrompt;
use metapython_engine::console::completion::Completion;
use metapython_engine::console::editor::History;
use metapython_engine::console::host::Host;
use metapython_engine::console::{
    Console, Evaluation, GROUPS, NoInterpreter, Placing, Role, Sessions, complete,
};
use metapython_engine::inspect::query::{Query, Search, suggest};
use metapython_engine::machine::Machine;
use metapython_engine::motion::Transform;
use metapython_engine::process::{self, NewProcess};
use metapython_engine::render::Shape;
use metapython_engine::value::Value;

pub use files::{bindings, font, image, scene, sound};

/// A machine with some processes, one with a letter of two bytes in its name, each with a component of a
/// script's, one of whose fields is a vector.
fn machine() -> Machine {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    let field = Field { name: "wind".into(), doc: "".into(), kind: FieldKind::Vector(3) };
    let zeros = Value::List(vec![Value::Float(0.0); 3]);
    let kite = ComponentKind::declare("toys", "Kite", "", vec![(field, zeros)], None)
        .expect("a vector takes its numbers");
    world.resource_mut::<ComponentRegistry>().declare(&kite);
    for name in ["Ball", "Bäll2", "Left"] {
        let new = NewProcess { name: Some(name), ..NewProcess::of("pong.Ball") };
        let process = process::spawn(world, &new).expect("the name is free");
        world.entity_mut(process).insert((Transform::default(), Shape::default()));
        kite.access.insert(world, process, &[]).expect("the process lives");
    }
    machine
}

/// Whether a place lies in a text, and cuts no letter.
fn is_within(text: &str, place: Range<usize>) -> bool {
    text.get(place).is_some()
}

/// A console line: as the arguments of every command, while it is completed anywhere, as that of somebody
/// who may only look, and as what somebody sets who may change things.
pub fn line(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    for command in GROUPS.iter().flat_map(|group| group.commands) {
        match command.arguments(text, 0) {
            Ok(arguments) => {
                let words = arguments.from(0);
                let places = words.iter().map(|word| word.place.clone());
                assert!(places.clone().all(|place| is_within(text, place)), "{}", command.name);
                assert!(
                    places.clone().zip(places.skip(1)).all(|(one, next)| one.end <= next.start)
                );
            }
            Err(complaint) => drop(complaint.report(text)),
        }
    }
    let mut machine = machine();
    let world = machine.world_mut();
    let session = world.resource_mut::<Sessions>().open("anybody", Role::View);
    for cursor in 0..=text.len().min(200) {
        let Completion { start, candidates } =
            complete(world, &mut NoInterpreter, session, text, cursor);
        assert!(candidates.is_empty() || is_within(text, start..cursor), "{start}..{cursor}");
    }
    machine.world_mut().resource_mut::<Console>().submit(session, text.to_owned());
    machine.run(Some(3));
    let digest = machine.digest();
    assert_eq!(
        &digest,
        UNTOUCHED.get_or_init(untouched),
        "who may only look has changed something"
    );
    // After a line break another command would follow.
    if !text.contains('\n') {
        let world = machine.world_mut();
        let session = world.resource_mut::<Sessions>().open("somebody", Role::Edit);
        world.resource_mut::<Console>().submit(session, format!("set {text}"));
        machine.run(Some(1));
        assert_eq!(process::all(machine.world()).len(), 3, "`set` has no effect on who there is");
    }
}

/// The digest of a machine after three ticks in which nobody did anything. To build one takes longer than
/// all that is tried on it.
static UNTOUCHED: OnceLock<String> = OnceLock::new();

fn untouched() -> String {
    let mut machine = machine();
    machine.run(Some(3));
    machine.digest()
}

thread_local! {
    /// What is searched by every query, for none changes it.
    static SEARCHED: RefCell<Machine> = RefCell::new(machine());
}

/// A query: what is wrong with it is told at a place within it, and what it finds is bounded.
pub fn query(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    SEARCHED.with_borrow_mut(|machine| search(machine.world_mut(), text));
}

fn search(world: &mut World, text: &str) {
    for cursor in 0..=text.len().min(200) {
        let found = suggest(world, text, cursor);
        assert!(found.found.is_empty() || is_within(text, found.start..cursor));
    }
    match Query::parse(world, text) {
        Err(error) => {
            assert!(is_within(text, error.at..text.len()), "{error}");
            assert!((1..=text.chars().count() + 1).contains(&error.column), "{error}");
        }
        Ok(query) => {
            let columns = query.columns().len();
            let mut search = Search::new(world, query);
            while !search.advance(world, 0) {}
            assert!(search.rows().count() <= search.total());
            assert!(search.rows().all(|row| row.values.len() == columns));
        }
    }
}

/// Keys of a terminal, in pieces, between them what is printed and what is kept up to date: what the
/// terminal is sent moves it by our own escapes alone.
pub fn keys(bytes: &[u8]) {
    let mut host = Anybody::default();
    let mut prompt = AnsiPrompt::new(History::default(), [20, 5], false);
    for (number, piece) in bytes.split_inclusive(|byte| *byte == b'|').enumerate() {
        let text = String::from_utf8_lossy(piece).into_owned();
        match number % 4 {
            0 => prompt.settle(&mut host),
            1 => prompt.print(&text),
            2 => prompt.resize([text.len() % 30, text.len() % 7]),
            _ => prompt.show(&Evaluation {
                is_waiting: text.len().is_multiple_of(2),
                placing: Placing::Instead,
                output: text,
                ..Evaluation::default()
            }),
        }
        prompt.feed(piece, &mut host);
        check_escapes(&prompt.output(&host));
    }
    prompt.hang_up(&mut host);
    check_escapes(&prompt.take_output());
    assert_eq!(host.ends, 1);
}

/// Every escape is one of those that the screen is drawn with, and there is no other control character.
fn check_escapes(sent: &str) {
    for (number, piece) in sent.split('\x1b').enumerate() {
        let is_known = piece.strip_prefix('[').is_some_and(|rest| {
            let end = rest.find(|letter: char| letter.is_ascii_alphabetic());
            end.and_then(|at| rest.get(at..=at)).is_some_and(|end| "ABCHJKhlm".contains(end))
        });
        assert!(number == 0 || is_known, "{sent:?}");
        let is_ours = |letter: char| matches!(letter, '\r' | '\n' | '\t');
        assert!(piece.chars().all(|letter| !letter.is_control() || is_ours(letter)), "{sent:?}");
    }
}

/// Takes every text, and counts the ends.
#[derive(Default)]
struct Anybody {
    ends: usize,
}

impl Host for Anybody {
    fn submit(&mut self, _: String) {}

    fn is_complete(&mut self, text: &str) -> bool {
        !text.ends_with(':')
    }

    fn complete(&mut self, _: &str, cursor: usize) -> Completion {
        Completion { start: cursor, candidates: Vec::new() }
    }

    fn interrupt(&mut self) {}

    fn end(&mut self) {
        self.ends += 1;
    }

    fn prompt(&self) -> String {
        ">>> ".to_owned()
    }
}
