use super::{Input, InputEvent, Key, MAX_TEXT, MouseButton};

fn key(name: &str, down: bool) -> InputEvent {
    InputEvent::Key { key: Key::named(name).unwrap(), label: name.into(), down, repeat: false }
}

/// Applies the events of one tick.
fn tick(input: &mut Input, events: &[InputEvent]) {
    input.begin_tick();
    for event in events {
        input.apply(event);
    }
}

/// Down, pressed and released, as three questions of one key.
fn state(input: &Input, name: &str) -> [bool; 3] {
    [
        input.is_down(name).unwrap(),
        input.was_pressed(name).unwrap(),
        input.was_released(name).unwrap(),
    ]
}

/// A key is pressed in one tick, down until its release, and released in one tick.
#[test]
fn a_key_is_pressed_then_down_then_released() {
    let mut input = Input::default();
    tick(&mut input, &[key("W", true)]);
    assert_eq!(state(&input, "w"), [true, true, false]);
    assert_eq!(state(&input, "S"), [false, false, false]);
    tick(&mut input, &[]);
    assert_eq!(state(&input, "w"), [true, false, false]);
    tick(&mut input, &[key("W", false)]);
    assert_eq!(state(&input, "w"), [false, false, true]);
    tick(&mut input, &[]);
    assert_eq!(state(&input, "w"), [false, false, false]);
}

/// A tap shorter than a tick is seen going down and going up.
#[test]
fn a_tap_within_one_tick_is_seen() {
    let mut input = Input::default();
    tick(&mut input, &[key("Space", true), key("Space", false)]);
    assert_eq!(state(&input, "Space"), [false, true, true]);
    assert!(input.any_key_was_pressed() && !input.any_key_is_down());
    tick(&mut input, &[key("Up", true)]);
    tick(&mut input, &[key("Up", false), key("Up", true)]);
    assert_eq!(state(&input, "Up"), [true, true, true]);
}

/// The repetitions that a keyboard makes of a held key are no presses.
#[test]
fn a_repetition_is_no_press() {
    let mut input = Input::default();
    tick(&mut input, &[key("A", true)]);
    let again = InputEvent::Key {
        key: Key::named("A").unwrap(),
        label: "A".into(),
        down: true,
        repeat: true,
    };
    tick(&mut input, &[again, key("A", true)]);
    assert_eq!(state(&input, "A"), [true, false, false]);
}

/// A window that loses the keyboard holds nothing down, and a late release changes nothing.
#[test]
fn losing_the_focus_releases_everything() {
    let mut input = Input::default();
    let button = |down| InputEvent::MouseButton { button: MouseButton::Left, down, x: 3.0, y: 4.0 };
    tick(&mut input, &[key("Left Shift", true), key("AudioNext", true), button(true)]);
    assert_eq!(input.keys_down().map(Key::name).collect::<Vec<_>>(), ["Left Shift", "AudioNext"]);
    tick(&mut input, &[InputEvent::FocusChanged { focused: false }]);
    assert_eq!(state(&input, "Left Shift"), [false, false, true]);
    assert_eq!(state(&input, "AudioNext"), [false, false, true]);
    assert!(!input.button_is_down("left").unwrap() && input.button_was_released("left").unwrap());
    assert!(!input.any_key_is_down() && !input.is_focused());
    tick(&mut input, &[key("Left Shift", false)]);
    assert_eq!(state(&input, "Left Shift"), [false, false, false]);
}

/// The mouse stays where it was last seen; wheel, text and files belong to their tick.
#[test]
fn mouse_wheel_text_and_files() {
    let mut input = Input::default();
    let text = |text: &str| InputEvent::Text { text: text.into() };
    tick(
        &mut input,
        &[
            InputEvent::MouseMotion { x: 10.5, y: 20.0 },
            InputEvent::MouseButton { button: MouseButton::Right, down: true, x: 11.0, y: 21.0 },
            InputEvent::Wheel { x: 0.0, y: 1.0 },
            InputEvent::Wheel { x: -0.5, y: 1.5 },
            text("h"),
            text("é"),
            InputEvent::FileDropped { path: "a.png".into() },
            InputEvent::Quit,
        ],
    );
    assert_eq!([input.mouse_x(), input.mouse_y()], [11.0, 21.0]);
    assert!(input.button_was_pressed("Right").unwrap());
    assert_eq!(input.wheel(), [-0.5, 2.5]);
    assert_eq!((input.text(), input.dropped_files()), ("hé", &["a.png".to_owned()][..]));
    tick(&mut input, &[]);
    assert_eq!([input.mouse_x(), input.mouse_y()], [11.0, 21.0]);
    assert_eq!((input.wheel(), input.text()), ([0.0, 0.0], ""));
    assert!(input.dropped_files().is_empty());
    assert!(input.button_is_down("right").unwrap() && !input.button_was_pressed("right").unwrap());
    assert!(input.button_is_down("wheel").is_err());
}

/// Events survive being written down and read again; keys are written by name.
#[test]
fn events_can_be_recorded() {
    let events = vec![key("Keypad 5", true), InputEvent::Wheel { x: 0.0, y: -1.0 }];
    let text = ron::to_string(&events).unwrap();
    assert!(text.contains("\"Keypad 5\""), "{text}");
    assert_eq!(ron::from_str::<Vec<InputEvent>>(&text).unwrap(), events);
}

/// An event that does not say what a key is called leaves it as it is known.
#[test]
fn a_key_without_a_label_keeps_the_one_it_has() {
    let unlabelled = |name: &str, down| InputEvent::Key {
        key: Key::named(name).unwrap(),
        label: String::new(),
        down,
        repeat: false,
    };
    let mut input = Input::default();
    tick(&mut input, &[unlabelled("Q", true)]);
    assert!(input.is_down("label:Q").unwrap());
    let labelled = InputEvent::Key {
        key: Key::named("Y").unwrap(),
        label: "Z".into(),
        down: true,
        repeat: false,
    };
    tick(&mut input, &[labelled, unlabelled("Y", false), unlabelled("Y", true)]);
    assert!(input.is_down("label:Z").unwrap());
    let mut event = unlabelled("Y", false);
    input.complete(&mut event);
    assert!(matches!(event, InputEvent::Key { label, .. } if label == "Z"));
}

/// However far the wheel turns, it turns a number of notches.
#[test]
fn turns_of_the_wheel_stay_finite() {
    let mut input = Input::default();
    let turn = InputEvent::Wheel { x: 1e308, y: -1e308 };
    tick(&mut input, &[turn.clone(), turn]);
    assert_eq!(input.wheel(), [f64::MAX, f64::MIN]);
}

/// Of too long a text the beginning is taken, whole characters of it, and nothing after the gap.
#[test]
fn too_long_a_text_is_cut_between_characters() {
    let mut input = Input::default();
    let text = |text: String| InputEvent::Text { text };
    tick(&mut input, &[text("a".into()), text("ä".repeat(MAX_TEXT / 2)), text("b".into())]);
    assert_eq!((input.text().len(), input.lost_text), (MAX_TEXT - 1, 3));
    assert!(input.text().ends_with('ä'));
    tick(&mut input, &[text("c".into())]);
    assert_eq!((input.text(), input.lost_text), ("c", 0));
}
