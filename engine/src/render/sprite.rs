//! The component `Sprite`: an image.

use super::Blend;
use super::draw_list::{DrawList, PxRect, Quad, Texture, diagonal};
use super::image::Images;
use super::placement::Placement;
use crate::color::Color;
use crate::component::component;

component! {
    /// An image, or a cell of one, at the process's Transform.
    pub struct Sprite {
        /// The image's file, relative to the scene: PNG, JPEG, BMP or GIF.
        image: String = String::new(),
        /// Width, px; 0 for the cell's own.
        width: f64 = 0.0,
        /// Height, px; 0 for the cell's own.
        height: f64 = 0.0,
        /// How many cells lie side by side in the image, from 1.
        columns: i32 = 1,
        /// How many rows of cells the image has, from 1.
        rows: i32 = 1,
        /// Which cell is shown: 0 is at the top left, and they count along the rows.
        cell: i32 = 0,
        /// Where on the sprite the Transform is: 0 at its left edge, 1 at its right one.
        anchor_x: f64 = 0.5,
        /// Where on the sprite the Transform is: 0 at its top, 1 at its bottom.
        anchor_y: f64 = 0.5,
        /// Colour that the image's colours are multiplied with; white changes nothing.
        tint: Color = Color::WHITE,
        /// Whether left and right are exchanged.
        flip_x: bool = false,
        /// Whether top and bottom are exchanged.
        flip_y: bool = false,
        /// Whether pixels are blended where it is enlarged; otherwise they stay squares.
        smooth: bool = true,
        /// How it is mixed with what lies below it.
        blend: Blend = Blend::Alpha,
        /// Higher layers hide lower ones.
        layer: i32 = 0,
        /// Whether it is drawn.
        visible: bool = true,
    }
}

/// Draws the sprite on top of the list; its image is loaded if it was not yet.
pub(super) fn draw(
    list: &mut DrawList,
    images: &mut Images,
    placement: &Placement,
    sprite: &Sprite,
) {
    if sprite.image.is_empty() {
        return;
    }
    let id = images.load(&sprite.image);
    let Some(picture) = images.get(id) else { return };
    let source = cell(sprite, picture.width, picture.height);
    let own_or = |asked: f64, own: u32| if asked == 0.0 { f64::from(own) } else { asked };
    let width = placement.length(own_or(sprite.width, source.width));
    let height = placement.length(own_or(sprite.height, source.height));
    let is_upright = placement.is_upright();
    let snap = |px: f64| if is_upright { px.round() } else { px };
    if width == 0.0 || height == 0.0 {
        return;
    }
    let (width, height) = (snap(width).max(1.0), snap(height).max(1.0));
    let middle = [(0.5 - sprite.anchor_x) * width, (0.5 - sprite.anchor_y) * height];
    let [x, y] = placement.turn(middle);
    if list.misses(x, y, diagonal(width, height) / 2.0) {
        return;
    }
    let (left, top) = (snap(x - width / 2.0), snap(y - height / 2.0));
    list.mix(sprite.blend);
    #[expect(clippy::cast_possible_truncation, reason = "in view, and of a limited size")]
    let quad = Quad {
        x: left as f32,
        y: top as f32,
        width: width as f32,
        height: height as f32,
        rotation: if is_upright { 0.0 } else { placement.rotation as f32 },
        source,
        color: sprite.tint,
        flip_x: sprite.flip_x,
        flip_y: sprite.flip_y,
    };
    list.push_quad(Texture::Image { id, smooth: sprite.smooth }, quad);
}

/// Where the cell that is shown lies in an image of this size, px. One that there is not is the
/// nearest that there is.
fn cell(sprite: &Sprite, width: u32, height: u32) -> PxRect {
    let number = |asked: i32, most: u32| u32::try_from(asked).unwrap_or(1).clamp(1, most.max(1));
    let (columns, rows) = (number(sprite.columns, width), number(sprite.rows, height));
    let last = u64::from(columns) * u64::from(rows) - 1;
    let cell = u64::try_from(sprite.cell).unwrap_or(0).min(last);
    #[expect(clippy::cast_possible_truncation, reason = "less than the columns and the rows")]
    let (column, row) = ((cell % u64::from(columns)) as u32, (cell / u64::from(columns)) as u32);
    let (width, height) = (width / columns, height / rows);
    PxRect { x: column * width, y: row * height, width, height }
}
