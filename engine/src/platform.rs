//! Where the engine meets the system: one module for each, and one without any.

pub mod headless;
