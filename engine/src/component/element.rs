//! The numbers of arrays, as they stand for those in components.

use std::cell::Cell;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicI32, AtomicI64, AtomicU8, AtomicU64};

use super::Primitive;

/// A number as arrays have it: a truth value is a byte, because an array may hold any there.
///
/// # Safety
/// The type has the size and alignment of what a component has in a place of
/// [`PRIMITIVE`](Self::PRIMITIVE), which may be read as it; [`clean`](Self::clean) gives what may be
/// written there.
pub unsafe trait Element: Copy + Default {
    /// What a number of this type is in a component.
    const PRIMITIVE: Primitive;

    /// Whether a component may hold it.
    #[inline]
    fn is_valid(self) -> bool {
        self.flaw() >> 63 == 0
    }

    /// The highest bit is set if a component may not hold it; the others say nothing. Those of many
    /// numbers are soon joined.
    #[inline]
    fn flaw(self) -> u64 {
        0
    }

    /// The same bits, to be compared.
    fn bits(self) -> u64;

    /// Reads a cell once, also where another thread writes it without keeping to any rule: what is
    /// tested afterwards is what is used.
    fn read_once(cell: &Cell<Self>) -> Self;

    /// What the memory of a component may have.
    #[inline]
    #[must_use]
    fn clean(self) -> Self {
        self
    }
}

// SAFETY: a float is one.
unsafe impl Element for f64 {
    const PRIMITIVE: Primitive = Primitive::Float;

    #[inline]
    fn flaw(self) -> u64 {
        // A number is not finite if all bits of its exponent are set: then one more in the lowest of
        // them is carried into the highest bit of all.
        const EXPONENT: u64 = 0x7ff << 52;
        (self.to_bits() & EXPONENT) + (1 << 52)
    }

    #[inline]
    fn bits(self) -> u64 {
        self.to_bits()
    }

    #[inline]
    fn read_once(cell: &Cell<Self>) -> Self {
        // SAFETY: the memory is the cell's, of the size and alignment of the atomic number.
        let number = unsafe { AtomicU64::from_ptr(cell.as_ptr().cast()) };
        Self::from_bits(number.load(Relaxed))
    }
}

// SAFETY: a long is one.
unsafe impl Element for i64 {
    const PRIMITIVE: Primitive = Primitive::Long;

    #[inline]
    fn bits(self) -> u64 {
        self.cast_unsigned()
    }

    #[inline]
    fn read_once(cell: &Cell<Self>) -> Self {
        // SAFETY: the memory is the cell's, of the size and alignment of the atomic number.
        let number = unsafe { AtomicI64::from_ptr(cell.as_ptr()) };
        number.load(Relaxed)
    }
}

// SAFETY: an int is one.
unsafe impl Element for i32 {
    const PRIMITIVE: Primitive = Primitive::Int;

    #[inline]
    fn bits(self) -> u64 {
        self.cast_unsigned().into()
    }

    #[inline]
    fn read_once(cell: &Cell<Self>) -> Self {
        // SAFETY: the memory is the cell's, of the size and alignment of the atomic number.
        let number = unsafe { AtomicI32::from_ptr(cell.as_ptr()) };
        number.load(Relaxed)
    }
}

// SAFETY: a bool has a byte, which is 0 or 1, and `clean` gives no other.
unsafe impl Element for u8 {
    const PRIMITIVE: Primitive = Primitive::Bool;

    #[inline]
    fn bits(self) -> u64 {
        self.into()
    }

    #[inline]
    fn read_once(cell: &Cell<Self>) -> Self {
        // SAFETY: the memory is the cell's, of the size and alignment of the atomic number.
        let number = unsafe { AtomicU8::from_ptr(cell.as_ptr()) };
        number.load(Relaxed)
    }

    #[inline]
    fn clean(self) -> Self {
        (self != 0).into()
    }
}
