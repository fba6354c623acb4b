//! What is seen of a quad that is far larger than what it is seen in.
//!
//! Renderers make all of what they are asked for before they cut it, in software at the cost of each
//! pixel, and in numbers that overflow for sides of some 30,000 px.

use super::draw_list::{PxRect, Quad};
use super::placement::Point;

/// Quads with shorter sides are drawn as they are, px.
const LARGE_PX: f64 = 2048.0;
/// A pixel of the picture that is longer than this on the screen is drawn by itself, px: what is seen of it
/// is of one colour but for its edges.
const LARGE_PIXEL_PX: f64 = 1024.0;
/// Pixels of the picture that are kept beside those in sight: where they are blended, their neighbours
/// count.
const BESIDE: f64 = 2.0;

/// An axis of a quad: what of it is in sight, and the part of the picture on it.
#[derive(Clone, Copy)]
struct Axis {
    /// Length on the screen, px.
    length: f64,
    /// What may be in sight, from its beginning, px.
    seen: [f64; 2],
    /// The first pixel of the picture, and how many there are.
    source: [u32; 2],
    is_flipped: bool,
}

/// A part of an axis: where it lies, px, and the pixels that are there.
struct Piece {
    place: [f64; 2],
    source: [u32; 2],
}

/// Calls `draw` with quads that look the same within `bounds`: left, top, right and bottom, px.
pub(super) fn cropped(quad: Quad, bounds: [f64; 4], mut draw: impl FnMut(Quad)) {
    let [width, height] = [quad.width, quad.height].map(f64::from);
    if width.max(height) <= LARGE_PX || quad.source.width == 0 || quad.source.height == 0 {
        return draw(quad);
    }
    let center = [f64::from(quad.x) + width / 2.0, f64::from(quad.y) + height / 2.0];
    let (sin, cos) = f64::from(quad.rotation).sin_cos();
    let [left, top, right, bottom] = bounds;
    // The corners of the bounds, as they lie on the quad if it is not turned.
    let corners = [[left, top], [right, top], [right, bottom], [left, bottom]].map(|[x, y]| {
        let [x, y] = [x - center[0], y - center[1]];
        [x * cos + y * sin + width / 2.0, y * cos - x * sin + height / 2.0]
    });
    let seen = |axis: usize| {
        let along = corners.map(|corner| corner[axis]);
        [along.into_iter().fold(f64::MAX, f64::min), along.into_iter().fold(f64::MIN, f64::max)]
    };
    let PxRect { x, y, width: columns, height: rows } = quad.source;
    let across =
        Axis { length: width, seen: seen(0), source: [x, columns], is_flipped: quad.flip_x };
    let down = Axis { length: height, seen: seen(1), source: [y, rows], is_flipped: quad.flip_y };
    let across = across.pieces();
    for Piece { place: [top, bottom], source: [y, rows] } in down.pieces() {
        for Piece { place: [left, right], source: [x, columns] } in &across {
            let middle: Point = [(left + right - width) / 2.0, (top + bottom - height) / 2.0];
            let middle = [
                center[0] + middle[0] * cos - middle[1] * sin,
                center[1] + middle[0] * sin + middle[1] * cos,
            ];
            let (width, height) = (right - left, bottom - top);
            #[expect(clippy::cast_possible_truncation, reason = "hardly larger than the bounds")]
            draw(Quad {
                x: (middle[0] - width / 2.0) as f32,
                y: (middle[1] - height / 2.0) as f32,
                width: width as f32,
                height: height as f32,
                source: PxRect { x: *x, y, width: *columns, height: rows },
                ..quad
            });
        }
    }
}

impl Axis {
    /// What of it is to be drawn: one piece, or one for each pixel of the picture if those are large.
    fn pieces(self) -> Vec<Piece> {
        let Self { length, seen: [from, to], source: [first, count], is_flipped } = self;
        let pixel = length / f64::from(count);
        let within = |at: f64| at.clamp(0.0, f64::from(count));
        #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
        #[expect(clippy::cast_sign_loss, reason = "within the picture")]
        let [begin, end] = [
            within((from / pixel).floor() - BESIDE) as u32,
            within((to / pixel).ceil() + BESIDE) as u32,
        ];
        let place = |at: u32| f64::from(at) * pixel;
        // From which pixel of the picture what lies there is.
        let source = |begin: u32, end: u32| {
            [first + if is_flipped { count - end } else { begin }, end - begin]
        };
        if pixel <= LARGE_PIXEL_PX {
            let whole = Piece { place: [place(begin), place(end)], source: source(begin, end) };
            return (begin < end).then_some(whole).into_iter().collect();
        }
        // Edges beyond what is in sight are not seen, wherever they are.
        let in_sight = |at: f64| at.clamp(from - LARGE_PIXEL_PX, to + LARGE_PIXEL_PX);
        let pieces = (begin..end).map(|at| Piece {
            place: [at, at + 1].map(|at| in_sight(place(at))),
            source: source(at, at + 1),
        });
        pieces.filter(|piece| piece.place[0] < piece.place[1]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGE_PX, cropped};
    use crate::color::Color;
    use crate::render::draw_list::{PxRect, Quad};

    const BOUNDS: [f64; 4] = [0.0, 0.0, 640.0, 480.0];

    fn quad([x, y]: [f32; 2], side: f32, source: PxRect) -> Quad {
        let color = Color::WHITE;
        let (rotation, flip_x, flip_y) = (0.0, false, false);
        Quad { x, y, width: side, height: side, rotation, source, color, flip_x, flip_y }
    }

    fn pieces(quad: Quad) -> Vec<Quad> {
        let mut pieces = Vec::new();
        cropped(quad, BOUNDS, |piece| pieces.push(piece));
        pieces
    }

    /// The pixel of the picture that is seen at a point, worked out by undoing what was done to the quad.
    fn seen(quad: &Quad, [x, y]: [f64; 2]) -> Option<[u32; 2]> {
        let Quad { width, height, source, .. } = *quad;
        let half = [f64::from(width) / 2.0, f64::from(height) / 2.0];
        let [dx, dy] = [x - f64::from(quad.x) - half[0], y - f64::from(quad.y) - half[1]];
        let (sin, cos) = f64::from(quad.rotation).sin_cos();
        let at = [dx * cos + dy * sin + half[0], dy * cos - dx * sin + half[1]];
        let pixel = |axis: usize, length: f32, first: u32, count: u32, is_flipped: bool| {
            let share = at[axis] / f64::from(length);
            let share = if is_flipped { 1.0 - share } else { share };
            let within = (0.0..1.0).contains(&share);
            within.then_some(first + (share * f64::from(count)) as u32)
        };
        Some([
            pixel(0, width, source.x, source.width, quad.flip_x)?,
            pixel(1, height, source.y, source.height, quad.flip_y)?,
        ])
    }

    /// Whatever a large quad is, its pieces are no larger than they need to be, and show the same pixels
    /// in the same places.
    #[test]
    fn pieces_show_the_same() {
        let source = PxRect { x: 32, y: 64, width: 100, height: 50 };
        for side in [3e3, 2e4, 9e4, 1e6] {
            for turn in 0..8_u8 {
                for flips in 0..4 {
                    let large = Quad {
                        rotation: f32::from(turn) * 0.7,
                        flip_x: flips & 1 == 1,
                        flip_y: flips & 2 == 2,
                        ..quad([310.0 - side * 0.3, 230.0 - side * 0.6], side, source)
                    };
                    let pieces = pieces(large);
                    assert!(!pieces.is_empty() && pieces.len() < 10, "{}", pieces.len());
                    for piece in &pieces {
                        assert!(piece.width.max(piece.height) < 8192.0, "{piece:?} of {large:?}");
                    }
                    for place in 0..300 {
                        let at = [f64::from(place % 20) * 32.3 + 1.0, f64::from(place / 20) * 32.1];
                        let found: Vec<_> =
                            pieces.iter().filter_map(|piece| seen(piece, at)).collect();
                        // At an edge single precision decides.
                        let is_near = |one: &[u32; 2], other: &[u32; 2]| {
                            (0..2).all(|axis| one[axis].abs_diff(other[axis]) <= 1)
                        };
                        let wanted = seen(&large, at);
                        let is_right = match wanted {
                            Some(wanted) => found.iter().any(|found| is_near(found, &wanted)),
                            None => found.is_empty(),
                        };
                        assert!(is_right, "{at:?}: {found:?}, not {wanted:?}, of {large:?}");
                    }
                }
            }
        }
    }

    /// What is not large is left as it is, and nothing is left of what is out of sight.
    #[test]
    fn small_and_far_quads() {
        let source = PxRect { x: 0, y: 0, width: 8, height: 8 };
        let small = quad([600.0, 400.0], LARGE_PX as f32, source);
        assert_eq!(pieces(small), [small]);
        assert_eq!(pieces(quad([90_000.0, 0.0], 50_000.0, source)), []);
    }
}
