//! SDL2: the window, its input, and pictures without a window. The only place that names `sdl2`.
//!
//! [`open`] gives both halves of a window: what it shows, a [`WindowDisplay`], and what the user
//! does to it, a [`WindowInput`]. An [`OffscreenDisplay`] draws the same pixels with neither a window
//! nor a video driver. SDL is for one thread: the one that first opened a window.

mod events;
mod offscreen;
mod pads;
mod painter;
mod textures;
mod window;

pub use events::WindowInput;
pub use offscreen::OffscreenDisplay;
pub use window::{WindowDisplay, open};

#[cfg(test)]
mod tests;
