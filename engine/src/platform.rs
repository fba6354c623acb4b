//! The ports' implementations: one module for each library that reaches the outside.
//!
//! The ports themselves are traits of the modules that use them ([`render`](crate::render),
//! [`input`](crate::input), [`ui`](crate::ui), [`audio`](crate::audio), [`watch`](crate::watch),
//! [`console`](crate::console)). Nothing here changes the world.

#[cfg(feature = "audio")]
pub mod cpal;
#[cfg(feature = "ui")]
pub mod egui;
pub mod headless;
#[cfg(feature = "watch")]
pub mod notify;
#[cfg(feature = "sdl")]
pub mod sdl;
#[cfg(feature = "terminal")]
pub mod terminal;
