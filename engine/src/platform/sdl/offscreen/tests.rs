use std::f64::consts::FRAC_PI_4;

use bevy_ecs::bundle::Bundle;
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::OffscreenDisplay;
use crate::color::Color;
use crate::machine::Machine;
use crate::motion::Transform;
use crate::process::{self, NewProcess};
use crate::render::{
    Align, Blend, Camera, Canvas, Display, ImageFolder, Ink, Label, Mix, Picture, Renderer, Shape,
    Sprite, Target, Window, sheet_of,
};

const BACKGROUND: Color = Color::rgb(10, 20, 30);
const RED: Color = Color::rgb(255, 0, 0);
const GREEN: Color = Color::rgb(0, 255, 0);

/// A world with a window of 100 × 80 px.
fn world() -> World {
    let mut world = World::new();
    let window = Window { width: 100, height: 80, background: BACKGROUND, ..Window::default() };
    world.insert_resource(window);
    world
}

fn at(x: f64, y: f64) -> Transform {
    Transform { x, y, ..Transform::default() }
}

fn picture(world: &mut World) -> Picture {
    let mut renderer = Renderer::new(world);
    OffscreenDisplay::default().picture(&renderer.draw(world)).unwrap()
}

#[track_caller]
fn assert_pixels(picture: &Picture, expected: &[(u32, u32, Color)]) {
    for (x, y, color) in expected {
        assert_eq!(picture.pixel(*x, *y), Some(*color), "at {x}, {y}");
    }
}

/// Every pixel of an empty scene is the background, and the picture has the window's size.
#[test]
fn an_empty_scene_is_background() {
    let picture = picture(&mut world());
    assert_eq!((picture.width, picture.height, picture.rgba.len()), (100, 80, 4 * 100 * 80));
    assert!(picture.rgba.chunks(4).all(|pixel| pixel == [10, 20, 30, 255]));
}

/// A rectangle of 20 × 10 px about (50, 40) colours the pixels from 40 to 59 and from 35 to 44.
#[test]
fn a_rectangle_colors_exactly_its_pixels() {
    let mut world = world();
    world.spawn((at(50.0, 40.0), Shape::rectangle(20.0, 10.0, RED)));
    let picture = picture(&mut world);
    for y in 0..80 {
        for x in 0..100 {
            let inside = (40..60).contains(&x) && (35..45).contains(&y);
            let expected = if inside { RED } else { BACKGROUND };
            assert_eq!(picture.pixel(x, y), Some(expected), "at {x}, {y}");
        }
    }
}

/// Circles, small and large, are solid inside, gone outside, and soft between.
#[test]
fn a_circle_is_round_and_soft_at_its_edge() {
    for radius in [12.0_f64, 38.0] {
        let mut world = world();
        world.spawn((at(50.0, 40.0), Shape::circle(radius, RED)));
        let picture = picture(&mut world);
        let mut between = 0;
        for y in 0..80 {
            for x in 0..100 {
                let distance = (f64::from(x) + 0.5 - 50.0).hypot(f64::from(y) + 0.5 - 40.0);
                let pixel = picture.pixel(x, y).unwrap();
                if distance < radius - 0.8 {
                    assert_eq!(pixel, RED, "at {x}, {y}");
                } else if distance > radius + 0.8 {
                    assert_eq!(pixel, BACKGROUND, "at {x}, {y}");
                } else if pixel != RED && pixel != BACKGROUND {
                    between += 1;
                }
            }
        }
        assert!(between > radius as u32 * 2, "only {between} soft pixels at radius {radius}");
    }
}

/// Triangles: a square turned by 45 degrees is a diamond.
#[test]
fn a_turned_square_is_a_diamond() {
    let mut world = world();
    let turned = Transform { rotation: FRAC_PI_4, ..at(50.0, 40.0) };
    world.spawn((turned, Shape::rectangle(40.0, 40.0, RED)));
    let picture = picture(&mut world);
    // Its corners lie 28.3 px from the centre, the middle of its sides 20 px on the diagonals.
    assert_pixels(
        &picture,
        &[
            (50, 40, RED),
            (50, 15, RED),
            (24, 40, RED),
            (76, 40, RED),
            (50, 9, BACKGROUND),
            (19, 40, BACKGROUND),
            (30, 20, BACKGROUND),
            (69, 60, BACKGROUND),
        ],
    );
}

/// Higher layers hide lower ones, and what is translucent lets half of it through.
#[test]
fn layers_hide_and_translucency_mixes() {
    let mut world = world();
    world.spawn((at(30.0, 40.0), Shape { layer: 1, ..Shape::rectangle(20.0, 20.0, GREEN) }));
    world.spawn((at(40.0, 40.0), Shape::rectangle(20.0, 20.0, RED)));
    let half = Color { a: 128, ..Color::WHITE };
    world.spawn((at(40.0, 46.0), Shape { layer: 2, ..Shape::rectangle(4.0, 4.0, half) }));
    let picture = picture(&mut world);
    assert_pixels(&picture, &[(39, 40, GREEN), (40, 40, RED), (49, 40, RED), (20, 40, GREEN)]);
    let mixed = picture.pixel(41, 46).unwrap();
    assert!(mixed.r == 255 && mixed.g.abs_diff(128) <= 1 && mixed.b.abs_diff(128) <= 1, "{mixed}");
}

/// A sprite whose file is missing is a checkerboard of 8 px squares, its tint multiplied in.
#[test]
fn a_missing_image_is_seen() {
    let mut world = world();
    let sprite = Sprite { image: "no/such.png".into(), ..Sprite::default() };
    world.spawn((at(20.0, 20.0), sprite.clone()));
    world.spawn((at(60.0, 20.0), Sprite { flip_x: true, ..sprite.clone() }));
    world.spawn((at(20.0, 60.0), Sprite { width: 8.0, height: 8.0, tint: RED, ..sprite }));
    let picture = picture(&mut world);
    let (magenta, black) = (Color::rgb(255, 0, 255), Color::rgb(0, 0, 0));
    assert_pixels(
        &picture,
        &[
            (4, 4, magenta),
            (11, 11, magenta),
            (12, 4, black),
            (35, 35, magenta),
            (36, 36, BACKGROUND),
            (44, 4, black),
            (75, 4, magenta),
            (16, 56, RED),
        ],
    );
}

/// Text is in its colour, on its place, and nowhere else.
#[test]
fn text_is_seen_in_its_color() {
    let mut world = world();
    let label = Label {
        text: "I|".into(),
        size: 40.0,
        color: GREEN,
        align: Align::Left,
        ..Label::default()
    };
    world.spawn((at(10.0, 40.0), label));
    let picture = picture(&mut world);
    let width = 2.0 * 40.0 * 1233.0 / 2048.0;
    let mut solid = 0;
    for y in 0..80 {
        for x in 0..100 {
            let pixel = picture.pixel(x, y).unwrap();
            // SDL rounds what is hardly covered at all a little off.
            if pixel.g > BACKGROUND.g + 2 {
                assert!(f64::from(x) > 9.0 && f64::from(x) < 11.0 + width, "ink at {x}, {y}");
                assert!((15..65).contains(&y), "ink at {x}, {y}");
                assert!(pixel.r <= BACKGROUND.r && pixel.b <= BACKGROUND.b, "{pixel} at {x}, {y}");
                solid += u32::from(pixel == GREEN);
            } else {
                assert!(pixel.r.abs_diff(10) <= 2 && pixel.b.abs_diff(30) <= 2, "{pixel}");
            }
        }
    }
    assert!(solid > 60, "only {solid} solid pixels");
}

/// What is not a number, or beyond all measure, leaves the rest of the picture alone: something stands
/// where it should be, as far as that is known.
#[test]
fn nonsense_is_harmless() {
    let mut world = world();
    let nan = f64::NAN;
    for place in [at(nan, nan), at(f64::INFINITY, 0.0), at(1e300, -1e300)] {
        world.spawn((place.clone(), Shape::circle(1e12, RED)));
        world.spawn((place.clone(), Sprite { image: "none".into(), ..Sprite::default() }));
        world.spawn((place, Label { text: "word".into(), size: 1e9, ..Label::default() }));
    }
    world.spawn((at(50.0, 40.0), Shape::rectangle(0.0, 0.0, RED)));
    world.spawn((at(50.0, 40.0), Label { text: "word".into(), size: nan, ..Label::default() }));
    let turned = Transform { rotation: 0.5, ..at(50.0, 40.0) };
    world.spawn((turned, Shape { layer: -1, ..Shape::rectangle(1e300, 1e300, GREEN) }));
    let picture = picture(&mut world);
    for y in 0..80 {
        for x in 0..100 {
            let in_square = |left: u32, top: u32| {
                (left..left + 16).contains(&x) && (top..top + 16).contains(&(y + 8))
            };
            let expected = picture.pixel(x, y) == Some(GREEN);
            assert_eq!(!expected, in_square(42, 40) || in_square(42, 0), "at {x}, {y}");
        }
    }
}

/// One display draws one frame after another, also when window, texts and images change.
#[test]
fn frames_follow_the_world() {
    let mut world = world();
    let entity = world.spawn((at(50.0, 40.0), Shape::circle(20.0, RED))).id();
    let (mut renderer, mut display) = (Renderer::new(&mut world), OffscreenDisplay::default());
    let first = display.picture(&renderer.draw(&world)).unwrap();
    assert_pixels(&first, &[(50, 40, RED)]);
    world.get_mut::<Transform>(entity).unwrap().x = 20.0;
    world.get_mut::<Shape>(entity).unwrap().radius = 11.0;
    let second = display.picture(&renderer.draw(&world)).unwrap();
    assert_pixels(&second, &[(50, 40, BACKGROUND), (20, 40, RED)]);
    world.resource_mut::<Window>().width = 30;
    let third = display.picture(&renderer.draw(&world)).unwrap();
    assert_eq!((third.width, third.height), (30, 80));
}

/// An image that is saved while it is shown is seen as it is now, smooth or not, also in another size.
#[test]
fn a_saved_image_is_seen_anew() {
    let folder = std::env::temp_dir().join(format!("metapython-seen-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.canonicalize().unwrap().join("a.png");
    let paint = |side: u32, color: [u8; 4]| {
        image::RgbaImage::from_pixel(side, side, image::Rgba(color)).save(&file).unwrap();
    };
    let mut world = world();
    world.insert_resource(ImageFolder(folder.clone()));
    for (x, smooth) in [(20.0, true), (60.0, false)] {
        world.spawn((at(x, 40.0), Sprite { image: "a.png".into(), smooth, ..Sprite::default() }));
    }
    let (mut renderer, mut display) = (Renderer::new(&mut world), OffscreenDisplay::default());
    paint(8, [255, 0, 0, 255]);
    let small = display.picture(&renderer.draw(&world)).unwrap();
    assert_pixels(&small, &[(20, 40, RED), (60, 40, RED), (30, 40, BACKGROUND)]);
    paint(30, [0, 255, 0, 255]);
    renderer.images.reload(&[file]);
    let large = display.picture(&renderer.draw(&world)).unwrap();
    assert_pixels(&large, &[(20, 40, GREEN), (60, 40, GREEN), (30, 40, GREEN), (70, 40, GREEN)]);
    std::fs::remove_dir_all(folder).unwrap();
}

/// When the atlas was full and begins anew, a picture is the same as from a new renderer.
#[test]
fn a_new_atlas_changes_nothing_that_is_seen() {
    let mut world = world();
    let circle = world.spawn((at(50.0, 40.0), Shape::circle(1.0, RED))).id();
    let label = Label { text: "abc".into(), layer: 1, color: GREEN, ..Label::default() };
    world.spawn((at(50.0, 40.0), label));
    let ball = Shape { layer: 1, ..Shape::circle(5.0, GREEN) };
    world.spawn((at(20.0, 20.0), ball));
    let (mut renderer, mut display) = (Renderer::new(&mut world), OffscreenDisplay::default());
    let mut renewals = 0;
    for radius in 230..250 {
        world.get_mut::<Shape>(circle).unwrap().radius = f64::from(radius);
        let frame = renderer.draw(&world);
        let seen = display.picture(&frame).unwrap();
        if frame.atlas.generation() > renewals {
            renewals = frame.atlas.generation();
            assert!(seen == picture(&mut world), "the picture differs at radius {radius}");
        }
    }
    assert!(renewals > 0, "the atlas was never full");
}

/// An image from a file has its own colours, and its transparent parts let the scene through.
#[test]
fn an_image_has_its_own_colors() {
    let orange = Color::rgb(255, 165, 0);
    let mut rgba = [255, 165, 0, 255].repeat(8);
    rgba[28..].copy_from_slice(&[255, 255, 255, 0]);
    let file = std::env::temp_dir().join(format!("metapython-orange-{}.png", std::process::id()));
    Picture { width: 4, height: 2, rgba }.save_png(&file).unwrap();
    let mut world = world();
    let sprite = Sprite { image: file.to_string_lossy().into(), ..Sprite::default() };
    world.spawn((at(50.0, 40.0), sprite.clone()));
    world.spawn((at(20.0, 40.0), Sprite { flip_x: true, flip_y: true, ..sprite }));
    let picture = picture(&mut world);
    std::fs::remove_file(&file).unwrap();
    assert_pixels(&picture, &[(48, 39, orange), (50, 40, orange), (51, 40, BACKGROUND)]);
    assert_pixels(&picture, &[(18, 39, BACKGROUND), (19, 39, orange), (21, 40, orange)]);
}

/// A process of a machine, with components.
fn spawn(machine: &mut Machine, name: &str, components: impl Bundle) -> Entity {
    let process = process::spawn(machine.world_mut(), &NewProcess::of(name)).unwrap();
    machine.world_mut().entity_mut(process).insert(components);
    process
}

/// A target shows what its camera sees, under the sprite that shows it there; one that shows itself
/// shows what it was a picture before, and so does a picture in a picture.
#[test]
fn a_target_is_seen_in_the_scene_and_in_itself() {
    let mut machine = Machine::builder().build();
    machine.world_mut().insert_resource(Window { background: BACKGROUND, ..Window::default() });
    let target = Target { width: 40, height: 40, background: GREEN, ..Target::default() };
    let eye = Camera { target: "Map".into(), first_layer: 5, last_layer: 5, ..Camera::default() };
    spawn(&mut machine, "Map", (at(0.0, 0.0), target, eye));
    let show = Sprite { image: "target:Map".into(), smooth: false, ..Sprite::default() };
    spawn(&mut machine, "Screen", (at(100.0, 100.0), show.clone()));
    spawn(
        &mut machine,
        "Dot",
        (at(-10.0, 0.0), Shape { layer: 5, ..Shape::rectangle(10.0, 10.0, RED) }),
    );
    // In the target at 10 px from its right edge, half as large.
    let inner = Sprite { layer: 5, width: 20.0, height: 20.0, ..show };
    spawn(&mut machine, "Inner", (at(10.0, 0.0), inner));
    let world = machine.world_mut();
    let (mut renderer, mut display) = (Renderer::new(world), OffscreenDisplay::default());
    // The target's left and top are at 80 px.
    let first = display.picture(&renderer.draw(world)).unwrap();
    assert_pixels(&first, &[(79, 100, BACKGROUND), (82, 82, GREEN), (90, 100, RED)]);
    assert_pixels(&first, &[(110, 100, GREEN), (119, 119, GREEN), (120, 100, BACKGROUND)]);
    let second = display.picture(&renderer.draw(world)).unwrap();
    // Its left and top are at 100 and 90 px in the picture, and its dot at 105 and 100.
    assert_pixels(&second, &[(90, 100, RED), (105, 100, RED), (112, 100, GREEN)]);
    assert_eq!(display.take_notes(), [""; 0]);
}

/// A canvas is seen as it is drawn on, from picture to picture: what a display has of it is what a new
/// one gets.
#[test]
fn a_canvas_is_seen_as_it_changes() {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    let canvas = Canvas { width: 60, height: 40, color: GREEN };
    let show = Sprite { image: "canvas:".into(), ..Sprite::default() };
    let paper = world.spawn((at(50.0, 40.0), canvas, show)).id();
    let (mut renderer, mut display) = (Renderer::new(world), OffscreenDisplay::default());
    let ink = |color| Ink { color, width: Some(6.0), mix: Mix::Blend(Blend::Alpha) };
    let mut expected = GREEN;
    for (step, color) in [RED, Color::WHITE, Color { a: 0, ..RED }].into_iter().enumerate() {
        let mut sheet = sheet_of(world, paper).unwrap();
        match step {
            2 => sheet.clear(color),
            step => sheet.line(&[[5.0, 20.0], [15.0 + 10.0 * step as f64, 20.0]], ink(color)),
        }
        let seen = display.picture(&renderer.draw(world)).unwrap();
        assert!(seen == picture(world), "the picture of step {step} differs");
        assert_ne!(seen.pixel(30, 40), Some(expected));
        expected = seen.pixel(30, 40).unwrap();
    }
}

/// Of canvases and targets that are no more, nothing is kept; of those that are out of sight, all is.
#[test]
fn what_is_gone_leaves_no_texture() {
    let mut machine = Machine::builder().build();
    let canvas = Canvas { width: 60, height: 40, color: GREEN };
    let show = Sprite { image: "canvas:Paper".into(), ..Sprite::default() };
    let rough = Sprite { smooth: false, ..show.clone() };
    let paper = spawn(&mut machine, "Paper", (at(50.0, 40.0), canvas, show));
    let other = spawn(&mut machine, "Rough", (at(50.0, 90.0), rough));
    let target = Target { width: 40, height: 40, ..Target::default() };
    let eye = Camera { target: "Map".into(), ..Camera::default() };
    let map = spawn(&mut machine, "Map", (at(0.0, 0.0), target, eye));
    let screen = Sprite { image: "target:Map".into(), ..Sprite::default() };
    spawn(&mut machine, "Screen", (at(200.0, 100.0), screen));
    let world = machine.world_mut();
    sheet_of(world, paper).unwrap();
    let (mut renderer, mut display) = (Renderer::new(world), OffscreenDisplay::default());
    let mut kept = |world: &World| {
        display.picture(&renderer.draw(world)).unwrap();
        display.drawing.as_ref().map(|drawing| drawing.painter.copy_count())
    };
    // The canvas as a smooth one and as another.
    assert_eq!(kept(world), Some(3));
    world.despawn(other);
    assert_eq!(kept(world), Some(3));
    world.despawn(paper);
    assert_eq!(kept(world), Some(1));
    world.entity_mut(map).remove::<Target>();
    assert_eq!(kept(world), Some(0));
}

/// What is larger than the renderer takes is shown less finely, where it was, and told of once.
#[test]
fn what_is_too_large_for_the_renderer_is_shown_less_finely() {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    // Four squares of 80 px, each of one colour.
    let colors = [RED, GREEN, Color::WHITE, Color::BLACK];
    let pixel = |index: usize| {
        let Color { r, g, b, a } = colors[index % 160 / 80 + 2 * (index / 160 / 80)];
        [r, g, b, a]
    };
    let rgba = (0..160 * 160).flat_map(pixel).collect();
    let file = std::env::temp_dir().join(format!("metapython-large-{}.png", std::process::id()));
    Picture { width: 160, height: 160, rgba }.save_png(&file).unwrap();
    let image = file.to_string_lossy().into_owned();
    world.spawn((at(100.0, 100.0), Sprite { image: image.clone(), ..Sprite::default() }));
    let cell = Sprite { image: image.clone(), columns: 2, rows: 2, cell: 1, ..Sprite::default() };
    world.spawn((at(300.0, 100.0), cell));
    let canvas = Canvas { width: 100, height: 10, color: RED };
    let show = Sprite { image: "canvas:".into(), ..Sprite::default() };
    let paper = spawn(&mut machine, "Paper", (at(450.0, 300.0), canvas, show));
    let world = machine.world_mut();
    sheet_of(world, paper).unwrap();
    let mut renderer = Renderer::new(world);
    let mut display = OffscreenDisplay::with_max_texture(64);
    // The atlas is none of the things that can be made smaller, and nothing needs it here.
    let seen = display.picture(&renderer.draw(world)).unwrap();
    assert_pixels(&seen, &[(60, 60, RED), (140, 60, GREEN), (60, 140, Color::WHITE)]);
    assert_pixels(&seen, &[(140, 140, Color::BLACK), (300, 100, GREEN), (420, 300, RED)]);
    let notes = display.take_notes();
    assert_eq!(notes.len(), 2, "{notes:?}");
    // A process comes before what is none.
    assert!(notes[1].contains(&format!("the image {image} has 160 × 160 px, and ")), "{notes:?}");
    assert!(notes[0].contains("the Canvas of Paper has 100 × 10 px, and "), "{notes:?}");
    sheet_of(world, paper).unwrap().clear(GREEN);
    let seen = display.picture(&renderer.draw(world)).unwrap();
    assert_pixels(&seen, &[(420, 300, GREEN)]);
    assert_eq!(display.take_notes(), [""; 0]);
    std::fs::remove_file(file).unwrap();
}
