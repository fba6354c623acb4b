//! Widgets through egui, and what its other user, the overlay, shares with it.
//!
//! egui's passes run in the input phase, in scene px and in simulation time, whether somebody looks or
//! not: what becomes of a click depends on the tick's events and on what processes have drawn, and on
//! nothing else. What a pass leaves is printed in the render phase at the surface's own scale, so that it is
//! crisp.

pub(crate) mod events;
pub(crate) mod fingers;
mod hands;
pub(crate) mod modifiers;
pub(crate) mod paint;
mod press;
mod show;
pub(crate) mod style;
#[cfg(test)]
mod tests;

use std::rc::Rc;
use std::time::Duration;

use bevy_ecs::world::World;
use egui::epaint::ClippedShape;
use egui::{Context, OutputCommand, Pos2, RawInput, Rect, Ui, ViewportId, vec2};

use crate::clock::Now;
use crate::input::{Input, InputEvent, InputSource};
use crate::render::{Fit, ImageFolder, ImageId, Painting, Renderer, Surface, Window};
use crate::ui::{Panels, Theme, Toolkit, Wants};
use hands::Hands;
use modifiers::Modifiers;
use paint::View;
use press::Press;
use show::{Images, Show, Told};

/// The number of the first texture of widgets: those of the overlay come before.
const FIRST_TEXTURE: u64 = 1 << 32;
/// How many passes there may be in a tick after all that the user did, if egui asks for more.
const MAX_PASSES: usize = 4;
/// How many releases of a button have a pass each in a tick; of those beyond, more than hands can do, one
/// pass has all.
const MAX_RELEASES: usize = 64;

/// Widgets through egui.
pub struct EguiToolkit {
    context: Context,
    hands: Hands,
    images: Images,
    theme: Option<Theme>,
    /// The panels that were shown last, as they number their changes.
    revision: Option<u64>,
    size_px: [u32; 2],
    /// When egui wants a pass without anything new, seconds of simulation time.
    next_pass: f64,
    wants: Wants,
    has_text: bool,
    /// Where text is typed now, if that is news: of the scene's px.
    text_area: Option<[f64; 4]>,
    /// What the last pass left, and how many there were.
    shapes: Vec<ClippedShape>,
    passes: u64,
    press: Press,
    printed: Option<Printed>,
    painting: Rc<Painting>,
}

/// What a painting was printed for.
#[derive(Clone, Debug, PartialEq)]
struct Printed {
    passes: u64,
    surface: Surface,
    scene: [u32; 2],
    images: Vec<(u64, bool)>,
}

impl Default for EguiToolkit {
    fn default() -> Self {
        let context = Context::default();
        // A pass that egui wants to make anew is made here: none is without its events.
        context.options_mut(|options| options.max_passes = std::num::NonZeroUsize::MIN);
        Self {
            context,
            hands: Hands::default(),
            images: Images::default(),
            theme: None,
            revision: None,
            size_px: [0; 2],
            next_pass: f64::INFINITY,
            wants: Wants::default(),
            has_text: false,
            text_area: None,
            shapes: Vec::new(),
            passes: 0,
            press: Press::default(),
            printed: None,
            painting: Rc::default(),
        }
    }
}

impl EguiToolkit {
    /// Makes passes until there is nothing left to do in this tick; what the user has done becomes
    /// events.
    fn pass(&mut self, world: &World, events: &mut Vec<InputEvent>) {
        let panels = world.resource::<Panels>();
        let now = world.resource::<Now>().time().as_secs();
        if self.theme != Some(panels.theme) {
            self.theme = Some(panels.theme);
            style::apply_to_widgets(&self.context, panels.theme);
        }
        let mut told = Told::default();
        let mut asked = 0;
        for number in 0.. {
            #[expect(clippy::cast_precision_loss, reason = "a scene has few thousand pixels")]
            let [width, height] = self.size_px.map(|side| side as f32);
            let mut input = RawInput {
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(width, height))),
                time: Some(now),
                events: self.hands.next_events(number < MAX_RELEASES),
                ..RawInput::default()
            };
            if let Some(viewport) = input.viewports.get_mut(&ViewportId::ROOT) {
                viewport.native_pixels_per_point = Some(1.0);
            }
            let (context, hands, images) =
                (self.context.clone(), &mut self.hands, &mut self.images);
            hands.has_scene_menu = false;
            images.begin();
            let mut output = context.run_ui(input, |ui: &mut Ui| {
                for panel in panels.iter() {
                    Show::new(panel, &mut told, images, hands).all(ui);
                }
                hands.scene = ui.available_rect_before_wrap();
            });
            // Its font is not the one that is seen.
            output.textures_delta.clear();
            if let Some(ime) = output.platform_output.ime {
                let (at, size) = (ime.cursor_rect.min, ime.cursor_rect.size());
                self.text_area = Some([at.x, at.y, size.x, size.y].map(f64::from));
            }
            for command in output.platform_output.commands {
                if let OutputCommand::CopyText(text) = command {
                    self.hands.copied = Some(text);
                }
            }
            self.shapes = output.shapes;
            self.passes += 1;
            let viewport = output.viewport_output.get(&ViewportId::ROOT);
            let delay = viewport.map_or(Duration::MAX, |viewport| viewport.repaint_delay);
            self.next_pass = now + delay.as_secs_f64().min(1e9);
            if !self.hands.events.is_empty() {
                continue;
            }
            asked += 1;
            if !delay.is_zero() || asked == MAX_PASSES {
                break;
            }
        }
        events.extend(told.into_events());
    }

    /// Whether there is something to make a pass for.
    fn is_due(&self, world: &World) -> bool {
        let panels = world.resource::<Panels>();
        self.revision != Some(panels.revision)
            || self.theme != Some(panels.theme)
            || !self.hands.events.is_empty()
            || self.size_px != world.resource::<Window>().size_px()
            || world.resource::<Now>().time().as_secs() >= self.next_pass
    }
}

impl Toolkit for EguiToolkit {
    fn take_input(
        &mut self,
        world: &World,
        source: &mut dyn InputSource,
        events: &mut Vec<InputEvent>,
    ) {
        let panels = world.resource::<Panels>();
        let is_empty = panels.iter().next().is_none();
        if is_empty {
            self.hands.follow(events);
            if self.shapes.is_empty() && self.wants == Wants::default() {
                return;
            }
            self.hands.forget();
        } else {
            // Of keys that went down for a widget the world knows nothing.
            let keys = world.resource::<Input>().keys_down().chain(self.hands.own_keys());
            let modifiers = Modifiers::among(keys);
            self.hands.sort(&self.context, modifiers, source, events);
        }
        if self.is_due(world) {
            self.size_px = world.resource::<Window>().size_px();
            self.pass(world, events);
            self.revision = Some(panels.revision);
        }
        if let Some(text) = self.hands.copied.take() {
            source.set_clipboard(&text);
        }
        if let Some(area) = self.text_area.take() {
            source.set_text_area(area);
        }
        let is_text = !is_empty && self.context.text_edit_focused();
        if self.has_text != is_text {
            self.has_text = is_text;
            source.ask_for_text(is_text);
        }
        let wants =
            Wants { mouse: !is_empty && self.hands.has_mouse(&self.context), keyboard: is_text };
        if self.wants != wants {
            self.wants = wants;
            events.push(InputEvent::Widgets { wants });
        }
    }

    fn paint(
        &mut self,
        world: &World,
        renderer: &mut Renderer,
        surface: Surface,
    ) -> Option<Rc<Painting>> {
        if self.shapes.is_empty() {
            return None;
        }
        if let Some(folder) = world.get_resource::<ImageFolder>() {
            renderer.images.set_root(&folder.0);
        }
        let images: Vec<ImageId> =
            self.images.names().map(|name| renderer.images.load(name)).collect();
        let states = images
            .iter()
            .map(|id| (renderer.images.generation(*id), renderer.images.get(*id).is_some()));
        let scene = world.resource::<Window>().size_px();
        let printed = Printed { passes: self.passes, surface, scene, images: states.collect() };
        if self.printed.as_ref() != Some(&printed) {
            if self.printed.as_ref().is_none_or(|before| before.images != printed.images) {
                // The list names the same images, which look different.
                Rc::make_mut(&mut self.painting).revision += 1;
            }
            self.printed = Some(printed);
            let image = |number: u64| {
                let id = *images.get(usize::try_from(number).ok()?)?;
                let picture = renderer.images.get(id)?;
                Some((id, [picture.width, picture.height]))
            };
            let fit = Fit::new(scene, surface.size_px);
            #[expect(clippy::cast_possible_truncation, reason = "pixels for one of the scene")]
            #[expect(clippy::cast_precision_loss, reason = "a surface has few thousand pixels")]
            let view = View {
                size_px: surface.size_px,
                scale: fit.scale as f32,
                corner_px: [fit.left_px, fit.top_px].map(|px| px as f32),
                first: FIRST_TEXTURE,
                image: &image,
            };
            let (textures, primitives) = self.press.print(&self.context, &self.shapes, view.scale);
            paint::update(Rc::make_mut(&mut self.painting), textures, &primitives, &view);
        }
        Some(self.painting.clone())
    }
}

impl std::fmt::Debug for EguiToolkit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "EguiToolkit {{ passes: {} }}", self.passes)
    }
}
