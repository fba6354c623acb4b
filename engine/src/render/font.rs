//! The built-in font: measures lines, and draws glyphs into the atlas.

use std::collections::HashMap;

use ab_glyph::{Font as _, FontRef, GlyphId, PxScale, point};

use super::atlas::Atlas;
use super::draw_list::PxRect;
use super::placement::Point;

/// Hack by Source Foundry: made for screens, all glyphs of one width. Licence beside it.
pub(crate) const HACK: &[u8] = include_bytes!("../../../assets/fonts/Hack-Regular.ttf");

/// Larger glyphs are drawn at this size and enlarged, px: a few of them would fill the atlas.
const MAX_RASTER_PX: f64 = 160.0;
/// Sizes are rounded to quarters of a pixel, so that a text that grows does not fill the atlas.
const SIZE_STEPS: f64 = 4.0;
/// Upright glyphs stand at quarters of a pixel: their distances look even.
const PHASES: f64 = 4.0;
/// A tab is as wide as this many spaces.
const TAB_SPACES: f64 = 4.0;

/// Vertical measures of a line, px.
#[derive(Clone, Copy, Debug)]
pub(super) struct Metrics {
    /// From the line's top to the line on which letters stand.
    pub(super) ascent: f64,
    /// From one line's top to the next.
    pub(super) line_height: f64,
}

/// A glyph where it is to be drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlacedGlyph {
    /// Left and top, px.
    pub(super) corner: Point,
    /// Width on the screen, px.
    pub(super) width: f64,
    /// Height on the screen, px.
    pub(super) height: f64,
    /// Where it is in the atlas.
    pub(super) mask: PxRect,
}

/// What tells one mask from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    glyph: GlyphId,
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

/// The font, and which of its glyphs are in the atlas.
#[derive(Debug)]
pub(super) struct Font {
    font: FontRef<'static>,
    units_per_em: f64,
    masks: HashMap<Key, Option<Mask>>,
}

impl Font {
    /// The built-in font.
    pub(super) fn built_in() -> Self {
        let font = FontRef::try_from_slice(HACK).expect("the font in the program is a font");
        let units_per_em = font.units_per_em().map_or(2048.0, f64::from);
        Self { font, units_per_em, masks: HashMap::new() }
    }

    /// Forgets all glyphs, as the atlas was emptied.
    pub(super) fn clear(&mut self) {
        self.masks.clear();
    }

    /// Vertical measures at a size, px.
    pub(super) fn metrics(&self, size: f64) -> Metrics {
        let px = |units: f32| f64::from(units) * size / self.units_per_em;
        Metrics {
            ascent: px(self.font.ascent_unscaled()),
            line_height: px(self.font.height_unscaled() + self.font.line_gap_unscaled()),
        }
    }

    /// Width of a line at a size, px.
    pub(super) fn width(&self, line: &str, size: f64) -> f64 {
        line.chars().map(|letter| self.advance(letter, size)).sum()
    }

    /// Calls `draw` for each glyph of a line that begins at the pen. `snap` puts them on pixels.
    pub(super) fn glyphs(
        &mut self,
        atlas: &mut Atlas,
        line: &str,
        size: f64,
        [mut pen, baseline]: Point,
        snap: bool,
        mut draw: impl FnMut(PlacedGlyph),
    ) {
        let raster = (size.min(MAX_RASTER_PX) * SIZE_STEPS).round().max(1.0) / SIZE_STEPS;
        // Below a quarter of a pixel's rounding nothing is enlarged: text stays crisp.
        let enlarge = if size > MAX_RASTER_PX { size / raster } else { 1.0 };
        for letter in line.chars() {
            let advance = self.advance(letter, size);
            let (whole, phase) = if snap && enlarge == 1.0 {
                let snapped = (pen * PHASES).round() / PHASES;
                (snapped.floor(), snapped - snapped.floor())
            } else {
                (pen, 0.0)
            };
            if !letter.is_control()
                && let Some(mask) = self.mask(atlas, self.font.glyph_id(letter), raster, phase)
            {
                draw(PlacedGlyph {
                    corner: [
                        whole + mask.bearing[0] * enlarge,
                        baseline + mask.bearing[1] * enlarge,
                    ],
                    width: f64::from(mask.rect.width) * enlarge,
                    height: f64::from(mask.rect.height) * enlarge,
                    mask: mask.rect,
                });
            }
            pen += advance;
        }
    }

    /// How far a letter moves the pen, px. Control characters have no glyph and, but for the tab,
    /// no width.
    fn advance(&self, letter: char, size: f64) -> f64 {
        let of = |letter| {
            let units = self.font.h_advance_unscaled(self.font.glyph_id(letter));
            f64::from(units) * size / self.units_per_em
        };
        match letter {
            '\t' => TAB_SPACES * of(' '),
            _ if letter.is_control() => 0.0,
            _ => of(letter),
        }
    }

    /// The mask of a glyph, drawn if it was not yet; `None` if it has no ink, or there is no room.
    fn mask(&mut self, atlas: &mut Atlas, glyph: GlyphId, size: f64, phase: f64) -> Option<Mask> {
        #[expect(clippy::cast_possible_truncation, reason = "at most 160 px in quarters")]
        #[expect(clippy::cast_sign_loss, reason = "sizes and phases are not negative")]
        let key = Key { glyph, size: (size * SIZE_STEPS) as u16, phase: (phase * PHASES) as u8 };
        if let Some(known) = self.masks.get(&key) {
            return *known;
        }
        // The library's scale is the height of a line; printers' is that of an em.
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a glyph")]
        let (scale, phase) = (
            (size * f64::from(self.font.height_unscaled()) / self.units_per_em) as f32,
            phase as f32,
        );
        let placed = glyph.with_scale_and_position(PxScale::from(scale), point(phase, 0.0));
        let mask = match self.font.outline_glyph(placed) {
            None => None,
            Some(outline) => Some(rasterize(atlas, &outline)?),
        };
        self.masks.insert(key, mask);
        mask
    }
}

/// Draws an outline into the atlas; `None` if there is no room in this frame.
fn rasterize(atlas: &mut Atlas, outline: &ab_glyph::OutlinedGlyph) -> Option<Mask> {
    let bounds = outline.px_bounds();
    #[expect(clippy::cast_possible_truncation, reason = "whole pixels of a glyph")]
    #[expect(clippy::cast_sign_loss, reason = "whole pixels of a glyph")]
    let (width, height) = (bounds.width().max(1.0) as u32, bounds.height().max(1.0) as u32);
    let mut pixels = vec![0.0; (width * height) as usize];
    outline.draw(|x, y, coverage| {
        if let Some(pixel) = pixels.get_mut((y * width + x) as usize) {
            *pixel = coverage;
        }
    });
    let rect = atlas.place(width, height, |x, y| pixels[(y * width + x) as usize])?;
    Some(Mask { rect, bearing: [bounds.min.x.into(), bounds.min.y.into()] })
}
