use super::{Align, Label, draw};
use crate::motion::Transform;
use crate::render::atlas::Atlas;
use crate::render::draw_list::DrawList;
use crate::render::font::{FontWish, Fonts};
use crate::render::placement::Placement;

/// Hack's advance of every letter and height of a line, in ems, as its tables state them: 1233 and
/// 1901 + 483 of 2048 units.
const ADVANCE_EM: f64 = 1233.0 / 2048.0;
const LINE_EM: f64 = 2384.0 / 2048.0;

/// Draws one label in a window of 640 × 480 px.
fn drawn(transform: &Transform, label: &Label) -> (DrawList, Atlas) {
    let (mut list, mut atlas) = (DrawList::default(), Atlas::default());
    list.begin([640, 480]);
    let placement = Placement::new(transform).unwrap();
    draw(&mut list, &mut atlas, &mut Fonts::shipped(), &placement, label);
    (list, atlas)
}

fn at(x: f64, y: f64) -> Transform {
    Transform { x, y, ..Transform::default() }
}

fn label(text: &str, size: f64, align: Align) -> Label {
    Label { text: text.into(), size, align, ..Label::default() }
}

/// Left, top, right and bottom of all quads together.
fn ink(list: &DrawList) -> [f64; 4] {
    let nothing = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    list.quads.iter().fold(nothing, |[left, top, right, bottom], quad| {
        let [x, y, width, height] = [quad.x, quad.y, quad.width, quad.height].map(f64::from);
        [left.min(x), top.min(y), right.max(x + width), bottom.max(y + height)]
    })
}

/// The ink of a text lies in the box of its letters, and fills it but for a letter's side bearing.
#[test]
fn ink_lies_within_the_box_of_the_text() {
    let size = 20.0;
    let width = 5.0 * ADVANCE_EM * size;
    for (align, left) in
        [(Align::Left, 300.0), (Align::Center, 300.0 - width / 2.0), (Align::Right, 300.0 - width)]
    {
        let [ink_left, top, right, bottom] =
            ink(&drawn(&at(300.0, 200.0), &label("MgÄ|M", size, align)).0);
        assert!(ink_left > left - 1.0 && ink_left < left + 0.2 * size, "{align:?}: {ink_left}");
        assert!(right < left + width + 1.0 && right > left + width - 0.2 * size, "{right}");
        let half = LINE_EM * size / 2.0;
        assert!(top >= 200.0 - half - 1.0 && bottom <= 200.0 + half + 1.0, "{top} {bottom}");
    }
}

/// Lines stand below each other at the font's distance, the block about y.
#[test]
fn lines_stand_below_each_other() {
    let size = 32.0;
    let (list, _) = drawn(&at(300.0, 200.0), &label("x\nx\n\nx", size, Align::Center));
    let tops: Vec<f64> = list.quads.iter().map(|quad| f64::from(quad.y)).collect();
    let line = LINE_EM * size;
    assert_eq!(tops.len(), 3);
    assert!((tops[1] - tops[0] - line).abs() <= 1.0, "{tops:?}");
    assert!((tops[2] - tops[0] - 3.0 * line).abs() <= 1.0, "{tops:?}");
    assert!(tops[0] < 200.0 && tops[2] > 200.0, "{tops:?}");
}

/// Upright letters stand on whole pixels, wherever the label does.
#[test]
fn upright_text_stands_on_whole_pixels() {
    let (list, _) = drawn(&at(100.37, 50.81), &label("Score: 12", 15.3, Align::Left));
    assert_eq!(list.quads.len(), 8);
    for quad in &list.quads {
        for px in [quad.x, quad.y, quad.width, quad.height] {
            assert_eq!(px.fract(), 0.0, "{quad:?}");
        }
    }
}

/// A letter that occurs again, in this frame or the next, takes no more of the atlas.
#[test]
fn a_letter_is_drawn_into_the_atlas_once() {
    let (mut list, mut atlas, mut fonts) =
        (DrawList::default(), Atlas::default(), Fonts::shipped());
    let placement = Placement::new(&at(100.0, 100.0)).unwrap();
    for _ in 0..3 {
        list.begin([640, 480]);
        // 2048 / 1233 × 10 px makes letters of 10 px: all in the same place of their pixel.
        let size = 2048.0 / 1233.0 * 10.0;
        draw(&mut list, &mut atlas, &mut fonts, &placement, &label("aaaa bb", size, Align::Left));
        assert_eq!((list.quads.len(), atlas.placed().len()), (6, 2));
    }
}

/// A turned label's letters lie on a turned line: at a quarter turn, below each other.
#[test]
fn a_turned_text_runs_along_its_turn() {
    let quarter = Transform { rotation: std::f64::consts::FRAC_PI_2, ..at(300.0, 200.0) };
    let (list, _) = drawn(&quarter, &label("OOO", 20.0, Align::Center));
    let centers: Vec<[f64; 2]> = list
        .quads
        .iter()
        .map(|quad| {
            let middle = |at: f32, side: f32| f64::from(at) + f64::from(side) / 2.0;
            [middle(quad.x, quad.width), middle(quad.y, quad.height)]
        })
        .collect();
    assert!(centers.windows(2).all(|pair| (pair[1][0] - pair[0][0]).abs() < 1e-3), "{centers:?}");
    let step = ADVANCE_EM * 20.0;
    assert!(centers.windows(2).all(|pair| (pair[1][1] - pair[0][1] - step).abs() < 1e-3));
}

/// A character without a glyph is seen as a box, a control character not at all, a tab as room.
#[test]
fn odd_characters() {
    let count =
        |text: &str| drawn(&at(300.0, 200.0), &label(text, 16.0, Align::Left)).0.quads.len();
    assert_eq!(count("\u{1f600}"), 1);
    assert_eq!(count("\u{0}\u{7}\r "), 0);
    assert_eq!(count(""), 0);
    let (list, _) = drawn(&at(300.0, 200.0), &label("\tI", 16.0, Align::Left));
    let indent = f64::from(list.quads[0].x) - 300.0;
    assert!((indent - 4.5 * ADVANCE_EM * 16.0).abs() < 0.5 * ADVANCE_EM * 16.0, "{indent}");
}

/// Sizes that are no size draw nothing; giant ones fit in the atlas all the same.
#[test]
fn odd_sizes() {
    for size in [0.0, -3.0, f64::NAN] {
        assert!(drawn(&at(300.0, 200.0), &label("a", size, Align::Left)).0.quads.is_empty());
    }
    let (list, atlas) = drawn(&at(320.0, 240.0), &label("W", 1000.0, Align::Center));
    let width = f64::from(list.quads[0].width);
    assert!(width > 500.0 && width < 1000.0 * ADVANCE_EM + 10.0, "{width}");
    assert_eq!(atlas.height_px(), 256);
}

/// Lines are broken between words where they would be wider than `wrap`, and a word that is wider
/// by itself is broken too.
#[test]
fn long_lines_are_wrapped_between_words() {
    let lines = |text: &str, wrap: f64| {
        let wish = FontWish { font: "", bold: false, italic: false };
        let layout = Fonts::shipped().lay_out(wish, wrap, text);
        layout.lines.iter().map(|line| line.glyphs.len()).collect::<Vec<_>>()
    };
    let room = |letters: f64| letters * ADVANCE_EM;
    assert_eq!(lines("one two three", 0.0), [13]);
    // The space at which a line is broken is not seen.
    assert_eq!(lines("one two three", room(8.5)), [7, 5]);
    assert_eq!(lines("overlong", room(3.5)), [3, 3, 2]);
    // No line ends before a comma, and one may end after a hyphen.
    assert_eq!(lines("aa bb, ccc-ddd", room(5.5)), [2, 3, 4, 3]);
    assert_eq!(lines("a\n\nb\n", room(9.0)), [1, 0, 1, 0]);
}

/// Line spacing parts the lines about the middle of the block.
#[test]
fn line_spacing_is_a_factor() {
    let wide = Label { line_spacing: 2.0, ..label("x\nx", 30.0, Align::Left) };
    let tops = |label: &Label| {
        let (list, _) = drawn(&at(300.0, 200.0), label);
        [f64::from(list.quads[0].y), f64::from(list.quads[1].y)]
    };
    let (usual, wide) = (tops(&label("x\nx", 30.0, Align::Left)), tops(&wide));
    assert!((wide[1] - wide[0] - 2.0 * (usual[1] - usual[0])).abs() <= 2.0, "{usual:?} {wide:?}");
    assert!((wide[0] + wide[1] - usual[0] - usual[1]).abs() <= 2.0, "{usual:?} {wide:?}");
}

/// Letters that Hack lacks come from the other font of the program: Hebrew from right to left, Arabic
/// letters joined. None of them is the box that stands for what no font has.
#[test]
fn what_hack_lacks_is_seen_all_the_same() {
    let (list, _) = drawn(&at(300.0, 200.0), &label("שלום", 20.0, Align::Left));
    assert_eq!(list.quads.len(), 4);
    // The first letter, shin, is the widest one and stands at the right.
    let widest = list.quads.iter().max_by(|a, b| a.width.total_cmp(&b.width)).unwrap();
    assert!(list.quads.iter().all(|quad| quad.x <= widest.x));
    // Two letters that are joined are other pictures than each by itself.
    let ink = |text: &str| drawn(&at(300.0, 200.0), &label(text, 60.0, Align::Left)).1;
    let sum = |atlas: &Atlas| {
        let inks = atlas.placed().iter().flat_map(|part| atlas.rows(*part)).flatten();
        inks.map(|ink| u32::from(*ink)).sum::<u32>()
    };
    assert_ne!(sum(&ink("بب")), 2 * sum(&ink("ب")));
}

/// Bold letters are thicker and italic ones lean, though Hack comes upright alone.
#[test]
fn bold_is_thicker_and_italic_leans() {
    let plain = label("I", 60.0, Align::Left);
    let atlas = |label: &Label| drawn(&at(300.0, 200.0), label).1;
    let (upright, bold) = (atlas(&plain), atlas(&Label { bold: true, ..plain.clone() }));
    let italic = atlas(&Label { italic: true, ..plain });
    let sum = |atlas: &Atlas| {
        let inks = atlas.rows(atlas.placed()[0]).flatten();
        inks.map(|ink| f64::from(*ink)).sum::<f64>()
    };
    assert!(sum(&bold) > 1.1 * sum(&upright), "{} {}", sum(&bold), sum(&upright));
    assert!((sum(&italic) / sum(&upright) - 1.0).abs() < 0.03);
    let first = |atlas: &Atlas| {
        let mask = atlas.placed()[0];
        let mut rows = atlas.rows(mask);
        (rows.next().unwrap().iter().position(|ink| *ink > 128), mask.width)
    };
    assert!(first(&italic).0 > first(&upright).0 && first(&italic).1 > first(&upright).1);
}
