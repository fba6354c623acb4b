//! Who did what: an alert for every line that a session has evaluated.

use std::borrow::Cow;

use bevy_ecs::world::World;

use super::{SessionId, Sessions};
use crate::alert::{self, Level};

/// How many characters of a line are told: as many as one reads at a glance; who wants all of a pasted
/// class looks into the session's history.
const LONGEST: usize = 200;

/// Tells of a line: everybody but the session that it was typed in. Answers to questions, which may be
/// secrets, do not come here. What comes from elsewhere is told unless all but errors is silenced;
/// whoever started the machine knows what they typed themselves.
pub(super) fn note(world: &mut World, session: SessionId, line: &str) {
    if line.trim().is_empty() {
        return;
    }
    let level = if session == SessionId::LOCAL { Level::Vv } else { Level::V };
    alert::raise_to_others(world, session, "console", level, |world| {
        let user = world.resource::<Sessions>().get(session).map_or("", |it| it.user.as_str());
        format!("{}: {}", in_a_row(user), in_a_row(line.trim()))
    });
}

/// A text in a row, cut if it is long: what could speak to a terminal, or pass for another line of the
/// log, is written as an escape.
fn in_a_row(text: &str) -> Cow<'_, str> {
    let is_long = text.chars().nth(LONGEST).is_some();
    let is_plain = |letter: char| letter == '\\' || letter == '"' || letter == '\'';
    let shown = |letter: char| is_plain(letter) || letter.escape_debug().len() == 1;
    if !is_long && text.chars().all(shown) {
        return Cow::Borrowed(text);
    }
    let mut row = String::new();
    for letter in text.chars().take(LONGEST) {
        if shown(letter) { row.push(letter) } else { row.extend(letter.escape_debug()) }
    }
    if is_long {
        row += &format!("… ({} characters)", text.chars().count());
    }
    Cow::Owned(row)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, in_a_row};

    /// A line stays a line, whatever is in it; one that is too long says so.
    #[test]
    fn a_line_of_the_log_is_one_line() {
        assert_eq!(in_a_row(r#"print("é\n")"#), r#"print("é\n")"#);
        assert_eq!(in_a_row("if x:\n\ty\x1b[2J\u{202e}"), r"if x:\n\ty\u{1b}[2J\u{202e}");
        let long = "x".repeat(LONGEST);
        assert_eq!(in_a_row(&long), long);
        assert_eq!(in_a_row(&(long.clone() + "yz")), long + "… (202 characters)");
    }
}
