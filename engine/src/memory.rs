//! Memory laid out for what is walked many thousand times a tick.

mod arena;
mod huge;
mod pairs;
mod prefetch;

pub(crate) use arena::Arena;
pub(crate) use pairs::{Owner, Sharer, pairs};
pub use prefetch::prefetch;
