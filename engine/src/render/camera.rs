//! The component `Camera`: which part of the scene is seen, and where in the window.

use bevy_ecs::entity::Entity;
use bevy_ecs::query::{QueryState, Without};
use bevy_ecs::world::{FromWorld, World};

use super::complaint::{Complaints, not_finite};
use super::draw_list::PxRect;
use super::placement::{Placement, Point};
use super::target;
use super::window::Window;
use crate::clock::Now;
use crate::component::component;
use crate::motion::{Absolutes, Trail, Transform};
use crate::process::{Held, Paused, SpawnOrder};

component! {
    /// Looks at the scene: what is at the process's Transform is in the middle of the picture, turned
    /// and enlarged as the Transform says. Layers that no camera shows are seen as without one.
    pub struct Camera {
        /// Enlargement: 2 shows things twice as large. Nothing is seen through 0 or less.
        zoom: f64 = 1.0,
        /// How far the picture trembles, px; it dies away by itself.
        shake: f64 = 0.0,
        /// Seconds in which the trembling falls to half; 0 keeps it as it is.
        shake_half_life: f64 = 0.15,
        /// Left edge of the picture, as a part of the window's width: 0 to 1.
        left: f64 = 0.0,
        /// Top edge of the picture, as a part of the window's height: 0 to 1.
        top: f64 = 0.0,
        /// Width of the picture, as a part of the window's: 0 to 1.
        width: f64 = 1.0,
        /// Height of the picture, as a part of the window's: 0 to 1.
        height: f64 = 1.0,
        /// The lowest layer that it shows.
        first_layer: i32 = i32::MIN,
        /// The highest layer that it shows.
        last_layer: i32 = i32::MAX,
        /// Of two pictures in one place, that of the higher order covers the other's, layer by layer.
        order: i32 = 0,
        /// The process whose Target it shows the scene in, instead of in the window, if it names one.
        target: String = String::new(),
        /// Whether it shows anything.
        active: bool = true,
    }
}

/// A shake below this is none, px.
const STILL_PX: f64 = 0.01;

/// Full turns a second of the two movements that a shake is made of, to the side and up and down:
/// fast, and never again in step.
const SHAKE_HZ: [f64; 2] = [13.1, 17.3];

/// What a camera shows of the scene, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// The part of the window that it fills.
    pub(super) part: PxRect,
    /// How the scene lies in it; `None` if nothing can be seen.
    pub(super) scene: Option<Placement>,
    /// The process whose target it is seen in; `None` for the window.
    pub(super) target: Option<Entity>,
    /// Whether something of it is not a number.
    is_faulty: bool,
    first_layer: i32,
    last_layer: i32,
}

impl View {
    fn new(
        camera: &Camera,
        stand: &Transform,
        (target, [width, height]): Surface,
        secs: f64,
    ) -> Option<Self> {
        if camera.active && fault(camera, stand).is_some() {
            let part = PxRect { x: 0, y: 0, width, height };
            let (first_layer, last_layer) = (camera.first_layer, camera.last_layer);
            let scene = None;
            return Some(Self { part, scene, target, is_faulty: true, first_layer, last_layer });
        }
        let edge = |part: f64, side: u32| (part.clamp(0.0, 1.0) * f64::from(side)).round();
        let (left, right) = (edge(camera.left, width), edge(camera.left + camera.width, width));
        let (top, bottom) = (edge(camera.top, height), edge(camera.top + camera.height, height));
        if !camera.active || left >= right || top >= bottom {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "within the window")]
        #[expect(clippy::cast_sign_loss, reason = "within the window")]
        let [x, y, width, height] = [left, top, right - left, bottom - top].map(|px| px as u32);
        let [dx, dy] = SHAKE_HZ.map(|hz| camera.shake * (secs * hz * std::f64::consts::TAU).sin());
        let center: Point = [f64::midpoint(left, right) + dx, f64::midpoint(top, bottom) + dy];
        let scene = Placement::new(stand).and_then(|stand| stand.view(center, camera.zoom));
        let (first_layer, last_layer) = (camera.first_layer, camera.last_layer);
        let part = PxRect { x, y, width, height };
        Some(Self { part, scene, target, is_faulty: false, first_layer, last_layer })
    }

    /// Where something stands for it, as it cannot show what it should; `None` if it can.
    pub(super) fn placeholder(&self) -> Option<Point> {
        let PxRect { x, y, width, height } = self.part;
        let middle = |from: u32, side: u32| f64::from(from) + f64::from(side) / 2.0;
        self.is_faulty.then(|| [middle(x, width), middle(y, height)])
    }

    /// Whether it shows what is on this layer.
    pub(super) fn shows(&self, layer: i32) -> bool {
        (self.first_layer..=self.last_layer).contains(&layer)
    }
}

/// What is wrong with a camera, if anything is.
fn fault(camera: &Camera, stand: &Transform) -> Option<String> {
    let Camera { zoom, shake, left, top, width, height, .. } = *camera;
    let Transform { x, y, rotation, scale, .. } = *stand;
    not_finite(&[
        ("zoom", zoom),
        ("shake", shake),
        ("left", left),
        ("top", top),
        ("width", width),
        ("height", height),
        ("place: x", x),
        ("place: y", y),
        ("place: rotation", rotation),
        ("place: scale", scale),
    ])
}

/// What a camera's picture is seen on: the process whose target it is, or the window; and its width
/// and height, px.
type Surface = (Option<Entity>, [u32; 2]);

/// The cameras of a world.
type Looking = QueryState<(
    Entity,
    &'static Camera,
    &'static Transform,
    Option<&'static Trail>,
    Option<&'static SpawnOrder>,
)>;

/// Finds what the cameras of a world show.
#[derive(Debug)]
pub(super) struct Cameras(Looking);

impl Cameras {
    pub(super) fn new(world: &mut World) -> Self {
        Self(QueryState::new(world))
    }

    /// What is seen through the cameras in a window of this size and in the targets, the lowest order
    /// first; of one order the first that was spawned.
    pub(super) fn views(
        &mut self,
        world: &World,
        places: &mut Absolutes,
        size_px: [u32; 2],
        complaints: &mut Complaints,
    ) -> Vec<View> {
        let secs = world.get_resource::<Now>().map_or(0.0, |now| now.time().as_secs());
        let mut views = Vec::new();
        for (entity, camera, transform, trail, spawned) in self.0.iter(world) {
            let stand = places.of(world, entity, transform, trail);
            let number = spawned.map_or(u64::MAX, |order| order.0);
            let order = (camera.order, number, entity.index_u32());
            let surface = if camera.target.is_empty() {
                (None, size_px)
            } else if let Some((id, target)) = target::named(world, &camera.target) {
                (Some(id), target.size_px())
            } else {
                complaints.add(world, entity, "Camera", || {
                    let name = &camera.target;
                    format!("there is no process `{name}` with a Target; give one the component")
                });
                continue;
            };
            if let Some(fault) = fault(camera, &stand).filter(|_| camera.active) {
                complaints.add(world, entity, "Camera", || fault);
            }
            views.extend(View::new(camera, &stand, surface, secs).map(|view| (order, view)));
        }
        views.sort_unstable_by_key(|(order, _)| *order);
        views.into_iter().map(|(_, view)| view).collect()
    }
}

/// Where a point of the window lies in the scene, px in both: as the topmost camera shows it whose
/// picture is there, and as it is without a camera where there is none.
pub fn to_scene(world: &mut World, [x, y]: [f64; 2]) -> [f64; 2] {
    let size_px = world.get_resource::<Window>().map_or([1, 1], Window::size_px);
    let views = Cameras::new(world).views(
        world,
        &mut Absolutes::default(),
        size_px,
        &mut Complaints::default(),
    );
    let of_window = |view: &&View| view.target.is_none() && view.part.contains([x, y]);
    let view = views.iter().rev().find(of_window);
    let Some(scene) = view.and_then(|view| view.scene) else { return [x, y] };
    let [x, y] = scene.turn_back([x, y]);
    [(x - scene.center[0]) / scene.scale, (y - scene.center[1]) / scene.scale]
}

/// Cameras that may shake.
pub(crate) struct Shaken(QueryState<&'static mut Camera, (Without<Paused>, Without<Held>)>);

impl Shaken {
    /// Lets shakes die away over the span of one tick, unless their process is paused or held.
    pub(crate) fn calm(&mut self, world: &mut World) {
        let dt = world.resource::<Now>().span().as_secs();
        for mut camera in self.0.iter_mut(world) {
            if camera.shake != 0.0 && camera.shake_half_life > 0.0 {
                let left = camera.shake * (-dt / camera.shake_half_life).exp2();
                camera.shake = if left.abs() < STILL_PX { 0.0 } else { left };
            }
        }
    }
}

impl FromWorld for Shaken {
    fn from_world(world: &mut World) -> Self {
        Self(world.query_filtered())
    }
}

#[cfg(test)]
mod tests {
    use bevy_ecs::hierarchy::ChildOf;
    use bevy_ecs::world::World;

    use super::{Camera, to_scene};
    use crate::clock::{Flicks, Now};
    use crate::machine::Machine;
    use crate::motion::{Interpolation, Transform, Velocity};
    use crate::render::{Renderer, Shape, Window};

    fn world() -> World {
        let mut world = World::new();
        world.insert_resource(Window { width: 400, height: 300, ..Window::default() });
        world
    }

    fn at(x: f64, y: f64) -> Transform {
        Transform { x, y, ..Transform::default() }
    }

    fn square(side: f64) -> Shape {
        Shape::rectangle(side, side, crate::color::Color::WHITE)
    }

    /// Left, top, width and height of what is drawn as rectangles.
    fn seen(world: &mut World) -> Vec<[f32; 4]> {
        let mut renderer = Renderer::new(world);
        let frame = renderer.draw(world);
        frame.list.quads.iter().map(|quad| [quad.x, quad.y, quad.width, quad.height]).collect()
    }

    /// What the camera stands at is in the middle of the window, twice as large through a zoom of 2:
    /// 30 px to the right of it is 60 px beside the middle, which is (200, 150).
    #[test]
    fn a_camera_shows_where_it_stands_enlarged() {
        let mut world = world();
        world.spawn((at(1000.0, -500.0), Camera { zoom: 2.0, ..Camera::default() }));
        world.spawn((at(1030.0, -500.0), square(10.0)));
        world.spawn((at(200.0, 150.0), square(10.0)));
        assert_eq!(seen(&mut world), [[250.0, 140.0, 20.0, 20.0]]);
        assert_eq!(to_scene(&mut world, [260.0, 150.0]), [1030.0, -500.0]);
    }

    /// A camera that is turned clockwise by a quarter has above it what is to its right: the
    /// scene turns the other way.
    #[test]
    fn a_turned_camera_turns_the_scene_the_other_way() {
        let mut world = world();
        let stand = Transform { rotation: std::f64::consts::FRAC_PI_2, ..at(0.0, 0.0) };
        world.spawn((stand, Camera::default()));
        world.spawn((at(50.0, 0.0), square(10.0)));
        assert_eq!(seen(&mut world), [[195.0, 95.0, 10.0, 10.0]]);
        let [x, y] = to_scene(&mut world, [200.0, 100.0]);
        assert!((x - 50.0).abs() < 1e-9 && y.abs() < 1e-9);
    }

    /// What no camera shows stands in the window itself: a score does not move with the scene.
    #[test]
    fn layers_of_no_camera_are_fixed() {
        let mut world = world();
        world.spawn((at(100.0, 0.0), Camera { last_layer: 9, ..Camera::default() }));
        world.spawn((at(20.0, 20.0), Shape { layer: 10, ..square(10.0) }));
        world.spawn((at(100.0, 0.0), square(10.0)));
        assert_eq!(seen(&mut world), [[195.0, 145.0, 10.0, 10.0], [15.0, 15.0, 10.0, 10.0]]);
        assert_eq!(to_scene(&mut world, [200.0, 150.0]), [100.0, 0.0]);
    }

    /// Two cameras side by side show the same thing twice, cut to their halves, and a click in the
    /// right half means what is seen there.
    #[test]
    fn two_cameras_share_a_window() {
        let mut world = world();
        let half = Camera { width: 0.5, ..Camera::default() };
        world.spawn((at(0.0, 0.0), half.clone()));
        world.spawn((at(90.0, 0.0), Camera { left: 0.5, ..half }));
        let thing = world.spawn((at(0.0, 0.0), square(40.0))).id();
        // In the right half it would be from 190 to 230 px, and is cut at 200 px.
        assert_eq!(seen(&mut world), [[80.0, 130.0, 40.0, 40.0], [200.0, 130.0, 30.0, 40.0]]);
        let mut renderer = Renderer::new(&mut world);
        assert_eq!(renderer.pick(&world, 225.0, 150.0), Some(thing));
        assert_eq!(renderer.pick(&world, 195.0, 150.0), None);
        assert_eq!(to_scene(&mut world, [300.0, 150.0]), [90.0, 0.0]);
    }

    /// Without an active camera the scene is as it is; through one without sight nothing is seen.
    #[test]
    fn a_camera_without_sight_shows_nothing() {
        let still = [
            (Camera { active: false, ..Camera::default() }, 1),
            (Camera { left: 1.0, ..Camera::default() }, 1),
            (Camera { zoom: 0.0, ..Camera::default() }, 0),
            (Camera { zoom: -1.0, ..Camera::default() }, 0),
            // What stands for it is four squares.
            (Camera { zoom: f64::NAN, ..Camera::default() }, 4),
            (Camera { left: f64::NAN, ..Camera::default() }, 4),
        ];
        for (camera, count) in still {
            let mut world = world();
            world.spawn((at(1000.0, 0.0), camera.clone()));
            world.spawn((at(20.0, 20.0), square(10.0)));
            assert_eq!(seen(&mut world).len(), count, "{camera:?}");
        }
    }

    /// What hangs on a thing that is on its way goes with it, and so does a camera: nothing moves in the
    /// picture, wherever between two ticks it is taken.
    #[test]
    fn what_goes_together_stays_together() {
        let mut machine = Machine::builder().hz(10).build();
        let world = machine.world_mut();
        let on_its_way = (Interpolation::default(), Velocity { x: 600.0, ..Velocity::default() });
        let ship = world.spawn((at(0.0, 0.0), on_its_way, square(20.0), Camera::default())).id();
        let attached = Transform { relative: true, ..at(50.0, 0.0) };
        world.spawn((attached, square(10.0), ChildOf(ship)));
        world.spawn((at(30.0, 0.0), square(4.0)));
        machine.run(Some(2));
        let world = machine.world_mut();
        let mut renderer = Renderer::new(world);
        let (tick, span) = (world.resource::<Now>().time(), world.resource::<Now>().span());
        // The ship is seen on its way from 60 to 120 px, and the mark stays behind by as much.
        for (part, mark) in [(0, 30.0), (1, 0.0)] {
            let frame = renderer.draw_at(world, Flicks(tick.0 + span.0 / 2 * part));
            let seen: Vec<_> = frame.list.quads.iter().map(|quad| quad.x).collect();
            // The middle of the window is at 320 px.
            assert_eq!(seen, [310.0, 365.0, 318.0 - 60.0 + mark]);
        }
    }

    /// A shake of 8 px is one of 4 after its half-life, and ends; the picture is within it.
    #[test]
    fn a_shake_dies_away() {
        let mut machine = Machine::builder().hz(100).build();
        let world = machine.world_mut();
        let shaken = Camera { shake: 8.0, shake_half_life: 0.5, ..Camera::default() };
        let camera = world.spawn((at(0.0, 0.0), shaken)).id();
        world.spawn((at(0.0, 0.0), square(10.0)));
        let shake = |machine: &Machine| machine.world().get::<Camera>(camera).unwrap().shake;
        machine.run(Some(50));
        assert!((shake(&machine) - 4.0).abs() < 1e-9, "{}", shake(&machine));
        let [left, top, ..] = seen(machine.world_mut())[0];
        assert!((left - 315.0).abs() <= 4.5 && (top - 235.0).abs() <= 4.5, "{left} {top}");
        machine.run(Some(600));
        assert_eq!(shake(&machine), 0.0);
    }
}
