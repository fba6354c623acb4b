use std::f64::consts::{PI, TAU};

use super::{Shape, draw};
use crate::color::Color;
use crate::motion::Transform;
use crate::render::atlas::Atlas;
use crate::render::draw_list::{Batch, DrawList, Quad, Texture};
use crate::render::mesh::Mesh;
use crate::render::placement::Placement;
use crate::render::stamp::Stamps;

/// Draws one shape in a window of 640 × 480 px; returns the list and the shape's triangles.
fn drawn(transform: &Transform, shape: &Shape) -> (DrawList, Mesh) {
    let (mut list, mut mesh) = (DrawList::default(), Mesh::default());
    list.begin([640, 480]);
    if let Some(placement) = Placement::new(transform) {
        let (mut atlas, mut stamps) = (Atlas::default(), Stamps::default());
        draw(&mut list, &mut atlas, &mut stamps, &mut mesh, &placement, shape);
    }
    (list, mesh)
}

fn at(x: f64, y: f64, rotation: f64) -> Transform {
    Transform { x, y, rotation, ..Transform::default() }
}

/// Left, top, right and bottom of a quad.
fn edges(quad: &Quad) -> [f32; 4] {
    [quad.x, quad.y, quad.x + quad.width, quad.y + quad.height]
}

#[track_caller]
fn assert_area(mesh: &Mesh, expected: f64, tolerance: f64) {
    let area = mesh.covered_area();
    assert!((area / expected - 1.0).abs() < tolerance, "{area} is not {expected}");
}

/// A large circle's triangles cover πr², a ring's π(R² − r²): the soft edge lies half inside.
#[test]
fn circles_cover_their_area() {
    let circle = Shape::circle(300.0, Color::WHITE);
    assert_area(&drawn(&at(320.0, 240.0, 0.0), &circle).1, PI * 300.0 * 300.0, 1e-4);
    let ring = Shape { outline: 10.0, ..circle };
    let expected = PI * (300.0 * 300.0 - 290.0 * 290.0);
    assert_area(&drawn(&at(320.0, 240.0, 0.0), &ring).1, expected, 2e-3);
}

/// The corners of a circle's solid part lie half a pixel inside of its edge: their shoelace area is
/// that of the smaller circle.
#[test]
fn the_solid_part_ends_half_a_pixel_inside() {
    let (_, mesh) = drawn(&at(320.0, 240.0, 0.0), &Shape::circle(300.0, Color::WHITE));
    let solid: Vec<_> = mesh.points.iter().filter(|point| point.coverage == 1.0).collect();
    let next = solid.iter().cycle().skip(1);
    let shoelace: f64 = solid.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
    let area = shoelace / 2.0;
    assert!((area / (PI * 299.5 * 299.5) - 1.0).abs() < 1e-4, "{area}");
}

/// A turned rectangle covers width × height, its outline the frame inside of its edge.
#[test]
fn a_turned_rectangle_covers_its_area() {
    let rectangle = Shape::rectangle(80.0, 30.0, Color::WHITE);
    assert_area(&drawn(&at(100.0, 100.0, 0.7), &rectangle).1, 80.0 * 30.0, 1e-3);
    let frame = Shape { outline: 4.0, ..rectangle };
    assert_area(&drawn(&at(100.0, 100.0, 0.7), &frame).1, 80.0 * 30.0 - 72.0 * 22.0, 5e-3);
}

/// A star, whose corners point inwards and outwards in turn, covers n R r sin(π / n) in whichever
/// direction its points run.
#[test]
fn a_star_covers_its_area() {
    let mut points: Vec<[f64; 2]> = (0..10)
        .map(|corner| {
            let (sin, cos) = (f64::from(corner) * TAU / 10.0).sin_cos();
            let radius = if corner % 2 == 0 { 90.0 } else { 40.0 };
            [radius * cos, radius * sin]
        })
        .collect();
    let expected = 5.0 * 90.0 * 40.0 * (PI / 5.0).sin();
    for _ in 0..2 {
        let star = Shape::polygon(points.clone(), Color::WHITE);
        assert_area(&drawn(&at(200.0, 200.0, 0.3), &star).1, expected, 5e-3);
        points.reverse();
    }
}

/// A line covers length × thickness however thin and however it lies: a thin one is fainter, not
/// narrower than a pixel.
#[test]
fn a_line_covers_length_times_thickness() {
    for thickness in [0.25, 1.0, 1.5, 6.0] {
        let line = Shape::line(vec![[0.0, 0.0], [60.0, 80.0]], thickness, Color::WHITE);
        let (_, mesh) = drawn(&at(50.0, 50.0, 0.0), &line);
        assert_area(&mesh, 100.0 * thickness, 0.01);
    }
    let hair = Shape::rectangle(100.0, 0.5, Color::WHITE);
    assert_area(&drawn(&at(100.0, 100.0, 0.7), &hair).1, 50.0, 0.02);
}

/// An upright rectangle is one quad of whole pixels, of the same size wherever it stands; half a
/// turn changes nothing, a quarter exchanges its sides.
#[test]
fn an_upright_rectangle_is_whole_pixels() {
    let rectangle = Shape::rectangle(20.0, 10.0, Color::WHITE);
    let (list, _) = drawn(&at(100.0, 50.0, 0.0), &rectangle);
    assert_eq!(list.batches, [Batch::Quads(Texture::Blank, 0..1)]);
    assert_eq!(edges(&list.quads[0]), [90.0, 45.0, 110.0, 55.0]);
    let (list, _) = drawn(&at(100.4, 50.6, 0.0), &rectangle);
    assert_eq!(edges(&list.quads[0]), [90.0, 46.0, 110.0, 56.0]);
    let (list, _) = drawn(&at(100.0, 50.0, PI), &rectangle);
    assert_eq!(edges(&list.quads[0]), [90.0, 45.0, 110.0, 55.0]);
    let (list, _) = drawn(&at(100.0, 50.0, PI / 2.0), &rectangle);
    assert_eq!(edges(&list.quads[0]), [95.0, 40.0, 105.0, 60.0]);
    let thin = Shape::rectangle(0.2, 10.0, Color::WHITE);
    let (list, _) = drawn(&at(100.0, 50.0, 0.0), &thin);
    assert_eq!(list.quads[0].width, 1.0);
}

/// The four sides of an outline meet without overlapping, so a translucent one is even.
#[test]
fn an_upright_outline_is_four_sides_that_do_not_overlap() {
    let shape = Shape { outline: 2.0, ..Shape::rectangle(20.0, 10.0, Color::WHITE) };
    let (list, _) = drawn(&at(100.0, 50.0, 0.0), &shape);
    let sides: Vec<_> = list.quads.iter().map(edges).collect();
    assert_eq!(
        sides,
        [
            [90.0, 45.0, 110.0, 47.0],
            [90.0, 47.0, 92.0, 53.0],
            [108.0, 47.0, 110.0, 53.0],
            [90.0, 53.0, 110.0, 55.0],
        ]
    );
}

/// Scale enlarges everything that is measured in pixels.
#[test]
fn scale_enlarges_sizes_points_and_outlines() {
    let scaled = |shape: &Shape| drawn(&Transform { scale: 3.0, ..at(300.0, 200.0, 0.0) }, shape);
    let (list, _) = scaled(&Shape::rectangle(20.0, 10.0, Color::WHITE));
    assert_eq!(edges(&list.quads[0]), [270.0, 185.0, 330.0, 215.0]);
    let line = Shape::line(vec![[0.0, 0.0], [3.0, 4.0], [6.0, 0.0]], 2.0, Color::WHITE);
    assert_area(&scaled(&line).1, 2.0 * 15.0 * 6.0, 0.05);
}

/// Shapes of no size, with too few points or with what is not a number, draw nothing.
#[test]
fn what_has_no_size_draws_nothing() {
    let nan = f64::NAN;
    let shapes = [
        Shape::circle(0.0, Color::WHITE),
        Shape::circle(-5.0, Color::WHITE),
        Shape::circle(nan, Color::WHITE),
        Shape::rectangle(0.0, 10.0, Color::WHITE),
        Shape::rectangle(10.0, nan, Color::WHITE),
        Shape::polygon(vec![], Color::WHITE),
        Shape::polygon(vec![[0.0, 0.0], [10.0, 10.0]], Color::WHITE),
        Shape::polygon(vec![[1.0, 1.0]; 5], Color::WHITE),
        Shape::polygon(vec![[nan, 1.0], [2.0, nan], [nan, nan], [1.0, 1.0]], Color::WHITE),
        Shape::polygon(vec![[0.0, 0.0], [5.0, 0.0], [10.0, 0.0]], Color::WHITE),
        Shape::line(vec![[4.0, 4.0]], 1.0, Color::WHITE),
        Shape::line(vec![[4.0, 4.0], [4.0, 4.0]], 1.0, Color::WHITE),
        Shape { width: nan, ..Shape::line(vec![], 1.0, Color::WHITE) },
        Shape::rectangle(10.0, 10.0, Color { a: 0, ..Color::WHITE }),
        Shape::circle(300.0, Color { a: 0, ..Color::WHITE }),
    ];
    for (shape, rotation) in shapes.iter().flat_map(|shape| [(shape, 0.0), (shape, 0.5)]) {
        let (list, _) = drawn(&at(100.0, 100.0, rotation), shape);
        assert!(list.batches.is_empty(), "{shape:?} drew {:?}", list.batches);
    }
}

/// However large a shape and wherever it stands, the corners that are drawn are near the window,
/// and what it covers of the window is covered.
#[test]
fn giants_are_cut_to_the_neighbourhood_of_the_window() {
    let square = vec![[-1e300, -1e300], [1e300, -1e300], [1e300, 1e300], [-1e300, 1e300]];
    let giants = [
        Shape::circle(1e300, Color::WHITE),
        Shape::rectangle(1e300, 1e300, Color::WHITE),
        Shape::polygon(square, Color::WHITE),
    ];
    for giant in giants {
        for rotation in [0.0, 0.5] {
            let (list, mesh) = drawn(&at(320.0, 240.0, rotation), &giant);
            for vertex in &list.vertices {
                assert!((-1024.0..=1664.0).contains(&vertex.x), "{vertex:?}");
                assert!((-1024.0..=1504.0).contains(&vertex.y), "{vertex:?}");
            }
            match list.quads.as_slice() {
                [] => assert_area(&mesh, 2688.0 * 2528.0, 1e-6),
                quads => assert_eq!(edges(&quads[0]), [0.0, 0.0, 640.0, 480.0]),
            }
        }
    }
    let far = Shape { outline: 1.0, ..Shape::circle(1e300, Color::WHITE) };
    assert!(drawn(&at(1e300, -1e300, 0.0), &far).0.batches.is_empty());
}

/// A polygon that crosses itself, and one of very many points, are drawn somehow and in time.
#[test]
fn odd_polygons_end() {
    let bow = vec![[-50.0, -50.0], [50.0, 50.0], [50.0, -50.0], [-50.0, 40.0]];
    let (list, _) = drawn(&at(100.0, 100.0, 0.0), &Shape::polygon(bow, Color::WHITE));
    assert_eq!(list.batches.len(), 1);
    let spiky = (0..20_000)
        .map(|corner| {
            let (sin, cos) = (f64::from(corner) * TAU / 20_000.0).sin_cos();
            let radius = if corner % 2 == 0 { 200.0 } else { 150.0 };
            [radius * cos, radius * sin]
        })
        .collect();
    let (list, _) = drawn(&at(300.0, 200.0, 0.0), &Shape::polygon(spiky, Color::WHITE));
    assert_eq!(list.batches.len(), 1);
}
