//! The component `Interpolation`: what is seen between two steps of a process that moves.
//!
//! The world has the place that the process gave itself last. What is seen goes there from the place
//! before in as much time as lay between the two, so it is always that much behind. Nothing that
//! processes can read depends on it.

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::query::{QueryState, With, Without};
use bevy_ecs::world::{FromWorld, World};

use super::Transform;
use crate::clock::{Flicks, Now};
use crate::component::component;

component! {
    /// Shows the process on its way between the last two places of its Transform, so that one that
    /// steps thirty times a second looks smooth on any screen. What is seen is one step behind.
    pub struct Interpolation {
        /// A longer way at once is a jump and is shown as one, px; 0 if there are no jumps.
        jump: f64 = 0.0,
    }
}

/// A place that is held for longer is not on its way: the next way begins at rest.
const LONGEST_WAY: Flicks = Flicks(Flicks::PER_SECOND / 4);

/// The last way of a process with [`Interpolation`].
#[derive(Clone, Debug, Component)]
pub struct Trail {
    from: Transform,
    to: Transform,
    since: Flicks,
    lasts: Flicks,
}

impl Trail {
    fn new(at: &Transform, now: Flicks) -> Self {
        Self { from: at.clone(), to: at.clone(), since: now, lasts: Flicks::ZERO }
    }

    /// Goes on to another place, in as much time as the last one was held.
    fn go(&mut self, to: &Transform, jump: f64, now: Flicks, span: Flicks) {
        let held = now.saturating_sub(self.since);
        let way = (to.x - self.to.x).hypot(to.y - self.to.y);
        let is_jump = jump > 0.0 && way > jump || to.relative != self.to.relative;
        self.from = if is_jump { to.clone() } else { self.to.clone() };
        self.lasts = if held > LONGEST_WAY { span } else { held };
        (self.to, self.since) = (to.clone(), now);
    }

    /// What is seen at a time, not before that of the last tick.
    pub fn at(&self, now: Flicks) -> Transform {
        let gone = now.saturating_sub(self.since);
        if gone >= self.lasts {
            return self.to.clone();
        }
        let share = gone.as_secs() / self.lasts.as_secs();
        let mix = |from: f64, to: f64| from + (to - from) * share;
        let Self { from, to, .. } = self;
        Transform {
            x: mix(from.x, to.x),
            y: mix(from.y, to.y),
            rotation: mix(from.rotation, to.rotation),
            scale: mix(from.scale, to.scale),
            relative: to.relative,
        }
    }
}

/// What has no trail yet.
type IsNew = (With<Interpolation>, Without<Trail>);

/// What is interpolated.
pub(crate) struct Trails {
    known: QueryState<(&'static Interpolation, &'static Transform, &'static mut Trail)>,
    new: QueryState<(Entity, &'static Transform), IsNew>,
    old: QueryState<Entity, (With<Trail>, Without<Interpolation>)>,
}

impl FromWorld for Trails {
    fn from_world(world: &mut World) -> Self {
        Self { known: world.query(), new: world.query_filtered(), old: world.query_filtered() }
    }
}

impl Trails {
    /// Takes down where everything with [`Interpolation`] has gone in this tick.
    pub(crate) fn follow(&mut self, world: &mut World) {
        let now = world.resource::<Now>();
        let (now, span) = (now.time(), now.span());
        for (interpolation, transform, mut trail) in self.known.iter_mut(world) {
            if trail.to != *transform {
                trail.go(transform, interpolation.jump, now, span);
            }
        }
        let added: Vec<_> =
            self.new.iter(world).map(|(process, at)| (process, Trail::new(at, now))).collect();
        for (process, trail) in added {
            world.entity_mut(process).insert(trail);
        }
        for process in self.old.iter(world).collect::<Vec<_>>() {
            world.entity_mut(process).remove::<Trail>();
        }
    }

    /// Whether something is on its way at a time after the last tick.
    pub(crate) fn is_something_moving(&mut self, world: &World, at: Flicks) -> bool {
        self.known.iter(world).any(|(_, _, trail)| {
            trail.from != trail.to && at.saturating_sub(trail.since) < trail.lasts
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Interpolation, Trail};
    use crate::clock::{Flicks, Now};
    use crate::machine::Machine;
    use crate::motion::Transform;
    use crate::process::{self, Behaviour, Interval, NewProcess, Next, Step, StepError};

    /// Goes 10 px to the right in each step, and 1,000 px in the fifth.
    struct Walker(u32);

    impl Behaviour for Walker {
        fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
            self.0 += 1;
            let far = if self.0 == 5 { 1000.0 } else { 10.0 };
            if let Some(mut transform) = step.world.get_mut::<Transform>(step.process) {
                transform.x += far;
            }
            Ok(Next::Interval)
        }
    }

    /// What is seen of a walker of 10 steps a second in each of so many ticks of 1/40 s.
    fn seen(interpolation: Option<Interpolation>, ticks: usize) -> Vec<f64> {
        let mut machine = Machine::builder().hz(40).build();
        let world = machine.world_mut();
        let interval = Interval::from_secs(0.1).unwrap();
        let new = NewProcess { interval, ..NewProcess::of("Walker") };
        let walker = process::spawn(world, &new).unwrap();
        world.entity_mut(walker).insert(Transform::default());
        if let Some(interpolation) = interpolation {
            world.entity_mut(walker).insert(interpolation);
        }
        process::launch(world, walker, Box::new(Walker(0)));
        let mut all = Vec::new();
        for _ in 0..ticks {
            machine.run(Some(1));
            let world = machine.world();
            let now = world.resource::<Now>().time();
            let seen = world.get::<Trail>(walker).map(|trail| trail.at(now));
            let real = world.get::<Transform>(walker).unwrap();
            all.push(seen.as_ref().unwrap_or(real).x);
        }
        all
    }

    /// From the second step on each way takes four ticks, a quarter of it in each.
    #[test]
    fn a_way_takes_as_long_as_the_step_before() {
        let plain = seen(None, 13);
        // The first step is at once; the others follow every four ticks.
        assert_eq!(plain, [10., 10., 10., 10., 20., 20., 20., 20., 30., 30., 30., 30., 40.]);
        let smooth = seen(Some(Interpolation::default()), 13);
        assert_eq!(smooth[4..], [10., 12.5, 15., 17.5, 20., 22.5, 25., 27.5, 30.]);
    }

    /// A way longer than a jump is one, and the next is none.
    #[test]
    fn a_jump_is_shown_as_one() {
        let smooth = seen(Some(Interpolation { jump: 100.0 }), 22);
        assert_eq!(smooth[14..], [35., 37.5, 1040., 1040., 1040., 1040., 1040., 1042.5]);
    }

    /// Only while something is on its way are pictures between two ticks worth their time, and of what
    /// is not interpolated any more nothing is kept.
    #[test]
    fn what_stands_is_not_on_its_way() {
        let mut machine = Machine::builder().hz(40).build();
        let world = machine.world_mut();
        let thing = world.spawn((Transform::default(), Interpolation::default())).id();
        machine.run(Some(1));
        let half = |machine: &Machine| {
            let now = machine.world().resource::<Now>();
            Flicks(now.time().0 + now.span().0 / 2)
        };
        let at = half(&machine);
        assert!(!machine.systems.trails.is_something_moving(&machine.world, at));
        machine.world_mut().get_mut::<Transform>(thing).unwrap().x = 8.0;
        machine.run(Some(1));
        let at = half(&machine);
        assert!(machine.systems.trails.is_something_moving(&machine.world, at));
        assert_eq!(machine.world().get::<Trail>(thing).unwrap().at(at).x, 4.0);
        machine.world_mut().entity_mut(thing).remove::<Interpolation>();
        machine.run(Some(1));
        assert!(machine.world().get::<Trail>(thing).is_none());
    }
}
