//! What processes are called after their scripts: a class each, and how many there are of every one.

use std::collections::BTreeMap;

use bevy_ecs::component::Component;
use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::DeferredWorld;

/// The class of a process, as scenes write it: `pong.Ball`.
#[derive(Clone, Debug, PartialEq, Eq, Component)]
#[component(immutable, on_insert = joined, on_discard = left)]
pub struct Class(pub String);

/// How many processes there are of each class, so that nobody has to look at all of them for it.
#[derive(Debug, Default, Resource)]
pub struct Classes(BTreeMap<String, usize>);

impl Classes {
    /// The classes of which there are processes, in their order, with how many there are.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(class, count)| (class.as_str(), *count))
    }
}

fn joined(mut world: DeferredWorld<'_>, context: HookContext) {
    let Some(Class(class)) = world.get(context.entity).cloned() else { return };
    *world.resource_mut::<Classes>().0.entry(class).or_default() += 1;
}

fn left(mut world: DeferredWorld<'_>, context: HookContext) {
    let Some(Class(class)) = world.get(context.entity).cloned() else { return };
    let classes = &mut world.resource_mut::<Classes>().0;
    match classes.get_mut(&class) {
        Some(count @ 2..) => *count -= 1,
        _ => drop(classes.remove(&class)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, Classes};
    use crate::machine::Machine;
    use crate::process::{self, NewProcess};

    /// Each process counts from its beginning to its end, as what it is at last.
    #[test]
    fn processes_are_counted() {
        let mut machine = Machine::builder().build();
        let world = machine.world_mut();
        let classes = ["pong.Ball", "pong.Bat", "pong.Ball"];
        let [ball, bat, other] =
            classes.map(|class| process::spawn(world, &NewProcess::of(class)).unwrap());
        let counts = |world: &bevy_ecs::world::World| {
            let classes = world.resource::<Classes>();
            classes.iter().map(|(class, count)| format!("{class} {count}")).collect::<Vec<_>>()
        };
        assert_eq!(counts(world), ["pong.Ball 2", "pong.Bat 1"]);
        world.entity_mut(other).insert(Class("pong.Bat".to_owned()));
        assert_eq!(counts(world), ["pong.Ball 1", "pong.Bat 2"]);
        world.despawn(ball);
        assert_eq!(counts(world), ["pong.Bat 2"]);
        world.despawn(bat);
        world.despawn(other);
        assert!(counts(world).is_empty());
    }
}
