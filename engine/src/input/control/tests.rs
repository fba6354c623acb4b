use proptest::prelude::*;

use super::*;
use crate::input::{InputEvent, Touch};

fn key(name: &str, label: &str, down: bool) -> InputEvent {
    let key = Key::named(name).unwrap();
    InputEvent::Key { key, label: label.into(), down, repeat: false }
}

fn tick(input: &mut Input, events: &[InputEvent]) {
    input.begin_tick();
    events.iter().for_each(|event| input.apply(event));
}

/// Down, pressed and released.
fn state(input: &Input, name: &str) -> [bool; 3] {
    [
        input.is_down(name).unwrap(),
        input.was_pressed(name).unwrap(),
        input.was_released(name).unwrap(),
    ]
}

/// All names are one language: what is written is read as the same, and aliases become the name.
#[test]
fn a_name_is_read_and_written() {
    for name in ["Space", "=", "Keypad +", "Keypad :", "Ctrl+Shift+S", "label:ö", "Ctrl+label:Z"] {
        assert_eq!(Control::parse(name).map(|it| it.to_string()).as_deref(), Ok(name));
    }
    for name in
        ["Shift", "mouse:x2", "wheel:left", "pad:dpup", "pad16:a", "pad3:lefty-", "pad:leftx"]
    {
        assert_eq!(Control::parse(name).map(|it| it.to_string()).as_deref(), Ok(name));
        let shouted = name.to_uppercase();
        assert_eq!(Control::parse(&shouted).map(|it| it.to_string()).as_deref(), Ok(name));
    }
    let written = |name| Control::parse(name).unwrap().to_string();
    assert_eq!(written("control+cmd+enter"), "Ctrl+GUI+Return");
    assert_eq!(written("Shift + Ctrl + a"), "Ctrl+Shift+A");
}

/// What there is not is refused with what was probably meant.
#[test]
fn a_wrong_name_tells_the_right_one() {
    let error = |name: &str| Control::parse(name).unwrap_err().to_string();
    assert_eq!(error("Ctrl+Spcae"), "there is no key `Spcae`; did you mean `Space`?");
    assert_eq!(error("wheel:upp"), "there is no way of the wheel called `upp`; did you mean `up`?");
    assert!(error("pad:leftxx").contains("did you mean `leftx`?"), "{}", error("pad:leftxx"));
    assert!(error("pad:jump").contains("; there are a, b, x, y, back"), "{}", error("pad:jump"));
    assert!(error("pda:a").contains("did you mean `pad`?"), "{}", error("pda:a"));
    for name in ["pad0:a", "pad17:a", "pad256:a", "padx:a"] {
        assert!(error(name).contains("names no control"), "{}", error(name));
    }
    assert!(error("Ctrl+mouse:left").contains("which only keys can have"));
    assert!(error("label:").contains("label:Z"));
    assert!(error("mouse:four").contains("there are left, middle"));
}

/// A label is what the layout prints, wherever the key is; a key that was never touched has its own name.
#[test]
fn a_key_is_found_by_its_label() {
    let mut input = Input::default();
    // The key that is Y on an American keyboard is Z on a German one.
    tick(&mut input, &[key("Y", "Z", true)]);
    assert_eq!(state(&input, "label:z"), [true, true, false]);
    assert_eq!(state(&input, "Y"), [true, true, false]);
    assert_eq!(state(&input, "label:Y"), [false; 3]);
    tick(&mut input, &[key("Y", "Z", false)]);
    assert_eq!(state(&input, "label:Z"), [false, false, true]);
    tick(&mut input, &[key("A", "A", true)]);
    assert_eq!(state(&input, "label:A"), [true, true, false]);
    assert_eq!(input.label(Key::named("Y").unwrap()), "Z");
}

/// With modifiers a key counts only with exactly these; without, with any.
#[test]
fn modifiers_are_exact() {
    let mut input = Input::default();
    let ctrl = |down| key("Right Ctrl", "Right Ctrl", down);
    tick(&mut input, &[ctrl(true), key("S", "S", true)]);
    assert_eq!(state(&input, "Ctrl+S"), [true, true, false]);
    assert_eq!(state(&input, "S"), [true, true, false]);
    assert_eq!(state(&input, "Ctrl+Shift+S"), [false; 3]);
    assert_eq!(state(&input, "Ctrl"), [true, true, false]);
    let struck = |input: &Input, name| Control::parse(name).unwrap().was_struck(input);
    assert!(struck(&input, "Ctrl+S") && !struck(&input, "S"));
    tick(&mut input, &[key("Left Shift", "Left Shift", true)]);
    assert_eq!(state(&input, "Ctrl+S"), [false; 3]);
    tick(&mut input, &[ctrl(false), key("Left Shift", "Left Shift", false), key("S", "S", false)]);
    assert_eq!(state(&input, "Ctrl+S"), [false, false, true]);
    // Let go of within the tick in which it was struck.
    tick(&mut input, &[ctrl(true), key("S", "S", true), key("S", "S", false), ctrl(false)]);
    assert!(struck(&input, "Ctrl+S") && !struck(&input, "S"));
    assert_eq!(input.modifiers(), Modifiers::NONE);
    // The modifier goes up first.
    tick(&mut input, &[ctrl(true), key("S", "S", true), ctrl(false)]);
    assert_eq!(state(&input, "Ctrl+S"), [false, true, true]);
}

/// Pads come, steer and go; one that goes lets go of what it held, and its slot's next has nothing down.
#[test]
fn a_pad_that_goes_releases_its_buttons() {
    let mut input = Input::default();
    let connected = |slot, name: &str| InputEvent::GamepadConnected { slot, name: name.into() };
    let button = |slot, down| InputEvent::GamepadButton { slot, button: PadButton::A, down };
    let axis = |axis, value| InputEvent::GamepadAxis { slot: 2, axis, value };
    // One that nobody announced is not there.
    tick(
        &mut input,
        &[button(2, true), connected(1, "One"), connected(2, "Two"), connected(0, "?")],
    );
    assert_eq!(state(&input, "pad:a"), [false; 3]);
    let names = |input: &Input| {
        input.gamepads().map(|(slot, pad)| (slot, pad.name.clone())).collect::<Vec<_>>()
    };
    assert_eq!(names(&input), [(1, "One".to_owned()), (2, "Two".to_owned())]);
    tick(&mut input, &[button(2, true), axis(PadAxis::LeftX, -1.0)]);
    assert_eq!(state(&input, "pad2:a"), [true, true, false]);
    assert_eq!(
        (state(&input, "pad:a"), state(&input, "pad1:a")),
        ([true, true, false], [false; 3])
    );
    assert_eq!(state(&input, "pad:leftx-"), [true, true, false]);
    assert_eq!(
        (state(&input, "pad:leftx"), state(&input, "pad:leftx+")),
        ([true, true, false], [false; 3])
    );
    tick(&mut input, &[InputEvent::GamepadDisconnected { slot: 2 }]);
    assert_eq!(state(&input, "pad2:a"), [false, false, true]);
    assert_eq!(state(&input, "pad:leftx-"), [false, false, true]);
    assert_eq!(names(&input).len(), 1);
    tick(&mut input, &[connected(2, "New")]);
    assert_eq!(state(&input, "pad2:a"), [false; 3]);
    assert_eq!(input.gamepad(2).unwrap().axis(PadAxis::LeftX), 0.0);
}

/// Within the dead zone nothing moves; behind it the whole range is there, also slantwise.
#[test]
fn sticks_have_a_round_dead_zone() {
    let mut input = Input::default();
    let axis = |axis, value| InputEvent::GamepadAxis { slot: 1, axis, value };
    let connected = InputEvent::GamepadConnected { slot: 1, name: String::new() };
    let at = |input: &Input, axis| input.gamepad(1).unwrap().axis(axis);
    tick(&mut input, &[connected, axis(PadAxis::LeftX, 0.1), axis(PadAxis::LeftY, 0.1)]);
    assert_eq!([at(&input, PadAxis::LeftX), at(&input, PadAxis::LeftY)], [0.0; 2]);
    assert_eq!(input.gamepad(1).unwrap().raw_axis(PadAxis::LeftX), 0.1);
    tick(&mut input, &[axis(PadAxis::LeftX, 0.0), axis(PadAxis::LeftY, 1.0)]);
    assert_eq!([at(&input, PadAxis::LeftX), at(&input, PadAxis::LeftY)], [0.0, 1.0]);
    tick(&mut input, &[axis(PadAxis::LeftX, 0.575), axis(PadAxis::LeftY, 0.0)]);
    assert!((at(&input, PadAxis::LeftX) - 0.5).abs() < 1e-9);
    tick(&mut input, &[axis(PadAxis::LeftX, f64::NAN), axis(PadAxis::RightTrigger, 0.04)]);
    assert!((at(&input, PadAxis::LeftX) - 0.5).abs() < 1e-9);
    assert_eq!(at(&input, PadAxis::RightTrigger), 0.0);
    tick(&mut input, &[axis(PadAxis::RightTrigger, 7.0)]);
    assert_eq!(at(&input, PadAxis::RightTrigger), 1.0);
}

/// Fingers come, move and go by their numbers; a tap within a tick is seen.
#[test]
fn fingers_are_followed() {
    let mut input = Input::default();
    let finger = |id, touch, x| InputEvent::Finger { id, touch, x, y: 2.0, pressure: 0.5 };
    tick(&mut input, &[finger(7, Touch::Down, 1.0), finger(9, Touch::Move, 1.0)]);
    let fingers = |input: &Input| input.fingers().copied().collect::<Vec<_>>();
    assert_eq!(fingers(&input).len(), 1);
    let [first] = fingers(&input)[..] else { panic!("there is one") };
    assert!((first.id, first.x) == (7, 1.0) && first.is_down && first.was_pressed);
    tick(
        &mut input,
        &[finger(7, Touch::Move, 5.0), finger(8, Touch::Down, 0.0), finger(8, Touch::Up, 1.0)],
    );
    let [first, second] = fingers(&input)[..] else { panic!("there are two") };
    assert!(first.x == 5.0 && first.is_down && !first.was_pressed);
    assert!(!second.is_down && second.was_pressed && second.was_released);
    tick(&mut input, &[InputEvent::FocusChanged { focused: false }]);
    assert!(fingers(&input).iter().all(|it| !it.is_down && it.was_released));
    tick(&mut input, &[]);
    assert_eq!(fingers(&input), []);
}

/// A composition is there until it is typed, emptied, or the window loses the keyboard.
#[test]
fn a_composition_is_followed() {
    let mut input = Input::default();
    let composition =
        |text: &str| InputEvent::Composition { text: text.into(), cursor: 1, length: 0 };
    tick(&mut input, &[composition("に"), composition("にほ")]);
    assert_eq!(input.composition().unwrap().text, "にほ");
    tick(&mut input, &[]);
    assert!(input.composition().is_some());
    tick(&mut input, &[InputEvent::Text { text: "日本".into() }]);
    assert_eq!((input.composition(), input.text()), (None, "日本"));
    tick(&mut input, &[composition("a"), composition("")]);
    assert_eq!(input.composition(), None);
    tick(&mut input, &[composition("a"), InputEvent::FocusChanged { focused: false }]);
    assert_eq!(input.composition(), None);
}

proptest! {
    /// Whatever is written, it is read or refused, and what is read is written as itself.
    #[test]
    fn any_name_is_read_or_refused(name in "\\PC{0,20}|(Ctrl\\+|pad|pad2:|label:|mouse:|wheel:)?[a-zA-Z+:-]{0,12}") {
        if let Ok(control) = Control::parse(&name) {
            let written = control.to_string();
            prop_assert_eq!(Control::parse(&written), Ok(control));
        }
    }
}

/// A key whose own name has a colon or a plus takes modifiers, too; an empty name is near no other.
#[test]
fn odd_names_of_keys_take_modifiers() {
    for name in ["Ctrl+Keypad :", "Ctrl+Shift+Keypad +", "Keypad +/-"] {
        assert_eq!(Control::parse(name).unwrap().to_string(), name);
    }
    for name in ["", "Ctrl+"] {
        let error = Control::parse(name).unwrap_err().to_string();
        assert!(error.starts_with("there is no key ``; keys are named as"), "{error}");
    }
}
