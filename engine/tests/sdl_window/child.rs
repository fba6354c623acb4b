//! The program with the window, in a process of its own: it shows a red square, and prints what the
//! user does.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use bevy_ecs::world::World;
use metapython_engine::color::Color;
use metapython_engine::input::{Input, InputSource as _};
use metapython_engine::motion::Transform;
use metapython_engine::platform::sdl;
use metapython_engine::render::{Display as _, Renderer, Shape, Window};

pub(crate) const TITLE: &str = "Metapython under test";
/// Set in the process that shall have the window.
const MARK: &str = "METAPYTHON_TEST_WINDOW";
/// Set where it shall be a machine with a console over the scene.
#[cfg(feature = "overlay")]
pub(crate) const OVERLAY: &str = "METAPYTHON_TEST_OVERLAY";
/// Set where it shall open twice as large.
pub(crate) const DOUBLED: &str = "METAPYTHON_TEST_DOUBLED";
/// Longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// Shows the window until Escape is pressed.
pub(crate) fn run() {
    if env::var_os(MARK).is_none() {
        return;
    }
    #[cfg(feature = "overlay")]
    if env::var_os(OVERLAY).is_some() {
        return machine::run();
    }
    let mut world = World::new();
    world.insert_resource(Window {
        title: TITLE.into(),
        width: 320,
        height: 240,
        background: Color::rgb(10, 20, 30),
        scale: if env::var_os(DOUBLED).is_some() { 2.0 } else { 1.0 },
        ..Window::default()
    });
    let middle = Transform { x: 160.0, y: 120.0, ..Transform::default() };
    world.spawn((middle, Shape::rectangle(40.0, 40.0, Color::rgb(255, 0, 0))));
    let (mut display, mut source) = match sdl::open(world.resource::<Window>()) {
        Ok(window) => window,
        Err(error) => return println!("\n{error}"),
    };
    let interval = display.frame_interval().expect("a window asks for frames");
    let mut renderer = Renderer::new(&mut world);
    let (mut input, mut events) = (Input::default(), Vec::new());
    let start = Instant::now();
    for frame in 0.. {
        input.begin_tick();
        source.poll(&mut events);
        for event in events.drain(..) {
            println!("{event:?}");
            input.apply(&event);
        }
        if input.was_pressed("F").expect("there is such a key") {
            let mut window = world.resource_mut::<Window>();
            window.fullscreen = !window.fullscreen;
            window.vsync = window.fullscreen;
        }
        display.present(&renderer.draw(&world)).expect("frames are shown");
        if frame == 10 {
            println!("10 frames");
        }
        let escape = input.was_pressed("Escape").expect("there is such a key");
        if escape || start.elapsed() > 2 * DEADLINE {
            break;
        }
        thread::sleep(interval);
    }
    println!("ended");
}

/// A machine in the window.
#[cfg(feature = "overlay")]
mod machine {
    use super::*;
    use metapython_engine::clock::RealClock;
    use metapython_engine::console::{Evaluation, FrontEnd, SessionId};
    use metapython_engine::machine::Machine;
    use metapython_engine::overlay::Overlay;

    /// Prints the lines that are evaluated, whoever gave them.
    struct Lines;

    impl FrontEnd for Lines {
        fn show(&mut self, session: SessionId, text: &str, evaluation: &Evaluation) {
            println!("{} gave {text:?}: {:?}", session.0, evaluation.output);
        }
    }

    /// Runs it until a line stops it.
    pub(super) fn run() {
        let overlay = Overlay::default();
        let builder = Machine::builder().clock(RealClock::default());
        let mut machine = builder.front_end(overlay.clone()).front_end(Lines).build();
        let window =
            Window { title: TITLE.into(), background: Color::rgb(10, 20, 30), ..Window::default() };
        machine.world_mut().insert_resource(window.clone());
        let (display, input) = match sdl::open(&window) {
            Ok(window) => window,
            Err(error) => return println!("\n{error}"),
        };
        machine.attach_display(Box::new(display), Box::new(input));
        machine.attach_foreground(Box::new(overlay));
        machine.run(Some(60 * 2 * DEADLINE.as_secs()));
        println!("ended");
    }
}

/// The running program; killed when dropped.
pub(crate) struct Child {
    process: process::Child,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Child {
    /// Starts it on an X display, or where there is none.
    pub(crate) fn start(display: Option<&str>, variables: &[(&str, &str)]) -> Self {
        let program = env::current_exe().expect("the test knows its own program");
        let mut command = Command::new(program);
        command
            .args(["--exact", "window_program", "--ignored", "--nocapture"])
            .env(MARK, "1")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("SDL_VIDEODRIVER")
            .env_remove("SDL_RENDER_DRIVER")
            .envs(display.map(|display| ("DISPLAY", display)))
            .envs(variables.iter().copied())
            .stdout(Stdio::piped());
        let mut process = command.spawn().expect("the test can start itself");
        let out = process.stdout.take().expect("its output is piped");
        let (sender, lines) = channel();
        let read = move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        };
        let reader = thread::Builder::new().name("window output".into());
        reader.spawn(read).expect("a thread starts");
        Self { process, lines, heard: Vec::new() }
    }

    /// Waits until it prints a line that contains `part`; returns the line.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, part: &str) -> String {
        let start = Instant::now();
        loop {
            let left = DEADLINE.saturating_sub(start.elapsed());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("the window never said {part:?}, but {:#?}", self.heard);
            };
            self.heard.push(line.clone());
            if line.contains(part) {
                return line;
            }
        }
    }

    /// Whether it has printed a line that begins with `word`.
    pub(crate) fn said(&self, word: &str) -> bool {
        self.heard.iter().any(|line| line.starts_with(word))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
