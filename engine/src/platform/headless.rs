//! Every port without a system behind it: nothing is shown, nothing is heard, all of it can be
//! looked at.

pub mod audio;
