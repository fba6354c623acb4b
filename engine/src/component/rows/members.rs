//! Which entities a table had, kept so that it is soon seen whether it still has them.

use bevy_ecs::entity::Entity;

use crate::wide::wide;

/// How many entities are kept together.
const PAGE: usize = 1024;

/// A list of entities. It is compared with those of a table twice in each block of columns, so it
/// is small: entities that were spawned one after the other need no memory of their own to be read.
#[derive(Debug)]
pub(super) struct Members {
    pages: Vec<Page>,
    length: usize,
}

#[derive(Debug)]
enum Page {
    /// Entities whose bits are a step apart.
    Even {
        first: u64,
        step: u64,
        length: usize,
    },
    Listed(Box<[Entity]>),
}

impl Members {
    pub(super) fn of(entities: &[Entity]) -> Self {
        Self { pages: entities.chunks(PAGE).map(Page::of).collect(), length: entities.len() }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Whether it is these entities, in this order.
    pub(super) fn are(&self, entities: &[Entity]) -> bool {
        let mut pages = self.pages.iter().zip(entities.chunks(PAGE));
        entities.len() == self.length && pages.all(|(page, entities)| page.are(entities))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Entity> {
        self.pages.iter().flat_map(|page| (0..page.len()).map(|position| page.get(position)))
    }
}

impl Page {
    fn of(entities: &[Entity]) -> Self {
        let bits = |position: usize| entities.get(position).map_or(0, |entity| entity.to_bits());
        let (first, step) = (bits(0), bits(1).wrapping_sub(bits(0)));
        let even = Self::Even { first, step, length: entities.len() };
        if even.are(entities) { even } else { Self::Listed(entities.into()) }
    }

    fn len(&self) -> usize {
        match self {
            Self::Even { length, .. } => *length,
            Self::Listed(entities) => entities.len(),
        }
    }

    /// Whether it is these entities: as `==`, in a form that compares many at once.
    fn are(&self, entities: &[Entity]) -> bool {
        let difference = wide(|| match self {
            Self::Even { first, step, .. } => {
                let next = |(difference, expected): (u64, u64), entity: &Entity| {
                    (difference | entity.to_bits() ^ expected, expected.wrapping_add(*step))
                };
                entities.iter().fold((0, *first), next).0
            }
            Self::Listed(listed) => {
                let pairs = listed.iter().zip(entities);
                pairs.fold(0, |bits, (one, other)| bits | one.to_bits() ^ other.to_bits())
            }
        });
        self.len() == entities.len() && difference == 0
    }

    /// The entity at a position below its length.
    fn get(&self, position: usize) -> Entity {
        match self {
            Self::Even { first, step, .. } => {
                Entity::from_bits(first.wrapping_add(step.wrapping_mul(position as u64)))
            }
            Self::Listed(entities) => entities[position],
        }
    }
}

#[cfg(test)]
mod tests {
    use bevy_ecs::entity::Entity;
    use bevy_ecs::world::World;

    use super::{Members, PAGE};

    /// Whatever the order and the number of entities, it has these and no other.
    #[test]
    fn members_are_the_entities_they_were_made_of() {
        let mut world = World::new();
        let spawned: Vec<Entity> = (0..3 * PAGE).map(|_| world.spawn_empty().id()).collect();
        let backwards: Vec<Entity> = spawned.iter().rev().copied().collect();
        let every_other: Vec<Entity> = spawned.iter().step_by(2).copied().collect();
        let mut mixed = spawned.clone();
        mixed.swap(1, PAGE - 1);
        mixed.swap(PAGE, 2 * PAGE);
        for entities in [spawned, backwards, every_other, mixed] {
            for length in [0, 1, 2, 3, PAGE - 1, PAGE, PAGE + 1, entities.len()] {
                let these = &entities[..length];
                let members = Members::of(these);
                assert!(members.iter().eq(these.iter().copied()), "{length}");
                assert!(members.are(these), "{length}");
                if let Some((last, others)) = these.split_last() {
                    assert!(!members.are(others), "{length}: one less");
                    assert!(!Members::of(others).are(these), "{length}: one more");
                    world.despawn(*last);
                    let mut changed = these.to_vec();
                    changed[length - 1] = world.spawn_empty().id();
                    assert!(!members.are(&changed), "{length}: the last one is another");
                    changed[length - 1] = changed[0];
                    assert_eq!(members.are(&changed), length == 1 && changed[0] == *last);
                }
            }
        }
    }
}
