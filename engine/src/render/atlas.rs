//! One picture that holds many small masks: glyphs and circles.
//!
//! Masks are packed on shelves and stay until the atlas is full; then everything goes at the
//! beginning of a frame and what is still needed is drawn again. A display copies what is new.

use super::PxRect;

/// Many small coverage masks in one, 0 to 255 a pixel.
#[derive(Clone, Debug)]
pub struct Atlas {
    height: u32,
    coverage: Vec<u8>,
    placed: Vec<PxRect>,
    shelf: PxRect,
    generation: u64,
    full: bool,
}

impl Atlas {
    /// Width, px. A power of two that every graphics card takes.
    pub const WIDTH_PX: u32 = 1024;
    const FIRST_HEIGHT_PX: u32 = 256;
    /// The greatest height that every graphics card of the last ten years takes.
    const MAX_HEIGHT_PX: u32 = 4096;
    /// Distance between masks, so that none bleeds into another where the window is enlarged.
    const GAP_PX: u32 = 1;

    /// Height, px; grows as masks are added.
    pub fn height_px(&self) -> u32 {
        self.height
    }

    /// Where masks were placed since the atlas was last emptied, in order: what comes after those
    /// already copied is new.
    pub fn placed(&self) -> &[PxRect] {
        &self.placed
    }

    /// How often the atlas was emptied: a copy of another generation is worthless.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The coverage of one rectangle, row by row.
    pub fn rows(&self, part: PxRect) -> impl Iterator<Item = &[u8]> {
        (part.y..part.y + part.height).map(move |y| {
            let start = (y * Self::WIDTH_PX + part.x) as usize;
            &self.coverage[start..start + part.width as usize]
        })
    }

    /// Empties a full atlas; whether it did.
    pub(super) fn begin(&mut self) -> bool {
        let emptied = self.full;
        if emptied {
            *self = Self { generation: self.generation + 1, ..Self::default() };
        }
        emptied
    }

    /// Places a mask whose pixels `coverage` gives by x and y, 0 to 1. `None` if there is no room in
    /// this frame.
    pub(super) fn place(
        &mut self,
        width: u32,
        height: u32,
        coverage: impl Fn(u32, u32) -> f32,
    ) -> Option<PxRect> {
        let rect = self.allocate(width, height)?;
        for y in 0..height {
            let start = ((rect.y + y) * Self::WIDTH_PX + rect.x) as usize;
            for (x, pixel) in (0..width).zip(&mut self.coverage[start..]) {
                #[expect(clippy::cast_possible_truncation, reason = "0 to 255")]
                #[expect(clippy::cast_sign_loss, reason = "0 to 255")]
                let value = (coverage(x, y).clamp(0.0, 1.0) * 255.0).round() as u8;
                *pixel = value;
            }
        }
        self.placed.push(rect);
        Some(rect)
    }

    fn allocate(&mut self, width: u32, height: u32) -> Option<PxRect> {
        if width + Self::GAP_PX > Self::WIDTH_PX {
            return None;
        }
        if self.shelf.x + width + Self::GAP_PX > Self::WIDTH_PX {
            self.shelf = PxRect { y: self.shelf.y + self.shelf.height, ..PxRect::default() };
        }
        let bottom = self.shelf.y + height + Self::GAP_PX;
        if bottom > Self::MAX_HEIGHT_PX {
            self.full = true;
            return None;
        }
        while bottom > self.height {
            self.height *= 2;
            self.coverage.resize((self.height * Self::WIDTH_PX) as usize, 0);
        }
        let rect = PxRect { x: self.shelf.x, y: self.shelf.y, width, height };
        self.shelf.x += width + Self::GAP_PX;
        self.shelf.height = self.shelf.height.max(height + Self::GAP_PX);
        Some(rect)
    }
}

impl Default for Atlas {
    fn default() -> Self {
        let height = Self::FIRST_HEIGHT_PX;
        Self {
            height,
            coverage: vec![0; (height * Self::WIDTH_PX) as usize],
            placed: Vec::new(),
            shelf: PxRect::default(),
            generation: 0,
            full: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Atlas;

    /// Masks never overlap, the atlas grows for them, and a mask keeps its pixels meanwhile.
    #[test]
    fn masks_keep_their_place_while_the_atlas_grows() {
        let mut atlas = Atlas::default();
        let first = atlas.place(3, 2, |x, y| (x + 3 * y) as f32 / 5.0).unwrap();
        let others: Vec<_> = (0..60).map(|_| atlas.place(100, 90, |_, _| 1.0).unwrap()).collect();
        // 10 masks of 101 px to a shelf of 1024 px: shelves of 91 px, and 7 of them need 637 px.
        assert_eq!(atlas.height_px(), 1024);
        let rows: Vec<&[u8]> = atlas.rows(first).collect();
        assert_eq!(rows, [[0, 51, 102], [153, 204, 255]]);
        for (index, a) in others.iter().enumerate() {
            for b in &others[..index] {
                let apart_x = a.x + a.width <= b.x || b.x + b.width <= a.x;
                let apart_y = a.y + a.height <= b.y || b.y + b.height <= a.y;
                assert!(apart_x || apart_y, "{a:?} overlaps {b:?}");
            }
        }
        assert_eq!(atlas.placed().len(), 61);
    }

    /// A full atlas refuses, and is empty again from the next frame on.
    #[test]
    fn a_full_atlas_is_emptied_at_the_next_frame() {
        let mut atlas = Atlas::default();
        assert!(!atlas.begin());
        while atlas.place(500, 500, |_, _| 1.0).is_some() {}
        // Two to a shelf of 501 px, eight shelves in 4096 px.
        assert_eq!(atlas.placed().len(), 16);
        assert!(atlas.begin());
        assert_eq!((atlas.placed().len(), atlas.generation()), (0, 1));
        assert!(atlas.place(500, 500, |_, _| 1.0).is_some());
        assert!(!atlas.begin());
        assert!(atlas.place(2000, 1, |_, _| 1.0).is_none());
    }
}
