//! Pictures without a window, a screen or a video driver: SDL's software renderer on a surface.

use std::time::Duration;

use sdl2::pixels::PixelFormatEnum;
use sdl2::surface::Surface as SdlSurface;

use super::painter::Painter;
use crate::render::{Display, DisplayError, Frame, Picture, Surface, Window};

/// Draws nothing until somebody wants a picture.
pub struct OffscreenDisplay {
    drawing: Option<Drawing>,
    scale: f64,
    /// A renderer that takes no larger textures than these, px, instead of any.
    max_texture_px: Option<u32>,
}

impl Default for OffscreenDisplay {
    fn default() -> Self {
        Self::with_scale(1.0)
    }
}

/// A painter and the size that it was made for.
struct Drawing {
    size_px: [u32; 2],
    painter: Painter<SdlSurface<'static>>,
}

impl OffscreenDisplay {
    /// One that draws as for a screen whose pixels are so much finer than an ordinary one's.
    pub fn with_scale(scale: f64) -> Self {
        Self { drawing: None, scale, max_texture_px: None }
    }

    /// One as on a computer whose renderer takes no larger textures than these, px.
    pub fn with_max_texture(most: u32) -> Self {
        Self { max_texture_px: Some(most), ..Self::default() }
    }

    fn draw(&mut self, frame: &Frame<'_>) -> Result<Picture, String> {
        let own = frame.window.size_px();
        let size_px @ [width, height] =
            frame.paintings().next().map_or(own, |painting| painting.size_px);
        let drawing = match self.drawing.take() {
            Some(drawing) if drawing.size_px == size_px => drawing,
            _ => {
                let surface = SdlSurface::new(width, height, PixelFormatEnum::ARGB8888)?;
                let mut painter = Painter::new(surface.into_canvas()?, true);
                if let Some(most) = self.max_texture_px {
                    painter.limit_textures(most);
                }
                Drawing { size_px, painter }
            }
        };
        let painter = &mut self.drawing.insert(drawing).painter;
        painter.draw(frame, size_px)?;
        let mut rgba = painter.canvas.read_pixels(None, PixelFormatEnum::RGBA32)?;
        // The background is opaque, so all is; the renderer's own alpha means nothing.
        rgba.chunks_exact_mut(4).for_each(|pixel| pixel[3] = 255);
        Ok(Picture { width, height, rgba })
    }
}

impl Display for OffscreenDisplay {
    fn present(&mut self, _frame: &Frame<'_>) -> Result<(), DisplayError> {
        Ok(())
    }

    fn picture(&mut self, frame: &Frame<'_>) -> Result<Picture, DisplayError> {
        self.draw(frame)
            .map_err(|reason| DisplayError::Failed { action: "draw the picture", reason })
    }

    fn surface(&self, window: &Window) -> Surface {
        Surface { size_px: window.size_px(), scale: self.scale }
    }

    fn take_notes(&mut self) -> Vec<String> {
        self.drawing.as_mut().map(|drawing| drawing.painter.take_notes()).unwrap_or_default()
    }

    fn frame_interval(&self) -> Option<Duration> {
        None
    }
}

impl std::fmt::Debug for OffscreenDisplay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("OffscreenDisplay")
    }
}

#[cfg(test)]
mod tests;
