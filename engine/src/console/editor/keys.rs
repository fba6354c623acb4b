//! Keys, as every front end names them.

/// One key, or a text that was pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A typed character; a control character is not taken.
    Char(char),
    /// A letter with the control key, in lower case; also `_`.
    Ctrl(char),
    /// A character with the Alt key.
    Alt(char),
    /// A text from the clipboard: always text, never keys.
    Paste(String),
    /// Enters the text, or begins a new line in it.
    Enter,
    /// Begins a new line, whatever the text.
    AltEnter,
    /// Completes the word; in the indentation, indents.
    Tab,
    /// Goes back among completions; in the indentation, takes indentation away.
    BackTab,
    /// Deletes to the left.
    Backspace,
    /// Deletes the word to the left.
    AltBackspace,
    /// Deletes to the right.
    Delete,
    /// Closes what is open: a list, a search.
    Escape,
    /// One character to the left.
    Left,
    /// One character to the right.
    Right,
    /// A line up, from the first one into the history.
    Up,
    /// A line down, from the last one into the history.
    Down,
    /// One word to the left.
    WordLeft,
    /// One word to the right.
    WordRight,
    /// The beginning of the line.
    Home,
    /// The end of the line.
    End,
    /// The beginning of the text.
    TextStart,
    /// The end of the text.
    TextEnd,
}
