//! New processes take the place of all others, or nothing has happened.

use std::path::Path;

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::ChildOf;
use bevy_ecs::world::World;

use super::super::{Factory, Refusal, Scene, SceneError, SceneProcess};
use super::replace;
use crate::clock::Flicks;
use crate::component::ComponentRegistry;
use crate::instruction::{Instruction, Instructions};
use crate::machine::Machine;
use crate::process::{self, Behaviour, Names, NewProcess, Next, Paused, Step, StepError};
use crate::render::Window;

/// Does nothing.
struct Idle;

impl Behaviour for Idle {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }
}

/// Leaves another one behind when it ends.
struct Mourned;

impl Behaviour for Mourned {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }

    fn end(&mut self, world: &mut World, _: Entity) -> Result<(), StepError> {
        if let Ok(heir) = process::spawn(world, &NewProcess::of("Heir")) {
            process::launch(world, heir, Box::new(Idle));
        }
        Ok(())
    }
}

fn spawn(world: &mut World, name: &str, parent: Option<Entity>) -> Option<Entity> {
    let new = NewProcess { name: Some(name), parent, ..NewProcess::of("Person") };
    let process = process::spawn(world, &new).ok()?;
    process::launch(world, process, Box::new(Mourned));
    Some(process)
}

/// Makes what a scene asks for, but no `Villain`.
struct People;

impl Factory for People {
    fn create(
        &mut self,
        world: &mut World,
        request: &SceneProcess,
        parent: Option<Entity>,
    ) -> Result<Entity, Refusal> {
        let name = request.name.as_ref().map(|name| name.value.as_str());
        if name == Some("Villain") {
            return Err(Refusal { message: "no villains".into(), at: request.class.at });
        }
        let new = NewProcess { name, parent, ..NewProcess::of(&request.class.value) };
        let process = process::spawn(world, &new)
            .map_err(|error| Refusal { message: error.to_string(), at: request.class.at })?;
        process::launch(world, process, Box::new(Mourned));
        Ok(process)
    }
}

fn load(machine: &mut Machine, processes: &str) -> Result<usize, SceneError> {
    let text = format!("(title: \"New\", processes: [{processes}])");
    let scene = Scene::parse(Path::new("new.ron"), text, &ComponentRegistry::default())?;
    replace(machine.world_mut(), |world| {
        world.insert_resource(scene.window.clone());
        let instruction = Instruction::new("Ann", "wave", Box::new(()));
        world.resource_mut::<Instructions>().push(instruction, Flicks::ZERO);
        scene.spawn(world, &mut People)
    })
}

fn names(machine: &Machine) -> Vec<String> {
    let world = machine.world();
    process::all(world).into_iter().map(|it| process::instance_name(world, it)).collect()
}

/// A machine with a family, some of whom have been numbered, and an instruction that waits.
fn village() -> Machine {
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    let ann = spawn(world, "Ann", None);
    spawn(world, "Ben", ann);
    for _ in 0..2 {
        let process = process::spawn(world, &NewProcess::of("Person")).unwrap();
        process::launch(world, process, Box::new(Mourned));
    }
    let instruction = Instruction::new("Ben", "wave", Box::new(()));
    world.resource_mut::<Instructions>().push(instruction, Flicks(Flicks::PER_SECOND));
    machine.run(Some(2));
    machine
}

/// The new ones have the names of the old ones, of whom nothing is left, nor of what they left.
#[test]
fn new_processes_take_the_place_of_all() {
    let mut machine = village();
    let made = load(&mut machine, r#"(class: "Person", name: "Ann"), (class: "Person")"#).unwrap();
    assert_eq!((made, names(&machine)), (2, vec!["Ann".to_owned(), "Person".to_owned()]));
    assert_eq!(machine.world().resource::<Window>().title, "New");
    let waiting = machine.world_mut().resource_mut::<Instructions>().lend();
    assert_eq!(waiting.len(), 1, "that of the scene waits, that of before does not");
    machine.world_mut().resource_mut::<Instructions>().give_back(waiting);
    machine.run(Some(3));
    let ann = machine.world().resource::<Names>().get("Ann").unwrap();
    assert_eq!(process::accounting(machine.world(), ann).unwrap().steps, 3);
}

/// Whatever is wrong, and however late: the world is the one of before, and goes on as it would have.
#[test]
fn a_failure_changes_nothing() {
    let mut other = village();
    let mut machine = village();
    let before = machine.digest();
    assert_eq!(before, other.digest());
    for processes in [
        r#"(class: "Person", name: "Ann"), (class: "Person", name: "Villain")"#,
        r#"(class: "Person", children: [(class: "Person", name: "Villain")])"#,
        r#"(class: "Person", name: "Ann"), (class: "Person", name: "Ann")"#,
        r#"(class: "Person", name: "Ann", parent: "Nobody")"#,
        r#"(class: "Person", name: "A", parent: "B"), (class: "Person", name: "B", parent: "A")"#,
    ] {
        let error = load(&mut machine, processes).unwrap_err();
        assert!(error.position().is_some_and(|(line, column)| line == 1 && column > 1), "{error}");
        assert_eq!(machine.digest(), before, "{error}");
    }
    machine.run(Some(70));
    other.run(Some(70));
    assert_eq!(machine.digest(), other.digest());
    let process = process::spawn(machine.world_mut(), &NewProcess::of("Person")).unwrap();
    assert_eq!(process::instance_name(machine.world(), process), "Person2");
    process::discard(machine.world_mut(), process);
}

/// Who is called a parent may come later in the file.
#[test]
fn parents_are_found_by_name() {
    let mut machine = Machine::builder().build();
    let processes = r#"(class: "Person", name: "Child", parent: "Mother", paused: true),
        (class: "Person", name: "Mother"), (class: "Person", name: "Other", parent: "Child")"#;
    assert_eq!(load(&mut machine, processes).unwrap(), 3);
    let world = machine.world();
    let get = |name| world.resource::<Names>().get(name).unwrap();
    let parent = |name| world.get::<ChildOf>(get(name)).map(|child| child.0);
    assert_eq!((parent("Child"), parent("Other")), (Some(get("Mother")), Some(get("Child"))));
    assert!(world.get::<Paused>(get("Child")).is_some());
    assert!(world.get::<Paused>(get("Mother")).is_none());
}
