//! Everything that can be drawn, in one picture: `cargo run --example gallery -- gallery.png`.

use std::error::Error;
use std::f64::consts::TAU;
use std::path::PathBuf;

use bevy_ecs::world::World;
use metapython_engine::color::Color;
use metapython_engine::motion::Transform;
use metapython_engine::platform::sdl::OffscreenDisplay;
use metapython_engine::render::{
    Align, Display, Label, Renderer, Shape, ShapeKind, Sprite, Window,
};

fn main() -> Result<(), Box<dyn Error>> {
    let path: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| "gallery.png".into()).into();
    let mut world = World::new();
    world.insert_resource(Window { width: 800, height: 600, ..Window::default() });
    shapes(&mut world);
    texts(&mut world);
    sprites(&mut world);
    let mut renderer = Renderer::new(&mut world);
    let picture = OffscreenDisplay::default().picture(&renderer.draw(&world))?;
    for error in renderer.images.take_errors() {
        eprintln!("{error}");
    }
    picture.save_png(&path)?;
    Ok(())
}

/// Each kind filled, outlined and turned, a column each.
fn shapes(world: &mut World) {
    let star = (0..10)
        .map(|corner| {
            let (sin, cos) = (f64::from(corner) * TAU / 10.0).sin_cos();
            let radius = if corner % 2 == 0 { 36.0 } else { 15.0 };
            [radius * sin, -radius * cos]
        })
        .collect();
    let zigzag = vec![[-36.0, 20.0], [-18.0, -20.0], [0.0, 20.0], [18.0, -20.0], [36.0, 20.0]];
    let kinds = [
        Shape::rectangle(64.0, 40.0, color("orange")),
        Shape::circle(30.0, color("tomato")),
        Shape::polygon(star, color("gold")),
        Shape { width: 72.0, ..Shape::line(vec![], 4.0, color("deepskyblue")) },
        Shape::line(zigzag, 5.0, color("violet")),
    ];
    for (column, shape) in (0..).map(f64::from).zip(kinds) {
        let x = 60.0 + 90.0 * column;
        let outline = if shape.kind == ShapeKind::Line { 1.0 } else { 3.0 };
        world.spawn((at(x, 50.0), shape.clone()));
        world.spawn((at(x, 140.0), Shape { outline, ..shape.clone() }));
        world.spawn((Transform { rotation: 0.4, ..at(x, 230.0) }, shape.clone()));
        world.spawn((
            Transform { rotation: 0.4, scale: 0.6, ..at(x, 310.0) },
            Shape { outline, ..shape },
        ));
    }
    for (number, radius) in (0..).map(f64::from).zip([0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 16.0]) {
        let x = 20.0 + number * 30.0 + radius;
        world.spawn((at(x, 360.0), Shape::circle(radius, Color::WHITE)));
        let outline = 1.0;
        world.spawn((at(x, 395.0), Shape { outline, ..Shape::circle(radius, Color::WHITE) }));
    }
    let glass = Color { a: 96, ..color("deepskyblue") };
    world.spawn((at(330.0, 380.0), Shape::circle(30.0, glass)));
    world.spawn((at(355.0, 380.0), Shape::rectangle(40.0, 40.0, glass)));
    world.spawn((at(700.0, 90.0), Shape::circle(80.0, color("seagreen"))));
    world.spawn((at(700.0, 90.0), Shape { outline: 6.0, ..Shape::circle(70.0, Color::WHITE) }));
}

fn texts(world: &mut World) {
    let mut y = 430.0;
    for size in [8.0, 10.0, 12.0, 14.0, 16.0, 20.0, 24.0] {
        let text = format!("{size} px: Sphinx of black quartz, judge my vow 0123 äöüß");
        world.spawn((at(12.0, y), label(&text, size, Align::Left)));
        y += size * 1.3 + 2.0;
    }
    let turned = Transform { rotation: -0.5, ..at(690.0, 250.0) };
    world.spawn((turned, label("turned by half\na radian", 18.0, Align::Center)));
    world.spawn((at(790.0, 330.0), label("right\naligned, in\nthree lines", 14.0, Align::Right)));
    world.spawn((at(560.0, 330.0), label("no glyph:\u{1f600}", 18.0, Align::Center)));
    world.spawn((at(690.0, 440.0), label("Big", 100.0, Align::Center)));
}

fn sprites(world: &mut World) {
    let missing = Sprite { image: "missing.png".into(), ..Sprite::default() };
    world.spawn((at(560.0, 50.0), missing.clone()));
    world.spawn((at(560.0, 120.0), Sprite { width: 64.0, height: 64.0, ..missing.clone() }));
    let tint = color("orange");
    world.spawn((Transform { rotation: 0.5, ..at(560.0, 220.0) }, Sprite { tint, ..missing }));
}

fn at(x: f64, y: f64) -> Transform {
    Transform { x, y, ..Transform::default() }
}

fn color(name: &str) -> Color {
    Color::parse(name).unwrap_or(Color::WHITE)
}

fn label(text: &str, size: f64, align: Align) -> Label {
    Label { text: text.into(), size, align, ..Label::default() }
}
