//! Draws a frame's list by SDL's renderer, into a window or a surface.
//!
//! Quads go through `SDL_RenderCopy` and `SDL_RenderFillRect`, which hit whole pixels on every
//! renderer; triangles through `SDL_RenderGeometry`.

use sdl2::rect::{FPoint, FRect, Rect};
use sdl2::render::{BlendMode, Canvas, ClippingRect, RenderTarget, Vertex, VertexIndices};

use super::textures::Textures;
use crate::color::Color;
use crate::render::{Batch, DrawList, Fit, Frame, PxRect, Quad, Texture};

/// A canvas and the textures that belong to it.
pub(super) struct Painter<T: RenderTarget> {
    pub(super) canvas: Canvas<T>,
    textures: Textures,
    vertices: Vec<Vertex>,
    vertex_shift_px: f32,
}

impl<T: RenderTarget> Painter<T> {
    /// A painter on a canvas. `software` says whether SDL draws without a graphics card.
    pub(super) fn new(canvas: Canvas<T>, software: bool) -> Self {
        // The software renderer cuts the fractions of vertices off; half a pixel more rounds them.
        let vertex_shift_px = if software { 0.5 } else { 0.0 };
        Self { canvas, textures: Textures::default(), vertices: Vec::new(), vertex_shift_px }
    }

    /// Draws the frame on all of a surface of that size, without showing it yet.
    pub(super) fn draw(&mut self, frame: &Frame<'_>, surface: [u32; 2]) -> Result<(), String> {
        self.look_at(None)?;
        // Black beside the scene, where the window has another shape than it.
        self.canvas.set_draw_color(sdl2::pixels::Color::BLACK);
        self.canvas.clear();
        self.look_at(Some(Fit::new(frame.window.size_px(), surface)))?;
        self.fill(None, Color { a: 255, ..frame.window.background })?;
        self.draw_list(frame, frame.list)?;
        if let Some(painting) = frame.painting {
            self.look_at(None)?;
            self.draw_list(frame, &painting.list)?;
            self.canvas.set_clip_rect(ClippingRect::None);
        }
        Ok(())
    }

    /// From now on coordinates are those of the scene, where it lies on the surface, or the surface's
    /// own.
    fn look_at(&mut self, scene: Option<Fit>) -> Result<(), String> {
        // SDL takes the viewport in coordinates of the scale.
        self.canvas.set_scale(1.0, 1.0)?;
        self.canvas.set_viewport(scene.map(|fit| {
            let [width, height] = fit.size_px;
            Rect::new(fit.left_px.cast_signed(), fit.top_px.cast_signed(), width, height)
        }));
        #[expect(clippy::cast_possible_truncation, reason = "SDL's own precision")]
        let scale = scene.map_or(1.0, |fit| fit.scale as f32);
        self.canvas.set_scale(scale, scale)
    }

    fn draw_list(&mut self, frame: &Frame<'_>, list: &DrawList) -> Result<(), String> {
        let shift = self.vertex_shift_px;
        self.vertices.clear();
        self.vertices.extend(list.vertices.iter().map(|vertex| Vertex {
            position: FPoint::new(vertex.x + shift, vertex.y + shift),
            color: color(vertex.color),
            tex_coord: FPoint::new(0.0, 0.0),
        }));
        self.canvas.set_blend_mode(BlendMode::Blend);
        for batch in &list.batches {
            match batch {
                Batch::Triangles(range) => {
                    let indices = &list.indices[range.clone()];
                    self.canvas.set_blend_mode(BlendMode::Blend);
                    self.canvas.render_geometry(
                        &self.vertices,
                        None,
                        VertexIndices::U32(indices),
                    )?;
                }
                Batch::Quads(Texture::Blank, range) => {
                    for quad in &list.quads[range.clone()] {
                        self.fill(Some(whole(quad)), quad.color)?;
                    }
                }
                Batch::Quads(texture, range) => {
                    self.copy(frame, *texture, &list.quads[range.clone()])?;
                }
                Batch::Clip(part) => self.canvas.set_clip_rect(rect(*part)),
            }
        }
        Ok(())
    }

    /// Fills a rectangle, or all of the scene.
    fn fill(&mut self, place: Option<Rect>, with: Color) -> Result<(), String> {
        let blend = if with.a == 255 { BlendMode::None } else { BlendMode::Blend };
        self.canvas.set_blend_mode(blend);
        self.canvas.set_draw_color(color(with));
        self.canvas.fill_rect(place)
    }

    fn copy(&mut self, frame: &Frame<'_>, texture: Texture, quads: &[Quad]) -> Result<(), String> {
        let texture = match texture {
            Texture::Image(id) => self.textures.image(&self.canvas, frame, id)?,
            Texture::Painting(id) => match self.textures.painting(&self.canvas, frame, id)? {
                Some(texture) => texture,
                None => return Ok(()),
            },
            Texture::Atlas | Texture::Blank => self.textures.atlas(&self.canvas, frame.atlas)?,
        };
        for quad in quads {
            let Color { r, g, b, a } = quad.color;
            texture.set_color_mod(r, g, b);
            texture.set_alpha_mod(a);
            let source = rect(quad.source);
            if quad.rotation == 0.0 && !quad.flip_x && !quad.flip_y {
                self.canvas.copy(texture, source, whole(quad))?;
            } else {
                // Both flips together are half a turn; SDL's binding aborts if asked for both.
                let both = quad.flip_x && quad.flip_y;
                let degrees = f64::from(quad.rotation).to_degrees();
                self.canvas.copy_ex_f(
                    texture,
                    source,
                    FRect::new(quad.x, quad.y, quad.width, quad.height),
                    if both { degrees + 180.0 } else { degrees },
                    None,
                    quad.flip_x && !both,
                    quad.flip_y && !both,
                )?;
            }
        }
        Ok(())
    }
}

fn color(color: Color) -> sdl2::pixels::Color {
    sdl2::pixels::Color::RGBA(color.r, color.g, color.b, color.a)
}

fn rect(part: PxRect) -> Rect {
    Rect::new(part.x.cast_signed(), part.y.cast_signed(), part.width, part.height)
}

/// The quad's place, which is one of whole pixels where it is not turned.
#[expect(clippy::cast_possible_truncation, reason = "the draw list drops what is far outside")]
#[expect(clippy::cast_sign_loss, reason = "sizes are not negative")]
fn whole(quad: &Quad) -> Rect {
    Rect::new(
        quad.x.round() as i32,
        quad.y.round() as i32,
        quad.width.round() as u32,
        quad.height.round() as u32,
    )
}
