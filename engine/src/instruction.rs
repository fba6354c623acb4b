//! Instructions: named method calls that are carried out later.
//!
//! They are executed at the beginning of the step phase of the first tick at or after their due
//! time: by priority, then due time, then the order in which they were given.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError, mpsc};

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use crossbeam::channel::{Receiver, Sender, bounded};
use thiserror::Error;

use crate::clock::Flicks;
use crate::nearest::did_you_mean;
use crate::process::{BoxedParcel, Fault};

/// How many instructions of other threads may wait for the next tick.
const INBOX: usize = 65_536;

/// A method call for the process that has the name when it is due.
pub struct Instruction {
    /// The instance name of the process.
    pub target: String,
    /// The method.
    pub method: String,
    /// The arguments, as the process's behaviour understands them.
    pub arguments: BoxedParcel,
    /// Simulation time from now until it is due.
    pub delay: Flicks,
    /// Among those due in a tick, the higher one goes first.
    pub priority: i32,
    /// Where the answer goes, if anybody wants it.
    pub reply: Option<Box<dyn Reply>>,
}

impl Instruction {
    /// A call that is due at once; nobody waits for its answer.
    pub fn new(
        target: impl Into<String>,
        method: impl Into<String>,
        arguments: BoxedParcel,
    ) -> Self {
        Self {
            target: target.into(),
            method: method.into(),
            arguments,
            delay: Flicks::ZERO,
            priority: 0,
            reply: None,
        }
    }

    /// Has the outcome sent to the receiver that is returned: one message, or a closed channel if
    /// the machine ends before the call is made.
    pub fn await_answer(&mut self) -> Receiver<Outcome> {
        let (sender, receiver) = bounded(1);
        self.reply = Some(Box::new(sender));
        receiver
    }
}

/// What an instruction came to.
pub type Outcome = Result<BoxedParcel, CallError>;

/// Why an instruction has no answer.
#[derive(Clone, Debug, Error)]
pub enum CallError {
    /// Nobody has the name when the instruction is due.
    #[error(
        "there is no process `{target}` to call {method}() of{}", did_you_mean(.nearest.as_deref())
    )]
    NoSuchProcess {
        /// The name as given.
        target: String,
        /// The method that was to be called.
        method: String,
        /// The name that comes closest, if one does.
        nearest: Option<String>,
    },
    /// The process has the name but no behaviour yet.
    #[error("the process `{0}` is not launched yet: launch it before it is called")]
    NotLaunched(String),
    /// The method failed.
    #[error("{}", .0.report())]
    Failed(Box<Fault>),
    /// The method asked for the end of its process.
    #[error("the process `{0}` ended instead of answering")]
    Ended(String),
}

/// Takes the outcome of an instruction. If it is dropped instead, the machine has ended before.
pub trait Reply: Send + Sync {
    /// Takes it; whether somebody is there who will see it. A failure that nobody sees is told by
    /// an alert.
    fn settle(self: Box<Self>, world: &mut World, outcome: Outcome) -> bool;
}

impl Reply for Sender<Outcome> {
    fn settle(self: Box<Self>, _world: &mut World, outcome: Outcome) -> bool {
        self.try_send(outcome).is_ok()
    }
}

/// The instructions that wait.
#[derive(Resource)]
pub struct Instructions {
    waiting: BinaryHeap<Reverse<Waiting>>,
    given: u64,
    /// Of the standard library: when it is dropped, so is what is in it, and those who wait for an
    /// answer are told. crossbeam's bounded channel keeps it for as long as there is a sender.
    inbox: Mutex<mpsc::Receiver<Instruction>>,
    sender: InstructionSender,
}

impl Default for Instructions {
    fn default() -> Self {
        let (sender, inbox) = mpsc::sync_channel(INBOX);
        let inbox = Mutex::new(inbox);
        Self { waiting: BinaryHeap::new(), given: 0, inbox, sender: InstructionSender(sender) }
    }
}

impl Instructions {
    /// Puts an instruction on the list; its delay counts from `now`.
    pub fn push(&mut self, instruction: Instruction, now: Flicks) {
        let due = now + instruction.delay;
        self.waiting.push(Reverse(Waiting { due, order: self.given, instruction }));
        self.given += 1;
    }

    /// A way in for other threads.
    pub fn sender(&self) -> InstructionSender {
        self.sender.clone()
    }

    /// Takes in what other threads gave.
    pub(crate) fn receive(&mut self, now: Flicks) {
        let next = |inbox: &mut Mutex<mpsc::Receiver<_>>| {
            inbox.get_mut().unwrap_or_else(PoisonError::into_inner).try_recv()
        };
        while let Ok(instruction) = next(&mut self.inbox) {
            self.push(instruction, now);
        }
    }

    /// Takes the instructions that are due at `now`, in the order of their execution.
    pub(crate) fn take_due(&mut self, now: Flicks) -> Vec<Instruction> {
        let mut due = Vec::new();
        while self.waiting.peek().is_some_and(|Reverse(first)| first.due <= now) {
            due.extend(self.waiting.pop().map(|Reverse(waiting)| waiting));
        }
        due.sort_by_key(|waiting| {
            (Reverse(waiting.instruction.priority), waiting.due, waiting.order)
        });
        due.into_iter().map(|waiting| waiting.instruction).collect()
    }

    /// How many were given so far.
    pub(crate) fn given(&self) -> u64 {
        self.given
    }

    /// Those that wait and were given since there were `given` of them, in no order.
    pub(crate) fn since(&self, given: u64) -> impl Iterator<Item = &Waiting> {
        let waiting = self.waiting.iter().map(|Reverse(waiting)| waiting);
        waiting.filter(move |waiting| waiting.order >= given)
    }

    /// Forgets those given since there were `given` of them.
    pub(crate) fn forget_since(&mut self, given: u64) {
        self.waiting.retain(|Reverse(waiting)| waiting.order < given);
        self.given = given;
    }

    /// Forgets all but those that were given as the numbers of `kept`.
    pub(crate) fn forget_all_but(&mut self, kept: std::ops::Range<u64>) {
        self.waiting.retain(|Reverse(waiting)| kept.contains(&waiting.order));
    }

    /// Lends the instructions that wait, by due time and then the order in which they were given,
    /// so that they can be looked at with the world at hand.
    pub(crate) fn lend(&mut self) -> Vec<Waiting> {
        let waiting = std::mem::take(&mut self.waiting).into_vec();
        let mut waiting: Vec<_> = waiting.into_iter().map(|Reverse(waiting)| waiting).collect();
        waiting.sort_unstable();
        waiting
    }

    /// Takes lent instructions back.
    pub(crate) fn give_back(&mut self, waiting: Vec<Waiting>) {
        self.waiting.extend(waiting.into_iter().map(Reverse));
    }
}

/// Gives instructions to a machine from any thread.
#[derive(Clone, Debug)]
pub struct InstructionSender(mpsc::SyncSender<Instruction>);

/// Why an instruction of another thread was not taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SendError {
    /// The machine is behind.
    #[error("{INBOX} instructions of other threads wait already; try again after a tick")]
    Full,
    /// The machine is gone.
    #[error("the machine has ended")]
    Ended,
}

impl InstructionSender {
    /// Gives an instruction; its delay counts from the machine's next tick.
    ///
    /// # Errors
    /// [`SendError`] if too many wait already or the machine is gone.
    pub fn send(&self, instruction: Instruction) -> Result<(), SendError> {
        self.0.try_send(instruction).map_err(|error| match error {
            mpsc::TrySendError::Full(_) => SendError::Full,
            mpsc::TrySendError::Disconnected(_) => SendError::Ended,
        })
    }
}

/// An instruction that waits.
pub(crate) struct Waiting {
    /// When it is due.
    pub(crate) due: Flicks,
    order: u64,
    /// What is due then.
    pub(crate) instruction: Instruction,
}

impl Waiting {
    fn key(&self) -> (Flicks, u64) {
        (self.due, self.order)
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}
