//! The line editor: keys in, a text and what is to be seen of it out.
//!
//! One for the window, the terminal and SSH. It knows no world, no language but the colours of
//! Python's tokens, and no device; whoever holds it hands it [`Key`]s, answers its [`Action`]s and
//! shows the [`View`]. Nothing in it waits: a question that is not answered before the next key is
//! void.

mod buffer;
mod complete;
mod highlight;
mod history;
mod indent;
mod keys;
mod kill;
mod paint;
mod search;
#[cfg(test)]
mod tests;
mod undo;

use std::mem;
use std::ops::Range;

pub use history::History;
pub use keys::Key;
pub(super) use paint::row;
pub(crate) use paint::text_width;
pub use paint::{Span, Style, View, width};

use crate::console::completion::Completion;

use buffer::Buffer;
use complete::Offer;
use kill::{KillRing, Side};
use search::{Search, Towards};
use undo::Undo;

/// The longest text, in bytes: several thousand lines, and still coloured within a frame.
pub const MAX_TEXT: usize = 256 << 10;

/// Columns of one step of indentation.
const INDENT: usize = 4;

/// The most rows that a list of candidates takes.
const MAX_LIST: usize = 10;

/// What a key came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// What is to be seen may have changed.
    Redraw,
    /// Enter was pressed: is this text a whole piece? The answer is [`Editor::accept`] or
    /// [`Editor::more`].
    Entered(String),
    /// This text is to be evaluated. The editor is empty again.
    Submit(String),
    /// What may the word before `cursor` become? The answer is [`Editor::offer`].
    Complete {
        /// The whole text.
        text: String,
        /// Bytes before the cursor.
        cursor: usize,
    },
    /// Ctrl-C: the text was thrown away.
    Interrupt,
    /// Ctrl-D on an empty text.
    EndOfInput,
    /// Ctrl-Z.
    Suspend,
    /// Ctrl-L: what stands above is to be cleared away.
    Clear,
}

/// What the last key did, as far as the next one goes on with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    Typed,
    Cut,
    /// Put back what was cut, so many bytes.
    Yanked(usize),
}

/// Where somebody is in the history.
#[derive(Clone, Debug)]
struct Recall {
    number: usize,
    /// What was typed, which comes back below the last entry; entries that begin with what stood
    /// before its cursor are shown.
    typed: Buffer,
}

/// A text that somebody edits.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    buffer: Buffer,
    history: History,
    kills: KillRing,
    undo: Undo,
    last: Last,
    recall: Option<Recall>,
    search: Option<Search>,
    offer: Option<Offer>,
    notice: Option<String>,
    /// The first row of the text that is seen.
    top: usize,
}

impl Editor {
    /// An empty text after this history.
    pub fn new(history: History) -> Self {
        Self { history, ..Self::default() }
    }

    /// The text as it stands.
    pub fn text(&self) -> &str {
        self.buffer.text()
    }

    /// Bytes before the cursor, which stands on the border of a grapheme.
    pub fn cursor(&self) -> usize {
        self.buffer.cursor()
    }

    /// What was entered before.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What was entered before, for saving it.
    pub fn history_mut(&mut self) -> &mut History {
        &mut self.history
    }

    /// Whether Escape would close something: a list of candidates, a search.
    pub fn has_open(&self) -> bool {
        self.search.is_some() || self.offer.as_ref().is_some_and(|offer| offer.is_listed)
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> Action {
        self.notice = None;
        if self.search.is_some()
            && let Some(action) = self.press_in_search(&key)
        {
            return action;
        }
        if let Some(offer) = self.offer.take()
            && let Some(action) = self.press_in_offer(offer, &key)
        {
            return action;
        }
        let last = mem::take(&mut self.last);
        if !matches!(key, Key::Up | Key::Down | Key::Ctrl('p' | 'n')) {
            self.recall = None;
        }
        match key {
            Key::Enter | Key::Ctrl('m' | 'j') => return self.enter(),
            Key::Ctrl('c') => {
                self.reset();
                return Action::Interrupt;
            }
            Key::Ctrl('d') if self.text().is_empty() => return Action::EndOfInput,
            Key::Ctrl('z') => return Action::Suspend,
            Key::Ctrl('l') => return Action::Clear,
            Key::Tab | Key::Ctrl('i') if !self.buffer.is_in_indentation() => {
                return Action::Complete { text: self.text().to_owned(), cursor: self.cursor() };
            }
            Key::Ctrl('r') => self.search = Some(Search::new(self.buffer.clone())),
            Key::Up if !self.buffer.up() => self.go_back(),
            Key::Down if !self.buffer.down() => self.go_forward(),
            Key::Ctrl('p') => self.go_back(),
            Key::Ctrl('n') => self.go_forward(),
            key => {
                self.movement(&key);
                self.change(key, last);
            }
        }
        Action::Redraw
    }

    /// The text of [`Action::Entered`] is a whole piece: it goes to the history and is handed out.
    pub fn accept(&mut self) -> Action {
        let text = self.entered().to_owned();
        self.history.push(&text);
        self.reset();
        Action::Submit(text)
    }

    /// The text of [`Action::Entered`] is an answer: it is handed out, and not kept.
    pub fn accept_answer(&mut self) -> Action {
        let text = self.entered().to_owned();
        self.reset();
        Action::Submit(text)
    }

    /// The text of [`Action::Entered`] wants more lines: one begins, indented as the last one and as
    /// what it says.
    pub fn more(&mut self) -> Action {
        self.buffer.go(self.text().len());
        self.break_line();
        Action::Redraw
    }

    /// Answers [`Action::Complete`]. An answer for another text is not taken.
    pub fn offer(&mut self, text: &str, cursor: usize, completion: Completion) -> Action {
        if text == self.text() && cursor == self.cursor() {
            let before = self.buffer.clone();
            self.offer = Offer::take_up(completion, &mut self.buffer);
            self.limit(before);
        }
        Action::Redraw
    }

    /// What is to be seen in `columns` and at most `rows`, at least 2 by 1: the text, scrolled to its
    /// cursor, and below it what is on offer or is to be said.
    pub fn paint(&mut self, prompt: &str, columns: usize, rows: usize) -> View {
        let (columns, rows) = (columns.max(2), rows.max(1));
        let below = self.paint_below(columns, (rows / 2).min(MAX_LIST + 1));
        let mut view = self.paint_text(prompt, columns, rows - below.len());
        view.below = below.len();
        view.rows.extend(below);
        view
    }

    /// What [`paint`](Self::paint) shows, without what is below the text: for a front end that has that
    /// elsewhere.
    pub fn paint_text(&mut self, prompt: &str, columns: usize, rows: usize) -> View {
        let (columns, rows) = (columns.max(2), rows.max(1));
        let search = self.search.as_ref().map(Search::prompt);
        let prompt = search.as_deref().unwrap_or(prompt);
        let mut view = paint::lay_out(prompt, self.text(), self.cursor(), columns);
        self.top = self.top.clamp((view.row + 1).saturating_sub(rows), view.row);
        self.top = self.top.min(view.rows.len().saturating_sub(rows));
        view.rows = view.rows.into_iter().skip(self.top).take(rows).collect();
        view.row -= self.top;
        view
    }

    /// The whole text with the cursor at its end and nothing below, as it stays when it is done.
    pub fn paint_whole(&self, prompt: &str, columns: usize) -> View {
        paint::lay_out(prompt, self.text(), self.text().len(), columns.max(2))
    }

    /// What is on offer or is to be said, in at most `room` rows: the other part of what
    /// [`paint`](Self::paint) shows.
    pub fn paint_below(&self, columns: usize, room: usize) -> Vec<Vec<Span>> {
        let mut below = Vec::new();
        if let Some(notice) = &self.notice {
            below.push(paint::row(&[(notice, Style::Error)], columns));
        }
        if let Some(offer) = self.offer.as_ref().filter(|offer| offer.is_listed) {
            let (page, others) = offer.page(room.saturating_sub(1));
            for (candidate, is_selected) in page {
                let style = if is_selected { Style::Selected } else { Style::Plain };
                let pieces = [(candidate.text.as_str(), style), ("  ", Style::Plain)];
                let detail = (candidate.detail.as_str(), Style::Dim);
                let used = if candidate.detail.is_empty() { &pieces[..1] } else { &pieces[..] };
                below.push(paint::row(&[used, &[detail]].concat(), columns));
            }
            if others > 0 {
                below.push(paint::row(&[(&format!("{others} more"), Style::Dim)], columns));
            }
        }
        below.truncate(room);
        below
    }

    /// What Enter hands over: without the blanks that indentation left in the last line.
    fn entered(&self) -> &str {
        let text = self.text();
        match text.rsplit_once('\n') {
            Some((before, last)) if last.trim().is_empty() => {
                text.get(..=before.len()).unwrap_or(text)
            }
            _ => text,
        }
    }

    /// A text is entered from its last line; above it Enter begins a line.
    fn enter(&mut self) -> Action {
        if self.buffer.line_end() < self.text().len() {
            self.break_line();
            return Action::Redraw;
        }
        Action::Entered(self.entered().to_owned())
    }

    fn break_line(&mut self) {
        let indent = indent::after(self.buffer.line_before());
        self.insert(&format!("\n{}", " ".repeat(indent)));
    }

    /// An empty text; the history and what was cut stay.
    fn reset(&mut self) {
        self.buffer = Buffer::default();
        self.undo.clear();
        (self.recall, self.search, self.offer, self.top) = (None, None, None, 0);
    }

    fn press_in_search(&mut self, key: &Key) -> Option<Action> {
        let mut search = self.search.take()?;
        let shown = match key {
            Key::Char(letter) if !letter.is_control() => search.push(*letter, &self.history),
            Key::Backspace | Key::Ctrl('h') => search.pop(&self.history),
            Key::Ctrl('r') => search.next(Towards::Older, &self.history),
            Key::Ctrl('s') => search.next(Towards::Newer, &self.history),
            Key::Escape | Key::Ctrl('g' | 'c') => {
                self.buffer = search.before;
                return Some(Action::Redraw);
            }
            // What was found is edited from here on.
            _ => {
                self.undo.keep(search.before);
                // Enter enters what was found, wherever in it that stands.
                if matches!(key, Key::Enter | Key::Ctrl('m' | 'j')) {
                    self.buffer.go(self.text().len());
                }
                return None;
            }
        };
        if let Some(buffer) = shown {
            self.buffer = buffer;
        }
        self.search = Some(search);
        Some(Action::Redraw)
    }

    fn press_in_offer(&mut self, mut offer: Offer, key: &Key) -> Option<Action> {
        let is_forward = match key {
            Key::Tab | Key::Ctrl('i') if !offer.is_listed => {
                offer.is_listed = true;
                self.offer = Some(offer);
                return Some(Action::Redraw);
            }
            Key::Tab | Key::Ctrl('i') => true,
            Key::BackTab if offer.is_listed => false,
            Key::Down if offer.is_listed => true,
            Key::Up if offer.is_listed => false,
            Key::Escape | Key::Ctrl('g') => {
                offer.take_back(&mut self.buffer);
                return Some(Action::Redraw);
            }
            // The first Enter takes what is selected, the next one enters the text.
            Key::Enter if offer.is_selected() => return Some(Action::Redraw),
            _ => return None,
        };
        offer.turn(is_forward, &mut self.buffer);
        self.offer = Some(offer);
        Some(Action::Redraw)
    }

    fn go_back(&mut self) {
        let recall = self
            .recall
            .take()
            .unwrap_or_else(|| Recall { number: self.history.len(), typed: self.buffer.clone() });
        let prefix = recall.typed.slice(0..recall.typed.cursor());
        let shown = self.text();
        let is_wanted = |entry: &str| entry.starts_with(prefix) && entry != shown;
        let found = self.history.before(recall.number, is_wanted);
        let found = found.map(|(number, entry)| (number, Buffer::new(entry)));
        self.recall = match found {
            Some((number, buffer)) => {
                self.undo.keep(mem::replace(&mut self.buffer, buffer));
                Some(Recall { number, ..recall })
            }
            None => Some(recall),
        };
    }

    fn go_forward(&mut self) {
        let Some(recall) = self.recall.take() else { return };
        let prefix = recall.typed.slice(0..recall.typed.cursor());
        let shown = self.text();
        let is_wanted = |entry: &str| entry.starts_with(prefix) && entry != shown;
        let found = self.history.after(recall.number + 1, is_wanted);
        let found = found.map(|(number, entry)| (number, Buffer::new(entry)));
        let (buffer, recall) = match found {
            Some((number, buffer)) => (buffer, Some(Recall { number, ..recall })),
            None => (recall.typed, None),
        };
        self.undo.keep(mem::replace(&mut self.buffer, buffer));
        self.recall = recall;
    }

    /// Keys that only move the cursor.
    fn movement(&mut self, key: &Key) {
        let buffer = &self.buffer;
        let place = match key {
            Key::Left | Key::Ctrl('b') => buffer.before(buffer.cursor()),
            Key::Right | Key::Ctrl('f') => buffer.after(buffer.cursor()),
            Key::WordLeft | Key::Alt('b') => buffer.word_before(),
            Key::WordRight | Key::Alt('f') => buffer.word_after(),
            Key::Home | Key::Ctrl('a') => buffer.line_start(),
            Key::End | Key::Ctrl('e') => buffer.line_end(),
            Key::TextStart | Key::Alt('<') => 0,
            Key::TextEnd | Key::Alt('>') => buffer.text().len(),
            _ => return,
        };
        self.buffer.go(place);
    }

    /// Keys that change the text.
    fn change(&mut self, key: Key, last: Last) {
        let cursor = self.cursor();
        let buffer = &self.buffer;
        match key {
            Key::Char(letter) if !letter.is_control() => self.type_letter(letter, last),
            Key::Paste(text) => self.insert(&pasted(&text)),
            Key::AltEnter => self.break_line(),
            // Only in the indentation: elsewhere it asks for completions.
            Key::Tab | Key::Ctrl('i') => {
                let width = INDENT - buffer.line_before().len() % INDENT;
                self.insert(&" ".repeat(width));
            }
            Key::BackTab if buffer.is_in_indentation() => self.dedent(),
            Key::Backspace | Key::Ctrl('h')
                if buffer.is_in_indentation() && cursor > buffer.line_start() =>
            {
                self.dedent();
            }
            Key::Backspace | Key::Ctrl('h') => self.remove(buffer.before(cursor)..cursor),
            Key::Delete | Key::Ctrl('d') => self.remove(cursor..buffer.after(cursor)),
            Key::Ctrl('w') => self.cut(buffer.argument_before()..cursor, last),
            Key::AltBackspace => self.cut(buffer.word_before()..cursor, last),
            Key::Alt('d') => self.cut(cursor..buffer.word_after(), last),
            Key::Ctrl('u') => self.cut(buffer.line_start()..cursor, last),
            // At the end of a line it joins the next one, as Emacs does.
            Key::Ctrl('k') if buffer.line_end() == cursor => {
                self.cut(cursor..buffer.after(cursor), last);
            }
            Key::Ctrl('k') => self.cut(cursor..buffer.line_end(), last),
            Key::Ctrl('y') => {
                let piece = self.kills.last().unwrap_or_default().to_owned();
                self.insert(&piece);
                self.last = Last::Yanked(self.cursor() - cursor);
            }
            Key::Alt('y') => {
                if let (Last::Yanked(length), Some(piece)) = (last, self.kills.turn()) {
                    let (piece, start) = (piece.to_owned(), cursor - length);
                    self.replace(start..cursor, &piece);
                    self.last = Last::Yanked(self.cursor() - start);
                }
            }
            Key::Ctrl('_') => {
                if let Some(before) = self.undo.take() {
                    self.buffer = before;
                }
            }
            _ => {}
        }
    }

    /// Letters typed in a row are undone together, up to a blank.
    fn type_letter(&mut self, letter: char, last: Last) {
        let before = self.buffer.clone();
        self.buffer.insert(letter.encode_utf8(&mut [0; 4]));
        if last == Last::Typed {
            self.refuse_if_too_long(before);
        } else {
            self.limit(before);
        }
        if !letter.is_whitespace() {
            self.last = Last::Typed;
        }
    }

    /// Takes indentation away up to the step before.
    fn dedent(&mut self) {
        let width = self.buffer.line_before().len();
        let less = if width == 0 { 0 } else { (width - 1) % INDENT + 1 };
        self.remove(self.cursor() - less..self.cursor());
    }

    fn insert(&mut self, text: &str) {
        self.replace(self.cursor()..self.cursor(), text);
    }

    fn remove(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    fn cut(&mut self, range: Range<usize>, last: Last) {
        let side = if range.start < self.cursor() { Side::Left } else { Side::Right };
        let piece = self.buffer.slice(range.clone()).to_owned();
        self.kills.cut(piece, side, last == Last::Cut);
        self.remove(range);
        self.last = Last::Cut;
    }

    fn replace(&mut self, range: Range<usize>, text: &str) {
        let before = self.buffer.clone();
        self.buffer.replace(range, text);
        self.limit(before);
    }

    /// Ends a change: it can be undone, or is not made where it would make the text too long.
    fn limit(&mut self, before: Buffer) {
        if let Some(before) = self.refuse_if_too_long(before)
            && before.text() != self.text()
        {
            self.undo.keep(before);
        }
    }

    /// Goes back to `before` if the text is too long now; else hands it back.
    fn refuse_if_too_long(&mut self, before: Buffer) -> Option<Buffer> {
        if self.text().len() <= MAX_TEXT {
            return Some(before);
        }
        self.buffer = before;
        self.notice = Some(format!(
            "not inserted: a text here has at most {MAX_TEXT} bytes; put a longer one into a file"
        ));
        None
    }
}

/// A text from elsewhere as lines: other line ends become ours, and what is neither text, tab nor
/// line break is left out.
fn pasted(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.chars().filter(|letter| matches!(letter, '\n' | '\t') || !letter.is_control()).collect()
}
