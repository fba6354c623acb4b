//! What the world asks of its window.

use bevy_ecs::resource::Resource;

use crate::color::Color;

/// The window's title, size and background. A display follows its changes.
#[derive(Clone, Debug, PartialEq, Eq, Resource)]
pub struct Window {
    /// The words in the title bar.
    pub title: String,
    /// Width of the scene, px.
    pub width: u32,
    /// Height of the scene, px.
    pub height: u32,
    /// What is seen where nothing is drawn.
    pub background: Color,
}

impl Window {
    /// The greatest width and height: what the renderers of common graphics cards can do.
    pub const MAX_SIDE_PX: u32 = 8192;

    /// Width and height brought within 1 to [`MAX_SIDE_PX`](Self::MAX_SIDE_PX), px.
    pub fn size_px(&self) -> [u32; 2] {
        [self.width, self.height].map(|side| side.clamp(1, Self::MAX_SIDE_PX))
    }
}

impl Default for Window {
    fn default() -> Self {
        Self {
            title: "Metapython".into(),
            width: 640,
            height: 480,
            background: Color::rgb(16, 18, 24),
        }
    }
}
