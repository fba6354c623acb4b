//! A machine with an overlay, somebody at its keyboard and mouse, and somebody who looks.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::console::Interpreter;
use crate::input::{Input, InputEvent, InputSource, Key, MouseButton};
use crate::machine::{Machine, MachineBuilder};
use crate::overlay::Overlay;
use crate::render::{Painting, Surface, Window};

/// What happens next at the keyboard, and what it was told.
#[derive(Default)]
pub(super) struct Devices {
    events: Vec<InputEvent>,
    pub(super) clipboard: Option<String>,
    asks_for_text: bool,
}

struct Source(Rc<RefCell<Devices>>);

impl InputSource for Source {
    fn poll(&mut self, into: &mut Vec<InputEvent>) {
        into.append(&mut self.0.borrow_mut().events);
    }

    fn ask_for_text(&mut self, wanted: bool) {
        self.0.borrow_mut().asks_for_text = wanted;
    }

    fn clipboard(&mut self) -> Option<String> {
        self.0.borrow().clipboard.clone()
    }

    fn set_clipboard(&mut self, text: &str) {
        self.0.borrow_mut().clipboard = Some(text.to_owned());
    }
}

pub(super) struct Hands {
    pub(super) machine: Machine,
    pub(super) overlay: Overlay,
    pub(super) devices: Rc<RefCell<Devices>>,
    now: Instant,
    surface: Option<Surface>,
}

impl Hands {
    /// In a window of that size.
    pub(super) fn new(size: [u32; 2]) -> Self {
        Self::with_scale(size, 1.0)
    }

    /// In a window of that size on a screen that is so much finer than an ordinary one.
    pub(super) fn with_scale(size: [u32; 2], scale: f64) -> Self {
        Self::of(Machine::builder(), size, scale)
    }

    /// In a window of that size before a machine that understands Python so.
    pub(super) fn with_interpreter(
        interpreter: impl Interpreter + 'static,
        size: [u32; 2],
    ) -> Self {
        Self::of(Machine::builder().interpreter(interpreter), size, 1.0)
    }

    /// Before the machine that is built so.
    pub(super) fn of(builder: MachineBuilder, [width, height]: [u32; 2], scale: f64) -> Self {
        let devices: Rc<RefCell<Devices>> = Rc::default();
        let overlay = Overlay::default();
        let mut machine = builder.front_end(overlay.clone()).build();
        machine.world_mut().insert_resource(Window { width, height, ..Window::default() });
        #[cfg(feature = "sdl")]
        let display = Box::new(crate::platform::sdl::OffscreenDisplay::with_scale(scale));
        #[cfg(not(feature = "sdl"))]
        let _ = scale;
        #[cfg(not(feature = "sdl"))]
        let display = Box::new(crate::platform::headless::display::NullDisplay);
        machine.attach_display(display, Box::new(Source(devices.clone())));
        machine.attach_foreground(Box::new(overlay.clone()));
        Self { machine, overlay, devices, now: Instant::now(), surface: None }
    }

    /// On another surface from now on.
    pub(super) fn surface(&mut self, size_px: [u32; 2], scale: f64) {
        self.surface = Some(Surface { size_px, scale });
    }

    /// A tick in which nothing happens.
    pub(super) fn tick(&mut self) {
        self.act(Vec::new());
    }

    /// A tick in which this happens.
    pub(super) fn act(&mut self, events: Vec<InputEvent>) {
        self.devices.borrow_mut().events = events;
        self.machine.turn();
    }

    /// Presses and releases keys, all of them together.
    pub(super) fn keys(&mut self, names: &[&str]) {
        let down = names.iter().map(|name| key(name, true));
        let up = names.iter().rev().map(|name| key(name, false));
        self.act(down.chain(up).collect());
    }

    pub(super) fn key(&mut self, name: &str) {
        self.keys(&[name]);
    }

    /// Presses a key and holds it.
    pub(super) fn press(&mut self, name: &str) {
        self.act(vec![key(name, true)]);
    }

    /// Presses a key that makes text.
    pub(super) fn type_key(&mut self, name: &str, text: &str) {
        self.act(vec![
            key(name, true),
            InputEvent::Text { text: text.to_owned() },
            key(name, false),
        ]);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.act(vec![InputEvent::Text { text: text.to_owned() }]);
    }

    /// Types a line and enters it.
    pub(super) fn line(&mut self, text: &str) {
        self.text(text);
        self.key("Return");
    }

    pub(super) fn mouse(&mut self, button: MouseButton, down: bool, x: f64, y: f64) {
        self.act(vec![InputEvent::MouseButton { button, down, x, y }]);
        self.see();
    }

    pub(super) fn click(&mut self, button: MouseButton, x: f64, y: f64) {
        self.mouse(button, true, x, y);
        self.mouse(button, false, x, y);
    }

    /// Where a text stands on the surface, px at ordinary size.
    pub(super) fn find(&mut self, text: &str) -> [f64; 2] {
        let state = self.overlay.0.borrow();
        let panels = state.panels.as_ref().expect("it was opened");
        let found = panels.places.iter().find(|(seen, _)| seen.contains(text));
        let (_, at) = found.unwrap_or_else(|| panic!("no {text:?} in {}", panels.text));
        [at.x.into(), at.y.into()]
    }

    pub(super) fn input(&self) -> &Input {
        self.machine.world().resource()
    }

    pub(super) fn asks_for_text(&self) -> bool {
        self.devices.borrow().asks_for_text
    }

    /// What is painted over the scene now; a tenth of a second has gone by since the last look.
    pub(super) fn see(&mut self) -> Option<Rc<Painting>> {
        self.now += Duration::from_millis(100);
        let Some(surface) = self.surface else {
            return self.machine.paint_over(self.now)[1].take();
        };
        let Machine { world, renderer, ports, .. } = &mut self.machine;
        ports.foreground.paint(world, renderer, surface, self.now)
    }

    /// The text that is seen over the scene.
    pub(super) fn seen(&mut self) -> String {
        self.see();
        let state = self.overlay.0.borrow();
        state.panels.as_ref().map_or(String::new(), |panels| panels.text.clone())
    }
}

fn key(name: &str, down: bool) -> InputEvent {
    let key = Key::named(name).unwrap();
    InputEvent::Key { key, label: name.to_owned(), down, repeat: false }
}
