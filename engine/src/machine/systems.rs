//! What the engine's own systems keep from one tick to the next.

use bevy_ecs::world::{FromWorld, World};

use crate::audio::Sounds;
use crate::motion::{Movers, Trails};
use crate::render::{Animated, Canvases, Shaken};

/// Queries, made once, and what goes with them. They lie beside the world: to take a resource out of it
/// and to put it back in every tick takes longer than what an idle system does.
pub(crate) struct Systems {
    pub(crate) movers: Movers,
    pub(crate) animated: Animated,
    pub(crate) shaken: Shaken,
    pub(crate) canvases: Canvases,
    pub(crate) trails: Trails,
    pub(crate) sounds: Sounds,
}

impl FromWorld for Systems {
    fn from_world(world: &mut World) -> Self {
        Self {
            movers: Movers::from_world(world),
            animated: Animated::from_world(world),
            shaken: Shaken::from_world(world),
            canvases: Canvases::from_world(world),
            trails: Trails::from_world(world),
            sounds: Sounds::from_world(world),
        }
    }
}
