//! The component `Target`: a picture that cameras show the scene in, and sprites show in the scene.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::draw_list::{Batch, DrawList, Texture};
use crate::color::Color;
use crate::component::component;
use crate::process::Names;

component! {
    /// A picture beside the window: cameras whose `target` is the process's name show the scene in it,
    /// and a Sprite whose `image` is "target:NAME" shows it.
    pub struct Target {
        /// Width of the picture, px: 1 to 4096.
        width: i32 = 256,
        /// Height of the picture, px: 1 to 4096.
        height: i32 = 256,
        /// What is seen where nothing is drawn; what lies below a sprite is seen through it.
        background: Color = Color::BLACK,
        /// Whether its pixels are blended where it is enlarged; otherwise they stay squares.
        smooth: bool = true,
    }
}

impl Target {
    /// The greatest width and height, px: what every graphics card of the last ten years takes.
    pub const MAX_SIDE_PX: i32 = 4096;

    /// Width and height brought within 1 to [`MAX_SIDE_PX`](Self::MAX_SIDE_PX), px.
    pub fn size_px(&self) -> [u32; 2] {
        [self.width, self.height].map(|side| side.clamp(1, Self::MAX_SIDE_PX).unsigned_abs())
    }
}

/// What a target shows in one frame.
#[derive(Clone, Debug)]
pub struct TargetFrame {
    /// The process that has the target.
    pub id: Entity,
    /// Width and height, px.
    pub size_px: [u32; 2],
    /// What is seen where nothing is drawn.
    pub background: Color,
    /// Whether its pixels are blended where it is enlarged.
    pub smooth: bool,
    /// What to draw, back to front.
    pub list: DrawList,
}

impl TargetFrame {
    /// Whether it is to be seen in itself, as it was in the frame before.
    pub fn shows_itself(&self) -> bool {
        shown_in(&self.list).any(|shown| shown == self.id)
    }
}

/// The targets that a list shows.
pub(super) fn shown_in(list: &DrawList) -> impl Iterator<Item = Entity> {
    list.batches.iter().filter_map(|batch| match batch {
        Batch::Quads(Texture::Target(id), _) => Some(*id),
        _ => None,
    })
}

/// The process of this name with its target, if it has one.
pub(super) fn named<'w>(world: &'w World, name: &str) -> Option<(Entity, &'w Target)> {
    let process = world.get_resource::<Names>()?.get(name)?;
    world.get(process).map(|target| (process, target))
}

#[cfg(test)]
mod tests;
