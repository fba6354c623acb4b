//! What was cut, for putting it back.

use std::collections::VecDeque;

/// How many cut pieces are kept: as many as anybody goes back through.
const KEPT: usize = 32;

/// The pieces that were cut, the last one first.
#[derive(Clone, Debug, Default)]
pub(super) struct KillRing {
    pieces: VecDeque<String>,
}

/// On which side of the cursor a piece stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl KillRing {
    /// Takes a piece; one that was cut right after another is joined to it.
    pub(super) fn cut(&mut self, piece: String, side: Side, goes_on: bool) {
        if piece.is_empty() {
            return;
        }
        match (self.pieces.front_mut(), side) {
            (Some(last), Side::Left) if goes_on => last.insert_str(0, &piece),
            (Some(last), Side::Right) if goes_on => last.push_str(&piece),
            _ => {
                self.pieces.truncate(KEPT - 1);
                self.pieces.push_front(piece);
            }
        }
    }

    /// The piece that was cut last.
    pub(super) fn last(&self) -> Option<&str> {
        self.pieces.front().map(String::as_str)
    }

    /// Puts the last piece behind the others, and gives the one before it.
    pub(super) fn turn(&mut self) -> Option<&str> {
        if !self.pieces.is_empty() {
            self.pieces.rotate_left(1);
        }
        self.last()
    }
}
