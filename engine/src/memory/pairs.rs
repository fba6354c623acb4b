//! A table whose rows have two halves: one that only its owner uses, and one that all share who know the
//! table. They lie beside each other, for whoever looks into the one soon looks into the other.

use std::cell::UnsafeCell;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

use super::{Arena, prefetch};

/// A row. Processors fetch the two lines of such a pair together, from one page.
#[derive(Default)]
#[repr(C, align(128))]
struct Pair<A, B> {
    own: UnsafeCell<A>,
    shared: B,
}

// SAFETY: `own` is reached through the one `Owner` of the table alone, whose borrows keep writers
// and readers apart; to share the table among threads shares the `A`s and lets one thread change
// what another one made.
unsafe impl<A: Send + Sync, B: Sync> Sync for Pair<A, B> {}

/// The table, for the one who owns the first halves, which are what it is indexed for.
pub(crate) struct Owner<A, B>(Arc<Arena<Pair<A, B>>>);

/// The table, for all who share the second halves.
pub(crate) struct Sharer<A, B>(Arc<Arena<Pair<A, B>>>);

/// An empty table.
pub(crate) fn pairs<A, B>() -> (Owner<A, B>, Sharer<A, B>) {
    let arena = Arc::new(Arena::default());
    (Owner(arena.clone()), Sharer(arena))
}

impl<A: Default, B: Default> Sharer<A, B> {
    /// Makes room for a row, which can be used from then on.
    pub(crate) fn reach(&self, row: u32) {
        self.0.reach(row);
    }
}

impl<A, B> Index<u32> for Sharer<A, B> {
    type Output = B;

    fn index(&self, row: u32) -> &B {
        &self.0[row].shared
    }
}

impl<A, B> Owner<A, B> {
    /// The shared half of a row.
    #[inline]
    pub(crate) fn shared(&self, row: u32) -> &B {
        &self.0[row].shared
    }

    /// Asks for the memory of a row.
    #[inline]
    pub(crate) fn prefetch(&self, row: u32) {
        let pair = &self.0[row];
        prefetch(pair.own.get().cast_const());
        prefetch(&raw const pair.shared);
    }
}

impl<A, B> Index<u32> for Owner<A, B> {
    type Output = A;

    #[inline]
    fn index(&self, row: u32) -> &A {
        // SAFETY: only the owner makes references to this half, of which there is one; this borrows
        // it, so that it makes no `&mut` meanwhile.
        unsafe { &*self.0[row].own.get() }
    }
}

impl<A, B> IndexMut<u32> for Owner<A, B> {
    #[inline]
    fn index_mut(&mut self, row: u32) -> &mut A {
        // SAFETY: as above, and this borrows the owner for itself.
        unsafe { &mut *self.0[row].own.get() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::pairs;

    /// What is done to one half is not seen in the other, and both halves of a row are beside each
    /// other.
    #[test]
    fn the_halves_are_apart() {
        let (mut owner, sharer) = pairs::<u32, AtomicU32>();
        sharer.reach(5_000);
        owner[5_000] = 1;
        owner.shared(5_000).store(2, Ordering::Relaxed);
        let own = &owner[5_000];
        sharer[5_000].store(3, Ordering::Relaxed);
        assert_eq!((*own, sharer[5_000].load(Ordering::Relaxed)), (1, 3));
        let distance = (&raw const sharer[5_000]).addr() - std::ptr::from_ref(own).addr();
        assert!(distance < 128);
    }

    /// The shared half can be used while the owner has its own for itself.
    #[test]
    fn sharing_goes_on_beside_the_owner() {
        let (mut owner, sharer) = pairs::<u32, AtomicU32>();
        sharer.reach(0);
        std::thread::scope(|scope| {
            scope.spawn(|| (0..1_000).for_each(|_| _ = sharer[0].fetch_add(1, Ordering::Relaxed)));
            let own = &mut owner[0];
            (0..1_000).for_each(|_| *own += 1);
        });
        assert_eq!((owner[0], sharer[0].load(Ordering::Relaxed)), (1_000, 1_000));
    }
}
