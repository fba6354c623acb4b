use super::{Align, Label, draw};
use crate::motion::Transform;
use crate::render::atlas::Atlas;
use crate::render::draw_list::DrawList;
use crate::render::font::Font;
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
    draw(&mut list, &mut atlas, &mut Font::built_in(), &placement, label);
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
    let (mut list, mut atlas, mut font) = (DrawList::default(), Atlas::default(), Font::built_in());
    let placement = Placement::new(&at(100.0, 100.0)).unwrap();
    for _ in 0..3 {
        list.begin([640, 480]);
        // 2048 / 1233 × 10 px makes letters of 10 px: all in the same place of their pixel.
        let size = 2048.0 / 1233.0 * 10.0;
        draw(&mut list, &mut atlas, &mut font, &placement, &label("aaaa bb", size, Align::Left));
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
