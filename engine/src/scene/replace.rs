//! New processes in the place of all others, or none.

use bevy_ecs::world::World;

use crate::audio::Audio;
use crate::input::Actions;
use crate::instruction::Instructions;
use crate::process::{self, Mark, Names};
use crate::render::{ImageFolder, Window};
use crate::schedule;

/// How often processes that create others in their ends are let do so.
const GENERATIONS: usize = 10;

/// Has `act` make the processes that take the place of those that there are; must be called between
/// two ticks.
///
/// While `act` makes them, the others cannot be found, and their names are free. Then those are
/// deleted, with all that their ends create, and the instructions that waited are forgotten.
///
/// # Errors
/// What `act` returns. Then processes, names, numbers, instructions, buses, actions and the window are as they
/// were, but for actions that modules have named or bound meanwhile.
pub fn replace<R, E>(
    world: &mut World,
    act: impl FnOnce(&mut World) -> Result<R, E>,
) -> Result<R, E> {
    schedule::settle(world);
    let before = Mark::set(world);
    let (window, images) = (world.resource::<Window>().clone(), world.get_resource().cloned());
    let buses = world.resource::<Audio>().bus_list();
    let mut actions = world.resource::<Actions>().clone();
    let replaced = process::all(world);
    let names = world.resource_mut::<Names>().set_aside();
    let given = world.resource::<Instructions>().given();
    let outcome = act(world);
    if outcome.is_err() {
        for _ in 0..GENERATIONS {
            before.take_back(world);
            // What was never launched is let go of now, and its end may create something in turn.
            schedule::settle(world);
            if before.since(world).is_empty() {
                break;
            }
        }
        before.take_back(world);
        world.insert_resource(names);
        world.insert_resource(window);
        // Modules that were imported stay so, and do not name theirs again.
        actions.adopt(world.resource::<Actions>());
        world.insert_resource(actions);
        // They were accepted before.
        let _ = world.resource_mut::<Audio>().reset_buses(&buses);
        world.insert_resource::<ImageFolder>(images.unwrap_or_default());
        return outcome;
    }
    let given = given..world.resource::<Instructions>().given();
    let after = Mark::set(world);
    for process in replaced {
        process::delete(world, process);
    }
    schedule::settle(world);
    delete_since(world, &after);
    world.resource_mut::<Instructions>().forget_all_but(given);
    outcome
}

/// Deletes what the ends of processes have created, up to a bound.
fn delete_since(world: &mut World, mark: &Mark) {
    for _ in 0..GENERATIONS {
        let created = mark.since(world);
        if created.is_empty() {
            return;
        }
        for process in created {
            process::delete(world, process);
        }
        schedule::settle(world);
    }
}

#[cfg(test)]
mod tests;
