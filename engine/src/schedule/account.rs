//! What a process has used: its steps, their time, how late they came, its faults and messages.

use std::sync::atomic::{AtomicU64, Ordering};

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::{DeferredWorld, World};

use super::table::Slot;
use crate::clock::{Flicks, Stopwatch};
use crate::memory::Sharer;
use crate::message::Mailbox;
use crate::process::{Change, Changes};

/// The accounts of all processes. The schedule writes into them while it walks its run table, and
/// anybody who has the world may read them meanwhile: each figure by itself is right, two read after
/// each other may be a step apart.
#[derive(Resource)]
pub(crate) struct Accounts {
    figures: Sharer<Slot, Figures>,
    vacant: Vec<Account>,
    /// How many there have been at a time.
    most: u32,
    /// Who has left the run table, and leaves the world next.
    leaving: Option<Entity>,
}

/// The number of a process's account, which is that of its place in the run table too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Component)]
#[component(immutable, on_remove = gone)]
pub(crate) struct Account(u32);

/// Times are counts of the [`Stopwatch`]. They fit into a cache line.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(super) struct Figures {
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
#[inline]
fn add(figure: &AtomicU64, amount: u64) {
    set(figure, get(figure) + amount);
}

#[inline]
fn get(figure: &AtomicU64) -> u64 {
    figure.load(Ordering::Relaxed)
}

#[inline]
fn set(figure: &AtomicU64, value: u64) {
    figure.store(value, Ordering::Relaxed);
}

impl Accounts {
    /// No accounts yet; `figures` is where they will be.
    pub(super) fn new(figures: Sharer<Slot, Figures>) -> Self {
        Self { figures, vacant: Vec::new(), most: 0, leaving: None }
    }

    /// Opens an account.
    ///
    /// # Panics
    /// If there are as many as a `u32` can count, which takes more memory than there is.
    pub(crate) fn open(&mut self) -> Account {
        let account = self.vacant.pop().unwrap_or_else(|| {
            let account = Account(self.most);
            self.most = self.most.checked_add(1).expect("less than 2^32 processes");
            self.figures.reach(account.0);
            account
        });
        self.figures[account.0].clear();
        account
    }

    /// A process that has left the run table leaves the world next.
    pub(super) fn leave(&mut self, process: Entity) {
        self.leaving = Some(process);
    }

    /// Nobody uses the account any more: it can be another one's.
    pub(super) fn close(&mut self, account: Account) {
        self.vacant.push(account);
    }
}

impl Account {
    /// Its place in the run table.
    pub(super) fn slot(self) -> u32 {
        self.0
    }
}

/// A process goes. The run table is told where it does not know.
fn gone(mut world: DeferredWorld<'_>, HookContext { entity, .. }: HookContext) {
    let Some(account) = world.get::<Account>(entity).copied() else { return };
    let mut accounts = world.resource_mut::<Accounts>();
    if accounts.leaving == Some(entity) {
        accounts.close(account);
    } else {
        world.resource_mut::<Changes>().push(Change::Gone { process: entity, account });
    }
}

impl Figures {
    fn clear(&self) {
        let Self { steps, last, total, max, late, lateness, missed, faults } = self;
        for figure in [steps, last, total, max, late, lateness, missed, faults] {
            set(figure, 0);
        }
    }

    /// A step took `count` of the stopwatch.
    #[inline]
    pub(super) fn step(&self, count: u64) {
        add(&self.steps, 1);
        add(&self.total, count);
        set(&self.last, count);
        if count > get(&self.max) {
            set(&self.max, count);
        }
    }

    /// A step came so long after the tick in which it was due, and so many due times before it were passed over.
    pub(super) fn late(&self, lateness: Flicks, missed: u64) {
        add(&self.late, 1);
        add(&self.missed, missed);
        set(&self.lateness, get(&self.lateness).max(lateness.0));
    }

    /// A step failed.
    pub(super) fn fault(&self) {
        add(&self.faults, 1);
    }

    /// How many steps were made.
    pub(super) fn steps(&self) -> u64 {
        get(&self.steps)
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
    /// Due times passed over, by the process's [`Missed`](crate::process::Missed) policy.
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
    let account = *world.get::<Account>(process)?;
    let figures = &world.resource::<Accounts>().figures[account.0];
    let secs = world.resource::<Stopwatch>().scale();
    let steps = get(&figures.steps);
    let total_secs = secs(get(&figures.total));
    #[expect(clippy::cast_precision_loss, reason = "a mean needs no more than 53 bits")]
    let mean_secs = if steps == 0 { 0.0 } else { total_secs / steps as f64 };
    Some(Accounting {
        steps,
        last_secs: secs(get(&figures.last)),
        mean_secs,
        max_secs: secs(get(&figures.max)),
        late: get(&figures.late),
        lateness_secs: Flicks(get(&figures.lateness)).as_secs(),
        missed: get(&figures.missed),
        faults: get(&figures.faults),
        messages: world.get::<Mailbox>(process).map_or(0, Mailbox::received),
    })
}
