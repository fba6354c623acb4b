//! Reads the world into a draw list.

use std::sync::Arc;

use bevy_ecs::entity::Entity;
use bevy_ecs::query::{Or, QueryState, With};
use bevy_ecs::world::World;

use super::atlas::Atlas;
use super::camera::{Cameras, View};
use super::display::Frame;
use super::draw_list::{DrawList, PxRect};
use super::font::Font;
use super::image::{ImageFolder, ImageId, Images};
use super::label::{self, Label};
use super::mesh::Mesh;
use super::placement::Placement;
use super::scope::{self, Scope};
use super::shape::{self, Shape};
use super::sprite::{self, Sprite};
use super::stamp::Stamps;
use super::window::Window;
use crate::audio::{Audio, SampleRing};
use crate::clock::{Flicks, Now};
use crate::memory::prefetch;
use crate::motion::{Absolutes, Trail, Transform};
use crate::process::SpawnOrder;

/// Everything that can be seen, with where it is and when it was spawned.
type Looks = (
    Entity,
    &'static Transform,
    Option<&'static Trail>,
    Option<&'static SpawnOrder>,
    Option<&'static Shape>,
    Option<&'static Sprite>,
    Option<&'static Label>,
    Option<&'static Scope>,
);
type HasLooks = Or<(With<Shape>, With<Sprite>, With<Label>, With<Scope>)>;

/// Where something comes in the order of drawing.
#[derive(Clone, Copy)]
pub(super) struct Rank {
    layer: i32,
    order: u64,
    entity: Entity,
    kind: usize,
}

/// One thing that is visible, where it is in the scene.
pub(super) type Seen<'w> = (Rank, Placement, Visual<'w>);

/// One thing as it is seen in one place of the window.
pub(super) struct Showing<'w> {
    pub(super) entity: Entity,
    /// The part of the window in which it is seen.
    pub(super) part: PxRect,
    /// Where it stands in the window.
    pub(super) placement: Placement,
    pub(super) visual: Visual<'w>,
}

/// One thing to draw.
#[derive(Clone, Copy)]
pub(super) enum Visual<'w> {
    Shape(&'w Shape),
    Sprite(&'w Sprite),
    Label(&'w Label),
    Scope(&'w Scope),
}

/// Draws a world: what lies between its components and a display.
#[derive(Debug)]
pub struct Renderer {
    /// The images of the world's sprites.
    pub images: Images,
    looks: QueryState<Looks, HasLooks>,
    cameras: Cameras,
    /// How much was visible last.
    seen: usize,
    pub(super) window: Window,
    icon: Option<ImageId>,
    /// The time of what is drawn.
    at: Flicks,
    pub(super) list: DrawList,
    pub(super) atlas: Atlas,
    font: Font,
    stamps: Stamps,
    mesh: Mesh,
    /// What was heard last.
    heard: Option<Arc<SampleRing>>,
}

impl Renderer {
    /// A renderer for this world and no other.
    pub fn new(world: &mut World) -> Self {
        Self {
            images: Images::default(),
            looks: QueryState::new(world),
            cameras: Cameras::new(world),
            seen: 0,
            window: Window::default(),
            icon: None,
            at: Flicks::ZERO,
            list: DrawList::default(),
            atlas: Atlas::default(),
            font: Font::built_in(),
            stamps: Stamps::default(),
            mesh: Mesh::default(),
            heard: None,
        }
    }

    /// Reads the world as it is at its last tick.
    ///
    /// Things are drawn by layer, those of one layer in the order of spawning; of one process the
    /// shape first, then the sprite, the label and the scope. Each camera shows its layers in its part of the
    /// window, what no camera shows stands in the window itself. What is invisible, outside of the
    /// window or not a number is left out.
    pub fn draw(&mut self, world: &World) -> Frame<'_> {
        let now = world.get_resource::<Now>().map_or(Flicks::ZERO, Now::time);
        self.draw_at(world, now)
    }

    /// Reads the world as it is to be seen at a time, which is not before its last tick.
    pub(crate) fn draw_at(&mut self, world: &World, at: Flicks) -> Frame<'_> {
        self.at = at;
        match world.get_resource::<Window>() {
            Some(window) => self.window.clone_from(window),
            None => self.window = Window::default(),
        }
        if let Some(ImageFolder(folder)) = world.get_resource() {
            self.images.set_root(folder);
        }
        self.heard = world.get_resource().map(Audio::heard).cloned();
        let icon = &self.window.icon;
        self.icon = (!icon.is_empty()).then(|| self.images.load(icon));
        if self.atlas.begin() {
            self.font.clear();
            self.stamps.clear();
        }
        self.list.begin(self.window.size_px());

        let (visuals, views) = self.look(world);
        for Showing { part, placement, visual, .. } in showings(&visuals, &views, self.whole()) {
            self.list.clip(part);
            self.draw_one(&placement, visual);
        }
        self.frame()
    }

    /// All of the window.
    pub(super) fn whole(&self) -> PxRect {
        let [width, height] = self.window.size_px();
        PxRect { x: 0, y: 0, width, height }
    }

    /// What is visible, in the order of drawing, and what the cameras show of it.
    pub(super) fn look<'w>(&mut self, world: &'w World) -> (Vec<Seen<'w>>, Vec<View>) {
        let mut places = Absolutes::seen_at(self.at);
        let visuals = self.visuals(world, &mut places);
        (visuals, self.cameras.views(world, &mut places, self.window.size_px()))
    }

    /// What is visible, in the order of drawing.
    fn visuals<'w>(&mut self, world: &'w World, places: &mut Absolutes) -> Vec<Seen<'w>> {
        // About as many as last time: a list that grows is copied again and again.
        let mut visuals = Vec::with_capacity(self.seen);
        for (entity, transform, trail, order, shape, sprite, label, scope) in self.looks.iter(world)
        {
            let place = places.of(world, entity, transform, trail);
            let Some(placement) = Placement::new(&place) else { continue };
            // A thing that is no process comes after all that are.
            let order = order.map_or(u64::MAX, |order| order.0);
            let looks = [
                shape.map(|shape| (shape.visible, shape.layer, Visual::Shape(shape))),
                sprite.map(|sprite| (sprite.visible, sprite.layer, Visual::Sprite(sprite))),
                label.map(|label| (label.visible, label.layer, Visual::Label(label))),
                scope.map(|scope| (scope.visible, scope.layer, Visual::Scope(scope))),
            ];
            for (kind, (visible, layer, visual)) in looks.into_iter().flatten().enumerate() {
                if visible {
                    if let Visual::Sprite(sprite) = visual {
                        // It is compared with others, for each sprite in another place.
                        prefetch(sprite.image.as_ptr());
                    }
                    let rank = Rank { layer, order, entity, kind };
                    visuals.push((rank, placement, visual));
                }
            }
        }
        // Stable: what is in order but for a few things, as nearly always, takes hardly any time.
        visuals.sort_by_key(|(rank, _, _)| {
            (rank.layer, rank.order, rank.entity.index_u32(), rank.kind)
        });
        self.seen = visuals.len();
        visuals
    }

    /// What was drawn last.
    pub fn frame(&self) -> Frame<'_> {
        Frame {
            window: &self.window,
            list: &self.list,
            atlas: &self.atlas,
            images: &self.images,
            icon: self.icon,
            widgets: None,
            painting: None,
        }
    }

    pub(super) fn draw_one(&mut self, placement: &Placement, visual: Visual<'_>) {
        let Self { images, list, atlas, font, stamps, mesh, heard, .. } = self;
        match visual {
            Visual::Shape(shape) => shape::draw(list, atlas, stamps, mesh, placement, shape),
            Visual::Sprite(sprite) => sprite::draw(list, images, placement, sprite),
            Visual::Label(label) => label::draw(list, atlas, font, placement, label),
            Visual::Scope(scope) => scope::draw(list, mesh, heard.as_deref(), placement, scope),
        }
    }
}

/// What is to be drawn, back to front: things of one layer that several cameras show come once for each
/// of them, and those that none shows stand in the window itself.
pub(super) fn showings<'a, 'w>(
    visuals: &'a [Seen<'w>],
    views: &'a [View],
    window: PxRect,
) -> impl Iterator<Item = Showing<'w>> + 'a {
    visuals.chunk_by(|(one, ..), (other, ..)| one.layer == other.layer).flat_map(move |layer| {
        let number = layer.first().map_or(0, |(rank, ..)| rank.layer);
        let shown = views.iter().filter(move |view| view.shows(number));
        let is_fixed = shown.clone().next().is_none();
        let through = shown.flat_map(|View { part, scene, .. }| {
            layer.iter().filter_map(|(rank, placement, visual)| {
                let (entity, visual) = (rank.entity, *visual);
                let placement = scene.as_ref()?.around(placement)?;
                Some(Showing { entity, part: *part, placement, visual })
            })
        });
        let fixed = if is_fixed { layer } else { &[] };
        through.chain(fixed.iter().map(move |(rank, placement, visual)| Showing {
            entity: rank.entity,
            part: window,
            placement: *placement,
            visual: *visual,
        }))
    })
}

#[cfg(test)]
mod tests;
