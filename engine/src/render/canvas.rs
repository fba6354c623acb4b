//! The component `Canvas`: a picture that scripts draw on, and that stays.
//!
//! Its pixels are a [`Sheet`], which is as much a part of the world as any component: they depend on
//! what was drawn and on nothing else, are the same on every machine, and belong to the digest. The
//! sheets follow their canvases at the end of each tick's steps, and whenever somebody draws.

mod fill;
mod lettering;
mod outline;
mod sheet;

use bevy_ecs::entity::Entity;
use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::query::QueryState;
use bevy_ecs::world::{DeferredWorld, FromWorld, Mut, World};

use super::Blend;
use crate::color::Color;
use crate::component::component;
use crate::process::Names;

pub use lettering::{Letters, Words, letters};
pub use sheet::{Sheet, SheetError};

component! {
    /// A picture that the process draws on: a Sprite whose `image` is "canvas:NAME" shows it, NAME
    /// being that of the process; "canvas:" shows the process's own.
    #[component(on_remove = removed)]
    pub struct Canvas {
        /// Width, px: 1 to 4096. What is drawn stays where it is.
        width: i32 = 256,
        /// Height, px: 1 to 4096.
        height: i32 = 256,
        /// What it is made of where nobody has drawn; it may be transparent.
        color: Color = Color::WHITE,
    }
}

impl Canvas {
    /// The greatest width and height, px: 64 MiB for the largest.
    pub const MAX_SIDE_PX: i32 = 4096;

    /// Width and height brought within 1 to [`MAX_SIDE_PX`](Self::MAX_SIDE_PX), px.
    pub fn size_px(&self) -> [u32; 2] {
        [self.width, self.height].map(|side| side.clamp(1, Self::MAX_SIDE_PX).unsigned_abs())
    }
}

/// How a line, an outline or a filled shape is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    /// Its colour.
    pub color: Color,
    /// How wide a line is, px; `None` fills the shape.
    pub width: Option<f64>,
    /// How it is mixed with what was there.
    pub mix: Mix,
}

/// How what is drawn is mixed with what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// As what is seen in the scene is.
    Blend(Blend),
    /// It takes away what was there: transparency is left.
    Erase,
}

/// The pixels go with their canvas: who gets another one begins anew.
fn removed(mut world: DeferredWorld<'_>, context: HookContext) {
    world.commands().entity(context.entity).try_remove::<Sheet>();
}

fn fits(canvas: &Canvas, sheet: Option<&Sheet>) -> bool {
    sheet.is_some_and(|sheet| sheet.size_px() == canvas.size_px())
}

/// The pixels of a process's canvas, to be drawn on; `None` if it has no canvas.
pub fn sheet_of(world: &mut World, process: Entity) -> Option<Mut<'_, Sheet>> {
    let canvas = world.get::<Canvas>(process)?.clone();
    if !fits(&canvas, world.get(process)) {
        let old = world.get::<Sheet>(process);
        let sheet = Sheet::new(canvas.size_px(), canvas.color, old);
        world.get_entity_mut(process).ok()?.insert(sheet);
    }
    world.get_mut(process)
}

/// The process of this name, if it has a canvas.
pub(super) fn named(world: &World, name: &str) -> Option<Entity> {
    let process = world.get_resource::<Names>()?.get(name)?;
    world.get::<Canvas>(process).map(|_| process)
}

/// All canvases.
pub(crate) struct Canvases(QueryState<(Entity, &'static Canvas, Option<&'static Sheet>)>);

impl Canvases {
    /// Has the pixels of all canvases be there, and as many as they say.
    pub(crate) fn settle(&mut self, world: &mut World) {
        let wanted = self.0.iter(world).filter(|(_, canvas, sheet)| !fits(canvas, *sheet));
        let wanted: Vec<_> = wanted.map(|(process, ..)| process).collect();
        for process in wanted {
            sheet_of(world, process);
        }
    }
}

impl FromWorld for Canvases {
    fn from_world(world: &mut World) -> Self {
        Self(world.query())
    }
}

#[cfg(test)]
mod tests;
