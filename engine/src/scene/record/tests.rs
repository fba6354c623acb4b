//! A living world as a scene.

use std::collections::BTreeMap;

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::ChildOf;
use bevy_ecs::world::World;

use super::super::{Chronicler, Description, SceneProcess};
use super::record;
use crate::audio::{CaptureSettings, Captures};
use crate::component::Object;
use crate::input::{Kinds, Listener, Wishes};
use crate::machine::Machine;
use crate::motion::Transform;
use crate::process::{self, Missed, NewProcess, Restart};
use crate::value::Value;

/// Knows nothing but who cannot be told of.
struct Scribe(&'static [&'static str]);

impl Chronicler for Scribe {
    fn describe(&mut self, world: &mut World, process: Entity) -> Result<Description, String> {
        let name = process::instance_name(world, process);
        if self.0.contains(&name.as_str()) {
            return Err("it is native".to_owned());
        }
        let attributes = vec![("name".to_owned(), Value::Str(name))];
        Ok(Description { attributes, goes_on: true, notes: vec!["is told of".to_owned()] })
    }

    fn plain(&mut self, _: &mut World, _: &Object) -> Option<Value> {
        None
    }
}

fn spawn(world: &mut World, name: &str, parent: Option<Entity>) -> Entity {
    let new = NewProcess { name: Some(name), parent, ..NewProcess::of("a.Person") };
    process::spawn(world, &new).unwrap()
}

/// Names as they stand in each other, and with `<` those of parents that are named.
fn outline(processes: &[SceneProcess]) -> String {
    let one = |process: &SceneProcess| {
        let name = process.name.as_ref().map_or("", |name| &name.value);
        let parent = process.parent.as_ref().map(|parent| format!("<{}", parent.value));
        let children = outline(&process.children);
        let children = if children.is_empty() { children } else { format!("({children})") };
        format!("{name}{}{children}", parent.unwrap_or_default())
    };
    processes.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Whoever comes in whose order: read from the front, they are in the order of their spawning.
#[test]
fn the_order_of_spawning_is_that_of_the_file() {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    let ann = spawn(world, "Ann", None);
    let ben = spawn(world, "Ben", Some(ann));
    spawn(world, "Cleo", Some(ben));
    spawn(world, "Dora", Some(ann));
    let emil = spawn(world, "Emil", None);
    spawn(world, "Finn", Some(ben));
    let gus = spawn(world, "Gus", None);
    world.entity_mut(emil).insert(ChildOf(gus));
    let (processes, _) = record(world, &mut Scribe(&[]));
    assert_eq!(outline(&processes), "Ann(Ben(Cleo) Dora) Emil<Gus Finn<Ben Gus");
}

/// A chain of children that is deeper than a file could be read is written flat.
#[test]
fn deep_families_stay_readable() {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    let mut parent = None;
    for number in 0..200 {
        parent = Some(spawn(world, &format!("P{number}"), parent));
    }
    let (processes, _) = record(world, &mut Scribe(&[]));
    fn depth(processes: &[SceneProcess]) -> usize {
        processes.iter().map(|process| 1 + depth(&process.children)).max().unwrap_or(0)
    }
    assert!((2..=9).contains(&depth(&processes)), "{}", depth(&processes));
    assert!(outline(&processes).contains("P9<P8"));
}

/// Who cannot be told of is left out with all below; what is said of many is said once.
#[test]
fn what_cannot_be_said_is_told_of() {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    // The child comes first: it has been adopted.
    let child = spawn(world, "Child", None);
    let native = spawn(world, "Native", None);
    world.entity_mut(child).insert(ChildOf(native));
    spawn(world, "Ann", None);
    spawn(world, "Ben", None);
    let (processes, omissions) = record(world, &mut Scribe(&["Native"]));
    assert_eq!(outline(&processes), "Ann Ben");
    assert_eq!(
        omissions.lines(9),
        ["a.Person (3 of them): is told of", "a.Person: left out, with its children: it is native"]
    );
    assert_eq!(omissions.lines(1)[1..], ["... and 1 more of the kind"]);
}

/// Terms, all fields of components and attributes are there, and a number that is none is left out.
#[test]
fn a_process_is_told_of_as_it_is() {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    let restart = Some(Restart { limit: 7, ..Restart::default() });
    let new = NewProcess {
        name: Some("Ann"),
        priority: -3,
        missed: Missed::Delay,
        restart,
        memory_size: 17,
        ..NewProcess::of("a.Person")
    };
    let ann = process::spawn(world, &new).unwrap();
    world.entity_mut(ann).insert(Transform { x: f64::NAN, y: 0.1, ..Transform::default() });
    process::pause(world, ann);
    let (processes, omissions) = record(world, &mut Scribe(&[]));
    let told = &processes[0];
    assert_eq!(
        (told.priority, told.missed, told.memory_size),
        (Some(-3), Some(Missed::Delay), Some(17))
    );
    assert_eq!((told.restart, told.paused, told.started), (Some(restart), true, Some(false)));
    assert_eq!(told.attributes[0].1, Value::Str("Ann".into()));
    let fields: BTreeMap<_, _> = told.components[0]
        .fields
        .iter()
        .map(|(name, value)| (name.value.as_str(), value.clone()))
        .collect();
    let number = Value::Float;
    let expected = [
        ("rotation", number(0.0)),
        ("scale", number(1.0)),
        ("y", number(0.1)),
        ("relative", Value::Bool(false)),
    ];
    assert_eq!(fields, BTreeMap::from(expected));
    assert!(omissions.lines(9)[1].contains("the field x of its Transform is left out"));
}

/// What a process asked of the devices is no part of a scene, which is said.
#[test]
fn what_is_asked_of_devices_is_told_as_left_out() {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    let ann = spawn(world, "Ann", None);
    world.entity_mut(ann).insert(Listener::to(Kinds::named("key").unwrap()));
    world.resource_mut::<Wishes>().ask_for_text(ann, None);
    let settings = CaptureSettings { receiver: Some(ann), ..CaptureSettings::default() };
    world.resource_mut::<Captures>().open(settings).unwrap();
    let lines = record(world, &mut Scribe(&[])).1.lines(9).join("\n");
    for left_out in ["input.send_to of key", "input.ask_for_text", "sound.capture with to"] {
        assert!(lines.contains(left_out), "{lines}");
    }
}
