//! Where things are and how they move: `Transform`, `Velocity`, and the system that joins them.
//!
//! Runs at the end of each tick's steps. Knows no drawing: the renderer reads `Transform`.

use crate::component::component;

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
