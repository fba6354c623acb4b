//! Draws a frame's list by SDL's renderer, into a window or a surface.
//!
//! Quads go through `SDL_RenderCopy` and `SDL_RenderFillRect`, which hit whole pixels on every
//! renderer; triangles through `SDL_RenderGeometry`.

use sdl2::rect::{FPoint, FRect, Rect};
use sdl2::render::{BlendMode, Canvas, ClippingRect, RenderTarget, Vertex, VertexIndices};

use super::textures::{self, Copied, Textures};
use crate::color::Color;
use crate::render::{
    Batch, Blend, DrawList, Fit, Frame, Painting, PxRect, Quad, TargetFrame, Texture,
};

/// A canvas, and what draws on it.
pub(super) struct Painter<T: RenderTarget> {
    pub(super) canvas: Canvas<T>,
    brush: Brush,
    /// For each of what may lie over the scene.
    kept: [Option<Kept>; 2],
}

/// What lies over the scene, as it was drawn last: it changes more seldom than the scene does.
struct Kept {
    texture: sdl2::render::Texture,
    size_px: [u32; 2],
    revision: Option<u64>,
}

/// Draws lists, with the textures that belong to a canvas.
struct Brush {
    textures: Textures,
    vertices: Vec<Vertex>,
    vertex_shift_px: f32,
    /// Whether it was told that there are no targets.
    has_told: bool,
}

impl<T: RenderTarget> Painter<T> {
    /// A painter on a canvas. `software` says whether SDL draws without a graphics card.
    pub(super) fn new(canvas: Canvas<T>, software: bool) -> Self {
        // The software renderer cuts the fractions of vertices off; half a pixel more rounds them.
        let vertex_shift_px = if software { 0.5 } else { 0.0 };
        let info = canvas.info();
        let mut brush = Brush {
            textures: Textures::default(),
            vertices: Vec::new(),
            vertex_shift_px,
            has_told: false,
        };
        // A renderer that says nothing takes any.
        let most = info.max_texture_width.min(info.max_texture_height);
        brush.textures.max_side_px = Some(most).filter(|most| *most > 0);
        Self { canvas, brush, kept: [None, None] }
    }

    /// From now on it takes no larger textures than these, px.
    pub(super) fn limit_textures(&mut self, most: u32) {
        self.brush.textures.max_side_px = Some(most);
    }

    /// How many canvases and targets it has textures of, each smooth or not.
    #[cfg(test)]
    pub(super) fn copy_count(&self) -> usize {
        self.brush.textures.copy_count()
    }

    /// What could not be shown as it is since the last call.
    pub(super) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.brush.textures.notes)
    }

    /// Draws the frame on all of a surface of that size, without showing it yet.
    pub(super) fn draw(&mut self, frame: &Frame<'_>, surface: [u32; 2]) -> Result<(), String> {
        self.look_at(None)?;
        for target in frame.targets {
            self.brush.draw_target(&mut self.canvas, frame, target)?;
        }
        // Black beside the scene, where the window has another shape than it.
        self.canvas.set_draw_color(sdl2::pixels::Color::BLACK);
        self.canvas.clear();
        self.look_at(Some(Fit::new(frame.window.size_px(), surface)))?;
        let background = Color { a: 255, ..frame.window.background };
        fill(&mut self.canvas, None, background, BlendMode::Blend)?;
        self.brush.draw_list(&mut self.canvas, frame, frame.list)?;
        for (place, painting) in [frame.widgets, frame.painting].into_iter().enumerate() {
            if let Some(painting) = painting {
                self.look_at(None)?;
                self.draw_painting(frame, painting, place)?;
            }
        }
        self.brush.textures.forget_gone(frame);
        Ok(())
    }

    /// Draws what lies over the scene: a texture in which it was drawn when it last changed.
    fn draw_painting(
        &mut self,
        frame: &Frame<'_>,
        painting: &Painting,
        place: usize,
    ) -> Result<(), String> {
        let Self { canvas, brush, kept: places } = self;
        let Some(place) = places.get_mut(place) else { return Ok(()) };
        if !canvas.render_target_supported() {
            return brush.draw_list(canvas, frame, &painting.list);
        }
        let size_px @ [width, height] = painting.size_px;
        let mut kept = match place.take() {
            Some(kept) if kept.size_px == size_px => kept,
            outgrown => {
                if let Some(outgrown) = outgrown {
                    // SAFETY: its renderer is `canvas`, which is alive, and nobody else has it.
                    unsafe { outgrown.texture.destroy() }
                }
                let texture = canvas.create_texture_target(textures::FORMAT, width, height);
                let mut texture = texture.map_err(|error| error.to_string())?;
                texture.set_blend_mode(BlendMode::Blend);
                Kept { texture, size_px, revision: None }
            }
        };
        if kept.revision != Some(painting.revision) {
            let mut drawn = Ok(());
            let target = canvas.with_texture_canvas(&mut kept.texture, |canvas| {
                canvas.set_draw_color(sdl2::pixels::Color::RGBA(0, 0, 0, 0));
                canvas.clear();
                drawn = brush.draw_list(canvas, frame, &painting.list);
            });
            target.map_err(|error| error.to_string()).and(drawn)?;
            kept.revision = Some(painting.revision);
        }
        canvas.copy(&place.insert(kept).texture, None, None)
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
}

impl Brush {
    /// Draws a picture beside the window.
    fn draw_target<T: RenderTarget>(
        &mut self,
        canvas: &mut Canvas<T>,
        frame: &Frame<'_>,
        target: &TargetFrame,
    ) -> Result<(), String> {
        if !canvas.render_target_supported() {
            let note = "this computer's renderer draws into the window alone: no Target is shown";
            if !self.has_told {
                self.textures.notes.push(note.to_owned());
            }
            self.has_told = true;
            return Ok(());
        }
        let mut into = self.textures.begin_target(canvas, frame, target)?;
        let mut drawn = Ok(());
        let done = canvas.with_texture_canvas(&mut into, |canvas| {
            canvas.set_draw_color(color(target.background));
            canvas.clear();
            drawn = self.draw_list(canvas, frame, &target.list);
        });
        self.textures.end_target(target, into);
        done.map_err(|error| error.to_string()).and(drawn)
    }

    fn draw_list<T: RenderTarget>(
        &mut self,
        canvas: &mut Canvas<T>,
        frame: &Frame<'_>,
        list: &DrawList,
    ) -> Result<(), String> {
        let shift = self.vertex_shift_px;
        self.vertices.clear();
        self.vertices.extend(list.vertices.iter().map(|vertex| Vertex {
            position: FPoint::new(vertex.x + shift, vertex.y + shift),
            color: color(vertex.color),
            tex_coord: FPoint::new(0.0, 0.0),
        }));
        let mut blend = BlendMode::Blend;
        for batch in &list.batches {
            match batch {
                Batch::Triangles(range) => {
                    let indices = &list.indices[range.clone()];
                    canvas.set_blend_mode(blend);
                    canvas.render_geometry(&self.vertices, None, VertexIndices::U32(indices))?;
                }
                Batch::Quads(Texture::Blank, range) => {
                    for quad in &list.quads[range.clone()] {
                        fill(canvas, Some(whole(quad)), quad.color, blend)?;
                    }
                }
                Batch::Quads(texture, range) => {
                    self.copy(canvas, frame, *texture, &list.quads[range.clone()], blend)?;
                }
                Batch::Clip(part) => canvas.set_clip_rect(rect(*part)),
                Batch::Blend(asked) => blend = mode(*asked),
            }
        }
        canvas.set_clip_rect(ClippingRect::None);
        Ok(())
    }

    fn copy<T: RenderTarget>(
        &mut self,
        canvas: &mut Canvas<T>,
        frame: &Frame<'_>,
        texture: Texture,
        quads: &[Quad],
        blend: BlendMode,
    ) -> Result<(), String> {
        let texture = match texture {
            Texture::Image { id, smooth } => self.textures.image(canvas, frame, id, smooth)?,
            Texture::Target(id) => self.textures.target(id),
            Texture::Canvas { id, smooth } => self.textures.canvas(canvas, frame, id, smooth)?,
            Texture::Painting(id) => self.textures.painting(canvas, frame, id)?.map(Copied::whole),
            Texture::Atlas | Texture::Blank => {
                Some(Copied::whole(self.textures.atlas(canvas, frame.atlas)?))
            }
        };
        let Some(copied) = texture else { return Ok(()) };
        copied.texture.set_blend_mode(blend);
        for quad in quads {
            let Color { r, g, b, a } = quad.color;
            let source = copied.part(quad.source);
            let texture = &mut *copied.texture;
            texture.set_color_mod(r, g, b);
            texture.set_alpha_mod(a);
            if quad.rotation == 0.0 && !quad.flip_x && !quad.flip_y {
                canvas.copy(texture, source, whole(quad))?;
            } else {
                // Both flips together are half a turn; SDL's binding aborts if asked for both.
                let both = quad.flip_x && quad.flip_y;
                let degrees = f64::from(quad.rotation).to_degrees();
                canvas.copy_ex_f(
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

/// Fills a rectangle, or all of the scene.
fn fill<T: RenderTarget>(
    canvas: &mut Canvas<T>,
    place: Option<Rect>,
    with: Color,
    blend: BlendMode,
) -> Result<(), String> {
    let covers = with.a == 255 && blend == BlendMode::Blend;
    canvas.set_blend_mode(if covers { BlendMode::None } else { blend });
    canvas.set_draw_color(color(with));
    canvas.fill_rect(place)
}

fn mode(blend: Blend) -> BlendMode {
    match blend {
        Blend::Alpha => BlendMode::Blend,
        Blend::Add => BlendMode::Add,
        Blend::Multiply => BlendMode::Mul,
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
