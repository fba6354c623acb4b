//! What keys mean while the overlay is open.

use crate::console::editor::Key as Edit;
use crate::input::Key;
use crate::platform::egui::modifiers::Modifiers;

/// What a key asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stroke {
    /// Something of the line that is edited.
    Edit(Edit),
    /// The selected text goes to the clipboard; without one, the line is thrown away if `or_interrupt`.
    Copy {
        /// Whether it is Ctrl-C, which means something else where nothing is selected.
        or_interrupt: bool,
    },
    /// The clipboard's text comes into the line.
    Paste,
    /// A page further up, or down.
    Page {
        /// Whether it is up.
        up: bool,
    },
    /// Everything becomes larger by an eighth, smaller, or as large as at first.
    Zoom(i32),
    /// As large as at first.
    ZoomBack,
    /// The inspector appears or goes.
    Inspector,
}

/// The letter that a key is called: on the user's keyboard, or, where that has no Latin letters, on
/// an American one.
fn letter(key: Key, label: &str) -> Option<char> {
    [label, key.name()].into_iter().find_map(|name| {
        let mut letters = name.chars();
        let letter = letters.next().filter(char::is_ascii_graphic)?;
        letters.next().is_none().then(|| letter.to_ascii_lowercase())
    })
}

/// What a key asks for that goes down; `None` if nothing, or if its text says it.
pub(super) fn stroke(key: Key, label: &str, modifiers: Modifiers) -> Option<Stroke> {
    let (ctrl, shift, alt) = (modifiers.has_ctrl(), modifiers.has_shift(), modifiers.has_alt());
    let either = |is_first: bool, first, second| if is_first { first } else { second };
    let edit = match key.name() {
        "Return" | "Keypad Enter" => either(alt || shift, Edit::AltEnter, Edit::Enter),
        "Tab" => either(shift, Edit::BackTab, Edit::Tab),
        "Backspace" => either(alt || ctrl, Edit::AltBackspace, Edit::Backspace),
        "Delete" => Edit::Delete,
        "Escape" => Edit::Escape,
        "Left" => either(ctrl, Edit::WordLeft, Edit::Left),
        "Right" => either(ctrl, Edit::WordRight, Edit::Right),
        "Up" => Edit::Up,
        "Down" => Edit::Down,
        "Home" => either(ctrl, Edit::TextStart, Edit::Home),
        "End" => either(ctrl, Edit::TextEnd, Edit::End),
        "PageUp" => return Some(Stroke::Page { up: true }),
        "PageDown" => return Some(Stroke::Page { up: false }),
        "F2" => return Some(Stroke::Inspector),
        "Insert" if shift => return Some(Stroke::Paste),
        "Insert" if ctrl => return Some(Stroke::Copy { or_interrupt: false }),
        "Keypad +" if ctrl => return Some(Stroke::Zoom(1)),
        "Keypad -" if ctrl => return Some(Stroke::Zoom(-1)),
        _ if modifiers.make_text() => return None,
        _ => match (letter(key, label)?, ctrl) {
            ('c', true) => return Some(Stroke::Copy { or_interrupt: !shift }),
            ('v', true) => return Some(Stroke::Paste),
            ('+' | '=', true) => return Some(Stroke::Zoom(1)),
            ('-', true) if !shift => return Some(Stroke::Zoom(-1)),
            ('0', true) => return Some(Stroke::ZoomBack),
            // A window is not put to sleep: here it takes back, as it does in other windows.
            ('z' | '-' | '_', true) => Edit::Ctrl('_'),
            (letter, true) => Edit::Ctrl(letter),
            (letter, false) => Edit::Alt(letter),
        },
    };
    Some(Stroke::Edit(edit))
}

#[cfg(test)]
mod tests {
    use super::{Edit, Modifiers, Stroke, stroke};
    use crate::input::Key;

    fn press(held: &[&str], key: &str, label: &str) -> Option<Stroke> {
        let named = |name: &str| Key::named(name).unwrap();
        let modifiers = Modifiers::among(held.iter().map(|name| named(name)));
        stroke(named(key), label, modifiers)
    }

    /// Letters are those of the user's keyboard: where `Z` is on the key beside `T`, it takes back;
    /// where there are no Latin letters, those of an American keyboard count.
    #[test]
    fn letters_are_the_users() {
        assert_eq!(press(&["Left Ctrl"], "Y", "Z"), Some(Stroke::Edit(Edit::Ctrl('_'))));
        assert_eq!(press(&["Left Ctrl"], "A", "Ф"), Some(Stroke::Edit(Edit::Ctrl('a'))));
        assert_eq!(press(&["Left Alt"], "B", "B"), Some(Stroke::Edit(Edit::Alt('b'))));
    }

    /// What is typed comes as text, also where the right Alt key, which is Ctrl and Alt to some
    /// systems, makes it.
    #[test]
    fn what_makes_text_is_no_command() {
        assert_eq!(press(&[], "A", "A"), None);
        assert_eq!(press(&["Left Shift"], "A", "A"), None);
        assert_eq!(press(&["Right Alt"], "Q", "Q"), None);
        assert_eq!(press(&["Left Ctrl", "Right Alt"], "Q", "Q"), None);
    }

    /// Copying and pasting have the keys of desktops and of terminals.
    #[test]
    fn copying_and_pasting_have_two_keys_each() {
        let copy = |or_interrupt| Some(Stroke::Copy { or_interrupt });
        assert_eq!(press(&["Left Ctrl"], "C", "C"), copy(true));
        assert_eq!(press(&["Right Ctrl", "Left Shift"], "C", "C"), copy(false));
        assert_eq!(press(&["Left Ctrl"], "V", "V"), Some(Stroke::Paste));
        assert_eq!(press(&["Left Shift"], "Insert", "Insert"), Some(Stroke::Paste));
        assert_eq!(press(&["Left Ctrl"], "=", "="), Some(Stroke::Zoom(1)));
        assert_eq!(press(&["Left Ctrl"], "-", "-"), Some(Stroke::Zoom(-1)));
    }
}
