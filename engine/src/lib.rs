//! The Metapython engine: a game loop whose processes are ECS entities.

pub mod audio;
pub mod color;
pub mod component;
pub mod motion;
mod nearest;
pub mod platform;
pub mod value;
