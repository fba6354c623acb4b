//! The texts that were, for going back to them.

use std::collections::VecDeque;

use super::buffer::Buffer;

/// How much memory old texts may have, in bytes: a long block, changed a hundred times.
const ROOM: usize = 4 << 20;

/// What a text without letters costs all the same.
const FIXED: usize = size_of::<Buffer>();

/// Earlier states of a text, the last one at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Undo {
    past: VecDeque<Buffer>,
    bytes: usize,
}

impl Undo {
    /// Keeps a state that is about to be changed. The oldest ones go where there is no room.
    pub(super) fn keep(&mut self, state: Buffer) {
        self.bytes += state.text().len() + FIXED;
        self.past.push_back(state);
        while self.bytes > ROOM
            && let Some(oldest) = self.past.pop_front()
        {
            self.bytes -= oldest.text().len() + FIXED;
        }
    }

    /// The state before the last change.
    pub(super) fn take(&mut self) -> Option<Buffer> {
        let state = self.past.pop_back()?;
        self.bytes -= state.text().len() + FIXED;
        Some(state)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
