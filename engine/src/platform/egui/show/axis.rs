//! Numbers along the axes of a plot, and the lines across it at them.

use std::ops::RangeInclusive;

use egui_plot::{AxisHints, GridInput, GridMark};

use crate::platform::egui::style::{LETTER_WIDTH, ROW_HEIGHT};

/// The px that egui's step of an axis is made for.
pub(super) const BASE_PX: f32 = 8.0;
/// The least distance between two numbers one above the other, px.
const LEAST_UP: f32 = 20.0;
/// The same where there would be but one number: as high as a line of letters, and some room.
const LEAST_UP_IN_LOW: f32 = ROW_HEIGHT + 1.0;
/// The least distance between two numbers side by side, px.
const LEAST_ACROSS: f32 = 50.0;
/// The room between two numbers side by side, px.
const GAP: f32 = 16.0;
/// The width of numbers that most plots have, px: fields below each other begin at one place.
const THICKNESS: f32 = 40.0;
/// More numbers than stand on any axis.
const MAX_MARKS: f64 = 1000.0;

/// The axis below a plot.
pub(super) fn below() -> AxisHints<'static> {
    hints(AxisHints::new_x())
}

/// The axis at the left of a plot of this height, px. What egui_plot measures itself is forgotten when a
/// plot is reset.
pub(super) fn at_left([low, high]: [f64; 2], height: f32) -> AxisHints<'static> {
    // Below it are numbers, too.
    let height = (height - ROW_HEIGHT).max(ROW_HEIGHT);
    let base_step_size = (high - low) / f64::from(height) * f64::from(BASE_PX);
    let marks = marks_up(&GridInput { bounds: (low, high), base_step_size });
    let letters = marks.iter().map(|mark| text(*mark, &(low..=high)).len()).max().unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "a number has few hundred digits")]
    let thickness = (letters as f32 * LETTER_WIDTH + GAP / 2.0).max(THICKNESS);
    hints(AxisHints::new_y()).min_thickness(thickness)
}

fn hints(axis: AxisHints<'static>) -> AxisHints<'static> {
    // Every mark has its number: there are none for lines alone.
    axis.label_spacing(1.0..=2.0).formatter(text)
}

/// Where numbers stand one above the other.
pub(super) fn marks_up(axis: &GridInput) -> Vec<GridMark> {
    let found = marks(axis, step(axis, LEAST_UP));
    if found.len() > 1 { found } else { marks(axis, step(axis, LEAST_UP_IN_LOW)) }
}

/// Where numbers stand side by side: so far apart that the widest has room.
pub(super) fn marks_across(axis: &GridInput) -> Vec<GridMark> {
    let (low, high) = axis.bounds;
    let mut least = LEAST_ACROSS;
    loop {
        let step_size = step(axis, least);
        let mut found = marks(axis, step_size);
        #[expect(clippy::cast_precision_loss, reason = "a number has few hundred digits")]
        let width = |mark: &GridMark| text(*mark, &(low..=high)).len() as f32 * LETTER_WIDTH;
        #[expect(clippy::cast_possible_truncation, reason = "a place on a surface")]
        let px = |distance: f64| (distance / axis.base_step_size) as f32 * BASE_PX;
        let ends = [found.first(), found.last()].into_iter().flatten();
        let wanted = ends.map(width).fold(0.0, f32::max) + GAP;
        if px(step_size) >= wanted || found.is_empty() {
            // Beyond the plot's right end there may be no room for half a number.
            found.pop_if(|last| px(high - last.value) < width(last) / 2.0 - GAP / 2.0);
            return found;
        }
        least = wanted.max(least * 1.5);
    }
}

/// The least of 1, 2, 5, 10, 20 and so on that is at least so many px.
fn step(axis: &GridInput, px: f32) -> f64 {
    let least = axis.base_step_size * f64::from(px / BASE_PX);
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|factor| factor * power);
    steps.into_iter().find(|step| *step >= least).unwrap_or(10.0 * power)
}

/// The multiples of a step that an axis has.
fn marks(axis: &GridInput, step_size: f64) -> Vec<GridMark> {
    let (low, high) = axis.bounds;
    let first = (low / step_size).ceil();
    let count = (high / step_size).floor() - first;
    if !(step_size.is_normal() && (0.0..MAX_MARKS).contains(&count)) {
        return Vec::new();
    }
    let numbers = (0_u32..).map(f64::from).take_while(|number| *number <= count);
    numbers.map(|number| GridMark { value: (first + number) * step_size, step_size }).collect()
}

/// A number with as many digits as tell it from the next; where that is long, the shorter way to
/// write it.
fn text(mark: GridMark, range: &RangeInclusive<f64>) -> String {
    let GridMark { value, step_size } = mark;
    if value == 0.0 {
        return "0".to_owned();
    }
    // The logarithm of a power of ten may lie just below it.
    #[expect(clippy::cast_possible_truncation, reason = "within those of an f64: -324 to 308")]
    let exponent = |number: f64| (number.abs().log10() + 1e-9).floor() as i32;
    let digits = |count: i32| usize::try_from(count).unwrap_or(0);
    let plain = format!("{value:.*}", digits(-exponent(step_size)));
    let size = range.start().abs().max(range.end().abs());
    if size < 1e6 && step_size >= 1e-4 {
        return plain;
    }
    let short = format!("{value:.*e}", digits(exponent(value) - exponent(step_size)));
    if short.len() < plain.len() { short } else { plain }
}
