//! Lines and outlines with soft edges.

use super::fill::{FEATHER_PX, clean, miters, offset};
use crate::render::mesh::Mesh;
use crate::render::placement::Point;

/// Draws a line of `thickness` along the points, half of it on each side.
pub(in crate::render) fn stroke(
    mesh: &mut Mesh,
    mut points: Vec<Point>,
    closed: bool,
    thickness: f64,
) {
    clean(&mut points, closed);
    if points.len() < if closed { 3 } else { 2 } || thickness <= 0.0 {
        return;
    }
    // What is thinner than a pixel is drawn as wide as one, and fainter.
    let solid = (thickness / 2.0 - FEATHER_PX).max(0.0);
    let coverage = thickness.min(1.0);
    let rings = [
        (solid + 2.0 * FEATHER_PX, 0.0),
        (solid, coverage),
        (-solid, coverage),
        (-solid - 2.0 * FEATHER_PX, 0.0),
    ];
    let corners = miters(&points, closed);
    let base = mesh.points.len();
    for (point, miter) in points.iter().zip(&corners) {
        for (distance, coverage) in rings {
            mesh.point(offset(*point, *miter, distance), coverage);
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "a shape has far fewer points")]
    let at = |index: usize, ring: usize| (base + rings.len() * index + ring) as u32;
    let edges = if closed { points.len() } else { points.len() - 1 };
    for index in 0..edges {
        let next = (index + 1) % points.len();
        for ring in 0..rings.len() - 1 {
            mesh.triangles.push([at(index, ring), at(index, ring + 1), at(next, ring + 1)]);
            mesh.triangles.push([at(index, ring), at(next, ring + 1), at(next, ring)]);
        }
    }
}
