//! Bytes of a terminal as keys: what xterm sends and most others send too.
//!
//! Source: "XTerm Control Sequences", sections "PC-Style Function Keys" and "Bracketed Paste Mode".

use crate::console::editor::{Key, MAX_TEXT};

const ESCAPE: u8 = 0x1b;
const PASTE_END: &[u8] = b"\x1b[201~";

/// The longest sequence that is waited for; known ones have eight bytes.
const MAX_SEQUENCE: usize = 32;

/// Reads keys from bytes, wherever those are cut.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The beginning of a key.
    waiting: Vec<u8>,
    /// A text that is being pasted.
    paste: Option<Vec<u8>>,
    /// Whether the last byte was a carriage return, which a line feed may follow.
    is_after_return: bool,
}

/// What stands at the beginning of some bytes.
enum Token {
    /// A key, or something that is none, in so many bytes.
    Key(Option<Key>, usize),
    /// A pasted text begins after so many bytes.
    Paste(usize),
    /// Too little to tell.
    Part,
}

impl Decoder {
    /// Takes bytes, and puts the keys that are whole at the end of `keys`.
    pub(super) fn feed(&mut self, bytes: &[u8], keys: &mut Vec<Key>) {
        self.waiting.extend_from_slice(bytes);
        let waiting = std::mem::take(&mut self.waiting);
        let mut rest = waiting.as_slice();
        while !rest.is_empty() {
            if let Some(paste) = &mut self.paste {
                let Some(end) = find(rest, PASTE_END) else {
                    // The end mark may have begun; what is more than a text can have is let go of.
                    let kept = rest.len().min(PASTE_END.len() - 1);
                    let (taken, part) = rest.split_at(rest.len() - kept);
                    append(paste, taken);
                    rest = part;
                    break;
                };
                append(paste, rest.get(..end).unwrap_or_default());
                keys.push(Key::Paste(String::from_utf8_lossy(paste).into_owned()));
                self.paste = None;
                rest = rest.get(end + PASTE_END.len()..).unwrap_or_default();
                continue;
            }
            let used = match token(rest) {
                Token::Part => break,
                Token::Paste(used) => {
                    self.paste = Some(Vec::new());
                    used
                }
                Token::Key(key, used) => {
                    let is_second_half = self.is_after_return && rest.first() == Some(&b'\n');
                    self.is_after_return = rest.first() == Some(&b'\r');
                    keys.extend(key.filter(|_| !is_second_half));
                    used
                }
            };
            rest = rest.get(used.max(1)..).unwrap_or_default();
        }
        self.waiting = rest.to_vec();
    }

    /// Nothing more has come: what waits was the Escape key, or nothing.
    pub(super) fn settle(&mut self) -> Option<Key> {
        let is_escape = self.paste.is_none() && self.waiting == [ESCAPE];
        if self.paste.is_none() {
            self.waiting.clear();
        }
        is_escape.then_some(Key::Escape)
    }
}

/// Takes bytes of a paste, as far as they could be inserted; one byte too many is kept for saying
/// that it was too long.
fn append(paste: &mut Vec<u8>, bytes: &[u8]) {
    let room = (MAX_TEXT + 1).saturating_sub(paste.len());
    paste.extend(bytes.iter().take(room));
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn token(bytes: &[u8]) -> Token {
    match bytes {
        [ESCAPE] | [] => Token::Part,
        [ESCAPE, b'[', rest @ ..] => sequence(rest),
        [ESCAPE, b'O'] => Token::Part,
        [ESCAPE, b'O', last, ..] => Token::Key(cursor_key(*last, 1), 3),
        [ESCAPE, ESCAPE, ..] => Token::Key(Some(Key::Escape), 1),
        [ESCAPE, rest @ ..] => match letter(rest) {
            Token::Key(key, used) => Token::Key(key.and_then(with_alt), used + 1),
            other => other,
        },
        _ => letter(bytes),
    }
}

fn with_alt(key: Key) -> Option<Key> {
    match key {
        Key::Char(letter) => Some(Key::Alt(letter)),
        Key::Enter => Some(Key::AltEnter),
        Key::Backspace => Some(Key::AltBackspace),
        _ => None,
    }
}

/// A character or a control character.
fn letter(bytes: &[u8]) -> Token {
    let Some(&first) = bytes.first() else { return Token::Part };
    let key = match first {
        b'\r' | b'\n' => Some(Key::Enter),
        b'\t' => Some(Key::Tab),
        0x08 | 0x7f => Some(Key::Backspace),
        0x1f => Some(Key::Ctrl('_')),
        1..=26 => Some(Key::Ctrl(char::from(first - 1 + b'a'))),
        0..=0x1e => None,
        _ => return character(bytes),
    };
    Token::Key(key, 1)
}

/// A character in UTF-8; bytes that are none are passed over.
fn character(bytes: &[u8]) -> Token {
    let begin = bytes.get(..bytes.len().min(4)).unwrap_or_default();
    let valid = match std::str::from_utf8(begin) {
        Ok(text) => text,
        Err(error) if error.valid_up_to() > 0 => {
            let valid = begin.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        }
        Err(error) => {
            return error.error_len().map_or(Token::Part, |wrong| Token::Key(None, wrong));
        }
    };
    valid.chars().next().map_or(Token::Part, |letter| {
        let key = (!letter.is_control()).then_some(Key::Char(letter));
        Token::Key(key, letter.len_utf8())
    })
}

/// What follows `ESC [`: numbers, then a letter that ends it.
fn sequence(rest: &[u8]) -> Token {
    // The Linux console sends `ESC [ [ A` for F1.
    let skipped = usize::from(rest.first() == Some(&b'['));
    let body = rest.get(skipped..).unwrap_or_default();
    let Some(length) = body.iter().position(|byte| !(0x20..=0x3f).contains(byte)) else {
        let is_too_long = rest.len() > MAX_SEQUENCE;
        return if is_too_long { Token::Key(None, 2 + rest.len()) } else { Token::Part };
    };
    let used = 2 + skipped + length + 1;
    let (numbers, last) = body.split_at(length);
    let mut numbers = numbers.split(|byte| *byte == b';').map(|digits| {
        std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<u32>().ok())
    });
    let number = numbers.next().flatten();
    let modifiers = numbers.next().flatten().unwrap_or(1);
    let key = match (last.first(), number) {
        _ if skipped > 0 => None,
        (Some(b'~'), Some(200)) => return Token::Paste(used),
        (Some(b'~'), Some(1 | 7)) => Some(Key::Home),
        (Some(b'~'), Some(4 | 8)) => Some(Key::End),
        (Some(b'~'), Some(3)) => Some(Key::Delete),
        (Some(b'Z'), _) => Some(Key::BackTab),
        (Some(last), _) => cursor_key(*last, modifiers),
        (None, _) => None,
    };
    Token::Key(key, used)
}

/// A key whose sequence ends with this letter. Modifiers are 1 and a bit each: 1 Shift, 2 Alt,
/// 4 Control.
fn cursor_key(last: u8, modifiers: u32) -> Option<Key> {
    let is_far = modifiers.saturating_sub(1) & 0b110 != 0;
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' if is_far => Key::WordRight,
        b'C' => Key::Right,
        b'D' if is_far => Key::WordLeft,
        b'D' => Key::Left,
        b'H' if is_far => Key::TextStart,
        b'H' => Key::Home,
        b'F' if is_far => Key::TextEnd,
        b'F' => Key::End,
        // Enter of the numeric keypad.
        b'M' => Key::Enter,
        _ => return None,
    })
}
