//! A polygon cut into triangles.

use crate::render::placement::Point;

/// Cutting ears takes time by the square of their number; beyond this, a polygon that is not convex
/// is filled from its first corner, right or wrong, rather than hold up the frame.
const MAX_EAR_POINTS: usize = 1024;

/// Positions of the corners of triangles that fill a polygon whose points run clockwise on the
/// screen. One that crosses itself is filled somehow.
pub(super) fn triangulate(points: &[Point]) -> Vec<[usize; 3]> {
    let count = points.len();
    let fan = |corners: &[usize]| -> Vec<[usize; 3]> {
        let Some((first, rest)) = corners.split_first() else { return Vec::new() };
        rest.windows(2).map(|pair| [*first, pair[0], pair[1]]).collect()
    };
    let mut left: Vec<usize> = (0..count).collect();
    let convex = (0..count)
        .all(|at| turn(points[at], points[(at + 1) % count], points[(at + 2) % count]) >= 0.0);
    if convex || count > MAX_EAR_POINTS {
        return fan(&left);
    }
    let mut triangles = Vec::with_capacity(count.saturating_sub(2));
    let mut at = 0;
    let mut refused = 0;
    while left.len() > 3 && refused < left.len() {
        let corners = [0, 1, 2].map(|step| left[(at + step) % left.len()]);
        if is_ear(points, &left, corners) {
            triangles.push(corners);
            left.remove((at + 1) % left.len());
            refused = 0;
        } else {
            refused += 1;
            at += 1;
        }
        at %= left.len();
    }
    triangles.extend(fan(&left));
    triangles
}

/// Whether the middle one of three neighbours sticks out and no other corner lies in between.
fn is_ear(points: &[Point], left: &[usize], corners: [usize; 3]) -> bool {
    let [a, b, c] = corners.map(|corner| points[corner]);
    turn(a, b, c) > 0.0
        && !left.iter().filter(|other| !corners.contains(other)).any(|other| {
            let point = points[*other];
            turn(a, b, point) >= 0.0 && turn(b, c, point) >= 0.0 && turn(c, a, point) >= 0.0
        })
}

/// Positive where the way from `a` over `b` to `c` turns clockwise on the screen.
fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
}
