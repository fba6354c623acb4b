//! The component `Shape`: a plain figure in one colour.

mod draw;
mod fill;
mod stroke;
mod triangulate;

use super::Blend;
use crate::color::Color;
use crate::component::{choice, component};

pub(super) use draw::draw;
pub(super) use stroke::stroke;

choice! {
    /// The figure of a [`Shape`].
    pub enum ShapeKind {
        /// Sides `width` and `height`.
        Rectangle = "rectangle",
        /// Of `radius`.
        Circle = "circle",
        /// Through `points`, or `width` long where there are none.
        Line = "line",
        /// Corners at `points`.
        Polygon = "polygon",
    }
}

component! {
    /// A figure in one colour, centred on the process's Transform.
    pub struct Shape {
        /// The figure.
        kind: ShapeKind = ShapeKind::Circle,
        /// Width of a rectangle, length of a line without points, px.
        width: f64 = 20.0,
        /// Height of a rectangle, px.
        height: f64 = 20.0,
        /// Radius of a circle, px.
        radius: f64 = 10.0,
        /// Corners of a polygon or a line, px from the centre.
        points: Vec<[f64; 2]> = Vec::new(),
        /// Its colour.
        color: Color = Color::WHITE,
        /// Thickness of the outline, px; 0 fills the figure. Rectangles and circles keep their
        /// size, polygons have it on both sides of their edge. A line's thickness, 1 if 0.
        outline: f64 = 0.0,
        /// How it is mixed with what lies below it.
        blend: Blend = Blend::Alpha,
        /// Higher layers hide lower ones.
        layer: i32 = 0,
        /// Whether it is drawn.
        visible: bool = true,
    }
}

impl Shape {
    /// A filled circle.
    pub fn circle(radius: f64, color: Color) -> Self {
        Self { kind: ShapeKind::Circle, radius, color, ..Self::default() }
    }

    /// A filled rectangle.
    pub fn rectangle(width: f64, height: f64, color: Color) -> Self {
        Self { kind: ShapeKind::Rectangle, width, height, color, ..Self::default() }
    }

    /// A line through points given from the centre.
    pub fn line(points: Vec<[f64; 2]>, thickness: f64, color: Color) -> Self {
        Self { kind: ShapeKind::Line, points, outline: thickness, color, ..Self::default() }
    }

    /// A filled polygon with corners given from the centre.
    pub fn polygon(points: Vec<[f64; 2]>, color: Color) -> Self {
        Self { kind: ShapeKind::Polygon, points, color, ..Self::default() }
    }
}

#[cfg(test)]
mod tests;
