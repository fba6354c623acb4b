//! Hotkeys: controls that call a method of a process, also while it sleeps.

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{Control, Input};
use crate::clock::Now;
use crate::instruction::{Instruction, Instructions};
use crate::process::{Held, InstanceName, Paused, SpawnOrder};

/// The priority of a hotkey's call: before other instructions of the tick.
const PRIORITY: i32 = i32::MAX;

/// What the user presses to call a method of the process, which takes no arguments. Keys count with
/// exactly the modifiers that are named. Nothing is called while the process is paused or held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Component)]
pub struct Hotkeys(pub Vec<(Control, String)>);

/// Gives the instructions of what was pressed in this tick: each method once, in the order in which the
/// processes were spawned and name their hotkeys.
pub(super) fn press(world: &mut World) {
    type Terms<'a> = (Entity, &'a SpawnOrder, &'a InstanceName, &'a Hotkeys);
    type Active = (bevy_ecs::query::Without<Paused>, bevy_ecs::query::Without<Held>);
    let Some(mut query) = world.try_query_filtered::<Terms<'_>, Active>() else { return };
    let input = world.resource::<Input>();
    let mut calls = Vec::new();
    for (_, order, name, Hotkeys(keys)) in query.iter(world) {
        let mut called: Vec<&str> = Vec::new();
        for (_, method) in keys.iter().filter(|(control, _)| control.was_struck(input)) {
            if !called.contains(&method.as_str()) {
                called.push(method);
            }
        }
        let calls_of = called.into_iter().map(|method| (*order, name.as_str(), method));
        calls.extend(
            calls_of.map(|(order, name, method)| (order, name.to_owned(), method.to_owned())),
        );
    }
    // Stable, so those of a process stay in their order.
    calls.sort_by_key(|(order, ..)| *order);
    let now = world.resource::<Now>().time();
    let mut instructions = world.resource_mut::<Instructions>();
    for (_, name, method) in calls {
        let call =
            Instruction { priority: PRIORITY, ..Instruction::new(name, method, Box::new(())) };
        instructions.push(call, now);
    }
}
