//! Filled polygons with soft edges.

use super::triangulate::triangulate;
use crate::render::mesh::Mesh;
use crate::render::placement::Point;

/// How far the soft edge reaches on both sides of the true one, px: together the width of a pixel.
pub(super) const FEATHER_PX: f64 = 0.5;

/// The longest corner of an offset edge in offsets: sharper ones are blunted, as at 60 degrees.
const MITER_LIMIT: f64 = 2.0;

/// Fills a polygon: solid up to half a pixel inside of its edge, gone half a pixel outside.
pub(super) fn fill(mesh: &mut Mesh, mut points: Vec<Point>) {
    clean(&mut points, true);
    let area = signed_area(&points);
    if points.len() < 3 || area == 0.0 {
        return;
    }
    if area < 0.0 {
        points.reverse();
    }
    // What is thinner than a pixel is drawn as wide as one, and fainter.
    let thickness = 2.0 * area.abs() / perimeter(&points);
    let (inset, coverage) = (FEATHER_PX.min(thickness / 2.0), thickness.min(1.0));
    let outset = 2.0 * FEATHER_PX - inset;
    let corners = miters(&points, true);
    let mut inner = Vec::with_capacity(points.len());
    for (point, miter) in points.iter().zip(&corners) {
        let solid = offset(*point, *miter, -inset);
        inner.push(solid);
        mesh.point(solid, coverage);
        mesh.point(offset(*point, *miter, outset), 0.0);
    }
    let base = mesh.points.len() - 2 * points.len();
    #[expect(clippy::cast_possible_truncation, reason = "a shape has far fewer points")]
    let at = |index: usize, ring: usize| (base + 2 * index + ring) as u32;
    for triangle in triangulate(&inner) {
        mesh.triangles.push(triangle.map(|index| at(index, 0)));
    }
    for index in 0..points.len() {
        let next = (index + 1) % points.len();
        mesh.triangles.push([at(index, 0), at(index, 1), at(next, 1)]);
        mesh.triangles.push([at(index, 0), at(next, 1), at(next, 0)]);
    }
}

/// The corners of a regular polygon of the circle's area, fine enough to look round.
pub(super) fn circle([x, y]: Point, radius: f64) -> Vec<Point> {
    /// How far an edge may cut into the circle, px: a tenth of a pixel is seen by nobody.
    const TOLERANCE_PX: f64 = 0.1;
    let half_angle = (1.0 - TOLERANCE_PX / radius.max(TOLERANCE_PX * 2.0)).acos();
    #[expect(clippy::cast_possible_truncation, reason = "12 to 1024")]
    #[expect(clippy::cast_sign_loss, reason = "12 to 1024")]
    let count = (std::f64::consts::PI / half_angle).ceil().clamp(12.0, 1024.0) as u32;
    let step = std::f64::consts::TAU / f64::from(count);
    // A regular polygon of corner radius r has the area n r² sin(2π / n) / 2.
    let corner_radius = radius * (step / step.sin()).sqrt();
    (0..count)
        .map(|index| {
            let (sin, cos) = (f64::from(index) * step).sin_cos();
            [x + corner_radius * cos, y + corner_radius * sin]
        })
        .collect()
}

/// Removes what is not finite, and points too near to their predecessor to make an edge.
pub(super) fn clean(points: &mut Vec<Point>, closed: bool) {
    /// Far below a pixel, far above rounding errors.
    const NEAR_PX: f64 = 1e-3;
    let near = |a: &Point, b: &Point| (a[0] - b[0]).hypot(a[1] - b[1]) < NEAR_PX;
    points.retain(|[x, y]| x.is_finite() && y.is_finite());
    points.dedup_by(|a, b| near(a, b));
    while closed && points.len() > 1 && near(&points[0], &points[points.len() - 1]) {
        points.pop();
    }
}

/// For each point the way by which it moves when its edges move outwards by 1. Outwards is left of
/// the way through the points, as they run clockwise on the screen.
pub(super) fn miters(points: &[Point], closed: bool) -> Vec<Point> {
    let count = points.len();
    let normal = |from: usize| {
        let ([ax, ay], [bx, by]) = (points[from], points[(from + 1) % count]);
        let length = (bx - ax).hypot(by - ay);
        [(by - ay) / length, (ax - bx) / length]
    };
    let corner = |index: usize| {
        let before = (closed || index > 0).then(|| normal((index + count - 1) % count));
        let after = (closed || index + 1 < count).then(|| normal(index));
        let (a, b) = match (before, after) {
            (Some(before), Some(after)) => (before, after),
            (Some(only), None) | (None, Some(only)) => (only, only),
            (None, None) => return [0.0, 0.0],
        };
        let cosine = a[0] * b[0] + a[1] * b[1];
        // The sum of both normals has the length 2 cos(angle / 2), the miter 1 / cos(angle / 2).
        let length = (2.0 / (1.0 + cosine)).sqrt();
        if length > MITER_LIMIT {
            let sum = (a[0] + b[0]).hypot(a[1] + b[1]);
            if sum < 1e-6 {
                return a;
            }
            return [(a[0] + b[0]) / sum * MITER_LIMIT, (a[1] + b[1]) / sum * MITER_LIMIT];
        }
        [(a[0] + b[0]) / (1.0 + cosine), (a[1] + b[1]) / (1.0 + cosine)]
    };
    (0..count).map(corner).collect()
}

/// The point moved along its miter.
pub(super) fn offset([x, y]: Point, [dx, dy]: Point, by: f64) -> Point {
    [x + dx * by, y + dy * by]
}

/// The area by the shoelace formula; positive where the points run clockwise on the screen.
pub(super) fn signed_area(points: &[Point]) -> f64 {
    let edges = points.iter().zip(points.iter().cycle().skip(1));
    edges.map(|([ax, ay], [bx, by])| ax * by - bx * ay).sum::<f64>() / 2.0
}

fn perimeter(points: &[Point]) -> f64 {
    let edges = points.iter().zip(points.iter().cycle().skip(1));
    edges.map(|([ax, ay], [bx, by])| (bx - ax).hypot(by - ay)).sum()
}
