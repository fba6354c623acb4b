//! End-to-end scenarios of the program `metapython`.
//!
//! Most of them are folders of data in `cases/`, run by [`case`]; see the README beside this crate.
//! Those that need a screen, a sound server, signals or another Python are programs in `tests/`,
//! and start what they need by [`program`].

pub mod case;
pub mod folder;
pub mod program;
