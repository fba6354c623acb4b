//! The input phase: the events of a tick become state, actions, calls and messages, in this order.

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use super::condense::{MAX_EVENTS, condense};
use super::state::MAX_TEXT;
use super::{Actions, Input, InputEvent, InputSource, Wishes, hotkey, listener};
use crate::alert::{self, Level};

/// The events of this tick that processes are told of, oldest first: of what moves, the last place.
#[derive(Clone, Debug, Default, Resource)]
pub struct InputEvents {
    events: Vec<InputEvent>,
    /// Whether there were more than are told, and an alert has said so.
    is_flooded: bool,
    /// The same of typed text.
    is_text_cut: bool,
}

impl InputEvents {
    /// The events.
    pub fn iter(&self) -> impl Iterator<Item = &InputEvent> {
        self.events.iter()
    }
}

/// Events that the world makes itself, as a user would: they come in the next tick, after the user's.
#[derive(Clone, Debug, Default, Resource)]
pub struct Simulated(Vec<InputEvent>);

impl Simulated {
    /// Adds an event to those of the next tick.
    pub fn push(&mut self, event: InputEvent) {
        self.0.push(event);
    }

    /// The events of the next tick, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &InputEvent> {
        self.0.iter()
    }

    /// Moves what has come together to the end of `events`.
    fn append_to(&mut self, events: &mut Vec<InputEvent>) {
        events.append(&mut self.0);
    }
}

/// Tells the devices what the world wants of them, and adds to their events those that it made itself.
pub(crate) fn express(
    world: &mut World,
    source: &mut dyn InputSource,
    events: &mut Vec<InputEvent>,
) {
    Wishes::express(world, source);
    world.resource_mut::<Simulated>().append_to(events);
}

/// Takes in the events of a tick.
pub(crate) fn take_in(world: &mut World, mut events: Vec<InputEvent>) {
    let mut input = world.resource_mut::<Input>();
    input.begin_tick();
    for event in &mut events {
        input.apply(event);
        input.complete(event);
    }
    for event in &mut events {
        if let InputEvent::Bound { actions } = event {
            world.resource_mut::<Actions>().bind_all(std::mem::take(actions));
        }
    }
    if world.resource::<Actions>().names().next().is_some() {
        let mut actions = std::mem::take(&mut *world.resource_mut::<Actions>());
        actions.follow(world.resource::<Input>());
        *world.resource_mut::<Actions>() = actions;
    }
    let is_quiet = events.is_empty();
    let (events, dropped) = condense(events);
    if !is_quiet {
        hotkey::press(world);
        listener::tell(world, &events);
    }
    let InputEvents { is_flooded: was_flooded, is_text_cut: was_text_cut, .. } =
        *world.resource::<InputEvents>();
    let lost_text = world.resource::<Input>().lost_text;
    if lost_text > 0 && !was_text_cut {
        let text = format!(
            "{lost_text} bytes of the text of this tick are not in input.text: it takes {MAX_TEXT} \
             a tick"
        );
        alert::raise(world, "input", Level::Error, text);
    }
    if !dropped.is_empty() && !was_flooded {
        let (all, kinds): (usize, Vec<_>) = (
            dropped.values().sum(),
            dropped.iter().map(|(kind, count)| format!("{count} of {kind}")).collect(),
        );
        let text = format!(
            "{all} events of this tick are told to no process ({}): it is told of {MAX_EVENTS} at \
             most. What is down and where things are is right all the same",
            kinds.join(", ")
        );
        alert::raise(world, "input", Level::Error, text);
    }
    let (is_flooded, is_text_cut) = (!dropped.is_empty(), lost_text > 0);
    *world.resource_mut::<InputEvents>() = InputEvents { events, is_flooded, is_text_cut };
}

#[cfg(test)]
mod tests;
