//! The component `Label`: text.

use super::Blend;
use super::atlas::Atlas;
use super::complaint::{negative, not_finite};
use super::draw_list::{DrawList, Quad, Texture};
use super::font::{FontWish, Fonts, PlacedGlyph};
use super::placement::Placement;
use crate::color::Color;
use crate::component::{choice, component};

choice! {
    /// On which side of its Transform's x a [`Label`] stands.
    pub enum Align {
        /// The text begins at x.
        Left = "left",
        /// The middle of each line is at x.
        Center = "center",
        /// The text ends at x.
        Right = "right",
    }
}

component! {
    /// Text at the process's Transform, of one line or more.
    pub struct Label {
        /// The words; \n begins a new line.
        text: String = String::new(),
        /// The font: the name of an installed family, or a TrueType or OpenType file, relative to the
        /// scene; Hack if empty.
        font: String = String::new(),
        /// Size of the letters as printers measure it, px; lines are about 1.2 times as far apart.
        size: f64 = 16.0,
        /// Whether the letters are thick.
        bold: bool = false,
        /// Whether the letters lean.
        italic: bool = false,
        /// The letters' colour.
        color: Color = Color::WHITE,
        /// Whether each line begins, has its middle or ends at x. The block's middle is at y.
        align: Align = Align::Center,
        /// The greatest width of a line, px: longer ones are broken between words. 0 for no end.
        wrap: f64 = 0.0,
        /// How far lines are apart: 2 is twice as far as the font has it.
        line_spacing: f64 = 1.0,
        /// How it is mixed with what lies below it.
        blend: Blend = Blend::Alpha,
        /// Higher layers hide lower ones.
        layer: i32 = 0,
        /// Whether it is drawn.
        visible: bool = true,
    }
}

/// What is wrong with a label, if anything is; what it looks like all the same.
pub(super) fn fault(label: &Label) -> Option<String> {
    let Label { size, wrap, line_spacing, .. } = *label;
    let lengths = [("size", size), ("wrap", wrap)];
    let spacing = [("line_spacing", line_spacing)];
    not_finite(&lengths).or_else(|| not_finite(&spacing)).or_else(|| negative(&lengths))
}

/// Draws the label on top of the list; its glyphs are put into the atlas if they were not yet.
pub(super) fn draw(
    list: &mut DrawList,
    atlas: &mut Atlas,
    fonts: &mut Fonts,
    placement: &Placement,
    label: &Label,
) {
    let size = placement.length(label.size);
    if size == 0.0 || label.text.is_empty() {
        return;
    }
    list.mix(label.blend);
    let wish = FontWish { font: &label.font, bold: label.bold, italic: label.italic };
    let layout = fonts.lay_out(wish, label.wrap / label.size, &label.text);
    let ascent = layout.ascent * size;
    let spacing = if label.line_spacing.is_finite() { label.line_spacing } else { 1.0 };
    let line_height = layout.line_height * size;
    // The first line is as high as ever: spacing goes between lines.
    let step = line_height * spacing;
    #[expect(clippy::cast_precision_loss, reason = "a text has far fewer lines")]
    let top = -(line_height + step * layout.lines.len().saturating_sub(1) as f64) / 2.0;
    let [x, y] = placement.center;
    for (number, line) in layout.lines.iter().enumerate() {
        let width = line.width * size;
        #[expect(clippy::cast_precision_loss, reason = "a text has far fewer lines")]
        let baseline = top + step * number as f64 + ascent;
        let start = start(label.align, width);
        let reach = (start.abs().max((start + width).abs())).hypot(baseline.abs() + size);
        if list.misses(x, y, reach) {
            continue;
        }
        let upright = placement.is_upright();
        // Upright text stands on whole pixels, and its letters at quarters of one.
        let pen = if upright { x + start } else { start };
        let baseline = if upright { (y + baseline).round() } else { baseline };
        fonts.glyphs.draw(atlas, line, size, [pen, baseline], upright, |glyph| {
            let PlacedGlyph { corner: [left, top], width, height, mask } = glyph;
            let (left, top, rotation) = if upright {
                (left, top, 0.0)
            } else {
                let center = placement.turn([left + width / 2.0, top + height / 2.0]);
                (center[0] - width / 2.0, center[1] - height / 2.0, placement.rotation)
            };
            #[expect(clippy::cast_possible_truncation, reason = "in view, or dropped")]
            let quad = Quad {
                x: left as f32,
                y: top as f32,
                width: width as f32,
                height: height as f32,
                rotation: rotation as f32,
                source: mask,
                color: label.color,
                flip_x: false,
                flip_y: false,
            };
            list.push_quad(Texture::Atlas, quad);
        });
    }
}

/// Where a line of this width begins, from x.
pub(super) fn start(align: Align, width: f64) -> f64 {
    match align {
        Align::Left => 0.0,
        Align::Center => -width / 2.0,
        Align::Right => -width,
    }
}

#[cfg(test)]
mod tests;
