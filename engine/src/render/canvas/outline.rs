//! Outlines of what is drawn on a canvas.
//!
//! What draws them counts in single precision and in fixed point, which is good for some 100,000 px.
//! Whatever reaches further is cut to that square first, in double precision: what is seen of it stays
//! where it belongs.

use std::iter;

use tiny_skia::{Path, PathBuilder, Rect};

use crate::render::font::Curve;
use crate::render::placement::Point;

/// What is further away than this from the left or the top of a canvas, px, is cut.
pub(super) const FAR_PX: f64 = 1e5;
/// Points further away are taken for these, px: a direction has to be told from another.
const FARTHEST_PX: f64 = 1e12;
/// How much of a circle that reaches far is made, px to both sides of what is nearest: more than the
/// diagonal of the largest canvas.
const ARC_PX: f64 = 8192.0;

/// A line through points.
pub(super) fn line(points: &[Point]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let points: Vec<_> = points.iter().map(|point| point.map(known)).collect();
    if points.iter().all(is_near) {
        let mut points = points.into_iter().map(|point| point.map(px));
        let [x, y] = points.next()?;
        path.move_to(x, y);
        points.for_each(|[x, y]| path.line_to(x, y));
    } else {
        for (from, to) in points.iter().zip(points.iter().skip(1)) {
            let Some([from, to]) = cut_line(*from, *to) else { continue };
            let ([x, y], [to_x, to_y]) = (from.map(px), to.map(px));
            // Pieces that follow each other are one: their corner is round.
            if path.last_point() != Some(tiny_skia::Point::from_xy(x, y)) {
                path.move_to(x, y);
            }
            path.line_to(to_x, to_y);
        }
    }
    path.finish()
}

/// A polygon; `is_filled` says whether it is seen by its inside or by its edge.
pub(super) fn polygon(corners: &[Point], is_filled: bool) -> Option<Path> {
    let corners: Vec<_> = corners.iter().map(|corner| corner.map(known)).collect();
    if !corners.iter().all(is_near) && !is_filled {
        let edge: Vec<_> = corners.iter().chain(corners.first()).copied().collect();
        return line(&edge);
    }
    let mut corners = cut_polygon(corners).into_iter().map(|corner| corner.map(px));
    let mut path = PathBuilder::new();
    let [x, y] = corners.next()?;
    path.move_to(x, y);
    corners.for_each(|[x, y]| path.line_to(x, y));
    path.close();
    path.finish()
}

/// A rectangle, by a corner and what it measures from there.
pub(super) fn rectangle([x, y]: Point, [width, height]: [f64; 2]) -> Option<Path> {
    let sides = |from: f64, length: f64| {
        let (from, length) = (known(from), known(length));
        [from, from + length].map(|side| px(side.clamp(-FAR_PX, FAR_PX)))
    };
    let ([left, right], [top, bottom]) = (sides(x, width), sides(y, height));
    Rect::from_ltrb(left, top, right, bottom).map(PathBuilder::from_rect)
}

/// A circle as it is seen on a canvas of this size.
pub(super) fn circle(
    center: Point,
    radius: f64,
    size_px: [u32; 2],
    is_filled: bool,
) -> Option<Path> {
    let (center @ [x, y], radius) = (center.map(known), known(radius));
    if center.iter().all(|at| at.abs() + radius <= FAR_PX) {
        return PathBuilder::from_circle(px(x), px(y), px(radius));
    }
    if radius <= 0.0 {
        return None;
    }
    // Of one that large only the arc that comes next to the middle of the canvas may be seen. Filled,
    // it has what lies behind it, as wide as it is.
    let middle = size_px.map(|side| f64::from(side) / 2.0);
    let towards = (middle[1] - y).atan2(middle[0] - x);
    let on = |angle: f64, radius: f64| [x + radius * angle.cos(), y + radius * angle.sin()];
    let half = (ARC_PX / radius).min(std::f64::consts::PI);
    let arc = (-256..=256).map(|step| on(towards + half * f64::from(step) / 256.0, radius));
    if !is_filled {
        return line(&arc.collect::<Vec<_>>());
    }
    let [first, last] = [-half, half].map(|angle| on(towards + angle, radius));
    let inwards = on(towards, 2.0 * radius.min(FARTHEST_PX / 2.0));
    let behind = [last, first].map(|[at_x, at_y]| [at_x - inwards[0] + x, at_y - inwards[1] + y]);
    polygon(&arc.chain(behind).collect::<Vec<_>>(), true)
}

/// A letter that stands at a pen; `None` if it has no ink, or is nowhere near.
pub(super) fn letter(curves: Vec<Curve>, pen: Point) -> Option<Path> {
    if !is_near(&pen) {
        return None;
    }
    let [pen_x, pen_y] = pen.map(px);
    let mut path = PathBuilder::new();
    for curve in curves {
        match curve {
            Curve::Begin([x, y]) => path.move_to(pen_x + x, pen_y + y),
            Curve::Line([x, y]) => path.line_to(pen_x + x, pen_y + y),
            Curve::Quadratic([[by_x, by_y], [x, y]]) => {
                path.quad_to(pen_x + by_x, pen_y + by_y, pen_x + x, pen_y + y);
            }
            Curve::Cubic([[from_x, from_y], [to_x, to_y], [x, y]]) => path.cubic_to(
                pen_x + from_x,
                pen_y + from_y,
                pen_x + to_x,
                pen_y + to_y,
                pen_x + x,
                pen_y + y,
            ),
            Curve::Close => path.close(),
        }
    }
    path.finish()
}

/// What is no number is 0, and what is infinite is far.
fn known(at: f64) -> f64 {
    if at.is_nan() { 0.0 } else { at.clamp(-FARTHEST_PX, FARTHEST_PX) }
}

fn is_near(point: &Point) -> bool {
    point.iter().all(|at| at.abs() <= FAR_PX)
}

#[expect(clippy::cast_possible_truncation, reason = "the precision of what draws")]
fn px(at: f64) -> f32 {
    at as f32
}

/// What of a line lies within the square; after Liang and Barsky, "A New Concept and Method for Line
/// Clipping", 1984.
fn cut_line(from: Point, to: Point) -> Option<[Point; 2]> {
    let along = [to[0] - from[0], to[1] - from[1]];
    let (mut begin, mut end) = (0.0_f64, 1.0_f64);
    for axis in [0, 1] {
        for (speed, room) in
            [(-along[axis], from[axis] + FAR_PX), (along[axis], FAR_PX - from[axis])]
        {
            if speed < 0.0 {
                begin = begin.max(room / speed);
            } else if speed > 0.0 {
                end = end.min(room / speed);
            } else if room < 0.0 {
                return None;
            }
        }
    }
    let at = |share: f64| match share {
        0.0 => from,
        1.0 => to,
        share => [from[0] + share * along[0], from[1] + share * along[1]],
    };
    (begin <= end).then(|| [at(begin), at(end)])
}

/// What of a polygon lies within the square; after Sutherland and Hodgman, "Reentrant Polygon
/// Clipping", 1974. Where it falls into parts they are connected along the edge, where nobody looks.
fn cut_polygon(mut corners: Vec<Point>) -> Vec<Point> {
    if corners.iter().all(is_near) {
        return corners;
    }
    for axis in [0, 1] {
        for side in [-1.0, 1.0] {
            let depth = |point: &Point| FAR_PX - side * point[axis];
            let before = iter::once(corners.last()).flatten().chain(&corners);
            let mut kept = Vec::with_capacity(corners.len());
            for (from, to) in before.zip(&corners) {
                let (depth_from, depth_to) = (depth(from), depth(to));
                if (depth_from < 0.0) != (depth_to < 0.0) {
                    let share = depth_from / (depth_from - depth_to);
                    let other = 1 - axis;
                    let mut cut = [side * FAR_PX; 2];
                    cut[other] = from[other] + share * (to[other] - from[other]);
                    kept.push(cut);
                }
                if depth_to >= 0.0 {
                    kept.push(*to);
                }
            }
            corners = kept;
        }
    }
    corners
}
