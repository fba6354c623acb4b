//! Whatever keys come, the editor stays in order.

use proptest::prelude::*;
use unicode_segmentation::GraphemeCursor;

use crate::console::completion::{Candidate, Completion};

use super::super::{Action, Editor, Key, width};

/// Letters that are hard in one way or another: wide, marks, joiners, halves of flags, tabs, quotes.
fn text() -> impl Strategy<Value = String> {
    let letters = prop::sample::select(vec![
        "a",
        "_",
        " ",
        "\n",
        "\t",
        "'",
        "\"",
        "\\",
        "#",
        ":",
        "0x",
        "é",
        "e\u{301}",
        "漢",
        "\u{301}",
        "\u{200d}",
        "👨",
        "👩‍👧",
        "🇩",
        "🇪",
        "\u{1b}",
        "\r\n",
        "\u{7f}",
        "한",
        "ᄒ",
        "ᅡ",
    ]);
    prop::collection::vec(letters, 0..6).prop_map(|letters| letters.concat())
}

fn key() -> impl Strategy<Value = Key> {
    let plain = prop::sample::select(vec![
        Key::Enter,
        Key::AltEnter,
        Key::Tab,
        Key::BackTab,
        Key::Backspace,
        Key::AltBackspace,
        Key::Delete,
        Key::Escape,
        Key::Left,
        Key::Right,
        Key::Up,
        Key::Down,
        Key::WordLeft,
        Key::WordRight,
        Key::Home,
        Key::End,
        Key::TextStart,
        Key::TextEnd,
    ]);
    let letter = text().prop_map(|text| Key::Char(text.chars().next().unwrap_or('x')));
    let control = prop::sample::select("abcdefghijklmnoprstuwyz_".chars().collect::<Vec<_>>());
    let alt = prop::sample::select("bdfy<>".chars().collect::<Vec<_>>());
    prop_oneof![
        4 => letter,
        3 => plain,
        2 => control.prop_map(Key::Ctrl),
        1 => alt.prop_map(Key::Alt),
        1 => text().prop_map(Key::Paste),
    ]
}

fn completion() -> impl Strategy<Value = Completion> {
    let candidates = prop::collection::vec(text(), 0..4);
    (0..8_usize, candidates).prop_map(|(start, texts)| {
        let candidate = |text: String| Candidate { detail: text.clone(), text };
        Completion { start, candidates: texts.into_iter().map(candidate).collect() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// No keys and no answers make it panic, part a character, or paint beyond the edges.
    #[test]
    fn any_keys_will_do(
        keys in prop::collection::vec((key(), any::<bool>(), completion()), 0..60),
        columns in 2..20_usize,
        rows in 1..8_usize,
    ) {
        let mut editor = Editor::default();
        for (key, is_whole, completion) in keys {
            match editor.press(key) {
                Action::Entered(_) if is_whole => drop(editor.accept()),
                Action::Entered(_) => drop(editor.more()),
                Action::Complete { text, cursor } => drop(editor.offer(&text, cursor, completion)),
                _ => {}
            }
            let (text, cursor) = (editor.text(), editor.cursor());
            let border = GraphemeCursor::new(cursor, text.len(), true).is_boundary(text, 0);
            prop_assert_eq!(border, Ok(true), "{:?} at {}", text, cursor);
            let view = editor.paint("> ", columns, rows);
            prop_assert!(view.rows.len() <= rows && view.row < view.rows.len(), "{:?}", view);
            prop_assert!(view.column < columns, "{:?}", view);
            prop_assert!(view.rows.iter().all(|row| width(row) <= columns), "{:?}", view);
            let mut spans = view.rows.iter().flatten();
            prop_assert!(!spans.any(|span| span.text.contains(char::is_control)), "{:?}", view);
        }
    }

    /// Undoing leads back to nothing, as it began.
    #[test]
    fn all_can_be_undone(texts in prop::collection::vec(text(), 0..10)) {
        let mut editor = Editor::default();
        for text in &texts {
            editor.press(Key::Paste(text.clone()));
        }
        for _ in 0..texts.len() {
            editor.press(Key::Ctrl('_'));
        }
        prop_assert_eq!(editor.text(), "");
    }
}
