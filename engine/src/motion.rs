//! Where things are and how they move: `Transform`, `Velocity`, and the system that joins them.
//!
//! Runs at the end of each tick's steps. Knows no drawing: the renderer reads `Transform`.

mod absolute;
mod interpolation;

use bevy_ecs::query::{QueryState, Without};
use bevy_ecs::world::{FromWorld, World};

use crate::clock::Now;
use crate::component::component;
use crate::process::{Held, Paused};

pub use absolute::{Absolutes, absolute};
pub(crate) use interpolation::Trails;
pub use interpolation::{Interpolation, Trail};

component! {
    /// Where a process is, in the scene's pixels: x grows to the right, y grows downwards.
    pub struct Transform {
        /// Distance of the centre from the left edge, px.
        x: f64 = 0.0,
        /// Distance of the centre from the top edge, px.
        y: f64 = 0.0,
        /// Clockwise turn, radians.
        rotation: f64 = 0.0,
        /// Factor on what is drawn; 1 is its own size.
        scale: f64 = 1.0,
        /// Whether all of this is measured from the Transform of the nearest process above that has
        /// one: what is attached to a thing moves, turns and grows with it.
        relative: bool = false,
    }
}

component! {
    /// How fast a process moves; its `Transform` follows at the end of each tick's steps.
    pub struct Velocity {
        /// Speed to the right, px/s.
        x: f64 = 0.0,
        /// Speed downwards, px/s.
        y: f64 = 0.0,
        /// Clockwise turning speed, rad/s.
        spin: f64 = 0.0,
    }
}

/// What moves: a process that is stopped stands still.
type Moving =
    QueryState<(&'static mut Transform, &'static Velocity), (Without<Paused>, Without<Held>)>;

/// What moves by itself.
pub(crate) struct Movers(Moving);

impl Movers {
    /// Moves every `Transform` by its `Velocity` over the span of one tick, unless its process is paused
    /// or held.
    pub(crate) fn advance(&mut self, world: &mut World) {
        let dt = world.resource::<Now>().span().as_secs();
        for (mut transform, velocity) in self.0.iter_mut(world) {
            transform.x += velocity.x * dt;
            transform.y += velocity.y * dt;
            transform.rotation += velocity.spin * dt;
        }
    }
}

impl FromWorld for Movers {
    fn from_world(world: &mut World) -> Self {
        Self(world.query_filtered())
    }
}
