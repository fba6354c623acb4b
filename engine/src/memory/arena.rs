//! A table that grows in pieces: what stands in it never moves, and can be read while it grows.
//!
//! Those who are due in a tick stand anywhere in a table of a million, and to find the page of each
//! costs as much as to read it, twice so in a virtual machine. Large pieces therefore ask for huge
//! pages, of which a few are enough for all.
//!
//! It never shrinks: a million processes take 128 MB of the run table for as long as the machine
//! lives. A piece is made in one go, when its first element is needed: for the half million that
//! follows on half a million, that takes some milliseconds.

use std::ops::{Index, IndexMut};
use std::sync::OnceLock;

use super::huge::ask_for_huge_pages;

/// How many elements the first piece has. Each piece is twice as long as the one before it.
const FIRST: usize = 1024;

/// Enough for all numbers of 32 bits.
const PIECES: usize = 33 - FIRST.ilog2() as usize;

/// A growing table of elements that begin as their default.
pub(crate) struct Arena<T> {
    pieces: [OnceLock<Box<[T]>>; PIECES],
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { pieces: [const { OnceLock::new() }; PIECES] }
    }
}

impl<T: Default> Arena<T> {
    /// Makes room for the element at `index`, which can be used from then on.
    pub(crate) fn reach(&self, index: u32) {
        let (piece, _) = place(index);
        self.pieces[piece].get_or_init(|| new_piece(FIRST << piece));
    }
}

/// The piece of an element, and its place in there: before piece `n` there are `FIRST << n` elements
/// less `FIRST`, so that the highest bit tells the piece.
#[inline]
fn place(index: u32) -> (usize, usize) {
    let index = u64::from(index) + FIRST as u64;
    let highest = index.ilog2();
    ((highest - FIRST.ilog2()) as usize, (index ^ (1 << highest)) as usize)
}

/// Panics where nobody has asked for the room.
impl<T> Index<u32> for Arena<T> {
    type Output = T;

    #[inline]
    fn index(&self, index: u32) -> &T {
        let (piece, offset) = place(index);
        &self.pieces[piece].get().expect("the piece was reached for")[offset]
    }
}

impl<T> IndexMut<u32> for Arena<T> {
    #[inline]
    fn index_mut(&mut self, index: u32) -> &mut T {
        let (piece, offset) = place(index);
        &mut self.pieces[piece].get_mut().expect("the piece was reached for")[offset]
    }
}

fn new_piece<T: Default>(length: usize) -> Box<[T]> {
    let mut piece = Vec::with_capacity(length);
    ask_for_huge_pages(piece.spare_capacity_mut());
    piece.resize_with(length, T::default);
    piece.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use super::{Arena, FIRST, place};

    /// The pieces follow each other without a gap, up to the last number.
    #[test]
    fn every_element_has_a_place_of_its_own() {
        let mut next = (0, 0);
        for index in 0..10 * u32::try_from(FIRST).unwrap() {
            let found = place(index);
            assert!(found == next || found == (next.0 + 1, 0), "{index}: {found:?}, not {next:?}");
            next = (found.0, found.1 + 1);
        }
        assert_eq!(place(u32::MAX).0, super::PIECES - 1);
    }

    /// What is written stays there while the arena grows, and the rest is as it began.
    #[test]
    fn elements_stay_where_they_are() {
        let mut arena = Arena::<u64>::default();
        arena.reach(0);
        arena[0] = 7;
        let first = std::ptr::from_ref(&arena[0]);
        for index in [3, 5_000, 1_000_000] {
            arena.reach(index);
            arena[index] = index.into();
        }
        assert_eq!((arena[0], arena[3], arena[5_000], arena[1_000_000]), (7, 3, 5_000, 1_000_000));
        assert_eq!((arena[4], arena[999_999]), (0, 0));
        assert_eq!(first, std::ptr::from_ref(&arena[0]));
    }
}
