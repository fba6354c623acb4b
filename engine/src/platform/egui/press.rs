//! Printing what a pass has left at another scale than that of the pass: places stay, and letters are
//! set anew in the pixels that there are, and so are lines.

use egui::epaint::text::{Fonts, ViewportKey};
use egui::epaint::textures::TexturesDelta;
use egui::epaint::{ClippedPrimitive, ClippedShape, ColorMode, Shape, Tessellator, TextureId};
use egui::{Color32, Context, Mesh, Pos2};

use super::style;

/// The letters, in the pixels of what is printed on.
#[derive(Default)]
pub(super) struct Press {
    fonts: Option<Fonts>,
}

impl Press {
    /// What is to be painted, with what has changed of the letters' texture. `scale` is in pixels for a
    /// point.
    pub(super) fn print(
        &mut self,
        context: &Context,
        shapes: &[ClippedShape],
        scale: f32,
    ) -> (TexturesDelta, Vec<ClippedPrimitive>) {
        let options = context.tessellation_options(|options| *options);
        let text_options = context.global_style().visuals.text_options;
        let fonts = self.fonts.get_or_insert_with(|| Fonts::new(text_options, style::fonts()));
        fonts.begin_pass(text_options, ViewportKey::default());
        let set: Vec<ClippedShape> = shapes
            .iter()
            .map(|clipped| {
                let mut clipped = clipped.clone();
                set(fonts, scale, &mut clipped.shape);
                clipped
            })
            .collect();
        let mut textures = TexturesDelta::default();
        if let Some(delta) = fonts.font_image_delta() {
            textures.set.entry(TextureId::default()).or_default().push(delta);
        }
        let atlas = fonts.texture_atlas();
        let mut tessellator =
            Tessellator::new(scale, options, atlas.size(), atlas.prepared_discs());
        (textures, tessellator.tessellate_shapes(set))
    }
}

/// Sets the texts of a shape anew.
fn set(fonts: &mut Fonts, scale: f32, shape: &mut Shape) {
    match shape {
        Shape::Vec(shapes) => shapes.iter_mut().for_each(|shape| set(fonts, scale, shape)),
        Shape::Text(text) => {
            let mut job = (*text.galley.job).clone();
            // What fitted before fits again: letters may be a part of a pixel wider now.
            job.wrap.max_width += 1.0;
            text.galley = fonts.with_pixels_per_point(scale).layout_job(job);
        }
        Shape::Path(path) if !path.closed => {
            if let ColorMode::Solid(color) = path.stroke.color {
                *shape = line(&path.points, path.stroke.width, color, scale).into();
            }
        }
        _ => {}
    }
}

/// A line whose corners lie on whole pixels, as some renderers put them there anyway: all its parts are
/// as thick as each other then, whichever way they lead.
pub(super) fn line(points: &[Pos2], width: f32, color: Color32, scale: f32) -> Mesh {
    let mut mesh = Mesh::default();
    // A renderer that cuts pixels off is to find them whole.
    let point = |x: f32, y: f32| Pos2::new(x + 0.01, y + 0.01) / scale;
    let mut add = |corners: [Pos2; 4]| {
        #[expect(clippy::cast_possible_truncation, reason = "4 G vertices do not fit in memory")]
        let first = mesh.vertices.len() as u32;
        corners.iter().for_each(|corner| mesh.colored_vertex(*corner, color));
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first, first + 2, first + 3);
    };
    let thickness = (width * scale).round().max(1.0);
    let px = |at: &Pos2| (*at * scale).round();
    for (from, to) in points.iter().map(px).zip(points.iter().skip(1).map(px)) {
        let along = to - from;
        let steps = along.x.abs().max(along.y.abs());
        if !(steps > 0.0 && steps.is_finite()) {
            continue;
        }
        // What is cut straight is longer than what is cut across.
        let cut = (thickness * along.length() / steps).round();
        let (low, high) = (-(cut / 2.0).floor(), (cut / 2.0).ceil());
        let [a, b, c, d] = match along.x.abs() >= along.y.abs() {
            true => [(from, 0.0, low), (to, 0.0, low), (to, 0.0, high), (from, 0.0, high)],
            false => [(from, low, 0.0), (to, low, 0.0), (to, high, 0.0), (from, high, 0.0)],
        };
        add([a, b, c, d].map(|(at, x, y)| point(at.x + x, at.y + y)));
    }
    // Where two parts meet there is a gap at their outer side.
    let (low, high) = (-(thickness / 2.0).floor(), (thickness / 2.0).ceil());
    let inner = points.len().saturating_sub(2);
    for at in points.iter().skip(1).take(inner).map(px).filter(|at| at.is_finite()) {
        let sides = [(low, low), (high, low), (high, high), (low, high)];
        add(sides.map(|(x, y)| point(at.x + x, at.y + y)));
    }
    mesh
}
