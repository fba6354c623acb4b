use std::fs;
use std::path::{Path, PathBuf};

use super::{DEJAVU, FontWish, Fonts, HACK};
use crate::render::atlas::Atlas;

const TEXT: &str = "Wrapped, שלום 漢字 fi";

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("metapython-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn wish(font: &str) -> FontWish<'_> {
    FontWish { font, bold: false, italic: false }
}

/// Lays a text out and draws it; why the font was refused, if it was.
fn seen(fonts: &mut Fonts, font: &str) -> Option<String> {
    let layout = fonts.lay_out(wish(font), 4.0, TEXT);
    let mut atlas = Atlas::default();
    fonts.glyphs.clear();
    for line in &layout.lines {
        fonts.glyphs.draw(&mut atlas, line, 20.0, [0.0, 0.0], true, |_| {});
    }
    assert!(!layout.lines.is_empty());
    fonts.take_refusal()
}

/// A name that nobody has is told once, with the name that was probably meant; Hack stands in.
#[test]
fn a_font_that_there_is_not_is_hack() {
    let mut fonts = Fonts::shipped();
    let refusal = seen(&mut fonts, "DejaVu Sand").unwrap();
    assert_eq!(refusal, "there is no font of this name; did you mean `DejaVu Sans`?");
    assert_eq!(seen(&mut fonts, "DejaVu Sand"), None);
    let hack = fonts.lay_out(wish(""), 0.0, "abc");
    assert_eq!(fonts.lay_out(wish("DejaVu Sand"), 0.0, "abc"), hack);
    assert_ne!(fonts.lay_out(wish("dejavu sans"), 0.0, "abc"), hack);
    let missing = seen(&mut fonts, "fonts/none.ttf").unwrap();
    assert_eq!(missing, "there is no such file; check the path");
    assert!(seen(&mut fonts, "./").unwrap().starts_with("it is a folder, a device or a pipe"));
}

/// A font beside the scene is found from its folder, and is the same as the one in the program.
#[test]
fn a_font_is_read_from_a_file_beside_the_scene() {
    let folder = folder("font-file");
    fs::write(folder.join("own.ttf"), DEJAVU).unwrap();
    let mut fonts = Fonts::shipped();
    fonts.set_root(&folder);
    let own = fonts.lay_out(wish("own.ttf"), 0.0, "Wide");
    let shipped = fonts.lay_out(wish("DejaVu Sans"), 0.0, "Wide");
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!((fonts.take_refusal(), own.ascent), (None, shipped.ascent));
    assert_eq!(own.lines[0].width, shipped.lines[0].width);
    // Another scene's fonts are not kept.
    assert!(fonts.libraries.len() > 1);
    fonts.set_root(Path::new("elsewhere"));
    assert_eq!(fonts.libraries.len(), 1);
    assert_eq!(fonts.lay_out(wish(""), 0.0, "Wide").lines.len(), 1);
}

/// Fonts that were cut off or have wrong bytes are refused, or shown as far as they go; nothing ends.
#[test]
fn broken_fonts_are_harmless() {
    let folder = folder("font-broken");
    let mut fonts = Fonts::shipped();
    fonts.set_root(&folder);
    let mut random = fastrand::Rng::with_seed(7);
    let mut refused = 0;
    let file = folder.join("broken.ttf");
    for round in 0..80 {
        let whole = if round % 2 == 0 { HACK } else { DEJAVU };
        let mut data = whole.to_vec();
        if round < 20 {
            data.truncate(random.usize(..whole.len()));
        } else {
            // Most of a font's meaning lies in its tables' heads, at the beginning.
            let end = if round < 50 { 600 } else { whole.len() };
            for _ in 0..random.usize(1..40) {
                data[random.usize(..end)] = random.u8(..);
            }
        }
        fs::write(&file, data).unwrap();
        // The same name is another file each time.
        fonts.by_name.clear();
        refused += usize::from(seen(&mut fonts, "broken.ttf").is_some());
    }
    fs::write(&file, b"").unwrap();
    fonts.by_name.clear();
    let refusal = seen(&mut fonts, "broken.ttf").unwrap();
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(refusal, "it is damaged, or no TrueType or OpenType font; get it again");
    assert!(refused > 20, "{refused}");
}

/// Texts that stay are laid out once, whatever their size on the screen becomes; those beyond all
/// measure are cut.
#[test]
fn a_text_that_stays_is_laid_out_once() {
    let mut fonts = Fonts::shipped();
    fonts.begin(false);
    let first = fonts.lay_out(wish(""), 0.0, "stays");
    fonts.begin(false);
    assert!(std::sync::Arc::ptr_eq(&first, &fonts.lay_out(wish(""), 0.0, "stays")));
    let long = fonts.lay_out(wish(""), 0.0, &"ä".repeat(super::MAX_TEXT));
    assert_eq!(long.lines[0].glyphs.len(), super::MAX_TEXT / 2);
}
