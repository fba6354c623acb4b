//! The component `Scope`: a line that shows what is heard.
//!
//! It is seen and nothing else: no process can ask for the samples, which come when a device wants
//! them. Where nothing plays, the line is level.

use super::Blend;
use super::draw_list::{DrawList, diagonal};
use super::mesh::Mesh;
use super::placement::{Placement, Point};
use super::shape::stroke;
use crate::audio::{SAMPLE_RATE_HZ, SampleRing};
use crate::color::Color;
use crate::component::component;

component! {
    /// Shows what is heard at the moment as a line, as an oscilloscope does: time to the right, both
    /// sides of the sound together upwards. It is level where nothing plays.
    pub struct Scope {
        /// Length of the line, px.
        width: f64 = 320.0,
        /// Distance from full scale downwards to full scale upwards, px.
        height: f64 = 120.0,
        /// How much of the sound is seen, seconds: up to 0.05.
        seconds: f64 = 0.02,
        /// Factor on the amplitude; 1 shows full scale as high as `height`.
        gain: f64 = 1.0,
        /// Thickness of the line, px.
        thickness: f64 = 2.0,
        /// Its colour.
        color: Color = Color::WHITE,
        /// How it is mixed with what lies below it.
        blend: Blend = Blend::Alpha,
        /// Higher layers hide lower ones.
        layer: i32 = 0,
        /// Whether it is drawn.
        visible: bool = true,
    }
}

/// The longest time that is seen, in seconds.
const MAX_SECS: f64 = 0.05;

/// How far one point of the line is from the next at least, px.
const STEP_PX: f64 = 1.5;

/// Draws the line on top of the list. `mesh` is memory for reuse.
pub(super) fn draw(
    list: &mut DrawList,
    mesh: &mut Mesh,
    heard: Option<&SampleRing>,
    placement: &Placement,
    scope: &Scope,
) {
    let (width, height) = (placement.length(scope.width), placement.length(scope.height));
    let [x, y] = placement.center;
    let is_number = scope.gain.is_finite() && scope.seconds > 0.0;
    if width == 0.0 || !is_number || list.misses(x, y, diagonal(width, height) / 2.0 + 1.0) {
        return;
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 2,400")]
    #[expect(clippy::cast_sign_loss, reason = "above 0")]
    let count = (scope.seconds.min(MAX_SECS) * f64::from(SAMPLE_RATE_HZ)).max(2.0) as usize;
    let samples = heard.map_or_else(|| vec![0.0; count], |heard| stretch(heard, count));
    #[expect(clippy::cast_possible_truncation, reason = "at most 2,400")]
    #[expect(clippy::cast_sign_loss, reason = "not negative")]
    let steps = ((width / STEP_PX) as usize).clamp(1, count - 1);
    let point = |step: usize| {
        let at = step * (count - 1) / steps;
        let along = at as f64 / (count - 1) as f64 - 0.5;
        let value = (f64::from(samples[at]) * scope.gain).clamp(-1.0, 1.0);
        placement.apply([along * scope.width, -value * scope.height / 2.0])
    };
    let points: Vec<Point> = (0..=steps).map(point).collect();
    mesh.clear();
    list.mix(scope.blend);
    stroke(mesh, points, false, placement.length(scope.thickness));
    list.push_mesh(mesh, scope.color);
}

/// So many of the last samples, both sides together: from the steepest way up through 0 on, so that a
/// steady tone stands still.
fn stretch(heard: &SampleRing, count: usize) -> Vec<f32> {
    let first = heard.written().saturating_sub(2 * count as u64);
    let past = (first..first + 2 * count as u64)
        .map(|number| heard.get(number).map_or(0.0, |[left, right]| 0.5 * (left + right)));
    let past: Vec<f32> = past.collect();
    let rise = |pair: &[f32]| if pair[0] < 0.0 && pair[1] >= 0.0 { pair[1] - pair[0] } else { 0.0 };
    let rises = past[..=count].windows(2).map(rise).enumerate();
    let (start, _) = rises.fold((0, 0.0), |best, next| if next.1 > best.1 { next } else { best });
    past[start..start + count].to_vec()
}

#[cfg(test)]
mod tests {
    use bevy_ecs::world::World;

    use super::{Scope, stretch};
    use crate::audio::{Audio, SampleRing};
    use crate::motion::Transform;
    use crate::render::Renderer;

    /// A tone of 100 samples a turn is seen from its way up on, whenever one looks.
    #[test]
    fn a_tone_stands_still() {
        let ring = SampleRing::new(2_000);
        let wave = |n: u32| (f64::from(n) / 100.0 * std::f64::consts::TAU).sin() as f32;
        let mut written = 0;
        for more in [700, 33, 250] {
            let samples: Vec<_> = (written..written + more).map(|n| [wave(n), wave(n)]).collect();
            ring.write(&samples);
            written += more;
            let seen = stretch(&ring, 300);
            assert_eq!(seen.len(), 300);
            assert!(
                seen[0].abs() < 0.07 && (seen[25] - 1.0).abs() < 0.01,
                "{} {}",
                seen[0],
                seen[25]
            );
        }
    }

    /// Where nothing has been heard the line is level, and one that is no number is not drawn.
    #[test]
    fn silence_is_a_level_line() {
        let draw = |scope: Scope| {
            let mut world = World::new();
            world.insert_resource(Audio::new(0));
            world.spawn((Transform { x: 200.0, y: 100.0, ..Transform::default() }, scope));
            let mut renderer = Renderer::new(&mut world);
            let vertices = &renderer.draw(&world).list.vertices;
            vertices.iter().map(|vertex| [vertex.x, vertex.y]).collect::<Vec<_>>()
        };
        let line = draw(Scope { width: 100.0, thickness: 2.0, ..Scope::default() });
        let reach = |axis: usize, pick: fn(f32, f32) -> f32| {
            line.iter().map(|point| point[axis]).reduce(pick).unwrap()
        };
        assert_eq!([reach(0, f32::min), reach(0, f32::max)], [150.0, 250.0]);
        assert_eq!([reach(1, f32::min), reach(1, f32::max)], [98.5, 101.5]);
        for scope in [
            Scope { gain: f64::NAN, ..Scope::default() },
            Scope { seconds: f64::NAN, ..Scope::default() },
            Scope { width: f64::INFINITY, thickness: f64::NAN, ..Scope::default() },
        ] {
            assert_eq!(draw(scope), Vec::<[f32; 2]>::new());
        }
    }
}
