//! Words on a canvas.
//!
//! What is drawn is part of the world, and the same on every machine: in the fonts that come with the
//! program, or in those of the scene's files, never in what a user has installed.

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use tiny_skia::Path;

use super::{Canvas, outline};
use crate::render::font::{FontWish, Fonts, MAX_TEXT};
use crate::render::image::ImageFolder;
use crate::render::placement::Point;
use crate::render::{Align, label};

/// Words, and how they are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Words<'a> {
    /// The words; `\n` begins a new line.
    pub text: &'a str,
    /// "Hack", "DejaVu Sans", or a TrueType or OpenType file, relative to the scene; Hack if empty.
    pub font: &'a str,
    /// Size of the letters as printers measure it, px: up to [`MAX_SIZE_PX`](Self::MAX_SIZE_PX).
    pub size: f64,
    /// Whether the letters are thick.
    pub bold: bool,
    /// Whether they lean.
    pub italic: bool,
    /// On which side of the point each line stands.
    pub align: Align,
    /// The greatest width of a line, px; 0 for no end.
    pub wrap: f64,
    /// How far lines are apart: 2 is twice as far as the font has it.
    pub line_spacing: f64,
}

impl Words<'_> {
    /// The greatest size, px: a letter as large as the largest canvas.
    pub const MAX_SIZE_PX: f64 = 4096.0;
    /// The longest text, bytes of UTF-8.
    pub const MAX_TEXT: usize = MAX_TEXT;
}

/// Words as they are drawn with [`Sheet::write`](super::Sheet::write).
#[derive(Clone, Debug)]
pub struct Letters {
    pub(super) outlines: Vec<Path>,
    /// Width and height of all lines together, px.
    pub size_px: [f64; 2],
}

/// The fonts of canvases.
#[derive(Debug, Resource)]
struct Lettering(Fonts);

/// The letters of words whose first line has its top at a point, and there its left end, its middle or
/// its right end.
///
/// # Errors
/// Why the font cannot be had.
pub fn letters(world: &mut World, words: Words<'_>, [x, y]: Point) -> Result<Letters, String> {
    let folder = world.get_resource::<ImageFolder>().cloned().unwrap_or_default();
    let mut fonts = world
        .get_resource_or_insert_with(|| Lettering(Fonts::of_scenes_alone()))
        .map_unchanged(|Lettering(fonts)| fonts);
    fonts.set_root(&folder.0);
    fonts.begin(false);
    let Words { text, font, size, bold, italic, align, wrap, line_spacing } = words;
    let wish = FontWish { font, bold, italic };
    let layout = fonts.lay_out(wish, wrap / size, text);
    if let Some(reason) = fonts.take_refusal() {
        // Asked for again, it is refused again.
        fonts.forget_refused();
        return Err(format!(
            "{reason} (a canvas has Hack, DejaVu Sans and files beside the scene)"
        ));
    }
    let (line_height, ascent) = (layout.line_height * size, layout.ascent * size);
    let step = line_height * line_spacing;
    let mut letters = Letters { outlines: Vec::new(), size_px: [0.0; 2] };
    // Where a canvas may be, with room for what reaches out of a line.
    let in_sight = -2.0 * size..f64::from(Canvas::MAX_SIDE_PX) + 2.0 * size;
    for (line, number) in layout.lines.iter().zip(0..) {
        let width = line.width * size;
        let top = step * f64::from(number);
        letters.size_px =
            [letters.size_px[0].max(width), letters.size_px[1].max(top + line_height)];
        let baseline = y + top + ascent;
        if !in_sight.contains(&baseline) {
            continue;
        }
        let left = x + label::start(align, width);
        for glyph in &line.glyphs {
            let pen = [left + glyph.x * size, baseline + glyph.y * size];
            let outline = fonts.glyphs.outline(glyph, size);
            letters.outlines.extend(outline.and_then(|it| outline::letter(it, pen)));
        }
    }
    Ok(letters)
}
