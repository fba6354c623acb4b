//! The editor by sequences of keys; what is expected was worked out by hand.

mod paint;
mod random;

use crate::console::completion::{Candidate, Completion};

use super::{Action, Editor, History, Key, MAX_TEXT};

/// Keys as one writes them down: letters, `<Up>`, `<C-a>` with Control, `<A-b>` with Alt.
fn keys(written: &str) -> Vec<Key> {
    let (mut keys, mut rest) = (Vec::new(), written);
    while let Some(letter) = rest.chars().next() {
        let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let (key, after) = match name {
            Some((name, after)) => (named(name), after),
            None => (Key::Char(letter), &rest[letter.len_utf8()..]),
        };
        keys.push(key);
        rest = after;
    }
    keys
}

fn named(name: &str) -> Key {
    let letter = |rest: &str| rest.chars().next().expect("a letter follows");
    match name {
        "Enter" => Key::Enter,
        "A-Enter" => Key::AltEnter,
        "Tab" => Key::Tab,
        "S-Tab" => Key::BackTab,
        "BS" => Key::Backspace,
        "A-BS" => Key::AltBackspace,
        "Del" => Key::Delete,
        "Esc" => Key::Escape,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "C-Left" => Key::WordLeft,
        "C-Right" => Key::WordRight,
        "Home" => Key::Home,
        "End" => Key::End,
        "C-Home" => Key::TextStart,
        "C-End" => Key::TextEnd,
        "A-lt" => Key::Alt('<'),
        _ => match name.split_once('-') {
            Some(("C", rest)) => Key::Ctrl(letter(rest)),
            Some(("A", rest)) => Key::Alt(letter(rest)),
            _ => panic!("no key is called {name}"),
        },
    }
}

/// Presses keys, with a host that takes a text for whole as Python does, and completes nothing.
/// Gives what was submitted.
fn press(editor: &mut Editor, written: &str) -> Vec<String> {
    let mut submitted = Vec::new();
    for key in keys(written) {
        if let Action::Entered(text) = editor.press(key) {
            let is_block = text.contains(":\n") || text.ends_with(':');
            if is_block && !text.ends_with('\n') {
                editor.more();
            } else if let Action::Submit(text) = editor.accept() {
                submitted.push(text);
            }
        }
    }
    submitted
}

/// The text with `|` at the cursor, after the keys.
fn after(written: &str) -> String {
    let mut editor = Editor::default();
    press(&mut editor, written);
    shown(&editor)
}

fn shown(editor: &Editor) -> String {
    let (before, rest) = editor.text().split_at(editor.cursor());
    format!("{before}|{rest}")
}

fn with_history(entries: &[&str]) -> Editor {
    let mut history = History::default();
    entries.iter().for_each(|entry| history.push(entry));
    Editor::new(history)
}

fn completion(start: usize, words: &[&str]) -> Completion {
    let candidates =
        words.iter().map(|word| Candidate { text: (*word).to_owned(), detail: String::new() });
    Completion { start, candidates: candidates.collect() }
}

/// Presses Tab, which must ask, and answers.
fn complete(editor: &mut Editor, start: usize, words: &[&str]) {
    let Action::Complete { text, cursor } = editor.press(Key::Tab) else {
        panic!("nothing was asked");
    };
    editor.offer(&text, cursor, completion(start, words));
}

/// The cursor moves by what a reader takes for a character, a word, a line, the text.
#[test]
fn the_cursor_moves() {
    assert_eq!(after("abc<Left>x"), "abx|c");
    assert_eq!(after("abc<Left><Left><Right>x"), "abx|c");
    assert_eq!(after("abc<Home>x<End>y"), "xabcy|");
    assert_eq!(after("abc<C-a><C-f>x<C-e><C-b>y"), "axby|c");
    assert_eq!(after("ball.transform.x<C-Left><C-Left>"), "ball.|transform.x");
    assert_eq!(after("a_1 + b<A-b><A-b>"), "|a_1 + b");
    assert_eq!(after("a_1 + b<Home><C-Right><A-f>"), "a_1 + b|");
    assert_eq!(after("ab<A-Enter>cd<C-Home>x<C-End>y"), "xab\ncdy|");
    // A family, a flag, an accent on its letter: one step each.
    assert_eq!(after("a👨‍👩‍👧b<Left><Left>x"), "ax|👨‍👩‍👧b");
    assert_eq!(after("🇩🇪e\u{301}<BS>"), "🇩🇪|");
    assert_eq!(after("🇩🇪e\u{301}<Home><Del>"), "|e\u{301}");
}

/// A mark that is inserted before a character's own mark does not leave the cursor within it.
#[test]
fn the_cursor_leaves_a_character_that_grew() {
    assert_eq!(after("a\u{301}<Home>e\u{302}<Left><Del>"), "|a\u{301}");
    // The letter and the two regional indicators around the cursor become flags.
    assert_eq!(after("🇩🇪<Home>🇫"), "🇫🇩|🇪");
}

/// Up and down keep to the column where the line is long enough, counted as it is shown.
#[test]
fn lines_are_walked_by_columns() {
    assert_eq!(after("abcd<A-Enter>e<Up>"), "a|bcd\ne");
    assert_eq!(after("ab<A-Enter>cdef<Up>"), "ab|\ncdef");
    assert_eq!(after("漢字<A-Enter>abcd<Left><Up>"), "漢|字\nabcd");
    assert_eq!(after("ab<A-Enter>cd<Up><Home><Down>x"), "ab\nx|cd");
}

/// What is deleted by words and lines comes back, pieces cut in a row as one.
#[test]
fn what_was_cut_is_put_back() {
    assert_eq!(after("send to.Ball <C-w>"), "send |");
    assert_eq!(after("send to.Ball<A-BS>"), "send to.|");
    assert_eq!(after("a bb ccc<C-w><C-w><C-y>!"), "a bb ccc!|");
    assert_eq!(after("a bb ccc<Home><A-d><A-d><C-e><C-y>"), " ccca bb|");
    assert_eq!(after("abc<Left><C-k><C-a><C-y>"), "c|ab");
    assert_eq!(after("abc<Left><C-u><End><C-y>"), "cab|");
    assert_eq!(after("one<C-u>two<C-u><C-y><A-y>"), "one|");
    assert_eq!(after("one<C-u>two<C-u><C-y><A-y><A-y>"), "two|");
    assert_eq!(after("ab<A-Enter>cd<Up><End><C-k>"), "ab|cd");
}

/// Undo goes back a word of typing, or one change of another kind.
#[test]
fn changes_are_undone() {
    assert_eq!(after("one two<C-_>"), "one |");
    assert_eq!(after("one two<C-_><C-_>"), "|");
    assert_eq!(after("one two<C-w><C-_>"), "one two|");
    assert_eq!(after("one<Left><C-k><C-_><C-_>"), "|");
    assert_eq!(after("<C-_>a"), "a|");
}

/// A block goes on until an empty line, with the indentation that it suggests.
#[test]
fn a_block_ends_with_an_empty_line() {
    let mut editor = Editor::default();
    assert!(press(&mut editor, "if x:<Enter>").is_empty());
    assert_eq!(shown(&editor), "if x:\n    |");
    assert!(press(&mut editor, "for y in z:  # why: so<Enter>return<Enter>").is_empty());
    assert_eq!(shown(&editor), "if x:\n    for y in z:  # why: so\n        return\n    |");
    let submitted = press(&mut editor, "<Enter>");
    assert_eq!(submitted, ["if x:\n    for y in z:  # why: so\n        return\n"]);
    assert_eq!(shown(&editor), "|");
    assert_eq!(press(&mut editor, "d = ':'<Enter>"), ["d = ':'"]);
}

/// Above the last line Enter begins a line; from the last one it enters, wherever the cursor is.
#[test]
fn enter_above_the_last_line_begins_one() {
    let mut editor = Editor::default();
    press(&mut editor, "if x:<Enter>y<Up><End><Enter>z");
    assert_eq!(shown(&editor), "if x:\n    z|\n    y");
    assert_eq!(press(&mut editor, "<Down><End><Left><Enter>"), [""; 0]);
    assert_eq!(shown(&editor), "if x:\n    z\n    y\n    |");
    assert_eq!(press(&mut editor, "<Enter>"), ["if x:\n    z\n    y\n"]);
    assert_eq!(press(&mut editor, "abc<Left><Left><Enter>"), ["abc"]);
}

/// Tab and Backspace go by steps of indentation before a line's first word.
#[test]
fn indentation_goes_by_steps() {
    assert_eq!(after("<Tab>x"), "    x|");
    assert_eq!(after("  <Tab>x"), "    x|");
    assert_eq!(after("<Tab><Tab><BS>x"), "    x|");
    assert_eq!(after("<Tab>  <BS>x"), "    x|");
    assert_eq!(after("<Tab><Tab><S-Tab>x"), "    x|");
    assert_eq!(after("x<A-Enter><BS>y"), "xy|");
}

/// A pasted text is text: its line breaks enter nothing, its control characters are gone.
#[test]
fn a_paste_is_text() {
    let mut editor = Editor::default();
    let pasted = Key::Paste("def f():\r\n\treturn '\u{1b}[2J\u{7}'\r\nquit()\n".to_owned());
    assert_eq!(editor.press(pasted), Action::Redraw);
    assert_eq!(shown(&editor), "def f():\n\treturn '[2J'\nquit()\n|");
    press(&mut editor, "<C-_>");
    assert_eq!(shown(&editor), "|");
}

/// What would make the text too long is not inserted, and that is said.
#[test]
fn a_text_is_bounded() {
    let mut editor = Editor::default();
    editor.press(Key::Paste("x".repeat(MAX_TEXT)));
    assert_eq!(editor.text().len(), MAX_TEXT);
    editor.press(Key::Char('y'));
    assert_eq!(editor.text().len(), MAX_TEXT);
    let last = editor.paint("> ", 80, 24).rows.pop().expect("there are rows");
    assert!(last[0].text.starts_with("not inserted: a text here has at most 262144 bytes"));
}

/// Up shows the entries that begin with what was typed, each text once; Down leads back to it.
#[test]
fn the_history_is_walked_by_what_was_typed() {
    let mut editor = with_history(&["ps", "print(1)", "ps", "tree", "print(2)"]);
    press(&mut editor, "p<Up>");
    assert_eq!(shown(&editor), "print(2)|");
    press(&mut editor, "<Up>");
    assert_eq!(shown(&editor), "ps|");
    press(&mut editor, "<Up><Up><Up>");
    assert_eq!(shown(&editor), "ps|", "the oldest one stays");
    press(&mut editor, "<Down>");
    assert_eq!(shown(&editor), "print(1)|");
    press(&mut editor, "<Down><Down><Down>");
    assert_eq!(shown(&editor), "p|");
    press(&mut editor, "<C-u><Up><Up>x<Up>");
    assert_eq!(shown(&editor), "treex|", "no entry begins with it");
}

/// An entry of several lines is walked through before the one above it comes.
#[test]
fn a_recalled_block_is_edited() {
    let mut editor = with_history(&["ps", "if x:\n    y"]);
    press(&mut editor, "<Up><Up>");
    assert_eq!(shown(&editor), "if x:|\n    y");
    press(&mut editor, "<Up>");
    assert_eq!(shown(&editor), "ps|");
    press(&mut editor, "<C-n>");
    assert_eq!(shown(&editor), "if x:\n    y|");
    assert_eq!(press(&mut editor, "z<Enter><Enter>"), ["if x:\n    yz\n"]);
}

/// The history takes no entry twice in a row, none that begins with a space, and no more than it may.
#[test]
fn the_history_is_choosy() {
    let mut editor = Editor::new(History::new(3));
    press(&mut editor, "a<Enter> secret<Enter><Enter>b<Enter>a<Enter>c<Enter>c<Enter>");
    assert_eq!(editor.history().iter().collect::<Vec<_>>(), ["b", "a", "c"]);
}

/// Ctrl-R finds entries by a piece of them, the youngest first, and puts back what was there.
#[test]
fn the_history_is_searched() {
    let mut editor = with_history(&["inspect Ball", "set Ball.x 3", "tree", "set Ball.x 3"]);
    press(&mut editor, "now<C-r>Ba");
    assert_eq!(shown(&editor), "set |Ball.x 3");
    assert!(press(&mut editor, "<C-r>").is_empty());
    assert_eq!(shown(&editor), "inspect |Ball");
    press(&mut editor, "<C-s>");
    assert_eq!(shown(&editor), "set |Ball.x 3");
    press(&mut editor, "q");
    assert_eq!(shown(&editor), "set |Ball.x 3", "what was found stays");
    assert_eq!(editor.paint(">>> ", 80, 24).rows[0][0].text, "(nothing found: Baq) ");
    press(&mut editor, "<Esc>");
    assert_eq!(shown(&editor), "now|");
    press(&mut editor, "<C-r>insp<Right>x");
    assert_eq!(shown(&editor), "ix|nspect Ball");
    press(&mut editor, "<C-_><C-_>");
    assert_eq!(shown(&editor), "now|");
    assert_eq!(press(&mut editor, "<C-r>tre<Enter>"), ["tree"]);
}

/// One candidate is inserted; of several what they share, then a list, then one after the other.
#[test]
fn a_word_is_completed() {
    let mut editor = Editor::default();
    press(&mut editor, "x = pri<Left><Left><Left>");
    press(&mut editor, "<End>");
    complete(&mut editor, 4, &["print"]);
    assert_eq!(shown(&editor), "x = print|");

    press(&mut editor, "(ma");
    complete(&mut editor, 10, &["machines", "machinery"]);
    assert_eq!(shown(&editor), "x = print(machine|");
    let rows = |editor: &mut Editor| editor.paint("", 40, 24).rows.len();
    assert_eq!(rows(&mut editor), 1);
    press(&mut editor, "<Tab>");
    assert_eq!((shown(&editor).as_str(), rows(&mut editor)), ("x = print(machine|", 3));
    press(&mut editor, "<Tab>");
    assert_eq!(shown(&editor), "x = print(machines|");
    press(&mut editor, "<S-Tab>");
    assert_eq!(shown(&editor), "x = print(machinery|");
    press(&mut editor, "<Tab><Down>");
    assert_eq!(shown(&editor), "x = print(machinery|");
    press(&mut editor, "<Esc>");
    assert_eq!((shown(&editor).as_str(), rows(&mut editor)), ("x = print(machine|", 1));
}

/// Enter takes the selected candidate and enters nothing; a letter takes it and goes on.
#[test]
fn a_selected_candidate_is_taken() {
    let mut editor = Editor::default();
    press(&mut editor, "k");
    complete(&mut editor, 0, &["kill", "kind"]);
    assert_eq!(press(&mut editor, "<Tab><Tab><Enter>"), [""; 0]);
    assert_eq!(shown(&editor), "kill|");
    press(&mut editor, "<C-u>k");
    complete(&mut editor, 0, &["kill", "kind"]);
    press(&mut editor, "<Tab><Tab><Tab> x");
    assert_eq!(shown(&editor), "kind x|");
}

/// An answer that comes too late, or makes no sense, changes nothing.
#[test]
fn a_wrong_answer_is_not_taken() {
    let mut editor = Editor::default();
    press(&mut editor, "ü");
    editor.offer("u", 1, completion(0, &["x"]));
    editor.offer("ü", 2, completion(1, &["x"]));
    editor.offer("ü", 2, completion(9, &["x"]));
    editor.offer("ü", 2, completion(0, &[]));
    editor.offer("ü", 2, completion(0, &["üa\nquit()", "ü\u{1b}[2J"]));
    assert_eq!(shown(&editor), "ü|");
}

/// The keys that are for whoever holds the editor.
#[test]
fn some_keys_are_the_hosts() {
    let mut editor = Editor::default();
    press(&mut editor, "ab<Left>");
    assert_eq!(editor.press(Key::Ctrl('d')), Action::Redraw);
    assert_eq!(shown(&editor), "a|", "in a text it deletes");
    assert_eq!(editor.press(Key::Ctrl('z')), Action::Suspend);
    assert_eq!(editor.press(Key::Ctrl('l')), Action::Clear);
    assert_eq!(editor.press(Key::Ctrl('c')), Action::Interrupt);
    assert_eq!(shown(&editor), "|");
    assert_eq!(editor.press(Key::Ctrl('d')), Action::EndOfInput);
}
