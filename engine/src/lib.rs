//! The Metapython engine: a game loop whose processes are ECS entities.

pub mod alert;
pub mod audio;
pub mod clock;
pub mod color;
pub mod component;
pub mod console;
mod frame;
pub mod input;
pub mod inspect;
pub mod instruction;
pub mod machine;
pub mod message;
pub mod motion;
mod nearest;
pub mod platform;
pub mod process;
pub mod render;
pub mod scene;
pub mod schedule;
pub mod value;
