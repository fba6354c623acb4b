//! The panels over the scene, while the overlay is open or since it was: when there is something new to
//! paint, and a pass of egui.

mod input;

use std::rc::Rc;
use std::time::{Duration, Instant};

use bevy_ecs::world::World;
use egui::{Context, Frame, OutputCommand, Panel, Pos2, RawInput, Rect, ViewportId, vec2};

use super::console::{ConsolePanel, Outcome};
use super::header::{self, Click};
use super::inspector::Inspector;
use super::style;
use crate::alert::Alerts;
use crate::console::editor::{History, Key as Edit};
use crate::console::{Console, Desk, Evaluation, SessionId};
use crate::input::MouseButton;
use crate::platform::egui::fingers::Fingers;
use crate::platform::egui::modifiers::Modifiers;
use crate::platform::egui::paint::{self, View};
use crate::process::SpawnOrder;
use crate::render::{Fit, Painting, Renderer, Surface, Window};

/// The width of a surface that leaves room for 80 letters and the inspector, points: narrower ones
/// are not enlarged by themselves, and show the inspector only when asked.
const COMFORTABLE_WIDTH: f32 = 800.0;
/// Steps of size for one: letters are a whole number of pixels wide at each.
const EIGHTHS: f32 = 8.0;
/// The least and greatest size, in eighths.
const SIZES: std::ops::RangeInclusive<i32> = 5..=32;
/// How often what lives is looked at anew while nothing else happens.
const LIVE: Duration = Duration::from_millis(100);
/// How often egui may ask for one more pass of the same picture.
const MAX_PASSES: usize = 4;

/// The console, the inspector, and egui's memory of them.
pub(super) struct Panels {
    context: Context,
    console: ConsolePanel,
    inspector: Inspector,
    has_inspector: Option<bool>,
    modifiers: Modifiers,
    /// Keys for the console's line, until its session can be reached.
    keys: Vec<Edit>,
    /// For egui's next pass.
    events: Vec<egui::Event>,
    /// Where the mouse is, points.
    mouse: Pos2,
    /// Which mouse buttons went down on the scene and have not come up.
    scene_buttons: Vec<MouseButton>,
    /// Which ones went down on a panel.
    own_buttons: Vec<MouseButton>,
    /// Which fingers went down on a panel.
    own_fingers: Fingers,
    /// What of the surface no panel covers, points.
    scene: Rect,
    fit: Fit,
    /// Pixels for a point.
    scale: f32,
    /// By how many eighths the user wants it larger than it is by itself.
    zoom: i32,
    /// Where in the scene something is to be inspected, px.
    picked: Option<[f64; 2]>,
    /// Text for the clipboard.
    copied: Option<String>,
    is_closing: bool,
    is_stale: bool,
    surface: Option<Surface>,
    next_pass: Option<Instant>,
    last_pass: Option<Instant>,
    start: Option<Instant>,
    /// How many alerts are in the console.
    alerts: u64,
    lines: Vec<String>,
    painting: Rc<Painting>,
    /// The text of the last pass.
    #[cfg(test)]
    pub(super) text: String,
    #[cfg(test)]
    pub(super) places: Vec<(String, Pos2)>,
}

impl Drop for Panels {
    /// What was entered is had again in the next run.
    fn drop(&mut self) {
        // Where it cannot be written down, it is lost, and nothing else.
        let _ = self.console.history_mut().save();
    }
}

impl Panels {
    pub(super) fn new(history: History) -> Self {
        let context = Context::default();
        style::apply(&context);
        Self {
            context,
            console: ConsolePanel::new(history),
            inspector: Inspector::default(),
            has_inspector: None,
            modifiers: Modifiers::default(),
            keys: Vec::new(),
            events: Vec::new(),
            mouse: Pos2::ZERO,
            scene_buttons: Vec::new(),
            own_buttons: Vec::new(),
            own_fingers: Fingers::default(),
            scene: Rect::EVERYTHING,
            fit: Fit::new([1, 1], [1, 1]),
            scale: 1.0,
            zoom: 0,
            picked: None,
            copied: None,
            is_closing: false,
            is_stale: true,
            surface: None,
            next_pass: None,
            last_pass: None,
            start: None,
            alerts: 0,
            lines: Vec::new(),
            painting: Rc::default(),
            #[cfg(test)]
            text: String::new(),
            #[cfg(test)]
            places: Vec::new(),
        }
    }

    /// It opens, while these keys are down.
    pub(super) fn begin(&mut self, modifiers: Modifiers) {
        self.modifiers = modifiers;
        self.is_closing = false;
        self.is_stale = true;
        self.own_buttons.clear();
        self.scene_buttons.clear();
    }

    pub(super) fn modifiers(&self) -> Modifiers {
        self.modifiers
    }

    pub(super) fn refresh(&mut self) {
        self.is_stale = true;
    }

    pub(super) fn show_evaluation(&mut self, evaluation: &Evaluation) {
        self.console.show_evaluation(evaluation);
        self.is_stale = true;
    }

    fn toggle_inspector(&mut self) {
        self.has_inspector = Some(!self.has_inspector.unwrap_or_default());
    }

    fn zoom(&mut self, eighths: i32) {
        self.zoom = (self.zoom + eighths).clamp(-*SIZES.end(), *SIZES.end());
    }

    /// Hands the session what was typed; whether the overlay stays open.
    pub(super) fn poll(&mut self, desk: &mut Desk<'_>, session: SessionId) -> bool {
        if let Some(columns) = self.console.columns() {
            desk.set_columns(session, columns);
        }
        // Before what is typed now is on its way: that is evaluated at once.
        self.is_stale |= self.console.set_prompt(&desk.prompt(session));
        for key in std::mem::take(&mut self.keys) {
            if self.console.press(key, desk, session) == Outcome::Close {
                self.is_closing = true;
            }
        }
        !std::mem::take(&mut self.is_closing)
    }

    /// What is to be seen on this surface now.
    pub(super) fn paint(
        &mut self,
        world: &mut World,
        renderer: &mut Renderer,
        surface: Surface,
        now: Instant,
        session: Option<SessionId>,
    ) -> Rc<Painting> {
        self.take_alerts(world.resource(), session);
        if let Some([x, y]) = self.picked.take() {
            // What is no process has nothing to inspect.
            let found = renderer.pick(world, x, y);
            let found = found.filter(|entity| world.get::<SpawnOrder>(*entity).is_some());
            if let Some(process) = found {
                self.inspector.select(process);
                self.has_inspector = Some(true);
            }
        }
        let is_due = self.next_pass.is_some_and(|time| now >= time);
        if self.is_stale || is_due || self.surface != Some(surface) {
            self.surface = Some(surface);
            let own = self.own_scale(surface);
            let eighths = (own + self.zoom).clamp(*SIZES.start(), *SIZES.end());
            self.zoom = eighths - own;
            #[expect(clippy::cast_precision_loss, reason = "a few eighths")]
            let scale = eighths as f32 / EIGHTHS;
            self.scale = scale;
            self.fit = Fit::new(world.resource::<Window>().size_px(), surface.size_px);
            for _ in 0..MAX_PASSES {
                if !self.pass(world, surface, now) {
                    break;
                }
            }
            self.is_stale = false;
        }
        if let Some(session) = session {
            let mut console = world.resource_mut::<Console>();
            self.lines.drain(..).for_each(|line| console.submit(session, line));
        }
        self.painting.clone()
    }

    /// The size that fits a surface by itself, in eighths.
    #[expect(clippy::cast_possible_truncation, reason = "limited to a few eighths")]
    fn own_scale(&self, surface: Surface) -> i32 {
        #[expect(clippy::cast_precision_loss, reason = "a surface has few thousand pixels")]
        let room = surface.size_px[0] as f32 / COMFORTABLE_WIDTH;
        let wanted = (surface.scale as f32).min(room).max(1.0) * EIGHTHS;
        (wanted.floor() as i32).min(*SIZES.end())
    }

    /// Brings the console up to what was alerted of.
    fn take_alerts(&mut self, alerts: &Alerts, session: Option<SessionId>) {
        let new = alerts.taken() - self.alerts;
        if new == 0 {
            return;
        }
        self.alerts = alerts.taken();
        let kept = alerts.recent().count();
        let new = usize::try_from(new).unwrap_or(kept).min(kept);
        let new = alerts.recent().skip(kept - new);
        // What the user has typed here needs no telling.
        let new = new.filter(|alert| session.is_none() || alert.known_to != session);
        new.for_each(|alert| self.console.alert(alert));
        self.is_stale = true;
    }

    /// One pass of egui; whether it wants another at once.
    fn pass(&mut self, world: &mut World, surface: Surface, now: Instant) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a surface has few thousand pixels")]
        let [width, height] = surface.size_px.map(|side| side as f32 / self.scale);
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(width, height));
        let has_inspector = *self.has_inspector.get_or_insert(width >= COMFORTABLE_WIDTH);
        // To egui time must not go back.
        let now = self.last_pass.map_or(now, |last| now.max(last));
        self.last_pass = Some(now);
        let start = *self.start.get_or_insert(now);
        let mut input = RawInput {
            screen_rect: Some(screen),
            time: Some(now.duration_since(start).as_secs_f64()),
            events: std::mem::take(&mut self.events),
            ..RawInput::default()
        };
        if let Some(viewport) = input.viewports.get_mut(&ViewportId::ROOT) {
            viewport.native_pixels_per_point = Some(self.scale);
        }
        let context = self.context.clone();
        let has_keyboard = !self.has_focus();
        let (mut click, mut scene, mut lines) = (None, screen, Vec::new());
        let output = context.run_ui(input, |ui| {
            let panel = Panel::bottom("console")
                .resizable(true)
                .default_size((height * 0.4).max(style::cells(0, 12).y))
                .size_range(style::cells(0, 4).y + header::HEIGHT..=height)
                .frame(Frame::NONE.fill(style::BACKGROUND));
            panel.show(ui, |ui| {
                ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
                let found = header::show(ui, has_inspector, self.scale);
                click = click.or(found);
                self.console.show(ui, has_keyboard);
            });
            if has_inspector {
                let panel = Panel::right("inspector")
                    .resizable(true)
                    .default_size(380.0_f32.min(width * 0.6))
                    .size_range(160.0..=width)
                    .frame(Frame::NONE.fill(style::BACKGROUND).inner_margin(6.0));
                // Where egui makes a pass twice, the second one counts.
                lines.clear();
                panel.show(ui, |ui| self.inspector.show(ui, world, &mut lines));
            }
            scene = ui.available_rect_before_wrap();
        });
        self.scene = scene;
        self.lines.append(&mut lines);
        self.take_click(click);
        for command in output.platform_output.commands {
            if let OutputCommand::CopyText(text) = command {
                self.copied = Some(text);
            }
        }
        let viewport = output.viewport_output.get(&ViewportId::ROOT);
        let delay = viewport.map_or(Duration::MAX, |viewport| viewport.repaint_delay);
        let delay = if has_inspector { delay.min(LIVE) } else { delay };
        self.next_pass = now.checked_add(delay.max(Duration::from_millis(1)));
        #[cfg(test)]
        {
            self.text = super::tests::text::read(&output.shapes);
            self.places = super::tests::text::places(&output.shapes);
        }
        let primitives = context.tessellate(output.shapes, output.pixels_per_point);
        let painting = Rc::make_mut(&mut self.painting);
        let view = View::whole(surface.size_px, self.scale);
        paint::update(painting, output.textures_delta, &primitives, &view);
        delay.is_zero() || click.is_some()
    }

    fn take_click(&mut self, click: Option<Click>) {
        match click {
            Some(Click::Inspector) => self.toggle_inspector(),
            Some(Click::Zoom(eighths)) => self.zoom(eighths),
            Some(Click::ZoomBack) => self.zoom = 0,
            Some(Click::Clear) => self.console.clear(),
            Some(Click::Close) => self.is_closing = true,
            None => {}
        }
    }
}
