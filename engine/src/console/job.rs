//! What commands do that lasts longer than a tick.

use std::collections::BTreeMap;
use std::fmt;

use super::{Context, SessionId};

/// The rest of a command, a piece in each tick. Its session does nothing else meanwhile, and ends it
/// with Ctrl-C.
pub trait Job: Send + Sync {
    /// Goes on, for no longer than [`Context::until`]; whether that was all.
    fn advance(&mut self, context: &mut Context<'_>) -> bool;

    /// It is not gone on with: Ctrl-C, or its session has ended. What it has changed for its own purpose
    /// is put right here; nobody is shown anything.
    fn end(&mut self, context: &mut Context<'_>) {
        let _ = context;
    }
}

/// The jobs under way, of each session one at most.
#[derive(Default)]
pub(super) struct Jobs(pub(super) BTreeMap<SessionId, Box<dyn Job>>);

impl fmt::Debug for Jobs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.0.keys()).finish()
    }
}
