//! How long each phase of a turn takes, gathered while somebody looks.

use std::collections::VecDeque;

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use crate::clock::{Now, Stopwatch};

/// How many turns are kept: five seconds at 60 Hz.
pub const KEPT: usize = 300;

/// For how many seconds of ticks one [`TurnTimes::watch`] lasts: longer than between two pictures.
const WATCH_SECS: u32 = 2;

/// A part of a turn. Waiting for the tick is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Input is taken in, and console lines are evaluated.
    Input,
    /// Instructions and processes have their turn.
    Step,
    /// A picture is drawn and presented, if it is time for one.
    Render,
    /// Sound is played, and alerts are handed on.
    Out,
}

impl Phase {
    const NUMBER: usize = 4;
}

/// How long a turn took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// Its tick.
    pub tick: u64,
    secs: [f64; Phase::NUMBER],
}

impl Turn {
    /// The time of one phase, seconds.
    pub fn secs(&self, phase: Phase) -> f64 {
        self.secs[phase as usize]
    }

    /// The time of all phases, seconds.
    pub fn total_secs(&self) -> f64 {
        self.secs.iter().sum()
    }
}

/// The times of the last turns, as far as somebody has looked.
#[derive(Debug, Default, Resource)]
pub struct TurnTimes {
    /// How many turns are still measured, unless somebody goes on looking.
    left: u32,
    turns: VecDeque<Turn>,
}

impl TurnTimes {
    /// Has the turns from the next one on measured, for two seconds: whoever looks says so again and
    /// again, and when nobody does, nothing is measured or kept.
    pub fn watch(world: &mut World) {
        let hz = world.resource::<Now>().hz;
        world.resource_mut::<Self>().left = hz.saturating_mul(WATCH_SECS).max(WATCH_SECS);
    }

    /// The last turns, [`KEPT`] at most, the oldest first.
    pub fn turns(&self) -> impl ExactSizeIterator<Item = &Turn> {
        self.turns.iter()
    }

    fn keep(&mut self, turn: Turn) {
        if self.turns.len() == KEPT {
            self.turns.pop_front();
        }
        self.turns.push_back(turn);
        self.left -= 1;
        if self.left == 0 {
            self.turns = VecDeque::new();
        }
    }
}

/// Measures the phases of one turn, if somebody looks.
pub(super) struct Laps(Option<Measured>);

struct Measured {
    stopwatch: Stopwatch,
    /// The last reading: the end of one phase is the beginning of the next.
    reading: u64,
    counts: [u64; Phase::NUMBER],
}

impl Laps {
    /// A turn begins.
    pub(super) fn begin(world: &World) -> Self {
        let measured = || {
            let stopwatch = world.resource::<Stopwatch>().clone();
            Measured { reading: stopwatch.read(), stopwatch, counts: [0; Phase::NUMBER] }
        };
        Self((world.resource::<TurnTimes>().left > 0).then(measured))
    }

    /// A phase is over.
    pub(super) fn end(&mut self, phase: Phase) {
        let Self(Some(Measured { stopwatch, reading, counts })) = self else { return };
        let now = stopwatch.read();
        counts[phase as usize] = now.saturating_sub(*reading);
        *reading = now;
    }

    /// The turn is over.
    pub(super) fn keep(self, world: &mut World) {
        let Self(Some(Measured { stopwatch, counts, .. })) = self else { return };
        let secs = stopwatch.scale();
        let tick = world.resource::<Now>().tick;
        world.resource_mut::<TurnTimes>().keep(Turn { tick, secs: counts.map(secs) });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{KEPT, Phase, TurnTimes, WATCH_SECS};
    use crate::clock::Stopwatch;
    use crate::machine::Machine;
    use crate::process::{self, Behaviour, NewProcess, Next, Step, StepError};

    /// Lets so many nanoseconds pass in each step.
    struct Slow(Arc<AtomicU64>, u64);

    impl Behaviour for Slow {
        fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
            self.0.fetch_add(self.1, Ordering::Relaxed);
            Ok(Next::Interval)
        }
    }

    fn slow_machine() -> Machine {
        let nanos = Arc::new(AtomicU64::new(0));
        let mut machine =
            Machine::builder().hz(60).stopwatch(Stopwatch::manual(nanos.clone())).build();
        let process = process::spawn(machine.world_mut(), &NewProcess::of("Slow")).unwrap();
        process::launch(machine.world_mut(), process, Box::new(Slow(nanos, 2_000_000)));
        machine.run(Some(1));
        machine
    }

    fn count(machine: &Machine) -> usize {
        machine.world().resource::<TurnTimes>().turns().len()
    }

    /// The time of a step is that of its phase.
    #[test]
    fn each_phase_has_its_time() {
        let mut machine = slow_machine();
        TurnTimes::watch(machine.world_mut());
        machine.run(Some(3));
        let turns: Vec<_> = machine.world().resource::<TurnTimes>().turns().copied().collect();
        assert_eq!(turns.iter().map(|turn| turn.tick).collect::<Vec<_>>(), [2, 3, 4]);
        for turn in turns {
            assert_eq!(turn.secs(Phase::Step), 0.002);
            assert_eq!(turn.secs(Phase::Input), 0.0);
            assert_eq!(turn.total_secs(), 0.002);
        }
    }

    /// Nothing is kept that nobody looks at, and never more than the last turns.
    #[test]
    fn turns_are_measured_while_somebody_looks() {
        let mut machine = slow_machine();
        assert_eq!(count(&machine), 0);
        for _ in 0..KEPT {
            TurnTimes::watch(machine.world_mut());
            machine.run(Some(2));
        }
        assert_eq!(count(&machine), KEPT);
        let lasts = 60 * u64::from(WATCH_SECS) - 2;
        machine.run(Some(lasts - 1));
        assert_eq!(count(&machine), KEPT);
        machine.run(Some(1));
        assert_eq!(count(&machine), 0);
        machine.run(Some(10));
        assert_eq!(count(&machine), 0);
    }
}
