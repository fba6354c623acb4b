use super::*;
use crate::input::{Key, MouseButton};

fn motion(x: f64) -> InputEvent {
    InputEvent::MouseMotion { x, y: 0.0 }
}

fn click(down: bool) -> InputEvent {
    InputEvent::MouseButton { button: MouseButton::Left, down, x: 0.0, y: 0.0 }
}

fn key(down: bool) -> InputEvent {
    InputEvent::Key { key: Key::named("A").unwrap(), label: "A".into(), down, repeat: false }
}

/// Of what moves only where it came to is told; what happens between two moves parts them.
#[test]
fn moves_are_merged_between_clicks() {
    let wheel = |y| InputEvent::Wheel { x: 0.25, y };
    let events = vec![
        motion(1.0),
        key(true),
        motion(2.0),
        click(true),
        motion(3.0),
        motion(4.0),
        click(false),
    ];
    let (told, dropped) = condense(events);
    assert_eq!(told, [key(true), motion(2.0), click(true), motion(4.0), click(false)]);
    assert!(dropped.is_empty());
    let (told, _) = condense(vec![wheel(1.0), wheel(-0.5), motion(1.0), wheel(1.0)]);
    assert_eq!(told, [InputEvent::Wheel { x: 0.5, y: 0.5 }, motion(1.0), wheel(1.0)]);
}

/// Fingers and axes are merged each for itself, and what ends the program is nobody's news.
#[test]
fn devices_do_not_mix() {
    let finger = |id, touch, x| InputEvent::Finger { id, touch, x, y: 0.0, pressure: 1.0 };
    let axis = |slot, value| InputEvent::GamepadAxis { slot, axis: PadAxis::LeftX, value };
    let events = vec![
        finger(1, Touch::Move, 1.0),
        finger(2, Touch::Move, 1.0),
        finger(1, Touch::Move, 2.0),
        axis(1, 0.1),
        axis(2, 0.1),
        axis(1, 0.2),
        InputEvent::Quit,
    ];
    let told = condense(events).0;
    let expected =
        [finger(2, Touch::Move, 1.0), finger(1, Touch::Move, 2.0), axis(2, 0.1), axis(1, 0.2)];
    assert_eq!(told, expected);
}

/// Of more than the bound the first are told, and the rest counted by kind.
#[test]
fn what_is_too_much_is_counted() {
    let mut events: Vec<_> = (0..5_000).flat_map(|_| [key(true), key(false)]).collect();
    events.extend([click(true), click(false)]);
    let (told, dropped) = condense(events);
    assert_eq!(told.len(), MAX_EVENTS);
    assert_eq!(dropped, BTreeMap::from([("key", 9_000), ("mouse", 2)]));
}

/// However far the wheel turns, JSON can say it.
#[test]
fn turns_of_the_wheel_stay_finite() {
    let turn = InputEvent::Wheel { x: 1e308, y: -1e308 };
    let told = condense(vec![turn.clone(), turn]).0;
    assert_eq!(told, [InputEvent::Wheel { x: f64::MAX, y: f64::MIN }]);
    assert_eq!(InputEvent::from_json(&told[0].to_json()), Ok(told[0].clone()));
}
