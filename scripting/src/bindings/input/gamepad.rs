//! Gamepads.

use std::time::Duration;

use metapython_engine::input::{self, Input, InputError, PadAxis, PadButton, Rumble, Wishes};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::argument::{number, text};
use crate::lend::with_world;

const BUTTON: &str = "the name of a button, like \"a\" or \"dpup\"";
const AXIS: &str = "the name of an axis, like \"leftx\" or \"righttrigger\"";

/// A gamepad. All that it tells is of the tick in which it is asked; one that is gone has nothing down,
/// its sticks in the middle.
///
/// Buttons are a, b, x, y (by their places, as on an Xbox pad), back, guide, start, leftstick, rightstick,
/// leftshoulder, rightshoulder, dpup, dpdown, dpleft, dpright, misc1, paddle1 to paddle4 and touchpad;
/// axes leftx, lefty, rightx, righty, lefttrigger and righttrigger.
#[pyclass(frozen, module = "metapython")]
pub struct Gamepad {
    /// From 1: the lowest that was free when the pad came; it stays until the pad goes.
    #[pyo3(get)]
    slot: u8,
    /// What its maker calls it.
    #[pyo3(get)]
    name: String,
}

#[pymethods]
impl Gamepad {
    /// Whether there is still a pad in the slot.
    #[getter]
    fn is_connected(&self) -> PyResult<bool> {
        with_world(|world| world.resource::<Input>().gamepad(self.slot).is_some())
    }

    /// Whether the button is down.
    fn is_down(&self, button: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.button("is_down(button)", button, input::Gamepad::is_down)
    }

    /// Whether the button went down in this tick.
    fn was_pressed(&self, button: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.button("was_pressed(button)", button, input::Gamepad::was_pressed)
    }

    /// Whether the button went up in this tick, or the pad went with it held down.
    fn was_released(&self, button: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.button("was_released(button)", button, input::Gamepad::was_released)
    }

    /// Where an axis is: -1 (left, up) to 1 (right, down); triggers 0 to 1. Within 0.15 of its middle a
    /// stick is at 0, and a trigger up to 0.05; what lies behind that is the whole range.
    fn axis(&self, axis: &Bound<'_, PyAny>) -> PyResult<f64> {
        let name = text("axis(axis)", AXIS, axis)?;
        let value = self.read(|pad| Ok(pad.axis(PadAxis::named(name)?)))?;
        Ok(value.unwrap_or_default())
    }

    /// Shakes the pad for `seconds`, 0 to 3600, if it can: the strength of its heavy motor and that of
    /// its light one, 0 to 1. A second call takes the place of the first.
    fn rumble(
        &self,
        low: &Bound<'_, PyAny>,
        high: &Bound<'_, PyAny>,
        seconds: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let strength = |what, value| number(what, "0 to 1", value, |it| (0.0..=1.0).contains(&it));
        let strengths = [strength("rumble(low)", low)?, strength("rumble(high)", high)?];
        let valid = |secs| (0.0..=3600.0).contains(&secs);
        let secs = number("rumble(seconds)", "0 to 3600 seconds", seconds, valid)?;
        let rumble = Rumble { slot: self.slot, strengths, time: Duration::from_secs_f64(secs) };
        with_world(|world| world.resource_mut::<Wishes>().rumble(rumble))
    }

    fn __repr__(&self) -> String {
        format!("<Gamepad {} {:?}>", self.slot, self.name)
    }
}

impl Gamepad {
    /// The pad in a slot.
    pub(super) fn of(slot: u8, pad: &input::Gamepad) -> Self {
        Self { slot, name: pad.name.clone() }
    }

    /// Reads the pad; `None` if it was gone before this tick.
    fn read<R>(
        &self,
        act: impl Fn(&input::Gamepad) -> Result<R, InputError>,
    ) -> PyResult<Option<R>> {
        let read = with_world(|world| {
            let input = world.resource::<Input>();
            // What is wrong with a name is told whether the pad is there or not.
            let gone = input::Gamepad::default();
            match input.gamepad_until_now(self.slot) {
                Some(pad) => act(pad).map(Some),
                None => act(&gone).map(|_| None),
            }
        })?;
        read.map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn button(
        &self,
        what: &str,
        button: &Bound<'_, PyAny>,
        ask: fn(&input::Gamepad, PadButton) -> bool,
    ) -> PyResult<bool> {
        let name = text(what, BUTTON, button)?;
        Ok(self.read(|pad| Ok(ask(pad, PadButton::named(name)?)))?.unwrap_or_default())
    }
}
