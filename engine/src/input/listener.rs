//! Events as messages: a process that asks gets each event of some kinds in its mailbox, as JSON.

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::InputEvent;
use crate::alert::{self, Level};
use crate::message;
use crate::process::{self, SpawnOrder};

/// Kinds of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// The kinds with their names.
    pub const ALL: [(&'static str, Self); 7] = [
        ("key", Self(1)),
        ("text", Self(2)),
        ("mouse", Self(4)),
        ("touch", Self(8)),
        ("gamepad", Self(16)),
        ("window", Self(32)),
        ("file", Self(64)),
    ];

    /// The kind called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// The kind of an event; none, if processes do not hear of it.
    pub fn of(event: &InputEvent) -> Self {
        Self(match event {
            InputEvent::Key { .. } => 1,
            InputEvent::Text { .. } | InputEvent::Composition { .. } => 2,
            InputEvent::MouseMotion { .. }
            | InputEvent::MouseButton { .. }
            | InputEvent::Wheel { .. } => 4,
            InputEvent::Finger { .. } => 8,
            InputEvent::GamepadConnected { .. }
            | InputEvent::GamepadDisconnected { .. }
            | InputEvent::GamepadButton { .. }
            | InputEvent::GamepadAxis { .. } => 16,
            InputEvent::FocusChanged { .. } | InputEvent::Resized { .. } => 32,
            InputEvent::FileDropped { .. } => 64,
            _ => 0,
        })
    }

    /// These and others.
    #[must_use]
    pub fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether some are among both.
    pub fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their names, in order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().filter(move |(_, kind)| self.meets(*kind)).map(|(name, _)| name)
    }
}

/// Has the process get each event of these kinds as a message, in the tick in which it comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Component)]
pub struct Listener {
    /// What it hears of.
    pub kinds: Kinds,
    /// Whether its mailbox was full when it last heard of something, and an alert has said so.
    is_full: bool,
}

impl Listener {
    /// One that hears of these kinds.
    pub fn to(kinds: Kinds) -> Self {
        Self { kinds, is_full: false }
    }
}

/// Puts the events of this tick into the mailboxes of those who asked, oldest first.
pub(super) fn tell(world: &mut World, events: &[InputEvent]) {
    let Some(mut query) = world.try_query::<(Entity, &SpawnOrder, &Listener)>() else { return };
    let mut listeners: Vec<_> =
        query.iter(world).map(|(process, order, listener)| (*order, process, *listener)).collect();
    if listeners.is_empty() {
        return;
    }
    listeners.sort_unstable_by_key(|(order, ..)| *order);
    let texts: Vec<_> = events.iter().map(|event| (Kinds::of(event), event.to_json())).collect();
    for (_, process, listener) in listeners {
        let mut texts = texts.iter().filter(|(kind, _)| kind.meets(listener.kinds));
        let refused = texts.by_ref().find_map(|(_, text)| {
            message::deliver(world, process, Box::new(text.clone().into_bytes())).err()
        });
        // From the first that has no room on, as what comes later must not seem to be all.
        let lost = texts.count() + usize::from(refused.is_some());
        if let Some(error) = refused.as_ref().filter(|_| !listener.is_full) {
            let name = process::instance_name(world, process);
            let text = format!("{lost} events of this tick are lost: {error}");
            alert::raise(world, &name, Level::Error, text);
        }
        if let Some(mut listener) = world.get_mut::<Listener>(process) {
            listener.is_full = refused.is_some();
        }
    }
}
