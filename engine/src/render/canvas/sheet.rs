//! The pixels of a canvas, and drawing on them.

use std::collections::VecDeque;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use bevy_ecs::component::Component;
use thiserror::Error;
use tiny_skia::{
    BlendMode, FillRule, FilterQuality, LineCap, LineJoin, Paint, Path as Outline, Pixmap,
    PixmapPaint, PremultipliedColorU8, Rect, Stroke, Transform,
};

use super::fill::flood;
use super::outline::FAR_PX;
use super::{Ink, Letters, Mix, outline};
use crate::color::Color;
use crate::render::placement::Point;
use crate::render::{Blend, Picture, PxRect};

/// Pixels that stay until somebody draws over them.
///
/// They are kept multiplied by their opacity, as they are drawn: of what is nearly transparent the
/// colour is kept roughly.
#[derive(Clone, Component)]
pub struct Sheet {
    pixels: Pixmap,
    /// Another number whenever all of it is new, and for each sheet.
    generation: u64,
    /// The newest changes, in order.
    patches: VecDeque<PxRect>,
    /// How many changes came before those.
    forgotten: u64,
}

/// Why something cannot be drawn.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SheetError {
    /// The bytes are not those of a picture of this size.
    #[error("{given} bytes are no picture of {width} × {height} px, which has {wanted}")]
    Size {
        /// How many there are.
        given: usize,
        /// Width of the canvas, px.
        width: u32,
        /// Height of the canvas, px.
        height: u32,
        /// How many there would have to be.
        wanted: usize,
    },
}

impl Sheet {
    /// More changes than these are copied as one.
    const MOST_PATCHES: usize = 256;

    /// A sheet of one colour, on which lies what of an old one has room.
    pub(super) fn new([width, height]: [u32; 2], color: Color, old: Option<&Self>) -> Self {
        // Sides are between 1 and 4096 px: that much there always is.
        let mut pixels = Pixmap::new(width, height).expect("a picture of a size that there can be");
        pixels.fill(skia(color));
        if let Some(old) = old {
            let paint = PixmapPaint { blend_mode: BlendMode::Source, ..PixmapPaint::default() };
            pixels.draw_pixmap(0, 0, old.pixels.as_ref(), &paint, Transform::identity(), None);
        }
        Self { pixels, generation: next_generation(), patches: VecDeque::new(), forgotten: 0 }
    }

    /// Width and height, px.
    pub fn size_px(&self) -> [u32; 2] {
        [self.pixels.width(), self.pixels.height()]
    }

    /// Its bytes as they are kept: red, green, blue, each multiplied by the opacity, and the opacity,
    /// row by row.
    pub fn bytes(&self) -> &[u8] {
        self.pixels.data()
    }

    /// Makes it what it was when it had these [`bytes`](Self::bytes).
    ///
    /// # Errors
    /// [`SheetError::Size`] if it was larger or smaller then.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), SheetError> {
        self.check(bytes)?;
        // A colour is never stronger than its opacity, whoever made the bytes.
        let is_sound = |pixel: &[u8]| matches!(pixel, [r, g, b, a] if r.max(g).max(b) <= a);
        if bytes.chunks_exact(4).all(is_sound) {
            self.pixels.data_mut().copy_from_slice(bytes);
        } else {
            for (pixel, from) in
                self.pixels.data_mut().chunks_exact_mut(4).zip(bytes.chunks_exact(4))
            {
                let opacity = from[3];
                pixel.iter_mut().zip(from).for_each(|(to, from)| *to = *from.min(&opacity));
            }
        }
        self.touch_all();
        Ok(())
    }

    /// The picture: straight opacity, as in files.
    pub fn picture(&self) -> Picture {
        let [width, height] = self.size_px();
        let rgba = self.rgba(PxRect { x: 0, y: 0, width, height });
        Picture { width, height, rgba }
    }

    /// A part of the picture, row by row.
    pub fn rgba(&self, part: PxRect) -> Vec<u8> {
        let width = self.pixels.width() as usize;
        let rows = self.pixels.pixels().chunks_exact(width);
        let rows = rows.skip(part.y as usize).take(part.height as usize);
        let within = part.x as usize..(part.x + part.width) as usize;
        let pixels = rows.filter_map(|row| row.get(within.clone())).flatten();
        pixels
            .flat_map(|pixel| {
                let color = pixel.demultiply();
                [color.red(), color.green(), color.blue(), color.alpha()]
            })
            .collect()
    }

    /// Makes it a picture with straight opacity, given row by row.
    ///
    /// # Errors
    /// [`SheetError::Size`] if that is larger or smaller.
    pub fn set_rgba(&mut self, rgba: &[u8]) -> Result<(), SheetError> {
        self.check(rgba)?;
        multiply(rgba, self.pixels.pixels_mut());
        self.touch_all();
        Ok(())
    }

    /// Makes all of it one colour.
    pub fn clear(&mut self, color: Color) {
        self.pixels.fill(skia(color));
        self.touch_all();
    }

    /// Draws a line with round ends through points; through one, a dot. Without a width nothing.
    pub fn line(&mut self, points: &[Point], ink: Ink) {
        let [first, rest @ ..] = points else { return };
        if rest.iter().all(|point| point == first) {
            let radius = ink.width.unwrap_or(0.0) / 2.0;
            return self.circle(*first, radius, Ink { width: None, ..ink });
        }
        self.draw(outline::line(points), ink);
    }

    /// Draws a polygon; its corners are rounded where it is an outline.
    pub fn polygon(&mut self, corners: &[Point], ink: Ink) {
        self.draw(outline::polygon(corners, ink.width.is_none()), ink);
    }

    /// Draws a circle about a point.
    pub fn circle(&mut self, center: Point, radius: f64, ink: Ink) {
        let outline = outline::circle(center, radius, self.size_px(), ink.width.is_none());
        self.draw(outline, ink);
    }

    /// Draws a rectangle; `corner` is its left and top.
    pub fn rectangle(&mut self, corner: Point, size: [f64; 2], ink: Ink) {
        self.draw(outline::rectangle(corner, size), ink);
    }

    /// Draws words.
    pub fn write(&mut self, letters: &Letters, color: Color, mix: Mix) {
        let ink = Ink { color, width: None, mix };
        for outline in &letters.outlines {
            self.fill_outline(outline, FillRule::Winding, ink);
        }
        let bounds = letters.outlines.iter().map(Outline::bounds);
        if let Some(bounds) = bounds.reduce(|all, one| all.join(&one).unwrap_or(all)) {
            self.touch_around(bounds, 1.0);
        }
    }

    /// Gives a colour to the pixel at a point and all that are connected with it and look like it:
    /// each channel differs by `tolerance` at most.
    pub fn fill(&mut self, at: Point, color: Color, tolerance: u8) {
        let [width, height] = self.size_px();
        let [x, y] = at.map(f64::floor);
        if !(x >= 0.0 && y >= 0.0 && x < width.into() && y < height.into()) {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "within the sheet")]
        #[expect(clippy::cast_sign_loss, reason = "within the sheet")]
        let start = [x as usize, y as usize];
        let (width, paint) = (width as usize, skia(color).premultiply().to_color_u8());
        let asked = self.pixels.pixels()[start[1] * width + start[0]];
        let channels =
            |pixel: PremultipliedColorU8| [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()];
        let wanted = channels(asked);
        let is_alike = |pixel: &PremultipliedColorU8| {
            let own = channels(*pixel);
            let is_near = |channel: usize| own[channel].abs_diff(wanted[channel]) <= tolerance;
            is_near(0) && is_near(1) && is_near(2) && is_near(3)
        };
        let alike = |pixel: &PremultipliedColorU8| *pixel == asked || is_alike(pixel);
        let mut open: Vec<u8> =
            self.pixels.pixels().iter().map(|pixel| alike(pixel).into()).collect();
        let (pixels, mut bounds) = (self.pixels.pixels_mut(), [usize::MAX, usize::MAX, 0, 0]);
        flood(&mut open, width, start, |y, from, to| {
            pixels[y * width + from..y * width + to].fill(paint);
            let [left, top, right, bottom] = bounds;
            bounds = [left.min(from), top.min(y), right.max(to), bottom.max(y + 1)];
        });
        self.touch(bounds.map(|side| side as f64));
    }

    /// Draws a picture, its left and top at `corner`, as large as asked.
    pub fn image(&mut self, picture: &Picture, corner: Point, size: [f64; 2], mix: Mix) {
        let [columns, rows] = self.size_px();
        let across = Stretch::in_sight(picture.width, corner[0], size[0], columns);
        let down = Stretch::in_sight(picture.height, corner[1], size[1], rows);
        let Some(mut source) = Pixmap::new(across.count, down.count) else { return };
        let lines = picture.rgba.chunks_exact(4 * picture.width as usize);
        let lines = lines
            .skip(down.first as usize)
            .zip(source.pixels_mut().chunks_exact_mut(across.count as usize));
        lines.for_each(|(from, to)| {
            multiply(from.get(4 * across.first as usize..).unwrap_or_default(), to)
        });
        let ([x, y], [width, height]) =
            ([across.at, down.at].map(px), [across.length, down.length].map(px));
        let (own_width, own_height) = (source.width() as f32, source.height() as f32);
        let place = Transform::from_row(width / own_width, 0.0, 0.0, height / own_height, x, y);
        let quality = FilterQuality::Bilinear;
        let paint = PixmapPaint { blend_mode: mode(mix), quality, ..PixmapPaint::default() };
        self.pixels.draw_pixmap(0, 0, source.as_ref(), &paint, place, None);
        let [left, top] = [x, y].map(f64::from);
        self.touch([left, top, left + f64::from(width), top + f64::from(height)]);
    }

    /// Makes it a picture, as far as there is room, and one colour beside that.
    pub fn load(&mut self, picture: &Picture, color: Color) {
        self.clear(color);
        let Some(mut source) = Pixmap::new(picture.width, picture.height) else { return };
        multiply(&picture.rgba, source.pixels_mut());
        let paint = PixmapPaint { blend_mode: BlendMode::Source, ..PixmapPaint::default() };
        self.pixels.draw_pixmap(0, 0, source.as_ref(), &paint, Transform::identity(), None);
    }

    /// Saves the picture as PNG, as [`Picture::save_png`] does.
    ///
    /// # Errors
    /// [`PictureError`](crate::render::PictureError) names the file and what the system said.
    pub fn save_png(&self, path: &Path) -> Result<(), crate::render::PictureError> {
        self.picture().save_png(path)
    }

    /// Another number whenever all of it is new, and for each sheet that there ever was.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How often a part of it has changed.
    pub fn changes(&self) -> u64 {
        self.forgotten + self.patches.len() as u64
    }

    /// The parts that changed after so many changes; `None` if nobody remembers.
    pub fn changed_since(&self, changes: u64) -> Option<impl Iterator<Item = PxRect>> {
        let known = changes.checked_sub(self.forgotten)?;
        let known = usize::try_from(known).ok()?;
        Some(self.patches.iter().skip(known).copied())
    }

    fn check(&self, bytes: &[u8]) -> Result<(), SheetError> {
        let ([width, height], given) = (self.size_px(), bytes.len());
        let wanted = self.pixels.data().len();
        if given == wanted {
            Ok(())
        } else {
            Err(SheetError::Size { given, width, height, wanted })
        }
    }

    fn draw(&mut self, outline: Option<Outline>, ink: Ink) {
        let Some(outline) = outline.filter(|_| ink.width.is_none_or(|width| width > 0.0)) else {
            return;
        };
        let Some(width) = ink.width else {
            self.fill_outline(&outline, FillRule::EvenOdd, ink);
            return self.touch_around(outline.bounds(), 1.0);
        };
        let (line_cap, line_join) = (LineCap::Round, LineJoin::Round);
        let stroke = Stroke { width: px(width), line_cap, line_join, ..Stroke::default() };
        self.pixels.stroke_path(&outline, &paint(ink), &stroke, Transform::identity(), None);
        self.touch_around(outline.bounds(), width / 2.0 + 1.0);
    }

    fn fill_outline(&mut self, outline: &Outline, rule: FillRule, ink: Ink) {
        self.pixels.fill_path(outline, &paint(ink), rule, Transform::identity(), None);
    }

    /// What is no further than `reach` px from there has changed.
    fn touch_around(&mut self, bounds: Rect, reach: f64) {
        let [left, top] = [bounds.left(), bounds.top()].map(|side| f64::from(side) - reach);
        let [right, bottom] = [bounds.right(), bounds.bottom()].map(|side| f64::from(side) + reach);
        self.touch([left, top, right, bottom]);
    }

    /// A part of it has changed: what is left, top, right and bottom, px.
    fn touch(&mut self, [left, top, right, bottom]: [f64; 4]) {
        let [width, height] = self.size_px();
        #[expect(clippy::cast_possible_truncation, reason = "brought within the sheet")]
        #[expect(clippy::cast_sign_loss, reason = "brought within the sheet")]
        let within = |at: f64, side: u32| at.clamp(0.0, f64::from(side)) as u32;
        let (x, y) = (within(left.floor(), width), within(top.floor(), height));
        let (right, bottom) = (within(right.ceil(), width), within(bottom.ceil(), height));
        if x < right && y < bottom {
            self.patches.push_back(PxRect { x, y, width: right - x, height: bottom - y });
            if self.patches.len() > Self::MOST_PATCHES {
                self.patches.pop_front();
                self.forgotten += 1;
            }
        }
    }

    fn touch_all(&mut self) {
        self.generation = next_generation();
    }
}

/// A number that no sheet had before: who shows one sees whether it is still the same.
fn next_generation() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What is drawn of an image along one axis.
struct Stretch {
    /// The first of its pixels.
    first: u32,
    /// How many there are.
    count: u32,
    /// Where they begin on the canvas, px.
    at: f64,
    /// How long they are together, px.
    length: f64,
}

impl Stretch {
    /// All of an image of so many pixels; of one that reaches far, what is seen on a canvas of this side.
    fn in_sight(count: u32, at: f64, length: f64, side: u32) -> Self {
        if at.abs() + length <= FAR_PX {
            return Self { first: 0, count, at, length };
        }
        // Those beside what is seen count where pixels are blended.
        const BESIDE: f64 = 2.0;
        let pixel = length / f64::from(count);
        let within = |place: f64| place.clamp(0.0, f64::from(count));
        #[expect(clippy::cast_possible_truncation, reason = "within the image")]
        #[expect(clippy::cast_sign_loss, reason = "within the image")]
        let [first, end] = [
            within((-at / pixel).floor() - BESIDE) as u32,
            within(((f64::from(side) - at) / pixel).ceil() + BESIDE) as u32,
        ];
        // Where they are very long, their ends are out of sight wherever they are.
        let place =
            |number: u32| (at + f64::from(number) * pixel).clamp(-FAR_PX / 2.0, FAR_PX / 2.0);
        let (at, count) = (place(first), end.saturating_sub(first));
        Self { first, count, at, length: place(end) - at }
    }
}

/// A length as it is drawn, px. What is no number is none.
#[expect(clippy::cast_possible_truncation, reason = "the precision of what draws")]
fn px(own: f64) -> f32 {
    if own.is_nan() { 0.0 } else { own.clamp(-FAR_PX, FAR_PX) as f32 }
}

fn paint(ink: Ink) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, blend_mode: mode(ink.mix), ..Paint::default() };
    paint.set_color(skia(ink.color));
    paint
}

fn skia(Color { r, g, b, a }: Color) -> tiny_skia::Color {
    tiny_skia::Color::from_rgba8(r, g, b, a)
}

fn mode(mix: Mix) -> BlendMode {
    match mix {
        Mix::Blend(Blend::Alpha) => BlendMode::SourceOver,
        Mix::Blend(Blend::Add) => BlendMode::Plus,
        Mix::Blend(Blend::Multiply) => BlendMode::Multiply,
        Mix::Erase => BlendMode::DestinationOut,
    }
}

/// Writes colours with straight opacity as colours multiplied by it.
fn multiply(rgba: &[u8], pixels: &mut [PremultipliedColorU8]) {
    for (pixel, from) in pixels.iter_mut().zip(rgba.chunks_exact(4)) {
        if let [r, g, b, a] = *from {
            *pixel = tiny_skia::ColorU8::from_rgba(r, g, b, a).premultiply();
        }
    }
}

impl fmt::Debug for Sheet {
    /// Writes the size; nobody reads a million bytes.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [width, height] = self.size_px();
        write!(out, "Sheet({width} × {height})")
    }
}
