//! A shape becomes rectangles, a stamp or triangles: whatever looks best at the least cost.
//!
//! Rectangles that stand upright have hard edges in whole pixels. Small circles are stamps. The
//! rest is triangles with soft edges.

use super::fill::{circle, fill};
use super::stroke::stroke;
use super::{Shape, ShapeKind};
use crate::render::atlas::Atlas;
use crate::render::draw_list::{DrawList, diagonal};
use crate::render::mesh::Mesh;
use crate::render::placement::{Placement, Point, Turn};
use crate::render::stamp::Stamps;

/// Draws the shape on top of the list. `mesh` is memory for reuse.
pub(in crate::render) fn draw(
    list: &mut DrawList,
    atlas: &mut Atlas,
    stamps: &mut Stamps,
    mesh: &mut Mesh,
    placement: &Placement,
    shape: &Shape,
) {
    let [x, y] = placement.center;
    let outline = placement.length(shape.outline);
    mesh.clear();
    list.mix(shape.blend);
    match shape.kind {
        ShapeKind::Rectangle => {
            let sides = [placement.length(shape.width), placement.length(shape.height)];
            if !list.misses(x, y, diagonal(sides[0], sides[1]) / 2.0 + 1.0) {
                rectangle(list, mesh, placement, sides, outline, shape);
            }
        }
        ShapeKind::Circle => {
            let radius = placement.length(shape.radius);
            if radius == 0.0 || list.misses(x, y, radius + 1.0) {
                return;
            }
            if !stamps.draw(list, atlas, [x, y], radius, outline, shape.color) {
                if outline == 0.0 || outline >= radius {
                    fill(mesh, circle([x, y], radius));
                } else {
                    stroke(mesh, circle([x, y], radius - outline / 2.0), true, outline);
                }
            }
        }
        ShapeKind::Line => line(list, mesh, placement, shape),
        ShapeKind::Polygon => {
            let points = shape.points.iter().map(|point| placement.apply(*point)).collect();
            if outline == 0.0 {
                fill(mesh, points);
            } else {
                stroke(mesh, points, true, outline);
            }
        }
    }
    list.push_mesh(mesh, shape.color);
}

/// A rectangle with these sides on the screen, filled or outlined inside of its edge.
fn rectangle(
    list: &mut DrawList,
    mesh: &mut Mesh,
    placement: &Placement,
    [width, height]: [f64; 2],
    outline: f64,
    shape: &Shape,
) {
    if width == 0.0 || height == 0.0 {
        return;
    }
    let hollow = outline > 0.0 && 2.0 * outline < width.min(height);
    let upright = match placement.turns() {
        Turn::Half => Some([width, height]),
        Turn::Quarter => Some([height, width]),
        Turn::Free => None,
    };
    if let Some(sides) = upright {
        let [left, top, right, bottom] = snapped(placement.center, sides);
        if hollow {
            let edge = outline.round().max(1.0);
            let (inner_top, inner_bottom) = (top + edge, bottom - edge);
            list.push_rectangle([left, top, right, inner_top], shape.color);
            list.push_rectangle([left, inner_top, left + edge, inner_bottom], shape.color);
            list.push_rectangle([right - edge, inner_top, right, inner_bottom], shape.color);
            list.push_rectangle([left, inner_bottom, right, bottom], shape.color);
        } else {
            list.push_rectangle([left, top, right, bottom], shape.color);
        }
        return;
    }
    let inset = if hollow { outline } else { 0.0 };
    let (x, y) = ((width - inset) / 2.0, (height - inset) / 2.0);
    let corners = [[-x, -y], [x, -y], [x, y], [-x, y]].map(|corner| placement.turn(corner));
    if hollow {
        stroke(mesh, corners.to_vec(), true, outline);
    } else {
        fill(mesh, corners.to_vec());
    }
}

/// A line through the shape's points, or as long as it is wide.
fn line(list: &mut DrawList, mesh: &mut Mesh, placement: &Placement, shape: &Shape) {
    let thickness =
        placement.length(if shape.outline > 0.0 { shape.outline } else { 1.0 / placement.scale });
    let own = [[-shape.width / 2.0, 0.0], [shape.width / 2.0, 0.0]];
    let own = if shape.points.is_empty() { &own[..] } else { &shape.points };
    let points: Vec<Point> = own.iter().map(|point| placement.apply(*point)).collect();
    let [a, b] = match points.as_slice() {
        [] | [_] => return,
        &[a, b] => [a, b],
        _ => return stroke(mesh, points, false, thickness),
    };
    let [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    let length = dx.hypot(dy);
    if length == 0.0 || !length.is_finite() {
        return;
    }
    // A straight line is a thin rectangle; one of a pixel or so is drawn better by its middle.
    let center = [a[0] + dx / 2.0, a[1] + dy / 2.0];
    if dy.abs() < 1e-6 * length && thickness >= 1.0 {
        list.push_rectangle(snapped(center, [length, thickness]), shape.color);
    } else if dx.abs() < 1e-6 * length && thickness >= 1.0 {
        list.push_rectangle(snapped(center, [thickness, length]), shape.color);
    } else if thickness < 2.0 {
        stroke(mesh, points, false, thickness);
    } else {
        let (x, y) = (-dy / length * thickness / 2.0, dx / length * thickness / 2.0);
        let [[ax, ay], [bx, by]] = [a, b];
        fill(mesh, vec![[ax + x, ay + y], [ax - x, ay - y], [bx - x, by - y], [bx + x, by + y]]);
    }
}

/// Left, top, right and bottom in whole pixels. The size depends on the sides alone and is at least
/// a pixel, so nothing changes its size on the move.
fn snapped([x, y]: Point, sides: [f64; 2]) -> [f64; 4] {
    let [width, height] = sides.map(|side| side.round().max(1.0));
    let (left, top) = ((x - width / 2.0).round(), (y - height / 2.0).round());
    [left, top, left + width, top + height]
}
