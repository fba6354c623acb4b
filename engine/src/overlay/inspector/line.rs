//! What the user changes, as lines of the console's commands.

use crate::value::Value;

/// Where lines go.
pub(super) struct Lines<'a>(pub(super) &'a mut Vec<String>);

impl Lines<'_> {
    /// Gives a command: the `%` leaves no doubt, even where the session has a name like it.
    pub(super) fn give(&mut self, command: impl AsRef<str>) {
        self.0.push(format!("%{}", command.as_ref()));
    }
}

/// A value as a command takes it: what it is read as is this value.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Str(text) => quoted(text),
        Value::Float(number) => decimal(*number),
        Value::List(values) => {
            let values: Vec<_> = values.iter().map(written).collect();
            format!("[{}]", values.join(", "))
        }
        value => value.to_string(),
    }
}

/// A number with all its digits, and no more: `3`, `0.1`, `1e300`.
pub(super) fn decimal(number: f64) -> String {
    let text = format!("{number:?}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A text in quotes: a backslash takes the character after it as it is.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        if matches!(char, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(char);
    }
    quoted.push('"');
    quoted
}
