//! Draws glyphs into the atlas.

use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cosmic_text::Font;
use swash::scale::image::{Content, Image};
use swash::scale::outline::Outline;
use swash::scale::{Render, ScaleContext, Source, StrikeWith};
use swash::zeno::{Angle, Command, Format, PathData as _, Transform, Vector};

use super::layout::{Glyph, InkId, Line};
use crate::render::atlas::Atlas;
use crate::render::draw_list::PxRect;
use crate::render::placement::Point;

/// Larger glyphs are drawn at this size and enlarged, px: a few of them would fill the atlas.
const MAX_RASTER_PX: f64 = 160.0;
/// Sizes are rounded to quarters of a pixel, so that a text that grows does not fill the atlas.
const SIZE_STEPS: f64 = 4.0;
/// Upright glyphs stand at quarters of a pixel: their distances look even.
const PHASES: f64 = 4.0;
/// How much thicker letters become that have no bold face, as a part of their size.
const THICKER: f32 = 1.0 / 48.0;
/// How far letters lean that have no italic face, degrees.
const SLANT_DEGREES: f32 = 12.0;

/// How wide and high a glyph may be, in sizes: the longest signs there are have half of that, and those of
/// a damaged font could fill the memory.
const MAX_REACH: f32 = 32.0;

/// A glyph where it is to be drawn.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct PlacedGlyph {
    /// Left and top, px.
    pub(in super::super) corner: Point,
    /// Width on the screen, px.
    pub(in super::super) width: f64,
    /// Height on the screen, px.
    pub(in super::super) height: f64,
    /// Where it is in the atlas.
    pub(in super::super) mask: PxRect,
}

/// A piece of an outline, from where the one before it ended: px to the right of the pen and below the
/// line on which letters stand.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Curve {
    /// None: the next one begins here.
    Begin([f32; 2]),
    /// A straight line.
    Line([f32; 2]),
    /// A quadratic Bézier curve: its control point and its end.
    Quadratic([[f32; 2]; 2]),
    /// A cubic one: its control points and its end.
    Cubic([[f32; 2]; 3]),
    /// A straight line to where the last one began.
    Close,
}

impl From<Command> for Curve {
    fn from(command: Command) -> Self {
        // Fonts count upwards.
        let at = |point: swash::zeno::Point| [point.x, -point.y];
        match command {
            Command::MoveTo(to) => Self::Begin(at(to)),
            Command::LineTo(to) => Self::Line(at(to)),
            Command::QuadTo(by, to) => Self::Quadratic([at(by), at(to)]),
            Command::CurveTo(from, by, to) => Self::Cubic([at(from), at(by), at(to)]),
            Command::Close => Self::Close,
        }
    }
}

/// What tells one mask from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    ink: InkId,
    number: u16,
    size: u16,
    phase: u8,
}

/// A glyph in the atlas.
#[derive(Clone, Copy, Debug)]
struct Mask {
    rect: PxRect,
    /// From the pen's whole pixel to the mask's left and top, px.
    bearing: Point,
}

/// A face, and what is done to its letters.
struct Ink {
    font: Arc<Font>,
    is_thickened: bool,
    is_slanted: bool,
}

/// The faces that are drawn, and which of their glyphs are in the atlas.
pub(in super::super) struct Glyphs {
    inks: Vec<Ink>,
    masks: HashMap<Key, Option<Mask>>,
    context: ScaleContext,
}

impl Glyphs {
    pub(super) fn new() -> Self {
        Self { inks: Vec::new(), masks: HashMap::new(), context: ScaleContext::new() }
    }

    /// Forgets all glyphs, as the atlas was emptied.
    pub(super) fn clear(&mut self) {
        self.masks.clear();
    }

    /// Takes a face in.
    pub(super) fn add(&mut self, font: Arc<Font>, is_thickened: bool, is_slanted: bool) -> InkId {
        self.inks.push(Ink { font, is_thickened, is_slanted });
        #[expect(clippy::cast_possible_truncation, reason = "4 G fonts do not fit in memory")]
        InkId(self.inks.len() as u32 - 1)
    }

    /// Calls `draw` for each glyph of a line that begins at the pen. `snap` puts them on pixels.
    pub(in super::super) fn draw(
        &mut self,
        atlas: &mut Atlas,
        line: &Line,
        size: f64,
        [left, baseline]: Point,
        snap: bool,
        mut draw: impl FnMut(PlacedGlyph),
    ) {
        let raster = (size.min(MAX_RASTER_PX) * SIZE_STEPS).round().max(1.0) / SIZE_STEPS;
        // Below a quarter of a pixel's rounding nothing is enlarged: text stays crisp.
        let enlarge = if size > MAX_RASTER_PX { size / raster } else { 1.0 };
        for glyph in &line.glyphs {
            let (pen, y) = (left + glyph.x * size, baseline + glyph.y * size);
            let (whole, phase, y) = if snap && enlarge == 1.0 {
                let snapped = (pen * PHASES).round() / PHASES;
                (snapped.floor(), snapped - snapped.floor(), y.round())
            } else {
                (pen, 0.0, y)
            };
            if let Some(mask) = self.mask(atlas, (glyph.ink, glyph.number), raster, phase) {
                draw(PlacedGlyph {
                    corner: [whole + mask.bearing[0] * enlarge, y + mask.bearing[1] * enlarge],
                    width: f64::from(mask.rect.width) * enlarge,
                    height: f64::from(mask.rect.height) * enlarge,
                    mask: mask.rect,
                });
            }
        }
    }

    /// The mask of a glyph, drawn if it was not yet; `None` if it has no ink, or there is no room.
    fn mask(
        &mut self,
        atlas: &mut Atlas,
        (ink, number): (InkId, u16),
        size: f64,
        phase: f64,
    ) -> Option<Mask> {
        #[expect(clippy::cast_possible_truncation, reason = "at most 160 px in quarters")]
        #[expect(clippy::cast_sign_loss, reason = "sizes and phases are not negative")]
        let key =
            Key { ink, number, size: (size * SIZE_STEPS) as u16, phase: (phase * PHASES) as u8 };
        if let Some(known) = self.masks.get(&key) {
            return *known;
        }
        // A file can hold anything, and the library may panic at some of it.
        let render = AssertUnwindSafe(|| self.render(ink, number, size, phase));
        let image = catch_unwind(render).unwrap_or_else(|_| {
            self.context = ScaleContext::new();
            None
        });
        let mask = match image {
            None => None,
            Some(image) => Some(place(atlas, &image)?),
        };
        self.masks.insert(key, mask);
        mask
    }

    /// The outline of a glyph whose letters have this size, px; `None` if it has none, as those that are
    /// pictures.
    pub(in super::super) fn outline(&mut self, glyph: &Glyph, size: f64) -> Option<Vec<Curve>> {
        // A file can hold anything, and the library may panic at some of it.
        let scale = AssertUnwindSafe(|| {
            let Ink { font, is_thickened, is_slanted } = self.inks.get(glyph.ink.0 as usize)?;
            #[expect(clippy::cast_possible_truncation, reason = "the library's precision")]
            let size = size as f32;
            let mut scaler = self.context.builder(font.as_swash()).size(size).build();
            let mut outline = scaler.scale_outline(glyph.number)?;
            if is_endless(&outline, size) {
                return None;
            }
            if *is_thickened {
                outline.embolden(size * THICKER, size * THICKER);
            }
            if *is_slanted {
                outline.transform(&slant());
            }
            Some(outline.path().commands().map(Curve::from).collect())
        });
        catch_unwind(scale).unwrap_or_else(|_| {
            self.context = ScaleContext::new();
            None
        })
    }

    /// A glyph's picture; `None` if it has no ink.
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a glyph")]
    fn render(&mut self, ink: InkId, number: u16, size: f64, phase: f64) -> Option<Image> {
        let Ink { font, is_thickened, is_slanted } = self.inks.get(ink.0 as usize)?;
        let size = size as f32;
        let mut scaler = self.context.builder(font.as_swash()).size(size).build();
        let reaches = [scaler.scale_outline(number), scaler.scale_color_outline(number)];
        if reaches.iter().flatten().any(|outline| is_endless(outline, size)) {
            return None;
        }
        let sources =
            [Source::Outline, Source::ColorOutline(0), Source::ColorBitmap(StrikeWith::BestFit)];
        let image = Render::new(&sources)
            .format(Format::Alpha)
            .offset(Vector::new(phase as f32, 0.0))
            .transform(is_slanted.then(slant))
            .embolden(if *is_thickened { size * THICKER } else { 0.0 })
            .render(&mut scaler, number)?;
        (image.placement.width > 0 && image.placement.height > 0).then_some(image)
    }
}

/// Whether a glyph is larger than any letter.
fn is_endless(outline: &Outline, size: f32) -> bool {
    let (bounds, most) = (outline.bounds(), MAX_REACH * size.max(1.0));
    // What is no number is not less either.
    !(bounds.width() < most && bounds.height() < most)
}

/// How letters lean.
fn slant() -> Transform {
    Transform::skew(Angle::from_degrees(SLANT_DEGREES), Angle::ZERO)
}

/// Puts a glyph's picture into the atlas; `None` if there is no room in this frame.
fn place(atlas: &mut Atlas, image: &Image) -> Option<Mask> {
    let place = image.placement;
    // A picture in colours becomes one in the label's colour: its opacity.
    let (step, first) = if image.content == Content::Mask { (1, 0) } else { (4, 3) };
    let coverage = |x: u32, y: u32| {
        let at = step * (y as usize * place.width as usize + x as usize) + first;
        f32::from(image.data.get(at).copied().unwrap_or(0)) / 255.0
    };
    let rect = atlas.place(place.width, place.height, coverage)?;
    Some(Mask { rect, bearing: [place.left.into(), (-place.top).into()] })
}

impl fmt::Debug for Glyphs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Glyphs({} faces, {} masks)", self.inks.len(), self.masks.len())
    }
}
