//! Which face of which font a label means.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use cosmic_text::fontdb::{Database, FaceInfo, Family, Query, Source, Stretch, Style, Weight};

use crate::nearest::{did_you_mean, nearest};

/// Larger files are no fonts that anybody wants to read for a label, bytes: those with all of the
/// Chinese signs have about 20 MB.
const MAX_FILE_SIZE: u64 = 64 << 20;
/// From this weight on a face is bold by itself.
const BOLD_BY_ITSELF: u16 = 600;

/// What a label asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct FontWish<'a> {
    /// The name of a family, a file beside the scene, or nothing for Hack.
    pub(in super::super) font: &'a str,
    pub(in super::super) bold: bool,
    pub(in super::super) italic: bool,
}

impl FontWish<'_> {
    /// Whether it names a file rather than a family.
    pub(super) fn is_file(&self) -> bool {
        let ends = |ending: &str| self.font.to_ascii_lowercase().ends_with(ending);
        self.font.contains(['/', '\\']) || [".ttf", ".otf", ".ttc", ".otc"].into_iter().any(ends)
    }
}

/// A face, and what has to be done to its letters.
#[derive(Clone, Debug)]
pub(super) struct Face {
    pub(super) info: FaceInfo,
    /// Whether its letters are made thicker, as there is no bold face.
    pub(super) is_thickened: bool,
    /// Whether its letters are slanted, as there is no italic face.
    pub(super) is_slanted: bool,
}

/// The face of a family that comes closest to the wish; `None` if there is no such family.
pub(super) fn of_family(fonts: &Database, wish: FontWish<'_>) -> Option<Face> {
    let families = || fonts.faces().flat_map(|face| &face.families);
    let (family, _) = families().find(|(family, _)| family.eq_ignore_ascii_case(wish.font))?;
    closest(fonts, family, wish)
}

/// The face of a file that comes closest to the wish; the error says what is wrong and what to do.
pub(super) fn of_file(path: &Path, wish: FontWish<'_>) -> Result<Face, String> {
    let not_found = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => "there is no such file; check the path".to_owned(),
        _ => format!("{error}; check the file and its permissions"),
    };
    let metadata = fs::metadata(path).map_err(not_found)?;
    if !metadata.is_file() {
        // A pipe would be waited for forever.
        return Err("it is a folder, a device or a pipe, not a file; check the path".to_owned());
    }
    if metadata.len() > MAX_FILE_SIZE {
        let most = MAX_FILE_SIZE >> 20;
        return Err(format!("its file is larger than {most} MiB; choose a smaller one"));
    }
    let data = fs::read(path).map_err(not_found)?;
    let mut fonts = Database::new();
    fonts.load_font_source(Source::Binary(Arc::new(data)));
    let family = fonts.faces().find_map(|face| face.families.first()).cloned();
    let found = family.and_then(|(family, _)| closest(&fonts, &family, wish));
    found.ok_or_else(|| DAMAGED.to_owned())
}

/// What is said of a file that is no font.
pub(super) const DAMAGED: &str = "it is damaged, or no TrueType or OpenType font; get it again";

/// Why there is no family of this name.
pub(super) fn no_family(wish: FontWish<'_>, fonts: &[&Database]) -> String {
    let faces = fonts.iter().flat_map(|fonts| fonts.faces());
    let families: BTreeSet<&str> =
        faces.flat_map(|face| &face.families).map(|(family, _)| family.as_str()).collect();
    let nearest = nearest(wish.font, families);
    format!("there is no font of this name{}", did_you_mean(nearest.as_deref()))
}

fn closest(fonts: &Database, family: &str, wish: FontWish<'_>) -> Option<Face> {
    let id = fonts.query(&Query {
        families: &[Family::Name(family)],
        weight: if wish.bold { Weight::BOLD } else { Weight::NORMAL },
        stretch: Stretch::Normal,
        style: if wish.italic { Style::Italic } else { Style::Normal },
    })?;
    let info = fonts.face(id)?.clone();
    Some(Face {
        is_thickened: wish.bold && info.weight.0 < BOLD_BY_ITSELF,
        is_slanted: wish.italic && info.style == Style::Normal,
        info,
    })
}
