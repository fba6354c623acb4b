//! The line editor in this terminal, with a host that repeats what it is told.
//!
//! `panic` panics and is caught, as a step of a process is; `abort` panics and is not; `later` prints
//! and alerts while one goes on typing.

use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

use metapython_engine::alert::Level;
use metapython_engine::console::completion::{Candidate, Completion};
use metapython_engine::console::editor::History;
use metapython_engine::console::host::Host;
use metapython_engine::platform::terminal::Terminal;

/// A tick.
const TICK: Duration = Duration::from_millis(10);

const WORDS: [(&str, &str); 4] =
    [("machine", "Machine"), ("machinery", "str"), ("print", "function"), ("priority", "int")];

/// What was said since the last tick.
#[derive(Default)]
struct Echo {
    texts: Vec<String>,
    interrupts: usize,
    has_ended: bool,
}

impl Host for Echo {
    fn submit(&mut self, text: String) {
        self.texts.push(text);
    }

    fn is_complete(&mut self, text: &str) -> bool {
        let is_block = text.lines().next().is_some_and(|line| line.trim_end().ends_with(':'));
        !is_block || text.ends_with('\n')
    }

    fn complete(&mut self, text: &str, cursor: usize) -> Completion {
        let before = text.get(..cursor).unwrap_or_default();
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let start = before.rfind(|letter| !is_word(letter)).map_or(0, |at| at + 1);
        let typed = before.get(start..).unwrap_or_default();
        let fitting = WORDS.iter().filter(|(name, _)| name.starts_with(typed));
        let candidates = fitting
            .map(|(name, kind)| Candidate { text: (*name).to_owned(), detail: (*kind).to_owned() });
        Completion { start, candidates: candidates.collect() }
    }

    fn interrupt(&mut self) {
        self.interrupts += 1;
    }

    fn end(&mut self) {
        self.has_ended = true;
    }

    fn prompt(&self) -> String {
        ">>> ".to_owned()
    }
}

fn main() -> std::io::Result<()> {
    let history = match std::env::args_os().nth(1) {
        Some(path) => History::load(Path::new(&path))?,
        None => History::default(),
    };
    let mut terminal = Terminal::open(history, Box::new(|| false))?;
    let mut later = None;
    let mut host = Echo::default();
    loop {
        terminal.poll(&mut host);
        for _ in 0..std::mem::take(&mut host.interrupts) {
            terminal.print("interrupted");
        }
        for text in std::mem::take(&mut host.texts) {
            match text.as_str() {
                "" => {}
                "panic" => {
                    // The hook has told of it.
                    let _ = catch_unwind(|| panic!("caught"));
                }
                "abort" => panic!("not caught"),
                "later" => later = Some(Instant::now() + Duration::from_secs(1)),
                text => terminal.print(&format!("{text:?}")),
            }
        }
        if later.take_if(|at| Instant::now() >= *at).is_some() {
            terminal.print("printed\nin two lines");
            terminal.alert(Level::Error, "Ball", "fell \x1b[2Joff");
        }
        if host.has_ended {
            // What the last lines came to is shown before.
            return terminal.close();
        }
        std::thread::sleep(TICK);
    }
}
