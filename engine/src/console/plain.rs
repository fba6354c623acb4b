//! Lines from a pipe or a file: no editing, no escapes.

use std::mem;

use crate::console::editor::MAX_TEXT;
use crate::console::host::Host;

/// Gathers bytes into lines, and lines into texts that are whole pieces.
#[derive(Debug, Default)]
pub struct PlainLines {
    /// The beginning of a line.
    line: Vec<u8>,
    /// Lines that are no whole piece yet.
    text: String,
    /// Whether what comes is the rest of a line that was too long.
    is_refusing: bool,
    has_ended: bool,
}

/// A text that was not taken, as it is longer than [`MAX_TEXT`].
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "a text on the console's input is longer than {MAX_TEXT} bytes and was not evaluated; put it \
     into a file"
)]
pub struct TooLong;

impl PlainLines {
    /// Takes bytes, and submits the texts that are whole with them.
    ///
    /// # Errors
    /// [`TooLong`] if a text was left out; what follows it is taken all the same.
    pub fn feed(&mut self, bytes: &[u8], host: &mut dyn Host) -> Result<(), TooLong> {
        let mut outcome = Ok(());
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let is_whole = piece.ends_with(b"\n");
            self.line.extend_from_slice(piece);
            if self.line.len() + self.text.len() > MAX_TEXT && !self.is_refusing {
                self.is_refusing = true;
                outcome = Err(TooLong);
            }
            if self.is_refusing {
                self.line.clear();
                self.text.clear();
                self.is_refusing = !is_whole;
            } else if is_whole {
                self.end_line(host);
            }
        }
        outcome
    }

    /// Nothing more will come: submits what waits, and tells the host, once.
    pub fn end(&mut self, host: &mut dyn Host) {
        if self.has_ended {
            return;
        }
        self.has_ended = true;
        if !self.line.is_empty() {
            self.end_line(host);
        }
        if !self.text.is_empty() {
            host.submit(mem::take(&mut self.text));
        }
        host.end();
    }

    fn end_line(&mut self, host: &mut dyn Host) {
        let line = mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        self.text.push_str(line.trim_end_matches(['\r', '\n']));
        if host.is_complete(&self.text) {
            host.submit(mem::take(&mut self.text));
        } else {
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PlainLines, TooLong};
    use crate::console::completion::Completion;
    use crate::console::editor::MAX_TEXT;
    use crate::console::host::Host;

    /// Remembers what it was told; a block ends with an empty line.
    #[derive(Default)]
    struct Witness(Vec<String>);

    impl Host for Witness {
        fn submit(&mut self, text: String) {
            self.0.push(text);
        }

        fn is_complete(&mut self, text: &str) -> bool {
            !text.starts_with("if") || text.ends_with('\n')
        }

        fn complete(&mut self, _text: &str, _cursor: usize) -> Completion {
            Completion::default()
        }

        fn interrupt(&mut self) {}

        fn end(&mut self) {
            self.0.push("(end)".to_owned());
        }

        fn prompt(&self) -> String {
            String::new()
        }
    }

    /// Lines are texts, blocks are one, wherever the bytes are cut; the last needs no line break.
    #[test]
    fn lines_are_texts() {
        let bytes = "ps\r\nif x:\n  'é'\n\n\ntree\nlast".as_bytes();
        for at in 0..bytes.len() {
            let (mut lines, mut witness) = (PlainLines::default(), Witness::default());
            let (begin, end) = bytes.split_at(at);
            assert_eq!(lines.feed(begin, &mut witness), Ok(()));
            assert_eq!(lines.feed(end, &mut witness), Ok(()));
            lines.end(&mut witness);
            lines.end(&mut witness);
            assert_eq!(witness.0, ["ps", "if x:\n  'é'\n", "", "tree", "last", "(end)"]);
        }
    }

    /// A line without end takes no memory without end; what follows it is a line again.
    #[test]
    fn a_text_is_bounded() {
        let (mut lines, mut witness) = (PlainLines::default(), Witness::default());
        assert_eq!(lines.feed(&vec![b'x'; MAX_TEXT + 1], &mut witness), Err(TooLong));
        assert_eq!(lines.feed(b"more of it\nps\n", &mut witness), Ok(()));
        assert_eq!(witness.0, ["ps"]);
    }
}
