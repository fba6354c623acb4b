//! The console in the terminal that the program was started from.
//!
//! Where both ends are a terminal, the last line is edited and everything else appears above it.
//! Where one is a pipe or a file, lines come in and lines go out, without escapes. Nothing here
//! waits for the keyboard: a thread reads, and the machine's thread takes what has come by then.
//! Nothing waits for a terminal either: another thread writes, and what it cannot is left out.

mod input;
mod mode;
mod output;

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::time::Instant;

use crate::alert::Level;
use crate::console::Evaluation;
use crate::console::ansi::{AnsiPrompt, SETTLE};
use crate::console::editor::History;
use crate::console::escape::escaped;
use crate::console::host::Host;
use crate::console::plain::PlainLines;

use input::{INTERRUPT, Input};
use mode::Mode;
use output::Output;

pub use input::Interrupt;
pub use mode::restore;

/// What the size is taken for if the terminal does not tell: that of a VT100.
const USUAL_SIZE: [usize; 2] = [80, 24];

/// The terminal of this program. There is only one, and it is given back as it was when this is
/// dropped, when the program panics, and while it is suspended.
#[derive(Debug)]
pub struct Terminal {
    input: Arc<Input>,
    face: Face,
    /// When the last input came that may be the beginning of a key.
    restless_since: Option<Instant>,
    /// When the size last changed that is not heeded yet.
    resized: Option<Instant>,
    has_ended: bool,
}

/// How one talks to whoever is at the other end.
#[derive(Debug)]
enum Face {
    Edited(Box<AnsiPrompt>, Mode, Output),
    Plain(PlainLines),
}

impl Terminal {
    /// Takes the terminal, if there is one at both ends; else lines are read and written. `history`
    /// is what Ctrl-R looks through; `interrupt` is called for a Ctrl-C at once, whatever the machine
    /// does, where there is a terminal. Colours are shown unless `NO_COLOR` is set.
    ///
    /// # Errors
    /// If the terminal cannot be set up, or no thread can be started.
    pub fn open(history: History, interrupt: Interrupt) -> io::Result<Self> {
        let is_dumb = std::env::var_os("TERM").is_none_or(|name| name == "dumb");
        let is_edited = io::stdin().is_terminal() && io::stdout().is_terminal() && !is_dumb;
        let face = if is_edited {
            let is_coloured = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            let output = Output::open()?;
            let mode = Mode::enter()?;
            let prompt = AnsiPrompt::new(history, size(), is_coloured);
            Face::Edited(Box::new(prompt), mode, output)
        } else {
            Face::Plain(PlainLines::default())
        };
        let input = Input::read(is_edited.then_some(interrupt))?;
        Ok(Self { input, face, restless_since: None, resized: None, has_ended: false })
    }

    /// Whether the last line is edited, and everything else appears above it: whether both ends are
    /// a terminal.
    pub fn is_edited(&self) -> bool {
        matches!(self.face, Face::Edited(..))
    }

    /// Whether colours are shown from now on; without effect in a pipe.
    pub fn set_coloured(&mut self, is_coloured: bool) {
        if let Face::Edited(prompt, ..) = &mut self.face {
            prompt.set_coloured(is_coloured);
        }
    }

    /// Takes in what was typed, and shows what is new. To be called once a tick; does not wait for
    /// anybody to type.
    pub fn poll(&mut self, host: &mut dyn Host) {
        self.heed_signals();
        let is_over = self.take_lines(host);
        if let Face::Edited(prompt, ..) = &mut self.face
            && self.restless_since.is_some_and(|since| since.elapsed() >= SETTLE)
        {
            self.restless_since = None;
            prompt.settle(host);
        }
        if is_over {
            self.end(host);
        }
        self.draw(host);
        // Nobody edits any more: keys are signals again, Ctrl-C above all.
        if let Face::Edited(prompt, mode, output) = &mut self.face
            && prompt.has_ended()
            && mode.is_wanted()
        {
            output.finish(prompt.take_output());
            mode.leave();
        }
    }

    /// Takes what has come, as long as the host is ready for it: the rest stays with the thread that
    /// reads, and then in the pipe. Whether nothing more will come.
    fn take_lines(&mut self, host: &mut dyn Host) -> bool {
        // What was read before may have waited.
        if let Face::Plain(_) = self.face {
            self.take(&[], host);
        }
        while host.is_ready() {
            let (bytes, is_over) = self.input.take_line();
            if bytes.is_empty() {
                return is_over;
            }
            self.take(&bytes, host);
        }
        if self.is_edited() && self.input.take_interrupt() {
            self.take(&[INTERRUPT], host);
        }
        false
    }

    /// Shows what came of a text: what is kept up to date in a place of its own, if the line is edited,
    /// else all of it in order.
    pub fn show(&mut self, evaluation: &Evaluation) {
        match &mut self.face {
            Face::Edited(prompt, ..) => prompt.show(evaluation),
            Face::Plain(_) => {
                for text in
                    [&*evaluation.whole_output(), evaluation.error.as_deref().unwrap_or_default()]
                {
                    if !text.is_empty() {
                        self.print(text);
                    }
                }
            }
        }
    }

    /// Prints a text, above the line that is edited. A line break is added if it has none at its
    /// end.
    pub fn print(&mut self, text: &str) {
        match &mut self.face {
            Face::Edited(prompt, ..) => prompt.print(text),
            Face::Plain(_) => {
                let line_break = if text.ends_with('\n') { "" } else { "\n" };
                write(&format!("{text}{line_break}"));
            }
        }
    }

    /// Shows an alert, above the line that is edited; in a pipe, on the error stream.
    pub fn alert(&mut self, level: Level, source: &str, text: &str) {
        match &mut self.face {
            Face::Edited(prompt, ..) => prompt.alert(level, source, text),
            Face::Plain(_) => {
                let mark = if level == Level::Error { "error: " } else { "" };
                let line = format!("{source}: {mark}{text}");
                // A closed stream is no reason to stop a machine.
                let _ = writeln!(io::stderr(), "{}", escaped(&line));
            }
        }
    }

    /// Gives the terminal back, and saves the history.
    ///
    /// # Errors
    /// If the history's file cannot be written.
    pub fn close(mut self) -> io::Result<()> {
        self.give_back()
    }

    fn give_back(&mut self) -> io::Result<()> {
        let Face::Edited(prompt, mode, output) = &mut self.face else { return Ok(()) };
        prompt.end();
        output.finish(prompt.take_output());
        mode.leave();
        prompt.history_mut().save()
    }

    fn take(&mut self, bytes: &[u8], host: &mut dyn Host) {
        match &mut self.face {
            Face::Edited(prompt, ..) => {
                prompt.feed(bytes, host);
                if prompt.has_ended() {
                    return;
                }
                self.restless_since = Some(Instant::now());
                if prompt.take_suspension() {
                    self.suspend(mode::stop_group);
                }
            }
            Face::Plain(lines) => {
                if let Err(error) = lines.feed(bytes, host) {
                    self.alert(Level::Error, "console", &error.to_string());
                }
            }
        }
    }

    /// What happened to the terminal since the last time.
    fn heed_signals(&mut self) {
        let Face::Edited(prompt, mode, _) = &mut self.face else { return };
        if mode.was_resized() {
            // Of many sizes in a row the first one counts: it is not put off for ever.
            self.resized.get_or_insert_with(Instant::now);
        }
        // While somebody pulls at the window's edge, the terminal moves our rows again before it has
        // read what we write.
        if self.resized.is_some_and(|at| at.elapsed() >= SETTLE) {
            self.resized = None;
            prompt.resize(size());
        }
        if mode.was_stopped() {
            self.suspend(mode::stop);
            return;
        }
        // After a panic that was caught, or a stop that nobody was told of.
        if mode.reenter() {
            prompt.begin_anew();
        }
    }

    /// Gives the terminal to the shell until the program is to go on.
    fn suspend(&mut self, stop: fn()) {
        let Face::Edited(prompt, mode, output) = &mut self.face else { return };
        if prompt.has_ended() {
            stop();
            return;
        }
        prompt.step_aside();
        output.finish(prompt.take_output());
        mode.leave();
        stop();
        mode.return_from_stop();
        if mode.reenter() {
            prompt.begin_anew();
            prompt.resize(size());
        }
    }

    fn end(&mut self, host: &mut dyn Host) {
        if self.has_ended {
            return;
        }
        self.has_ended = true;
        match &mut self.face {
            Face::Edited(prompt, ..) => prompt.hang_up(host),
            Face::Plain(lines) => lines.end(host),
        }
    }

    fn draw(&mut self, host: &dyn Host) {
        if let Face::Edited(prompt, _, output) = &mut self.face
            && self.resized.is_none()
            && output.is_ready()
        {
            output.write(prompt.output(host));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Whoever wants to know what went wrong closes it.
        let _ = self.give_back();
    }
}

/// Columns and rows.
fn size() -> [usize; 2] {
    match crossterm::terminal::size() {
        Ok((columns, rows)) if columns > 0 && rows > 0 => [columns.into(), rows.into()],
        _ => USUAL_SIZE,
    }
}

/// Writes at once; an output that is closed is no reason to stop a machine.
fn write(text: &str) {
    if !text.is_empty() {
        let mut out = io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}
