//! Opens a window of 1280 × 720 px with the console and the inspector over many things, and says what
//! a frame takes. Run it with `SDL_RENDER_DRIVER=software` too.
//!
//!     cargo run --release -p metapython-engine --example overlay

use std::time::{Duration, Instant};

use metapython_engine::alert::{self, Level};
use metapython_engine::clock::RealClock;
use metapython_engine::color::Color;
use metapython_engine::machine::Machine;
use metapython_engine::motion::{Transform, Velocity};
use metapython_engine::overlay::Overlay;
use metapython_engine::platform::sdl;
use metapython_engine::process::{self, NewProcess};
use metapython_engine::render::{Shape, Window};

/// How many turns are measured of each kind.
const TURNS: u32 = 120;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let overlay = Overlay::default();
    let clock = RealClock::default();
    let mut machine = Machine::builder().clock(clock).front_end(overlay.clone()).build();
    let window = Window { width: 1280, height: 720, ..Window::default() };
    machine.world_mut().insert_resource(window.clone());
    for number in 0..200 {
        let process = process::spawn(machine.world_mut(), &NewProcess::of("Ball"))?;
        let place = Transform { x: f64::from(number) * 6.0, y: 80.0, ..Transform::default() };
        let shape = Shape::circle(5.0, Color::rgb(255, 170, 0));
        let velocity = Velocity { x: 1.0, ..Velocity::default() };
        machine.world_mut().entity_mut(process).insert((place, velocity, shape));
    }
    let (display, input) = sdl::open(&window)?;
    machine.attach_display(Box::new(display), Box::new(input));
    machine.attach_foreground(Box::new(overlay.clone()));
    measure(&mut machine, "closed", |_| {});
    overlay.open(machine.world());
    for _ in 0..60 {
        say(&mut machine);
    }
    measure(&mut machine, "open, nothing is said", |_| {});
    measure(&mut machine, "open, a line is said each tick", say);
    Ok(())
}

fn say(machine: &mut Machine) {
    let text =
        "a line of about a hundred letters, as those that a console in use shows are: 0123456789";
    alert::raise(machine.world_mut(), "Ball", Level::V, text);
}

/// Turns the machine; the time of a turn without its wait is what the turn took of the processor.
fn measure(machine: &mut Machine, what: &str, mut each: impl FnMut(&mut Machine)) {
    let mut times: Vec<Duration> = (0..TURNS)
        .map(|_| {
            each(machine);
            // The wait is over when the next tick is due.
            std::thread::sleep(Duration::from_millis(20));
            let start = Instant::now();
            machine.turn();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |part: usize| times[times.len() * part / 100].as_secs_f64() * 1e3;
    println!("{what}: half of the frames within {:.1} ms, 95 % within {:.1} ms", at(50), at(95));
}
