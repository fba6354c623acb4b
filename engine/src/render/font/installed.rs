//! The fonts that the user has installed, looked for on a thread when they are first needed.

use std::fmt;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use cosmic_text::fontdb::Database;

/// The installed fonts, as far as anybody has asked.
#[derive(Default)]
pub(super) enum Installed {
    /// Nobody has.
    #[default]
    Unasked,
    /// The folders are looked through.
    Sought(JoinHandle<Database>),
    /// What was found.
    Known(Arc<Database>),
}

impl Installed {
    /// As if nobody had installed any.
    pub(super) fn none() -> Self {
        Self::Known(Arc::default())
    }

    /// The installed fonts; `None` as long as they are sought, unless the caller waits for them.
    pub(super) fn get(&mut self, waits: bool) -> Option<Arc<Database>> {
        let (found, thread) = match std::mem::take(self) {
            Self::Known(known) => (Some(known), None),
            Self::Unasked if waits => (Some(Arc::new(seek())), None),
            Self::Unasked => {
                let thread = thread::Builder::new().name("fonts".to_owned()).spawn(seek).ok();
                // Without a thread the picture waits.
                (thread.is_none().then(|| Arc::new(seek())), thread)
            }
            Self::Sought(thread) if waits || thread.is_finished() => {
                (Some(Arc::new(thread.join().unwrap_or_default())), None)
            }
            Self::Sought(thread) => (None, Some(thread)),
        };
        *self = match (&found, thread) {
            (Some(found), _) => Self::Known(Arc::clone(found)),
            (None, Some(thread)) => Self::Sought(thread),
            (None, None) => Self::Unasked,
        };
        found
    }

    /// Whether they are being sought and have been found by now.
    pub(super) fn is_news(&self) -> bool {
        matches!(self, Self::Sought(thread) if thread.is_finished())
    }

    /// Whether they are being sought.
    pub(super) fn is_sought(&self) -> bool {
        matches!(self, Self::Sought(_))
    }
}

fn seek() -> Database {
    let mut found = Database::new();
    found.load_system_fonts();
    found
}

impl fmt::Debug for Installed {
    /// Writes how many there are; nobody reads a thousand faces.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unasked => out.write_str("unasked"),
            Self::Sought(_) => out.write_str("sought"),
            Self::Known(known) => write!(out, "{} faces", known.len()),
        }
    }
}
