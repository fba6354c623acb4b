//! The console and the inspector over the picture, painted by egui. The only place that names it.
//!
//! Opened by the key left of `1`, whatever is printed on it. While it is closed it costs nothing.

mod inspector;
pub mod style;

pub use inspector::Inspector;
