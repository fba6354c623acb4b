//! What egui wants painted, as a [`Painting`] in the engine's own words.
//!
//! Nearly all of it are upright rectangles, plain or a glyph of the font's texture: these become
//! quads in whole pixels, which every renderer draws alike. The rest are triangles.

use std::collections::BTreeMap;

use egui::epaint::textures::TexturesDelta;
use egui::epaint::{ClippedPrimitive, ImageData, ImageDelta, Mesh, Primitive, Vertex as Corner};
use egui::{Color32, Pos2, Rect, TextureId};

use crate::color::Color;
use crate::render::{
    Batch, DrawList, ImageId, Painting, PaintingTexture, Picture, PxRect, Quad, Texture, Vertex,
};

/// How many changes of a texture are told one by one; then it is told anew as a whole.
const MAX_PATCHES: usize = 256;

/// Where the font's texture is white, for what is no glyph.
const WHITE: Pos2 = egui::epaint::WHITE_UV;

/// Where egui's points lie on a surface, and where its textures are.
pub(crate) struct View<'a> {
    /// Width and height of the surface, px.
    pub(crate) size_px: [u32; 2],
    /// Pixels for a point.
    pub(crate) scale: f32,
    /// Where the first point lies, px.
    pub(crate) corner_px: [f32; 2],
    /// The number of the first of egui's own textures.
    pub(crate) first: u64,
    /// The scene's images, by the numbers that egui was given for them, each with its width and height, px;
    /// `None` as long as one is read.
    pub(crate) image: &'a dyn Fn(u64) -> Option<(ImageId, [u32; 2])>,
}

impl View<'static> {
    /// All of a surface.
    pub(crate) fn whole(size_px: [u32; 2], scale: f32) -> Self {
        Self { size_px, scale, corner_px: [0.0; 2], first: 0, image: &|_| None }
    }
}

impl View<'_> {
    /// A texture's number.
    fn number(&self, id: TextureId) -> u64 {
        let (TextureId::Managed(number) | TextureId::User(number)) = id;
        self.first + number
    }

    /// Where a point lies, px.
    fn px(&self, at: Pos2) -> [f32; 2] {
        [at.x * self.scale + self.corner_px[0], at.y * self.scale + self.corner_px[1]]
    }
}

/// Brings a painting up to what egui's pass left.
pub(crate) fn update(
    painting: &mut Painting,
    mut textures: TexturesDelta,
    primitives: &[ClippedPrimitive],
    view: &View<'_>,
) {
    let mut is_new = painting.size_px != view.size_px;
    painting.size_px = view.size_px;
    for (id, deltas) in &textures.set {
        for delta in deltas {
            is_new = true;
            take_texture(&mut painting.textures, view.number(*id), delta);
        }
    }
    for id in &textures.free {
        painting.textures.remove(&view.number(*id));
    }
    // It insists on being emptied.
    textures.clear();
    let list = draw(primitives, &painting.textures, view);
    if is_new || !is_same(&list, &painting.list) {
        painting.list = list;
        painting.revision += 1;
    }
}

fn is_same(list: &DrawList, other: &DrawList) -> bool {
    list.batches == other.batches
        && list.quads == other.quads
        && list.indices == other.indices
        && list.vertices == other.vertices
}

/// Takes in a new texture, or a change of one.
fn take_texture(textures: &mut BTreeMap<u64, PaintingTexture>, id: u64, delta: &ImageDelta) {
    let ImageData::Color(image) = &delta.image;
    let [width, height] = image.size.map(|side| u32::try_from(side).unwrap_or(0));
    let rgba = || image.pixels.iter().flat_map(|pixel| pixel.to_srgba_unmultiplied());
    match (delta.pos, textures.get_mut(&id)) {
        (Some([x, y]), Some(texture)) => {
            let [x, y] = [x, y].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            let part = PxRect { x, y, width, height };
            let bytes: Vec<u8> = rgba().collect();
            put(&mut texture.picture, part, &bytes);
            if texture.patches.len() < MAX_PATCHES {
                texture.patches.push(part);
            } else {
                texture.patches.clear();
                texture.generation += 1;
            }
        }
        (Some(_), None) => {}
        (None, known) => {
            let generation = known.map_or(0, |texture| texture.generation + 1);
            let picture = Picture { width, height, rgba: rgba().collect() };
            textures.insert(id, PaintingTexture { picture, generation, patches: Vec::new() });
        }
    }
}

/// Puts pixels into a part of a picture; what lies outside of it is left out.
fn put(picture: &mut Picture, part: PxRect, rgba: &[u8]) {
    let (row, width) = (4 * picture.width as usize, 4 * part.width as usize);
    let left = 4 * part.x as usize;
    let rows = picture.rgba.chunks_exact_mut(row.max(1)).skip(part.y as usize);
    for (to, from) in rows.zip(rgba.chunks_exact(width.max(1))) {
        if let Some(to) = to.get_mut(left..left + width) {
            to.copy_from_slice(from);
        }
    }
}

/// The draw list of egui's meshes.
fn draw(
    primitives: &[ClippedPrimitive],
    textures: &BTreeMap<u64, PaintingTexture>,
    view: &View<'_>,
) -> DrawList {
    let mut list = DrawList::default();
    let mut clip = None;
    for primitive in primitives {
        let Primitive::Mesh(mesh) = &primitive.primitive else { continue };
        let Some(part) = clipped(primitive.clip_rect, view) else { continue };
        if clip != Some(part) {
            list.batches.push(Batch::Clip(part));
            clip = Some(part);
        }
        let source = match mesh.texture_id {
            TextureId::User(number) => match (view.image)(number) {
                Some((id, size_px)) => Source::Image { id, size_px },
                // It is read: it is seen when it is there.
                None => continue,
            },
            id => {
                let id = view.number(id);
                textures.get(&id).map_or(Source::Plain, |texture| {
                    let size_px = [texture.picture.width, texture.picture.height];
                    Source::Own { id, size_px }
                })
            }
        };
        Tracer { list: &mut list, source, view }.mesh(mesh);
    }
    list
}

/// Where the pixels of a mesh come from.
#[derive(Clone, Copy)]
enum Source {
    /// From nowhere.
    Plain,
    /// From a texture of the painting.
    Own { id: u64, size_px: [u32; 2] },
    /// From an image of the scene, which is shown whole and undistorted.
    Image { id: ImageId, size_px: [u32; 2] },
}

/// A rectangle in whole pixels, cut to the surface; `None` if nothing is left.
fn clipped(clip: Rect, view: &View<'_>) -> Option<PxRect> {
    #[expect(clippy::cast_possible_truncation, reason = "cut to the surface")]
    #[expect(clippy::cast_sign_loss, reason = "cut to the surface")]
    #[expect(clippy::cast_precision_loss, reason = "a surface has few thousand pixels")]
    let px = |at: Pos2| {
        let [x, y] = view.px(at);
        let cut = |px: f32, axis: usize| px.round().clamp(0.0, view.size_px[axis] as f32) as u32;
        [cut(x, 0), cut(y, 1)]
    };
    let ([x, y], [right, bottom]) = (px(clip.min), px(clip.max));
    let width = right.checked_sub(x).filter(|width| *width > 0)?;
    let height = bottom.checked_sub(y).filter(|height| *height > 0)?;
    Some(PxRect { x, y, width, height })
}

/// Draws one mesh.
struct Tracer<'a> {
    list: &'a mut DrawList,
    source: Source,
    view: &'a View<'a>,
}

impl Tracer<'_> {
    fn mesh(&mut self, mesh: &Mesh) {
        let corner = |index: u32| mesh.vertices.get(index as usize).copied();
        let mut triangles = mesh.indices.chunks_exact(3).filter_map(|indices| {
            Some([corner(indices[0])?, corner(indices[1])?, corner(indices[2])?])
        });
        let mut pending = triangles.next();
        while let Some(first) = pending.take() {
            let second = triangles.next();
            match second.and_then(|second| quad(&first, &second)) {
                Some(found) => {
                    self.quad(&found);
                    pending = triangles.next();
                }
                None => {
                    self.triangle(&first);
                    pending = second;
                }
            }
        }
    }

    fn quad(&mut self, found: &Found) {
        if found.color == Color32::TRANSPARENT {
            return;
        }
        let color = straight(found.color);
        let [left, top, right, bottom] = found.place;
        let [left, top] = self.view.px(Pos2::new(left, top)).map(f32::round);
        let [right, bottom] = self.view.px(Pos2::new(right, bottom)).map(f32::round);
        let (width, height) = (right - left, bottom - top);
        if width <= 0.0 || height <= 0.0 {
            return;
        }
        let place = [left, top, width, height];
        let (texture, source, [x, y, width, height]) = match (self.source, found.source) {
            (Source::Own { id, size_px }, Some(part)) => {
                (Texture::Painting(id), part_of(size_px, part), place)
            }
            (Source::Image { id, size_px: [width, height] }, _) => {
                let source = PxRect { x: 0, y: 0, width, height };
                (Texture::Image { id, smooth: true }, source, fitted([width, height], place))
            }
            _ => (Texture::Blank, PxRect::default(), place),
        };
        let (flip_x, flip_y, rotation) = (false, false, 0.0);
        self.list.quads.push(Quad { x, y, width, height, rotation, source, color, flip_x, flip_y });
        let end = self.list.quads.len();
        match self.list.batches.last_mut() {
            Some(Batch::Quads(last, range)) if *last == texture => range.end = end,
            _ => self.list.batches.push(Batch::Quads(texture, end - 1..end)),
        }
    }

    /// A triangle in its corners' colours. Of the texture it has nothing: no widget has textured
    /// triangles.
    fn triangle(&mut self, corners: &[Corner; 3]) {
        if corners.iter().all(|corner| corner.color == Color32::TRANSPARENT) {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "4 G vertices do not fit in memory")]
        let base = self.list.vertices.len() as u32;
        self.list.vertices.extend(corners.iter().map(|corner| {
            let [x, y] = self.view.px(corner.pos);
            Vertex { x, y, color: straight(corner.color) }
        }));
        self.list.indices.extend(base..base + 3);
        let end = self.list.indices.len();
        match self.list.batches.last_mut() {
            Some(Batch::Triangles(range)) => range.end = end,
            _ => self.list.batches.push(Batch::Triangles(end - 3..end)),
        }
    }
}

/// The pixels of a texture between parts of its width and height.
fn part_of(size_px: [u32; 2], [left, top, right, bottom]: [f32; 4]) -> PxRect {
    #[expect(clippy::cast_precision_loss, reason = "a texture has a few thousand pixels")]
    let [width, height] = size_px.map(|side| side as f32);
    #[expect(clippy::cast_possible_truncation, reason = "within the texture")]
    #[expect(clippy::cast_sign_loss, reason = "within the texture")]
    let [left, right, top, bottom] = [left * width, right * width, top * height, bottom * height]
        .map(|at| at.round().max(0.0) as u32);
    let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
    PxRect { x: left, y: top, width: width.max(1), height: height.max(1) }
}

/// Where an image lies in a place of left, top, width and height: whole, undistorted and in the middle.
fn fitted(size_px: [u32; 2], [left, top, width, height]: [f32; 4]) -> [f32; 4] {
    #[expect(clippy::cast_precision_loss, reason = "an image has a few thousand pixels")]
    let [own_width, own_height] = size_px.map(|side| side.max(1) as f32);
    let scale = (width / own_width).min(height / own_height);
    let [shown_width, shown_height] = [own_width * scale, own_height * scale].map(f32::round);
    let middle = |from: f32, room: f32, shown: f32| (from + (room - shown) / 2.0).round();
    let (x, y) = (middle(left, width, shown_width), middle(top, height, shown_height));
    [x, y, shown_width.max(1.0), shown_height.max(1.0)]
}

/// An upright rectangle among triangles.
struct Found {
    /// Left, top, right and bottom, points.
    place: [f32; 4],
    /// The same of its texture, as parts of its size; `None` where it is plain.
    source: Option<[f32; 4]>,
    color: Color32,
}

/// The upright rectangle that two triangles are together, if they are one.
fn quad(first: &[Corner; 3], second: &[Corner; 3]) -> Option<Found> {
    let color = first[0].color;
    let corners = || first.iter().chain(second);
    if corners().any(|corner| corner.color != color) {
        return None;
    }
    let mut place = Rect::NOTHING;
    corners().for_each(|corner| place.extend_with(corner.pos));
    // Every corner is one of the rectangle's, and each triangle has three different ones; the two
    // that they share lie across.
    let at = |corner: &Corner| {
        let is = |value: f32, low: f32, high: f32| match value {
            _ if value == low => Some(0_u8),
            _ if value == high => Some(1),
            _ => None,
        };
        let x = is(corner.pos.x, place.min.x, place.max.x)?;
        let y = is(corner.pos.y, place.min.y, place.max.y)?;
        Some(1_u8 << (x + 2 * y))
    };
    let set = |triangle: &[Corner; 3]| -> Option<u8> {
        let set = at(&triangle[0])? | at(&triangle[1])? | at(&triangle[2])?;
        (set.count_ones() == 3).then_some(set)
    };
    let (one, other) = (set(first)?, set(second)?);
    let shared = one & other;
    if one | other != 0b1111 || !matches!(shared, 0b1001 | 0b0110) {
        return None;
    }
    let is_plain = corners().all(|corner| corner.uv == WHITE);
    let source = if is_plain {
        None
    } else {
        let uv = |wanted: u8| corners().find(|corner| at(corner) == Some(wanted));
        let (from, to) = (uv(0b0001)?.uv, uv(0b1000)?.uv);
        Some([from.x, from.y, to.x, to.y])
    };
    let place = [place.min.x, place.min.y, place.max.x, place.max.y];
    Some(Found { place, source, color })
}

/// A colour whose parts are not multiplied by its opacity.
fn straight(color: Color32) -> Color {
    let [r, g, b, a] = color.to_srgba_unmultiplied();
    Color { r, g, b, a }
}
