//! The edited line at the bottom of a terminal that understands ANSI escapes, near or far.
//!
//! Bytes from the keyboard go in, bytes for the screen come out; where they come from and go to, a
//! tty of this computer or a channel to another one, is the front end's affair. What is printed
//! appears above the line, which stays as it is.

mod decode;
mod screen;
#[cfg(test)]
mod tests;

use std::mem;
use std::time::Duration;

use crate::alert::Level;
use crate::console::editor::{Action, Editor, History, Key, Style, View, row};
use crate::console::host::Host;
use crate::console::{Evaluation, Placing};

use decode::Decoder;
use screen::Screen;

pub use screen::clean;

/// How long after the last byte [`AnsiPrompt::settle`] is due, and after the last of several sizes
/// [`AnsiPrompt::resize`]: what a terminal sends for one key comes together, over a slow network too.
pub const SETTLE: Duration = Duration::from_millis(50);

/// What is written between these appears at once, where the terminal can do that.
const SYNCHRONIZED: [&str; 2] = ["\x1b[?2026h", "\x1b[?2026l"];

/// How much waits for a terminal that does not read, in bytes, and the text that it ends with: what a
/// screen shows a hundred times over. What comes then is left out.
const BACKLOG: usize = 256 << 10;

/// A line that somebody edits in a terminal.
#[derive(Debug)]
pub struct AnsiPrompt {
    editor: Editor,
    decoder: Decoder,
    screen: Screen,
    prompt: String,
    /// What is kept up to date between the line and what is above it.
    panel: Option<String>,
    columns: usize,
    rows: usize,
    /// What the screen is to be sent.
    out: String,
    /// How many lines had no room in it.
    left_out: usize,
    is_stale: bool,
    wants_suspension: bool,
    has_ended: bool,
}

impl AnsiPrompt {
    /// An empty line in a terminal of that size, in characters, where nothing is shown yet and the
    /// cursor is at the beginning of a row.
    pub fn new(history: History, [columns, rows]: [usize; 2], is_coloured: bool) -> Self {
        Self {
            editor: Editor::new(history),
            decoder: Decoder::default(),
            screen: Screen::new(columns, is_coloured),
            prompt: String::new(),
            panel: None,
            columns,
            rows,
            out: String::new(),
            left_out: 0,
            is_stale: true,
            wants_suspension: false,
            has_ended: false,
        }
    }

    /// What was entered before, for saving it.
    pub fn history_mut(&mut self) -> &mut History {
        self.editor.history_mut()
    }

    /// Whether colours are shown from now on.
    pub fn set_coloured(&mut self, is_coloured: bool) {
        self.screen.set_coloured(is_coloured);
        self.is_stale = true;
    }

    /// Takes what came from the keyboard.
    pub fn feed(&mut self, bytes: &[u8], host: &mut dyn Host) {
        let mut keys = Vec::new();
        self.decoder.feed(bytes, &mut keys);
        for key in keys {
            self.press(key, host);
        }
    }

    /// Says that nothing has come for [`SETTLE`]: an escape byte that waits for more is the key.
    pub fn settle(&mut self, host: &mut dyn Host) {
        if let Some(key) = self.decoder.settle() {
            self.press(key, host);
        }
    }

    /// The terminal has another size now, in characters, and has had it for [`SETTLE`].
    pub fn resize(&mut self, [columns, rows]: [usize; 2]) {
        (self.columns, self.rows) = (columns, rows);
        self.screen.resize(&mut self.out, columns);
        self.is_stale = true;
    }

    /// Shows what came of a text of the session whose line it is. What is kept up to date stands between
    /// the line and what is above, as far as there is room, and goes up when it is over.
    pub fn show(&mut self, evaluation: &Evaluation) {
        let Evaluation { output, error, is_waiting, placing, .. } = evaluation;
        match placing {
            Placing::Instead if *is_waiting => {
                self.panel = Some(output.clone());
                self.is_stale = true;
                return;
            }
            Placing::Instead => self.panel = None,
            Placing::Below => self.end_panel(),
            Placing::Alone => {
                self.panel = None;
                self.clear();
            }
        }
        for text in [output, error.as_deref().unwrap_or_default()] {
            if !text.is_empty() {
                self.print(text);
            }
        }
    }

    /// Puts a text above the line, ended by a line break if it has none. Control characters are left
    /// out: what is printed may come from anywhere and must not speak to the terminal.
    pub fn print(&mut self, text: &str) {
        self.say(text, Style::Plain);
    }

    /// Puts an alert above the line.
    pub fn alert(&mut self, level: Level, source: &str, text: &str) {
        let (mark, style) = match level {
            Level::Error => ("error: ", Style::Error),
            Level::V => ("", Style::Plain),
            _ => ("", Style::Dim),
        };
        self.say(&format!("{source}: {mark}{text}"), style);
    }

    fn say(&mut self, text: &str, style: Style) {
        if self.out.len() > BACKLOG {
            self.left_out += text.lines().count().max(1);
            return;
        }
        self.screen.above(&mut self.out, text, style);
        self.is_stale = true;
    }

    /// What was kept up to date stays above as it is.
    fn end_panel(&mut self) {
        if let Some(text) = self.panel.take() {
            self.print(&text);
        }
    }

    fn clear(&mut self) {
        self.screen.clear(&mut self.out);
        self.is_stale = true;
    }

    /// Whether Ctrl-Z was pressed since the last time.
    pub fn take_suspension(&mut self) -> bool {
        mem::take(&mut self.wants_suspension)
    }

    /// Leaves the line where it is and goes below it, as somebody else is about to write.
    pub fn step_aside(&mut self) {
        self.screen.leave(&mut self.out);
        self.is_stale = true;
    }

    /// Somebody else has written, and the cursor is at the beginning of a row: the line is drawn
    /// anew from there.
    pub fn begin_anew(&mut self) {
        self.screen.forget();
        self.is_stale = true;
    }

    /// Takes the line off the screen for good.
    pub fn end(&mut self) {
        if !self.has_ended {
            self.end_panel();
            self.screen.erase(&mut self.out);
            self.has_ended = true;
        }
    }

    /// Nobody is at the keyboard any more.
    pub fn hang_up(&mut self, host: &mut dyn Host) {
        if !self.has_ended {
            self.end();
            host.end();
        }
    }

    /// Whether nobody is at the keyboard any more.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// What the terminal is to be sent, to show all that happened since the last time; empty if
    /// nothing did.
    pub fn output(&mut self, host: &dyn Host) -> String {
        self.take_prompt(host);
        self.tell_left_out();
        if mem::take(&mut self.is_stale) && !self.has_ended {
            let view = self.editor.paint(&self.prompt, self.columns, self.rows);
            let view = self.below_panel(view);
            self.screen.draw(&mut self.out, view);
        }
        self.take_output()
    }

    fn take_prompt(&mut self, host: &dyn Host) {
        let prompt = clean(&host.prompt()).replace('\n', " ");
        if prompt != self.prompt {
            self.prompt = prompt;
            self.is_stale = true;
        }
    }

    /// What the terminal is to be sent of what has happened, without the line.
    pub fn take_output(&mut self) -> String {
        self.tell_left_out();
        if self.out.is_empty() {
            return String::new();
        }
        let [begin, end] = SYNCHRONIZED;
        format!("{begin}{}{end}", mem::take(&mut self.out))
    }

    /// The rows of the line, below those of what is kept up to date.
    fn below_panel(&self, mut line: View) -> View {
        let Some(panel) = &self.panel else { return line };
        let room = self.rows.saturating_sub(line.rows.len());
        let rows = panel.lines().take(room);
        let mut rows: Vec<_> =
            rows.map(|text| row(&[(text, Style::Plain)], self.columns.max(2))).collect();
        line.row += rows.len();
        rows.append(&mut line.rows);
        line.rows = rows;
        line
    }

    fn tell_left_out(&mut self) {
        if self.left_out > 0 {
            let text = format!("({} lines are left out: the terminal did not read)", self.left_out);
            self.left_out = 0;
            self.screen.above(&mut self.out, &text, Style::Dim);
            self.is_stale = true;
        }
    }

    fn press(&mut self, key: Key, host: &mut dyn Host) {
        if self.has_ended {
            return;
        }
        self.is_stale = true;
        // What is typed stays below what it answers, also where that has not been shown yet.
        self.take_prompt(host);
        // Ctrl-C may throw the text away; as it is, it stays above.
        let thrown_away = (key == Key::Ctrl('c')).then(|| self.whole());
        match self.editor.press(key) {
            Action::Entered(text) => {
                let is_answer = host.is_answer();
                if is_answer || host.is_complete(&text) {
                    let entered = self.whole();
                    self.keep(entered);
                    let action =
                        if is_answer { self.editor.accept_answer() } else { self.editor.accept() };
                    if let Action::Submit(text) = action {
                        host.submit(text);
                    }
                } else {
                    self.editor.more();
                }
            }
            Action::Submit(text) => host.submit(text),
            Action::Complete { text, cursor } => {
                let completion = host.complete(&text, cursor);
                self.editor.offer(&text, cursor, completion);
            }
            Action::Interrupt => {
                self.end_panel();
                self.keep(thrown_away.unwrap_or_default());
                host.interrupt();
            }
            Action::EndOfInput => self.hang_up(host),
            Action::Suspend => self.wants_suspension = true,
            Action::Clear => self.clear(),
            Action::Redraw => {}
        }
    }

    /// The whole text as it stays when it is done.
    fn whole(&self) -> View {
        self.editor.paint_whole(&self.prompt, self.columns)
    }

    /// Shows a text for the last time, and goes below it.
    fn keep(&mut self, whole: View) {
        self.screen.draw(&mut self.out, whole);
        self.screen.leave(&mut self.out);
    }
}
