//! What is to be seen, compared with pictures that somebody has looked at.
//!
//! `UPDATE=1` writes them anew; then look at them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::hands::Hands;
use super::spawn;
use crate::alert::{self, Level};
use crate::clock::Stopwatch;
use crate::input::MouseButton;
use crate::machine::Machine;
use crate::process::{self, Behaviour, Next, Step, StepError};
use crate::render::Picture;

/// How much a channel of a pixel may differ: rounding of other versions of the libraries.
const TOLERANCE: u8 = 12;
/// How many of a million pixels may differ by more.
const STRAYS: usize = 200;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/overlay/tests").join(format!("{name}.png"))
}

#[track_caller]
fn assert_looks_like(picture: &Picture, name: &str) {
    let file = file(name);
    if std::env::var_os("UPDATE").is_some() {
        return picture.save_png(&file).unwrap();
    }
    let expected = image::open(&file).unwrap().to_rgba8();
    assert_eq!([picture.width, picture.height], [expected.width(), expected.height()]);
    let pixels = picture.rgba.chunks_exact(4).zip(expected.chunks_exact(4));
    let differs =
        |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > TOLERANCE);
    let strays = pixels.filter(differs).count();
    let allowed = STRAYS * expected.len() / 4 / 1_000_000;
    if strays > allowed {
        let seen = std::env::temp_dir().join(format!("metapython-{name}.png"));
        picture.save_png(&seen).unwrap();
        panic!("{strays} pixels of {} are not as in {}", seen.display(), file.display());
    }
}

/// A console in which something was done, with candidates on offer, beside a process that is
/// inspected.
fn scene(size: [u32; 2], scale: f64) -> Picture {
    let mut hands = Hands::with_scale(size, scale);
    let [x, y] = size.map(|side| f64::from(side) / 8.0);
    spawn(&mut hands, "Ball", x, y);
    spawn(&mut hands, "Paddle", 2.5 * x, 2.0 * y);
    hands.key("`");
    hands.see();
    hands.click(MouseButton::Right, x, y);
    for line in ["sessions", "set Ball.transform.x \"left\"", "set Ball.transform.rotation 0.5"] {
        hands.line(line);
    }
    alert::raise(hands.machine.world_mut(), "Goal", Level::V, "one to nil");
    alert::raise(hands.machine.world_mut(), "Paddle", Level::Error, "out of the window");
    hands.text("query class == \"Ball\" and p");
    hands.key("Tab");
    hands.key("Tab");
    hands.key("Tab");
    // What it has settled to.
    (0..3).for_each(|_| drop(hands.see()));
    hands.machine.picture().unwrap()
}

/// Readable at 800 × 600 px.
#[test]
fn it_looks_well_in_a_small_window() {
    assert_looks_like(&scene([800, 600], 1.0), "small");
}

/// The same twice as fine at 200 %.
#[test]
fn it_looks_well_at_twice_the_size() {
    assert_looks_like(&scene([1600, 1200], 2.0), "fine");
}

/// Takes a little longer with each step, up to eight milliseconds, and then starts anew; fails once.
struct Growing {
    nanos: Arc<AtomicU64>,
    step: u64,
    fails_at: u64,
}

impl Behaviour for Growing {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        self.step += 1;
        self.nanos.fetch_add(self.step % 100 * 80_000, Ordering::Relaxed);
        match self.step == self.fails_at {
            true => Err(StepError::fault("ZeroDivisionError: division by zero")),
            false => Ok(Next::Interval),
        }
    }
}

/// The inspector from its top: the table, what a process may look like, the plot, the alerts.
#[test]
fn the_inspector_looks_well() {
    let nanos = Arc::new(AtomicU64::new(0));
    let builder = Machine::builder().stopwatch(Stopwatch::manual(nanos.clone()));
    let mut hands = Hands::of(builder, [1000, 900], 1.0);
    for (row, name) in (0_u8..).zip(["Ball", "Paddle", "Referee", "Score"]) {
        let process = spawn(&mut hands, name, 60.0, 60.0 + 80.0 * f64::from(row));
        let fails_at = if name == "Referee" { 60 } else { u64::MAX };
        let behaviour = Growing { nanos: nanos.clone(), step: 25 * u64::from(row), fails_at };
        process::launch(hands.machine.world_mut(), process, Box::new(behaviour));
    }
    hands.key("`");
    hands.see();
    for _ in 0..200 {
        hands.tick();
        hands.see();
    }
    hands.line("pause Score");
    alert::raise(hands.machine.world_mut(), "Goal", Level::V, "one to nil");
    (0..3).for_each(|_| drop(hands.see()));
    assert_looks_like(&hands.machine.picture().unwrap(), "inspector");
}
