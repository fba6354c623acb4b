//! What is seen at a point: what a click there means.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::atlas::Atlas;
use super::draw_list::{DrawList, Quad, Texture, Vertex};
use super::placement::{Placement, Point};
use super::renderer::{Renderer, Showing, Visual, showings};
use super::{Batch, Window};

/// How far beside a thing a click still means it where it hits nothing else, px: what is a pixel
/// thin can be hit.
const REACH_PX: i32 = 3;

impl Renderer {
    /// The topmost thing that is seen at a point of the scene, px, or within three pixels of it if
    /// there is none. Of a label its whole block counts, of a circle what is round.
    pub fn pick(&mut self, world: &World, x: f64, y: f64) -> Option<Entity> {
        if let Some(window) = world.get_resource::<Window>() {
            self.window.clone_from(window);
        }
        let size = self.window.size_px();
        let (visuals, mut views) = self.look(world);
        views.retain(|view| view.target.is_none());
        let showings: Vec<_> = showings(&visuals, &views, Some(self.whole())).collect();
        let offsets = || (-REACH_PX..=REACH_PX).map(f64::from);
        let around = offsets().flat_map(|dy| offsets().map(move |dx| [x + dx, y + dy])).collect();
        [vec![[x, y]], around].iter().find_map(|points: &Vec<Point>| {
            let hit = showings.iter().rev().find(|Showing { entity, part, placement, visual }| {
                self.list.begin(size);
                self.list.clip(*part);
                self.draw_one(world, *entity, placement, *visual);
                points.iter().any(|point| {
                    part.contains(*point)
                        && covers(&self.list, &self.atlas, placement, *visual, *point)
                })
            });
            hit.map(|showing| showing.entity)
        })
    }
}

/// Whether a list, of one visual alone, covers a point.
fn covers(
    list: &DrawList,
    atlas: &Atlas,
    placement: &Placement,
    visual: Visual<'_>,
    point: Point,
) -> bool {
    if let Visual::Label(_) = visual {
        return in_block(&list.quads, placement, point);
    }
    list.batches.iter().any(|batch| match batch {
        Batch::Triangles(range) => list.indices[range.clone()].chunks_exact(3).any(|corners| {
            let corner = |index: usize| list.vertices[corners[index] as usize];
            in_triangle([corner(0), corner(1), corner(2)], point)
        }),
        Batch::Quads(texture, range) => list.quads[range.clone()].iter().any(|quad| {
            let [x, y] = within(quad, point);
            let is_inside = (0.0..1.0).contains(&x) && (0.0..1.0).contains(&y);
            is_inside && (*texture != Texture::Atlas || is_ink(atlas, quad, [x, y]))
        }),
        Batch::Clip(_) | Batch::Blend(_) => false,
    })
}

/// Where a point lies in a quad, as parts of its width and height: from 0 to 1 inside.
fn within(quad: &Quad, [x, y]: Point) -> Point {
    let [left, top, width, height] = [quad.x, quad.y, quad.width, quad.height].map(f64::from);
    let (sin, cos) = f64::from(-quad.rotation).sin_cos();
    let [dx, dy] = [x - left - width / 2.0, y - top - height / 2.0];
    [(dx * cos - dy * sin) / width + 0.5, (dx * sin + dy * cos) / height + 0.5]
}

/// Whether the quad's mask lets its colour through there.
fn is_ink(atlas: &Atlas, quad: &Quad, [x, y]: Point) -> bool {
    let source = quad.source;
    #[expect(clippy::cast_possible_truncation, reason = "within the mask")]
    #[expect(clippy::cast_sign_loss, reason = "within the mask")]
    let [column, row] =
        [x * f64::from(source.width), y * f64::from(source.height)].map(|at| at as usize);
    atlas.rows(source).nth(row).and_then(|row| row.get(column)).is_some_and(|ink| *ink > 0)
}

/// Whether a point lies in the block that glyphs of one label make together.
fn in_block(glyphs: &[Quad], placement: &Placement, point: Point) -> bool {
    let [x, y] = placement.turn_back(point);
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for quad in glyphs {
        let [left, top, width, height] = [quad.x, quad.y, quad.width, quad.height].map(f64::from);
        let middle = placement.turn_back([left + width / 2.0, top + height / 2.0]);
        bounds = [
            bounds[0].min(middle[0] - width / 2.0),
            bounds[1].min(middle[1] - height / 2.0),
            bounds[2].max(middle[0] + width / 2.0),
            bounds[3].max(middle[1] + height / 2.0),
        ];
    }
    (bounds[0]..bounds[2]).contains(&x) && (bounds[1]..bounds[3]).contains(&y)
}

fn in_triangle(corners: [Vertex; 3], [x, y]: Point) -> bool {
    let side = |from: Vertex, to: Vertex| {
        let [fx, fy, tx, ty] = [from.x, from.y, to.x, to.y].map(f64::from);
        (tx - fx) * (y - fy) - (ty - fy) * (x - fx)
    };
    let [a, b, c] = corners;
    let sides = [side(a, b), side(b, c), side(c, a)];
    // What is seen through wholly is not there.
    let is_seen = corners.iter().any(|corner| corner.color.a > 0);
    is_seen && (sides.iter().all(|side| *side >= 0.0) || sides.iter().all(|side| *side <= 0.0))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

    use bevy_ecs::world::World;

    use crate::color::Color;
    use crate::motion::Transform;
    use crate::render::{Label, Renderer, Shape, Sprite, Window};

    const RED: Color = Color::rgb(255, 0, 0);

    fn world() -> World {
        let mut world = World::new();
        world.insert_resource(Window { width: 400, height: 300, ..Window::default() });
        world
    }

    fn at(x: f64, y: f64) -> Transform {
        Transform { x, y, ..Transform::default() }
    }

    fn turned(x: f64, y: f64, rotation: f64) -> Transform {
        Transform { x, y, rotation, ..Transform::default() }
    }

    /// What is drawn last is picked first: the higher layer, then the younger one.
    #[test]
    fn the_topmost_thing_is_picked() {
        let mut world = world();
        let square = |layer| Shape { layer, ..Shape::rectangle(40.0, 40.0, RED) };
        let low = world.spawn((at(100.0, 100.0), square(0))).id();
        let high = world.spawn((at(110.0, 100.0), square(1))).id();
        world.spawn((at(105.0, 100.0), square(0)));
        let mut renderer = Renderer::new(&mut world);
        assert_eq!(renderer.pick(&world, 115.0, 100.0), Some(high));
        assert_eq!(renderer.pick(&world, 82.0, 100.0), Some(low));
        assert_eq!(renderer.pick(&world, 200.0, 200.0), None);
    }

    /// The corner of a circle's square is not the circle; a turned rectangle is where it is seen.
    #[test]
    fn a_thing_is_where_it_is_seen() {
        for radius in [40.0, 280.0] {
            let mut world = world();
            let circle = world.spawn((at(0.0, 0.0), Shape::circle(radius, RED))).id();
            let mut renderer = Renderer::new(&mut world);
            assert_eq!(renderer.pick(&world, radius * 0.7, radius * 0.7), Some(circle));
            assert_eq!(renderer.pick(&world, radius * 0.8, radius * 0.8), None);
        }
        let mut world = world();
        let bar = Shape::rectangle(100.0, 10.0, RED);
        let bar = world.spawn((turned(200.0, 150.0, FRAC_PI_4), bar)).id();
        let mut renderer = Renderer::new(&mut world);
        assert_eq!(renderer.pick(&world, 230.0, 180.0), Some(bar));
        assert_eq!(renderer.pick(&world, 230.0, 150.0), None);
    }

    /// Between the letters of a label is the label too, turned or not.
    #[test]
    fn a_label_is_picked_as_a_block() {
        for rotation in [0.0, FRAC_PI_2] {
            let mut world = world();
            let label = Label { text: "i i i".into(), size: 20.0, ..Label::default() };
            let label = world.spawn((turned(200.0, 150.0, rotation), label)).id();
            let mut renderer = Renderer::new(&mut world);
            let along =
                |offset: f64| [200.0 + offset * rotation.cos(), 150.0 + offset * rotation.sin()];
            for offset in [-24.0, -12.0, 0.0, 12.0, 24.0] {
                let [x, y] = along(offset);
                assert_eq!(renderer.pick(&world, x, y), Some(label), "{offset}, {rotation}");
            }
            let [x, y] = along(60.0);
            assert_eq!(renderer.pick(&world, x, y), None);
        }
    }

    /// A sprite is its rectangle, and a thin line can be hit beside it; what is hidden is not there.
    #[test]
    fn thin_things_can_be_hit_and_hidden_ones_cannot() {
        let mut world = world();
        let sprite =
            Sprite { image: "none.png".into(), width: 30.0, height: 20.0, ..Sprite::default() };
        let sprite = world.spawn((at(50.0, 50.0), sprite)).id();
        let points = vec![[-50.0, 0.0], [50.0, 0.0]];
        let line = world.spawn((at(200.0, 200.0), Shape::line(points, 1.0, RED))).id();
        world.spawn((at(300.0, 50.0), Shape { visible: false, ..Shape::circle(20.0, RED) }));
        let mut renderer = Renderer::new(&mut world);
        assert_eq!(renderer.pick(&world, 62.0, 58.0), Some(sprite));
        assert_eq!(renderer.pick(&world, 180.0, 202.5), Some(line));
        assert_eq!(renderer.pick(&world, 180.0, 206.0), None);
        assert_eq!(renderer.pick(&world, 300.0, 50.0), None);
    }
}
