//! The window, and drawing on canvases.

pub mod canvas;

use bevy_ecs::world::World;
use metapython_engine::color::Color;
use metapython_engine::component::FieldValue;
use metapython_engine::render::{self, Window};
use pyo3::prelude::*;

use crate::argument::{number, text, truth, whole, wrong_type, wrong_value};
use crate::convert::from_python;
use crate::lend::with_world;

/// The window that the scene is shown in. Without a camera its inside is the scene: (0, 0) is the top
/// left corner.
#[pyclass(frozen, name = "Window", module = "metapython")]
pub struct WindowHandle;

#[pymethods]
impl WindowHandle {
    /// Width of the scene, px, 1 to 8,192.
    #[getter]
    fn width(&self) -> PyResult<u32> {
        with_window(|window| window.width)
    }

    #[setter]
    fn set_width(&self, width: &Bound<'_, PyAny>) -> PyResult<()> {
        let width = side("window.width", width)?;
        with_window(|window| window.width = width)
    }

    /// Height of the scene, px, 1 to 8,192.
    #[getter]
    fn height(&self) -> PyResult<u32> {
        with_window(|window| window.height)
    }

    #[setter]
    fn set_height(&self, height: &Bound<'_, PyAny>) -> PyResult<()> {
        let height = side("window.height", height)?;
        with_window(|window| window.height = height)
    }

    /// The words in the title bar.
    #[getter]
    fn title(&self) -> PyResult<String> {
        with_window(|window| window.title.clone())
    }

    #[setter]
    fn set_title(&self, title: &Bound<'_, PyAny>) -> PyResult<()> {
        let title = text("window.title", "text", title)?.to_owned();
        with_window(|window| window.title = title)
    }

    /// What is seen where nothing is drawn: a CSS color, or (red, green, blue) of 0 to 255.
    #[getter]
    fn background(&self) -> PyResult<String> {
        with_window(|window| window.background.to_string())
    }

    #[setter]
    fn set_background(&self, color: &Bound<'_, PyAny>) -> PyResult<()> {
        let (what, takes) = ("window.background", Color::KIND.describe());
        let value = from_python(color).map_err(|_| wrong_type(what, &takes, color))?;
        let color = Color::from_value(&value).ok_or_else(|| wrong_value(what, &takes, color))?;
        with_window(|window| window.background = color)
    }

    /// Pixels of the window for one of the scene, 0.25 to 16: 2 makes it twice as large. The user may
    /// resize it.
    #[getter]
    fn scale(&self) -> PyResult<f64> {
        with_window(|window| window.scale)
    }

    #[setter]
    fn set_scale(&self, scale: &Bound<'_, PyAny>) -> PyResult<()> {
        let (least, most) = (Window::SCALES.start(), Window::SCALES.end());
        let takes = format!("a number from {least} to {most}");
        let is_valid = |scale| Window::SCALES.contains(&scale);
        let scale = number("window.scale", &takes, scale, is_valid)?;
        with_window(|window| window.scale = scale)
    }

    /// Whether the window fills the screen.
    #[getter]
    fn fullscreen(&self) -> PyResult<bool> {
        with_window(|window| window.fullscreen)
    }

    #[setter]
    fn set_fullscreen(&self, fullscreen: &Bound<'_, PyAny>) -> PyResult<()> {
        let fullscreen = truth("window.fullscreen", fullscreen)?;
        with_window(|window| window.fullscreen = fullscreen)
    }

    /// Whether a frame waits for the screen's refresh, so that no picture is torn. Ticks may wait with
    /// it.
    #[getter]
    fn vsync(&self) -> PyResult<bool> {
        with_window(|window| window.vsync)
    }

    #[setter]
    fn set_vsync(&self, vsync: &Bound<'_, PyAny>) -> PyResult<()> {
        let vsync = truth("window.vsync", vsync)?;
        with_window(|window| window.vsync = vsync)
    }

    /// The image that stands for the window: a file as sprites name theirs, or "" for none.
    #[getter]
    fn icon(&self) -> PyResult<String> {
        with_window(|window| window.icon.clone())
    }

    #[setter]
    fn set_icon(&self, icon: &Bound<'_, PyAny>) -> PyResult<()> {
        let icon = text("window.icon", "the name of a file, like \"icon.png\"", icon)?.to_owned();
        with_window(|window| window.icon = icon)
    }

    /// Where the point (x, y) of the window lies in the scene, px: what the topmost camera shows
    /// there. Without a camera both are the same.
    fn to_scene(&self, x: &Bound<'_, PyAny>, y: &Bound<'_, PyAny>) -> PyResult<(f64, f64)> {
        let takes = "a finite number of px";
        let px = |what: &str, px: &Bound<'_, PyAny>| number(what, takes, px, f64::is_finite);
        let point = [px("to_scene(x)", x)?, px("to_scene(y)", y)?];
        with_world(|world| render::to_scene(world, point)).map(Into::into)
    }
}

fn side(what: &str, side: &Bound<'_, PyAny>) -> PyResult<u32> {
    let takes = format!("a whole number from 1 to {} px", Window::MAX_SIDE_PX);
    let pixels = whole(what, &takes, side)?;
    if (1..=Window::MAX_SIDE_PX).contains(&pixels) {
        return Ok(pixels);
    }
    Err(wrong_value(what, &takes, side))
}

fn with_window<R>(act: impl FnOnce(&mut Window) -> R) -> PyResult<R> {
    with_world(|world: &mut World| act(&mut world.resource_mut::<Window>()))
}
