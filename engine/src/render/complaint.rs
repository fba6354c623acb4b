//! What of the world cannot be shown as it says: told of once for each thing.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use crate::process::InstanceName;

/// What there is to say of things that cannot be shown.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    /// What was told of, and the frame in which it was last found.
    told: HashMap<(Entity, &'static str), u64>,
    frame: u64,
    /// By component and by what is wrong: the first thing that was found in this frame, and how many there
    /// were.
    found: BTreeMap<(&'static str, String), (String, usize)>,
}

impl Complaints {
    /// Beyond so many things nothing more is told: whoever has not acted by then will not.
    const MOST: usize = 100_000;
    /// For so many frames a thing must have been as it should be before what is wrong with it is news
    /// again: what is wrong in every other frame is told of once.
    const MEMORY_FRAMES: u64 = 60;

    /// A frame begins.
    pub(super) fn begin(&mut self) {
        self.frame += 1;
        if self.frame.is_multiple_of(Self::MEMORY_FRAMES) {
            let oldest = self.frame - Self::MEMORY_FRAMES;
            self.told.retain(|_, found| *found >= oldest);
        }
    }

    /// Something is wrong with a thing's component: `what` says what, and what is done about it. Of
    /// many in one frame with which the same is wrong, the first is told of and the others are counted.
    pub(super) fn add(
        &mut self,
        world: &World,
        entity: Entity,
        component: &'static str,
        what: impl FnOnce() -> String,
    ) {
        let is_full = self.told.len() >= Self::MOST;
        let is_new = match self.told.entry((entity, component)) {
            Entry::Occupied(mut known) => {
                known.insert(self.frame);
                false
            }
            Entry::Vacant(_) if is_full => false,
            Entry::Vacant(unknown) => {
                unknown.insert(self.frame);
                true
            }
        };
        if is_new {
            let text = || name(world, entity).to_owned();
            let (_, count) = self.found.entry((component, what())).or_insert_with(|| (text(), 0));
            *count += 1;
        }
    }

    /// What was found since the last call.
    pub(super) fn take(&mut self) -> impl Iterator<Item = String> {
        let found = std::mem::take(&mut self.found).into_iter();
        found.map(|((component, what), (name, count))| match count {
            1 => format!("the {component} of {name}: {what}"),
            count => format!("the {component} of {name} and of {} others: {what}", count - 1),
        })
    }
}

/// Which of some numbers with their names is none, if one is.
pub(super) fn not_finite(numbers: &[(&str, f64)]) -> Option<String> {
    let (what, number) = numbers.iter().find(|(_, number)| !number.is_finite())?;
    Some(format!("its {what} is {number}; give it a number"))
}

/// Which of some lengths is less than nothing, if one is.
pub(super) fn negative(lengths: &[(&str, f64)]) -> Option<String> {
    let (what, length) = lengths.iter().find(|(_, length)| *length < 0.0)?;
    Some(format!("its {what} is {length:?} px; give it 0 or more"))
}

/// What a thing is called.
pub(super) fn name(world: &World, entity: Entity) -> &str {
    world.get::<InstanceName>(entity).map_or("something without a name", InstanceName::as_str)
}

#[cfg(test)]
mod tests {
    use super::Complaints;

    /// What is wrong is told of once, and again once it was right for a while; what is wrong now and
    /// then counts as wrong all along.
    #[test]
    fn what_was_mended_and_is_wrong_again_is_told_of() {
        let mut world = bevy_ecs::world::World::new();
        let thing = world.spawn_empty().id();
        let mut complaints = Complaints::default();
        let mut told = |frames: u64, is_wrong: fn(u64) -> bool| {
            let told = (0..frames).map(|frame| {
                complaints.begin();
                if is_wrong(frame) {
                    complaints.add(&world, thing, "Sprite", || "wrong".to_owned());
                }
                complaints.take().count()
            });
            told.sum::<usize>()
        };
        assert_eq!(told(1000, |_| true), 1);
        assert_eq!(told(1000, |frame| frame % 50 == 0), 0);
        assert_eq!(told(2 * Complaints::MEMORY_FRAMES, |_| false), 0);
        assert_eq!(told(10, |_| true), 1);
    }
}
