//! What becomes of clicks and keys, and what is seen.

mod containers;
mod images;
mod plots;
mod sizes;

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use egui::Pos2;
use egui::epaint::ClippedShape;

use super::EguiToolkit;
use crate::input::{Input, InputEvent, InputEvents, Key, MouseButton, Touch};
use crate::machine::Machine;
use crate::platform::headless::display::NullDisplay;
use crate::platform::headless::input::ScriptedInput;
use crate::render::{Renderer, Surface};
use crate::ui::tests::{button, launch};
use crate::ui::{FieldKind, Kind, NumberKind, Panel, Panels, Response, Toolkit, WindowKind};

/// A machine with a toolkit that somebody plays with.
struct Play {
    machine: Machine,
    heard: Receiver<String>,
}

/// What a process draws in each step; what it hears goes to the sender.
type Draw = fn(&mut Panel, &Sender<String>);

impl Play {
    /// What is drawn, with the events of the ticks from the third on: until then all is in its place.
    fn new(draw: Draw, ticks: impl IntoIterator<Item = Vec<InputEvent>>) -> Self {
        Self::in_steps(|_| true, draw, ticks)
    }

    /// The same, where nothing is drawn in some steps.
    fn in_steps(
        is_drawn: fn(u64) -> bool,
        draw: Draw,
        ticks: impl IntoIterator<Item = Vec<InputEvent>>,
    ) -> Self {
        let mut machine = Machine::builder().build();
        machine.attach_toolkit(Box::new(EguiToolkit::default()));
        let script = [vec![], vec![]].into_iter().chain(ticks);
        machine.attach_display(Box::new(NullDisplay), Box::new(ScriptedInput::new(script)));
        let (sender, heard) = channel();
        let sender = Mutex::new(sender);
        launch(&mut machine, 0.0, is_drawn, move |panel, _| {
            let sender = sender.lock().expect("nobody panics with it");
            window(panel, |panel| draw(panel, &sender));
            Ok(())
        });
        Self { machine, heard }
    }

    /// Runs, and says what was heard.
    fn run(&mut self, ticks: u64) -> Vec<String> {
        self.machine.run(Some(ticks));
        self.heard.try_iter().collect()
    }

    fn input(&self) -> &Input {
        self.machine.world().resource()
    }
}

/// Draws a window of 300 px at the corner of the scene.
fn window(panel: &mut Panel, draw: impl FnOnce(&mut Panel)) {
    let window = WindowKind {
        title: "Test".to_owned(),
        place: [Some(0.0), Some(0.0)],
        size: [Some(300.0), None],
        is_movable: true,
        is_resizable: false,
        is_closable: false,
        has_title: true,
        has_frame: true,
    };
    let id = panel.name_apart("Test");
    let opened = panel.open(id, Kind::Window(window), true);
    draw(panel);
    panel.close(opened);
}

fn mouse(down: bool, [x, y]: [f64; 2]) -> InputEvent {
    InputEvent::MouseButton { button: MouseButton::Left, down, x, y }
}

fn motion([x, y]: [f64; 2]) -> InputEvent {
    InputEvent::MouseMotion { x, y }
}

fn finger(id: u64, touch: Touch, [x, y]: [f64; 2]) -> InputEvent {
    InputEvent::Finger { id, touch, x, y, pressure: 1.0 }
}

fn key(name: &str, down: bool) -> InputEvent {
    let key = Key::named(name).expect("it is one");
    InputEvent::Key { key, label: name.to_owned(), down, repeat: false }
}

fn text(text: &str) -> InputEvent {
    InputEvent::Text { text: text.to_owned() }
}

/// Where a text is seen, px.
fn place(shapes: &[ClippedShape], wanted: &str) -> Option<Pos2> {
    fn find(shape: &egui::Shape, wanted: &str) -> Option<Pos2> {
        match shape {
            egui::Shape::Vec(shapes) => shapes.iter().find_map(|shape| find(shape, wanted)),
            egui::Shape::Text(text) if text.galley.text() == wanted => {
                Some(text.pos + text.galley.size() / 2.0)
            }
            _ => None,
        }
    }
    shapes.iter().find_map(|clipped| find(&clipped.shape, wanted))
}

/// In the middle of a text of what is drawn.
fn at(draw: Draw, wanted: &str) -> [f64; 2] {
    let mut machine = Play::new(draw, []).machine;
    let mut toolkit = EguiToolkit::default();
    machine.run(Some(2));
    for _ in 0..2 {
        toolkit.take_input(machine.world(), &mut ScriptedInput::default(), &mut Vec::new());
    }
    let place = place(&toolkit.shapes, wanted).expect("it is seen");
    [place.x.into(), place.y.into()]
}

fn fire(panel: &mut Panel, heard: &Sender<String>) {
    if button(panel, "Fire") {
        let _ = heard.send("fire".to_owned());
    }
}

fn checkbox(panel: &mut Panel, heard: &Sender<String>) {
    let id = panel.name("On");
    if let Some(Response::Checked(is_checked)) =
        panel.ask(id).and_then(|answer| answer.take_value())
    {
        let _ = heard.send(is_checked.to_string());
    }
    let kind = Kind::Checkbox { label: "On".to_owned(), is_checked: false };
    panel.add(id, kind, String::new(), true);
}

fn field(panel: &mut Panel, heard: &Sender<String>) {
    let id = panel.name("Name");
    let answer = panel.ask(id).map(|answer| (answer.take_value(), answer.take_submission()));
    let (value, is_submitted) = answer.unwrap_or_default();
    if let Some(Response::Text(text)) = value {
        let _ = heard.send(text);
    }
    if is_submitted {
        let _ = heard.send("(enter)".to_owned());
    }
    let kind = FieldKind {
        label: String::new(),
        text: "hi".to_owned(),
        hint: String::new(),
        is_password: false,
        rows: 1,
        width: None,
    };
    panel.add(id, Kind::Field(kind), String::new(), true);
}

fn slider(panel: &mut Panel, heard: &Sender<String>) {
    let id = panel.name("Speed");
    if let Some(Response::Number(value)) = panel.ask(id).and_then(|answer| answer.take_value()) {
        let _ = heard.send(value.to_string());
    }
    let kind = NumberKind {
        label: "Speed".to_owned(),
        value: 0.0,
        low: 0.0,
        high: 10.0,
        step: 1.0,
        decimals: Some(0),
        unit: String::new(),
        is_logarithmic: false,
    };
    panel.add(id, Kind::Slider(kind), String::new(), true);
}

/// A click on a button is heard once, in the tick of its release, and the world has neither the mouse
/// button nor the way there.
#[test]
fn a_click_is_heard_once() {
    let at = at(fire, "Fire");
    let mut play =
        Play::new(fire, [vec![motion(at)], vec![mouse(true, at)], vec![mouse(false, at)]]);
    assert_eq!(play.run(4), [""; 0]);
    assert!(!play.input().button_is_down("left").unwrap());
    assert_eq!(play.run(1), ["fire"]);
    assert_eq!(play.run(5), [""; 0]);
    assert_eq!([play.input().mouse_x(), play.input().mouse_y()], [0.0, 0.0]);
    assert!(play.machine.world().resource::<Panels>().wants.mouse);
}

/// Two clicks in one tick are two: a button says so in one step after the other.
#[test]
fn two_clicks_in_a_tick_are_two() {
    let at = at(checkbox, "On");
    let twice = vec![mouse(true, at), mouse(false, at), mouse(true, at), mouse(false, at)];
    let thrice = [twice.clone(), vec![mouse(true, at), mouse(false, at)]].concat();
    assert_eq!(Play::new(checkbox, [twice.clone()]).run(8), ["false"]);
    assert_eq!(Play::new(checkbox, [thrice]).run(8), ["true"]);
    assert_eq!(
        Play::new(checkbox, [[twice.clone(), vec![mouse(true, at)]].concat()]).run(8),
        ["false"]
    );
    assert_eq!(Play::new(fire, [twice]).run(8), ["fire", "fire"]);
    // However many there are, those that are told apart and the rest end.
    let many = (0..2000).map(|number| mouse(number % 2 == 0, at)).collect();
    assert_eq!(Play::new(checkbox, [many]).run(8).len(), 1);
}

/// Beside the window the mouse is the world's; what was pressed there is let go of there, wherever the
/// mouse is by then.
#[test]
fn beside_widgets_the_mouse_is_the_worlds() {
    let (inside, outside) = (at(fire, "Fire"), [500.0, 400.0]);
    let ticks = [vec![mouse(true, outside)], vec![motion(inside)], vec![mouse(false, inside)]];
    let mut play = Play::new(fire, ticks);
    play.run(3);
    assert!(play.input().button_is_down("left").unwrap());
    assert!(!play.machine.world().resource::<Panels>().wants.mouse);
    play.run(1);
    assert_eq!(play.input().mouse_x(), inside[0]);
    assert_eq!(play.run(1), [""; 0]);
    assert!(!play.input().button_is_down("left").unwrap());
}

/// A finger belongs to what it came down on until it comes up, wherever it goes: to widgets, also when they
/// are gone by then, or to the world.
#[test]
fn a_finger_stays_with_what_it_touched() {
    let (inside, outside) = (at(fire, "Fire"), [500.0, 400.0]);
    let (own, other) = (7, 8);
    let ticks = [
        vec![finger(own, Touch::Down, inside), finger(other, Touch::Down, outside)],
        vec![finger(own, Touch::Move, outside), finger(other, Touch::Move, inside)],
        vec![finger(own, Touch::Up, outside), finger(other, Touch::Up, inside)],
        vec![finger(own, Touch::Down, outside)],
    ];
    for is_drawn in [|_| true, |step| step < 4] {
        let mut play = Play::in_steps(is_drawn, fire, ticks.clone());
        play.run(2);
        let mut seen = || -> Vec<InputEvent> {
            play.run(1);
            let events = play.machine.world().resource::<InputEvents>().iter();
            events.filter(|event| matches!(event, InputEvent::Finger { .. })).cloned().collect()
        };
        assert_eq!(seen(), [finger(other, Touch::Down, outside)]);
        assert_eq!(seen(), [finger(other, Touch::Move, inside)]);
        assert_eq!(seen(), [finger(other, Touch::Up, inside)]);
        assert_eq!(seen(), [finger(own, Touch::Down, outside)]);
    }
}

/// Keys are the world's until a field is clicked; then they are the field's, with what is typed, until
/// Enter ends it. A key that was held before comes up for the world.
#[test]
fn a_field_has_the_keyboard_while_it_is_edited() {
    let at = at(field, "hi");
    let click = [vec![mouse(true, at)], vec![mouse(false, at)]];
    let typed = [
        vec![key("W", true), text("!")],
        vec![key("W", false), key("D", false)],
        vec![key("Return", true), key("Return", false)],
        vec![key("W", true)],
    ];
    let ticks = [vec![key("D", true)]].into_iter().chain(click).chain(typed);
    let mut play = Play::new(field, ticks);
    play.run(3);
    assert!(play.input().is_down("D").unwrap());
    play.run(2);
    assert!(play.machine.world().resource::<Panels>().wants.keyboard);
    let typed = play.run(1);
    assert_eq!(typed.len(), 1);
    assert!(typed[0].contains("hi") || typed[0].contains('!'), "{typed:?}");
    assert!(!play.input().is_down("W").unwrap());
    play.run(1);
    assert!(!play.input().is_down("D").unwrap());
    assert_eq!(play.run(1), ["(enter)"]);
    play.run(1);
    assert!(play.input().is_down("W").unwrap());
    assert!(!play.machine.world().resource::<Panels>().wants.keyboard);
}

/// What an input method puts together stands in the field until what comes of it takes its place.
#[test]
fn a_field_shows_what_is_put_together() {
    let at = at(field, "hi");
    let composed = |text: &str| InputEvent::Composition {
        text: text.to_owned(),
        cursor: text.chars().count(),
        length: 0,
    };
    let ticks = [
        vec![mouse(true, at)],
        vec![mouse(false, at)],
        vec![key("End", true), key("End", false)],
        vec![composed("ni")],
        vec![composed("nih")],
        vec![text("你")],
        vec![composed("hao"), composed(""), text("好")],
    ];
    let mut play = Play::new(field, ticks);
    play.run(5);
    // What is drawn is "hi" in each step, whatever was typed before.
    assert_eq!([play.run(1), play.run(1)].concat(), ["hini", "hinih"]);
    assert_eq!(play.run(1).len(), 1);
    assert_eq!(play.input().composition(), None);
    let last = play.run(1);
    assert!(last[0].ends_with('好') && !last[0].contains("hao"), "{last:?}");
}

/// A slider follows the mouse, also beside the window, in its own steps.
#[test]
fn a_slider_is_dragged() {
    let mut from = at(slider, "0");
    // Its rail is left of its number, 140 px wide.
    from[0] -= 100.0;
    let to = [from[0] + 400.0, from[1] + 100.0];
    let ticks = [vec![mouse(true, from)], vec![motion(to)], vec![mouse(false, to)]];
    let mut play = Play::new(slider, ticks);
    let heard = play.run(8);
    assert_eq!(heard.last().map(String::as_str), Some("10"), "{heard:?}");
    let numbers: Vec<f64> = heard.iter().map(|text| text.parse().unwrap()).collect();
    assert!(numbers.iter().all(|number| number.fract() == 0.0), "{heard:?}");
}

/// The same is heard, however large the window is that it is shown in, and where it is not shown.
#[test]
fn what_is_heard_does_not_depend_on_the_window() {
    let target = at(slider, "0");
    let hear = |surface: Option<Surface>| {
        let drags = (0..60).map(|x| vec![motion([f64::from(x) * 7.0 - 20.0, target[1]])]);
        let from = [target[0] - 100.0, target[1]];
        let ticks = [vec![mouse(true, from)]].into_iter().chain(drags);
        let mut play = Play::new(slider, ticks);
        let (mut heard, mut is_seen) = (Vec::new(), surface.is_none());
        for _ in 0..66 {
            heard.extend(play.run(1));
            if let Some(surface) = surface {
                let mut renderer = Renderer::new(&mut bevy_ecs::world::World::new());
                let Machine { world, ports, .. } = &mut play.machine;
                is_seen = ports.toolkit.paint(world, &mut renderer, surface).is_some();
            }
        }
        assert!(is_seen);
        heard
    };
    let unseen = hear(None);
    assert!(unseen.len() > 5, "{unseen:?}");
    let surface = |side, scale| Some(Surface { size_px: [side, side], scale });
    assert_eq!(hear(surface(480, 1.0)), unseen);
    assert_eq!(hear(surface(1337, 2.0)), unseen);
}

/// Nothing new is no work: passes are made when something was drawn otherwise, or done.
#[test]
fn what_stays_costs_no_pass() {
    let mut machine = Play::new(fire, []).machine;
    let mut toolkit = EguiToolkit::default();
    let mut look = |machine: &mut Machine| {
        machine.run(Some(1));
        toolkit.take_input(machine.world(), &mut ScriptedInput::default(), &mut Vec::new());
        toolkit.passes
    };
    (0..10).for_each(|_| {
        look(&mut machine);
    });
    let before = look(&mut machine);
    (0..50).for_each(|_| {
        look(&mut machine);
    });
    assert_eq!(look(&mut machine), before);
}

/// A key that changes others does so for as long as it is held, tick after tick.
#[test]
fn ctrl_is_held_over_ticks() {
    let at = at(field, "hi");
    let ticks = [
        vec![mouse(true, at)],
        vec![mouse(false, at)],
        vec![key("Left Ctrl", true)],
        vec![],
        vec![key("A", true), key("A", false)],
        vec![key("Left Ctrl", false)],
        vec![key("Backspace", true)],
    ];
    assert_eq!(Play::new(field, ticks).run(10), [""]);
}
