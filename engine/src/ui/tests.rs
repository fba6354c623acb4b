//! What processes draw, and what they hear of it.

mod limits;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{Kind, Panel, Panels, Response, WidgetId, panel};
use crate::alert::{Alerts, Level};
use crate::clock::Now;
use crate::input::InputEvent;
use crate::machine::Machine;
use crate::platform::headless::display::NullDisplay;
use crate::platform::headless::input::ScriptedInput;
use crate::process::{self, Behaviour, Interval, NewProcess, Next, Step, StepError};
use crate::ui::{ButtonKind, MAX_NODES, Toolkit};

/// What a process draws in a step, and how the step ends.
type Draw = Box<dyn FnMut(&mut Panel, u64) -> Result<(), StepError> + Send + Sync>;

/// A process that draws in some of its steps.
pub(crate) struct Drawing {
    steps: u64,
    /// Whether it draws in a step.
    is_drawn: fn(u64) -> bool,
    draw: Draw,
}

impl Behaviour for Drawing {
    fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        self.steps += 1;
        if !(self.is_drawn)(self.steps) {
            return Ok(Next::Interval);
        }
        let panel = panel(step.world, step.process, self.steps).expect("it is a process");
        (self.draw)(panel, self.steps).map(|()| Next::Interval)
    }
}

/// Launches a process that draws.
pub(crate) fn launch(
    machine: &mut Machine,
    interval: f64,
    is_drawn: fn(u64) -> bool,
    draw: impl FnMut(&mut Panel, u64) -> Result<(), StepError> + Send + Sync + 'static,
) -> Entity {
    let interval = Interval::from_secs(interval).expect("it is valid");
    let new = NewProcess { interval, ..NewProcess::of("Drawing") };
    let process = process::spawn(machine.world_mut(), &new).expect("there is room");
    let drawing = Drawing { steps: 0, is_drawn, draw: Box::new(draw) };
    process::launch(machine.world_mut(), process, Box::new(drawing));
    process
}

/// Draws a button; whether it was clicked.
pub(crate) fn button(panel: &mut Panel, label: &str) -> bool {
    let id = panel.name(label);
    let was_clicked = panel.ask(id).is_some_and(|answer| answer.take_click());
    let kind = ButtonKind {
        label: label.to_owned(),
        is_selected: false,
        image: None,
        size: [None; 2],
        has_frame: true,
    };
    panel.add(id, Kind::Button(kind), String::new(), true);
    was_clicked
}

/// The labels of the buttons of each panel.
fn seen(machine: &Machine) -> Vec<Vec<&str>> {
    fn label(kind: &Kind) -> Option<&str> {
        match kind {
            Kind::Button(button) => Some(&button.label),
            _ => None,
        }
    }
    let panels = machine.world().resource::<Panels>().iter();
    panels
        .map(|panel| panel.tree().nodes.iter().filter_map(|node| label(&node.kind)).collect())
        .collect()
}

/// A widget in the process's own window.
fn own(process: &str, label: &str) -> WidgetId {
    WidgetId::ROOT.child(process).child(label)
}

fn clicked(label: &str) -> InputEvent {
    let (process, widget) = ("Drawing".to_owned(), own("Drawing", label));
    InputEvent::Widget { process, widget, response: Response::Clicked }
}

/// What is drawn stays as long as its process does not step; a step that draws nothing takes it away.
#[test]
fn a_panel_stays_until_the_next_step() {
    let mut machine = Machine::builder().hz(10).build();
    launch(
        &mut machine,
        0.5,
        |step| step == 1,
        |panel, _| {
            button(panel, "Fire");
            Ok(())
        },
    );
    machine.run(Some(5));
    assert_eq!(seen(&machine), [["Fire"]]);
    machine.run(Some(5));
    assert!(seen(&machine).is_empty());
}

/// The end of a process takes its panel along; a pause leaves it.
#[test]
fn a_panel_goes_with_its_process() {
    let mut machine = Machine::builder().build();
    let process = launch(
        &mut machine,
        0.0,
        |_| true,
        |panel, _| {
            button(panel, "Fire");
            Ok(())
        },
    );
    machine.run(Some(2));
    process::pause(machine.world_mut(), process);
    machine.run(Some(3));
    assert_eq!(seen(&machine), [["Fire"]]);
    process::delete(machine.world_mut(), process);
    machine.run(Some(1));
    assert!(seen(&machine).is_empty());
}

/// Of a step that fails, what was complete is seen, its containers closed.
#[test]
fn a_step_that_fails_leaves_what_was_complete() {
    let mut machine = Machine::builder().build();
    launch(
        &mut machine,
        0.0,
        |_| true,
        |panel, _| {
            let id = panel.name("row");
            panel.open(id, Kind::Row { is_from_right: false }, false);
            button(panel, "Fire");
            Err(StepError::fault("broken"))
        },
    );
    machine.run(Some(3));
    assert_eq!(seen(&machine), [["Fire"]]);
    let panels = machine.world().resource::<Panels>();
    let ends: Vec<_> =
        panels.iter().flat_map(|panel| &panel.tree().nodes).map(|node| node.end).collect();
    assert_eq!(ends, [3, 3, 3]);
}

/// Clicks wait for a process that steps seldom, one for each step, and no more than a few; what was
/// clicked is not told of another widget.
#[test]
fn clicks_wait_for_the_step() {
    let mut machine = Machine::builder().hz(10).build();
    let script = [vec![clicked("Fire"), clicked("Fire")], vec![], vec![clicked("Gone")]];
    // The first tick has nothing to click yet.
    let script = std::iter::once(vec![]).chain(script);
    machine.attach_display(Box::new(NullDisplay), Box::new(ScriptedInput::new(script)));
    let (sender, receiver) = std::sync::mpsc::channel();
    let sender = std::sync::Mutex::new(sender);
    launch(
        &mut machine,
        0.2,
        |_| true,
        move |panel, _| {
            let (fire, stop) = (button(panel, "Fire"), button(panel, "Stop"));
            let _ = sender.lock().map(|sender| sender.send((fire, stop)));
            Ok(())
        },
    );
    machine.run(Some(8));
    let fired: Vec<_> = receiver.try_iter().collect();
    assert_eq!(fired, [(false, false), (true, false), (true, false), (false, false)]);
}

/// A thousand clicks are no more than a few.
#[test]
fn clicks_are_bounded() {
    let mut answer = super::Answer::default();
    (0..1000).for_each(|_| answer.take_in(Response::Clicked));
    assert_eq!((0..1000).filter(|_| answer.take_click()).count(), 16);
}

/// Of several values the newest is told, once.
#[test]
fn the_newest_value_counts() {
    let mut answer = super::Answer::default();
    answer.take_in(Response::Number(1.0));
    answer.take_in(Response::Number(2.0));
    assert_eq!(answer.take_value(), Some(Response::Number(2.0)));
    assert_eq!(answer.take_value(), None);
}

/// Too much is not shown, and one alert says whose it is, however often it is drawn.
#[test]
fn too_much_is_told_once() {
    let mut machine = Machine::builder().build();
    launch(
        &mut machine,
        0.0,
        |_| true,
        |panel, _| {
            (0..MAX_NODES + 10).for_each(|_| {
                button(panel, "Fire");
            });
            Ok(())
        },
    );
    machine.run(Some(3));
    let count: usize = seen(&machine).iter().map(Vec::len).sum();
    assert_eq!(count, MAX_NODES - 1);
    let alerts = machine.world().resource::<Alerts>();
    let told: Vec<_> = alerts.recent().filter(|alert| alert.level == Level::Error).collect();
    assert_eq!(told.len(), 1);
    let text = told[0].to_string();
    assert!(text.contains("Drawing") && text.contains("draws more than 20,000 widgets"), "{text}");
}

/// What is in a window is called after it, so that the same label elsewhere is another widget; a row
/// is no part of a name.
#[test]
fn names_are_paths_of_labels() {
    let mut machine = Machine::builder().build();
    launch(
        &mut machine,
        0.0,
        |_| true,
        |panel, _| {
            button(panel, "Fire");
            let id = panel.name("row");
            let row = panel.open(id, Kind::Row { is_from_right: false }, false);
            button(panel, "Fire");
            panel.close(row);
            let id = panel.name("More");
            let more =
                panel.open(id, Kind::Collapsing { label: "More".into(), is_open: true }, true);
            button(panel, "Fire");
            panel.close(more);
            Ok(())
        },
    );
    machine.run(Some(2));
    let panels = machine.world().resource::<Panels>();
    let nodes = panels.iter().flat_map(|panel| &panel.tree().nodes);
    let ids: Vec<_> =
        nodes.filter(|node| matches!(node.kind, Kind::Button(_))).map(|node| node.id).collect();
    let first = own("Drawing", "Fire");
    assert_eq!(ids[0], first);
    assert_eq!(ids[2], own("Drawing", "More").child("Fire"));
    assert!(ids[1] != ids[0] && ids[1] != ids[2]);
}

/// A toolkit gets its turn in the input phase, before the world: what it makes of events is an event of
/// the same tick.
#[test]
fn a_toolkit_makes_events() {
    struct Clicker;
    impl Toolkit for Clicker {
        fn take_input(
            &mut self,
            world: &World,
            _source: &mut dyn crate::input::InputSource,
            events: &mut Vec<InputEvent>,
        ) {
            if world.resource::<Now>().tick == 2 {
                events.push(clicked("Fire"));
            }
        }
    }
    let mut machine = Machine::builder().build();
    machine.attach_toolkit(Box::new(Clicker));
    let (sender, receiver) = std::sync::mpsc::channel();
    let sender = std::sync::Mutex::new(sender);
    launch(
        &mut machine,
        0.0,
        |_| true,
        move |panel, step| {
            if button(panel, "Fire") {
                let _ = sender.lock().map(|sender| sender.send(step));
            }
            Ok(())
        },
    );
    machine.run(Some(4));
    assert_eq!(receiver.try_iter().collect::<Vec<_>>(), [2]);
}
