//! Curves.

use egui::{Id, RichText, Ui, Vec2};
use egui_plot::{Bar, BarChart, HoverPosition, Line, Points};

use super::{Found, axis};
use crate::platform::egui::style;
use crate::ui::{Plot, PlotStyle};

/// How much room there is above and below curves, as a part of their height.
const MARGIN: f64 = 0.08;

pub(super) fn show(ui: &mut Ui, id: Id, plot: &Plot) -> Found {
    ui.vertical(|ui| {
        let has_names = plot.series.iter().any(|series| !series.name.is_empty());
        if has_names || !plot.title.is_empty() {
            ui.horizontal(|ui| {
                if !plot.title.is_empty() {
                    ui.label(plot.title.as_str());
                }
                for (number, series) in plot.series.iter().enumerate() {
                    ui.label(RichText::new(&series.name).color(style::curve(number)));
                }
            });
        }
        field(ui, id, plot)
    })
    .inner
}

fn field(ui: &mut Ui, id: Id, plot: &Plot) -> Found {
    let points = || plot.series.iter().flat_map(|series| series.points());
    let is_bars = plot.style == PlotStyle::Bars;
    let [left, right] = plot.x.map(apart).unwrap_or_else(|| {
        let [left, right] = extent(points().map(|point| point[0]));
        let margin = match plot.style {
            PlotStyle::Lines => 0.0,
            PlotStyle::Points => (right - left) * MARGIN / 2.0,
            PlotStyle::Bars => 0.6,
        };
        [left - margin, right + margin]
    });
    let [bottom, top] = plot.y.map(apart).unwrap_or_else(|| {
        let nothing = is_bars.then_some(0.0);
        let [bottom, top] = extent(points().map(|point| point[1]).chain(nothing));
        let margin = (top - bottom) * MARGIN;
        [bottom - margin, top + margin]
    });
    let width = plot.width.unwrap_or_else(|| ui.available_width().clamp(64.0, 4096.0));
    egui_plot::Plot::new(id)
        .width(width)
        .height(plot.height)
        .show_axes(plot.has_axes)
        .custom_x_axes(vec![axis::below()])
        .custom_y_axes(vec![axis::at_left([bottom, top], plot.height)])
        .show_grid(plot.has_axes)
        .grid_spacing(axis::BASE_PX..=300.0)
        .x_grid_spacer(|axis| axis::marks_across(&axis))
        .y_grid_spacer(|axis| axis::marks_up(&axis))
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(Vec2::ZERO)
        .default_x_bounds(left, right)
        .default_y_bounds(bottom, top)
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } => {
                let gap = if plot_name.is_empty() { "" } else { "\n" };
                let [x, y] = [position.x, position.y].map(|at| match at.abs() < 1e15 {
                    true => format!("{at:.6}"),
                    false => format!("{at:.6e}"),
                });
                Some(format!("{plot_name}{gap}{x} {y}"))
            }
            HoverPosition::Elsewhere { .. } => None,
        })
        .reset()
        .show(ui, |field| {
            for (number, series) in plot.series.iter().enumerate() {
                let color = style::curve(number);
                let name = &series.name;
                match plot.style {
                    PlotStyle::Lines => {
                        for piece in &series.pieces {
                            let line = Line::new(name.clone(), piece.clone());
                            field.line(line.color(color).width(2.0));
                        }
                    }
                    PlotStyle::Points => {
                        let points: Vec<_> = series.points().collect();
                        field.points(Points::new(name.clone(), points).color(color).radius(2.0));
                    }
                    PlotStyle::Bars => {
                        let bars = series.points().map(|[x, y]| Bar::new(x, y).width(0.8));
                        field.bar_chart(BarChart::new(name.clone(), bars.collect()).color(color));
                    }
                }
            }
        })
        .response
}

/// The greatest number that is seen: its multiples are numbers, too.
const MAX: f64 = 1e300;

/// The ends of an axis, so far from each other that there are numbers between them.
fn apart(ends: [f64; 2]) -> [f64; 2] {
    let [low, high] = ends.map(|end| end.clamp(-MAX, MAX));
    let size = low.abs().max(high.abs());
    if high - low > size * 1e-12 {
        return [low, high];
    }
    let margin = (size * 1e-3).max(0.5);
    [low - margin, high + margin]
}

/// The least and the greatest, apart from each other.
fn extent(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if low <= high { apart([low, high]) } else { [0.0, 1.0] }
}
