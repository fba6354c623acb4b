//! Triangles whose corners carry coverage: 1 inside of a shape, 0 where its soft edge ends.

use super::placement::Point;

/// A corner, in the scene's pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct MeshPoint {
    pub(super) x: f64,
    pub(super) y: f64,
    /// 0 to 1.
    pub(super) coverage: f64,
}

impl MeshPoint {
    /// The point at `share` of the way to `other`.
    fn towards(self, other: Self, share: f64) -> Self {
        let mix = |from: f64, to: f64| from + (to - from) * share;
        Self {
            x: mix(self.x, other.x),
            y: mix(self.y, other.y),
            coverage: mix(self.coverage, other.coverage),
        }
    }
}

/// Triangles of one shape, before they get a colour.
#[derive(Clone, Debug, Default)]
pub(super) struct Mesh {
    pub(super) points: Vec<MeshPoint>,
    /// Positions in `points`.
    pub(super) triangles: Vec<[u32; 3]>,
}

impl Mesh {
    /// Removes everything; memory is kept.
    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.triangles.clear();
    }

    /// Adds a point; returns its position.
    #[expect(clippy::cast_possible_truncation, reason = "a shape has far fewer points")]
    pub(super) fn point(&mut self, [x, y]: Point, coverage: f64) -> u32 {
        self.points.push(MeshPoint { x, y, coverage });
        self.points.len() as u32 - 1
    }

    /// Cuts off what lies outside of the rectangle of left, top, right, bottom. What is nowhere in
    /// numbers goes too.
    pub(super) fn clip(&mut self, bounds: [f64; 4]) {
        let [left, top, right, bottom] = bounds;
        let inside = |point: &MeshPoint| {
            point.x >= left && point.x <= right && point.y >= top && point.y <= bottom
        };
        if self.points.iter().all(inside) {
            return;
        }
        let (mut corners, mut scratch) = (Vec::new(), Vec::new());
        let mut clipped = Self::default();
        for triangle in &self.triangles {
            corners.clear();
            corners.extend(triangle.iter().map(|index| self.points[*index as usize]));
            if corners.iter().any(|point| !(point.x.is_finite() && point.y.is_finite())) {
                continue;
            }
            cut(&mut corners, &mut scratch, |point| point.x - left);
            cut(&mut corners, &mut scratch, |point| right - point.x);
            cut(&mut corners, &mut scratch, |point| point.y - top);
            cut(&mut corners, &mut scratch, |point| bottom - point.y);
            clipped.fan(&corners);
        }
        *self = clipped;
    }

    /// Adds a convex polygon as triangles from its first corner.
    fn fan(&mut self, corners: &[MeshPoint]) {
        let mut indices =
            corners.iter().map(|corner| self.point([corner.x, corner.y], corner.coverage));
        let indices: Vec<u32> = indices.by_ref().collect();
        if let [first, rest @ ..] = indices.as_slice() {
            self.triangles.extend(rest.windows(2).map(|pair| [*first, pair[0], pair[1]]));
        }
    }
}

/// Keeps the part of a convex polygon where `depth` is not negative (Sutherland and Hodgman's).
fn cut(
    corners: &mut Vec<MeshPoint>,
    scratch: &mut Vec<MeshPoint>,
    depth: impl Fn(&MeshPoint) -> f64,
) {
    scratch.clear();
    let Some(mut from) = corners.last().copied() else { return };
    for to in corners.iter().copied() {
        let (depth_from, depth_to) = (depth(&from), depth(&to));
        if (depth_from < 0.0) != (depth_to < 0.0) {
            scratch.push(from.towards(to, depth_from / (depth_from - depth_to)));
        }
        if depth_to >= 0.0 {
            scratch.push(to);
        }
        from = to;
    }
    std::mem::swap(corners, scratch);
}

#[cfg(test)]
impl Mesh {
    /// Area weighted by coverage, px²: each triangle's area by the cross product of its sides,
    /// times the mean coverage of its corners.
    pub(super) fn covered_area(&self) -> f64 {
        let triangle = |indices: &[u32; 3]| {
            let [a, b, c] = indices.map(|index| self.points[index as usize]);
            let area = ((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)).abs() / 2.0;
            area * (a.coverage + b.coverage + c.coverage) / 3.0
        };
        self.triangles.iter().map(triangle).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Mesh;

    /// A triangle that leaves the bounds loses what is outside, and its coverage stays a plane.
    #[test]
    fn clipping_keeps_the_part_inside() {
        let mut mesh = Mesh::default();
        // The right triangle (0,0) (20,0) (0,20), coverage falling from 1 at x = 0 to 0 at x = 20.
        let corners = [([0.0, 0.0], 1.0), ([20.0, 0.0], 0.0), ([0.0, 20.0], 1.0)];
        let indices = corners.map(|(at, coverage)| mesh.point(at, coverage));
        mesh.triangles.push(indices);
        mesh.clip([-5.0, -5.0, 10.0, 30.0]);
        // Left of x = 10: the integral of (20 - x) (1 - x / 20) over 0..10 = 350 / 3.
        assert!((mesh.covered_area() - 350.0 / 3.0).abs() < 1e-9);
        assert!(mesh.points.iter().all(|point| point.x <= 10.0));
        mesh.clip([11.0, 0.0, 30.0, 30.0]);
        assert!(mesh.triangles.is_empty());
    }
}
