//! Who answers a front end: what stands behind the line that is edited.

use crate::console::completion::Completion;

/// What a front end asks of the console while somebody types.
pub trait Host {
    /// Takes a text that is to be evaluated; may be empty, which is an answer to who asked.
    fn submit(&mut self, text: String);

    /// Whether one more text can be taken now: else what comes is left where it is.
    fn is_ready(&mut self) -> bool {
        true
    }

    /// Whether the next text is the answer to a question: it is whole as it is, and in no history, for it
    /// may be a password.
    fn is_answer(&mut self) -> bool {
        false
    }

    /// Whether a text is a whole piece: if not, more lines are wanted.
    fn is_complete(&mut self, text: &str) -> bool;

    /// What the word before `cursor`, a byte position in `text`, may become.
    fn complete(&mut self, text: &str, cursor: usize) -> Completion;

    /// Ctrl-C: what is evaluated now is to end.
    fn interrupt(&mut self);

    /// Ctrl-D on an empty line, the end of a pipe, a hang-up: nothing more will come.
    fn end(&mut self);

    /// What stands before the line, in one row: `>>> `.
    fn prompt(&self) -> String;
}
