//! Names in order: those that begin alike stand together, and are found without a look at the others.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::Bound;

/// The entries whose names begin with `prefix`, in order. Each is looked for as it is asked for, so who
/// takes a few has looked at few, however many there are.
pub(super) fn beginning_with<'a, N: Ord + Borrow<str>, T>(
    sorted: &'a BTreeMap<N, T>,
    prefix: &'a str,
) -> impl Iterator<Item = (&'a N, &'a T)> {
    sorted
        .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
        .take_while(move |(name, _)| (*name).borrow().starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use std::borrow::Borrow;
    use std::cell::Cell;
    use std::collections::BTreeMap;

    use super::beginning_with;

    thread_local! {
        /// How often somebody has looked at a name.
        static LOOKS: Cell<usize> = const { Cell::new(0) };
    }

    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    struct Counted(String);

    impl Borrow<str> for Counted {
        fn borrow(&self) -> &str {
            LOOKS.set(LOOKS.get() + 1);
            &self.0
        }
    }

    /// Among 100,000 names as many are looked at as are asked for, and some to find the first.
    #[test]
    fn only_names_that_are_asked_for_are_looked_at() {
        let mut sorted = BTreeMap::from([(Counted("Needle".to_owned()), 0)]);
        sorted.extend((1..100_000).map(|number| (Counted(format!("Ball{number}")), number)));
        for (prefix, most, found) in [
            ("Ball", 1_000, 1_000),
            ("Ball9999", 1_000, 11),
            ("Ne", 1_000, 1),
            ("x", 1_000, 0),
            ("", 7, 7),
        ] {
            LOOKS.set(0);
            assert_eq!(beginning_with(&sorted, prefix).take(most).count(), found, "{prefix}");
            // A tree of 100,000 has some levels of at most eleven names each.
            assert!(LOOKS.get() <= found + 200, "{prefix}: {} looks", LOOKS.get());
        }
        let names: Vec<_> = beginning_with(&sorted, "Ball9999").map(|(name, _)| &*name.0).collect();
        assert_eq!(names[..3], ["Ball9999", "Ball99990", "Ball99991"]);
    }
}
