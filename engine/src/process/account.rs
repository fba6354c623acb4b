//! What a process has used: its steps, their time, how late they came, its faults and messages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use crate::clock::{Flicks, Stopwatch};
use crate::message::Mailbox;

/// The account of a process. The schedule writes into it while it walks its run table, and anybody
/// may read it meanwhile: each figure by itself is right, two read after each other may be a step
/// apart.
#[derive(Clone, Debug, Default, Component)]
pub(crate) struct Account(Arc<Figures>);

/// Times are counts of the [`Stopwatch`]. A step touches one cache line of it.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Figures {
    steps: AtomicU64,
    last: AtomicU64,
    total: AtomicU64,
    max: AtomicU64,
    late: AtomicU64,
    lateness: AtomicU64,
    missed: AtomicU64,
    faults: AtomicU64,
}

/// Only the machine's own thread writes, so that reading and writing need not be one operation.
fn add(figure: &AtomicU64, amount: u64) {
    set(figure, get(figure) + amount);
}

fn get(figure: &AtomicU64) -> u64 {
    figure.load(Ordering::Relaxed)
}

fn set(figure: &AtomicU64, value: u64) {
    figure.store(value, Ordering::Relaxed);
}

impl Account {
    /// A step took `count` of the stopwatch.
    pub(crate) fn step(&self, count: u64) {
        let figures = &*self.0;
        add(&figures.steps, 1);
        add(&figures.total, count);
        set(&figures.last, count);
        if count > get(&figures.max) {
            set(&figures.max, count);
        }
    }

    /// A step came so long after the tick in which it was due, and so many due times before it were passed over.
    pub(crate) fn late(&self, lateness: Flicks, missed: u64) {
        add(&self.0.late, 1);
        add(&self.0.missed, missed);
        set(&self.0.lateness, get(&self.0.lateness).max(lateness.0));
    }

    /// A step failed.
    pub(crate) fn fault(&self) {
        add(&self.0.faults, 1);
    }

    /// The figures that a step touches.
    pub(crate) fn figures(&self) -> &impl Sized {
        &*self.0
    }

    /// How many steps were made.
    pub(crate) fn steps(&self) -> u64 {
        get(&self.0.steps)
    }
}

/// What a process has used since it was spawned.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accounting {
    /// Steps made.
    pub steps: u64,
    /// Time of the last step, seconds.
    pub last_secs: f64,
    /// Mean time of a step, seconds; 0 before the first.
    pub mean_secs: f64,
    /// Time of the longest step, seconds.
    pub max_secs: f64,
    /// Steps that had to wait for a later tick than that of their due time.
    pub late: u64,
    /// The longest such wait, seconds of simulation time.
    pub lateness_secs: f64,
    /// Due times passed over, by the process's [`Missed`](super::Missed) policy.
    pub missed: u64,
    /// Steps that failed.
    pub faults: u64,
    /// Messages received.
    pub messages: u64,
}

/// The account of a process, or `None` if it is gone.
///
/// The time of a step is what passes between the end of the step before it and its own end: one
/// reading of the [`Stopwatch`] a step. It so contains what the schedule itself does for the step
/// (some ten nanoseconds), and the times of all steps add up to what the steps of a tick took.
pub fn accounting(world: &World, process: Entity) -> Option<Accounting> {
    let figures = &world.get::<Account>(process)?.0;
    let stopwatch = world.resource::<Stopwatch>();
    let steps = get(&figures.steps);
    let total_secs = stopwatch.secs(get(&figures.total));
    #[expect(clippy::cast_precision_loss, reason = "a mean needs no more than 53 bits")]
    let mean_secs = if steps == 0 { 0.0 } else { total_secs / steps as f64 };
    Some(Accounting {
        steps,
        last_secs: stopwatch.secs(get(&figures.last)),
        mean_secs,
        max_secs: stopwatch.secs(get(&figures.max)),
        late: get(&figures.late),
        lateness_secs: Flicks(get(&figures.lateness)).as_secs(),
        missed: get(&figures.missed),
        faults: get(&figures.faults),
        messages: world.get::<Mailbox>(process).map_or(0, Mailbox::received),
    })
}
