//! Reads the world into a draw list.

use std::sync::Arc;

use bevy_ecs::entity::{Entity, EntityHashSet};
use bevy_ecs::query::{Or, QueryState, With};
use bevy_ecs::world::World;

use super::atlas::Atlas;
use super::camera::{Cameras, View};
use super::complaint::{Complaints, not_finite};
use super::display::{Frame, Sheets};
use super::draw_list::{DrawList, PxRect};
use super::font::{Fonts, MAX_TEXT};
use super::image::{ImageFolder, ImageId, Images};
use super::label::{self, Label};
use super::mesh::Mesh;
use super::placement::Placement;
use super::scope::{self, Scope};
use super::shape::{self, Shape};
use super::sprite::{self, Sprite};
use super::stamp::Stamps;
use super::target::{Target, TargetFrame, shown_in};
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
    /// What stands for a thing that is nowhere.
    Fault,
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
    targets: Vec<TargetFrame>,
    complaints: Complaints,
    pub(super) atlas: Atlas,
    pub(super) fonts: Fonts,
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
            targets: Vec::new(),
            complaints: Complaints::default(),
            atlas: Atlas::default(),
            fonts: Fonts::shipped(),
            stamps: Stamps::default(),
            mesh: Mesh::default(),
            heard: None,
        }
    }

    /// Reads the world as it is at its last tick.
    ///
    /// Things are drawn by layer, those of one layer in the order of spawning; of one process the
    /// shape first, then the sprite, the label and the scope. Each camera shows its layers in its part
    /// of the window, what no camera shows stands in the window itself. What is invisible or outside of
    /// the window is left out; a placeholder stands for what cannot be shown, as its place is no number.
    pub fn draw<'a>(&'a mut self, world: &'a World) -> Frame<'a> {
        let now = world.get_resource::<Now>().map_or(Flicks::ZERO, Now::time);
        self.draw_at(world, now)
    }

    /// Reads the world as it is to be seen at a time, which is not before its last tick.
    pub(crate) fn draw_at<'a>(&'a mut self, world: &'a World, at: Flicks) -> Frame<'a> {
        self.at = at;
        match world.get_resource::<Window>() {
            Some(window) => self.window.clone_from(window),
            None => self.window = Window::default(),
        }
        if let Some(ImageFolder(folder)) = world.get_resource() {
            self.images.set_root(folder);
            self.fonts.set_root(folder);
        }
        self.heard = world.get_resource().map(Audio::heard).cloned();
        let icon = &self.window.icon;
        self.icon = (!icon.is_empty()).then(|| self.images.load(icon));
        self.complaints.begin();
        let emptied = self.atlas.begin();
        self.fonts.begin(emptied);
        if emptied {
            self.stamps.clear();
        }
        let (visuals, views) = self.look(world);
        let of_window: Vec<_> =
            views.iter().filter(|view| view.target.is_none()).copied().collect();
        self.list.begin(self.window.size_px());
        let whole = self.whole();
        self.draw_views(world, &visuals, &of_window, Some(whole));
        self.draw_targets(world, &visuals, &views);
        self.frame(world)
    }

    /// Draws what is seen through cameras; what none of them shows is seen in `fixed` as it is.
    fn draw_views(
        &mut self,
        world: &World,
        visuals: &[Seen<'_>],
        views: &[View],
        fixed: Option<PxRect>,
    ) {
        for Showing { entity, part, placement, visual } in showings(visuals, views, fixed) {
            self.list.clip(part);
            self.draw_one(world, entity, &placement, visual);
        }
        for (view, at) in views.iter().filter_map(|view| Some((view, view.placeholder()?))) {
            self.list.clip(view.part);
            self.list.push_placeholder(at);
        }
    }

    /// Draws the targets that are seen, and those that are seen in them: each before the first that
    /// shows it. Of two that show each other, one is seen in the other as it was in the last frame.
    fn draw_targets(&mut self, world: &World, visuals: &[Seen<'_>], views: &[View]) {
        self.targets.clear();
        let window = std::mem::take(&mut self.list);
        // What a target shows is drawn before it is done itself: the second visit ends it.
        let mut open: Vec<(Entity, Option<TargetFrame>)> =
            shown_in(&window).map(|id| (id, None)).collect();
        open.reverse();
        let mut begun = EntityHashSet::default();
        while let Some((id, drawn)) = open.pop() {
            if let Some(drawn) = drawn {
                self.targets.push(drawn);
                continue;
            }
            let Some(target) = world.get::<Target>(id).filter(|_| begun.insert(id)) else {
                continue;
            };
            let size_px @ [width, height] = target.size_px();
            let of_target = |view: &&View| view.target == Some(id);
            let views: Vec<_> = views.iter().filter(of_target).copied().collect();
            self.list = DrawList::default();
            self.list.begin(size_px);
            self.list.clip(PxRect { x: 0, y: 0, width, height });
            self.draw_views(world, visuals, &views, None);
            let list = std::mem::take(&mut self.list);
            let shown: Vec<_> = shown_in(&list).collect();
            let Target { background, smooth, .. } = *target;
            open.push((id, Some(TargetFrame { id, size_px, background, smooth, list })));
            open.extend(shown.into_iter().rev().map(|id| (id, None)));
        }
        self.list = window;
    }

    /// What could not be shown as it says since the last call: a line for each.
    pub fn take_errors(&mut self) -> Vec<String> {
        self.images.take_errors().into_iter().chain(self.complaints.take()).collect()
    }

    /// Whether a picture goes without what is not read yet, as a window wants it: images, fonts.
    pub(crate) fn read_aside(&mut self, is_aside: bool) {
        self.images.read_aside(is_aside);
        self.fonts.read_aside(is_aside);
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
        let size_px = self.window.size_px();
        let views = self.cameras.views(world, &mut places, size_px, &mut self.complaints);
        (visuals, views)
    }

    /// What is visible, in the order of drawing.
    fn visuals<'w>(&mut self, world: &'w World, places: &mut Absolutes) -> Vec<Seen<'w>> {
        // About as many as last time: a list that grows is copied again and again.
        let mut visuals = Vec::with_capacity(self.seen);
        for (entity, transform, trail, order, shape, sprite, label, scope) in self.looks.iter(world)
        {
            let place = places.of(world, entity, transform, trail);
            let placement = match Placement::new(&place) {
                Some(placement) => placement,
                // Nothing of no size is seen, and what is nowhere is seen in the wrong place.
                None if place.scale == 0.0 => continue,
                None => {
                    let Some(fault) = fault(&place) else { continue };
                    self.complaints.add(world, entity, "Transform", || fault);
                    let order = order.map_or(u64::MAX, |order| order.0);
                    let rank = Rank { layer: i32::MAX, order, entity, kind: 0 };
                    visuals.push((
                        rank,
                        Placement::somewhere(&place, self.window.size_px()),
                        Visual::Fault,
                    ));
                    continue;
                }
            };
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
    fn frame<'a>(&'a self, world: &'a World) -> Frame<'a> {
        Frame {
            window: &self.window,
            list: &self.list,
            atlas: &self.atlas,
            images: &self.images,
            icon: self.icon,
            targets: &self.targets,
            sheets: Sheets(world),
            widgets: None,
            painting: None,
        }
    }

    pub(super) fn draw_one(
        &mut self,
        world: &World,
        entity: Entity,
        placement: &Placement,
        visual: Visual<'_>,
    ) {
        let Self { images, list, atlas, fonts, stamps, mesh, complaints, heard, .. } = self;
        match visual {
            Visual::Shape(shape) => shape::draw(list, atlas, stamps, mesh, placement, shape),
            Visual::Sprite(sprite) if sprite.image.is_empty() => {}
            Visual::Sprite(sprite) => {
                let source = match sprite::fault(sprite) {
                    Some(fault) => Err(fault),
                    None => sprite::source(world, entity, sprite, images),
                };
                match source {
                    Ok(Some(source)) => sprite::draw(list, placement, sprite, source),
                    Ok(None) => {}
                    Err(fault) => {
                        complaints.add(world, entity, "Sprite", || fault);
                        list.push_placeholder(placement.center);
                    }
                }
            }
            Visual::Label(label) => match label::fault(label) {
                Some(fault) => {
                    complaints.add(world, entity, "Label", || fault);
                    list.push_placeholder(placement.center);
                }
                None => {
                    label::draw(list, atlas, fonts, placement, label);
                    if let Some(reason) = fonts.take_refusal() {
                        let font = &label.font;
                        complaints.add(world, entity, "Label", || {
                            format!("cannot show the font {font}: {reason}; it is shown in Hack")
                        });
                    } else if label.text.len() > MAX_TEXT {
                        complaints.add(world, entity, "Label", || {
                            let length = label.text.len();
                            format!("its text has {length} bytes, and {MAX_TEXT} of them are shown")
                        });
                    }
                }
            },
            Visual::Scope(scope) => scope::draw(list, mesh, heard.as_deref(), placement, scope),
            Visual::Fault => list.push_placeholder(placement.center),
        }
    }
}

/// What of a place is not a number, if anything is.
fn fault(place: &Transform) -> Option<String> {
    let Transform { x, y, rotation, scale, .. } = *place;
    not_finite(&[("x", x), ("y", y), ("rotation", rotation), ("scale", scale)])
}

/// What is to be drawn, back to front: things of one layer that several cameras show come once for each
/// of them, and those that none shows stand in the window itself, if there is one.
pub(super) fn showings<'a, 'w>(
    visuals: &'a [Seen<'w>],
    views: &'a [View],
    window: Option<PxRect>,
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
        let fixed = window.filter(|_| is_fixed).into_iter().flat_map(move |part| {
            layer.iter().map(move |(rank, placement, visual)| {
                let (entity, placement, visual) = (rank.entity, *placement, *visual);
                Showing { entity, part, placement, visual }
            })
        });
        through.chain(fixed)
    })
}

#[cfg(test)]
mod tests;
