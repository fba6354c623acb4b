//! Keyboard and mouse.

use bevy_ecs::world::World;
use metapython_engine::input::{Input, InputError};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::argument::text;
use crate::lend::with_world;

/// Keyboard and mouse as of this tick.
///
/// Keys are named by their place on an American keyboard, in any case: "W", "Up", "Space",
/// "Left Shift". A name that no key has raises ValueError.
///
/// What `was_pressed` and `was_released` tell is true for one tick: a process whose interval is
/// longer than that may not see it, and asks `is_down` instead.
#[pyclass(frozen, name = "Input", module = "metapython")]
pub struct InputHandle;

#[pymethods]
impl InputHandle {
    /// Whether the key is down.
    fn is_down(&self, key: &Bound<'_, PyAny>) -> PyResult<bool> {
        let key = text("is_down(key)", "the name of a key, like \"Space\"", key)?;
        read(|input| input.is_down(key))
    }

    /// Whether the key went down in this tick.
    fn was_pressed(&self, key: &Bound<'_, PyAny>) -> PyResult<bool> {
        let key = text("was_pressed(key)", "the name of a key, like \"Space\"", key)?;
        read(|input| input.was_pressed(key))
    }

    /// Whether the key went up in this tick.
    fn was_released(&self, key: &Bound<'_, PyAny>) -> PyResult<bool> {
        let key = text("was_released(key)", "the name of a key, like \"Space\"", key)?;
        read(|input| input.was_released(key))
    }

    /// Whether any key is down.
    #[getter]
    fn any_key_is_down(&self) -> PyResult<bool> {
        read(|input| Ok(input.any_key_is_down()))
    }

    /// Whether any key went down in this tick.
    #[getter]
    fn any_key_was_pressed(&self) -> PyResult<bool> {
        read(|input| Ok(input.any_key_was_pressed()))
    }

    /// Whether the mouse button is down: "left", "middle", "right", "x1" or "x2".
    fn button_is_down(&self, button: &Bound<'_, PyAny>) -> PyResult<bool> {
        let button = text("button_is_down(button)", "the name of a button, like \"left\"", button)?;
        read(|input| input.button_is_down(button))
    }

    /// Whether the mouse button went down in this tick.
    fn button_was_pressed(&self, button: &Bound<'_, PyAny>) -> PyResult<bool> {
        let button =
            text("button_was_pressed(button)", "the name of a button, like \"left\"", button)?;
        read(|input| input.button_was_pressed(button))
    }

    /// Whether the mouse button went up in this tick.
    fn button_was_released(&self, button: &Bound<'_, PyAny>) -> PyResult<bool> {
        let button =
            text("button_was_released(button)", "the name of a button, like \"left\"", button)?;
        read(|input| input.button_was_released(button))
    }

    /// Distance of the mouse from the left edge of the scene, px.
    #[getter]
    fn mouse_x(&self) -> PyResult<f64> {
        read(|input| Ok(input.mouse_x()))
    }

    /// Distance of the mouse from the top edge of the scene, px.
    #[getter]
    fn mouse_y(&self) -> PyResult<f64> {
        read(|input| Ok(input.mouse_y()))
    }

    /// What the wheel turned in this tick: notches to the right, notches away from the user.
    #[getter]
    fn wheel(&self) -> PyResult<(f64, f64)> {
        read(|input| Ok(input.wheel().into()))
    }

    /// The text typed in this tick.
    #[getter]
    fn text(&self) -> PyResult<String> {
        read(|input| Ok(input.text().to_owned()))
    }

    /// The paths of the files dropped on the window in this tick.
    #[getter]
    fn dropped_files(&self) -> PyResult<Vec<String>> {
        read(|input| Ok(input.dropped_files().to_vec()))
    }

    /// Whether the window has the keyboard.
    #[getter]
    fn is_focused(&self) -> PyResult<bool> {
        read(|input| Ok(input.is_focused()))
    }
}

fn read<R>(act: impl FnOnce(&Input) -> Result<R, InputError>) -> PyResult<R> {
    let read = |world: &mut World| act(world.resource::<Input>());
    with_world(read)?.map_err(|error| PyValueError::new_err(error.to_string()))
}
