//! Where a thing stands on the screen: its `Transform`, ready for use.

use crate::motion::Transform;

/// A point, px.
pub(super) type Point = [f64; 2];

/// A `Transform` with its sine and cosine worked out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placement {
    /// Where the thing's own origin is, px.
    pub(super) center: Point,
    /// Factor on its sizes, never negative.
    pub(super) scale: f64,
    /// Clockwise turn, radians.
    pub(super) rotation: f64,
    sin: f64,
    cos: f64,
}

/// How a thing stands to the pixel grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Upright or upside down.
    Half,
    /// Lying on a side.
    Quarter,
    /// Any other way.
    Free,
}

impl Placement {
    /// Sizes beyond this are drawn as this: they leave any window all the same, and their squares
    /// stay exact enough to be computed with.
    pub(super) const MAX_SIZE_PX: f64 = 1e6;

    /// The placement, or `None` where nothing can be seen: not a number, infinite, or of no size.
    pub(super) fn new(transform: &Transform) -> Option<Self> {
        let Transform { x, y, rotation, scale, relative: _ } = *transform;
        let scale = scale.abs();
        let drawable = x.is_finite() && y.is_finite() && rotation.is_finite();
        if !drawable || !scale.is_finite() || scale == 0.0 {
            return None;
        }
        // Displays count in single precision, in which a number of turns is not exact, or infinite.
        let rotation = rotation % std::f64::consts::TAU;
        let (sin, cos) = rotation.sin_cos();
        Some(Self { center: [x, y], scale, rotation, sin, cos })
    }

    /// Where something stands for a thing that is nowhere: as far as its place is a number there, and
    /// otherwise in the middle of what is `size` large.
    pub(super) fn somewhere(transform: &Transform, size: [u32; 2]) -> Self {
        let or_middle =
            |at: f64, side: u32| if at.is_finite() { at } else { f64::from(side) / 2.0 };
        let center = [or_middle(transform.x, size[0]), or_middle(transform.y, size[1])];
        Self { center, scale: 1.0, rotation: 0.0, sin: 0.0, cos: 1.0 }
    }

    /// What undoes this placement and puts its origin at `center`, enlarged: the view of a camera that
    /// stands here.
    pub(super) fn view(&self, center: Point, zoom: f64) -> Option<Self> {
        let (scale, rotation) = (zoom / self.scale, -self.rotation);
        let (sin, cos) = rotation.sin_cos();
        let [x, y] = self.center.map(|at| at * scale);
        let center = [center[0] - (x * cos - y * sin), center[1] - (x * sin + y * cos)];
        let is_some = scale.is_finite() && scale > 0.0 && center.iter().all(|at| at.is_finite());
        is_some.then_some(Self { center, scale, rotation, sin, cos })
    }

    /// Where something is seen that is placed so, through this view.
    pub(super) fn around(&self, inner: &Self) -> Option<Self> {
        let rotation = self.rotation + inner.rotation;
        let scale = self.scale * inner.scale;
        let [x, y] = inner.center.map(|at| at * self.scale);
        let center = self.turn([x, y]);
        if !center.iter().all(|at| at.is_finite()) || !scale.is_finite() || scale == 0.0 {
            return None;
        }
        let (sin, cos) = rotation.sin_cos();
        Some(Self { center, scale, rotation, sin, cos })
    }

    /// A length of the thing as it is on the screen, px: 0 for what is no length.
    pub(super) fn length(&self, own: f64) -> f64 {
        let length = own * self.scale;
        if length > 0.0 { length.min(Self::MAX_SIZE_PX) } else { 0.0 }
    }

    /// A point relative to the thing's origin, already scaled, as it is on the screen.
    pub(super) fn turn(&self, [x, y]: Point) -> Point {
        let [left, top] = self.center;
        [left + x * self.cos - y * self.sin, top + x * self.sin + y * self.cos]
    }

    /// A point on the screen as it would lie if the thing were not turned.
    pub(super) fn turn_back(&self, [x, y]: Point) -> Point {
        let [left, top] = self.center;
        let [dx, dy] = [x - left, y - top];
        [left + dx * self.cos + dy * self.sin, top - dx * self.sin + dy * self.cos]
    }

    /// A point of the thing as it is on the screen.
    pub(super) fn apply(&self, [x, y]: Point) -> Point {
        let limit = |own: f64| (own * self.scale).clamp(-Self::MAX_SIZE_PX, Self::MAX_SIZE_PX);
        self.turn([limit(x), limit(y)])
    }

    /// How the thing stands to the pixel grid, with a little allowance for angles such as π / 2
    /// that have no exact number.
    pub(super) fn turns(&self) -> Turn {
        if self.sin.abs() < 1e-9 {
            Turn::Half
        } else if self.cos.abs() < 1e-9 {
            Turn::Quarter
        } else {
            Turn::Free
        }
    }

    /// Whether the thing is upright.
    pub(super) fn is_upright(&self) -> bool {
        self.turns() == Turn::Half && self.cos > 0.0
    }
}
