//! How long the last turns took, as a plot.

use bevy_ecs::world::World;
use egui::{Color32, RichText, Ui, Vec2};
use egui_plot::{HLine, HoverPosition, Line, Plot, PlotPoints};

use super::super::style;
use super::words::span;
use crate::clock::Now;
use crate::frame::{KEPT, Phase, Turn, TurnTimes};
use crate::schedule::FrameBudget;

/// The height of the plot, points.
const HEIGHT: f32 = 96.0;

/// What is drawn of each turn.
struct Curve {
    name: &'static str,
    doc: &'static str,
    color: Color32,
    secs: fn(&Turn) -> f64,
}

const CURVES: [Curve; 3] = [
    Curve {
        name: "turn",
        doc: "all that is done in a turn",
        color: style::TEXT,
        secs: Turn::total_secs,
    },
    Curve {
        name: "steps",
        doc: "the steps of processes",
        color: style::ACCENT,
        secs: |turn| turn.secs(Phase::Step),
    },
    Curve {
        name: "picture",
        doc: "drawing and presenting the picture",
        color: style::GOOD,
        secs: |turn| turn.secs(Phase::Render),
    },
];

/// The plot of frame times.
#[derive(Debug, Default)]
pub(super) struct TimesPlot {
    /// Whether the longest turn fills the plot; otherwise a tick does.
    is_close: bool,
}

impl TimesPlot {
    /// Draws the plot, with what was measured since it was drawn first.
    pub(super) fn show(&mut self, ui: &mut Ui, world: &mut World) {
        TurnTimes::watch(world);
        let tick_secs = world.resource::<Now>().span().as_secs();
        let share = world.resource::<FrameBudget>().share();
        let turns: Vec<_> = world.resource::<TurnTimes>().turns().copied().collect();
        ui.horizontal_wrapped(|ui| {
            for Curve { name, doc, color, secs } in CURVES {
                ui.label(RichText::new(name).color(color)).on_hover_text(doc);
                let longest = turns.iter().map(secs).fold(0.0, f64::max);
                #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
                let mean = turns.iter().map(secs).sum::<f64>() / turns.len().max(1) as f64;
                ui.label(span(mean)).on_hover_text(format!("mean; the longest: {}", span(longest)));
            }
        });
        let longest = turns.iter().map(Turn::total_secs).fold(0.0, f64::max);
        let top = if self.is_close { longest } else { longest.max(tick_secs) }.max(1e-6);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred turns")]
        let response = Plot::new("times")
            .height(HEIGHT)
            .show_x(false)
            .show_axes([false, true])
            .show_grid([false, true])
            .allow_zoom(false)
            .allow_drag(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_axis_zoom_drag(false)
            .allow_double_click_reset(false)
            .set_margin_fraction(Vec2::ZERO)
            .default_x_bounds(0.0, KEPT as f64)
            .default_y_bounds(-0.04 * top, 1.12 * top)
            .y_axis_formatter(|mark, _| span(mark.value))
            .y_axis_min_width(56.0)
            .label_formatter(|at| match at {
                HoverPosition::NearDataPoint { plot_name, position, .. } => {
                    Some(format!("{plot_name}\n{}", span(position.y)))
                }
                HoverPosition::Elsewhere { .. } => None,
            })
            .reset()
            .show(ui, |plot| {
                plot.hline(HLine::new("tick", tick_secs).color(style::ERROR));
                plot.hline(HLine::new("budget", tick_secs * share).color(style::WARNING));
                // The newest is at the right edge.
                let first = KEPT - turns.len().min(KEPT);
                for Curve { name, color, secs, .. } in CURVES {
                    let points = turns.iter().enumerate();
                    let points = points.map(|(index, turn)| [(first + index) as f64, secs(turn)]);
                    let points: PlotPoints<'_> = points.collect();
                    plot.line(Line::new(name, points).color(color).width(2.0));
                }
            })
            .response;
        if response.clicked() {
            self.is_close = !self.is_close;
        }
    }
}
