//! Letting go of what the engine has kept for a scripting language.
//!
//! Arguments, answers and exceptions of scripts pass through the engine, which drops them when it is
//! done with them: in the middle of its own work, or in the step of a process that has nothing to do
//! with them. What a language does when the last reference to an object goes may be code of the
//! user's, so such values are only set aside there. A [`Releaser`] lets go of them between two steps,
//! once a tick, with the world at hand.

use bevy_ecs::world::World;

/// Lets go of what was set aside.
pub trait Releaser {
    /// Lets go of what was set aside by now; whether there was anything. What is set aside meanwhile
    /// waits for the next call.
    fn release(&mut self, world: &mut World) -> bool;
}

/// The releaser of a machine without scripts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoReleaser;

impl Releaser for NoReleaser {
    fn release(&mut self, _world: &mut World) -> bool {
        false
    }
}
