//! Bytes in and bytes out.

use crate::alert::Level;
use crate::console::completion::Completion;
use crate::console::editor::{History, Key};
use crate::console::host::Host;
use crate::console::{Evaluation, Placing};

use super::decode::Decoder;
use super::{AnsiPrompt, BACKLOG};

/// Remembers what it was told; a text is whole unless it ends with a colon.
#[derive(Default)]
struct Witness(Vec<String>);

impl Host for Witness {
    fn submit(&mut self, text: String) {
        self.0.push(text);
    }

    fn is_complete(&mut self, text: &str) -> bool {
        !text.ends_with(':')
    }

    fn complete(&mut self, _text: &str, _cursor: usize) -> Completion {
        Completion::default()
    }

    fn interrupt(&mut self) {
        self.0.push("(interrupt)".to_owned());
    }

    fn end(&mut self) {
        self.0.push("(end)".to_owned());
    }

    fn prompt(&self) -> String {
        "> ".to_owned()
    }
}

fn prompt(columns: usize) -> (AnsiPrompt, Witness) {
    let (mut prompt, witness) =
        (AnsiPrompt::new(History::default(), [columns, 24], false), Witness::default());
    prompt.output(&witness);
    (prompt, witness)
}

fn decoded(pieces: &[&[u8]]) -> Vec<Key> {
    let (mut decoder, mut keys) = (Decoder::default(), Vec::new());
    for piece in pieces {
        decoder.feed(piece, &mut keys);
    }
    keys.extend(decoder.settle());
    keys
}

/// What terminals send, by the documents of xterm, the Linux console, tmux and PuTTY.
#[test]
fn sequences_are_keys() {
    let table: &[(&[u8], Key)] = &[
        (b"\x1b[A", Key::Up),
        (b"\x1bOB", Key::Down),
        (b"\x1b[1;5C", Key::WordRight),
        (b"\x1b[1;3D", Key::WordLeft),
        (b"\x1b[1;2D", Key::Left),
        (b"\x1b[H", Key::Home),
        (b"\x1b[1~", Key::Home),
        (b"\x1b[7~", Key::Home),
        (b"\x1bOF", Key::End),
        (b"\x1b[1;5H", Key::TextStart),
        (b"\x1b[3~", Key::Delete),
        (b"\x1b[Z", Key::BackTab),
        (b"\x1bb", Key::Alt('b')),
        ("\x1bß".as_bytes(), Key::Alt('ß')),
        (b"\x1b\r", Key::AltEnter),
        (b"\x1b\x7f", Key::AltBackspace),
        (b"\x7f", Key::Backspace),
        (b"\x08", Key::Backspace),
        (b"\t", Key::Tab),
        (b"\x01", Key::Ctrl('a')),
        (b"\x1a", Key::Ctrl('z')),
        (b"\x1f", Key::Ctrl('_')),
        (b"\x1b", Key::Escape),
        ("漢".as_bytes(), Key::Char('漢')),
    ];
    for (bytes, key) in table {
        assert_eq!(decoded(&[bytes]), std::slice::from_ref(key), "{bytes:?}");
        // Cut anywhere it is the same, as nothing says where a network cuts.
        for at in 1..bytes.len() {
            let (begin, end) = bytes.split_at(at);
            assert_eq!(decoded(&[begin, end]), std::slice::from_ref(key), "{begin:?} {end:?}");
        }
    }
}

/// What is no key of ours is passed over as a whole, and what follows is heard.
#[test]
fn unknown_sequences_are_passed_over() {
    for unknown in [&b"\x1b[5~"[..], b"\x1b[?1;2c", b"\x1b[[A", b"\xff", b"\xc3", b"\0", b"\x1bOP"]
    {
        let keys = decoded(&[&[unknown, b"x"].concat()]);
        assert_eq!(keys, [Key::Char('x')], "{unknown:?}");
    }
    let endless = [&b"\x1b["[..], &[b'1'; 1000]].concat();
    assert_eq!(decoded(&[&endless, b"x"]), [Key::Char('x')]);
}

/// A return with a line feed is one key; two returns are two.
#[test]
fn a_line_end_is_one_key() {
    assert_eq!(decoded(&[b"a\r", b"\nb"]), [Key::Char('a'), Key::Enter, Key::Char('b')]);
    assert_eq!(decoded(&[b"\r\r"]), [Key::Enter, Key::Enter]);
    assert_eq!(decoded(&[b"\n\n"]), [Key::Enter, Key::Enter]);
}

/// A bracketed paste is one text, whatever it holds and wherever it is cut; what never ends takes
/// no memory without end.
#[test]
fn a_paste_is_one_text() {
    let bytes = "\x1b[200~ls\r\x03\x1b[A\x1b[201é\x1b[201~x".as_bytes();
    let expected = [Key::Paste("ls\r\x03\x1b[A\x1b[201é".to_owned()), Key::Char('x')];
    for at in 0..bytes.len() {
        let (begin, end) = bytes.split_at(at);
        assert_eq!(decoded(&[begin, end]), expected, "cut at {at}");
    }
    let mut decoder = Decoder::default();
    let mut keys = Vec::new();
    decoder.feed(b"\x1b[200~", &mut keys);
    (0..1_000).for_each(|_| decoder.feed(&[b'x'; 4096], &mut keys));
    decoder.feed(b"\x1b[201~", &mut keys);
    assert!(
        matches!(keys.as_slice(), [Key::Paste(text)] if text.len() == super::super::editor::MAX_TEXT + 1)
    );
}

/// Texts, blocks, interrupts and the end come to the host in their order, and nothing after the end.
#[test]
fn the_host_is_told() {
    let (mut prompt, mut witness) = prompt(80);
    prompt.feed(b"ps\rif x:\ry\rhalf\x03\x04rest\r", &mut witness);
    prompt.hang_up(&mut witness);
    assert_eq!(witness.0, ["ps", "if x:\n    y", "(interrupt)", "(end)"]);
}

/// Only what changed is sent: one letter more rewrites its row alone.
#[test]
fn only_changed_rows_are_sent() {
    let (mut prompt, mut witness) = prompt(6);
    assert_eq!(prompt.output(&witness), "", "nothing happened");
    prompt.feed(b"abcde", &mut witness);
    let sent = prompt.output(&witness);
    assert_eq!(sent, "\x1b[?2026h\r\x1b[K> abcd\r\n\r\x1b[Ke\r\x1b[1C\x1b[?2026l");
    prompt.feed(b"f", &mut witness);
    assert_eq!(prompt.output(&witness), "\x1b[?2026h\r\x1b[Kef\r\x1b[2C\x1b[?2026l");
    prompt.feed(b"\x15", &mut witness);
    let sent = prompt.output(&witness);
    assert_eq!(sent, "\x1b[?2026h\x1b[1A\r\x1b[K> \x1b[1B\r\x1b[J\x1b[1A\r\x1b[2C\x1b[?2026l");
}

/// What is printed takes the line's place, the line comes below it, and nothing in it speaks to the
/// terminal.
#[test]
fn output_comes_above_the_line() {
    let (mut prompt, mut witness) = prompt(80);
    prompt.feed(b"ab", &mut witness);
    prompt.output(&witness);
    prompt.print("one\ntwo \x1b]0;x\x07\u{9b}2J\n");
    prompt.alert(Level::Error, "Ball", "fell");
    assert_eq!(
        prompt.output(&witness),
        "\x1b[?2026h\r\x1b[Jone\r\ntwo ]0;x2J\r\nBall: error: fell\r\n\r\x1b[K> ab\r\x1b[4C\x1b[?2026l"
    );
}

/// Without colours there are none; with them they end with their piece.
#[test]
fn colours_can_be_had() {
    let (mut prompt, mut witness) = prompt(80);
    prompt.feed(b"1", &mut witness);
    prompt.output(&witness);
    prompt.set_coloured(true);
    assert_eq!(
        prompt.output(&witness),
        "\x1b[?2026h\r\x1b[K\x1b[1;35m> \x1b[0m\x1b[33m1\x1b[0m\r\x1b[3C\x1b[?2026l"
    );
}

/// In a narrower terminal the rows that it broke are all taken away before the line comes anew.
#[test]
fn a_narrower_terminal_has_broken_the_rows() {
    let (mut prompt, mut witness) = prompt(10);
    prompt.feed(b"abcdefghijkl", &mut witness);
    prompt.output(&witness);
    // "> abcdefgh" and "ijkl" in four columns: three rows above the one with the cursor.
    prompt.resize([4, 24]);
    let sent = prompt.output(&witness);
    assert!(sent.starts_with("\x1b[?2026h\x1b[3A\r\x1b[J\r\x1b[K> ab\r\n"), "{sent:?}");

    // "> abcdefg" with the cursor on the last letter: two rows above that letter's.
    let (mut prompt, mut witness) = self::prompt(10);
    prompt.feed(b"abcdefg\x1b[D", &mut witness);
    prompt.output(&witness);
    prompt.resize([4, 24]);
    let sent = prompt.output(&witness);
    assert!(sent.starts_with("\x1b[?2026h\x1b[2A\r\x1b[J"), "{sent:?}");
}

fn table(text: &str) -> Evaluation {
    let output = text.to_owned();
    Evaluation { output, is_waiting: true, placing: Placing::Instead, ..Evaluation::default() }
}

/// What is kept up to date stands above the line, only its changed rows are sent, and it stays when it
/// is over. What comes meanwhile stands above it.
#[test]
fn a_table_is_renewed_in_its_place() {
    let (mut prompt, mut witness) = prompt(20);
    prompt.show(&table("one\ntwo \x1b[2J and what is too wide\n"));
    let sent = prompt.output(&witness);
    assert_eq!(
        sent,
        "\x1b[?2026h\r\x1b[Kone\r\n\r\x1b[Ktwo [2J and what is \r\n\r\x1b[K> \r\x1b[2C\x1b[?2026l"
    );
    prompt.show(&table("1\ntwo \x1b[2J and what is too wide\n"));
    let sent = prompt.output(&witness);
    assert_eq!(sent, "\x1b[?2026h\x1b[2A\r\x1b[K1\x1b[2B\r\x1b[2C\x1b[?2026l");
    prompt.print("above");
    let sent = prompt.output(&witness);
    assert!(sent.contains("\x1b[2A\r\x1b[Jabove\r\n\r\x1b[K1\r\n"), "{sent:?}");
    prompt.feed(b"\x03", &mut witness);
    let sent = prompt.output(&witness);
    assert!(sent.contains("\x1b[J1\r\ntwo [2J and what is too wide\r\n\r\x1b[K> "), "{sent:?}");
    assert_eq!(witness.0, ["(interrupt)"]);
    prompt.show(&Evaluation { placing: Placing::Alone, ..Evaluation::default() });
    assert!(prompt.output(&witness).contains("\x1b[H\x1b[2J\r\x1b[K> "));
}

/// A table that is longer than the screen leaves room for the line.
#[test]
fn a_long_table_leaves_room() {
    let (mut prompt, witness) = prompt(20);
    prompt.show(&table(&"x\n".repeat(50)));
    assert_eq!(prompt.output(&witness).matches('x').count(), 23);
}

/// What a terminal does not read takes no memory without end, and what was left out is told.
#[test]
fn what_is_not_read_is_left_out() {
    let (mut prompt, witness) = prompt(80);
    let line = "x".repeat(BACKLOG / 4);
    (0..10).for_each(|_| prompt.print(&line));
    let sent = prompt.output(&witness);
    assert!(sent.len() < 2 * BACKLOG);
    assert!(sent.contains("x\r\n(6 lines are left out: the terminal did not read)\r\n\r\x1b[K> "));
    prompt.print("more");
    assert!(prompt.output(&witness).contains("more\r\n\r\x1b[K> "));
}
