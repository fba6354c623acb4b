//! Lines from a pipe or a file: no editing, no escapes.

use std::mem;

use crate::console::editor::MAX_TEXT;
use crate::console::host::Host;

/// Gathers bytes into lines, and lines into texts that are whole pieces. Texts are handed out one at a
/// time, as the host is ready for them: whether a line is an answer, or the next text, what is before it
/// has to tell.
#[derive(Debug, Default)]
pub struct PlainLines {
    /// What the host was not ready for.
    waiting: Vec<u8>,
    /// The beginning of a line.
    line: Vec<u8>,
    /// Lines that are no whole piece yet.
    text: String,
    outline: Outline,
    /// Whether what comes is the rest of a line that was too long.
    is_refusing: bool,
    /// Whether nothing follows what waits.
    is_ending: bool,
    has_ended: bool,
}

/// What of Python's form a text has, line by line: asking whether it is whole means to compile all of
/// it, which must not be done for every line of a long one.
#[derive(Debug, Default)]
struct Outline {
    lines: usize,
    /// How many brackets are open.
    depth: usize,
    /// The quotes that an open text ends with, of those that go over lines.
    quotes: Option<&'static str>,
    /// Whether it is a block, which an empty line ends.
    is_block: bool,
}

impl Outline {
    /// Takes the next line in; whether the text may be whole with it.
    fn add(&mut self, line: &str) -> bool {
        self.lines += 1;
        let mut rest = line;
        while let Some(letter) = rest.chars().next() {
            if let Some(quotes) = self.quotes {
                match rest.find(quotes) {
                    Some(at) => {
                        rest = rest.get(at + quotes.len()..).unwrap_or_default();
                        self.quotes = None;
                    }
                    None => break,
                }
                continue;
            }
            if let Some(quotes) = ["\"\"\"", "'''"].into_iter().find(|it| rest.starts_with(it)) {
                self.quotes = Some(quotes);
                rest = rest.get(quotes.len()..).unwrap_or_default();
                continue;
            }
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            match letter {
                '(' | '[' | '{' => self.depth += 1,
                ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                '"' | '\'' => rest = after_quoted(rest, letter),
                '#' => break,
                _ => {}
            }
        }
        // The outline knows less than Python: if it is wrong, the text is asked about all the same,
        // and how often grows with its length no more than the bits of that.
        let is_balanced = self.depth == 0 && self.quotes.is_none();
        is_balanced && (!self.is_block || line.trim().is_empty()) || self.lines.is_power_of_two()
    }

    /// The text with this line at its end is not whole.
    fn wants_more(&mut self, line: &str) {
        let is_balanced = self.depth == 0 && self.quotes.is_none();
        self.is_block |= is_balanced && !line.ends_with('\\');
    }
}

/// What follows a quoted text in its line.
fn after_quoted(text: &str, quote: char) -> &str {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        if letter == quote && !is_escaped {
            return text.get(at + 1..).unwrap_or_default();
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    ""
}

/// A text that was not taken, as it is longer than [`MAX_TEXT`].
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "a text on the console's input is longer than {MAX_TEXT} bytes and was not evaluated; put it \
     into a file"
)]
pub struct TooLong;

impl PlainLines {
    /// Takes bytes, and submits the texts that are whole with them, as long as the host is ready. To be
    /// called without any too, for those that wait.
    ///
    /// # Errors
    /// [`TooLong`] if a text was left out; what follows it is taken all the same.
    pub fn feed(&mut self, bytes: &[u8], host: &mut dyn Host) -> Result<(), TooLong> {
        let mut outcome = Ok(());
        self.waiting.extend_from_slice(bytes);
        let waiting = mem::take(&mut self.waiting);
        let mut taken = 0;
        for piece in waiting.split_inclusive(|byte| *byte == b'\n') {
            if !host.is_ready() {
                break;
            }
            taken += piece.len();
            let is_whole = piece.ends_with(b"\n");
            self.line.extend_from_slice(piece);
            if self.line.len() + self.text.len() > MAX_TEXT && !self.is_refusing {
                self.is_refusing = true;
                outcome = Err(TooLong);
            }
            if self.is_refusing {
                self.line.clear();
                self.text.clear();
                self.outline = Outline::default();
                self.is_refusing = !is_whole;
            } else if is_whole {
                self.end_line(host);
            }
        }
        self.waiting = waiting.get(taken..).unwrap_or_default().to_vec();
        self.finish(host);
        outcome
    }

    /// Nothing more will come: submits what waits, when the host is ready for it, and tells the host,
    /// once.
    pub fn end(&mut self, host: &mut dyn Host) {
        self.is_ending = true;
        self.finish(host);
    }

    /// Whether nothing waits: more bytes can be taken.
    pub fn has_room(&self) -> bool {
        self.waiting.is_empty()
    }

    fn finish(&mut self, host: &mut dyn Host) {
        if !self.is_ending || self.has_ended || !self.waiting.is_empty() || !host.is_ready() {
            return;
        }
        if !self.line.is_empty() {
            self.end_line(host);
        }
        if !self.text.is_empty() {
            host.submit(mem::take(&mut self.text));
        }
        self.has_ended = true;
        host.end();
    }

    fn end_line(&mut self, host: &mut dyn Host) {
        let line = mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\r', '\n']);
        self.text.push_str(line);
        let may_be_whole = self.outline.add(line);
        if host.is_answer() || may_be_whole && host.is_complete(&self.text) {
            self.outline = Outline::default();
            host.submit(mem::take(&mut self.text));
            return;
        }
        if may_be_whole {
            self.outline.wants_more(line);
        }
        self.text.push('\n');
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

    /// Says of no text that it is whole, or is ready for one text only.
    #[derive(Default)]
    struct Reluctant {
        asked: usize,
        is_full: bool,
        texts: Vec<String>,
    }

    impl Host for Reluctant {
        fn submit(&mut self, text: String) {
            self.texts.push(text);
            self.is_full = true;
        }

        fn is_ready(&mut self) -> bool {
            !self.is_full
        }

        fn is_answer(&mut self) -> bool {
            self.texts.len() == 1
        }

        fn is_complete(&mut self, text: &str) -> bool {
            self.asked += 1;
            text.ends_with("\n]")
                || text.ends_with('\n') && text.starts_with("if")
                || !text.contains(['[', '\n']) && !text.starts_with("if")
        }

        fn complete(&mut self, _text: &str, _cursor: usize) -> Completion {
            Completion::default()
        }

        fn interrupt(&mut self) {}

        fn end(&mut self) {
            self.texts.push("(end)".to_owned());
        }

        fn prompt(&self) -> String {
            String::new()
        }
    }

    /// A long text is asked about a few times, and ends where it ends.
    #[test]
    fn a_long_text_is_asked_about_seldom() {
        for (begin, line, end) in [
            ("x = [\n", " 1, '\\')', # ]\n", "]\n"),
            ("if x:\n", "  y = \"(\"\n", "\n"),
            ("x = [\"\"\"\n", "\n", "\"\"\"\n]\n"),
        ] {
            let (mut lines, mut host) = (PlainLines::default(), Reluctant::default());
            assert_eq!(lines.feed(begin.as_bytes(), &mut host), Ok(()));
            assert_eq!(lines.feed(line.repeat(3_000).as_bytes(), &mut host), Ok(()));
            assert!(host.texts.is_empty() && host.asked < 20, "{begin}{} times", host.asked);
            assert_eq!(lines.feed(end.as_bytes(), &mut host), Ok(()));
            assert_eq!(host.texts.len(), 1, "{begin}");
        }
    }

    /// A text waits until the host is ready; an answer is whole as it is, and the end comes last.
    #[test]
    fn texts_wait_for_the_host() {
        let (mut lines, mut host) = (PlainLines::default(), Reluctant::default());
        assert_eq!(lines.feed(b"ask\nJohn (\nname\nlast", &mut host), Ok(()));
        lines.end(&mut host);
        assert_eq!(host.texts, ["ask"]);
        for expected in ["John (", "name", "last"] {
            assert!(!lines.has_ended);
            host.is_full = false;
            assert_eq!(lines.feed(b"", &mut host), Ok(()));
            assert!(host.texts.iter().any(|text| text == expected), "{:?}", host.texts);
        }
        assert_eq!(host.texts.last().map(String::as_str), Some("(end)"));
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
