//! What to draw in one frame, back to front, in the simplest words a display understands.

use std::ops::Range;

use bevy_ecs::entity::Entity;

use super::crop::cropped;
use super::mesh::Mesh;
use super::{Blend, ImageId};
use crate::color::Color;

/// A corner of a triangle, in the scene's pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vertex {
    /// Distance from the left edge, px.
    pub x: f32,
    /// Distance from the top edge, px.
    pub y: f32,
    /// The colour here; triangles blend between their corners.
    pub color: Color,
}

/// A rectangle of whole pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PxRect {
    /// Distance from the left edge, px.
    pub x: u32,
    /// Distance from the top edge, px.
    pub y: u32,
    /// Width, px.
    pub width: u32,
    /// Height, px.
    pub height: u32,
}

impl PxRect {
    /// Whether a point lies in it; what lies on its left or top edge does.
    pub fn contains(&self, [x, y]: [f64; 2]) -> bool {
        let within = |at: f64, from: u32, length: u32| {
            at >= from.into() && at < f64::from(from) + f64::from(length)
        };
        within(x, self.x, self.width) && within(y, self.y, self.height)
    }
}

/// A rectangle with a picture or a plain colour on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quad {
    /// Left edge before the turn, px. A whole number where there is no turn, as the others.
    pub x: f32,
    /// Top edge before the turn, px.
    pub y: f32,
    /// Width, px.
    pub width: f32,
    /// Height, px.
    pub height: f32,
    /// Clockwise turn about the centre, radians.
    pub rotation: f32,
    /// The part of the texture that is shown; nothing for a plain colour.
    pub source: PxRect,
    /// The plain colour, or the tint of the texture.
    pub color: Color,
    /// Whether left and right are exchanged.
    pub flip_x: bool,
    /// Whether top and bottom are exchanged.
    pub flip_y: bool,
}

/// Where a quad's picture comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texture {
    /// A plain colour.
    Blank,
    /// The [`Atlas`](super::Atlas): masks that let the tint through.
    Atlas,
    /// One of the [`Images`](super::Images).
    Image {
        /// Which one.
        id: ImageId,
        /// Whether its pixels are blended where it is enlarged; otherwise they stay squares.
        smooth: bool,
    },
    /// What the [`Target`](super::Target) of a process shows.
    Target(Entity),
    /// The [`Sheet`](super::Sheet) of a process.
    Canvas {
        /// The process.
        id: Entity,
        /// Whether its pixels are blended where it is enlarged; otherwise they stay squares.
        smooth: bool,
    },
    /// One of the textures of a [`Painting`](super::Painting), by its number.
    Painting(u64),
}

/// Neighbours in the order of drawing that one call to the display can draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Batch {
    /// Triangles: three of [`DrawList::indices`] each.
    Triangles(Range<usize>),
    /// Some of [`DrawList::quads`], all with the same texture.
    Quads(Texture, Range<usize>),
    /// What follows is seen in this rectangle alone.
    Clip(PxRect),
    /// What follows is mixed so with what lies below it; to begin with, [`Blend::Alpha`].
    Blend(Blend),
}

/// What to draw in one frame, back to front.
///
/// # Shapes
/// `batches` point into `indices` and `quads`; `indices` point into `vertices`.
#[derive(Clone, Debug, Default)]
pub struct DrawList {
    /// Corners of the triangles.
    pub vertices: Vec<Vertex>,
    /// Positions in `vertices`, three for each triangle.
    pub indices: Vec<u32>,
    /// Rectangles.
    pub quads: Vec<Quad>,
    /// The order of drawing.
    pub batches: Vec<Batch>,
    /// Left, top, right and bottom of what is seen of the scene, px.
    bounds: [f64; 4],
    blend: Blend,
}

/// From one corner of a rectangle to the opposite one, px. Its sides are limited, so that no care need
/// be taken of what their squares are.
pub(super) fn diagonal(width: f64, height: f64) -> f64 {
    (width * width + height * height).sqrt()
}

impl DrawList {
    /// How far beyond the window vertices may lie: far enough that no cut edge is seen, near enough
    /// that products of coordinates fit in the 32 bits of SDL's software renderer.
    const MARGIN_PX: f64 = 1024.0;

    /// Empties the list for a frame of `width` × `height` pixels; its memory is kept.
    pub(super) fn begin(&mut self, [width, height]: [u32; 2]) {
        self.vertices.clear();
        self.indices.clear();
        self.quads.clear();
        self.batches.clear();
        self.bounds = [0.0, 0.0, width.into(), height.into()];
        self.blend = Blend::Alpha;
    }

    /// What follows is seen in this part of the window alone.
    pub(super) fn clip(&mut self, part: PxRect) {
        let PxRect { x, y, width, height } = part;
        let bounds = [x, y, x.saturating_add(width), y.saturating_add(height)].map(f64::from);
        if self.bounds != bounds {
            self.bounds = bounds;
            self.batches.push(Batch::Clip(part));
        }
    }

    /// What follows is mixed so with what lies below it.
    pub(super) fn mix(&mut self, blend: Blend) {
        if self.blend != blend {
            self.blend = blend;
            self.batches.push(Batch::Blend(blend));
        }
    }

    /// Whether a circle is nowhere in the window. What is not a number is nowhere.
    pub(super) fn misses(&self, x: f64, y: f64, radius: f64) -> bool {
        let [left, top, right, bottom] = self.bounds;
        let seen =
            x + radius > left && x - radius < right && y + radius > top && y - radius < bottom;
        !seen
    }

    /// Draws a quad on top, unless it is outside of the window or transparent.
    pub(super) fn push_quad(&mut self, texture: Texture, quad: Quad) {
        let (half_width, half_height) = (f64::from(quad.width) / 2.0, f64::from(quad.height) / 2.0);
        let (x, y) = (f64::from(quad.x) + half_width, f64::from(quad.y) + half_height);
        if quad.color.a == 0 || self.misses(x, y, diagonal(half_width, half_height)) {
            return;
        }
        let start = self.quads.len();
        let quads = &mut self.quads;
        cropped(quad, self.bounds, |piece| quads.push(piece));
        let end = self.quads.len();
        if start == end {
            return;
        }
        match self.batches.last_mut() {
            Some(Batch::Quads(last, range)) if *last == texture => range.end = end,
            _ => self.batches.push(Batch::Quads(texture, start..end)),
        }
    }

    /// Draws a plain rectangle on top, cut to the window. Edges in whole pixels.
    pub(super) fn push_rectangle(&mut self, [left, top, right, bottom]: [f64; 4], color: Color) {
        let bounds = self.bounds;
        let (left, right) = (left.max(bounds[0]), right.min(bounds[2]));
        let (top, bottom) = (top.max(bounds[1]), bottom.min(bounds[3]));
        if left < right && top < bottom {
            #[expect(clippy::cast_possible_truncation, reason = "within the window")]
            let [x, y, width, height] = [left, top, right - left, bottom - top].map(|px| px as f32);
            let quad = Quad {
                x,
                y,
                width,
                height,
                rotation: 0.0,
                source: PxRect::default(),
                color,
                flip_x: false,
                flip_y: false,
            };
            self.push_quad(Texture::Blank, quad);
        }
    }

    /// Draws what stands for a thing that cannot be seen as it says, and that nobody overlooks: a
    /// checkerboard of magenta and black about a point.
    pub(super) fn push_placeholder(&mut self, [x, y]: [f64; 2]) {
        const SQUARE_PX: f64 = 8.0;
        let (x, y) = (x.round(), y.round());
        self.mix(Blend::Alpha);
        for (left, top, color) in [
            (x - SQUARE_PX, y - SQUARE_PX, Color::rgb(255, 0, 255)),
            (x, y - SQUARE_PX, Color::BLACK),
            (x - SQUARE_PX, y, Color::BLACK),
            (x, y, Color::rgb(255, 0, 255)),
        ] {
            self.push_rectangle([left, top, left + SQUARE_PX, top + SQUARE_PX], color);
        }
    }

    /// Draws triangles of one colour on top, cut to the window and a margin.
    pub(super) fn push_mesh(&mut self, mesh: &mut Mesh, color: Color) {
        let [left, top, right, bottom] = self.bounds;
        let margin = Self::MARGIN_PX;
        mesh.clip([left - margin, top - margin, right + margin, bottom + margin]);
        if mesh.triangles.is_empty() || color.a == 0 {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "4 G vertices do not fit in memory")]
        let base = self.vertices.len() as u32;
        let start = self.indices.len();
        #[expect(clippy::cast_possible_truncation, reason = "within the window and its margin")]
        #[expect(clippy::cast_sign_loss, reason = "coverage is 0 to 1")]
        self.vertices.extend(mesh.points.iter().map(|point| Vertex {
            x: point.x as f32,
            y: point.y as f32,
            color: Color { a: (f64::from(color.a) * point.coverage).round() as u8, ..color },
        }));
        self.indices.extend(mesh.triangles.iter().flatten().map(|index| base + index));
        let end = self.indices.len();
        match self.batches.last_mut() {
            Some(Batch::Triangles(range)) => range.end = end,
            _ => self.batches.push(Batch::Triangles(start..end)),
        }
    }
}
