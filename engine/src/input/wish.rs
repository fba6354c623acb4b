//! What the world wants of the devices: typed text, and gamepads that shake.
//!
//! Wishes are expressed in the next input phase. Nothing that processes observe depends on them, but
//! for the text that comes of it.

use std::time::Duration;

use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use super::InputSource;

/// Shakes of a tick beyond this are forgotten: each pad takes only the last one anyhow.
const MAX_RUMBLES: usize = 64;

/// A gamepad shakes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rumble {
    /// The slot of the pad.
    pub slot: u8,
    /// How strong the heavy and the light motor are, 0 to 1.
    pub strengths: [f64; 2],
    /// For how long.
    pub time: Duration,
}

/// What is wanted of the devices.
#[derive(Clone, Debug, Default, Resource)]
pub struct Wishes {
    rumbles: Vec<Rumble>,
    /// The processes that want text, and where they show it.
    askers: Vec<(Entity, Option<[f64; 4]>)>,
    /// What the source was told last.
    is_asking: bool,
    area: Option<[f64; 4]>,
}

impl Wishes {
    /// Has a pad shake, from the next tick on; whatever it does before is over then.
    pub fn rumble(&mut self, rumble: Rumble) {
        if self.rumbles.len() < MAX_RUMBLES {
            self.rumbles.push(rumble);
        }
    }

    /// Has typed text arrive from the next tick on, for as long as the process exists or until
    /// [`stop_text`](Self::stop_text). `area` is where it is typed, of the scene's px: left, top, width
    /// and height.
    pub fn ask_for_text(&mut self, process: Entity, area: Option<[f64; 4]>) {
        self.stop_text(process);
        self.askers.push((process, area));
    }

    /// Takes back that a process wants text.
    pub fn stop_text(&mut self, process: Entity) {
        self.askers.retain(|(asker, _)| *asker != process);
    }

    /// Whether a process wants text.
    pub fn wants_text(&self, process: Entity) -> bool {
        self.askers.iter().any(|(asker, _)| *asker == process)
    }

    /// The processes that want text, in the order in which they asked, and where they show it.
    pub(crate) fn askers(&self) -> impl Iterator<Item = (Entity, Option<[f64; 4]>)> {
        self.askers.iter().copied()
    }

    /// Tells a source what has changed.
    pub(super) fn express(world: &mut World, source: &mut dyn InputSource) {
        let wishes = world.resource::<Self>();
        if wishes.rumbles.is_empty() && wishes.askers.is_empty() && !wishes.is_asking {
            return;
        }
        let mut askers = std::mem::take(&mut world.resource_mut::<Self>().askers);
        askers.retain(|(asker, _)| world.get_entity(*asker).is_ok());
        let mut wishes = world.resource_mut::<Self>();
        for Rumble { slot, strengths, time } in wishes.rumbles.drain(..) {
            source.rumble(slot, strengths, time);
        }
        if wishes.is_asking == askers.is_empty() {
            wishes.is_asking = !askers.is_empty();
            source.ask_for_text(wishes.is_asking);
        }
        // The one that asked last is the one that is typed into.
        let area = askers.iter().rev().find_map(|(_, area)| *area);
        if let Some(place) = area.filter(|_| wishes.area != area) {
            source.set_text_area(place);
        }
        (wishes.area, wishes.askers) = (area, askers);
    }

    /// A new source knows of nothing yet.
    pub(crate) fn forget_told(&mut self) {
        (self.is_asking, self.area) = (false, None);
    }
}
