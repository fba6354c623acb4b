//! Copies of the atlas, the images and the canvases where SDL's renderer can reach them, and the
//! textures that targets are drawn into.
//!
//! A texture lives as long as its renderer. The atlas's is not destroyed before: it grows four times at
//! most.

use std::collections::BTreeMap;

use ::image::RgbaImage;
use ::image::imageops::{FilterType, resize};
use bevy_ecs::entity::Entity;
use sdl2::pixels::PixelFormatEnum;
use sdl2::rect::Rect;
use sdl2::render::{BlendMode, Canvas, RenderTarget, ScaleMode, Texture};

use crate::render::{Atlas, Frame, ImageId, Picture, PxRect, TargetFrame};

/// The order that SDL's software renderer draws with, nearly twice as fast as any other.
pub(super) const FORMAT: PixelFormatEnum = PixelFormatEnum::BGRA32;

/// The textures of one renderer.
#[derive(Default)]
pub(super) struct Textures {
    /// The greatest width and height that the renderer takes, px; `None` for any.
    pub(super) max_side_px: Option<u32>,
    /// What could not be shown as it is.
    pub(super) notes: Vec<String>,
    atlas: Option<AtlasCopy>,
    /// As smooth ones and as others: one texture cannot be both within a frame.
    images: BTreeMap<(usize, bool), ImageCopy>,
    canvases: BTreeMap<(Entity, bool), CanvasCopy>,
    targets: BTreeMap<Entity, TargetCopy>,
    painting: BTreeMap<u64, PaintingCopy>,
}

/// A picture as the renderer has it.
pub(super) struct Copied<'a> {
    pub(super) texture: &'a mut Texture,
    /// Pixels of the texture for one of the picture, across and down: less than 1 where the renderer
    /// does not take the whole.
    pub(super) scale: [f64; 2],
}

impl<'a> Copied<'a> {
    pub(super) fn whole(texture: &'a mut Texture) -> Self {
        Self { texture, scale: [1.0, 1.0] }
    }

    /// Where a part of the picture lies in the texture.
    pub(super) fn part(&self, part: PxRect) -> Rect {
        if self.scale == [1.0, 1.0] {
            return rect(part);
        }
        let [across, down] = self.scale;
        #[expect(clippy::cast_possible_truncation, reason = "smaller than it was")]
        #[expect(clippy::cast_sign_loss, reason = "of what is not negative")]
        let scaled = |px: u32, scale: f64| (f64::from(px) * scale).round() as u32;
        rect(PxRect {
            x: scaled(part.x, across),
            y: scaled(part.y, down),
            width: scaled(part.width, across).max(1),
            height: scaled(part.height, down).max(1),
        })
    }
}

/// What a target shows, and what it will.
struct TargetCopy {
    shown: Texture,
    /// What it is drawn into where it shows itself.
    next: Option<Texture>,
    size_px: [u32; 2],
    smooth: bool,
}

struct CanvasCopy {
    texture: Texture,
    scale: [f64; 2],
    size_px: [u32; 2],
    generation: u64,
    /// How many of its changes are copied.
    changes: u64,
}

struct ImageCopy {
    texture: Texture,
    scale: [f64; 2],
    generation: u64,
}

struct PaintingCopy {
    texture: Texture,
    generation: u64,
    size_px: [u32; 2],
    /// How many of its patches are copied.
    patches: usize,
}

struct AtlasCopy {
    texture: Texture,
    generation: u64,
    height_px: u32,
    /// How many of the atlas's masks are copied.
    masks: usize,
}

impl Textures {
    /// The atlas, with the masks that this frame added.
    pub(super) fn atlas<T: RenderTarget>(
        &mut self,
        canvas: &Canvas<T>,
        atlas: &Atlas,
    ) -> Result<&mut Texture, String> {
        let height_px = atlas.height_px();
        let mut copy = match self.atlas.take() {
            Some(copy) if copy.height_px == height_px => copy,
            _ => AtlasCopy {
                texture: create(canvas, [Atlas::WIDTH_PX, height_px])?,
                generation: atlas.generation(),
                height_px,
                masks: 0,
            },
        };
        if copy.generation != atlas.generation() {
            (copy.generation, copy.masks) = (atlas.generation(), 0);
        }
        let new = atlas.placed().get(copy.masks..).unwrap_or_default();
        for part in new {
            copy_mask(&mut copy.texture, atlas, *part)?;
        }
        copy.masks = atlas.placed().len();
        Ok(&mut self.atlas.insert(copy).texture)
    }

    /// An image, copied when it is first shown and when it has changed; `None` as long as it is read.
    pub(super) fn image<T: RenderTarget>(
        &mut self,
        canvas: &Canvas<T>,
        frame: &Frame<'_>,
        id: ImageId,
        smooth: bool,
    ) -> Result<Option<Copied<'_>>, String> {
        let Some(picture) = frame.images.get(id) else { return Ok(None) };
        let generation = frame.images.generation(id);
        let key = (id.index(), smooth);
        let copy = match self.images.remove(&key) {
            Some(copy) if copy.generation == generation => copy,
            outgrown => {
                if let Some(outgrown) = outgrown {
                    destroy(outgrown.texture);
                }
                let what = || format!("the image {}", frame.images.path(id));
                let (texture, scale) = self.copy(canvas, picture, smooth)?;
                self.note_scaling(scale, [picture.width, picture.height], what);
                ImageCopy { texture, scale, generation }
            }
        };
        let copy = self.images.entry(key).insert_entry(copy).into_mut();
        Ok(Some(Copied { texture: &mut copy.texture, scale: copy.scale }))
    }

    /// A canvas, with what was drawn on it since it was last shown; `None` if there is none.
    pub(super) fn canvas<T: RenderTarget>(
        &mut self,
        canvas: &Canvas<T>,
        frame: &Frame<'_>,
        id: Entity,
        smooth: bool,
    ) -> Result<Option<Copied<'_>>, String> {
        let Some(sheet) = frame.sheets.get(id) else { return Ok(None) };
        let (size_px, generation, changes) = (sheet.size_px(), sheet.generation(), sheet.changes());
        let known = self.canvases.remove(&(id, smooth));
        let is_kept = |copy: &CanvasCopy| {
            copy.size_px == size_px
                && copy.generation == generation
                && (copy.changes == changes || copy.scale == [1.0, 1.0])
        };
        let patches = known.as_ref().filter(|copy| is_kept(copy));
        let patches = patches.and_then(|copy| sheet.changed_since(copy.changes));
        let copy = match (known, patches) {
            (Some(mut copy), Some(patches)) => {
                for part in patches {
                    upload(&mut copy.texture, sheet.rgba(part), part)?;
                }
                CanvasCopy { changes, ..copy }
            }
            (outgrown, _) => {
                let (texture, scale) = self.copy(canvas, &sheet.picture(), smooth)?;
                // One that is drawn on has not grown.
                if outgrown.as_ref().is_none_or(|copy| copy.size_px != size_px) {
                    let what = || format!("the Canvas of {}", frame.sheets.name(id));
                    self.note_scaling(scale, size_px, what);
                }
                if let Some(outgrown) = outgrown {
                    destroy(outgrown.texture);
                }
                CanvasCopy { texture, scale, size_px, generation, changes }
            }
        };
        let copy = self.canvases.entry((id, smooth)).insert_entry(copy).into_mut();
        Ok(Some(Copied { texture: &mut copy.texture, scale: copy.scale }))
    }

    /// Lets go of what shows canvases and targets that are no more.
    pub(super) fn forget_gone(&mut self, frame: &Frame<'_>) {
        let is_gone = |(id, _): &&(Entity, bool)| frame.sheets.get(*id).is_none();
        let gone: Vec<_> = self.canvases.keys().filter(is_gone).copied().collect();
        for key in gone {
            self.canvases.remove(&key).into_iter().for_each(|copy| destroy(copy.texture));
        }
        let is_gone = |id: &&Entity| !frame.sheets.has_target(**id);
        let gone: Vec<_> = self.targets.keys().filter(is_gone).copied().collect();
        for TargetCopy { shown, next, .. } in gone.iter().filter_map(|id| self.targets.remove(id)) {
            destroy(shown);
            next.into_iter().for_each(destroy);
        }
    }

    /// How many canvases and targets there are textures of.
    #[cfg(test)]
    pub(super) fn copy_count(&self) -> usize {
        self.canvases.len() + self.targets.len()
    }

    /// What a target showed when it was last drawn; `None` if it never was.
    pub(super) fn target(&mut self, id: Entity) -> Option<Copied<'_>> {
        self.targets.get_mut(&id).map(|copy| Copied::whole(&mut copy.shown))
    }

    /// Takes out the texture that a target is to be drawn into. Where it shows itself, what it showed
    /// stays meanwhile.
    pub(super) fn begin_target<T: RenderTarget>(
        &mut self,
        canvas: &Canvas<T>,
        frame: &Frame<'_>,
        target: &TargetFrame,
    ) -> Result<Texture, String> {
        let smooth = target.smooth;
        let size_px = target.size_px.map(|side| side.min(self.max_side_px.unwrap_or(side)));
        if size_px != target.size_px && !self.targets.contains_key(&target.id) {
            let ([width, height], most) = (target.size_px, size_px[0].max(size_px[1]));
            let name = frame.sheets.name(target.id);
            self.notes.push(format!(
                "the Target of {name} has {width} × {height} px, and this computer's renderer takes \
                 {most} px a side: it is cut"
            ));
        }
        let mut copy = match self.targets.remove(&target.id) {
            Some(copy) if copy.size_px == size_px && copy.smooth == smooth => copy,
            outgrown => {
                if let Some(TargetCopy { shown, next, .. }) = outgrown {
                    [Some(shown), next].into_iter().flatten().for_each(destroy);
                }
                let shown = create_target(canvas, size_px, smooth)?;
                TargetCopy { shown, next: None, size_px, smooth }
            }
        };
        let into = if target.shows_itself() {
            let next = copy.next.take();
            let next = next.map_or_else(|| create_target(canvas, size_px, smooth), Ok)?;
            self.targets.insert(target.id, copy);
            next
        } else {
            copy.shown
        };
        Ok(into)
    }

    /// Puts back what a target was drawn into: it shows that from now on.
    pub(super) fn end_target(&mut self, target: &TargetFrame, drawn: Texture) {
        let query = drawn.query();
        let size_px = [query.width, query.height];
        let before = self.targets.remove(&target.id);
        let next = before.map(|before| before.shown);
        let copy = TargetCopy { shown: drawn, next, size_px, smooth: target.smooth };
        self.targets.insert(target.id, copy);
    }

    /// A texture with a picture, scaled down if the renderer does not take one so large, and how much.
    fn copy<T: RenderTarget>(
        &mut self,
        canvas: &Canvas<T>,
        picture: &Picture,
        smooth: bool,
    ) -> Result<(Texture, [f64; 2]), String> {
        let size = [picture.width, picture.height];
        let most = self.max_side_px.unwrap_or(u32::MAX);
        let fitting = size.map(|side| side.min(most));
        let smaller = (fitting != size).then(|| smaller(picture, fitting)).flatten();
        let scale = [0, 1].map(|axis| f64::from(fitting[axis]) / f64::from(size[axis].max(1)));
        let (picture, scale) = match &smaller {
            Some(smaller) => (smaller, scale),
            None => (picture, [1.0, 1.0]),
        };
        let mut texture = create(canvas, [picture.width, picture.height])?;
        texture.set_scale_mode(if smooth { ScaleMode::Linear } else { ScaleMode::Nearest });
        copy_part(&mut texture, picture, whole(picture))?;
        Ok((texture, scale))
    }

    /// Tells of a picture of this size that was scaled down.
    fn note_scaling(
        &mut self,
        scale: [f64; 2],
        [width, height]: [u32; 2],
        what: impl Fn() -> String,
    ) {
        if let (true, Some(most)) = (scale != [1.0, 1.0], self.max_side_px) {
            self.notes.push(format!(
                "{} has {width} × {height} px, and this computer's renderer takes {most} px a side: \
                 it is shown less finely",
                what()
            ));
        }
    }

    /// A texture of what lies over the scene, with its newest changes; `None` if there is none of
    /// that number.
    pub(super) fn painting<T: RenderTarget>(
        &mut self,
        canvas: &Canvas<T>,
        frame: &Frame<'_>,
        id: u64,
    ) -> Result<Option<&mut Texture>, String> {
        let Some(wanted) = frame.paintings().find_map(|painting| painting.textures.get(&id)) else {
            return Ok(None);
        };
        let picture = &wanted.picture;
        let size_px = [picture.width, picture.height];
        let known = self.painting.remove(&id).filter(|copy| copy.size_px == size_px);
        let is_known = known.as_ref().is_some_and(|copy| copy.generation == wanted.generation);
        let mut copy = match known {
            Some(copy) => copy,
            None => PaintingCopy {
                texture: create(canvas, size_px)?,
                generation: wanted.generation,
                size_px,
                patches: 0,
            },
        };
        if is_known {
            for part in wanted.patches.get(copy.patches..).unwrap_or_default() {
                copy_part(&mut copy.texture, picture, *part)?;
            }
        } else {
            copy_part(&mut copy.texture, picture, whole(picture))?;
        }
        (copy.generation, copy.patches) = (wanted.generation, wanted.patches.len());
        Ok(Some(&mut self.painting.entry(id).insert_entry(copy).into_mut().texture))
    }
}

fn create<T: RenderTarget>(canvas: &Canvas<T>, size: [u32; 2]) -> Result<Texture, String> {
    let [width, height] = size;
    let mut texture =
        canvas.create_texture_static(FORMAT, width, height).map_err(|error| error.to_string())?;
    texture.set_blend_mode(BlendMode::Blend);
    texture.set_scale_mode(ScaleMode::Linear);
    Ok(texture)
}

/// A texture that can be drawn into, and in which nothing is.
fn create_target<T: RenderTarget>(
    canvas: &Canvas<T>,
    [width, height]: [u32; 2],
    smooth: bool,
) -> Result<Texture, String> {
    let texture = canvas.create_texture_target(FORMAT, width, height);
    let mut texture = texture.map_err(|error| error.to_string())?;
    texture.set_blend_mode(BlendMode::Blend);
    texture.set_scale_mode(if smooth { ScaleMode::Linear } else { ScaleMode::Nearest });
    // After a change of the mode SDL's OpenGL renderer takes this texture for the one that it drew with
    // last, until pixels are given to one.
    let pixels = vec![0; 4 * width as usize * height as usize];
    upload(&mut texture, pixels, PxRect { x: 0, y: 0, width, height })?;
    Ok(texture)
}

/// Lets a texture go. Its renderer must be alive: all textures here are let go of before it.
fn destroy(texture: Texture) {
    // SAFETY: the textures of one painter belong to its canvas, which is alive as long as it draws, and
    // whoever gives one away here has it no more.
    unsafe { texture.destroy() }
}

/// A picture of another size that looks the same.
pub(super) fn smaller(picture: &Picture, [width, height]: [u32; 2]) -> Option<Picture> {
    let image = RgbaImage::from_raw(picture.width, picture.height, picture.rgba.clone())?;
    let rgba = resize(&image, width, height, FilterType::Triangle).into_raw();
    Some(Picture { width, height, rgba })
}

fn rect(part: PxRect) -> Rect {
    Rect::new(part.x.cast_signed(), part.y.cast_signed(), part.width, part.height)
}

/// All of a picture.
fn whole(picture: &Picture) -> PxRect {
    PxRect { x: 0, y: 0, width: picture.width, height: picture.height }
}

/// Copies a part of a picture to the same place.
fn copy_part(texture: &mut Texture, picture: &Picture, part: PxRect) -> Result<(), String> {
    let (row, width) = (4 * picture.width as usize, 4 * part.width as usize);
    let rows = picture.rgba.chunks_exact(row.max(1));
    let rows = rows.skip(part.y as usize).take(part.height as usize);
    let left = 4 * part.x as usize;
    let rgba = rows.filter_map(|row| row.get(left..left + width)).flatten().copied().collect();
    upload(texture, rgba, part)
}

/// Copies the pixels of a part of a picture to its place.
fn upload(texture: &mut Texture, mut rgba: Vec<u8>, part: PxRect) -> Result<(), String> {
    rgba.chunks_exact_mut(4).for_each(|pixel| pixel.swap(0, 2));
    let row = 4 * part.width as usize;
    texture.update(rect(part), &rgba, row).map_err(|error| error.to_string())
}

/// Copies one mask as white that is as opaque as the mask covers.
fn copy_mask(texture: &mut Texture, atlas: &Atlas, part: PxRect) -> Result<(), String> {
    let pixels: Vec<u8> = atlas
        .rows(part)
        .flat_map(|row| row.iter().flat_map(|coverage| [255, 255, 255, *coverage]))
        .collect();
    texture.update(rect(part), &pixels, 4 * part.width as usize).map_err(|error| error.to_string())
}
