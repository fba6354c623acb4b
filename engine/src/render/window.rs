//! What the world asks of its window.

use bevy_ecs::resource::Resource;

use crate::color::Color;

/// The window's title, size and so on. A display follows its changes.
#[derive(Clone, Debug, PartialEq, Resource)]
pub struct Window {
    /// The words in the title bar.
    pub title: String,
    /// Width of the scene, px.
    pub width: u32,
    /// Height of the scene, px.
    pub height: u32,
    /// What is seen where nothing is drawn.
    pub background: Color,
    /// Pixels of the window for one of the scene: 2 opens it twice as large. The user may resize it.
    pub scale: f64,
    /// Whether it fills the screen.
    pub fullscreen: bool,
    /// Whether a frame waits for the screen's refresh, so that no picture is torn; ticks may wait with
    /// it.
    pub vsync: bool,
    /// The file of the image that stands for the window, as a sprite names its own; none if empty.
    pub icon: String,
}

impl Window {
    /// The greatest width and height: what the renderers of common graphics cards can do.
    pub const MAX_SIDE_PX: u32 = 8192;

    /// The least and the greatest scale.
    pub const SCALES: std::ops::RangeInclusive<f64> = 0.25..=16.0;

    /// Width and height of the window's inside that the scale asks for, 1 to
    /// [`MAX_SIDE_PX`](Self::MAX_SIDE_PX), px.
    pub fn outer_size_px(&self) -> [u32; 2] {
        let scale = match self.scale.clamp(*Self::SCALES.start(), *Self::SCALES.end()) {
            scale if scale.is_nan() => 1.0,
            scale => scale,
        };
        #[expect(clippy::cast_possible_truncation, reason = "brought within the limits")]
        #[expect(clippy::cast_sign_loss, reason = "a size is not negative")]
        self.size_px()
            .map(|side| ((f64::from(side) * scale).round() as u32).clamp(1, Self::MAX_SIDE_PX))
    }

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
            scale: 1.0,
            fullscreen: false,
            vsync: false,
            icon: String::new(),
        }
    }
}
