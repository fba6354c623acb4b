//! What Python sees of the engine: one file for each engine module, conversion only.

pub mod alert;
pub mod audio;
pub mod clock;
pub mod console;
pub mod input;
pub mod instruction;
pub mod machine;
pub mod message;
pub mod motion;
pub mod nearest;
pub mod process;
pub mod render;
pub mod ui;
