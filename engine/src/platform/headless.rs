//! Every port without a device behind it: nothing is shown, nothing is heard, all of it can be
//! looked at.

pub mod audio;
pub mod display;
pub mod input;
pub mod watch;
