//! Pictures without a window, a screen or a video driver: SDL's software renderer on a surface.

use std::time::Duration;

use sdl2::pixels::PixelFormatEnum;
use sdl2::surface::Surface;

use super::painter::Painter;
use crate::render::{Display, DisplayError, Frame, Picture};

/// Draws nothing until somebody wants a picture.
#[derive(Default)]
pub struct OffscreenDisplay {
    drawing: Option<Drawing>,
}

/// A painter and the size that it was made for.
struct Drawing {
    size_px: [u32; 2],
    painter: Painter<Surface<'static>>,
}

impl OffscreenDisplay {
    fn draw(&mut self, frame: &Frame<'_>) -> Result<Picture, String> {
        let size_px @ [width, height] = frame.window.size_px();
        let drawing = match self.drawing.take() {
            Some(drawing) if drawing.size_px == size_px => drawing,
            _ => {
                let surface = Surface::new(width, height, PixelFormatEnum::ARGB8888)?;
                Drawing { size_px, painter: Painter::new(surface.into_canvas()?, true) }
            }
        };
        let painter = &mut self.drawing.insert(drawing).painter;
        painter.draw(frame)?;
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
