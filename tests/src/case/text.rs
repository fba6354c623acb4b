//! Output as text: without what differs between machines, and compared by lines.

use std::path::Path;

/// The text with words in the places of paths, also `[python]` in that of Python's own modules, and
/// without the lines by which Python underlines parts of a line: each version of it underlines
/// other parts.
pub(super) fn normalized(text: &str, paths: &[(&str, &Path)]) -> String {
    let is_underline =
        |line: &&str| line.contains('^') && line.chars().all(|letter| " ~^\n".contains(letter));
    let mut text: String = text.split_inclusive('\n').filter(|line| !is_underline(line)).collect();
    for (word, path) in paths {
        text = text.replace(&path.display().to_string(), word);
    }
    without_python(&text)
}

/// The text with `[python]` in the places of folders such as `/usr/lib/python3.11`.
fn without_python(text: &str) -> String {
    let mut parts = text.split("/lib/python3.");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // The folder begins after the last letter that no path of Python's has, and ends after the
        // digits of the version.
        let begin = result.rfind([' ', '(', '"', '\n']).map_or(0, |at| at + 1);
        result.truncate(begin);
        result.push_str("[python]");
        result.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    }
    result
}

/// The first line in which texts differ.
pub(super) fn difference(expected: &str, came: &str) -> String {
    let (mut expected, mut came) = (expected.split('\n'), came.split('\n'));
    let mut number = 0;
    loop {
        number += 1;
        let pair = (expected.next(), came.next());
        match pair {
            (None, None) => return "only the ends of lines differ".to_owned(),
            (expected, came) if expected == came => (),
            (expected, came) => {
                let shown = |line: Option<&str>| {
                    line.map_or_else(|| "the end".to_owned(), |line| format!("{line:?}"))
                };
                return format!("line {number} is {}, not {}", shown(came), shown(expected));
            }
        }
    }
}
