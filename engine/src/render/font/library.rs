//! One label font, with what stands in for the letters that it lacks.

use std::collections::HashMap;
use std::fmt;

use cosmic_text::fontdb::{Database, FaceInfo, Family, ID, Language, Stretch, Style, Weight};
use cosmic_text::{
    Align, Attrs, Buffer, Fallback, FontSystem, Metrics, PlatformFallback, Shaping, Wrap,
};
use unicode_script::Script;

use super::face::{DAMAGED, Face};
use super::glyphs::Glyphs;
use super::layout::{Glyph, InkId, Layout, Line};

/// What the label's own face is called in its library.
const OWN: &str = "own";
/// What the faces that come with the program are called in a library, in the order in which they
/// stand in.
const SHIPPED: [&str; 2] = ["shipped, first", "shipped, second"];
/// A tab ends at a multiple of so many spaces.
const TAB_SPACES: u16 = 4;

/// A library among the [`Fonts`](super::Fonts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct LibraryId(pub(super) u32);

impl LibraryId {
    /// Hack, upright.
    pub(super) const HACK: Self = Self(0);
}

/// A face, and those that stand in for it.
pub(super) struct Library {
    face: Face,
    /// The face and the shipped ones.
    narrow: Shelf,
    /// These and the installed ones.
    wide: Option<Shelf>,
    ascent: f64,
    line_height: f64,
}

/// Fonts as the library of shaping takes them.
struct Shelf {
    system: FontSystem,
    inks: HashMap<ID, InkId>,
    /// Hack's, whose box stands for what no font has.
    hack: ID,
}

impl Library {
    /// The library of a face; the error says what is wrong with it.
    pub(super) fn new(face: Face, shipped: [&FaceInfo; 2]) -> Result<Self, String> {
        let mut narrow = Shelf::new(Database::new(), &face.info, shipped, Standing::Shipped);
        let own = narrow.own();
        let font = own.and_then(|own| narrow.system.get_font(own, Weight::NORMAL));
        let font = font.ok_or_else(|| DAMAGED.to_owned())?;
        let metrics = font.as_swash().metrics(&[]);
        let per_em = f64::from(metrics.units_per_em);
        let (ascent, descent) = (f64::from(metrics.ascent), f64::from(metrics.descent));
        let line_height = ascent + descent + f64::from(metrics.leading);
        // A damaged font may say anything; letters that nobody would see are no text.
        let is_sound =
            per_em > 0.0 && ascent > 0.0 && (0.1..10.0).contains(&(line_height / per_em));
        if !is_sound {
            return Err(DAMAGED.to_owned());
        }
        let (ascent, line_height) = (ascent / per_em, line_height / per_em);
        Ok(Self { face, narrow, wide: None, ascent, line_height })
    }

    /// Lays a text out. Where the label's face and the shipped ones lack letters, `installed` is asked
    /// for what there is besides: the second value is whether it had no answer yet.
    pub(super) fn lay_out(
        &mut self,
        text: &str,
        wrap: Option<f32>,
        shipped: [&FaceInfo; 2],
        installed: impl FnOnce() -> Option<std::sync::Arc<Database>>,
        glyphs: &mut Glyphs,
    ) -> (Layout, bool) {
        let (lines, is_whole) = self.narrow.lay_out(text, wrap, &self.face, glyphs);
        let (lines, is_provisional) = if is_whole {
            (lines, false)
        } else if let Some(wide) = &mut self.wide {
            (wide.lay_out(text, wrap, &self.face, glyphs).0, false)
        } else if let Some(installed) = installed() {
            let fonts = Database::clone(&installed);
            let shelf = Shelf::new(fonts, &self.face.info, shipped, Standing::Installed);
            let wide = self.wide.insert(shelf);
            (wide.lay_out(text, wrap, &self.face, glyphs).0, false)
        } else {
            (lines, true)
        };
        let Self { ascent, line_height, .. } = *self;
        (Layout { lines, ascent, line_height }, is_provisional)
    }
}

impl Shelf {
    fn new(
        mut fonts: Database,
        own: &FaceInfo,
        shipped: [&FaceInfo; 2],
        standing: Standing,
    ) -> Self {
        // Each is found by its name here, whatever it is called and however heavy it is.
        let mut put = |face: &FaceInfo, name: &str| {
            fonts.push_face_info(FaceInfo {
                families: vec![(name.to_owned(), Language::English_UnitedStates)],
                style: Style::Normal,
                weight: Weight::NORMAL,
                stretch: Stretch::Normal,
                ..face.clone()
            })
        };
        put(own, OWN);
        let [hack, _] = [0, 1].map(|place| put(shipped[place], SHIPPED[place]));
        let common = match standing {
            Standing::Shipped => SHIPPED.to_vec(),
            Standing::Installed => [&SHIPPED, PlatformFallback.common_fallback()].concat(),
        };
        // Which of several forms of a Chinese sign is meant is not asked of the user's system: a
        // picture is the same in every language.
        let locale = "en-US".to_owned();
        let standing = StandIns { common, standing };
        let system = FontSystem::new_with_locale_and_db_and_fallback(locale, fonts, standing);
        Self { system, inks: HashMap::new(), hack }
    }

    fn own(&self) -> Option<ID> {
        let mut faces = self.system.db().faces();
        faces.find(|face| face.families.iter().any(|(name, _)| name == OWN)).map(|face| face.id)
    }

    /// The lines of a text, and whether there is a glyph for all of it.
    fn lay_out(
        &mut self,
        text: &str,
        wrap: Option<f32>,
        face: &Face,
        glyphs: &mut Glyphs,
    ) -> (Vec<Line>, bool) {
        let mut buffer = Buffer::new_empty(Metrics::new(1.0, 1.0));
        buffer.set_wrap(if wrap.is_some() { Wrap::WordOrGlyph } else { Wrap::None });
        buffer.set_size(wrap, None);
        buffer.set_tab_width(TAB_SPACES);
        let attributes = Attrs::new().family(Family::Name(OWN));
        let (mut lines, mut is_whole) = (Vec::new(), true);
        for paragraph in text.split('\n') {
            buffer.set_text(paragraph, &attributes, Shaping::Advanced, Some(Align::Left));
            let count = buffer.lines.len();
            for index in 0..count {
                let laid_out = buffer.line_layout(&mut self.system, index).unwrap_or_default();
                for line in laid_out {
                    let placed = line.glyphs.iter().map(|glyph| {
                        let is_missing = glyph.glyph_id == 0;
                        is_whole &= !is_missing;
                        let id = if is_missing { self.hack } else { glyph.font_id };
                        let x = f64::from(glyph.x) + f64::from(glyph.x_offset);
                        let y = f64::from(glyph.y) - f64::from(glyph.y_offset);
                        (id, glyph.glyph_id, x, y)
                    });
                    let placed: Vec<_> = placed.collect();
                    let end = |end: f64, glyph: &cosmic_text::LayoutGlyph| {
                        end.max(f64::from(glyph.x) + f64::from(glyph.w))
                    };
                    lines.push((line.glyphs.iter().fold(0.0, end), placed));
                }
            }
        }
        let lines = lines.into_iter().map(|(width, placed)| {
            let glyphs = placed.into_iter().filter_map(|(id, number, x, y)| {
                let ink = self.ink(id, face, glyphs)?;
                Some(Glyph { x, y, ink, number })
            });
            Line { width, glyphs: glyphs.collect() }
        });
        (lines.collect(), is_whole)
    }

    fn ink(&mut self, id: ID, face: &Face, glyphs: &mut Glyphs) -> Option<InkId> {
        if let Some(ink) = self.inks.get(&id) {
            return Some(*ink);
        }
        let font = self.system.get_font(id, Weight::NORMAL)?;
        let ink = glyphs.add(font, face.is_thickened, face.is_slanted);
        self.inks.insert(id, ink);
        Some(ink)
    }
}

/// Which fonts stand in.
#[derive(Clone, Copy)]
enum Standing {
    Shipped,
    Installed,
}

/// In which order fonts stand in for each other.
struct StandIns {
    common: Vec<&'static str>,
    standing: Standing,
}

impl Fallback for StandIns {
    fn common_fallback(&self) -> &[&'static str] {
        &self.common
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, script: Script, locale: &str) -> &[&'static str] {
        match self.standing {
            Standing::Shipped => &[],
            Standing::Installed => PlatformFallback.script_fallback(script, locale),
        }
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Library({})", self.face.info.post_script_name)
    }
}
