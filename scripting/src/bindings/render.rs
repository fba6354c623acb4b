//! The window.

use bevy_ecs::world::World;
use metapython_engine::color::Color;
use metapython_engine::component::FieldValue;
use metapython_engine::render::Window;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::convert::from_python;
use crate::lend::with_world;

/// The window that the scene is shown in. Its inside is the scene: (0, 0) is the top left corner.
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
    fn set_width(&self, width: i64) -> PyResult<()> {
        let width = side("width", width)?;
        with_window(|window| window.width = width)
    }

    /// Height of the scene, px, 1 to 8,192.
    #[getter]
    fn height(&self) -> PyResult<u32> {
        with_window(|window| window.height)
    }

    #[setter]
    fn set_height(&self, height: i64) -> PyResult<()> {
        let height = side("height", height)?;
        with_window(|window| window.height = height)
    }

    /// The words in the title bar.
    #[getter]
    fn title(&self) -> PyResult<String> {
        with_window(|window| window.title.clone())
    }

    #[setter]
    fn set_title(&self, title: String) -> PyResult<()> {
        with_window(|window| window.title = title)
    }

    /// What is seen where nothing is drawn: a CSS color, or (red, green, blue) of 0 to 255.
    #[getter]
    fn background(&self) -> PyResult<String> {
        with_window(|window| window.background.to_string())
    }

    #[setter]
    fn set_background(&self, color: &Bound<'_, PyAny>) -> PyResult<()> {
        let color = Color::from_value(&from_python(color)?).ok_or_else(|| {
            let expected = Color::KIND.describe();
            PyValueError::new_err(format!("window.background takes {expected}"))
        })?;
        with_window(|window| window.background = color)
    }
}

fn side(name: &str, side: i64) -> PyResult<u32> {
    let max = Window::MAX_SIDE_PX;
    u32::try_from(side)
        .ok()
        .filter(|side| (1..=max).contains(side))
        .ok_or_else(|| PyValueError::new_err(format!("window.{name} is 1 to {max} px, not {side}")))
}

fn with_window<R>(act: impl FnOnce(&mut Window) -> R) -> PyResult<R> {
    with_world(|world: &mut World| act(&mut world.resource_mut::<Window>()))
}
