use bevy_ecs::world::World;

use super::{Canvas, Canvases, Ink, Mix, Sheet, settle, sheet_of};
use crate::color::Color;
use crate::render::{Blend, Picture};

const RED: Color = Color::rgb(255, 0, 0);
const BLUE: Color = Color::rgb(0, 0, 255);

fn sheet(width: u32, height: u32) -> Sheet {
    Sheet::new([width, height], Color::WHITE, None)
}

fn solid(color: Color) -> Ink {
    Ink { color, width: None, mix: Mix::Blend(Blend::Alpha) }
}

fn wide(color: Color, width: f64) -> Ink {
    Ink { width: Some(width), ..solid(color) }
}

/// How many pixels are exactly of a colour.
fn count(sheet: &Sheet, color: Color) -> usize {
    let Color { r, g, b, a } = color;
    sheet.picture().rgba.chunks(4).filter(|pixel| *pixel == [r, g, b, a]).count()
}

/// A rectangle covers its pixels, a circle πr² of them, a line its length times its width and the half
/// circles of its ends, a dot a circle.
#[test]
fn what_is_drawn_has_its_area() {
    let mut drawn = sheet(200, 200);
    drawn.rectangle([10.0, 20.0], [30.0, 40.0], solid(RED));
    assert_eq!(count(&drawn, RED), 30 * 40);
    assert_eq!(drawn.picture().pixel(39, 59), Some(RED));
    assert_eq!(drawn.picture().pixel(40, 59), Some(Color::WHITE));
    let area = |draw: &dyn Fn(&mut Sheet)| {
        let mut drawn = Sheet::new([200, 200], Color { a: 0, ..RED }, None);
        draw(&mut drawn);
        let opacity = drawn.picture().rgba.chunks(4).map(|pixel| f64::from(pixel[3])).sum::<f64>();
        opacity / 255.0
    };
    let is_near = |area: f64, wanted: f64| (area / wanted - 1.0).abs() < 0.01;
    let pi = std::f64::consts::PI;
    assert!(is_near(area(&|s| s.circle([100.0, 100.0], 50.0, solid(RED))), pi * 2500.0));
    let ring = area(&|s| s.circle([100.0, 100.0], 50.0, wide(RED, 4.0)));
    assert!(is_near(ring, pi * 2.0 * 50.0 * 4.0));
    let line = area(&|s| s.line(&[[40.0, 100.0], [140.0, 100.0]], wide(RED, 10.0)));
    assert!(is_near(line, 1000.0 + pi * 25.0));
    assert!(is_near(area(&|s| s.line(&[[100.0; 2]], wide(RED, 60.0))), pi * 900.0));
    assert!(area(&|s| s.line(&[[40.0, 100.0], [140.0, 100.0]], wide(RED, 0.0))) == 0.0);
    let corners = [[20.0, 20.0], [120.0, 20.0], [20.0, 120.0]];
    assert!(is_near(area(&|s| s.polygon(&corners, solid(RED))), 5000.0));
}

/// Erasing leaves transparency; what is added gets lighter, and what is multiplied darker.
#[test]
fn colors_are_mixed_as_asked() {
    let at = |sheet: &Sheet| sheet.picture().pixel(5, 5).unwrap();
    let with = |mix: Mix, color: Color| {
        let mut drawn = Sheet::new([10, 10], Color::rgb(100, 100, 0), None);
        drawn.rectangle([0.0; 2], [10.0; 2], Ink { color, width: None, mix });
        at(&drawn)
    };
    assert_eq!(with(Mix::Erase, Color::WHITE).a, 0);
    assert_eq!(with(Mix::Blend(Blend::Add), Color::rgb(50, 200, 9)), Color::rgb(150, 255, 9));
    assert_eq!(with(Mix::Blend(Blend::Multiply), Color::rgb(255, 0, 9)), Color::rgb(100, 0, 0));
    let half = with(Mix::Blend(Blend::Alpha), Color { a: 128, ..BLUE });
    assert!(half.r.abs_diff(50) <= 1 && half.b.abs_diff(128) <= 1, "{half}");
}

/// The bucket fills what is connected and like the pixel that it is poured on, and nothing else.
#[test]
fn filling_stops_at_what_is_different() {
    let mut drawn = sheet(20, 20);
    // A frame with a gap at its right, and a wall from edge to edge.
    drawn.rectangle([2.0, 2.0], [10.0, 10.0], solid(RED));
    drawn.rectangle([4.0, 4.0], [6.0, 6.0], solid(Color::WHITE));
    drawn.rectangle([10.0, 6.0], [2.0, 1.0], solid(Color::WHITE));
    drawn.rectangle([0.0, 15.0], [20.0, 1.0], solid(RED));
    let red = count(&drawn, RED);
    drawn.fill([5.5, 5.5], BLUE, 0);
    assert_eq!(count(&drawn, BLUE), 20 * 15 - (100 - 36 - 2));
    assert_eq!(count(&drawn, RED), red);
    assert_eq!(drawn.picture().pixel(19, 19), Some(Color::WHITE));
    drawn.fill([-1.0, 5.0], RED, 0);
    drawn.fill([f64::NAN, 5.0], RED, 0);
    assert_eq!(count(&drawn, RED), red);
    drawn.fill([0.0, 0.0], RED, 255);
    assert_eq!(count(&drawn, RED), 400);
}

/// What is remembered is what was there, bit by bit; a picture of another size is refused.
#[test]
fn a_sheet_becomes_what_it_was() {
    let mut drawn = sheet(30, 20);
    drawn.circle([15.0, 10.0], 7.3, solid(Color { a: 90, ..RED }));
    let before = drawn.bytes().to_vec();
    drawn.clear(BLUE);
    drawn.restore(&before).unwrap();
    assert_eq!(drawn.bytes(), before);
    drawn.restore(&[255, 9, 0, 100].repeat(600)).unwrap();
    assert_eq!(drawn.bytes()[..4], [100, 9, 0, 100]);
    let error = drawn.restore(&before[4..]).unwrap_err().to_string();
    assert_eq!(error, "2396 bytes are no picture of 30 × 20 px, which has 2400");
    drawn.restore(&before).unwrap();
    let picture = drawn.picture();
    drawn.set_rgba(&picture.rgba).unwrap();
    assert_eq!(drawn.picture(), picture);
}

/// A display that knows the changes has the whole: all pixels that differ lie in what is told of.
#[test]
fn what_has_changed_is_told() {
    let mut drawn = sheet(100, 100);
    let before = drawn.clone();
    drawn.line(&[[-50.0, 30.0], [60.0, 40.0]], wide(RED, 5.0));
    drawn.fill([80.0, 80.0], BLUE, 0);
    let picture = Picture { width: 3, height: 3, rgba: vec![9; 36] };
    drawn.image(&picture, [90.2, 2.0], [30.0, 10.0], Mix::Blend(Blend::Alpha));
    drawn.circle([1e9, f64::INFINITY], 3.0, solid(RED));
    let parts: Vec<_> = drawn.changed_since(before.changes()).unwrap().collect();
    assert_eq!(parts.len(), 3);
    let (old, new) = (before.picture(), drawn.picture());
    for y in 0..100 {
        for x in 0..100 {
            let told = parts.iter().any(|part| part.contains([x.into(), y.into()]));
            assert!(told || old.pixel(x, y) == new.pixel(x, y), "at {x}, {y}");
        }
    }
    assert_eq!(drawn.changed_since(3).unwrap().count(), 0);
    for _ in 0..1000 {
        drawn.line(&[[5.0, 5.0]], wide(RED, 2.0));
    }
    assert!(drawn.changed_since(3).is_none() && drawn.changed_since(1000).is_some());
}

/// Pixels come with the canvas and go with it; another size keeps what has room.
#[test]
fn sheets_follow_their_canvases() {
    let mut world = World::new();
    world.init_resource::<Canvases>();
    let canvas = Canvas { width: 40, height: 30, color: RED };
    let paper = world.spawn(canvas.clone()).id();
    let size = |world: &World| world.get::<Sheet>(paper).map(Sheet::size_px);
    settle(&mut world);
    assert_eq!(size(&world), Some([40, 30]));
    sheet_of(&mut world, paper).unwrap().line(&[[5.0, 5.0]], wide(BLUE, 6.0));
    world.get_mut::<Canvas>(paper).unwrap().width = 1_000_000;
    world.get_mut::<Canvas>(paper).unwrap().height = -7;
    settle(&mut world);
    assert_eq!(size(&world), Some([4096, 1]));
    world.entity_mut(paper).insert(canvas);
    let mut sheet = sheet_of(&mut world, paper).unwrap();
    assert_eq!((sheet.size_px(), sheet.picture().pixel(30, 20)), ([40, 30], Some(RED)));
    sheet.clear(BLUE);
    world.entity_mut(paper).remove::<Canvas>();
    settle(&mut world);
    assert_eq!(size(&world), None);
    assert!(sheet_of(&mut world, paper).is_none());
}
