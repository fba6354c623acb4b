//! What in a text is a string, a number, a keyword or a comment of Python.
//!
//! A line editor colours texts that are not finished, so this knows tokens and no grammar, and takes
//! whatever is left open to go on to the end.

use super::paint::Style;

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// The longest prefix of a string: `rb`, `fr`.
const MAX_PREFIX: usize = 2;

/// Cuts a text into pieces of one style each, which follow each other without gaps.
pub(super) fn highlight(text: &str) -> Vec<(&str, Style)> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (length, style) = token(rest);
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        pieces.push((piece, style));
        rest = after;
    }
    pieces
}

/// The length in bytes, never 0, and the style of the token at the beginning of a text.
fn token(text: &str) -> (usize, Style) {
    let Some(first) = text.chars().next() else {
        return (0, Style::Plain);
    };
    let up_to = |end: Option<usize>| end.unwrap_or(text.len());
    if first == '#' {
        return (up_to(text.find('\n')), Style::Comment);
    }
    if matches!(first, '"' | '\'') {
        return (string(text), Style::String);
    }
    if first.is_ascii_digit() {
        return (number(text), Style::Number);
    }
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    if is_name(first) {
        let length = up_to(text.find(|letter| !is_name(letter)));
        let (word, rest) = text.split_at_checked(length).unwrap_or((text, ""));
        let is_prefix =
            word.len() <= MAX_PREFIX && word.bytes().all(|byte| b"rRbBuUfFtT".contains(&byte));
        if is_prefix && rest.starts_with(['"', '\'']) {
            return (length + string(rest), Style::String);
        }
        let style = if KEYWORDS.contains(&word) { Style::Keyword } else { Style::Plain };
        return (length, style);
    }
    let is_start = |letter: char| matches!(letter, '#' | '"' | '\'') || is_name(letter);
    (up_to(text.find(is_start)), Style::Plain)
}

/// The length of a number: `1_000`, `0xff`, `1.5e-3j`.
fn number(text: &str) -> usize {
    let mut before = ' ';
    let is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let end = text.find(|letter: char| {
        let is_sign = matches!(letter, '+' | '-') && matches!(before, 'e' | 'E');
        let is_part =
            letter.is_alphanumeric() || matches!(letter, '_' | '.') || (is_sign && !is_hexadecimal);
        before = letter;
        !is_part
    });
    end.unwrap_or(text.len())
}

/// The length of a string from its quote on. One in single quotes that is left open ends with its
/// line. A backslash keeps a quote from ending even a raw string.
fn string(text: &str) -> usize {
    let quote = text.get(..1).unwrap_or_default();
    let triple = quote.repeat(3);
    let is_long = text.starts_with(&triple);
    let mark = if is_long { triple.as_str() } else { quote };
    let mut place = mark.len();
    while let Some(rest) = text.get(place..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(mark) {
            return place + mark.len();
        }
        let mut letters = rest.chars();
        match letters.next() {
            Some('\n') if !is_long => return place,
            Some('\\') => place += 1 + letters.next().map_or(0, char::len_utf8),
            letter => place += letter.map_or(1, char::len_utf8),
        }
    }
    text.len()
}
