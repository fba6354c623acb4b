//! Thousands of lists of due times in one piece of memory.
//!
//! Each list is a chain of blocks, and knows where its next entry goes: to add one touches the block's
//! own line and nothing else, whose memory need not be waited for.

use super::Entry;
use crate::memory::{Arena, prefetch};

/// How many entries a block has: four cache lines are full of them and of what links blocks.
const ROOM: usize = 15;

/// A list. It is worth something only together with the [`Blocks`] that it was made with.
#[derive(Debug, Default)]
pub(super) struct List {
    /// The first and the last block of the chain; they mean nothing while `blocks` is 0.
    first: u32,
    last: u32,
    blocks: u32,
    /// How many entries the last block holds.
    filled: u32,
}

#[derive(Default)]
#[repr(align(64))]
struct Block {
    entries: [Entry; ROOM],
    next: u32,
}

/// The memory of lists.
#[derive(Default)]
pub(super) struct Blocks {
    blocks: Arena<Block>,
    vacant: Vec<u32>,
    /// How many there have been at a time.
    most: u32,
}

impl List {
    pub(super) fn is_empty(&self) -> bool {
        self.blocks == 0
    }

    pub(super) fn push(&mut self, blocks: &mut Blocks, entry: Entry) {
        if self.blocks == 0 || self.filled as usize == ROOM {
            let block = blocks.open();
            if self.blocks == 0 {
                self.first = block;
            } else {
                blocks.blocks[self.last].next = block;
            }
            self.last = block;
            self.blocks += 1;
            self.filled = 0;
        }
        blocks.blocks[self.last].entries[self.filled as usize] = entry;
        self.filled += 1;
    }

    /// Asks for the memory that the next entry goes to.
    pub(super) fn prefetch_end(&self, blocks: &Blocks) {
        if self.blocks > 0 && (self.filled as usize) < ROOM {
            prefetch(&raw const blocks.blocks[self.last].entries[self.filled as usize]);
        }
    }

    /// The entries, in the order in which they were added.
    pub(super) fn iter<'a>(&self, blocks: &'a Blocks) -> impl Iterator<Item = &'a Entry> {
        self.chain(blocks).flat_map(|(block, filled)| &blocks.blocks[block].entries[..filled])
    }

    /// Moves the entries to the end of `target`; the list is empty then.
    pub(super) fn drain(&mut self, blocks: &mut Blocks, target: &mut Vec<Entry>) {
        let list = std::mem::take(self);
        for (block, filled) in list.chain(blocks) {
            let Block { entries, next } = &blocks.blocks[block];
            prefetch(&raw const blocks.blocks[*next]);
            target.extend_from_slice(&entries[..filled]);
        }
        let emptied: Vec<_> = list.chain(blocks).map(|(block, _)| block).collect();
        blocks.vacant.extend(emptied);
    }

    /// The numbers of its blocks, and how many entries each holds.
    fn chain(&self, blocks: &Blocks) -> impl Iterator<Item = (u32, usize)> {
        let (mut block, count, filled) = (self.first, self.blocks, self.filled as usize);
        (1..=count).map(move |number| {
            let this = block;
            block = blocks.blocks[this].next;
            (this, if number == count { filled } else { ROOM })
        })
    }
}

impl Blocks {
    fn open(&mut self) -> u32 {
        self.vacant.pop().unwrap_or_else(|| {
            let block = self.most;
            self.most = block.checked_add(1).expect("less than 2^32 blocks of due times");
            self.blocks.reach(block);
            block
        })
    }
}
