//! What the schedule has yet to take in: launches, deletions, and new terms.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::entity::Entity;
use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::DeferredWorld;

use super::Behaviour;
use crate::clock::{Flicks, Now};
use crate::schedule::Account;

/// One thing that the schedule has to take in; `at` is when it came up.
pub(crate) enum Change {
    /// A process is ready for its first step.
    Launch { process: Entity, behaviour: Box<dyn Behaviour>, at: Now },
    /// A process and its children are to go.
    Delete { process: Entity },
    /// A process is no more.
    Gone { process: Entity, account: Account },
    /// Priority, interval, pause or hold of a process changed.
    Reschedule { process: Entity, at: Now },
    /// A process is to be stepped now, before its time.
    Hasten { process: Entity },
    /// What a process waits for has come.
    Wake { process: Entity, due: Flicks },
}

/// The changes since the schedule last looked, in order.
#[derive(Default, Resource)]
pub(crate) struct Changes {
    list: Vec<Change>,
    /// Whether there are any, for the schedule, which asks after each step: to look a resource up
    /// costs ten times this.
    are_pending: Arc<AtomicBool>,
}

impl Changes {
    pub(crate) fn push(&mut self, change: Change) {
        self.list.push(change);
        self.are_pending.store(true, Ordering::Relaxed);
    }

    pub(crate) fn take(&mut self) -> Vec<Change> {
        self.are_pending.store(false, Ordering::Relaxed);
        std::mem::take(&mut self.list)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether there are any, to be asked without the world.
    pub(crate) fn flag(&self) -> Arc<AtomicBool> {
        self.are_pending.clone()
    }
}

/// The hook of every component that says when a process is due.
pub(super) fn rescheduled(mut world: DeferredWorld<'_>, context: HookContext) {
    let at = *world.resource::<Now>();
    let change = Change::Reschedule { process: context.entity, at };
    world.resource_mut::<Changes>().push(change);
}
