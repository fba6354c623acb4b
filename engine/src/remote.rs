//! The console over SSH.
//!
//! A thread of its own speaks the protocol and decides who gets in; it never touches the world. The
//! machine's thread owns the sessions: [`Remote`] is a [front end](crate::console::FrontEnd) like that
//! of a terminal, polled once a tick. Between the two lie bounded wires, one for each channel:
//! neither side ever waits for the other, and a client that does not take what it is sent is dropped.
//!
//! Nothing listens, no thread runs and no file is made before [`Remote::bind`].

mod authorized_keys;
mod client;
mod error;
mod front_end;
mod host_key;
mod lobby;
mod login;
mod password;
mod patience;
mod private;
mod server;
mod settings;
mod visit;
mod wire;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

pub use error::RemoteError;
pub use front_end::{Interrupt, Remote};
pub use password::{PasswordError, remove_password, set_password};

/// Where the console is served unless told otherwise: this computer alone can reach it.
pub const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 40022);

/// Who raises the alerts of this module.
const SOURCE: &str = "ssh";
