//! Words laid out in lines, in ems: a text that grows is not laid out anew.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use super::library::LibraryId;

/// A text in lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in super::super) struct Layout {
    pub(in super::super) lines: Vec<Line>,
    /// From a line's top to the line on which letters stand, ems.
    pub(in super::super) ascent: f64,
    /// From one line's top to the next, ems.
    pub(in super::super) line_height: f64,
}

/// Glyphs in a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in super::super) struct Line {
    /// Width, ems.
    pub(in super::super) width: f64,
    pub(in super::super) glyphs: Vec<Glyph>,
}

/// A picture of a letter, or of some, in a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Glyph {
    /// From the line's left end, ems.
    pub(in super::super) x: f64,
    /// Below the line on which letters stand, ems.
    pub(in super::super) y: f64,
    pub(super) ink: InkId,
    /// Its number in its face.
    pub(super) number: u16,
}

/// A face as it is drawn, among those of [`Glyphs`](super::Glyphs).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct InkId(pub(super) u32);

/// How a text is laid out, but for its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Manner {
    pub(super) library: LibraryId,
    /// The bits of the width at which lines are wrapped, ems.
    pub(super) wrap: Option<u32>,
}

/// The layouts of the labels that were seen of late.
#[derive(Debug, Default)]
pub(super) struct Layouts {
    known: HashMap<Manner, HashMap<String, Known>>,
    frame: u64,
    /// How much they are together, as [`weight`] has it.
    total: usize,
    /// How much of that was used in this frame.
    used: usize,
}

#[derive(Debug)]
struct Known {
    layout: Arc<Layout>,
    /// Whether other fonts may make another of it.
    is_provisional: bool,
    /// The last frame that used it.
    used: u64,
}

impl Layouts {
    /// How much is kept beyond what is in use: texts that come back are there at once.
    const SPARE: usize = 1024;

    /// A frame begins: what was not used for a while goes, once that is most of all.
    pub(super) fn begin(&mut self) {
        let last = self.frame;
        if self.total > 2 * self.used + Self::SPARE {
            self.keep(|known| known.used == last);
        }
        self.frame += 1;
        self.used = 0;
    }

    /// Forgets those that other fonts may make another of.
    pub(super) fn forget_provisional(&mut self) {
        self.keep(|known| !known.is_provisional);
    }

    /// The layout of a text, made if it is not known: `make` says also whether it is provisional.
    pub(super) fn get(
        &mut self,
        manner: Manner,
        text: &str,
        make: impl FnOnce() -> (Layout, bool),
    ) -> Arc<Layout> {
        let of_manner = self.known.entry(manner).or_default();
        if let Some(known) = of_manner.get_mut(text) {
            if mem::replace(&mut known.used, self.frame) != self.frame {
                self.used += weight(text);
            }
            return Arc::clone(&known.layout);
        }
        let (layout, is_provisional) = make();
        let layout = Arc::new(layout);
        let known = Known { layout: Arc::clone(&layout), is_provisional, used: self.frame };
        of_manner.insert(text.to_owned(), known);
        self.total += weight(text);
        self.used += weight(text);
        layout
    }

    fn keep(&mut self, is_kept: impl Fn(&Known) -> bool) {
        for of_manner in self.known.values_mut() {
            of_manner.retain(|_, known| is_kept(known));
        }
        self.known.retain(|_, of_manner| !of_manner.is_empty());
        self.total = self.known.values().flat_map(HashMap::keys).map(|text| weight(text)).sum();
    }
}

/// How much the layout of a text is, where that of a short label is 1.
fn weight(text: &str) -> usize {
    1 + text.len() / 64
}

#[cfg(test)]
mod tests {
    use super::{Layout, Layouts, Manner};
    use crate::render::font::library::LibraryId;

    /// A text that stays is laid out once; thousands that are seen once do not stay for ever.
    #[test]
    fn what_is_not_used_is_forgotten_and_what_is_stays() {
        let manner = Manner { library: LibraryId::HACK, wrap: None };
        let mut layouts = Layouts::default();
        let mut made = 0;
        for frame in 0..3 * Layouts::SPARE {
            layouts.begin();
            let mut get = |text: &str| {
                layouts.get(manner, text, || {
                    made += 1;
                    (Layout::default(), false)
                });
            };
            get("stays");
            get("stays");
            get(&frame.to_string());
        }
        assert_eq!(made, 1 + 3 * Layouts::SPARE);
        assert!(layouts.total <= Layouts::SPARE + 8, "{}", layouts.total);
    }

    /// Of long texts that are seen once, fewer stay than of short ones.
    #[test]
    fn long_texts_weigh_more() {
        let manner = Manner { library: LibraryId::HACK, wrap: None };
        let mut layouts = Layouts::default();
        for frame in 0..50 {
            layouts.begin();
            layouts.get(manner, &frame.to_string().repeat(32_000), || (Layout::default(), false));
        }
        let kept: usize = layouts.known.values().map(|known| known.len()).sum();
        assert!((1..=6).contains(&kept), "{kept}");
    }

    /// With other fonts, what lacked letters is laid out anew, and nothing else.
    #[test]
    fn what_is_provisional_is_made_anew() {
        let manner = Manner { library: LibraryId::HACK, wrap: Some(0) };
        let mut layouts = Layouts::default();
        layouts.get(manner, "whole", || (Layout::default(), false));
        layouts.get(manner, "lacks", || (Layout::default(), true));
        layouts.forget_provisional();
        layouts.get(manner, "whole", || unreachable!("it is known"));
        let mut made = false;
        layouts.get(manner, "lacks", || {
            made = true;
            (Layout::default(), false)
        });
        assert!(made);
    }
}
