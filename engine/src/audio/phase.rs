//! The audio phase of a tick.

use std::num::NonZeroU32;

use bevy_ecs::world::World;

use super::backend::missing;
use super::{Audio, AudioBackend, AudioEvent, DeviceEvent, SoundFolder, Sounds, TickSpan};
use crate::alert::{self, Level};
use crate::clock::Now;

/// Hands what the tick asked for to the backend, and tells what became of devices and files.
pub(crate) fn play_tick(world: &mut World, sounds: &mut Sounds, backend: &mut dyn AudioBackend) {
    let Now { tick, hz } = *world.resource();
    let hz = NonZeroU32::new(hz).unwrap_or(NonZeroU32::MIN);
    // The machine's first tick is number 1; sound begins with it.
    sounds.follow(world);
    let span = TickSpan::of_tick(tick.saturating_sub(1), hz);
    for event in world.resource_mut::<Audio>().flush(backend, span) {
        if let AudioEvent::ClipFailed { message } = &event
            && !world.get_resource_or_init::<SoundFolder>().is_news(message)
        {
            continue;
        }
        if let Some((level, text)) = told(event) {
            alert::raise(world, "audio", level, text);
        }
    }
    sounds.finish(world);
}

/// What is said of an event, if anything is.
fn told(event: AudioEvent) -> Option<(Level, String)> {
    Some(match event {
        AudioEvent::VoiceFinished(_) => return None,
        AudioEvent::StreamRanDry(voice) => (
            Level::Error,
            format!(
                "stream {} ran dry, and is silent until half of its `ahead` is there: write more \
                 of it each time, or begin it with a longer `ahead`",
                voice.number()
            ),
        ),
        AudioEvent::Device(DeviceEvent::Opened { device }) => {
            (Level::Vv, format!("playing on {device}"))
        }
        AudioEvent::Device(DeviceEvent::Lost { device, reason }) => {
            (Level::Error, format!("{device} is lost, silent until it is back: {reason}"))
        }
        AudioEvent::Device(DeviceEvent::Missing { reason, instead }) => {
            (Level::Error, missing(&reason, instead))
        }
        AudioEvent::CommandsDropped { count } => {
            (Level::Vv, format!("the device is behind: {count} commands wait"))
        }
        AudioEvent::OutputFailed { message } | AudioEvent::ClipFailed { message } => {
            (Level::Error, message)
        }
    })
}
