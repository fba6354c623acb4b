//! What authors give to widgets, each with its range.

use std::ops::RangeInclusive;

use metapython_engine::color::Color;
use metapython_engine::component::FieldValue;
use metapython_engine::ui::MAX_LABEL;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::argument::{number, text, whole, wrong_type, wrong_value};
use crate::convert::from_python;

/// The greatest size and distance, px: that of a window.
const MAX_PX: f64 = 8192.0;

/// What is not `None`.
pub(super) fn maybe<T>(
    value: &Bound<'_, PyAny>,
    read: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T>,
) -> PyResult<Option<T>> {
    if value.is_none() { Ok(None) } else { read(value).map(Some) }
}

/// A text that names something, or is in it.
pub(super) fn string(what: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(cut(text(what, "text", value)?))
}

/// A text that is given back: none of it may be lost.
pub(super) fn all_of(what: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    let said = text(what, "text", value)?;
    if said.len() <= MAX_LABEL {
        return Ok(said.to_owned());
    }
    let length = said.len();
    let text = format!(
        "{what} takes a text of at most {MAX_LABEL} bytes, not one of {length}: edit it in parts"
    );
    Err(PyValueError::new_err(text))
}

/// The name of an image's file.
pub(super) fn file_of(what: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    let name = string(what, value)?;
    if name.starts_with("canvas:") || name.starts_with("target:") {
        let takes = "the file of an image (canvases and targets are shown by sprites)";
        return Err(wrong_value(what, takes, value));
    }
    Ok(name)
}

/// How many digits are shown behind the point.
pub(super) fn decimals_of(what: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<u8>> {
    let (what, takes) = (format!("{what}(decimals)"), "a whole number from 0 to 12, or None");
    let decimals: Option<u8> = maybe(value, |it| whole(&what, takes, it))?;
    match decimals {
        Some(13..) => Err(wrong_value(&what, takes, value)),
        _ => Ok(decimals),
    }
}

/// What is told of anything.
pub(super) fn told(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = value.str()?;
    // Half characters are seen as such.
    Ok(cut(&text.to_string_lossy()))
}

/// No longer than anybody reads.
fn cut(text: &str) -> String {
    if text.len() <= MAX_LABEL {
        return text.to_owned();
    }
    let end = (0..=MAX_LABEL).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", &text[..end])
}

/// A place in the scene, px.
pub(super) fn px_of(what: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<f32>> {
    between(what, -MAX_PX..=MAX_PX, value)
}

/// A width or a height, px.
pub(super) fn size_of(what: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<f32>> {
    between(what, 0.0..=MAX_PX, value)
}

/// The height of letters, px.
pub(super) fn letters_of(what: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<f32>> {
    between(what, 4.0..=256.0, value)
}

fn between(
    what: &str,
    range: RangeInclusive<f64>,
    value: &Bound<'_, PyAny>,
) -> PyResult<Option<f32>> {
    let takes = format!("{} to {} px", range.start(), range.end());
    let px = maybe(value, |it| number(what, &takes, it, |px| range.contains(&px)))?;
    #[expect(clippy::cast_possible_truncation, reason = "a few thousand px")]
    Ok(px.map(|px| px as f32))
}

/// Any number, also one that is none.
pub(super) fn any_number(what: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    number(what, "a number", value, |_| true)
}

/// What a number is a multiple of.
pub(super) fn step_of(what: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    let what = format!("{what}(step)");
    number(&what, "a number of 0 (any) or more", value, |step| step >= 0.0 && step.is_finite())
}

/// The least and the greatest; none is as far as it goes, where it may be left open.
pub(super) fn range_of(
    what: &str,
    low: &Bound<'_, PyAny>,
    high: &Bound<'_, PyAny>,
    is_closed: bool,
) -> PyResult<[f64; 2]> {
    let read = |name: &str, value: &Bound<'_, PyAny>, open: f64| match value.is_none() && !is_closed
    {
        true => Ok(open),
        false => number(&format!("{what}({name})"), "a finite number", value, f64::is_finite),
    };
    let (low, high) = (read("low", low, f64::NEG_INFINITY)?, read("high", high, f64::INFINITY)?);
    if low < high || low == high && !is_closed {
        return Ok([low, high]);
    }
    let text =
        format!("{what}(low, high) takes a low that is below the high, not {low} and {high}");
    Err(PyValueError::new_err(text))
}

/// A colour as components take it.
pub(super) fn color_of(what: &str, color: &Bound<'_, PyAny>) -> PyResult<Color> {
    let takes = Color::KIND.describe();
    let value = from_python(color).map_err(|_| wrong_type(what, &takes, color))?;
    Color::from_value(&value).ok_or_else(|| wrong_value(what, &takes, color))
}
