//! Every port without a device behind it: no window, no keyboard.

pub mod display;
pub mod input;
