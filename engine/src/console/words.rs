//! The words of a command line.
//!
//! Words are apart by spaces. Within quotes, and within brackets, spaces belong to the word: so
//! `set Ball.transform.position (10, 20)` has two words after the command's name.

use std::ops::Range;

/// A word as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word without its quotes.
    pub text: String,
    /// Where it stands in the line, bytes, with its quotes.
    pub place: Range<usize>,
}

/// A quote that nobody closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// Where it stands, bytes.
    pub at: usize,
    /// What is missing.
    pub wanted: char,
}

/// The words of a line from `start` on, bytes.
///
/// # Errors
/// [`Unclosed`] if a quote or bracket has no end.
pub(super) fn words(line: &str, start: usize) -> Result<Vec<Word>, Unclosed> {
    let mut words = Vec::new();
    let mut at = start;
    while let Some(rest) = line.get(at..) {
        let begin = at + (rest.len() - rest.trim_start().len());
        let Some(rest) = line.get(begin..).filter(|rest| !rest.is_empty()) else { break };
        let length =
            length(rest).map_err(|Unclosed { at, wanted }| Unclosed { at: begin + at, wanted })?;
        at = begin + length;
        words.push(Word { text: unquoted(&rest[..length]), place: begin..at });
    }
    Ok(words)
}

/// How many words there are before the last one of a line that somebody is writing, from `start` on,
/// and where that one begins, bytes: at the end, if nothing of it is there.
pub(super) fn last_word(line: &str, start: usize) -> (usize, usize) {
    let (mut before, mut at) = (0, start.min(line.len()));
    loop {
        let rest = line.get(at..).unwrap_or_default();
        let begin = at + (rest.len() - rest.trim_start().len());
        match length(rest.trim_start()) {
            Ok(length) if begin + length < line.len() => {
                (before, at) = (before + 1, begin + length)
            }
            _ => return (before, begin),
        }
    }
}

/// How long the word is that a text begins with, bytes.
fn length(text: &str) -> Result<usize, Unclosed> {
    // What the word still needs to be whole, the innermost last, and where that was opened.
    let mut open: Vec<Unclosed> = Vec::new();
    let mut is_escaped = false;
    for (at, char) in text.char_indices() {
        let wanted = open.last().map(|open| open.wanted);
        let is_quoted = matches!(wanted, Some('"' | '\''));
        match char {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            char if Some(char) == wanted => drop(open.pop()),
            _ if is_quoted => {}
            '"' | '\'' => open.push(Unclosed { at, wanted: char }),
            '(' => open.push(Unclosed { at, wanted: ')' }),
            '[' => open.push(Unclosed { at, wanted: ']' }),
            '{' => open.push(Unclosed { at, wanted: '}' }),
            char if open.is_empty() && char.is_whitespace() => return Ok(at),
            _ => {}
        }
    }
    open.pop().map_or(Ok(text.len()), Err)
}

/// What a word means that is nothing but a quoted text; any other word means itself.
pub(super) fn unquoted(word: &str) -> String {
    let Some(quote @ ('"' | '\'')) = word.chars().next() else { return word.to_owned() };
    let mut text = String::new();
    let mut chars = word.chars().skip(1);
    while let Some(char) = chars.next() {
        match char {
            '\\' => text.extend(chars.next()),
            char if char == quote => break,
            char => text.push(char),
        }
    }
    if chars.next().is_none() { text } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Unclosed, words};

    #[test]
    fn a_line_is_split_where_a_reader_would_split_it() {
        let texts =
            |line| words(line, 0).unwrap().into_iter().map(|word| word.text).collect::<Vec<_>>();
        assert_eq!(texts("  kill Ball  Ball1 "), ["kill", "Ball", "Ball1"]);
        assert_eq!(texts(r#"send Ball "a b" 'c "d"'"#), ["send", "Ball", "a b", "c \"d\""]);
        assert_eq!(
            texts(r#"set B.t.p (10, 20) ["a b", (1)]"#),
            ["set", "B.t.p", "(10, 20)", r#"["a b", (1)]"#]
        );
        assert_eq!(texts(r#"say "a \"b\" c""#), ["say", r#"a "b" c"#]);
        assert_eq!(texts(r#"spawn Ball name="a b""#), ["spawn", "Ball", r#"name="a b""#]);
        assert_eq!(texts("größe ä"), ["größe", "ä"]);
        assert!(texts("").is_empty());
    }

    #[test]
    fn words_know_where_they_stand() {
        let found = words(r#"set "a b" 5"#, 3).unwrap();
        assert_eq!(found[0].place, 4..9);
        assert_eq!(found[1].place, 10..11);
    }

    #[test]
    fn what_is_not_closed_is_named() {
        assert_eq!(words("say \"a", 0), Err(Unclosed { at: 4, wanted: '"' }));
        assert_eq!(words("set x (1, [2)", 0), Err(Unclosed { at: 10, wanted: ']' }));
    }
}
