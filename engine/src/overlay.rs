//! The console and the inspector over the picture, painted by egui.
//!
//! The key left of `1` opens and closes it, whatever is printed there, and Escape closes it. While it
//! is open it takes the keyboard, and what the mouse does on its panels; all else is the world's. A
//! click with the right button on something in the scene inspects it.
//!
//! It is a front end of the console with a session of its own, and a [`Foreground`] of the display.
//! Input is taken in the input phase; egui's pass runs in the render phase, and only when there is
//! something new to see. While it is closed it costs a look at each event, and before it is first
//! opened it has nothing: what goes on in its session when it is closed is ended, as Ctrl-C ends it.

mod console;
mod header;
mod ink;
mod inspector;
mod keyboard;
mod panels;
mod row;
mod scrollback;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use bevy_ecs::world::World;

use crate::console::editor::History;
use crate::console::{Desk, Evaluation, FrontEnd, Role, SessionId, Sessions};
use crate::input::{Input, InputEvent, InputSource, Key};
use crate::platform::egui::modifiers::Modifiers;
use crate::platform::egui::style;
use crate::render::{Foreground, Painting, Renderer, Surface};

pub use inspector::Inspector;

use panels::Panels;

/// The USB scancode of the key left of `1`.
const TOGGLE: u16 = 53;

/// The overlay of a window, as the machine's ports share it.
#[derive(Clone, Default)]
pub struct Overlay(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    is_open: bool,
    /// Whether something may go on in its session that is to be ended, as it was closed.
    has_work: bool,
    /// Whether typed text was asked for.
    has_text: bool,
    /// Whether the text of the key that opened or closed it is still to come.
    drops_text: bool,
    /// What was entered in earlier runs of the program, until the first opening.
    history: History,
    session: Option<SessionId>,
    /// Made when it is first opened.
    panels: Option<Box<Panels>>,
}

impl Overlay {
    /// A closed one, in which what was entered before can be had again.
    pub fn new(history: History) -> Self {
        Self(Rc::new(RefCell::new(State { history, ..State::default() })))
    }

    /// Opens it, as its key does.
    pub fn open(&self, world: &World) {
        self.0.borrow_mut().open(world);
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.0.borrow().is_open
    }
}

impl State {
    fn open(&mut self, world: &World) {
        let sessions = world.resource::<Sessions>();
        self.session = self.session.filter(|session| sessions.get(*session).is_some());
        let history = &mut self.history;
        let panels =
            self.panels.get_or_insert_with(|| Box::new(Panels::new(std::mem::take(history))));
        panels.begin(Modifiers::among(world.resource::<Input>().keys_down()));
        self.is_open = true;
    }

    fn take_input(
        &mut self,
        world: &World,
        source: &mut dyn InputSource,
        events: &mut Vec<InputEvent>,
    ) {
        let is_toggle = |event: &InputEvent| matches!(event, InputEvent::Key { key, .. } if key.scancode() == TOGGLE);
        // A line may have closed it.
        self.ask_for_text(source);
        if self.is_open || self.drops_text || events.iter().any(is_toggle) {
            self.sort(world, source, events);
            self.ask_for_text(source);
        }
    }

    /// Typed text is wanted while it is open.
    fn ask_for_text(&mut self, source: &mut dyn InputSource) {
        if self.has_text != self.is_open {
            source.ask_for_text(self.is_open);
            self.has_text = self.is_open;
        }
    }

    /// Leaves those events that are the world's.
    fn sort(&mut self, world: &World, source: &mut dyn InputSource, events: &mut Vec<InputEvent>) {
        let mut modifiers = Modifiers::among(world.resource::<Input>().keys_down());
        for event in std::mem::take(events) {
            if let InputEvent::Key { key, down, .. } = &event {
                modifiers.set(*key, *down);
            }
            let modifiers = match &self.panels {
                Some(panels) if self.is_open => panels.modifiers(),
                _ => modifiers,
            };
            match event {
                InputEvent::Key { key, down, repeat, .. }
                    if key.scancode() == TOGGLE && modifiers.is_none() =>
                {
                    self.drops_text |= down;
                    match self.is_open {
                        _ if !down || repeat => {}
                        true => self.is_open = false,
                        false => {
                            self.open(world);
                            events.extend(releases(world, events));
                        }
                    }
                }
                InputEvent::Text { .. } if std::mem::take(&mut self.drops_text) => {}
                event => {
                    self.drops_text &= !matches!(event, InputEvent::Key { down: true, .. });
                    let panels = self.panels.as_mut().filter(|_| self.is_open);
                    match panels {
                        Some(panels) => events.extend(panels.take(event, source)),
                        None => events.push(event),
                    }
                }
            }
        }
        // Where no text was asked for, the key's own can only have come with it.
        self.drops_text &= self.has_text;
        if let Some(panels) = &mut self.panels {
            panels.exchange(source);
        }
    }

    fn poll(&mut self, desk: &mut Desk<'_>) {
        self.attend(desk);
        if let Some(session) = self.session.filter(|_| !self.is_open && self.has_work) {
            self.has_work = !desk.give_up(session);
        }
    }

    /// Hands the session what was typed, while it is open.
    fn attend(&mut self, desk: &mut Desk<'_>) {
        let Some(panels) = self.panels.as_mut().filter(|_| self.is_open) else { return };
        self.has_work = true;
        if self.session.is_some_and(|session| !desk.is_open(session)) {
            // It was quit.
            self.session = None;
            self.is_open = false;
            return;
        }
        let session = *self.session.get_or_insert_with(|| {
            let session = desk.open("window", Role::Exec);
            desk.set_live(session, true);
            session
        });
        self.is_open = panels.poll(desk, session);
    }
}

/// The release of every key that the world takes for held: from now on it hears of none.
fn releases(world: &World, events: &[InputEvent]) -> Vec<InputEvent> {
    let pressed = events.iter().filter_map(|event| match event {
        InputEvent::Key { key, down: true, .. } => Some(*key),
        _ => None,
    });
    let held = world.resource::<Input>().keys_down().chain(pressed);
    let release = |key: Key| InputEvent::Key {
        key,
        label: key.name().to_owned(),
        down: false,
        repeat: false,
    };
    held.map(release).collect()
}

impl FrontEnd for Overlay {
    fn poll(&mut self, desk: &mut Desk<'_>) {
        self.0.borrow_mut().poll(desk);
    }

    fn show(&mut self, session: SessionId, _: &str, evaluation: &Evaluation) {
        let state = &mut *self.0.borrow_mut();
        if let Some(panels) = state.panels.as_mut().filter(|_| state.session == Some(session)) {
            panels.show_evaluation(evaluation);
        }
    }
}

impl Foreground for Overlay {
    fn take_input(
        &mut self,
        world: &World,
        source: &mut dyn InputSource,
        events: &mut Vec<InputEvent>,
    ) {
        self.0.borrow_mut().take_input(world, source, events);
    }

    fn paint(
        &mut self,
        world: &mut World,
        renderer: &mut Renderer,
        surface: Surface,
        now: Instant,
    ) -> Option<Rc<Painting>> {
        let state = &mut *self.0.borrow_mut();
        let panels = state.panels.as_mut().filter(|_| state.is_open)?;
        Some(panels.paint(world, renderer, surface, now, state.session))
    }

    fn refresh(&mut self) {
        if let Some(panels) = &mut self.0.borrow_mut().panels {
            panels.refresh();
        }
    }
}

impl std::fmt::Debug for Overlay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Overlay {{ is_open: {} }}", self.is_open())
    }
}
