use bevy_ecs::world::World;

use super::Renderer;
use crate::color::Color;
use crate::motion::Transform;
use crate::process::SpawnOrder;
use crate::render::{Batch, DrawList, Label, Shape, Sprite, Texture, Window};

fn at(x: f64, y: f64) -> Transform {
    Transform { x, y, ..Transform::default() }
}

/// A square whose colour tells it from others.
fn square(number: u8, layer: i32) -> Shape {
    Shape { layer, ..Shape::rectangle(10.0, 10.0, Color::rgb(number, 0, 0)) }
}

/// The numbers of the squares in the order of drawing.
fn numbers(list: &DrawList) -> Vec<u8> {
    list.quads.iter().map(|quad| quad.color.r).collect()
}

/// Layers come first, then the order of spawning, whatever table or slot an entity sits in.
#[test]
fn things_are_drawn_by_layer_then_by_spawn_order() {
    let mut world = World::new();
    // Slots that are freed are taken again, so neither slots nor tables are in spawn order.
    let gone: Vec<_> = (0..4).map(|_| world.spawn_empty().id()).collect();
    world.spawn((at(50.0, 50.0), square(5, 0), SpawnOrder(5)));
    for entity in gone {
        world.despawn(entity);
    }
    world.spawn((SpawnOrder(9), square(9, 0), at(50.0, 50.0), Label::default()));
    world.spawn((SpawnOrder(7), square(7, 0), at(50.0, 50.0)));
    world.spawn((SpawnOrder(1), square(1, 3), at(50.0, 50.0)));
    world.spawn((SpawnOrder(8), square(8, -2), at(50.0, 50.0), Sprite::default()));
    world.spawn((at(50.0, 50.0), square(200, 0)));
    let mut renderer = Renderer::new(&mut world);
    let expected = [8, 5, 7, 9, 200, 1];
    assert_eq!(numbers(renderer.draw(&world).list), expected);
    assert_eq!(numbers(renderer.draw(&world).list), expected);
}

/// Of one process the shape lies under the sprite, and the sprite under the label.
#[test]
fn a_label_lies_on_its_own_shape() {
    let mut world = World::new();
    let label = Label { text: "x".into(), ..Label::default() };
    let sprite = Sprite { image: "none.png".into(), ..Sprite::default() };
    world.spawn((label, sprite, square(1, 0), at(50.0, 50.0)));
    let mut renderer = Renderer::new(&mut world);
    let id = renderer.images.load("none.png");
    let batches = &renderer.draw(&world).list.batches;
    let expected = [Texture::Blank, Texture::Image { id, smooth: true }, Texture::Atlas];
    let textures: Vec<_> = batches
        .iter()
        .map(|batch| match batch {
            Batch::Quads(texture, _) => *texture,
            other => panic!("{other:?} is not due"),
        })
        .collect();
    assert_eq!(textures, expected);
}

/// What cannot be seen costs nothing: hidden, transparent, outside, or of no size.
#[test]
fn what_cannot_be_seen_is_left_out() {
    let mut world = World::new();
    let places = [
        at(-5.1, 50.0),
        at(50.0, 485.1),
        at(1e300, 50.0),
        Transform { scale: 0.0, ..at(50.0, 50.0) },
    ];
    for place in places {
        let label = Label { text: "word".into(), color: Color::rgb(1, 2, 3), ..Label::default() };
        let far = Transform { x: place.x * 40.0, y: place.y * 40.0, ..place };
        let sprite =
            Sprite { image: "none.png".into(), width: 4.0, height: 4.0, ..Sprite::default() };
        world.spawn((far, label));
        world.spawn((place.clone(), sprite));
        world.spawn((place, square(1, 0)));
    }
    world.spawn((at(50.0, 50.0), Shape { visible: false, ..square(2, 0) }));
    world.spawn((at(50.0, 50.0), Shape { color: Color { a: 0, ..Color::WHITE }, ..square(3, 0) }));
    world.spawn(square(4, 0));
    let mut renderer = Renderer::new(&mut world);
    assert_eq!(renderer.draw(&world).list.batches, []);
}

/// Neighbours with one texture are one batch; another in between divides them.
#[test]
fn neighbours_of_one_texture_share_a_batch() {
    let mut world = World::new();
    for (order, layer) in [(0, 0), (1, 0), (2, 2)] {
        world.spawn((at(50.0, 50.0), square(1, layer), SpawnOrder(order)));
    }
    for order in 3..1003 {
        let circle = Shape { layer: 1, ..Shape::circle(5.0, Color::WHITE) };
        world.spawn((at(50.0, 50.0), circle, SpawnOrder(order)));
    }
    let mut renderer = Renderer::new(&mut world);
    assert_eq!(
        renderer.draw(&world).list.batches,
        [
            Batch::Quads(Texture::Blank, 0..2),
            Batch::Quads(Texture::Atlas, 2..1002),
            Batch::Quads(Texture::Blank, 1002..1003),
        ]
    );
}

/// Ten thousand shapes are all there, and a second frame holds no more than the first.
#[test]
fn ten_thousand_shapes_are_drawn() {
    let mut world = World::new();
    for number in 0..10_000_u32 {
        let place = at(f64::from(number % 600) + 10.0, f64::from(number / 600) * 20.0 + 10.0);
        let shape = match number % 3 {
            0 => Shape::circle(f64::from(number % 7) + 1.0, Color::WHITE),
            1 => Shape::rectangle(5.0, 5.0, Color::WHITE),
            _ => Shape::line(vec![[0.0, 0.0], [5.0, 4.0]], 3.0, Color::WHITE),
        };
        world.spawn((place, shape, SpawnOrder(number.into())));
    }
    let mut renderer = Renderer::new(&mut world);
    for _ in 0..2 {
        let list = renderer.draw(&world).list;
        assert_eq!(list.quads.len(), 3334 + 3333);
        // A rectangle of 4 corners: 2 triangles inside and 2 at each edge.
        assert_eq!(list.indices.len(), 3333 * 3 * (2 + 4 * 2));
    }
}

/// The frame follows the world's window, and stands in where there is none.
#[test]
fn the_frame_has_the_window_of_the_world() {
    let mut world = World::new();
    let mut renderer = Renderer::new(&mut world);
    assert_eq!(renderer.draw(&world).window, &Window::default());
    let window = Window { title: "Pong".into(), width: 0, height: 100_000, ..Window::default() };
    world.insert_resource(window.clone());
    assert_eq!(renderer.draw(&world).window, &window);
    assert_eq!(window.size_px(), [1, 8192]);
}

/// A place that is not a number, and a size that is none: something stands there, above all else, as
/// near to the place as can be; what is wrong is told once, of the first of many.
#[test]
fn what_is_no_number_has_a_placeholder() {
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    let places = [
        (at(nan, 50.0), [320.0, 50.0]),
        (at(50.0, inf), [50.0, 240.0]),
        (Transform { rotation: nan, ..at(60.0, 70.0) }, [60.0, 70.0]),
        (Transform { scale: -inf, ..at(60.0, 70.0) }, [60.0, 70.0]),
    ];
    for (place, [x, y]) in places {
        let mut world = World::new();
        world.spawn((place, square(1, 0)));
        world.spawn((at(0.0, 0.0), square(2, 5)));
        let mut renderer = Renderer::new(&mut world);
        let list = renderer.draw(&world).list;
        let corners: Vec<_> = list.quads.iter().skip(1).map(|quad| [quad.x, quad.y]).collect();
        assert_eq!(corners[0], [x - 8.0, y - 8.0]);
        assert_eq!(corners.len(), 4);
    }
    let mut world = World::new();
    for _ in 0..1000 {
        world.spawn((at(nan, nan), square(1, 0)));
    }
    let label = Label { text: "a".into(), size: nan, ..Label::default() };
    let label = world.spawn((at(9.0, 9.0), label)).id();
    let mut renderer = Renderer::new(&mut world);
    renderer.draw(&world);
    let errors = renderer.take_errors();
    let [of_label, of_transform] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(
        of_label,
        "the Label of something without a name: its size is NaN; give it a number"
    );
    assert!(of_transform.ends_with(" and of 999 others: its x is NaN; give it a number"));
    renderer.draw(&world);
    assert_eq!(renderer.take_errors(), [""; 0]);
    world.get_mut::<Label>(label).unwrap().wrap = inf;
    renderer.draw(&world);
    assert_eq!(renderer.take_errors(), [""; 0]);
}
