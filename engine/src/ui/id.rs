//! Which widget is meant, from one step to the next.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// A widget of a process: the same number in every step, and in every run, as long as it is reached by
/// the same labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WidgetId(pub u64);

impl WidgetId {
    /// What all containers of a process are in. The start of FNV-1a.
    pub(super) const ROOT: Self = Self(0xcbf2_9ce4_8422_2325);

    /// What is called `label` in it. (FNV-1a, which is the same on every machine.)
    pub fn child(self, label: &str) -> Self {
        let eat = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        // The end of the label is no letter of any.
        Self(label.bytes().chain([0xff]).fold(self.0, eat))
    }
}

/// How often each label was seen in its container: the second one is another widget.
#[derive(Clone, Debug, Default)]
pub(super) struct Occurrences(HashMap<WidgetId, u32>);

impl Occurrences {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The widget that is called `label` in a container, and is none of those before it.
    pub(super) fn next(&mut self, container: WidgetId, label: &str) -> WidgetId {
        let id = container.child(label);
        let seen = self.0.entry(id).or_default();
        *seen += 1;
        if *seen == 1 { id } else { WidgetId(id.0 ^ u64::from(*seen)).child("#") }
    }
}

#[cfg(test)]
mod tests {
    use super::{Occurrences, WidgetId};

    /// Labels that run into each other are different paths, and the same path is the same number in
    /// every run.
    #[test]
    fn a_path_is_a_number() {
        let path =
            |labels: &[&str]| labels.iter().fold(WidgetId::ROOT, |id, label| id.child(label));
        assert_ne!(path(&["ab", "c"]), path(&["a", "bc"]));
        assert_ne!(path(&["a"]), path(&["a", ""]));
        assert_eq!(path(&["Settings", "Speed"]), WidgetId(0x0aa7_f979_19c2_7e9d));
    }

    /// Of two widgets with one label each has a number of its own, the same in the next step.
    #[test]
    fn the_second_of_a_label_is_another() {
        let mut occurrences = Occurrences::default();
        let mut step = || {
            occurrences.clear();
            [0; 3].map(|_| occurrences.next(WidgetId::ROOT, "Fire"))
        };
        let [first, second, third] = step();
        assert!(first != second && second != third && first != third);
        assert_eq!(step(), [first, second, third]);
    }
}
