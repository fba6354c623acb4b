//! The two arrays of a field: what a block may change, and what was read into it.

use std::cell::Cell;
use std::ops::Range;

use crate::component::{Element, Place};
use crate::wide::wide;

/// How many elements are looked at before it is decided whether to look on: some loops are only
/// fast if they do not stop.
const CHUNK: usize = 1024;

/// The array of a field that a block may change, and what it was when it was read.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a, T: Copy> {
    pub(in crate::component) array: &'a [Cell<T>],
    pub(in crate::component) before: &'a [Cell<T>],
}

/// Two arrays of a field, by what is in them.
#[derive(Clone, Copy, Debug)]
pub enum Arrays<'a> {
    /// Of numbers.
    Float(Pair<'a, f64>),
    /// Of whole numbers of 32 bits.
    Int(Pair<'a, i32>),
    /// Of whole numbers of 64 bits.
    Long(Pair<'a, i64>),
    /// Of truth values, as bytes.
    Bool(Pair<'a, u8>),
}

/// Calls a function with a pair of any element.
macro_rules! with_pair {
    ($arrays:expr, $pair:ident => $call:expr) => {
        match $arrays {
            Arrays::Float($pair) => $call,
            Arrays::Int($pair) => $call,
            Arrays::Long($pair) => $call,
            Arrays::Bool($pair) => $call,
        }
    };
}
pub(super) use with_pair;

/// Arrays are made of the one that a block may change and the one that says what was read.
macro_rules! arrays_of {
    ($($case:ident: $element:ty),+) => {
        $(impl<'a> From<[&'a [Cell<$element>]; 2]> for Arrays<'a> {
            fn from([array, before]: [&'a [Cell<$element>]; 2]) -> Self {
                Self::$case(Pair { array, before })
            }
        })+
    };
}
arrays_of!(Float: f64, Int: i32, Long: i64, Bool: u8);

impl Arrays<'_> {
    /// Whether they are arrays for a field of so many entities.
    pub(super) fn fit(&self, place: Place, entities: usize) -> bool {
        with_pair!(self, pair => pair.fits(place, entities))
    }
}

impl<'a, T: Element> Pair<'a, T> {
    fn fits(&self, place: Place, entities: usize) -> bool {
        T::PRIMITIVE == place.primitive()
            && self.array.len() == entities * place.numbers()
            && self.before.len() == self.array.len()
    }

    /// The elements of so many numbers a row, of some rows.
    pub(super) fn part(&self, rows: Range<usize>, numbers: usize) -> Self {
        let elements = rows.start * numbers..rows.end * numbers;
        Self { array: &self.array[elements.clone()], before: &self.before[elements] }
    }

    /// An element from which on there are all that differ from what was read.
    ///
    /// # Errors
    /// The first element that differs and that a component may not hold.
    pub(super) fn first_change(&self) -> Result<Option<usize>, usize> {
        let mut chunks = self.array.chunks(CHUNK).zip(self.before.chunks(CHUNK));
        let Some(chunk) = chunks.position(|(array, before)| differ(array, before)) else {
            return Ok(None);
        };
        // What is wrong is rare, and where the first change is there are mostly others: it takes less
        // to look at one array for what is wrong than at two for what differs.
        let first = chunk * CHUNK;
        if self.array[first..].chunks(CHUNK).all(are_valid) {
            return Ok(Some(first));
        }
        let is_wrong = |(array, before): (&Cell<T>, &Cell<T>)| {
            !array.get().is_valid() && array.get().bits() != before.get().bits()
        };
        match self.array.iter().zip(self.before).position(is_wrong) {
            Some(wrong) => Err(wrong),
            None => Ok(Some(first)),
        }
    }
}

fn differ<T: Element>(array: &[Cell<T>], before: &[Cell<T>]) -> bool {
    let pairs = array.iter().zip(before);
    let join =
        |bits, (one, other): (&Cell<T>, &Cell<T>)| bits | one.get().bits() ^ other.get().bits();
    wide(|| pairs.fold(0, join) != 0)
}

fn are_valid<T: Element>(array: &[Cell<T>]) -> bool {
    wide(|| array.iter().fold(0, |flaws, element| flaws | element.get().flaw()) >> 63 == 0)
}
