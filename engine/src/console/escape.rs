//! Texts of others as they may be shown to anybody.

use std::borrow::Cow;

/// A text without control characters but line breaks and tabs: the others are written as escapes. What the
/// machine quotes, an alert or an exception of a script, must not speak to the terminal of whoever reads
/// it, be that behind a pipe.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let is_bad = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if !text.contains(is_bad) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_bad(letter) { plain.extend(letter.escape_debug()) } else { plain.push(letter) }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    /// What a terminal would heed is seen instead: escapes, their eight-bit forms, and going back in a line.
    #[test]
    fn a_text_speaks_to_no_terminal() {
        assert_eq!(escaped("é\n\t'x'"), "é\n\t'x'");
        assert_eq!(escaped("a\x1b[2J\u{9b}2J\rb\x07"), r"a\u{1b}[2J\u{9b}2J\rb\u{7}");
    }
}
