//! What can be read in what egui wants painted.

use std::collections::BTreeMap;

use egui::Shape;
use egui::epaint::ClippedShape;

use crate::overlay::style::LETTER_WIDTH;

/// The texts that are seen, each in the row and column where it stands.
#[expect(clippy::cast_possible_truncation, reason = "places in a window")]
#[expect(clippy::cast_sign_loss, reason = "places in a window")]
pub(in crate::overlay) fn read(shapes: &[ClippedShape]) -> String {
    let mut rows: BTreeMap<i32, BTreeMap<usize, String>> = BTreeMap::new();
    let mut note = |shape: &Shape, clip: egui::Rect| {
        let Shape::Text(text) = shape else { return };
        for row in &text.galley.rows {
            let at = text.pos + row.pos.to_vec2();
            if clip.intersects(row.rect().translate(text.pos.to_vec2())) {
                let column = (at.x / LETTER_WIDTH).round().max(0.0) as usize;
                rows.entry(at.y.round() as i32).or_default().insert(column, row.text());
            }
        }
    };
    for clipped in shapes {
        walk(&clipped.shape, &mut |shape| note(shape, clipped.clip_rect));
    }
    let mut seen = String::new();
    for row in rows.values() {
        let mut line = String::new();
        for (column, text) in row {
            while line.chars().count() < *column {
                line.push(' ');
            }
            line += text;
        }
        seen += line.trim_end();
        seen.push('\n');
    }
    seen
}

/// The texts that are seen, and the upper left corner of each, points.
pub(in crate::overlay) fn places(shapes: &[ClippedShape]) -> Vec<(String, egui::Pos2)> {
    let mut places = Vec::new();
    for clipped in shapes {
        walk(&clipped.shape, &mut |shape| {
            if let Shape::Text(text) = shape {
                places.push((text.galley.text().to_owned(), text.pos));
            }
        });
    }
    places
}

fn walk(shape: &Shape, visit: &mut dyn FnMut(&Shape)) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| walk(shape, visit)),
        shape => visit(shape),
    }
}
