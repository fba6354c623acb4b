//! The component `Label`: text.

use super::Blend;
use super::atlas::Atlas;
use super::draw_list::{DrawList, Quad, Texture};
use super::font::Font;
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
        /// Size of the letters as printers measure it, px; lines are about 1.2 times as far apart.
        size: f64 = 16.0,
        /// The letters' colour.
        color: Color = Color::WHITE,
        /// Whether each line begins, has its middle or ends at x. The block's middle is at y.
        align: Align = Align::Center,
        /// How it is mixed with what lies below it.
        blend: Blend = Blend::Alpha,
        /// Higher layers hide lower ones.
        layer: i32 = 0,
        /// Whether it is drawn.
        visible: bool = true,
    }
}

/// Draws the label on top of the list; its glyphs are put into the atlas if they were not yet.
pub(super) fn draw(
    list: &mut DrawList,
    atlas: &mut Atlas,
    font: &mut Font,
    placement: &Placement,
    label: &Label,
) {
    let size = placement.length(label.size);
    if size == 0.0 || label.text.is_empty() {
        return;
    }
    list.mix(label.blend);
    let metrics = font.metrics(size);
    let lines = label.text.split('\n').count();
    #[expect(clippy::cast_precision_loss, reason = "a text has far fewer lines")]
    let top = -metrics.line_height * lines as f64 / 2.0;
    let [x, y] = placement.center;
    for (number, line) in label.text.split('\n').enumerate() {
        let width = font.width(line, size);
        #[expect(clippy::cast_precision_loss, reason = "a text has far fewer lines")]
        let baseline = top + metrics.line_height * number as f64 + metrics.ascent;
        let start = match label.align {
            Align::Left => 0.0,
            Align::Center => -width / 2.0,
            Align::Right => -width,
        };
        let reach = (start.abs().max((start + width).abs())).hypot(baseline.abs() + size);
        if list.misses(x, y, reach) {
            continue;
        }
        let upright = placement.is_upright();
        // Upright text stands on whole pixels, and its letters at quarters of one.
        let pen = if upright { x + start } else { start };
        let baseline = if upright { (y + baseline).round() } else { baseline };
        font.glyphs(atlas, line, size, [pen, baseline], upright, |glyph| {
            let [left, top] = glyph.corner;
            let (width, height) = (glyph.width, glyph.height);
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
                source: glyph.mask,
                color: label.color,
                flip_x: false,
                flip_y: false,
            };
            list.push_quad(Texture::Atlas, quad);
        });
    }
}

#[cfg(test)]
mod tests;
