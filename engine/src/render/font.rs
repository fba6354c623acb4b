//! The fonts of labels: which face a name leads to, and how its words are laid out.
//!
//! Hack and DejaVu Sans come with the program, so that a picture is the same on every machine: the
//! first is every label's font unless it names another, the second has most of what the first lacks.
//! Installed fonts are looked for when a label first names one, or has a letter that neither of them
//! has. Each font has a library of its own, so that no label's letters depend on another label.

mod face;
mod glyphs;
mod installed;
mod layout;
mod library;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cosmic_text::fontdb::{Database, FaceInfo, Source};

pub(super) use face::FontWish;
use face::{DAMAGED, Face, no_family, of_family, of_file};
pub(super) use glyphs::{Curve, Glyphs, PlacedGlyph};
use installed::Installed;
pub(super) use layout::Layout;
use layout::{Layouts, Manner};
use library::{Library, LibraryId};

/// Hack by Source Foundry: made for screens, all glyphs of one width. Licence beside it.
pub(crate) const HACK: &[u8] = include_bytes!("../../../assets/fonts/Hack-Regular.ttf");
/// DejaVu Sans, whose letters go with Hack's: Greek, Cyrillic, Hebrew, Arabic, Armenian, Georgian,
/// symbols. Licence beside it.
const DEJAVU: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans.ttf");

/// Longer texts are cut there, bytes: more fits on no screen, and laying it out takes a tenth of a
/// second.
pub(super) const MAX_TEXT: usize = 1 << 16;

/// The fonts that labels have asked for.
pub(super) struct Fonts {
    /// What is drawn of them.
    pub(super) glyphs: Glyphs,
    root: PathBuf,
    shipped: Database,
    installed: Installed,
    /// Whether labels may be seen in Hack until the installed fonts are known.
    is_aside: bool,
    libraries: Vec<Library>,
    /// By name, those for upright, bold, italic, and bold italic letters.
    by_name: HashMap<String, [Option<LibraryId>; 4]>,
    layouts: Layouts,
    /// Why a font could not be taken, since the last call.
    refusal: Option<String>,
}

impl Fonts {
    /// The fonts that come with the program.
    pub(super) fn shipped() -> Self {
        let mut shipped = Database::new();
        for data in [HACK, DEJAVU] {
            shipped.load_font_source(Source::Binary(Arc::new(data)));
        }
        let mut fonts = Self {
            glyphs: Glyphs::new(),
            root: PathBuf::new(),
            shipped,
            installed: Installed::default(),
            is_aside: false,
            libraries: Vec::new(),
            by_name: HashMap::new(),
            layouts: Layouts::default(),
            refusal: None,
        };
        let hack = FontWish { font: "Hack", bold: false, italic: false };
        let face = of_family(&fonts.shipped, hack).expect("the font in the program is a font");
        let hack = Library::new(face, faces(&fonts.shipped));
        fonts.libraries.push(hack.expect("the font in the program is sound"));
        fonts
    }

    /// The same, and none of those that a user has installed: what is drawn in them is the same on every
    /// machine.
    pub(super) fn of_scenes_alone() -> Self {
        Self { installed: Installed::none(), ..Self::shipped() }
    }

    /// Paths of font files are looked up in this folder from now on.
    pub(super) fn set_root(&mut self, root: &Path) {
        if self.root == root {
            return;
        }
        // What was drawn in the fonts of another scene is not kept: it would be so for ever.
        if !self.by_name.is_empty() {
            let installed = std::mem::take(&mut self.installed);
            *self = Self { installed, is_aside: self.is_aside, ..Self::shipped() };
        }
        root.clone_into(&mut self.root);
    }

    /// Whether labels may be seen in Hack as long as installed fonts are sought, as a window wants it.
    pub(super) fn read_aside(&mut self, is_aside: bool) {
        self.is_aside = is_aside;
    }

    /// A frame begins. `emptied` says whether the atlas was.
    pub(super) fn begin(&mut self, emptied: bool) {
        if emptied {
            self.glyphs.clear();
        }
        if self.installed.is_news() || !self.is_aside && self.installed.is_sought() {
            self.installed.get(true);
            self.layouts.forget_provisional();
        }
        self.layouts.begin();
    }

    /// Lays a text out, with lines of at most `wrap` ems; with 0 they are as long as they are. A font
    /// that there is not is [told](Self::take_refusal) of once, and Hack stands in.
    pub(super) fn lay_out(&mut self, wish: FontWish<'_>, wrap: f64, text: &str) -> Arc<Layout> {
        #[expect(clippy::cast_possible_truncation, reason = "the precision of the fonts' library")]
        let wrap = (wrap > 0.0 && wrap.is_finite()).then_some(wrap as f32);
        let library = self.find_library(wish);
        // A file can hold anything, and the libraries may panic at some of it.
        let attempt = AssertUnwindSafe(|| self.lay_out_in(library, wrap, text));
        catch_unwind(attempt).unwrap_or_else(|_| {
            let places = self.by_name.values_mut().flatten();
            places.filter(|place| **place == Some(library)).for_each(|place| {
                *place = Some(LibraryId::HACK);
            });
            self.refusal = Some(DAMAGED.to_owned());
            self.lay_out_in(LibraryId::HACK, wrap, text)
        })
    }

    fn lay_out_in(&mut self, library: LibraryId, wrap: Option<f32>, text: &str) -> Arc<Layout> {
        let manner = Manner { library, wrap: wrap.map(f32::to_bits) };
        let Self { glyphs, shipped, installed, is_aside, libraries, layouts, .. } = self;
        layouts.get(manner, text, || {
            let Some(library) = libraries.get_mut(library.0 as usize) else {
                return (Layout::default(), true);
            };
            let installed = || installed.get(!*is_aside);
            library.lay_out(&plain(text), wrap, faces(shipped), installed, glyphs)
        })
    }

    /// Why the font of the last layout could not be taken, if it was the first to ask for it.
    pub(super) fn take_refusal(&mut self) -> Option<String> {
        self.refusal.take()
    }

    /// Has fonts that could not be taken be looked for again.
    pub(super) fn forget_refused(&mut self) {
        let stand_in = Some(LibraryId::HACK);
        self.by_name.retain(|_, places| !places.contains(&stand_in));
    }

    fn find_library(&mut self, wish: FontWish<'_>) -> LibraryId {
        if matches!(wish, FontWish { font: "" | "Hack", bold: false, italic: false }) {
            return LibraryId::HACK;
        }
        let place = usize::from(wish.bold) + 2 * usize::from(wish.italic);
        if let Some(Some(known)) = self.by_name.get(wish.font).map(|known| known[place]) {
            return known;
        }
        let face = match self.find(wish) {
            // Until the installed fonts are known.
            Ok(None) => return LibraryId::HACK,
            Ok(Some(face)) => Ok(face),
            Err(reason) => Err(reason),
        };
        let library = face.and_then(|face| {
            let attempt = AssertUnwindSafe(|| Library::new(face, faces(&self.shipped)));
            catch_unwind(attempt).unwrap_or_else(|_| Err(DAMAGED.to_owned()))
        });
        let id = match library {
            Ok(library) => {
                self.libraries.push(library);
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "4 G fonts do not fit in memory"
                )]
                LibraryId(self.libraries.len() as u32 - 1)
            }
            Err(reason) => {
                self.refusal = Some(reason);
                LibraryId::HACK
            }
        };
        self.by_name.entry(wish.font.to_owned()).or_default()[place] = Some(id);
        id
    }

    /// The face that a label means; `None` as long as the installed fonts are sought.
    fn find(&mut self, wish: FontWish<'_>) -> Result<Option<Face>, String> {
        let name = if wish.font.is_empty() { "Hack" } else { wish.font };
        let wish = FontWish { font: name, ..wish };
        if wish.is_file() {
            return of_file(&self.root.join(name), wish).map(Some);
        }
        // What comes with the program is the same everywhere, and what is installed may not be.
        if let Some(face) = of_family(&self.shipped, wish) {
            return Ok(Some(face));
        }
        let Some(installed) = self.installed.get(!self.is_aside) else { return Ok(None) };
        match of_family(&installed, wish) {
            Some(face) => Ok(Some(face)),
            None => Err(no_family(wish, &[&self.shipped, &installed])),
        }
    }
}

impl fmt::Debug for Fonts {
    /// Writes what was asked for; nobody reads a million bytes of fonts.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Fonts({:?}, installed: {:?})", self.libraries, self.installed)
    }
}

/// Hack and DejaVu Sans.
fn faces(shipped: &Database) -> [&FaceInfo; 2] {
    let mut faces = shipped.faces();
    [0, 1].map(|_| faces.next().expect("two fonts come with the program"))
}

/// A text without what is not written: control characters other than tabs and new lines.
fn plain(text: &str) -> Cow<'_, str> {
    let is_written = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
    let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or_default();
    if text.chars().all(is_written) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|letter| is_written(*letter)).collect())
    }
}

#[cfg(test)]
mod tests;
