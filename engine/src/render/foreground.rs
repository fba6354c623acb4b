//! The port to what lies over the scene and shares the window's input with it: a console.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;

use bevy_ecs::world::World;

use super::{DrawList, Picture, PxRect, Renderer, Surface};
use crate::input::{InputEvent, InputSource};

/// What lies over the scene. It sees the user's input first, and is painted last.
pub trait Foreground {
    /// Called in the input phase with what the user did in this tick: takes out what is meant for
    /// it, and leaves the world the rest.
    fn take_input(
        &mut self,
        world: &World,
        source: &mut dyn InputSource,
        events: &mut Vec<InputEvent>,
    ) {
        let _ = (world, source, events);
    }

    /// Called in the render phase: what is to be seen over the scene on this surface; `None` if
    /// nothing is.
    fn paint(
        &mut self,
        world: &mut World,
        renderer: &mut Renderer,
        surface: Surface,
        now: Instant,
    ) -> Option<Rc<Painting>> {
        let _ = (world, renderer, surface, now);
        None
    }

    /// What is painted next shows the world as it is then, however recently it was looked at.
    fn refresh(&mut self) {}
}

/// Nothing lies over the scene.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoForeground;

impl Foreground for NoForeground {}

/// What is to be seen over the scene, in the surface's own pixels.
#[derive(Clone, Debug, Default)]
pub struct Painting {
    /// What to draw; where nothing is drawn, the scene is seen.
    pub list: DrawList,
    /// Width and height of the surface that it was painted for, px.
    pub size_px: [u32; 2],
    /// Another number whenever it looks different: a display may keep what it has drawn.
    pub revision: u64,
    /// The pictures that the list refers to, by their numbers.
    pub textures: BTreeMap<u64, PaintingTexture>,
}

/// A picture that a [`Painting`] refers to.
#[derive(Clone, Debug)]
pub struct PaintingTexture {
    /// Its pixels.
    pub picture: Picture,
    /// Another number whenever all of it is new, or has another size.
    pub generation: u64,
    /// The parts that changed since then, in this order.
    pub patches: Vec<PxRect>,
}
