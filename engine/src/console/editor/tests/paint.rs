//! What is to be seen.

use super::super::{Editor, Key, Span, Style, View, width};
use super::{complete, press};

/// The rows as text, with `|` at the cursor's column.
fn rows(view: &View) -> Vec<String> {
    let text = |row: &Vec<Span>| row.iter().map(|span| span.text.as_str()).collect::<String>();
    view.rows.iter().map(text).collect()
}

fn painted(written: &str, columns: usize, height: usize) -> (Vec<String>, [usize; 2]) {
    let mut editor = Editor::default();
    press(&mut editor, written);
    let view = editor.paint(">>> ", columns, height);
    (rows(&view), [view.row, view.column])
}

fn owned<const N: usize>(rows: [&str; N], cursor: [usize; 2]) -> (Vec<String>, [usize; 2]) {
    (rows.map(str::to_owned).to_vec(), cursor)
}

/// Lines are broken at the right edge, wide characters as a whole, and the cursor is always within.
#[test]
fn long_lines_are_broken() {
    assert_eq!(painted("abc", 10, 9), owned([">>> abc"], [0, 7]));
    assert_eq!(painted("abcdef", 10, 9), owned([">>> abcdef", ""], [1, 0]));
    assert_eq!(painted("abcdefg", 10, 9), owned([">>> abcdef", "g"], [1, 1]));
    assert_eq!(painted("abcde漢", 10, 9), owned([">>> abcde", "漢"], [1, 2]));
    assert_eq!(painted("abcde漢<Left>", 10, 9), owned([">>> abcde", "漢"], [1, 0]));
    assert_eq!(painted("abc<A-Enter>d", 10, 9), owned([">>> abc", "... d"], [1, 5]));
    // Two columns and one row are the least, in which the last of ">>", "> ", "ab" and "c" is seen.
    assert_eq!(painted("abc", 0, 0), owned(["c"], [0, 1]));
}

/// A text that is higher than its place is scrolled no further than its cursor needs.
#[test]
fn a_high_text_is_scrolled() {
    let mut editor = Editor::default();
    press(&mut editor, "a<A-Enter>b<A-Enter>c<A-Enter>d");
    let mut seen = |written: &str| {
        press(&mut editor, written);
        let view = editor.paint("> ", 10, 2);
        (rows(&view), [view.row, view.column])
    };
    assert_eq!(seen(""), owned([". c", ". d"], [1, 3]));
    assert_eq!(seen("<Up>"), owned([". c", ". d"], [0, 3]));
    assert_eq!(seen("<Up>"), owned([". b", ". c"], [0, 3]));
    assert_eq!(seen("<Down>"), owned([". b", ". c"], [1, 3]));
    assert_eq!(seen("<C-Home>"), owned(["> a", ". b"], [0, 2]));
}

/// The list takes half the height, says how much more there is, and turns its pages.
#[test]
fn a_list_has_pages() {
    let mut editor = Editor::default();
    press(&mut editor, "x");
    complete(&mut editor, 0, &["x1", "x2", "x3", "x4", "x5"]);
    press(&mut editor, "<Tab>");
    let view = editor.paint("> ", 10, 6);
    assert_eq!(rows(&view), ["> x", "x1", "x2", "3 more"]);
    press(&mut editor, "<Tab><Tab><Tab>");
    let view = editor.paint("> ", 10, 6);
    assert_eq!(rows(&view), ["> x3", "x3", "x4", "3 more"]);
    assert_eq!(view.rows[1][0], Span { style: Style::Selected, text: "x3".to_owned() });
}

/// Python's tokens have their colours, finished or not.
#[test]
fn python_is_coloured() {
    let styles = |text: &str| {
        let mut editor = Editor::default();
        editor.press(Key::Paste(text.to_owned()));
        let view = editor.paint("", 200, 50);
        let pieces = view.rows.into_iter().flatten().filter(|span| span.style != Style::Plain);
        pieces.map(|span| (span.text, span.style)).collect::<Vec<_>>()
    };
    let expected = |pieces: &[(&str, Style)]| {
        pieces.iter().map(|(text, style)| ((*text).to_owned(), *style)).collect::<Vec<_>>()
    };
    assert_eq!(
        styles("if iffy == rb'a\\'b': # it's"),
        expected(&[
            ("if", Style::Keyword),
            ("rb'a\\'b'", Style::String),
            ("# it's", Style::Comment)
        ])
    );
    assert_eq!(
        styles("x1 + 0xe+1.5e-3j + 'open\nNone"),
        expected(&[
            ("0xe", Style::Number),
            ("1.5e-3j", Style::Number),
            ("'open", Style::String),
            ("None", Style::Keyword)
        ])
    );
    assert_eq!(
        styles("'''a\n'b' 1"),
        expected(&[("'''a", Style::String), ("'b' 1", Style::String)])
    );
}

/// What stays when it is done is the whole text, however high, with the cursor at its end.
#[test]
fn a_finished_text_is_whole() {
    let mut editor = Editor::default();
    press(&mut editor, "a<A-Enter>b<A-Enter>c<C-Home>");
    let view = editor.paint_whole("> ", 10);
    assert_eq!(rows(&view), ["> a", ". b", ". c"]);
    assert_eq!([view.row, view.column, width(&view.rows[2])], [2, 3, 3]);
}
