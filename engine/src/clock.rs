//! Time: simulation time that ticks by exact steps, and the clocks that pace it.
//!
//! Simulation time is counted in [`Flicks`], so that no interval of the usual rates is ever
//! rounded. A [`Clock`] only decides *when* a tick's turn begins; it never decides what time the
//! world reads, so a run is the same under every clock.

mod flicks;
mod real;
mod stopwatch;
mod virt;

use bevy_ecs::resource::Resource;

pub use flicks::{Flicks, IntervalError};
pub use real::RealClock;
pub use stopwatch::Stopwatch;
pub use virt::VirtualClock;

/// The ticks a second that a machine may have.
pub const HZ_RANGE: std::ops::RangeInclusive<u32> = 1..=100_000;

/// Paces the ticks of a machine.
pub trait Clock {
    /// Waits until the tick at simulation time `at` is due, and returns the time that was dropped
    /// because the machine came too late to catch up.
    ///
    /// `idle` wraps every wait, so that whoever must let go of something meanwhile can.
    fn wait(&mut self, at: Flicks, idle: &mut dyn Idle) -> Flicks;

    /// Waits until `at`, between two ticks; `false`, and no wait, if that has gone by.
    fn wait_between(&mut self, at: Flicks, idle: &mut dyn Idle) -> bool {
        let _ = (at, idle);
        false
    }

    /// Whether ticks take place in real time, so that what a tick does must fit into its span.
    /// Otherwise every tick takes the time that it needs, and a run is the same each time.
    fn is_paced(&self) -> bool;
}

/// What is done around a wait: the host of an interpreter lets its other threads run.
pub trait Idle {
    /// Calls `wait` once.
    fn idle(&mut self, wait: &mut dyn FnMut());
}

/// Waits with nothing around it.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainIdle;

impl Idle for PlainIdle {
    fn idle(&mut self, wait: &mut dyn FnMut()) {
        wait();
    }
}

/// Where the machine is in simulation time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Resource)]
pub struct Now {
    /// The number of the current tick; 0 before the first.
    pub tick: u64,
    /// Ticks a second.
    pub hz: u32,
}

impl Now {
    /// The simulation time of the current tick.
    pub fn time(&self) -> Flicks {
        Flicks::of_tick(self.tick, self.hz)
    }

    /// The simulation time of the next tick.
    pub fn next_time(&self) -> Flicks {
        Flicks::of_tick(self.tick + 1, self.hz)
    }

    /// The simulation time between the tick before and this one.
    pub fn span(&self) -> Flicks {
        self.time() - Flicks::of_tick(self.tick.saturating_sub(1), self.hz)
    }
}
