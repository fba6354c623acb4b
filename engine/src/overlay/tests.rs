//! The overlay in a machine, under hands and eyes of tests.

mod hands;
#[cfg(feature = "sdl")]
mod picture;
pub(super) mod text;

use std::cell::Cell;
use std::rc::Rc;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use hands::Hands;

use crate::alert::{self, Level};
use crate::color::Color;
use crate::console::{Evaluation, GROUPS, Interpreter, SessionId};
use crate::input::{InputEvent, InputEvents, MouseButton, Touch};
use crate::motion::Transform;
use crate::process::{self, NewProcess};
use crate::render::Shape;
use crate::value::Value;

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

/// A finger is the world's where no panel is, wherever it goes from there; and one on a panel never is.
#[test]
fn a_finger_stays_with_what_it_touched() {
    let mut hands = Hands::new([800, 600]);
    hands.key("`");
    hands.see();
    let (panel, scene) = ([100.0, 590.0], [100.0, 100.0]);
    let finger =
        |id, touch, [x, y]: [f64; 2]| InputEvent::Finger { id, touch, x, y, pressure: 1.0 };
    let mut seen = |touch, one, other| -> Vec<InputEvent> {
        hands.act(vec![finger(7, touch, one), finger(8, touch, other)]);
        let events = hands.machine.world().resource::<InputEvents>().iter();
        events.filter(|event| matches!(event, InputEvent::Finger { .. })).cloned().collect()
    };
    assert_eq!(seen(Touch::Down, panel, scene), [finger(8, Touch::Down, scene)]);
    assert_eq!(seen(Touch::Move, scene, panel), [finger(8, Touch::Move, panel)]);
    assert_eq!(seen(Touch::Up, scene, panel), [finger(8, Touch::Up, panel)]);
    assert_eq!(seen(Touch::Down, scene, panel), [finger(7, Touch::Down, scene)]);
}

/// A click with the right button on something in the scene shows it in the inspector; elsewhere, and
/// while the overlay is closed, the click is the scene's.
#[test]
fn a_right_click_inspects_what_is_there() {
    let mut hands = Hands::new([800, 600]);
    spawn(&mut hands, "Ball", 100.0, 100.0);
    hands.mouse(MouseButton::Right, true, 100.0, 100.0);
    assert!(hands.input().button_is_down("right").unwrap());
    hands.mouse(MouseButton::Right, false, 100.0, 100.0);
    hands.key("`");
    hands.key("F2");
    hands.see();
    hands.key("F2");
    hands.see();
    assert!(!hands.seen().contains("Process  Ball"));
    hands.click(MouseButton::Right, 300.0, 300.0);
    assert!(!hands.seen().contains("Process  Ball"));
    hands.click(MouseButton::Right, 110.0, 90.0);
    assert!(hands.seen().contains("Process  Ball"), "{}", hands.seen());
    assert!(!hands.input().button_is_down("right").unwrap());
}

/// In a window of another shape than the scene, what is under the mouse is what is seen there.
#[test]
fn places_are_found_beside_bars_too() {
    let mut hands = Hands::new([800, 600]);
    spawn(&mut hands, "Ball", 400.0, 100.0);
    // Of 1,600 × 600 px the scene has the middle 800: 400 px stay free at each side.
    hands.surface([1600, 600], 1.0);
    hands.key("`");
    hands.see();
    hands.click(MouseButton::Right, 400.0, 100.0);
    assert!(hands.seen().contains("Process  Ball"));
    // The inspector's left edge is at 1,600 - 380 px, which is 820 in the scene.
    hands.mouse(MouseButton::Left, true, 790.0, 100.0);
    assert!(hands.input().button_is_down("left").unwrap());
    hands.mouse(MouseButton::Left, false, 790.0, 100.0);
    hands.mouse(MouseButton::Left, true, 850.0, 100.0);
    assert!(!hands.input().button_is_down("left").unwrap());
}

/// What the mouse is drawn over is selected and copied, a double click takes a word, and what is on
/// the clipboard comes into the line.
#[test]
fn text_is_selected_copied_and_pasted() {
    let mut hands = Hands::new([800, 600]);
    hands.key("`");
    alert::raise(hands.machine.world_mut(), "Goal", Level::V, "one to nil");
    hands.see();
    let [left, top] = hands.find("Goal: one");
    let row = top + 8.0;
    hands.mouse(MouseButton::Left, true, left, row);
    hands.act(vec![InputEvent::MouseMotion { x: left + 9.0 * 8.0, y: row }]);
    hands.see();
    hands.mouse(MouseButton::Left, false, left + 9.0 * 8.0, row);
    hands.keys(&["Left Ctrl", "C"]);
    assert_eq!(hands.devices.borrow().clipboard.as_deref(), Some("Goal: one"));
    for _ in 0..2 {
        hands.mouse(MouseButton::Left, true, left + 11.0 * 8.0 + 7.0, row);
        hands.mouse(MouseButton::Left, false, left + 11.0 * 8.0 + 7.0, row);
    }
    hands.keys(&["Left Ctrl", "Left Shift", "C"]);
    assert_eq!(hands.devices.borrow().clipboard.as_deref(), Some("to"));
    hands.keys(&["Left Shift", "Insert"]);
    hands.keys(&["Left Ctrl", "V"]);
    assert!(hands.seen().contains(">>> toto"), "{}", hands.seen());
}

/// PageUp, PageDown and the wheel move through what was said; who is up stays there when more comes.
#[test]
fn what_was_said_can_be_scrolled() {
    let mut hands = Hands::new([800, 600]);
    hands.key("`");
    let say = |hands: &mut Hands, numbers: std::ops::Range<u32>| {
        for number in numbers {
            alert::raise(hands.machine.world_mut(), "n", Level::V, format!("<{number}>"));
        }
        hands.see();
    };
    say(&mut hands, 0..100);
    assert!(hands.seen().contains("<99>") && !hands.seen().contains("<80>"));
    hands.key("PageUp");
    assert!(!hands.seen().contains("<99>") && hands.seen().contains("<80>"));
    say(&mut hands, 100..150);
    assert!(hands.seen().contains("<80>") && !hands.seen().contains("<149>"));
    hands.key("PageDown");
    hands.act(vec![InputEvent::MouseMotion { x: 300.0, y: 500.0 }]);
    hands.see();
    (0..30).for_each(|_| hands.act(vec![InputEvent::Wheel { x: 0.0, y: -1.0 }]));
    assert!(hands.seen().contains("<149>"));
    hands.act(vec![InputEvent::Wheel { x: 0.0, y: 1.0 }]);
    assert!(!hands.seen().contains("<149>") && hands.seen().contains("<146>"));
}

/// Ctrl and + makes everything larger by an eighth; a screen twice as fine makes it twice as large
/// where there is room.
#[test]
fn it_can_be_larger() {
    let mut hands = Hands::new([1600, 1200]);
    hands.key("`");
    assert!(hands.seen().contains("100 %"));
    hands.keys(&["Left Ctrl", "="]);
    assert!(hands.seen().contains("112 %"), "{}", hands.seen());
    hands.keys(&["Left Ctrl", "0"]);
    hands.surface([1600, 1200], 2.0);
    assert!(hands.seen().contains("200 %"));
    hands.surface([900, 700], 2.0);
    assert!(hands.seen().contains("113 %") || hands.seen().contains("112 %"));
}

/// While nothing happens nothing is painted anew; while it is closed there is nothing.
#[test]
fn nothing_new_is_not_painted_anew() {
    let mut hands = Hands::new([640, 480]);
    assert!(hands.see().is_none());
    hands.key("`");
    let first = hands.see().map(|painting| painting.revision);
    (0..5).for_each(|_| hands.tick());
    assert_eq!(hands.see().map(|painting| painting.revision), first);
    hands.text("x");
    assert_ne!(hands.see().map(|painting| painting.revision), first);
    hands.key("`");
    assert!(hands.see().is_none());
}

/// The search in the history, lines that go on, and a list of candidates are the editor's own, and
/// Escape closes these before it closes all.
#[test]
fn the_line_is_the_editors() {
    let mut hands = Hands::new([800, 600]);
    hands.key("`");
    hands.line("help set");
    hands.line("ps");
    hands.keys(&["Left Ctrl", "R"]);
    hands.text("elp");
    assert!(hands.seen().contains("help set"));
    hands.key("Escape");
    assert!(hands.overlay.is_open());
    hands.text("pri");
    hands.key("Tab");
    assert!(hands.seen().contains(">>> priority"), "{}", hands.seen());
    hands.keys(&["Left Ctrl", "U"]);
    hands.text("s");
    hands.key("Tab");
    hands.key("Tab");
    for name in ["source", "spawn", "set", "send"] {
        assert!(hands.seen().contains(name), "no {name} in {}", hands.seen());
    }
    hands.key("Escape");
    assert!(hands.overlay.is_open());
    hands.key("Escape");
    assert!(!hands.overlay.is_open());
}

/// Asks for a password when it is told anything, and takes what comes next for it.
struct Asking(bool);

impl Interpreter for Asking {
    fn evaluate(&mut self, _: &mut World, _: SessionId, _: &str) -> Evaluation {
        self.0 = !self.0;
        Evaluation { is_waiting: self.0, ..Evaluation::default() }
    }

    fn is_asking(&mut self, _: &mut World, _: SessionId) -> bool {
        self.0
    }

    fn random_state(&mut self, _: &mut World) -> Value {
        Value::None
    }
}

/// What answers a question is not in the history: it may be a password.
#[test]
fn an_answer_is_not_remembered() {
    let mut hands = Hands::with_interpreter(Asking(false), [800, 600]);
    hands.key("`");
    hands.line("log_in()");
    hands.line("my password");
    hands.tick();
    hands.keys(&["Left Ctrl", "L"]);
    hands.key("Up");
    let seen = hands.seen();
    assert!(seen.contains(">>> log_in()") && !seen.contains("password"), "{seen}");
}

/// `quit` ends the window's session and closes it; the next opening has a new one.
#[test]
fn quit_closes_the_session() {
    let mut hands = Hands::new([800, 600]);
    hands.key("`");
    hands.line("quit");
    hands.tick();
    assert!(!hands.overlay.is_open());
    hands.key("`");
    hands.line("sessions");
    assert!(hands.seen().contains("2  exec  window  (this one)"), "{}", hands.seen());
}

/// A list of candidates has the window's height, not that of its panel.
#[test]
fn a_list_floats_over_the_window() {
    let mut hands = Hands::new([640, 480]);
    hands.key("`");
    hands.text("%");
    hands.key("Tab");
    hands.key("Tab");
    let seen = hands.seen();
    let names: Vec<_> = GROUPS.iter().flat_map(|group| group.commands).map(|it| it.name).collect();
    let first = |line: &str| line.split_whitespace().next().map(str::to_owned);
    let is_name = |line: &&str| first(line).is_some_and(|word| names.contains(&word.as_str()));
    let shown = seen.lines().filter(is_name).count();
    assert_eq!(shown, 20, "{seen}");
    let [_, top] = hands.find("more");
    assert!(top > 0.0 && top < 480.0);
}

/// Counts how often it is asked for something, and interrupted; `wait` waits for an answer.
#[derive(Clone, Default)]
struct Counting {
    evaluations: Rc<Cell<u32>>,
    interrupts: Rc<Cell<u32>>,
}

impl Interpreter for Counting {
    fn evaluate(&mut self, _: &mut World, _: SessionId, text: &str) -> Evaluation {
        self.evaluations.set(self.evaluations.get() + 1);
        Evaluation { is_waiting: text == "wait", ..Evaluation::default() }
    }

    fn watch(&mut self, world: &mut World, session: SessionId, text: &str) -> Evaluation {
        self.evaluate(world, session, text)
    }

    fn is_asking(&mut self, _: &mut World, _: SessionId) -> bool {
        self.interrupts.get() == 0
    }

    fn interrupt(&mut self, _: &mut World, _: SessionId) {
        self.interrupts.set(self.interrupts.get() + 1);
    }

    fn random_state(&mut self, _: &mut World) -> Value {
        Value::None
    }
}

/// What goes on in its session ends when it is closed, however that is done, and with it the lines that
/// wait for it: nobody sees what they come to.
#[test]
fn nothing_goes_on_while_it_is_closed() {
    for key in ["`", "Escape"] {
        let python = Counting { interrupts: Rc::new(Cell::new(1)), ..Counting::default() };
        let mut hands = Hands::with_interpreter(python.clone(), [800, 600]);
        hands.key("`");
        hands.line("watch x");
        hands.line("watch y");
        python.evaluations.set(0);
        (0..3).for_each(|_| hands.tick());
        assert_eq!(python.evaluations.take(), 3, "in each tick");
        hands.key(key);
        (0..3).for_each(|_| hands.tick());
        assert_eq!(python.evaluations.take(), 0, "closed by {key}");
        hands.key("`");
        hands.line("1");
        assert_eq!(python.evaluations.take(), 1, "the session is free again");
    }
}

/// A line that waits for an answer is interrupted when it is closed, once; one that was entered just
/// before is carried out.
#[test]
fn a_question_ends_when_it_is_closed() {
    let python = Counting::default();
    let mut hands = Hands::with_interpreter(python.clone(), [800, 600]);
    hands.key("`");
    hands.line("wait");
    hands.key("`");
    (0..3).for_each(|_| hands.tick());
    assert_eq!(python.interrupts.get(), 1);
    let mut hands = Hands::with_interpreter(python.clone(), [800, 600]);
    hands.key("`");
    python.evaluations.set(0);
    hands.text("1");
    hands.keys(&["Return", "Escape"]);
    assert!(!hands.overlay.is_open());
    assert_eq!(python.evaluations.get(), 1);
}

/// A table has a row of the page for each of its own, in a narrow window too.
#[test]
fn a_table_fits_the_window() {
    let mut hands = Hands::new([560, 480]);
    spawn(&mut hands, "AVeryLongNameOfABall", 100.0, 100.0);
    hands.key("`");
    hands.see();
    hands.line("ps");
    let seen = hands.seen();
    let rows = || seen.lines().skip_while(|line| !line.contains(">>> ps")).skip(1);
    assert!(rows().next().is_some_and(|row| row.trim_end().ends_with("faults")), "{seen}");
    assert!(rows().nth(1).is_some_and(|row| row.trim_end().ends_with('0')), "{seen}");
}
