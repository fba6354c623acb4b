//! Printing what a pass has left at another scale than that of the pass: places stay, and letters are
//! set anew in the pixels that there are.

use egui::Context;
use egui::epaint::text::{Fonts, ViewportKey};
use egui::epaint::textures::TexturesDelta;
use egui::epaint::{ClippedPrimitive, ClippedShape, Shape, Tessellator, TextureId};

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
        _ => {}
    }
}
