//! The component `Sprite`: an image.

use super::draw_list::{DrawList, PxRect, Quad, Texture};
use super::image::Images;
use super::placement::Placement;
use crate::color::Color;
use crate::component::component;

component! {
    /// An image, centred on the process's Transform.
    pub struct Sprite {
        /// The image's file, relative to the scene: PNG, JPEG, BMP or GIF.
        image: String = String::new(),
        /// Width, px; 0 for the image's own.
        width: f64 = 0.0,
        /// Height, px; 0 for the image's own.
        height: f64 = 0.0,
        /// Colour that the image's colours are multiplied with; white changes nothing.
        tint: Color = Color::WHITE,
        /// Whether left and right are exchanged.
        flip_x: bool = false,
        /// Whether top and bottom are exchanged.
        flip_y: bool = false,
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
    let picture = images.get(id);
    let own_or = |asked: f64, own: u32| if asked == 0.0 { f64::from(own) } else { asked };
    let width = placement.length(own_or(sprite.width, picture.width));
    let height = placement.length(own_or(sprite.height, picture.height));
    let [x, y] = placement.center;
    if width == 0.0 || height == 0.0 || list.misses(x, y, width.hypot(height) / 2.0) {
        return;
    }
    let snap = |px: f64| if placement.is_upright() { px.round() } else { px };
    let (width, height) = (snap(width).max(1.0), snap(height).max(1.0));
    let (left, top) = (snap(x - width / 2.0), snap(y - height / 2.0));
    #[expect(clippy::cast_possible_truncation, reason = "in view, and of a limited size")]
    let quad = Quad {
        x: left as f32,
        y: top as f32,
        width: width as f32,
        height: height as f32,
        rotation: if placement.is_upright() { 0.0 } else { placement.rotation as f32 },
        source: PxRect { x: 0, y: 0, width: picture.width, height: picture.height },
        color: sprite.tint,
        flip_x: sprite.flip_x,
        flip_y: sprite.flip_y,
    };
    list.push_quad(Texture::Image(id), quad);
}
