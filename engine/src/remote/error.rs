//! What keeps the console from being served.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

/// Why the console cannot be served over SSH, or its settings cannot be read or written.
#[derive(Debug, Error)]
pub enum RemoteError {
    /// The address cannot be had.
    #[error("cannot listen on {address}: {error}; {}", remedy(error))]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// No thread can be started.
    #[error("cannot start the thread of the console over SSH: {0}")]
    Thread(io::Error),
    /// A file or folder cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Others may do with a file or folder what only its owner should.
    #[error(
        "{} may be {deed} by other users of this computer; take that from them: chmod {mode} {}",
        path.display(), path.display()
    )]
    Exposed {
        /// Which.
        path: PathBuf,
        /// `read` or `changed`.
        deed: &'static str,
        /// What `chmod` needs to be told.
        mode: &'static str,
    },
    /// A file or folder is another user's, who may change it.
    #[error(
        "{} belongs to another user of this computer; make it yours: chown \"$(id -un)\" {}",
        path.display(), path.display()
    )]
    Foreign {
        /// Which.
        path: PathBuf,
    },
    /// The file of the host key holds none.
    #[error(
        "{} is no usable host key ({problem}); delete it to have a new one made: clients will warn \
         then that the key of this host has changed",
        path.display()
    )]
    HostKey {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The file of the settings says something that cannot be understood.
    #[error("{}:{problem}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// Line, column, and what is wrong there.
        problem: String,
    },
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::AddrInUse => {
            "another program listens there already: choose another port, or 0 for a free one"
        }
        ErrorKind::AddrNotAvailable => "this computer does not have that address",
        ErrorKind::PermissionDenied => "ports below 1024 need privileges: choose a higher one",
        _ => "choose another address",
    }
}
