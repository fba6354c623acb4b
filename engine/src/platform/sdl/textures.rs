//! Copies of the atlas and the images where SDL's renderer can reach them.
//!
//! A texture lives as long as its renderer. The atlas's is not destroyed before: it grows four times at
//! most.

use std::collections::BTreeMap;

use sdl2::pixels::PixelFormatEnum;
use sdl2::rect::Rect;
use sdl2::render::{BlendMode, Canvas, RenderTarget, ScaleMode, Texture};

use crate::render::{Atlas, Frame, ImageId, Picture, PxRect};

/// The order that SDL's software renderer draws with, nearly twice as fast as any other.
pub(super) const FORMAT: PixelFormatEnum = PixelFormatEnum::BGRA32;

/// The textures of one renderer.
#[derive(Default)]
pub(super) struct Textures {
    atlas: Option<AtlasCopy>,
    /// As smooth ones and as others: one texture cannot be both within a frame.
    images: BTreeMap<(usize, bool), ImageCopy>,
    painting: BTreeMap<u64, PaintingCopy>,
}

struct ImageCopy {
    texture: Texture,
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
    ) -> Result<Option<&mut Texture>, String> {
        let Some(picture) = frame.images.get(id) else { return Ok(None) };
        let generation = frame.images.generation(id);
        let key = (id.index(), smooth);
        let copy = match self.images.remove(&key) {
            Some(copy) if copy.generation == generation => copy,
            outgrown => {
                if let Some(outgrown) = outgrown {
                    // SAFETY: its renderer is the canvas's, which is alive, and nobody else has it.
                    unsafe { outgrown.texture.destroy() }
                }
                let mut texture = create(canvas, [picture.width, picture.height])?;
                texture.set_scale_mode(if smooth { ScaleMode::Linear } else { ScaleMode::Nearest });
                copy_part(&mut texture, picture, whole(picture))?;
                ImageCopy { texture, generation }
            }
        };
        Ok(Some(&mut self.images.entry(key).insert_entry(copy).into_mut().texture))
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
    let mut bgra: Vec<u8> =
        rows.filter_map(|row| row.get(left..left + width)).flatten().copied().collect();
    bgra.chunks_exact_mut(4).for_each(|pixel| pixel.swap(0, 2));
    let place = Rect::new(part.x.cast_signed(), part.y.cast_signed(), part.width, part.height);
    texture.update(place, &bgra, width).map_err(|error| error.to_string())
}

/// Copies one mask as white that is as opaque as the mask covers.
fn copy_mask(texture: &mut Texture, atlas: &Atlas, part: PxRect) -> Result<(), String> {
    let pixels: Vec<u8> = atlas
        .rows(part)
        .flat_map(|row| row.iter().flat_map(|coverage| [255, 255, 255, *coverage]))
        .collect();
    let place = Rect::new(part.x.cast_signed(), part.y.cast_signed(), part.width, part.height);
    texture.update(place, &pixels, 4 * part.width as usize).map_err(|error| error.to_string())
}
