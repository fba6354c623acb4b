//! What of the world cannot be shown as it says: told of once for each thing.

use std::collections::{BTreeMap, HashSet};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use crate::process::InstanceName;

/// What there is to say of things that cannot be shown.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    told: HashSet<(Entity, &'static str)>,
    /// By component: the first thing that was found in this frame, and how many there were.
    found: BTreeMap<&'static str, (String, usize)>,
}

impl Complaints {
    /// Beyond so many things nothing more is told: whoever has not acted by then will not.
    const MOST: usize = 100_000;

    /// Something is wrong with a thing's component: `what` says what, and what is done about it. Of
    /// many in one frame, the first is told of and the others are counted.
    pub(super) fn add(
        &mut self,
        world: &World,
        entity: Entity,
        component: &'static str,
        what: impl FnOnce() -> String,
    ) {
        if self.told.len() < Self::MOST && self.told.insert((entity, component)) {
            let text = || format!("the {component} of {}: {}", name(world, entity), what());
            self.found
                .entry(component)
                .and_modify(|(_, count)| *count += 1)
                .or_insert_with(|| (text(), 1));
        }
    }

    /// A thing's component is as it should be: what is wrong with it later is news.
    pub(super) fn settle(&mut self, entity: Entity, component: &'static str) {
        if !self.told.is_empty() {
            self.told.remove(&(entity, component));
        }
    }

    /// What was found since the last call.
    pub(super) fn take(&mut self) -> impl Iterator<Item = String> {
        std::mem::take(&mut self.found).into_values().map(|(text, count)| match count {
            1 => text,
            count => format!("{text} (and {} others like it)", count - 1),
        })
    }
}

/// What a thing is called.
fn name(world: &World, entity: Entity) -> &str {
    world.get::<InstanceName>(entity).map_or("something without a name", InstanceName::as_str)
}
