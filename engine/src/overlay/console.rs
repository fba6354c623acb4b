//! The console in the window: what was said, and below it the line that is edited.
//!
//! The line, its history, its search and its candidates are the [`Editor`]'s, as in a terminal; here
//! it is painted, and the mouse selects in what stands above it.

use std::ops::Range;

use egui::{LayerId, Order, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::ink::Ink;
use super::row;
use super::scrollback::{Line, Place, Row, Scrollback};
use super::style::{self, LETTER_WIDTH, ROW_HEIGHT};
use crate::alert::{Alert, Level};
use crate::console::ansi::clean;
use crate::console::editor::{self, Action, Editor, History, Key, Style, View};
use crate::console::{Desk, Evaluation, Placing, SessionId};

/// Between the panel's edge and its text, points.
const MARGIN: f32 = 6.0;
/// The width of the bar that shows which part is seen, points.
const BAR_WIDTH: f32 = 8.0;
/// How many rows a notch of the wheel moves.
const WHEEL_ROWS: f32 = 3.0;
/// Between the line and the list above it, points.
const LIST_GAP: f32 = 2.0;
/// The most rows of that list: more are not looked through faster than typing a letter leaves fewer.
const MAX_LIST: usize = 21;
/// More columns than any line has: it is not broken.
const UNBROKEN: usize = 1 << 20;

/// What the console is asked by a key, once the session can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It goes on.
    Open,
    /// The user is done with it.
    Close,
}

/// The console's panel.
#[derive(Debug)]
pub(super) struct ConsolePanel {
    editor: Editor,
    scrollback: Scrollback,
    prompt: String,
    /// What is kept up to date below everything else, and the number of its first line.
    panel: Option<(u64, String)>,
    /// How many rows are below those that are seen.
    above: usize,
    /// How many rows were seen last.
    page: usize,
    /// From where to where text is selected; the second is where the mouse is.
    selection: Option<[Place; 2]>,
    /// How much of a row the wheel has turned since the last whole one.
    wheel: f32,
}

impl ConsolePanel {
    /// An empty console after this history.
    pub(super) fn new(history: History) -> Self {
        Self {
            editor: Editor::new(history),
            scrollback: Scrollback::default(),
            prompt: ">>> ".to_owned(),
            panel: None,
            above: 0,
            page: 1,
            selection: None,
            wheel: 0.0,
        }
    }

    /// What was entered before, for saving it.
    pub(super) fn history_mut(&mut self) -> &mut History {
        self.editor.history_mut()
    }

    /// Shows an alert.
    pub(super) fn alert(&mut self, alert: &Alert) {
        let mark = if alert.level == Level::Error { "error: " } else { "" };
        let text = format!("{}: {mark}{}", alert.source, alert.text);
        self.say(&text, Ink::Alert(alert.level));
    }

    /// Shows what a line of its session came to.
    pub(super) fn show_evaluation(&mut self, evaluation: &Evaluation) {
        let Evaluation { output, error, is_waiting, placing, .. } = evaluation;
        match placing {
            Placing::Instead => self.take_panel_away(),
            Placing::Below => self.panel = None,
            Placing::Alone => self.clear(),
        }
        let start = self.scrollback.end();
        self.say(output, Ink::Output);
        if *placing == Placing::Instead && *is_waiting {
            self.panel = Some((start, output.clone()));
        }
        self.say(error.as_deref().unwrap_or_default(), Ink::Failure);
    }

    fn take_panel_away(&mut self) {
        if let Some((start, _)) = self.panel.take() {
            self.scrollback.truncate(start);
        }
    }

    /// Says something above what is kept up to date. Who has scrolled up goes on to see the same rows.
    fn say(&mut self, text: &str, ink: Ink) {
        let before = self.scrollback.rows();
        let panel = self.panel.clone();
        self.take_panel_away();
        self.scrollback.say(&clean(text), ink);
        if let Some((_, panel)) = panel {
            let start = self.scrollback.end();
            self.scrollback.say(&clean(&panel), Ink::Output);
            self.panel = Some((start, panel));
        }
        if self.above > 0 {
            self.above += self.scrollback.rows().saturating_sub(before);
        }
    }

    /// How many columns its text has, once it was seen.
    pub(super) fn columns(&self) -> Option<usize> {
        self.scrollback.columns()
    }

    /// What stands before the line from now on; whether it is another one than before.
    pub(super) fn set_prompt(&mut self, prompt: &str) -> bool {
        let prompt = clean(prompt).replace('\n', " ");
        let is_new = self.prompt != prompt;
        self.prompt = prompt;
        is_new
    }

    /// A page further up, or down.
    pub(super) fn turn_page(&mut self, up: bool) {
        let step = self.page.saturating_sub(1).max(1);
        self.above = if up { self.above + step } else { self.above.saturating_sub(step) };
    }

    /// The text that is selected.
    pub(super) fn selected(&self) -> Option<String> {
        self.selected_part().map(|part| self.scrollback.text(part))
    }

    fn selected_part(&self) -> Option<Range<Place>> {
        let [from, to] = self.selection?;
        Some(from.min(to)..from.max(to)).filter(|part| !part.is_empty())
    }

    /// Takes a key.
    pub(super) fn press(&mut self, key: Key, desk: &mut Desk<'_>, session: SessionId) -> Outcome {
        if key == Key::Escape && !self.editor.has_open() {
            return Outcome::Close;
        }
        self.selection = None;
        self.above = 0;
        // Ctrl-C may throw the text away; as it is, it stays above.
        let thrown_away = (key == Key::Ctrl('c')).then(|| self.whole());
        match self.editor.press(key) {
            Action::Entered(text) => {
                // An answer is whole as it is, and in no history: it may be a password.
                let is_answer = desk.is_asking(session);
                if is_answer || desk.is_complete(session, &text) {
                    self.keep(self.whole());
                    let action =
                        if is_answer { self.editor.accept_answer() } else { self.editor.accept() };
                    if let Action::Submit(text) = action {
                        desk.submit(session, text);
                    }
                } else {
                    self.editor.more();
                }
            }
            Action::Submit(text) => desk.submit(session, text),
            Action::Complete { text, cursor } => {
                let completion = desk.complete(session, &text, cursor);
                self.editor.offer(&text, cursor, completion);
            }
            Action::Interrupt => {
                self.keep(thrown_away.unwrap_or_default());
                desk.interrupt(session);
            }
            Action::EndOfInput => return Outcome::Close,
            Action::Clear => self.clear(),
            Action::Suspend | Action::Redraw => {}
        }
        Outcome::Open
    }

    /// Forgets what was said.
    pub(super) fn clear(&mut self) {
        self.scrollback.clear();
        self.panel = None;
        (self.above, self.selection) = (0, None);
    }

    /// The whole text as it stays when it is done.
    fn whole(&self) -> View {
        self.editor.paint_whole(&self.prompt, UNBROKEN)
    }

    fn keep(&mut self, whole: View) {
        for spans in whole.rows {
            let mut line = Line::default();
            spans.iter().for_each(|span| line.push(&span.text, Ink::Edited(span.style)));
            self.scrollback.push(line);
        }
    }

    /// Shows it in all of `ui`. `has_keyboard` says whether what is typed comes into its line.
    pub(super) fn show(&mut self, ui: &mut Ui, has_keyboard: bool) {
        let whole = ui.available_rect_before_wrap();
        let area = whole.shrink2(vec2(MARGIN, MARGIN / 2.0));
        let columns = row::columns_in(area.width() - BAR_WIDTH - MARGIN).max(2);
        let rows = row::rows_in(area.height()).max(2);
        let view = self.editor.paint_text(&self.prompt, columns, rows - 1);
        let edited = view.rows.len();
        self.page = rows.saturating_sub(edited).max(1);
        self.scrollback.set_columns(columns);

        let line = pos2(area.left(), area.bottom() - style::cells(0, edited).y);
        let text = Rect::from_min_max(area.min, pos2(area.right() - BAR_WIDTH - MARGIN, line.y));
        self.scroll(
            ui,
            area,
            Rect::from_min_max(pos2(area.right() - BAR_WIDTH, area.top()), area.max),
        );
        self.select(ui, text);
        self.paint_text(ui, text);
        let painter = ui.painter_at(whole);
        paint_line(&painter, line, &view, has_keyboard);
        let cursor = line + style::cells(view.column, view.row);
        // It floats over all else, so it has the window's height.
        let screen = ui.ctx().content_rect();
        let room = row::rows_in(cursor.y - screen.top() - MARGIN - LIST_GAP).min(MAX_LIST);
        let list = self.editor.paint_below(columns, room);
        let layer = LayerId::new(Order::Foreground, ui.scope_id().with("list"));
        let floating = ui.ctx().layer_painter(layer).with_clip_rect(screen);
        paint_list(&floating, cursor, &list, area);
        ui.advance_cursor_after_rect(whole);
    }

    /// Takes in the wheel and the bar at the side, and paints the bar.
    fn scroll(&mut self, ui: &Ui, area: Rect, track: Rect) {
        let most = self.scrollback.rows().saturating_sub(self.page);
        if ui.rect_contains_pointer(area) {
            let notches: f32 = ui.input(|input| {
                let notches = input.events.iter().filter_map(|event| match event {
                    egui::Event::MouseWheel { delta, .. } => Some(delta.y),
                    _ => None,
                });
                notches.sum()
            });
            self.wheel += notches * WHEEL_ROWS;
            let rows = self.wheel.trunc();
            self.wheel -= rows;
            #[expect(clippy::cast_possible_truncation, reason = "whole rows, and few")]
            let rows = rows as isize;
            self.above = self.above.saturating_add_signed(rows);
        }
        self.above = self.above.min(most);
        if most == 0 {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "some ten thousand rows at most")]
        let [all, page, above, most] =
            [most + self.page, self.page, self.above, most].map(|rows| rows as f32);
        let height = (track.height() * page / all).max(2.0 * BAR_WIDTH);
        let free = track.height() - height;
        let bar = ui.interact(track, ui.scope_id().with("bar"), Sense::click_and_drag());
        let mut above = above;
        if let Some(mouse) = bar.interact_pointer_pos()
            && free > 0.0
        {
            let part = (track.bottom() - mouse.y - height / 2.0) / free;
            above = (part * most).round().clamp(0.0, most);
            #[expect(clippy::cast_possible_truncation, reason = "between 0 and most")]
            #[expect(clippy::cast_sign_loss, reason = "between 0 and most")]
            let rows = above as usize;
            self.above = rows;
        }
        let bottom = track.bottom() - free * above / most;
        let handle =
            Rect::from_min_max(pos2(track.left(), bottom - height), pos2(track.right(), bottom));
        let color = if bar.hovered() || bar.dragged() { style::DIM } else { style::LINE };
        ui.painter().rect_filled(track, 0.0, style::SUNKEN);
        ui.painter().rect_filled(handle, 0.0, color);
    }

    /// The rows that are seen in a place, and the upper left corner of the first.
    fn seen(&self, text: Rect) -> (Vec<Row>, Pos2) {
        let rows = self.scrollback.page(self.above, self.page);
        let top = text.bottom() - style::cells(0, rows.len()).y;
        (rows, pos2(text.left(), top))
    }

    /// Selects what the mouse is drawn over: letters, or words after a double click, or lines after a
    /// triple one.
    fn select(&mut self, ui: &Ui, text: Rect) {
        let mouse = ui.interact(text, ui.scope_id().with("text"), Sense::click_and_drag());
        if mouse.hovered() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::Text);
        }
        let Some(at) = mouse.interact_pointer_pos() else { return };
        if mouse.is_pointer_button_down_on() || mouse.clicked() {
            // Who works here types here.
            ui.memory_mut(|memory| {
                if let Some(other) = memory.focused() {
                    memory.surrender_focus(other);
                }
            });
        }
        let was_pressed = ui.input(|input| input.pointer.primary_pressed());
        let origin = ui.input(|input| input.pointer.press_origin()).unwrap_or(at);
        if mouse.dragged() {
            // Beyond its edge it goes on, as long as the mouse is there.
            if at.y < text.top() {
                self.above += 1;
                ui.ctx().request_repaint();
            } else if at.y > text.bottom() && self.above > 0 {
                self.above -= 1;
                ui.ctx().request_repaint();
            }
        }
        let Some(place) = self.place_at(text, at) else { return };
        // A word is that of the letter under the mouse, on whichever side of its middle.
        let letter = self.place_at(text, at - vec2(LETTER_WIDTH / 2.0, 0.0)).unwrap_or(place);
        let word = self.scrollback.word(letter);
        if mouse.triple_clicked() {
            let end = Place { line: place.line + 1, byte: 0 };
            self.selection = Some([Place { byte: 0, ..place }, end]);
        } else if mouse.double_clicked() {
            self.selection = Some([word.start, word.end]);
        } else if was_pressed {
            let is_further = ui.input(|input| input.modifiers.shift);
            let origin = self.place_at(text, origin).unwrap_or(place);
            let from = self.selection.filter(|_| is_further).map_or(origin, |[from, _]| from);
            self.selection = Some([from, place]);
        } else if mouse.dragged()
            && let Some([from, _]) = self.selection
        {
            self.selection = Some([from, place]);
        }
    }

    fn place_at(&self, text: Rect, at: Pos2) -> Option<Place> {
        let (rows, corner) = self.seen(text);
        let number = row::rows_in(at.y - corner.y).min(rows.len().checked_sub(1)?);
        let row = rows.get(number)?;
        Some(self.scrollback.place(row, (at.x - corner.x) / LETTER_WIDTH))
    }

    fn paint_text(&self, ui: &Ui, text: Rect) {
        let painter = ui.painter_at(text.expand2(vec2(MARGIN, 0.0)));
        let (rows, mut corner) = self.seen(text);
        let selected = self.selected_part();
        for seen in rows {
            let Some(line) = self.scrollback.line(seen.line) else { continue };
            if let Some(selected) = &selected
                && let Some(columns) = selected_columns(line, &seen, selected)
            {
                let place = row::columns(corner, columns.start, columns.end);
                painter.rect_filled(place, 0.0, style::SELECTION);
            }
            let pieces = line.pieces(seen.part).map(|(text, ink)| (text, ink.color()));
            row::paint(&painter, corner, pieces);
            corner.y += ROW_HEIGHT;
        }
    }
}

/// Which columns of a row are selected; one more where its line break is.
fn selected_columns(line: &Line, row: &Row, selected: &Range<Place>) -> Option<Range<usize>> {
    let place = |byte| Place { line: row.line, byte };
    let whole = place(row.part.start)..place(row.part.end);
    let (start, end) = (selected.start.max(whole.start), selected.end.min(whole.end));
    let has_break = row.is_last && selected.start <= whole.end && selected.end.line > row.line;
    let width = |byte: usize| -> usize {
        line.pieces(row.part.start..byte).map(|(text, _)| editor::text_width(text)).sum()
    };
    let columns = width(start.byte)..width(end.byte) + usize::from(has_break);
    (start <= end && !columns.is_empty()).then_some(columns)
}

/// Paints the line that is edited, and its cursor.
fn paint_line(painter: &egui::Painter, corner: Pos2, view: &View, has_keyboard: bool) {
    for (number, spans) in view.rows.iter().enumerate() {
        let pieces = spans.iter().map(|span| (span.text.as_str(), Ink::Edited(span.style).color()));
        row::paint(painter, corner + style::cells(0, number), pieces);
    }
    let cursor = row::columns(corner + style::cells(0, view.row), view.column, view.column + 1);
    if has_keyboard {
        let bar = Rect::from_min_size(cursor.min, vec2(2.0, ROW_HEIGHT));
        painter.rect_filled(bar, 0.0, style::ACCENT);
    } else {
        painter.rect_stroke(cursor, 0.0, Stroke::new(1.0, style::LINE), StrokeKind::Inside);
    }
}

/// Paints what is on offer, or is said, above the place of the cursor.
fn paint_list(painter: &egui::Painter, cursor: Pos2, rows: &[Vec<editor::Span>], area: Rect) {
    if rows.is_empty() {
        return;
    }
    let columns = rows.iter().map(|row| editor::width(row)).max().unwrap_or(0);
    let size = style::cells(columns, rows.len()) + vec2(2.0 * MARGIN, MARGIN);
    let left = (cursor.x - MARGIN).min(area.right() - size.x).max(area.left());
    let place = Rect::from_min_size(pos2(left, cursor.y - size.y - LIST_GAP), size);
    painter.rect_filled(place, 0.0, style::RAISED);
    painter.rect_stroke(place, 0.0, Stroke::new(1.0, style::LINE), StrokeKind::Outside);
    let corner = place.min + vec2(MARGIN, MARGIN / 2.0);
    for (number, spans) in rows.iter().enumerate() {
        let corner = corner + style::cells(0, number);
        if spans.iter().any(|span| span.style == Style::Selected) {
            let whole = Rect::from_min_size(corner, style::cells(columns, 1));
            painter.rect_filled(whole.expand2(vec2(MARGIN, 0.0)), 0.0, style::SELECTION);
        }
        let pieces = spans.iter().map(|span| (span.text.as_str(), Ink::Edited(span.style).color()));
        row::paint(painter, corner, pieces);
    }
}
