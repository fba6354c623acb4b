//! The events of a tick as they are told to processes: what moved once, and no more than a bound.
//!
//! The state of the input takes in every event; here only lists of events are kept small.

use std::collections::BTreeMap;

use super::{InputEvent, Kinds, PadAxis, Touch};

/// Events of a tick that processes are told of: far more than ten people make.
pub const MAX_EVENTS: usize = 1_000;

/// What moves, of which only where it came to is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mover {
    Mouse,
    Wheel,
    Finger(u64),
    Axis(u8, PadAxis),
    Window,
}

impl Mover {
    fn of(event: &InputEvent) -> Option<Self> {
        match event {
            InputEvent::MouseMotion { .. } => Some(Self::Mouse),
            InputEvent::Wheel { .. } => Some(Self::Wheel),
            InputEvent::Finger { id, touch: Touch::Move, .. } => Some(Self::Finger(*id)),
            InputEvent::GamepadAxis { slot, axis, .. } => Some(Self::Axis(*slot, *axis)),
            InputEvent::Resized { .. } => Some(Self::Window),
            _ => None,
        }
    }

    /// Those that an event says something of besides: what moves after it is another move.
    fn ended_by(event: &InputEvent) -> Vec<Self> {
        match event {
            InputEvent::MouseButton { .. } => vec![Self::Mouse, Self::Wheel],
            InputEvent::MouseMotion { .. } => vec![Self::Wheel],
            InputEvent::Wheel { .. } => vec![Self::Mouse],
            InputEvent::Finger { id, touch: Touch::Down | Touch::Up, .. } => {
                vec![Self::Finger(*id)]
            }
            InputEvent::GamepadConnected { slot, .. }
            | InputEvent::GamepadDisconnected { slot } => {
                PadAxis::ALL.iter().map(|(_, axis)| Self::Axis(*slot, *axis)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The events that are told, in their order, and how many of which kind are not.
pub(super) fn condense(
    events: Vec<InputEvent>,
) -> (Vec<InputEvent>, BTreeMap<&'static str, usize>) {
    let mut told: Vec<Option<InputEvent>> = Vec::with_capacity(events.len());
    let mut moves: BTreeMap<Mover, usize> = BTreeMap::new();
    for mut event in events {
        if Kinds::of(&event).is_empty() {
            continue;
        }
        for mover in Mover::ended_by(&event) {
            moves.remove(&mover);
        }
        if let Some(mover) = Mover::of(&event)
            && let Some(before) = moves.insert(mover, told.len())
            && let Some(before) = told.get_mut(before).and_then(Option::take)
        {
            add_turns(&mut event, &before);
        }
        told.push(Some(event));
    }
    let mut told: Vec<_> = told.into_iter().flatten().collect();
    let mut dropped = BTreeMap::new();
    for event in told.drain(MAX_EVENTS.min(told.len())..) {
        let kind = Kinds::of(&event).names().next().unwrap_or_default();
        *dropped.entry(kind).or_default() += 1;
    }
    (told, dropped)
}

/// Turns of the wheel add up; all else is where it came to.
fn add_turns(event: &mut InputEvent, before: &InputEvent) {
    if let (InputEvent::Wheel { x, y }, InputEvent::Wheel { x: more_x, y: more_y }) =
        (event, before)
    {
        add_turn(x, *more_x);
        add_turn(y, *more_y);
    }
}

/// Adds to a turn of the wheel. The sum stays finite: JSON has no other numbers.
pub(super) fn add_turn(sum: &mut f64, more: f64) {
    *sum = (*sum + more).clamp(f64::MIN, f64::MAX);
}

#[cfg(test)]
mod tests;
