//! What the schedule has yet to take in: launches, deletions, and new terms.

use bevy_ecs::entity::Entity;
use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::DeferredWorld;

use super::Behaviour;
use crate::clock::Now;

/// One thing that the schedule has to take in; `at` is when it came up.
pub(crate) enum Change {
    /// A process is ready for its first step.
    Launch { process: Entity, behaviour: Box<dyn Behaviour>, at: Now },
    /// A process and its children are to go.
    Delete { process: Entity },
    /// Priority, interval, pause or hold of a process changed.
    Reschedule { process: Entity, at: Now },
}

/// The changes since the schedule last looked, in order.
#[derive(Default, Resource)]
pub(crate) struct Changes(Vec<Change>);

impl Changes {
    pub(crate) fn push(&mut self, change: Change) {
        self.0.push(change);
    }

    pub(crate) fn take(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The hook of every component that says when a process is due.
pub(super) fn rescheduled(mut world: DeferredWorld<'_>, context: HookContext) {
    let at = *world.resource::<Now>();
    let change = Change::Reschedule { process: context.entity, at };
    world.resource_mut::<Changes>().push(change);
}
