//! The component `Sprite`: an image.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::canvas::{Canvas, Sheet};
use super::complaint::{negative, not_finite};
use super::draw_list::{DrawList, PxRect, Quad, Texture, diagonal};
use super::image::Images;
use super::placement::Placement;
use super::{Blend, canvas, target};
use crate::color::Color;
use crate::component::component;

component! {
    /// An image, or a cell of one, at the process's Transform.
    pub struct Sprite {
        /// The image's file, relative to the scene: PNG, JPEG, BMP or GIF. Or "canvas:NAME" or
        /// "target:NAME": what the Canvas or the Target of the process of this name shows.
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

/// What is wrong with a sprite's numbers, if anything is.
pub(super) fn fault(sprite: &Sprite) -> Option<String> {
    let Sprite { width, height, anchor_x, anchor_y, .. } = *sprite;
    let numbers = [("anchor_x", anchor_x), ("anchor_y", anchor_y)];
    let sizes = [("width", width), ("height", height)];
    not_finite(&sizes).or_else(|| not_finite(&numbers)).or_else(|| negative(&sizes))
}

/// The picture that a sprite shows, with its width and height, px.
type Source = (Texture, [u32; 2]);

/// The picture that a process's sprite shows, which is loaded if it was not yet; `None` as long as it
/// is not there.
///
/// # Errors
/// Says what is wrong, and what to do.
pub(super) fn source(
    world: &World,
    process: Entity,
    sprite: &Sprite,
    images: &mut Images,
) -> Result<Option<Source>, String> {
    let smooth = sprite.smooth;
    if let Some(name) = sprite.image.strip_prefix("target:") {
        let found = target::named(world, name)
            .map(|(id, target)| Some((Texture::Target(id), target.size_px())));
        return found.ok_or_else(|| nobody("Target", name));
    }
    if let Some(name) = sprite.image.strip_prefix("canvas:") {
        let id = if name.is_empty() { Some(process) } else { canvas::named(world, name) };
        let canvas = id.and_then(|id| world.get::<Canvas>(id).map(|_| id));
        let id = canvas.ok_or_else(|| nobody("Canvas", name))?;
        // One that was made since the last tick has no pixels yet.
        let sheet = world.get::<Sheet>(id);
        return Ok(sheet.map(|sheet| (Texture::Canvas { id, smooth }, sheet.size_px())));
    }
    let id = images.load(&sprite.image);
    Ok(images
        .get(id)
        .map(|picture| (Texture::Image { id, smooth }, [picture.width, picture.height])))
}

fn nobody(component: &str, name: &str) -> String {
    let who =
        if name.is_empty() { "it has no".to_owned() } else { format!("no process `{name}` has a") };
    format!("{who} {component}; give it the component, or another image to the Sprite")
}

/// Draws the sprite on top of the list.
pub(super) fn draw(
    list: &mut DrawList,
    placement: &Placement,
    sprite: &Sprite,
    (texture, [own_width, own_height]): Source,
) {
    let source = cell(sprite, own_width, own_height);
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
    list.push_quad(texture, quad);
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
