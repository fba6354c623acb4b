//! The clock that never waits.

use super::{Clock, Flicks, Idle};

/// Runs ticks as fast as they can be computed.
#[derive(Clone, Copy, Debug, Default)]
pub struct VirtualClock;

impl Clock for VirtualClock {
    /// Waits for nothing, yet lets other threads run once, as a wait would.
    fn wait(&mut self, _at: Flicks, idle: &mut dyn Idle) -> Flicks {
        idle.idle(&mut || {});
        Flicks::ZERO
    }

    fn is_paced(&self) -> bool {
        false
    }
}
