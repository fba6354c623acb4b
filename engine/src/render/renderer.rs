//! Reads the world into a draw list.

use bevy_ecs::entity::Entity;
use bevy_ecs::query::{Or, QueryState, With};
use bevy_ecs::world::World;

use super::atlas::Atlas;
use super::display::Frame;
use super::draw_list::DrawList;
use super::font::Font;
use super::image::{ImageFolder, Images};
use super::label::{self, Label};
use super::mesh::Mesh;
use super::placement::Placement;
use super::shape::{self, Shape};
use super::sprite::{self, Sprite};
use super::stamp::Stamps;
use super::window::Window;
use crate::motion::Transform;
use crate::process::SpawnOrder;

/// Everything that is seen, with where it is and when it was spawned.
type Seen = (
    Entity,
    &'static Transform,
    Option<&'static SpawnOrder>,
    Option<&'static Shape>,
    Option<&'static Sprite>,
    Option<&'static Label>,
);
type IsSeen = Or<(With<Shape>, With<Sprite>, With<Label>)>;

/// Where something comes in the order of drawing.
#[derive(Clone, Copy)]
pub(super) struct Rank {
    layer: i32,
    order: u64,
    pub(super) entity: Entity,
    kind: usize,
}

/// One thing to draw.
#[derive(Clone, Copy)]
pub(super) enum Visual<'w> {
    Shape(&'w Shape),
    Sprite(&'w Sprite),
    Label(&'w Label),
}

/// Draws a world: what lies between its components and a display.
#[derive(Debug)]
pub struct Renderer {
    /// The images of the world's sprites.
    pub images: Images,
    seen: QueryState<Seen, IsSeen>,
    window: Window,
    pub(super) list: DrawList,
    pub(super) atlas: Atlas,
    font: Font,
    stamps: Stamps,
    mesh: Mesh,
}

impl Renderer {
    /// A renderer for this world and no other.
    pub fn new(world: &mut World) -> Self {
        Self {
            images: Images::default(),
            seen: QueryState::new(world),
            window: Window::default(),
            list: DrawList::default(),
            atlas: Atlas::default(),
            font: Font::built_in(),
            stamps: Stamps::default(),
            mesh: Mesh::default(),
        }
    }

    /// Reads the world as it is now.
    ///
    /// Things are drawn by layer, those of one layer in the order of spawning; of one process the
    /// shape first, then the sprite, then the label. What is invisible, outside of the window or
    /// not a number is left out.
    pub fn draw(&mut self, world: &World) -> Frame<'_> {
        match world.get_resource::<Window>() {
            Some(window) => self.window.clone_from(window),
            None => self.window = Window::default(),
        }
        if let Some(ImageFolder(folder)) = world.get_resource() {
            self.images.set_root(folder);
        }
        if self.atlas.begin() {
            self.font.clear();
            self.stamps.clear();
        }
        self.list.begin(self.window.size_px());

        let visuals = self.visuals(world);
        for (_, placement, visual) in &visuals {
            self.draw_one(placement, *visual);
        }
        self.frame()
    }

    /// What is visible, in the order of drawing.
    pub(super) fn visuals<'w>(&mut self, world: &'w World) -> Vec<(Rank, Placement, Visual<'w>)> {
        let mut visuals = Vec::new();
        for (entity, transform, order, shape, sprite, label) in self.seen.iter(world) {
            let Some(placement) = Placement::new(transform) else { continue };
            // A thing that is no process comes after all that are.
            let order = order.map_or(u64::MAX, |order| order.0);
            let looks = [
                shape.map(|shape| (shape.visible, shape.layer, Visual::Shape(shape))),
                sprite.map(|sprite| (sprite.visible, sprite.layer, Visual::Sprite(sprite))),
                label.map(|label| (label.visible, label.layer, Visual::Label(label))),
            ];
            for (kind, (visible, layer, visual)) in looks.into_iter().flatten().enumerate() {
                if visible {
                    let rank = Rank { layer, order, entity, kind };
                    visuals.push((rank, placement, visual));
                }
            }
        }
        visuals.sort_unstable_by_key(|(rank, _, _)| {
            (rank.layer, rank.order, rank.entity.index_u32(), rank.kind)
        });
        visuals
    }

    /// What was drawn last.
    pub fn frame(&self) -> Frame<'_> {
        Frame {
            window: &self.window,
            list: &self.list,
            atlas: &self.atlas,
            images: &self.images,
            painting: None,
        }
    }

    pub(super) fn draw_one(&mut self, placement: &Placement, visual: Visual<'_>) {
        let Self { images, list, atlas, font, stamps, mesh, .. } = self;
        match visual {
            Visual::Shape(shape) => shape::draw(list, atlas, stamps, mesh, placement, shape),
            Visual::Sprite(sprite) => sprite::draw(list, images, placement, sprite),
            Visual::Label(label) => label::draw(list, atlas, font, placement, label),
        }
    }
}

#[cfg(test)]
mod tests;
