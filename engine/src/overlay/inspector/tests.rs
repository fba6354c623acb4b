//! The inspector as a user has it: what is painted is read, and clicked and typed at.

mod edit;
mod panels;
mod table;

use bevy_ecs::entity::Entity;
use egui::{
    Context, Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, Shape, Vec2, vec2,
};

use super::Inspector;
use crate::console::{Console, SessionId};
use crate::machine::Machine;
use crate::motion::Transform;
use crate::overlay::style;
use crate::process::{self, Behaviour, Names, NewProcess, Next, Step, StepError};

/// Does nothing in its steps.
struct Idle;

impl Behaviour for Idle {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }
}

/// A machine, and its inspector in a window that nobody sees.
struct Desk {
    machine: Machine,
    context: Context,
    inspector: Inspector,
    size: Vec2,
    secs: f64,
    /// The lines that the inspector has given.
    lines: Vec<String>,
    /// Whether egui draws each frame once more, as it does when something finds its size.
    draws_twice: bool,
}

/// A piece of text on the screen.
#[derive(Clone, Debug)]
struct Painted {
    text: String,
    place: Rect,
}

impl Desk {
    /// One with these processes; those with a `B` at the beginning have a place.
    fn new(names: &[&str]) -> Self {
        let mut machine = Machine::builder().build();
        for name in names {
            let world = machine.world_mut();
            let class = if name.starts_with('B') { "pong.Ball" } else { "pong.Other" };
            let new = NewProcess { name: Some(name), ..NewProcess::of(class) };
            let process = process::spawn(world, &new).unwrap();
            if name.starts_with('B') {
                world.entity_mut(process).insert(Transform::default());
            }
            process::launch(world, process, Box::new(Idle));
        }
        machine.run(Some(2));
        Self::of(machine)
    }

    fn of(machine: Machine) -> Self {
        let context = Context::default();
        style::apply(&context);
        let size = vec2(380.0, 900.0);
        Self {
            machine,
            context,
            inspector: Inspector::default(),
            size,
            secs: 0.0,
            lines: Vec::new(),
            draws_twice: false,
        }
    }

    /// Draws one frame after these events; what can be seen of its texts.
    fn frame(&mut self, events: Vec<Event>) -> Vec<Painted> {
        self.secs += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            time: Some(self.secs),
            events,
            ..RawInput::default()
        };
        let Self { context, machine, inspector, .. } = self;
        let mut lines = Vec::new();
        let draws_twice = self.draws_twice;
        let mut output = context.run_ui(input, |ui| {
            lines.clear();
            inspector.show(ui, machine.world_mut(), &mut lines);
            if draws_twice && ui.ctx().current_pass_index() == 0 {
                ui.ctx().request_discard("a test wants it");
            }
        });
        self.lines.append(&mut lines);
        // Nobody paints them.
        output.textures_delta.clear();
        let mut painted = Vec::new();
        for clipped in output.shapes {
            texts(&clipped.shape, clipped.clip_rect, &mut painted);
        }
        painted
    }

    /// Draws frames until nothing moves any more.
    fn settle(&mut self) -> Vec<Painted> {
        self.secs += 1.0;
        (0..4).for_each(|_| drop(self.frame(Vec::new())));
        self.frame(Vec::new())
    }

    fn select(&mut self, name: &str) {
        let process = self.entity(name);
        self.inspector.select(process);
    }

    fn entity(&self, name: &str) -> Entity {
        self.machine.world().resource::<Names>().get(name).unwrap()
    }

    /// Where the first text is that reads so.
    #[track_caller]
    fn find(&mut self, text: &str) -> Rect {
        let painted = self.settle();
        let found = painted.iter().find(|it| it.text == text);
        found.unwrap_or_else(|| panic!("no `{text}` among {:?}", words(&painted))).place
    }

    /// Where the value beside a name is.
    #[track_caller]
    fn beside(&mut self, name: &str) -> Rect {
        let label = self.find(name);
        let painted = self.settle();
        let in_row = |it: &&Painted| {
            it.place.left() > label.right()
                && (it.place.center().y - label.center().y).abs() < label.height() / 2.0
        };
        let first = painted
            .iter()
            .filter(in_row)
            .min_by(|one, other| one.place.left().total_cmp(&other.place.left()));
        first.unwrap_or_else(|| panic!("nothing beside `{name}`")).place
    }

    #[track_caller]
    fn click(&mut self, text: &str) {
        let at = self.find(text).center();
        self.click_at(at);
    }

    fn click_at(&mut self, at: Pos2) {
        self.frame(vec![Event::PointerMoved(at)]);
        self.frame(vec![button(at, true)]);
        self.frame(vec![button(at, false)]);
        self.frame(Vec::new());
    }

    fn key(&mut self, key: Key) {
        self.chord(Modifiers::NONE, key);
    }

    fn chord(&mut self, modifiers: Modifiers, key: Key) {
        let event =
            |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.frame(vec![event(true), event(false)]);
        self.frame(Vec::new());
    }

    /// Types a text in the place of the one that has the keyboard.
    fn write(&mut self, text: &str) {
        self.chord(Modifiers::COMMAND, Key::A);
        self.frame(vec![Event::Text(text.to_owned())]);
    }

    /// Has the machine carry out the lines that the inspector gave.
    fn submit(&mut self) -> Vec<String> {
        let lines = std::mem::take(&mut self.lines);
        for line in &lines {
            let mut console = self.machine.world_mut().resource_mut::<Console>();
            console.submit(SessionId::LOCAL, line.clone());
        }
        self.machine.turn();
        assert_eq!(self.machine.world().resource::<Console>().failures(), 0, "{lines:?}");
        lines
    }
}

fn button(at: Pos2, pressed: bool) -> Event {
    let modifiers = Modifiers::NONE;
    Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers }
}

/// The texts in a shape that are not all cut off.
fn texts(shape: &Shape, clip: Rect, into: &mut Vec<Painted>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| texts(shape, clip, into)),
        Shape::Text(text) => {
            let place = text.galley.mesh_bounds.translate(text.pos.to_vec2());
            if clip.intersect(place).is_positive() && !text.galley.text().is_empty() {
                into.push(Painted { text: text.galley.text().to_owned(), place });
            }
        }
        _ => {}
    }
}

fn words(painted: &[Painted]) -> Vec<&str> {
    painted.iter().map(|it| it.text.as_str()).collect()
}
