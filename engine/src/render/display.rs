//! The port to a screen.

use std::time::Duration;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use thiserror::Error;

use super::{
    Atlas, DrawList, ImageId, Images, Painting, Picture, Sheet, Surface, Target, TargetFrame,
    Window, complaint,
};

/// One frame, ready to be shown: what to draw and what it refers to.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The window as the world wants it.
    pub window: &'a Window,
    /// What to draw, back to front.
    pub list: &'a DrawList,
    /// The masks of glyphs and small circles that the list refers to.
    pub atlas: &'a Atlas,
    /// The images that the list refers to.
    pub images: &'a Images,
    /// The image that stands for the window, one of `images`.
    pub icon: Option<ImageId>,
    /// The pictures beside the window that the lists refer to: each comes before those that show it,
    /// but where two show each other.
    pub targets: &'a [TargetFrame],
    /// The canvases that the lists refer to.
    pub sheets: Sheets<'a>,
    /// The widgets over the scene.
    pub widgets: Option<&'a Painting>,
    /// What lies over all of it.
    pub painting: Option<&'a Painting>,
}

impl<'a> Frame<'a> {
    /// What lies over the scene, from the lowest.
    pub fn paintings(&self) -> impl Iterator<Item = &'a Painting> + use<'a> {
        self.widgets.into_iter().chain(self.painting)
    }
}

/// The canvases of a world.
#[derive(Clone, Copy)]
pub struct Sheets<'a>(pub(super) &'a World);

impl<'a> Sheets<'a> {
    /// That of a process; `None` if it has none.
    pub fn get(self, process: Entity) -> Option<&'a Sheet> {
        self.0.get(process)
    }

    /// What a process is called.
    pub fn name(self, process: Entity) -> &'a str {
        complaint::name(self.0, process)
    }

    /// Whether a process has a target.
    pub fn has_target(self, process: Entity) -> bool {
        self.0.get::<Target>(process).is_some()
    }
}

impl std::fmt::Debug for Sheets<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Sheets")
    }
}

/// Shows frames. A display belongs to the thread that made it.
pub trait Display {
    /// Shows the frame, and the window as [`Frame::window`] wants it. Never waits for the screen.
    ///
    /// # Errors
    /// [`DisplayError::Failed`] if the library behind it does.
    fn present(&mut self, frame: &Frame<'_>) -> Result<(), DisplayError>;

    /// The frame as a user sees it in a window of exactly its own size; or, if something lies over
    /// the scene, in a window of the size that this was painted for.
    ///
    /// # Errors
    /// [`DisplayError::NoPicture`] if this display cannot draw, [`DisplayError::Failed`] if the
    /// library behind it fails.
    fn picture(&mut self, frame: &Frame<'_>) -> Result<Picture, DisplayError>;

    /// What the frames of such a window are shown on.
    fn surface(&self, window: &Window) -> Surface {
        Surface { size_px: window.size_px(), scale: 1.0 }
    }

    /// What could not be shown as it is since the last call, and what was done about it.
    fn take_notes(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// How long a frame stays: the screen's pace. `None` asks for no frames.
    fn frame_interval(&self) -> Option<Duration>;
}

/// Why nothing can be shown.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DisplayError {
    /// There is no screen to open a window on.
    #[error("cannot open a window: {reason}; run without one by --headless")]
    NoWindow {
        /// What failed.
        reason: String,
    },
    /// The display cannot draw.
    #[error(
        "cannot take a picture: this program was built without SDL (build it with the `sdl` feature)"
    )]
    NoPicture,
    /// The library behind the display failed.
    #[error("cannot {action}: {reason}")]
    Failed {
        /// What was to be done.
        action: &'static str,
        /// What the library said.
        reason: String,
    },
}
