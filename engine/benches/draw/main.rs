//! What it costs to read sprites into a draw list: the row `draw` of `make bench`.
//!
//! The picture of a flock: one small image, twenty thousand times, among other things of other
//! layers, that move a little from frame to frame. Beside it is the least that such a list costs: a
//! loop over plain arrays that writes the same rectangles.

use std::hint::black_box;
use std::time::Instant;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::color::Color;
use metapython_engine::machine::Machine;
use metapython_engine::motion::Transform;
use metapython_engine::process::{self, NewProcess};
use metapython_engine::render::{PxRect, Quad, Renderer, Shape, Sprite, Window};

const SPRITES: usize = 20_000;
const FRAMES: usize = 300;
const SIZE_PX: [u32; 2] = [1280, 720];
const SIDE_PX: u32 = 10;

/// Where a sprite is in a frame, px: scattered evenly, by the golden ratio and the square root of 2, and
/// all of it in the window.
fn place(number: usize, frame: usize) -> [f64; 2] {
    let part = |step: f64| (number as f64 * step).fract() * 0.95 + 0.02;
    let [width, height] = SIZE_PX.map(f64::from);
    [part(0.618_033_988_75) * width + (frame % 8) as f64, part(0.414_213_562_37) * height]
}

/// A world as a scene makes it.
struct Ours {
    machine: Machine,
    renderer: Renderer,
    sprites: Vec<Entity>,
}

impl Ours {
    fn new() -> Self {
        let mut machine = Machine::builder().build();
        let world = machine.world_mut();
        let [width, height] = SIZE_PX;
        world.insert_resource(Window { width, height, ..Window::default() });
        let mut spawn = |class| process::spawn(world, &NewProcess::of(class)).expect("a free name");
        let board = spawn("Board");
        let sprites: Vec<_> = (0..SPRITES).map(|_| spawn("Boid")).collect();
        let high = Shape { layer: 5, ..Shape::rectangle(30.0, 30.0, Color::WHITE) };
        world
            .entity_mut(board)
            .insert((Transform { x: 99.0, y: 99.0, ..Transform::default() }, high));
        for sprite in &sprites {
            let side = f64::from(SIDE_PX);
            let image =
                Sprite { image: "boid.png".into(), width: side, height: side, ..Sprite::default() };
            world.entity_mut(*sprite).insert((Transform::default(), image));
        }
        let renderer = Renderer::new(world);
        Self { machine, renderer, sprites }
    }

    fn move_all(&mut self, frame: usize) {
        let world: &mut World = self.machine.world_mut();
        for (number, sprite) in self.sprites.iter().enumerate() {
            if let Some(mut transform) = world.get_mut::<Transform>(*sprite) {
                [transform.x, transform.y] = place(number, frame);
            }
        }
    }

    /// How many rectangles there were to be drawn.
    fn draw(&mut self) -> usize {
        black_box(self.renderer.draw(self.machine.world())).list.quads.len()
    }
}

/// The places in two arrays, and the list that is made of them.
struct Bare {
    x: Vec<f64>,
    y: Vec<f64>,
    quads: Vec<Quad>,
}

impl Bare {
    fn move_all(&mut self, frame: usize) {
        for number in 0..SPRITES {
            [self.x[number], self.y[number]] = place(number, frame);
        }
    }

    fn draw(&mut self) -> usize {
        self.quads.clear();
        let side = SIDE_PX as f32;
        let source = PxRect { x: 0, y: 0, width: SIDE_PX, height: SIDE_PX };
        let [width, height] = SIZE_PX.map(f64::from);
        for (x, y) in self.x.iter().zip(&self.y) {
            let (x, y) = ((x - 5.0).round(), (y - 5.0).round());
            if x < width && y < height && x > -10.0 && y > -10.0 {
                let (x, y, color) = (x as f32, y as f32, Color::WHITE);
                let (rotation, flip_x, flip_y) = (0.0, false, false);
                let (width, height) = (side, side);
                self.quads.push(Quad {
                    x,
                    y,
                    width,
                    height,
                    rotation,
                    source,
                    color,
                    flip_x,
                    flip_y,
                });
            }
        }
        black_box(&self.quads).len()
    }
}

fn main() {
    let mut ours = Ours::new();
    let mut bare = Bare { x: vec![0.0; SPRITES], y: vec![0.0; SPRITES], quads: Vec::new() };
    let mut samples = [Vec::new(), Vec::new()];
    for frame in 0..FRAMES {
        ours.move_all(frame);
        bare.move_all(frame);
        let start = Instant::now();
        let drawn = ours.draw();
        let middle = Instant::now();
        assert_eq!(bare.draw(), SPRITES, "not all of the bare ones were drawn");
        let end = Instant::now();
        // The board is one more.
        assert_eq!(drawn, SPRITES + 1, "not all sprites were drawn");
        for (samples, time) in samples.iter_mut().zip([middle - start, end - middle]) {
            samples.push(time.as_secs_f64() * 1e9 / SPRITES as f64);
        }
    }
    let [ours, bare] = samples;
    println!(
        r#"{{"row": "draw", "unit": "ns a sprite", "goal": {{"most": 100}}, "samples": {{"ours": {ours:?}, "bare loop": {bare:?}}}}}"#
    );
}
