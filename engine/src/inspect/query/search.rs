//! A query that is answered bit by bit, in the time that there is.

use std::collections::BTreeMap;
use std::vec;

use bevy_ecs::entity::Entity;
use bevy_ecs::query::With;
use bevy_ecs::world::World;

use super::Query;
use super::order::Rank;
use super::word::Subject;
use crate::clock::Stopwatch;
use crate::process::{InstanceName, SpawnOrder};
use crate::value::Value;

/// A query under way.
///
/// It looks at the processes that there are when it begins, each as it is when its turn comes; one
/// that has gone by then is left out.
#[derive(Debug)]
pub struct Search {
    query: Query,
    waiting: vec::IntoIter<Entity>,
    /// The first rows so far, as many as are asked for and those before them.
    found: BTreeMap<Place, Row>,
    total: usize,
}

/// One process that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The process; it may have gone since.
    pub process: Entity,
    /// A value for each column; `Value::None` where the process has nothing there.
    pub values: Vec<Value>,
}

/// Where a row stands: by what the query sorts by, then by the order of spawning.
type Place = (Vec<Rank>, SpawnOrder);

impl Search {
    /// Begins a search. This costs some nanoseconds for each process, [`advance`](Self::advance) the
    /// rest.
    pub fn new(world: &mut World, query: Query) -> Self {
        // In the order in which they lie in memory, so that looking at them goes along it.
        let mut processes = world.query_filtered::<Entity, With<InstanceName>>();
        let waiting: Vec<_> = processes.iter(world).collect();
        Self { query, waiting: waiting.into_iter(), found: BTreeMap::new(), total: 0 }
    }

    /// Looks at processes until the world's [`Stopwatch`] reads `until`, one at least; whether all
    /// have been looked at.
    pub fn advance(&mut self, world: &mut World, until: u64) -> bool {
        while let Some(process) = self.waiting.next() {
            self.look_at(world, process);
            if world.resource::<Stopwatch>().read() >= until {
                break;
            }
        }
        self.waiting.len() == 0
    }

    fn look_at(&mut self, world: &mut World, process: Entity) {
        let Some(&order) = world.get::<SpawnOrder>(process) else { return };
        let Self { query, found, total, .. } = self;
        let mut subject = Subject::new(world, process);
        if !query.condition.is_met(&mut subject) {
            return;
        }
        *total += 1;
        let kept = query.limit.map_or(usize::MAX, |limit| limit.saturating_add(query.offset));
        let mut rank = |(word, is_descending): &_| Rank::of(subject.read(word), *is_descending);
        let place: Place = (query.order.iter().map(&mut rank).collect(), order);
        if found.len() >= kept {
            // The last one makes room, unless this one would come after it.
            match found.last_entry() {
                Some(last) if place < *last.key() => drop(last.remove()),
                _ => return,
            }
        }
        let values = query.columns.iter().map(|word| subject.read(word)).collect();
        found.insert(place, Row { process, values });
    }

    /// The names of the columns, as the query has them.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.query.columns()
    }

    /// The rows asked for, in order: of those that were looked at so far.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.found.values().skip(self.query.offset)
    }

    /// How many processes meet the condition, of those that were looked at so far.
    pub fn total(&self) -> usize {
        self.total
    }

    /// How many processes have still to be looked at.
    pub fn left(&self) -> usize {
        self.waiting.len()
    }
}
