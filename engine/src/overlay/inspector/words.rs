//! Figures as they are shown.

use crate::value::Value;

/// A span of time: `12.3 µs`, `1.20 ms`, `2.00 s`; nothing is `0`.
pub(super) fn span(secs: f64) -> String {
    let (number, unit) = match secs {
        0.0 => return "0".to_owned(),
        secs if secs < 0.001 => (secs * 1e6, "µs"),
        secs if secs < 1.0 => (secs * 1e3, "ms"),
        secs => (secs, "s"),
    };
    let decimals = match number {
        number if number < 10.0 => 2,
        number if number < 100.0 => 1,
        _ => 0,
    };
    format!("{number:.decimals$} {unit}")
}

/// A value of a column of a query.
pub(super) fn cell(column: &str, value: &Value) -> String {
    match (column, value) {
        (_, Value::None) => "–".to_owned(),
        (_, Value::Str(text)) => text.clone(),
        ("time" | "last" | "max" | "lateness" | "interval", Value::Float(secs)) => span(*secs),
        (_, Value::Float(number)) => short(*number),
        (_, value) => value.to_string(),
    }
}

/// A number with three decimals at most.
pub(super) fn short(number: f64) -> String {
    // -0 is 0.
    let number = number + 0.0;
    if number != 0.0 && !(0.001..1e9).contains(&number.abs()) {
        return format!("{number:.3e}");
    }
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{short, span};

    #[test]
    fn figures_are_short() {
        let spans = [0.0, 1.5e-7, 1.234e-5, 1.234e-4, 0.016_67, 2.0].map(span);
        assert_eq!(spans, ["0", "0.15 µs", "12.3 µs", "123 µs", "16.7 ms", "2.00 s"]);
        let numbers = [0.0, -0.0, 1.0, 100.0, -2.5, 0.123_456, 1e-7, 1e12].map(short);
        assert_eq!(numbers, ["0", "0", "1", "100", "-2.5", "0.123", "1.000e-7", "1.000e12"]);
    }
}
