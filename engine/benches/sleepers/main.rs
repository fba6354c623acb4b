//! What sleeping processes cost: the row `sleepers` of `make bench`.
//!
//! Ours and its peers turn by turns in one run, a tick each, so that whatever else the computer
//! does meets all of them alike. That, and ratios, is what the usual harnesses do not do: they
//! measure one thing after the other. What is measured is printed as a line of JSON for each row,
//! which `tests/bench` puts into its table.

use std::time::Instant;

mod peers;

use metapython_engine::clock::Flicks;
use metapython_engine::machine::Machine;
use metapython_engine::process::{
    self, Accounting, Behaviour, Interval, NewProcess, Next, Step, StepError,
};
use peers::{BevyTimers, HecsTimers, Wheel};

const SLEEPERS: u32 = 1_000_000;

/// The fewest and the most ticks that a sleeper sleeps: on average about one in a thousand is due.
const SLEEPS: std::ops::RangeInclusive<u32> = 500..=1500;

const HZ: u32 = 60;

/// Ticks that are measured, when everybody has been due once at least.
const TICKS: usize = 4000;

const WARM_UP: u32 = 1600;

/// Something that sleeps, and turns a tick at a time.
trait Subject {
    /// How many have been stepped so far.
    fn steps(&self) -> u64;
    fn tick(&mut self);
}

/// How many ticks one sleeps at first, and from then on. The first differ, so that those of equal
/// sleep are not due together.
#[derive(Clone, Copy)]
struct Sleep {
    first: u32,
    then: u32,
}

/// Does nothing, as its peers do.
struct Nothing;

impl Behaviour for Nothing {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }
}

struct Ours {
    machine: Machine,
    /// Those who are spawned in the next ticks, the next at the end: a process has its first step in
    /// the tick after that.
    unborn: Vec<Vec<Sleep>>,
}

impl Ours {
    fn new(sleeps: impl Iterator<Item = Sleep>) -> Self {
        let machine = Machine::builder().hz(HZ).build();
        let mut unborn = vec![Vec::new(); WARM_UP as usize];
        for sleep in sleeps {
            unborn[(WARM_UP - sleep.first) as usize - 1].push(sleep);
        }
        Self { machine, unborn }
    }

    fn spawn(&mut self, sleep: Sleep) {
        let world = self.machine.world_mut();
        let interval = Interval(Flicks::of_tick(sleep.then.into(), HZ));
        let new = NewProcess { interval, ..NewProcess::of("Sleeper") };
        let process = process::spawn(world, &new).expect("the name is free");
        process::launch(world, process, Box::new(Nothing));
    }
}

impl Subject for Ours {
    fn steps(&self) -> u64 {
        let world = self.machine.world();
        let steps =
            |process| process::accounting(world, process).map_or(0, |it: Accounting| it.steps);
        process::all(world).into_iter().map(steps).sum()
    }

    fn tick(&mut self) {
        let born = self.unborn.pop().unwrap_or_default();
        born.into_iter().for_each(|sleep| self.spawn(sleep));
        self.machine.turn();
    }
}

/// The nanoseconds of each of [`TICKS`] ticks of each subject, and how many were stepped in them.
fn measure(subjects: &mut [&mut dyn Subject]) -> Vec<(Vec<f64>, u64)> {
    let before: Vec<_> = subjects.iter().map(|subject| subject.steps()).collect();
    let mut times = vec![Vec::new(); subjects.len()];
    for _ in 0..TICKS {
        for (subject, times) in subjects.iter_mut().zip(&mut times) {
            let start = Instant::now();
            subject.tick();
            times.push(start.elapsed().as_secs_f64() * 1e9);
        }
    }
    let steps = subjects.iter().zip(before).map(|(subject, before)| subject.steps() - before);
    times.into_iter().zip(steps).collect()
}

fn print(row: &str, unit: &str, goal: &str, samples: &[(&str, Vec<f64>)]) {
    let samples: Vec<_> =
        samples.iter().map(|(name, values)| format!("{name:?}: {values:?}")).collect();
    let samples = samples.join(", ");
    println!(r#"{{"row": "{row}", "unit": "{unit}", "goal": {goal}, "samples": {{{samples}}}}}"#);
}

fn some_are_due() {
    let mut random = fastrand::Rng::with_seed(1);
    let mut sleep = |_| {
        let then = random.u32(SLEEPS);
        Sleep { first: random.u32(1..=then), then }
    };
    let sleeps: Vec<_> = (0..SLEEPERS).map(&mut sleep).collect();
    let mut ours = Ours::new(sleeps.iter().copied());
    let mut bevy = BevyTimers::new(&sleeps);
    let mut hecs = HecsTimers::new(&sleeps);
    let mut wheel = Wheel::new(&sleeps);
    let names = ["ours", "bevy_ecs timers", "hecs timers", "timing wheel"];
    let mut subjects: [&mut dyn Subject; 4] = [&mut ours, &mut bevy, &mut hecs, &mut wheel];
    for subject in &mut subjects {
        (0..WARM_UP).for_each(|_| subject.tick());
    }
    let measured = measure(&mut subjects);
    let due = measured[0].1;
    let steps: Vec<_> = measured.iter().map(|(_, steps)| *steps).collect();
    assert!(steps.iter().all(|steps| *steps == due && due > 0), "not the same work: {steps:?}");
    // The same number of steps in the same ticks: what a tick costs is shared by its steps.
    let a_tick = due as f64 / TICKS as f64;
    let per_step = |times: Vec<f64>| times.into_iter().map(|time| time / a_tick).collect();
    let samples: Vec<_> =
        names.into_iter().zip(measured.into_iter().map(|(times, _)| per_step(times))).collect();
    print("sleepers", "ns a due one", r#"{"most": 60}"#, &samples);
}

fn none_is_due() {
    /// Beyond the ticks of this benchmark.
    const LONG: u32 = 1_000_000;
    let sleeping = |count: usize| {
        let mut ours = Ours::new(std::iter::repeat_n(Sleep { first: 0, then: LONG }, count));
        (0..100).for_each(|_| ours.tick());
        ours
    };
    let (mut many, mut few) = (sleeping(SLEEPERS as usize), sleeping(1000));
    let measured = measure(&mut [&mut many, &mut few]);
    assert!(measured.iter().all(|(_, steps)| *steps == 0), "somebody was due");
    let names = ["1,000,000 asleep", "1,000 asleep"];
    let samples: Vec<_> =
        names.into_iter().zip(measured.into_iter().map(|(times, _)| times)).collect();
    print("none due", "ns a tick", r#"{"ratio": 1.1}"#, &samples);
}

fn main() {
    some_are_due();
    none_is_due();
}
