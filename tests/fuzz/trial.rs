//! What is tried with any bytes, by the fuzzer and by the tests that replay what it has found: each
//! function panics where the engine breaks a promise, and no panic within the engine is allowed either,
//! not even one that the console makes the failure of a line.

use metapython_engine::clock::Stopwatch;
use metapython_engine::console::ansi::AnsiPrompt;
use metapython_engine::console::completion::Completion;
use metapython_engine::console::editor::History;
use metapython_engine::console::host::Host;
use metapython_engine::console::{Candidate, Console, NoInterpreter, Role, Sessions, complete};
use metapython_engine::inspect::query::{Query, Search, suggest};
use metapython_engine::machine::Machine;
use metapython_engine::motion::{Transform, Velocity};
use metapython_engine::process::{self, Behaviour, NewProcess, Next, Step, StepError};

/// The query language: any text is a query, or is refused at a place that is in it; a query that was
/// taken can be answered, and any beginning of a text can be completed.
pub(super) fn query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut machine = machine();
    let world = machine.world_mut();
    match Query::parse(world, &text) {
        Err(error) => {
            assert!(error.at <= text.len(), "{error:?} in {text:?}");
            assert!(!error.message.is_empty());
        }
        Ok(query) => {
            let mut search = Search::new(world, query);
            while !search.advance(world, world.resource::<Stopwatch>().read()) {}
            assert!(search.rows().count() <= search.total());
        }
    }
    for (cursor, _) in text.char_indices().take(64) {
        let found = suggest(world, &text, cursor);
        assert!(found.start <= cursor && text.is_char_boundary(found.start), "{text:?} {cursor}");
    }
}

/// Lines of a console: no line panics, be it given or completed, and one of somebody who may only
/// look changes nothing.
pub(super) fn line(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut machine = machine();
    let (view, edit) = {
        let mut sessions = machine.world_mut().resource_mut::<Sessions>();
        (sessions.open("view", Role::View), sessions.open("edit", Role::Edit))
    };
    for (cursor, _) in text.char_indices().take(64) {
        let found = complete(machine.world_mut(), &mut NoInterpreter, edit, &text, cursor);
        assert!(found.start <= cursor && text.is_char_boundary(found.start), "{text:?} {cursor}");
    }
    let mut twin = self::machine();
    machine.world_mut().resource_mut::<Console>().submit(view, text.to_string());
    machine.turn();
    twin.turn();
    assert_eq!(machine.digest(), twin.digest(), "{text:?} of somebody who may only look");
    machine.world_mut().resource_mut::<Console>().submit(edit, text.to_string());
    machine.turn();
    machine.turn();
}

/// The keyboard of a terminal: any bytes, cut anywhere, are keys or nothing, and what is shown of
/// them has no control character of theirs but tabs.
pub(super) fn keyboard(data: &[u8]) {
    let [width, height, cut, bytes @ ..] = data else { return };
    let size = [usize::from(*width) + 1, usize::from(*height) + 1];
    let mut prompt = AnsiPrompt::new(History::new(10), size, cut % 2 == 0);
    let mut host = Echo::default();
    for piece in bytes.chunks(usize::from(*cut) + 1) {
        prompt.feed(piece, &mut host);
        prompt.settle(&mut host);
        prompt.print(&String::from_utf8_lossy(piece));
        let shown = prompt.output(&host);
        let is_ours =
            |char: char| !char.is_control() || matches!(char, '\x1b' | '\n' | '\r' | '\t');
        assert!(shown.chars().all(is_ours), "{shown:?}");
        prompt.resize([size[1], size[0]]);
    }
    prompt.hang_up(&mut host);
}

/// Takes every line that is given, and completes a word to three others.
#[derive(Default)]
struct Echo(String);

impl Host for Echo {
    fn submit(&mut self, text: String) {
        self.0 = text;
    }

    fn is_complete(&mut self, text: &str) -> bool {
        !text.ends_with(':')
    }

    fn complete(&mut self, text: &str, cursor: usize) -> Completion {
        let before = text.get(..cursor).expect("a cursor stands between two characters");
        let start = before.rfind(' ').map_or(0, |at| at + 1);
        let candidate = |text: &str| Candidate { text: text.to_owned(), detail: String::new() };
        Completion { start, candidates: ["one", "once", "other"].map(candidate).to_vec() }
    }

    fn interrupt(&mut self) {}

    fn end(&mut self) {}

    fn prompt(&self) -> String {
        self.0.clone()
    }
}

struct Idle;

impl Behaviour for Idle {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }
}

/// A machine with some processes that differ.
fn machine() -> Machine {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    for (number, class) in ["pong.Ball", "pong.Paddle", "Court"].into_iter().enumerate() {
        let new = NewProcess { priority: number as i32, ..NewProcess::of(class) };
        let process = process::spawn(world, &new).expect("a name is found for it");
        world.entity_mut(process).insert(Transform { x: number as f64, ..Transform::default() });
        if number == 1 {
            world.entity_mut(process).insert(Velocity::default());
        }
        process::launch(world, process, Box::new(Idle));
    }
    machine
}
