//! `--console`: the console in the terminal that the program was started from.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use metapython_engine::alert::{Alert, AlertSink};
use metapython_engine::console::completion::Completion;
use metapython_engine::console::editor::History;
use metapython_engine::console::host::Host;
use metapython_engine::console::{Desk, Evaluation, FrontEnd, SessionId};
use metapython_engine::platform::terminal::Terminal;
use pyo3::prelude::*;

use super::folder::config_folder;
use super::output;
use crate::evaluate::interrupt_evaluation;
use crate::runtime::take_printed;
use crate::scene::Failure;

/// How many lines of a terminal may wait for their turn; what is typed then waits too.
const MAX_QUEUED: usize = 64;

/// The terminal, as the machine's ports share it.
#[derive(Clone)]
pub(super) struct LocalConsole {
    terminal: Rc<RefCell<Terminal>>,
    /// Whether nothing more will come.
    has_ended: Rc<Cell<bool>>,
    /// Whether the machine ends with the input.
    ends_machine: bool,
}

impl LocalConsole {
    /// Takes the terminal. What scripts print appears above the line that is edited.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be had.
    pub(super) fn open(py: Python<'_>, ends_machine: bool) -> Result<Self, Failure> {
        let history = match config_folder().map(|folder| folder.join("history")) {
            // One that cannot be read, or is nowhere, is none, and no reason not to have a console.
            Some(file) => History::load(&file).unwrap_or_else(|error| {
                output::complain(format_args!("no history: {}: {error}", file.display()));
                History::default()
            }),
            None => History::default(),
        };
        let failed = |error: String| Failure::plain(format!("cannot use the terminal: {error}"));
        let interrupt = Box::new(|| interrupt_evaluation(SessionId::LOCAL));
        let terminal =
            Terminal::open(history, interrupt).map_err(|error| failed(error.to_string()))?;
        if terminal.is_edited() {
            py.import("metapython._terminal")
                .and_then(|module| module.call_method0("install"))
                .map_err(|error| failed(error.to_string()))?;
        }
        Ok(Self {
            terminal: Rc::new(RefCell::new(terminal)),
            has_ended: Rc::default(),
            ends_machine,
        })
    }

    fn print(&self, text: &str) {
        if !text.is_empty() {
            self.terminal.borrow_mut().print(text);
        }
    }

    /// Nothing more will be typed. What was given before is evaluated; what it asks stays without an answer;
    /// what it awaits otherwise is awaited where a pipe has ended, and ended with whoever was at the keyboard.
    fn end(&self, desk: &mut Desk<'_>, is_edited: bool) {
        let is_answerless = is_edited || desk.queued(SessionId::LOCAL) == 0;
        if desk.is_asking(SessionId::LOCAL) && is_answerless {
            desk.end_input(SessionId::LOCAL);
        } else if desk.is_busy(SessionId::LOCAL) && is_edited {
            desk.interrupt(SessionId::LOCAL);
        }
        let is_over = if is_edited {
            desk.queued(SessionId::LOCAL) == 0
        } else {
            !desk.is_busy(SessionId::LOCAL)
        };
        if is_over && self.ends_machine {
            desk.stop();
        }
    }

    /// What scripts have printed since, before what comes after it.
    fn print_printed(&self) {
        take_printed().iter().for_each(|text| self.print(text));
    }
}

impl FrontEnd for LocalConsole {
    fn poll(&mut self, desk: &mut Desk<'_>) {
        self.print_printed();
        desk.set_live(SessionId::LOCAL, self.terminal.borrow().is_edited());
        let is_edited = self.terminal.borrow().is_edited();
        let has_ended = self.has_ended.get();
        let mut host = LocalHost { desk, is_edited, has_ended };
        self.terminal.borrow_mut().poll(&mut host);
        self.has_ended.set(host.has_ended);
        if self.has_ended.get() {
            self.end(desk, is_edited);
        }
    }

    fn show(&mut self, session: SessionId, _: &str, evaluation: &Evaluation) {
        if session != SessionId::LOCAL {
            return;
        }
        self.print_printed();
        self.terminal.borrow_mut().show(evaluation);
    }
}

impl AlertSink for LocalConsole {
    fn alert(&mut self, alert: &Alert) {
        self.print_printed();
        let mut terminal = self.terminal.borrow_mut();
        // What was typed here is seen above; in a pipe, the error stream is the log of all that was.
        if terminal.is_edited() && alert.known_to == Some(SessionId::LOCAL) {
            return;
        }
        terminal.alert(alert.level, &alert.source, &alert.text);
    }
}

/// The local session, as the terminal asks for it.
struct LocalHost<'a, 'b> {
    desk: &'a mut Desk<'b>,
    is_edited: bool,
    has_ended: bool,
}

impl Host for LocalHost<'_, '_> {
    fn submit(&mut self, text: String) {
        self.desk.submit(SessionId::LOCAL, text);
    }

    fn is_ready(&mut self) -> bool {
        if self.is_edited {
            self.desk.queued(SessionId::LOCAL) < MAX_QUEUED
        } else {
            self.desk.is_free(SessionId::LOCAL)
        }
    }

    fn is_answer(&mut self) -> bool {
        self.desk.is_asking(SessionId::LOCAL)
    }

    fn is_complete(&mut self, text: &str) -> bool {
        self.desk.is_complete(SessionId::LOCAL, text)
    }

    fn complete(&mut self, text: &str, cursor: usize) -> Completion {
        self.desk.complete(SessionId::LOCAL, text, cursor)
    }

    fn interrupt(&mut self) {
        self.desk.interrupt(SessionId::LOCAL);
    }

    fn end(&mut self) {
        self.has_ended = true;
    }

    fn prompt(&self) -> String {
        self.desk.prompt(SessionId::LOCAL)
    }
}
