//! What the user did with a widget: input as any other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Rows, Sort, WidgetId};

/// What the user did with a widget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// Clicked it.
    Clicked,
    /// Checked it, or not.
    Checked(bool),
    /// Chose an option, or a row; none, where it was chosen before.
    Chosen(Option<u32>),
    /// Set a number.
    Number(f64),
    /// Edited a text: all of it.
    Text(String),
    /// Ended a text, by Enter.
    Submitted,
    /// Chose a colour: red, green, blue and opacity.
    Color([u8; 4]),
    /// Opened or closed it.
    Open(bool),
    /// Wants the rows in another order.
    Sorted(Option<Sort>),
    /// Looks at other rows.
    Looked(Rows),
}

/// How many clicks wait for a process that steps more seldom than the user clicks.
const MAX_CLICKS: u8 = 16;

/// What the user did with a widget since its process last asked, and what stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    clicks: u8,
    is_submitted: bool,
    /// The newest value.
    value: Option<Response>,
    /// Whether it is open, where the user has said so.
    is_open: Option<bool>,
    sort: Option<Sort>,
    rows: Option<Rows>,
}

impl Answer {
    /// Takes in what the user did.
    pub(crate) fn take_in(&mut self, response: Response) {
        match response {
            Response::Clicked => self.clicks = (self.clicks + 1).min(MAX_CLICKS),
            Response::Submitted => self.is_submitted = true,
            Response::Open(is_open) => self.is_open = Some(is_open),
            Response::Sorted(sort) => self.sort = sort,
            Response::Looked(rows) => self.rows = Some(rows),
            value => self.value = Some(value),
        }
    }

    /// Whether it was clicked once more than was asked.
    pub fn take_click(&mut self) -> bool {
        let was_clicked = self.clicks > 0;
        self.clicks = self.clicks.saturating_sub(1);
        was_clicked
    }

    /// Whether its text was ended.
    pub fn take_submission(&mut self) -> bool {
        std::mem::take(&mut self.is_submitted)
    }

    /// The value that the user has given it.
    pub fn take_value(&mut self) -> Option<Response> {
        self.value.take()
    }

    /// The value that waits to be asked for.
    pub fn value(&self) -> Option<&Response> {
        self.value.as_ref()
    }

    /// Whether the user has opened or closed it.
    pub fn is_open(&self) -> Option<bool> {
        self.is_open
    }

    /// Forgets whether the user has opened or closed it.
    pub fn take_open(&mut self) -> Option<bool> {
        self.is_open.take()
    }

    /// In which order the user wants the rows.
    pub fn sort(&self) -> Option<Sort> {
        self.sort
    }

    /// Which rows the user looks at.
    pub fn rows(&self) -> Option<Rows> {
        self.rows
    }
}

/// The answers of the widgets of a process.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers(BTreeMap<WidgetId, Answer>);

impl Answers {
    /// What the user did with a widget, if anything.
    pub fn get(&self, widget: WidgetId) -> Option<&Answer> {
        self.0.get(&widget)
    }

    /// The same, to be asked.
    pub fn get_mut(&mut self, widget: WidgetId) -> Option<&mut Answer> {
        self.0.get_mut(&widget)
    }

    /// All of them, by widget.
    pub fn iter(&self) -> impl Iterator<Item = (WidgetId, &Answer)> {
        self.0.iter().map(|(widget, answer)| (*widget, answer))
    }

    pub(super) fn take_in(&mut self, widget: WidgetId, response: Response) {
        self.0.entry(widget).or_default().take_in(response);
    }

    /// Forgets what nobody can ask for any more.
    pub(super) fn keep(&mut self, is_there: impl Fn(WidgetId) -> bool) {
        self.0.retain(|widget, answer| is_there(*widget) && *answer != Answer::default());
    }
}
