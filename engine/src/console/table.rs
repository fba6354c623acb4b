//! Rows of values as lines of text.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;

use super::editor::text_width;
use crate::value::Value;

/// The widest column, in columns of a screen: a longer value is cut.
const WIDEST: usize = 41;

/// Texts are cut to no fewer columns than that to make a table fit.
const NARROWEST: usize = 8;

/// Properties that are times in seconds, which are shown in a unit that suits them.
const TIMES: [&str; 4] = ["time", "last", "max", "lateness"];

/// A table with a line of headings; numbers stand to the right. Where `room` is known, in columns of a
/// screen, it is made to fit as far as that goes: columns move together, then texts are cut, the longest
/// first.
pub(super) fn table<'a>(
    columns: &[String],
    rows: impl Iterator<Item = &'a [Value]>,
    room: Option<usize>,
) -> String {
    let mut lines = vec![columns.iter().map(|name| (name.clone(), false)).collect::<Vec<_>>()];
    lines.extend(rows.map(|values| {
        let cells = columns.iter().zip(values);
        cells.map(|(column, value)| cell(column, value)).collect()
    }));
    let width = |position: usize| {
        let cells = lines.iter().filter_map(|line| line.get(position));
        cells.map(|(text, _)| text_width(text)).max().unwrap_or(0)
    };
    let mut widths: Vec<_> = (0..columns.len()).map(width).collect();
    // A column of numbers has its heading to the right, too.
    let is_right = |position: usize| {
        let mut cells = lines.iter().skip(1).filter_map(|line| line.get(position)).peekable();
        cells.peek().is_some() && cells.all(|(text, is_number)| *is_number || text.is_empty())
    };
    let is_right: Vec<_> = (0..columns.len()).map(is_right).collect();
    let gap = fit(&mut widths, &is_right, room.unwrap_or(usize::MAX));
    let mut out = String::new();
    for line in &lines {
        let mut text = String::new();
        for ((cell, _), (width, is_right)) in line.iter().zip(widths.iter().zip(&is_right)) {
            let cell = cut(cell, *width);
            // Formatting would count characters.
            let blanks = " ".repeat(width.saturating_sub(text_width(&cell)));
            let _ = if *is_right {
                write!(text, "{blanks}{cell}{gap}")
            } else {
                write!(text, "{cell}{blanks}{gap}")
            };
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }
    out
}

/// Makes columns narrower until they have room; what stands between them. Numbers stay whole.
fn fit(widths: &mut [usize], is_right: &[bool], room: usize) -> &'static str {
    let gaps = widths.len().saturating_sub(1);
    let all: usize = widths.iter().sum();
    if all + 2 * gaps <= room {
        return "  ";
    }
    for _ in room..all + gaps {
        let texts = widths.iter_mut().zip(is_right).filter(|(_, is_right)| !**is_right);
        match texts.map(|(width, _)| width).max() {
            Some(width) if *width > NARROWEST => *width -= 1,
            _ => break,
        }
    }
    " "
}

/// A value as it is shown, and whether it is a number.
fn cell(column: &str, value: &Value) -> (String, bool) {
    match value {
        Value::None => (String::new(), false),
        Value::Float(secs) if TIMES.contains(&column) => (duration(*secs), true),
        Value::Float(number) => (significant(*number), true),
        Value::Int(number) => (number.to_string(), true),
        Value::Str(text) => (in_a_row(text), false),
        other => (in_a_row(&other.to_string()), false),
    }
}

/// A text in a row, of which no more is kept than the widest column has.
fn in_a_row(text: &str) -> String {
    cut(&text.replace(char::is_control, " "), WIDEST).into_owned()
}

/// A time in seconds, microseconds or what lies between.
pub(super) fn duration(secs: f64) -> String {
    match secs.abs() {
        0.0 => "0".to_owned(),
        size if size < 1e-3 => format!("{:.1} µs", secs * 1e6),
        size if size < 1.0 => format!("{:.1} ms", secs * 1e3),
        _ => format!("{secs:.2} s"),
    }
}

/// A number to six digits, of which five may stand after the point: what one reads of a position or a
/// speed.
pub(super) fn significant(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e9).contains(&size) {
        return format!("{number:.5e}");
    }
    #[expect(clippy::cast_possible_truncation, reason = "the logarithm of 1e-4 to 1e9")]
    let before = if size < 1.0 { 1 } else { size.log10() as i32 + 1 };
    let after = usize::try_from(6 - before).unwrap_or(0);
    let text = format!("{number:.after$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A text in so many columns of a screen, one of which says so where that is not all.
fn cut(text: &str, room: usize) -> Cow<'_, str> {
    if text_width(text) <= room {
        return Cow::Borrowed(text);
    }
    let (mut end, mut width) = (0, 0);
    for (start, grapheme) in text.grapheme_indices(true) {
        width += text_width(grapheme);
        if width >= room {
            break;
        }
        end = start + grapheme.len();
    }
    Cow::Owned(format!("{}…", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::value::Value;

    #[test]
    fn columns_are_aligned() {
        let columns = ["name", "time", "x"].map(str::to_owned);
        let rows = [
            vec![Value::Str("Ball".into()), Value::Float(17.25e-6), Value::Float(-1.5)],
            vec![Value::Str("B".into()), Value::Float(2.5), Value::None],
            vec![Value::Str("C".into()), Value::Float(0.0), Value::Float(1234567.0)],
        ];
        let expected = "\
name     time        x
Ball  17.2 µs     -1.5
B      2.50 s
C           0  1234567
";
        assert_eq!(table(&columns, rows.iter().map(Vec::as_slice), None), expected);
        let long = vec![Value::Str("x".repeat(50)), Value::Float(1e-9), Value::Float(0.1 + 0.2)];
        let text = table(&columns, [long.as_slice()].into_iter(), None);
        assert!(text.contains(&format!("{}…  0.0 µs  0.3\n", "x".repeat(40))), "{text}");
    }

    /// Where there is little room the columns move together, then the longest texts are cut; numbers and
    /// short texts are not.
    #[test]
    fn a_table_fits_its_room() {
        let columns = ["name", "class", "x"].map(str::to_owned);
        let row = [
            Value::Str("Scoreboard".into()),
            Value::Str("pong.Scoreboard".into()),
            Value::Float(1234567.0),
        ];
        let lines = |room| {
            let text = table(&columns, std::iter::once(row.as_slice()), Some(room));
            text.lines().last().unwrap().to_owned()
        };
        assert_eq!(lines(36), "Scoreboard  pong.Scoreboard  1234567");
        assert_eq!(lines(35), "Scoreboard pong.Scoreboard 1234567");
        assert_eq!(lines(34), "Scoreboard pong.Scoreboard 1234567");
        assert_eq!(lines(30), "Scoreboard pong.Score… 1234567");
        assert_eq!(lines(27), "Scoreboa… pong.Sco… 1234567");
        assert_eq!(lines(3), "Scorebo… pong.Sc… 1234567");
    }

    /// Letters that take two columns of a screen, and those that take none, shift no row.
    #[test]
    fn wide_letters_are_aligned() {
        let columns = ["name", "x"].map(str::to_owned);
        let row = |name: &str| vec![Value::Str(name.into()), Value::Int(1)];
        let rows = [row("日本語"), row("Ball"), row("e\u{301}te\u{301}")];
        let expected = "\
name    x
日本語  1
Ball    1
e\u{301}te\u{301}     1
";
        assert_eq!(table(&columns, rows.iter().map(Vec::as_slice), None), expected);
        let long = row(&"語".repeat(30));
        let text = table(&columns, [long.as_slice()].into_iter(), None);
        assert!(text.contains(&format!("\n{}…  1\n", "語".repeat(20))), "{text}");
    }
}
