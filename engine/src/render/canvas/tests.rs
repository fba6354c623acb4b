use bevy_ecs::world::{FromWorld as _, World};

use super::{Canvas, Canvases, Ink, Mix, Sheet, Words, letters, sheet_of};
use crate::color::Color;
use crate::render::{Align, Blend, Picture};

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
    let mut canvases = Canvases::from_world(&mut world);
    let canvas = Canvas { width: 40, height: 30, color: RED };
    let paper = world.spawn(canvas.clone()).id();
    let size = |world: &World| world.get::<Sheet>(paper).map(Sheet::size_px);
    canvases.settle(&mut world);
    assert_eq!(size(&world), Some([40, 30]));
    sheet_of(&mut world, paper).unwrap().line(&[[5.0, 5.0]], wide(BLUE, 6.0));
    world.get_mut::<Canvas>(paper).unwrap().width = 1_000_000;
    world.get_mut::<Canvas>(paper).unwrap().height = -7;
    canvases.settle(&mut world);
    assert_eq!(size(&world), Some([4096, 1]));
    world.entity_mut(paper).insert(canvas);
    let mut sheet = sheet_of(&mut world, paper).unwrap();
    assert_eq!((sheet.size_px(), sheet.picture().pixel(30, 20)), ([40, 30], Some(RED)));
    sheet.clear(BLUE);
    world.entity_mut(paper).remove::<Canvas>();
    canvases.settle(&mut world);
    assert_eq!(size(&world), None);
    assert!(sheet_of(&mut world, paper).is_none());
}

/// A canvas that is given anew has nothing of the one before, also within one step, and is never taken
/// for it.
#[test]
fn another_canvas_begins_anew() {
    let mut world = World::new();
    let canvas = Canvas { width: 40, height: 30, color: RED };
    let paper = world.spawn(canvas.clone()).id();
    sheet_of(&mut world, paper).unwrap().line(&[[5.0, 5.0]], wide(BLUE, 6.0));
    let generation = world.get::<Sheet>(paper).unwrap().generation();
    world.entity_mut(paper).remove::<Canvas>();
    world.entity_mut(paper).insert(canvas);
    let sheet = sheet_of(&mut world, paper).unwrap();
    assert_eq!(count(&sheet, RED), 40 * 30);
    assert_ne!(sheet.generation(), generation);
}

/// What reaches far beyond the canvas lies where it belongs, whatever is cut of it.
#[test]
fn far_points_keep_their_direction() {
    let drawn = |draw: &dyn Fn(&mut Sheet)| {
        let mut drawn = sheet(100, 100);
        draw(&mut drawn);
        drawn
    };
    let is = |sheet: &Sheet, [x, y]: [u32; 2], color: Color| {
        assert_eq!(sheet.picture().pixel(x, y), Some(color), "at {x}, {y}");
    };
    // y = 2x, to the right and from the left.
    for line in
        [[[0.0, 0.0], [1e6, 2e6]], [[-1e9, -2e9], [50.0, 100.0]], [[-1e9, -2e9], [1e7, 2e7]]]
    {
        let line = drawn(&|sheet| sheet.line(&line, wide(RED, 4.0)));
        is(&line, [25, 50], RED);
        is(&line, [10, 20], RED);
        is(&line, [50, 50], Color::WHITE);
        is(&line, [40, 95], Color::WHITE);
    }
    // A roof of 90 degrees that reaches far down to both sides.
    let corners = [[-1e7, 1e7 + 50.0], [50.0, 0.0], [1e7 + 100.0, 1e7 + 50.0]];
    let roof = drawn(&|sheet| sheet.polygon(&corners, wide(RED, 6.0)));
    is(&roof, [30, 20], RED);
    is(&roof, [70, 20], RED);
    is(&roof, [50, 90], Color::WHITE);
    let house = drawn(&|sheet| sheet.polygon(&corners, solid(RED)));
    is(&house, [50, 90], RED);
    is(&house, [10, 20], Color::WHITE);
    is(&house, [90, 20], Color::WHITE);
    // All but the lowest 10 rows.
    let wall = drawn(&|sheet| sheet.rectangle([-1e6, -1e9], [2e6, 1e9 + 90.0], solid(RED)));
    assert_eq!(count(&wall, RED), 100 * 90);
    // A planet whose top is in the middle: 50 px aside its edge is 50² / 2 / 10⁶ px lower.
    let planet = drawn(&|sheet| sheet.circle([50.0, 1e6 + 50.0], 1e6, solid(RED)));
    assert_eq!(count(&planet, RED), 100 * 50);
    let horizon = drawn(&|sheet| sheet.circle([50.0, 1e6 + 50.0], 1e6, wide(RED, 10.0)));
    assert_eq!(count(&horizon, RED), 100 * 10);
    let sky = drawn(&|sheet| sheet.circle([1e3, 50.0], 1e9, solid(RED)));
    assert_eq!(count(&sky, RED), 100 * 100);
    // An image of two halves that meet at 50; its pixels are 73 px wide, and blended with their neighbours.
    let row = [[255, 0, 0, 255].repeat(2048), [0, 0, 255, 255].repeat(2048)].concat();
    let halves = Picture { width: 4096, height: 1, rgba: row };
    let (left, width) = (50.0 - 2048.0 * 73.0, 4096.0 * 73.0);
    let image = drawn(&|sheet| {
        sheet.image(&halves, [left, -3e5], [width, 6e5], Mix::Blend(Blend::Alpha));
    });
    is(&image, [10, 50], RED);
    is(&image, [90, 50], BLUE);
    // Nothing of these is seen, and nobody minds.
    for far in [f64::INFINITY, 1e300, f64::NEG_INFINITY] {
        let far = drawn(&|sheet| {
            sheet.line(&[[far, far], [far, -far], [far, 0.0]], wide(RED, 2.0));
            sheet.circle([far, far], 2.0, solid(RED));
        });
        assert_eq!(count(&far, RED), 0);
    }
}

/// What was saved is what is loaded, transparency too; beside it is one colour.
#[test]
fn a_loaded_picture_takes_the_place_of_all() {
    let (mut old, mut new) = (sheet(20, 10), sheet(30, 10));
    old.circle([8.0, 5.0], 3.0, Ink { mix: Mix::Erase, ..solid(RED) });
    new.line(&[[0.0, 0.0], [30.0, 10.0]], wide(RED, 5.0));
    new.load(&old.picture(), BLUE);
    for y in 0..10 {
        for x in 0..30 {
            let wanted = old.picture().pixel(x, y).unwrap_or(BLUE);
            assert_eq!(new.picture().pixel(x, y), Some(wanted), "at {x}, {y}");
        }
    }
    assert_eq!(new.picture().pixel(8, 5), Some(Color { r: 0, g: 0, b: 0, a: 0 }));
}

/// Words stand where they are asked to, and say how large they are; all of them is told as changed.
#[test]
fn words_are_written() {
    let mut world = World::new();
    let hack = |text| Words {
        text,
        font: "",
        size: 20.0,
        bold: false,
        italic: false,
        align: Align::Left,
        wrap: 0.0,
        line_spacing: 1.0,
    };
    let mut written = |words: Words<'_>, at| {
        let letters = letters(&mut world, words, at).unwrap();
        let mut drawn = sheet(200, 100);
        drawn.write(&letters, RED, Mix::Blend(Blend::Alpha));
        let inked = |(place, pixel): (usize, &[u8])| {
            (pixel != [255; 4]).then_some([place % 200, place / 200])
        };
        let inked: Vec<_> = drawn.picture().rgba.chunks(4).enumerate().filter_map(inked).collect();
        let side = |axis: usize| {
            let at = || inked.iter().map(|at| at[axis]);
            [at().min().unwrap_or(0), at().max().unwrap_or(0)]
        };
        let told: Vec<_> = drawn.changed_since(0).unwrap().collect();
        for [x, y] in &inked {
            let at = [*x as f64, *y as f64];
            assert!(told.iter().any(|part| part.contains(at)), "{at:?} of {told:?}");
        }
        (letters.size_px, side(0), side(1), inked.len())
    };
    // Hack's letters are 0.602 of their size wide, and its lines 1.164 high.
    let (size, [left, right], [top, bottom], ink) = written(hack("HHH"), [10.0, 30.0]);
    assert!((size[0] - 36.12).abs() < 0.1 && (size[1] - 23.28).abs() < 0.1, "{size:?}");
    assert!(left >= 10 && right < 47 && top >= 30 && bottom < 54, "{left} {right} {top} {bottom}");
    assert!(right - left > 30 && bottom - top > 12 && ink > 100);
    let (_, [left, right], ..) =
        written(Words { align: Align::Right, ..hack("HHH") }, [100.0, 30.0]);
    assert!(left > 62 && right <= 100, "{left} {right}");
    let (size, _, [_, bottom], _) =
        written(Words { wrap: 40.0, line_spacing: 2.0, ..hack("HHH HHH") }, [0.0, 0.0]);
    assert!((size[1] - 3.0 * 23.28).abs() < 0.2 && bottom > 50, "{size:?}");
    let (_, _, _, bold) = written(Words { bold: true, ..hack("HHH") }, [10.0, 30.0]);
    assert!(bold > ink, "{bold} and {ink}");
    let (size, _, _, ink) = written(hack(""), [10.0, 30.0]);
    assert_eq!((size[0], ink), (0.0, 0));
    let unknown = Words { font: "Hakc", ..hack("H") };
    for _ in 0..2 {
        let refusal = letters(&mut world, unknown, [0.0; 2]).unwrap_err();
        assert!(refusal.contains("did you mean `Hack`"), "{refusal}");
    }
}
