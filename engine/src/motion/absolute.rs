//! Where a process is in the scene, when its own `Transform` is measured from another's.

use bevy_ecs::entity::{Entity, EntityHashMap};
use bevy_ecs::hierarchy::ChildOf;
use bevy_ecs::world::World;

use super::{Trail, Transform};
use crate::clock::Flicks;

impl Transform {
    /// Where something is that is `inner` as measured from here.
    pub fn around(&self, inner: &Self) -> Self {
        let (sin, cos) = self.rotation.sin_cos();
        let [x, y] = [inner.x * self.scale, inner.y * self.scale];
        Self {
            x: self.x + x * cos - y * sin,
            y: self.y + x * sin + y * cos,
            rotation: self.rotation + inner.rotation,
            scale: self.scale * inner.scale,
            relative: self.relative,
        }
    }
}

/// Where a process is in the scene; `None` if it has no `Transform`.
pub fn absolute(world: &World, process: Entity) -> Option<Transform> {
    let own = world.get::<Transform>(process)?;
    Some(Absolutes::default().of(world, process, own, None))
}

/// Where processes are in a scene that does not change meanwhile: what many are measured from is
/// worked out once.
#[derive(Debug, Default)]
pub struct Absolutes {
    /// The time at which they are seen; `None` for where they are.
    seen_at: Option<Flicks>,
    known: EntityHashMap<Transform>,
}

impl Absolutes {
    /// Where processes are seen at a time, which is not before the last tick.
    pub fn seen_at(time: Flicks) -> Self {
        Self { seen_at: Some(time), ..Self::default() }
    }

    /// Where a process with this `Transform`, and this trail if it has one, is in the scene.
    pub fn of(
        &mut self,
        world: &World,
        process: Entity,
        own: &Transform,
        trail: Option<&Trail>,
    ) -> Transform {
        let seen_at = self.seen_at;
        let place = |transform: &Transform, trail: Option<&Trail>| {
            trail.zip(seen_at).map_or_else(|| transform.clone(), |(trail, at)| trail.at(at))
        };
        let own = place(own, trail);
        if !own.relative {
            return own;
        }
        // Upwards to the first whose place is known, then down again: a family may be deeper than a
        // stack.
        let mut chain = vec![(process, own)];
        let mut base = None;
        let mut at = process;
        while let Some(ChildOf(above)) = world.get(at) {
            at = *above;
            if let Some(known) = self.known.get(&at) {
                base = Some(known.clone());
                break;
            }
            let Some(transform) = world.get::<Transform>(at) else { continue };
            let is_last = !transform.relative;
            chain.push((at, place(transform, world.get::<Trail>(at))));
            if is_last {
                break;
            }
        }
        for (process, own) in chain.into_iter().rev() {
            let place = match &base {
                Some(base) if own.relative => base.around(&own),
                // Measured from nothing is measured from the scene's origin.
                _ => Transform { relative: false, ..own },
            };
            self.known.insert(process, place.clone());
            base = Some(place);
        }
        base.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::FRAC_PI_2;

    use bevy_ecs::entity::Entity;
    use bevy_ecs::hierarchy::ChildOf;
    use bevy_ecs::world::World;

    use super::absolute;
    use crate::motion::Transform;

    fn place(x: f64, y: f64, rotation: f64, scale: f64, relative: bool) -> Transform {
        Transform { x, y, rotation, scale, relative }
    }

    #[track_caller]
    fn assert_at(world: &World, process: Entity, expected: [f64; 4]) {
        let Transform { x, y, rotation, scale, .. } = absolute(world, process).unwrap();
        for (is, expected) in [x, y, rotation, scale].into_iter().zip(expected) {
            assert!((is - expected).abs() < 1e-9, "{x} {y} {rotation} {scale}");
        }
    }

    /// A hand 10 px to the right of a body that lies on its side, twice as large, is 20 px below it;
    /// what stands between them without a place changes nothing.
    #[test]
    fn what_is_attached_turns_and_grows_with_what_bears_it() {
        let mut world = World::new();
        let body = world.spawn(place(100.0, 50.0, FRAC_PI_2, 2.0, false)).id();
        let between = world.spawn(ChildOf(body)).id();
        let hand = world.spawn((ChildOf(between), place(10.0, 0.0, 0.5, 0.5, true))).id();
        let ring = world.spawn((ChildOf(hand), place(0.0, 4.0, 0.0, 1.0, true))).id();
        assert_at(&world, hand, [100.0, 70.0, FRAC_PI_2 + 0.5, 1.0]);
        // The hand is turned by a quarter and half a radian: 4 px down its own y.
        let turn = FRAC_PI_2 + 0.5;
        let ring_at = [100.0 - 4.0 * turn.sin(), 70.0 + 4.0 * turn.cos(), turn, 1.0];
        assert_at(&world, ring, ring_at);
        assert_eq!(absolute(&world, between), None);
    }

    /// A child that is not attached is where it says, and so is one that has nothing to hang on.
    #[test]
    fn places_are_the_scenes_unless_they_are_attached() {
        let mut world = World::new();
        let body = world.spawn(place(100.0, 50.0, 1.0, 2.0, false)).id();
        let free = world.spawn((ChildOf(body), place(10.0, 0.0, 0.0, 1.0, false))).id();
        let orphan = world.spawn(place(7.0, 8.0, 0.0, 1.0, true)).id();
        assert_at(&world, free, [10.0, 0.0, 0.0, 1.0]);
        assert_at(&world, orphan, [7.0, 8.0, 0.0, 1.0]);
    }

    /// A hundred thousand links hold, and each is a pixel further.
    #[test]
    fn a_long_chain_holds() {
        let mut world = World::new();
        let mut last = world.spawn(place(0.0, 0.0, 0.0, 1.0, false)).id();
        for _ in 0..100_000 {
            last = world.spawn((ChildOf(last), place(1.0, 0.0, 0.0, 1.0, true))).id();
        }
        assert_at(&world, last, [100_000.0, 0.0, 0.0, 1.0]);
    }
}
