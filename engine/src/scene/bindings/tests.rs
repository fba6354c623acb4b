use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::alert::Alerts;
use crate::machine::Machine;
use crate::scene::Scene;

fn parse(text: &str) -> Result<Scene, SceneError> {
    Scene::parse(Path::new("test.ron"), text.to_owned(), &ComponentRegistry::default())
}

/// What is written is read as the same.
#[test]
fn actions_are_read_and_written() {
    let text = "(actions: {\"jump\": [\"space\", \"pad:a\"], \"steer\": [(\"Left\", \"Right\")]})";
    let scene = parse(text).unwrap();
    let named: Vec<_> =
        scene.actions.iter().map(|(name, bound)| (name.value.as_str(), bound)).collect();
    let control = |name: &str| Control::parse(name).unwrap();
    let jump = vec![Binding::One(control("Space")), Binding::One(control("pad:a"))];
    let steer = vec![Binding::Pair(control("Left"), control("Right"))];
    assert_eq!(named, [("jump", &jump), ("steer", &steer)]);
    let again = parse(&scene.to_ron()).unwrap().actions;
    assert_eq!(again.iter().map(|(_, bound)| bound).collect::<Vec<_>>(), [&jump, &steer]);
    assert!(!parse("()").unwrap().to_ron().contains("actions"));
}

/// Whatever is wrong is refused where it stands.
#[test]
fn mistakes_are_located() {
    let error = |text: &str| parse(text).unwrap_err().to_string();
    assert_eq!(
        error("(actions: {\n\"jump\": [\"Space\", \"Spcae\"]})"),
        "test.ron:2:19: there is no key `Spcae`; did you mean `Space`?"
    );
    assert!(
        error("(actions: {\"jump\": [3]})").starts_with("test.ron:1:21: a binding is the name")
    );
    assert!(error("(actions: {\"jump\": [(\"A\", \"B\", \"C\")]})").contains("two of them"));
    assert!(error("(actions: {\"jump\": \"Space\"})").starts_with("test.ron:1:20: "));
    let hotkeys =
        |text: &str| error(&format!("(processes: [(class: \"a.B\", hotkeys: {{{text}}})])"));
    assert!(
        hotkeys("\"Ctrl+S\": \"a\", \"ctrl+s\": \"b\"")
            .ends_with(":55: `Ctrl+S` stands here twice")
    );
    assert!(
        hotkeys("\"Spcae\": \"a\"")
            .ends_with(":40: there is no key `Spcae`; did you mean `Space`?")
    );
    assert!(error("(actions: {\"\": []})").contains("named by 1 to 100 characters"));
}

/// The user's file is written whole and read back; a mistake in it is told with its place, and all is
/// bound as before; a name that the scene has not is told with the nearest.
#[test]
fn the_users_file_is_kept() {
    let folder = std::env::temp_dir().join(format!("metapython-bindings-{}", std::process::id()));
    let path = folder.join("deep").join("Game.ron");
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    let control = |name: &str| vec![Binding::One(Control::parse(name).unwrap())];
    world.resource_mut::<Actions>().define("jump", control("Space")).unwrap();
    assert!(save_bindings(world).unwrap_err().to_string().contains("--bindings FILE"));
    world.insert_resource(BindingsFile::new(path.clone()));
    take_bindings(world);
    assert_eq!(world.resource::<Actions>().own(), &BTreeMap::new());
    world.resource_mut::<Actions>().bind("jump", Some(control("X"))).unwrap();
    take_bindings(world);
    assert_eq!(world.resource::<Actions>().bindings("jump").unwrap(), control("X"));
    assert_eq!(save_bindings(world).unwrap(), path);
    world.resource_mut::<Actions>().bind("jump", None).unwrap();
    take_bindings(world);
    assert_eq!(world.resource::<Actions>().bindings("jump").unwrap(), control("X"));

    // What the run wrote is no news to it; what somebody else writes is, also the same again.
    let text = fs::read_to_string(&path).unwrap();
    let is_news = |world: &mut World| {
        let before = world.resource::<Simulated>().iter().count();
        take_saved_bindings(world);
        world.resource::<Simulated>().iter().count() > before
    };
    assert!(!is_news(world));
    fs::write(&path, "(actions: {\"jump\": [\"Y\"]})").unwrap();
    assert!(is_news(world));
    fs::write(&path, text).unwrap();
    assert!(is_news(world));

    // What a module binds is not the user's, unless they bind it otherwise or as it was without it.
    let saved = |world: &mut World| {
        save_bindings(world).unwrap();
        read_bindings(&path).unwrap().into_iter().map(|(name, bound)| (name.value, bound)).collect()
    };
    let actions = |world: &mut World, change: fn(&mut Actions)| {
        *world.resource_mut::<Actions>() = Actions::default();
        change(&mut world.resource_mut::<Actions>());
    };
    let of = |name: &str| vec![("jump".to_owned(), control(name))];
    fn module(actions: &mut Actions) {
        let control = |name: &str| vec![Binding::One(Control::parse(name).unwrap())];
        actions.define("jump", control("Space")).unwrap();
        actions.bind_in_module("jump", Some(control("M"))).unwrap();
    }
    actions(world, module);
    let nothing: Vec<(String, Vec<Binding>)> = saved(world);
    assert_eq!(nothing, []);
    world.resource_mut::<Actions>().bind("jump", Some(control("U"))).unwrap();
    assert_eq!(saved(world), of("U"));
    world.resource_mut::<Actions>().bind("jump", None).unwrap();
    assert_eq!(saved(world), of("Space"));

    fs::write(&path, "(version: 1,\n actions: {\"jump\": [\"Spcae\"]})").unwrap();
    take_bindings(world);
    fs::write(&path, "(actions: {\"jmup\": [\"Y\"]})").unwrap();
    take_bindings(world);
    fs::write(&path, "(version: 2)").unwrap();
    take_bindings(world);
    // What cannot be read is left to its user.
    let refusal = save_bindings(world).unwrap_err().to_string();
    assert!(refusal.contains("version 1 alone; it is left as it is"), "{refusal}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "(version: 2)");
    fs::remove_dir_all(&folder).unwrap();
    let faults = world.resource::<Alerts>().recent().filter(|it| it.level == Level::Error);
    let said: Vec<_> = faults.map(|it| it.text.clone()).collect();
    assert!(said[0].contains("Game.ron:2:21: there is no key `Spcae`; did you mean"), "{said:?}");
    assert!(said[1].contains("Game.ron:1:13: the scene has no action `jmup`; did you mean `jump`"));
    assert!(said[2].contains("version 1 alone"), "{said:?}");
}
