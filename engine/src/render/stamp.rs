//! Small circles and rings, drawn once into the atlas and stamped wherever they are needed.
//!
//! A stamp is smooth on every renderer, where SDL's software renderer moves the corners of triangles
//! to whole pixels; and a thousand balls of one size cost a thousand copies.

use std::collections::HashMap;

use super::atlas::Atlas;
use super::draw_list::{DrawList, PxRect, Quad, Texture};
use super::placement::Point;
use crate::color::Color;

/// Larger circles are triangles: a few of them would fill the atlas.
const MAX_RADIUS_PX: f64 = 256.0;
/// Radii and thicknesses are rounded to eighths of a pixel, those of large circles to whole ones.
const STEPS: f64 = 8.0;
/// Circles beyond this radius are large.
const LARGE_RADIUS_PX: f64 = 64.0;

/// Into how many steps a pixel is divided for the centre of a circle. What is large shows a small
/// step less, and each step is a mask of its own.
fn phases(radius: f64) -> f64 {
    match radius {
        ..=16.0 => 4.0,
        ..=LARGE_RADIUS_PX => 2.0,
        _ => 1.0,
    }
}

/// What tells one stamp from another, in the steps above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    radius: u16,
    /// 0 for a filled circle.
    thickness: u16,
    /// Where the centre lies in its pixel, in quarters.
    phase: [u8; 2],
}

/// The circles that are in the atlas.
#[derive(Clone, Debug, Default)]
pub(super) struct Stamps {
    masks: HashMap<Key, PxRect>,
}

impl Stamps {
    /// Forgets all stamps, as the atlas was emptied.
    pub(super) fn clear(&mut self) {
        self.masks.clear();
    }

    /// Draws a circle, or a ring of `outline` inside of its edge; `false` if it is too large.
    pub(super) fn draw(
        &mut self,
        list: &mut DrawList,
        atlas: &mut Atlas,
        [x, y]: Point,
        radius: f64,
        outline: f64,
        color: Color,
    ) -> bool {
        if radius > MAX_RADIUS_PX {
            return false;
        }
        let phases = phases(radius);
        let snap = |at: f64| (at * phases).round() / phases;
        let (x, y) = (snap(x), snap(y));
        let radius = if radius > LARGE_RADIUS_PX { radius.round() } else { radius };
        let thickness = if outline < radius { outline } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, reason = "at most 256 px in eighths")]
        #[expect(clippy::cast_sign_loss, reason = "lengths and remainders are not negative")]
        let key = {
            let steps = |length: f64| (length * STEPS).round().max(1.0) as u16;
            let phase = |at: f64| ((at - at.floor()) * 4.0) as u8;
            Key {
                radius: steps(radius),
                thickness: if thickness > 0.0 { steps(thickness) } else { 0 },
                phase: [phase(x), phase(y)],
            }
        };
        let mask = match self.masks.get(&key) {
            Some(mask) => *mask,
            None => match place(atlas, key) {
                Some(mask) => *self.masks.entry(key).or_insert(mask),
                None => return false,
            },
        };
        #[expect(clippy::cast_possible_truncation, reason = "near the window")]
        let (left, top) = ((x.floor() - reach(key)) as f32, (y.floor() - reach(key)) as f32);
        #[expect(clippy::cast_precision_loss, reason = "at most 515 px")]
        let (width, height) = (mask.width as f32, mask.height as f32);
        let quad = Quad {
            x: left,
            y: top,
            width,
            height,
            rotation: 0.0,
            source: mask,
            color,
            flip_x: false,
            flip_y: false,
        };
        list.push_quad(Texture::Atlas, quad);
        true
    }
}

/// Whole pixels from the one that holds the centre to the edge of the mask.
fn reach(key: Key) -> f64 {
    (f64::from(key.radius) / STEPS + 0.5).ceil()
}

/// Draws the mask of a stamp into the atlas.
fn place(atlas: &mut Atlas, key: Key) -> Option<PxRect> {
    let radius = f64::from(key.radius) / STEPS;
    let thickness = f64::from(key.thickness) / STEPS;
    let center = key.phase.map(|quarters| reach(key) + f64::from(quarters) / 4.0);
    #[expect(clippy::cast_possible_truncation, reason = "at most 515 px")]
    #[expect(clippy::cast_sign_loss, reason = "at most 515 px")]
    let side = 2 * reach(key) as u32 + 1;
    #[expect(clippy::cast_possible_truncation, reason = "coverage is 0 to 1")]
    atlas.place(side, side, |x, y| {
        let whole = disc_coverage(x, y, center, radius);
        let hole =
            if thickness > 0.0 { disc_coverage(x, y, center, radius - thickness) } else { 0.0 };
        (whole - hole) as f32
    })
}

/// The share of a pixel inside of a circle, from 16 × 16 samples where the edge runs through it.
fn disc_coverage(x: u32, y: u32, [center_x, center_y]: Point, radius: f64) -> f64 {
    const SAMPLES: u32 = 16;
    /// Half of a pixel's diagonal, rounded up: nearer to the edge than this it may cross the pixel.
    const HALF_DIAGONAL: f64 = 0.71;
    let (left, top) = (f64::from(x) - center_x, f64::from(y) - center_y);
    let distance = (left + 0.5).hypot(top + 0.5);
    if distance <= radius - HALF_DIAGONAL {
        return 1.0;
    }
    if distance >= radius + HALF_DIAGONAL {
        return 0.0;
    }
    let at = |sample: u32| (f64::from(sample) + 0.5) / f64::from(SAMPLES);
    let inside = (0..SAMPLES * SAMPLES).filter(|sample| {
        let (x, y) = (left + at(sample % SAMPLES), top + at(sample / SAMPLES));
        x * x + y * y < radius * radius
    });
    inside.count() as f64 / f64::from(SAMPLES * SAMPLES)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::Stamps;
    use crate::color::Color;
    use crate::render::atlas::Atlas;
    use crate::render::draw_list::{DrawList, Quad};

    /// Stamps one circle; returns the quad, the sum of its mask in pixels, and the mask's centroid
    /// on the screen.
    fn stamp(at: [f64; 2], radius: f64, outline: f64) -> (Quad, f64, [f64; 2]) {
        let (mut list, mut atlas) = (DrawList::default(), Atlas::default());
        list.begin([200, 200]);
        assert!(Stamps::default().draw(&mut list, &mut atlas, at, radius, outline, Color::WHITE));
        let quad = list.quads[0];
        let (mut sum, mut moment) = (0.0, [0.0, 0.0]);
        for (y, row) in atlas.rows(quad.source).enumerate() {
            for (x, value) in row.iter().enumerate() {
                let weight = f64::from(*value) / 255.0;
                sum += weight;
                moment[0] += weight * (f64::from(quad.x) + x as f64 + 0.5);
                moment[1] += weight * (f64::from(quad.y) + y as f64 + 0.5);
            }
        }
        (quad, sum, moment.map(|moment| moment / sum))
    }

    /// A disc covers πr², a ring π(r² − (r − t)²), and both lie about their centre.
    #[test]
    fn a_stamp_has_the_area_and_place_of_its_circle() {
        for (at, radius, outline) in
            [([100.0, 100.0], 10.0, 0.0), ([50.25, 60.75], 3.0, 0.0), ([99.5, 80.0], 40.0, 5.0)]
        {
            let (_, sum, centroid) = stamp(at, radius, outline);
            let hole = if outline > 0.0 { radius - outline } else { 0.0 };
            let area = PI * (radius * radius - hole * hole);
            assert!((sum / area - 1.0).abs() < 0.01, "{sum} is not {area}");
            assert!((centroid[0] - at[0]).abs() < 0.02 && (centroid[1] - at[1]).abs() < 0.02);
        }
    }

    /// Circles of one size at one place in their pixel share a mask; large ones are refused.
    #[test]
    fn equal_circles_share_a_mask() {
        let (mut list, mut atlas, mut stamps) =
            (DrawList::default(), Atlas::default(), Stamps::default());
        list.begin([200, 200]);
        for x in [20.0, 30.0, 40.1] {
            assert!(stamps.draw(&mut list, &mut atlas, [x, 20.0], 7.0, 0.0, Color::WHITE));
        }
        assert_eq!((list.quads.len(), atlas.placed().len(), list.batches.len()), (3, 1, 1));
        assert!(!stamps.draw(&mut list, &mut atlas, [50.0, 50.0], 256.5, 0.0, Color::WHITE));
    }
}
