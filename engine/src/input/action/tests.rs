use std::collections::BTreeMap;

use super::*;
use crate::input::{InputEvent, Key, PadAxis};

fn key(name: &str, down: bool) -> InputEvent {
    InputEvent::Key { key: Key::named(name).unwrap(), label: name.into(), down, repeat: false }
}

fn one(name: &str) -> Binding {
    Binding::One(Control::parse(name).unwrap())
}

fn pair(negative: &str, positive: &str) -> Binding {
    Binding::Pair(Control::parse(negative).unwrap(), Control::parse(positive).unwrap())
}

/// The input and its actions: `jump` by Space, W or the pad's a, `steer` by arrows or the left stick.
struct Game {
    input: Input,
    actions: Actions,
}

impl Game {
    fn new() -> Self {
        let mut actions = Actions::default();
        actions.define("jump", vec![one("Space"), one("W"), one("wheel:up")]).unwrap();
        actions.define("steer", vec![pair("Left", "Right"), one("pad:leftx")]).unwrap();
        Self { input: Input::default(), actions }
    }

    /// Down, pressed and released of an action after a tick with these events.
    fn tick(&mut self, name: &str, events: &[InputEvent]) -> [bool; 3] {
        self.input.begin_tick();
        events.iter().for_each(|event| self.input.apply(event));
        self.actions.follow(&self.input);
        let state = self.actions.state(name).unwrap();
        [state.is_down, state.was_pressed, state.was_released]
    }
}

/// An action is on while something holds it, whatever it is bound to; a tap within a tick is both.
#[test]
fn an_action_is_on_while_something_holds_it() {
    let mut game = Game::new();
    assert_eq!(game.tick("jump", &[key("Space", true)]), [true, true, false]);
    assert_eq!(game.tick("jump", &[key("W", true)]), [true, false, false]);
    assert_eq!(game.tick("jump", &[key("Space", false)]), [true, false, false]);
    // W holds it, whatever Space does.
    assert_eq!(game.tick("jump", &[key("Space", true), key("Space", false)]), [true, false, false]);
    assert_eq!(game.tick("jump", &[key("W", false)]), [false, false, true]);
    assert_eq!(game.tick("jump", &[key("W", true), key("W", false)]), [false, true, true]);
    assert_eq!(game.tick("jump", &[]), [false; 3]);
    game.tick("jump", &[key("W", true)]);
    assert_eq!(game.tick("jump", &[key("W", false), key("W", true)]), [true, true, true]);
}

/// The wheel has no place to stay in: it is on for the tick in which it turns.
#[test]
fn the_wheel_is_on_for_a_tick() {
    let mut game = Game::new();
    assert_eq!(game.tick("jump", &[InputEvent::Wheel { x: 0.0, y: 2.0 }]), [true, true, false]);
    assert_eq!(game.actions.state("jump").unwrap().value, 1.0);
    assert_eq!(game.tick("jump", &[]), [false, false, true]);
    assert_eq!(game.tick("jump", &[InputEvent::Wheel { x: 0.0, y: -2.0 }]), [false; 3]);
}

/// A pair and a stick give -1 to 1, cancel each other, and do not flicker at the edge.
#[test]
fn an_axis_goes_both_ways() {
    let mut game = Game::new();
    let stick = |value| InputEvent::GamepadAxis { slot: 1, axis: PadAxis::LeftX, value };
    let value = |game: &Game| game.actions.state("steer").unwrap().value;
    game.tick("steer", &[InputEvent::GamepadConnected { slot: 1, name: String::new() }]);
    assert_eq!(game.tick("steer", &[key("Left", true)]), [true, true, false]);
    assert_eq!(value(&game), -1.0);
    game.tick("steer", &[key("Right", true)]);
    assert_eq!(value(&game), 0.0);
    assert_eq!(game.tick("steer", &[key("Left", false), stick(1.0)]), [true, true, false]);
    assert_eq!(value(&game), 1.0);
    game.tick("steer", &[key("Right", false)]);
    // 0.15 is the dead zone; 0.45 of what is left is below the half, but not below where it lets go.
    assert_eq!(game.tick("steer", &[stick(0.15 + 0.85 * 0.45)]), [true, false, false]);
    assert_eq!(game.tick("steer", &[stick(0.15 + 0.85 * 0.35)]), [false, false, true]);
    assert_eq!(game.tick("steer", &[stick(0.15 + 0.85 * 0.45)]), [false; 3]);
}

/// What the user binds takes the place of the default, and gives it back.
#[test]
fn bindings_are_the_users() {
    let mut game = Game::new();
    game.actions.bind("jump", Some(vec![one("X")])).unwrap();
    assert_eq!(game.tick("jump", &[key("Space", true)]), [false; 3]);
    assert_eq!(game.tick("jump", &[key("X", true)]), [true, true, false]);
    assert_eq!(game.actions.bindings("jump").unwrap(), [one("X")]);
    assert_eq!(game.actions.own().len(), 1);
    // Nothing is bound: nothing holds it.
    game.actions.bind("jump", Some(vec![])).unwrap();
    assert_eq!(game.tick("jump", &[]), [false, false, true]);
    game.actions.bind("jump", None).unwrap();
    assert_eq!(game.tick("jump", &[]), [true, true, false]);
    assert!(game.actions.own().is_empty());
}

/// A name that there is not is answered with the nearest.
#[test]
fn an_unknown_action_names_the_nearest() {
    let mut actions = Game::new().actions;
    let error = actions.state("jmup").unwrap_err().to_string();
    assert!(error.starts_with("there is no action `jmup`; did you mean `jump`?; "), "{error}");
    assert_eq!(actions.bind("jmup", None).unwrap_err().to_string(), error);
    assert_eq!(actions.define("", vec![]), Err(ActionError::Name(0)));
    assert_eq!(actions.define(&"x".repeat(101), vec![]), Err(ActionError::Name(101)));
}

/// What scripts have named outlasts the scene; what both name is as the scene has it.
#[test]
fn scripts_name_actions_for_all_scenes() {
    let control = |name: &str| vec![Binding::One(Control::parse(name).unwrap())];
    let mut actions = Actions::default();
    actions.define("jump", control("Space")).unwrap();
    actions.define_in_scene("duck", control("Down")).unwrap();
    actions.define_in_scene("jump", control("J")).unwrap();
    actions.bind("duck", Some(control("D"))).unwrap();
    assert_eq!(actions.bindings("jump").unwrap(), control("J"));
    let mut next = actions.of_scripts();
    assert_eq!(next.names().collect::<Vec<_>>(), ["jump"]);
    assert_eq!(next.bindings("jump").unwrap(), control("Space"));
    assert!(next.own().is_empty());
    actions.define("run", control("R")).unwrap();
    next.adopt(&actions);
    assert_eq!(next.names().collect::<Vec<_>>(), ["jump", "run"]);
}

/// What a module binds, which is run once, outlasts the scene; the user's settings count more, for as
/// long as they say something.
#[test]
fn modules_bind_for_all_scenes() {
    let control = |name: &str| vec![Binding::One(Control::parse(name).unwrap())];
    let bound = |actions: &Actions| actions.bindings("jump").unwrap().to_vec();
    let mut actions = Actions::default();
    actions.define_in_scene("jump", control("Space")).unwrap();
    actions.bind_in_module("jump", Some(control("M"))).unwrap();
    actions.bind("jump", Some(control("S"))).unwrap();
    assert_eq!(bound(&actions), control("S"));
    let mut next = actions.of_scripts();
    next.define_in_scene("jump", control("Space")).unwrap();
    assert_eq!(bound(&next), control("M"));
    next.bind_all(BTreeMap::from([("jump".to_owned(), control("U"))]));
    assert_eq!(bound(&next), control("U"));
    next.bind_all(BTreeMap::new());
    assert_eq!(bound(&next), control("M"));
    next.bind_in_module("jump", None).unwrap();
    assert_eq!(bound(&next), control("Space"));
    // A scene whose loading failed leaves what its modules bound.
    let mut before = Actions::default();
    before.define_in_scene("jump", control("Space")).unwrap();
    before.adopt(&actions);
    assert_eq!(bound(&before), control("M"));
}
