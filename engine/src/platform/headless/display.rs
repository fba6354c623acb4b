//! The display of a build that cannot draw.

use std::time::Duration;

use crate::render::{Display, DisplayError, Frame, Picture};

/// A display that shows nothing and asks for no frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct NullDisplay;

impl Display for NullDisplay {
    fn present(&mut self, _frame: &Frame<'_>) -> Result<(), DisplayError> {
        Ok(())
    }

    /// # Errors
    /// Always [`DisplayError::NoPicture`].
    fn picture(&mut self, _frame: &Frame<'_>) -> Result<Picture, DisplayError> {
        Err(DisplayError::NoPicture)
    }

    fn frame_interval(&self) -> Option<Duration> {
        None
    }
}

#[cfg(test)]
mod tests {
    use bevy_ecs::world::World;

    use super::NullDisplay;
    use crate::render::{Display, Renderer};

    /// Presenting is harmless, and a picture is refused with the reason and the remedy.
    #[test]
    fn a_build_without_sdl_says_that_it_cannot_draw() {
        let mut world = World::new();
        let mut renderer = Renderer::new(&mut world);
        let frame = renderer.draw(&world);
        let mut display = NullDisplay;
        display.present(&frame).unwrap();
        assert_eq!(display.frame_interval(), None);
        let error = display.picture(&frame).unwrap_err().to_string();
        assert!(error.contains("built without SDL"), "{error}");
        assert!(error.contains("`sdl`"), "{error}");
    }
}
