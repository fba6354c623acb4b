//! The overlay in a machine, under hands and eyes of tests.

mod hands;
pub(super) mod text;

use bevy_ecs::entity::Entity;

use hands::Hands;

use crate::alert::{self, Level};
use crate::color::Color;
use crate::input::{InputEvent, MouseButton};
use crate::motion::Transform;
use crate::process::{self, NewProcess};
use crate::render::Shape;

fn spawn(hands: &mut Hands, name: &str, x: f64, y: f64) -> Entity {
    let world = hands.machine.world_mut();
    let process = process::spawn(world, &NewProcess::of(name)).unwrap();
    let place = Transform { x, y, ..Transform::default() };
    world
        .entity_mut(process)
        .insert((place, Shape::rectangle(40.0, 40.0, Color::rgb(255, 170, 0))));
    process
}

/// The key left of `1` opens and closes, its letter appears nowhere, and text is asked for meanwhile
/// alone.
#[test]
fn the_key_opens_and_closes() {
    let mut hands = Hands::new([800, 600]);
    assert!(!hands.overlay.is_open() && !hands.asks_for_text());
    hands.type_key("`", "`");
    assert!(hands.overlay.is_open() && hands.asks_for_text());
    hands.text("ps");
    assert!(hands.seen().contains(">>> ps") && !hands.seen().contains('`'));
    hands.press("`");
    hands.text("`");
    assert!(!hands.overlay.is_open() && !hands.asks_for_text());
    assert_eq!(hands.input().text(), "");
    hands.text("x");
    assert_eq!(hands.input().text(), "x");
}

/// A line that is entered is evaluated in a session of the window's own, and what it comes to is
/// seen, and so are alerts.
#[test]
fn a_line_is_evaluated_and_its_outcome_seen() {
    let mut hands = Hands::new([800, 600]);
    spawn(&mut hands, "Ball", 100.0, 100.0);
    hands.key("`");
    hands.line("ps");
    hands.line("sessions");
    hands.line("kil Ball");
    alert::raise(hands.machine.world_mut(), "Goal", Level::V, "one to nil");
    hands.tick();
    let seen = hands.seen();
    for part in [">>> ps", "Ball", "exec  window  (this one)", "kill", "Goal: one to nil"] {
        assert!(seen.contains(part), "no {part:?} in {seen}");
    }
}

/// While it is open, the keyboard is not the world's: what was held is released, what is typed does
/// not arrive. Then it is the world's again.
#[test]
fn the_keyboard_is_taken_from_the_world() {
    let mut hands = Hands::new([800, 600]);
    hands.press("W");
    assert!(hands.input().is_down("W").unwrap());
    hands.press("`");
    assert!(!hands.input().is_down("W").unwrap() && hands.input().was_released("W").unwrap());
    hands.key("A");
    assert!(!hands.input().was_pressed("A").unwrap());
    hands.key("Escape");
    assert!(!hands.overlay.is_open());
    hands.press("A");
    assert!(hands.input().is_down("A").unwrap());
}

/// The mouse is the world's where no panel is, and a button that went down there is until it comes up.
#[test]
fn the_mouse_is_the_worlds_beside_the_panels() {
    let mut hands = Hands::new([800, 600]);
    hands.key("`");
    hands.see();
    hands.mouse(MouseButton::Left, true, 100.0, 100.0);
    assert!(hands.input().button_is_down("left").unwrap());
    hands.mouse(MouseButton::Left, false, 100.0, 590.0);
    assert!(!hands.input().button_is_down("left").unwrap());
    hands.mouse(MouseButton::Left, true, 100.0, 590.0);
    assert!(!hands.input().button_is_down("left").unwrap());
    hands.act(vec![InputEvent::Wheel { x: 0.0, y: 1.0 }]);
    assert_eq!(hands.input().wheel(), [0.0, 0.0]);
    hands.mouse(MouseButton::Left, false, 100.0, 100.0);
    hands.act(vec![InputEvent::Wheel { x: 0.0, y: 1.0 }]);
    assert_eq!(hands.input().wheel(), [0.0, 1.0]);
}

#[cfg(feature = "sdl")]
#[test]
fn picture() {
    let mut hands = Hands::new([800, 600]);
    spawn(&mut hands, "Ball", 100.0, 100.0);
    spawn(&mut hands, "Paddle", 300.0, 200.0);
    hands.key("`");
    hands.line("ps");
    hands.line("kil Ball");
    hands.line("help set");
    alert::raise(hands.machine.world_mut(), "Goal", Level::V, "one to nil");
    hands.text("query \"abc\" 12 for");
    hands.key("Tab");
    hands.key("Tab");
    let picture = hands.machine.picture().unwrap();
    picture.save_png(std::path::Path::new("/tmp/win1.png")).unwrap();
}
