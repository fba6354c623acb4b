//! What else one would let a million things sleep with.

use std::hint::black_box;

use bevy_ecs::component::Component;
use bevy_ecs::world::World;

use crate::{Sleep, Subject};

/// What is stepped: by a call that the compiler cannot see through, as ours is.
trait Act {
    fn act(&mut self);
}

struct Nothing;

impl Act for Nothing {
    fn act(&mut self) {
        black_box(());
    }
}

/// What a game would write: a countdown that is ticked for every entity.
#[derive(Component)]
struct Timer {
    left: u32,
    sleep: u32,
    act: Box<dyn Act + Send + Sync>,
}

impl Timer {
    /// The first step is made in the tick after so many.
    fn new(sleep: Sleep) -> Self {
        Self { left: 1 + sleep.first, sleep: sleep.then, act: Box::new(Nothing) }
    }

    fn tick(&mut self) -> u64 {
        self.left -= 1;
        if self.left > 0 {
            return 0;
        }
        self.left = self.sleep;
        self.act.act();
        1
    }
}

pub(crate) struct BevyTimers {
    world: World,
    query: bevy_ecs::query::QueryState<&'static mut Timer>,
    steps: u64,
}

impl BevyTimers {
    pub(crate) fn new(sleeps: &[Sleep]) -> Self {
        let mut world = World::new();
        world.spawn_batch(sleeps.iter().map(|sleep| Timer::new(*sleep)).collect::<Vec<_>>());
        let query = world.query();
        Self { world, query, steps: 0 }
    }
}

impl Subject for BevyTimers {
    fn steps(&self) -> u64 {
        self.steps
    }

    fn tick(&mut self) {
        for mut timer in self.query.iter_mut(&mut self.world) {
            self.steps += timer.tick();
        }
    }
}

pub(crate) struct HecsTimers {
    world: hecs::World,
    steps: u64,
}

impl HecsTimers {
    pub(crate) fn new(sleeps: &[Sleep]) -> Self {
        let mut world = hecs::World::new();
        world.spawn_batch(sleeps.iter().map(|sleep| (Timer::new(*sleep),)));
        Self { world, steps: 0 }
    }
}

impl Subject for HecsTimers {
    fn steps(&self) -> u64 {
        self.steps
    }

    fn tick(&mut self) {
        for timer in self.world.query_mut::<&mut Timer>() {
            self.steps += timer.tick();
        }
    }
}

/// A hashed timing wheel with more slots than anybody sleeps ticks, so that each slot holds those
/// of one tick: it promises no order within that.
pub(crate) struct Wheel {
    slots: Vec<Vec<u32>>,
    sleepers: Vec<Timer>,
    now: usize,
    steps: u64,
}

impl Wheel {
    const SLOTS: usize = 2048;

    pub(crate) fn new(sleeps: &[Sleep]) -> Self {
        let mut slots = vec![Vec::new(); Self::SLOTS];
        for (index, sleep) in (0..).zip(sleeps) {
            slots[1 + sleep.first as usize].push(index);
        }
        let sleepers = sleeps.iter().map(|sleep| Timer::new(*sleep)).collect();
        Self { slots, sleepers, now: 0, steps: 0 }
    }
}

impl Subject for Wheel {
    fn steps(&self) -> u64 {
        self.steps
    }

    fn tick(&mut self) {
        self.now += 1;
        let mut due = std::mem::take(&mut self.slots[self.now % Self::SLOTS]);
        for index in &due {
            let sleeper = &mut self.sleepers[*index as usize];
            sleeper.act.act();
            self.slots[(self.now + sleeper.sleep as usize) % Self::SLOTS].push(*index);
        }
        self.steps += due.len() as u64;
        due.clear();
        self.slots[self.now % Self::SLOTS] = due;
    }
}
