//! The component `Animation`: the cells of a sprite's sheet, one after the other.

use bevy_ecs::query::{QueryState, Without};
use bevy_ecs::world::{FromWorld, World};

use super::sprite::Sprite;
use crate::clock::Now;
use crate::component::component;
use crate::process::{Held, Paused};

component! {
    /// Shows the cells of a row of the process's Sprite one after the other.
    pub struct Animation {
        /// The row of the sheet with the first cell, from 0.
        row: i32 = 0,
        /// How many cells belong to it, going on in the next row where one ends; 0 for one row.
        frames: i32 = 0,
        /// Cells a second; less than 0 goes backwards.
        fps: f64 = 10.0,
        /// Whether it begins again after its end; otherwise it stays there.
        looped: bool = true,
        /// How many cells it has gone, the fraction being that of the present one; from 0.
        position: f64 = 0.0,
    }
}

impl Animation {
    /// Goes on for so many seconds; `columns` are the sheet's. Returns the cell of the sheet.
    fn advance(&mut self, dt: f64, columns: i32) -> i32 {
        let columns = columns.max(1);
        let frames = f64::from(if self.frames > 0 { self.frames } else { columns });
        let position = self.position + self.fps * dt;
        self.position = if self.looped {
            let within = position.rem_euclid(frames);
            // Of a tiny negative number the remainder is rounded up to the divisor itself.
            if within < frames { within } else { 0.0 }
        } else {
            // The last cell has its time, and stays.
            position.clamp(0.0, frames)
        };
        #[expect(clippy::cast_possible_truncation, reason = "within 32 bits, being so many cells")]
        let cell = self.position.min(frames - 1.0).floor() as i32;
        self.row.saturating_mul(columns).saturating_add(cell)
    }
}

/// What is animated: a process that is stopped stands still.
type Moving =
    QueryState<(&'static mut Animation, &'static mut Sprite), (Without<Paused>, Without<Held>)>;

/// Sprites that are animated.
pub(crate) struct Animated(Moving);

impl Animated {
    /// Lets every animation go on for the span of one tick, unless its process is paused or held.
    pub(crate) fn animate(&mut self, world: &mut World) {
        let dt = world.resource::<Now>().span().as_secs();
        for (mut animation, mut sprite) in self.0.iter_mut(world) {
            let cell = animation.advance(dt, sprite.columns);
            if sprite.cell != cell {
                sprite.cell = cell;
            }
        }
    }
}

impl FromWorld for Animated {
    fn from_world(world: &mut World) -> Self {
        Self(world.query_filtered())
    }
}

#[cfg(test)]
mod tests {
    use super::Animation;

    /// The cells after each step of a tenth of a second, of a sheet with four columns.
    fn cells(mut animation: Animation, steps: u32) -> Vec<i32> {
        (0..steps).map(|_| animation.advance(0.1, 4)).collect()
    }

    /// Ten a second is one each step; the second row begins at cell 4.
    #[test]
    fn a_row_goes_round() {
        let animation = Animation { row: 1, fps: 10.0, ..Animation::default() };
        assert_eq!(cells(animation, 6), [5, 6, 7, 4, 5, 6]);
    }

    /// Backwards it goes round the other way, and half a step shows each cell twice.
    #[test]
    fn it_goes_backwards_and_at_any_pace() {
        let backwards = Animation { fps: -10.0, ..Animation::default() };
        assert_eq!(cells(backwards, 5), [3, 2, 1, 0, 3]);
        let slow = Animation { fps: 5.0, ..Animation::default() };
        assert_eq!(cells(slow, 9), [0, 1, 1, 2, 2, 3, 3, 0, 0]);
    }

    /// One that is not looped stays at its last cell; it may go on over several rows.
    #[test]
    fn it_stays_at_its_end() {
        let once = Animation { frames: 6, looped: false, fps: 20.0, ..Animation::default() };
        assert_eq!(cells(once, 5), [2, 4, 5, 5, 5]);
    }

    /// No number makes it lose its place.
    #[test]
    fn wild_numbers_keep_it_within_its_cells() {
        for fps in [1e308, -1e308, 1e-308, -1e-308] {
            let wild = Animation { fps, ..Animation::default() };
            assert!(cells(wild, 3).iter().all(|cell| (0..4).contains(cell)), "{fps}");
        }
        let far = Animation { row: i32::MAX, frames: i32::MAX, ..Animation::default() };
        assert_eq!(cells(far, 1), [i32::MAX]);
    }
}
