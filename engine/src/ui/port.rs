//! The port to what shows widgets.

use std::rc::Rc;

use bevy_ecs::world::World;

use crate::input::{InputEvent, InputSource};
use crate::render::{Painting, Renderer, Surface};

/// Shows what processes have drawn, over the scene and under what else lies over it, and tells what the user
/// does with it.
pub trait Toolkit {
    /// Called in the input phase of each tick with what the user did in it: takes out what is meant
    /// for widgets, and leaves the world the rest, and what became of it as
    /// [`InputEvent::Widget`].
    fn take_input(
        &mut self,
        world: &World,
        source: &mut dyn InputSource,
        events: &mut Vec<InputEvent>,
    ) {
        let _ = (world, source, events);
    }

    /// Called in the render phase: what is to be seen on this surface; `None` if nothing is.
    fn paint(
        &mut self,
        world: &World,
        renderer: &mut Renderer,
        surface: Surface,
    ) -> Option<Rc<Painting>> {
        let _ = (world, renderer, surface);
        None
    }
}

/// Nobody sees widgets: processes draw them all the same, and nobody touches them.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoToolkit;

impl Toolkit for NoToolkit {}
