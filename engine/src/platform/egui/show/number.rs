//! Numbers that can be dragged or typed.

use egui::{DragValue, Slider, SliderClamping, Ui};

use super::{Found, Show};
use crate::ui::{NumberKind, Response, WidgetId};

impl Show<'_> {
    /// The number as it is shown: within its limits.
    fn shown(&self, id: WidgetId, number: &NumberKind) -> f64 {
        let value = match self.value(id) {
            Some(Response::Number(value)) => value,
            _ => number.value,
        };
        value.max(number.low).min(number.high)
    }

    pub(super) fn slider(&mut self, ui: &mut Ui, id: WidgetId, number: &NumberKind) -> Found {
        let mut value = self.shown(id, number);
        let mut slider = Slider::new(&mut value, number.low..=number.high)
            .clamping(SliderClamping::Always)
            .logarithmic(number.is_logarithmic)
            .text(number.label.as_str())
            .suffix(number.unit.as_str());
        if number.step > 0.0 {
            slider = slider.step_by(number.step);
        }
        if let Some(decimals) = number.decimals {
            slider = slider.fixed_decimals(decimals.into());
        }
        let found = ui.add(slider);
        if found.changed() {
            self.tell(id, Response::Number(value));
        }
        found
    }

    pub(super) fn number(&mut self, ui: &mut Ui, id: WidgetId, number: &NumberKind) -> Found {
        let mut value = self.shown(id, number);
        let speed =
            if number.step > 0.0 { number.step / 4.0 } else { (value.abs() / 100.0).max(0.01) };
        let mut drag = DragValue::new(&mut value)
            .range(number.low..=number.high)
            .speed(speed)
            .suffix(number.unit.as_str());
        if let Some(decimals) = number.decimals {
            drag = drag.fixed_decimals(decimals.into());
        }
        let found = ui.horizontal(|ui| {
            let found = ui.add(drag);
            if !number.label.is_empty() {
                ui.label(number.label.as_str());
            }
            found
        });
        if found.inner.changed() {
            let low = if number.low.is_finite() { number.low } else { 0.0 };
            if number.step > 0.0 {
                value = low + ((value - low) / number.step).round() * number.step;
            }
            self.tell(id, Response::Number(value.max(number.low).min(number.high)));
        }
        found.inner
    }
}
