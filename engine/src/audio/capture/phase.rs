//! The part of the input phase in which devices are heard.

use std::num::NonZeroU32;

use bevy_ecs::change_detection::Mut;
use bevy_ecs::world::World;

use super::delivery::Delivery;
use super::{CaptureBackend, CaptureId, Captures, sound};
use crate::alert::{self, Level};
use crate::audio::backend::{DeviceEvent, missing};
use crate::audio::sample::{StereoSample, TickSpan};
use crate::clock::Now;

/// Takes in what was heard since the last tick, and tells what became of devices and files.
pub(crate) fn take_captured(world: &mut World, backend: &mut dyn CaptureBackend) {
    if world.resource::<Captures>().is_idle() {
        return;
    }
    let Now { tick, hz } = *world.resource();
    let hz = NonZeroU32::new(hz).unwrap_or(NonZeroU32::MIN);
    let span = TickSpan::of_tick(tick.saturating_sub(1), hz);
    world.resource_scope(|world, mut captures: Mut<'_, Captures>| {
        captures.let_go(world);
        let wanted = captures.wanted();
        let mut events = Vec::new();
        let heard = backend.listen(&wanted, span, &mut events);
        captures.heard.clear();
        for (device, mut heard) in wanted.into_iter().zip(heard) {
            heard.samples.resize(span.sample_count() as usize, [0.0; 2]);
            heard.samples.iter_mut().for_each(|sample| *sample = sound(*sample));
            let is_there = heard.device.is_some();
            let samples = is_there.then_some(heard.samples.as_slice());
            captures.take_in(world, &device, samples, span, heard.is_overrun);
            captures.heard.insert(device, heard.device);
        }
        for event in events {
            let (level, text) = told(event);
            alert::raise(world, "audio", level, text);
        }
        for failure in captures.take_failures() {
            alert::raise(world, "audio", Level::Error, failure.to_string());
        }
    });
}

impl Captures {
    /// Closes what nobody can get anything of any more.
    fn let_go(&mut self, world: &World) {
        self.close_where(|capture| match &capture.delivery {
            Some(delivery) => world.get_entity(delivery.to).is_err(),
            None => capture.is_let_go(),
        });
    }

    /// Gives the samples of a device to all that listen to it; `None` where it is not there.
    fn take_in(
        &mut self,
        world: &mut World,
        device: &Option<String>,
        samples: Option<&[StereoSample]>,
        span: TickSpan,
        is_overrun: bool,
    ) {
        let listening = self.open.iter_mut().filter(|(_, capture)| capture.device == *device);
        for (id, capture) in listening {
            let substitute;
            let samples = match samples {
                Some(samples) => samples,
                None => {
                    substitute = capture.substitute(span.sample_count() as usize);
                    &substitute
                }
            };
            let mut loss = None;
            if is_overrun {
                capture.overruns += 1;
                loss = Some("the machine was too slow for the device".to_owned());
            }
            if capture.take_in(samples) {
                let remedy = "read more often, or give a longer `keep`";
                loss = Some(format!("nobody has read it for too long: {remedy}"));
            }
            if let Some(delivery) = &mut capture.delivery {
                let messages = delivery.pack(capture.channels, samples);
                if let Err(error) = Delivery::send(world, delivery.to, messages) {
                    capture.overruns += 1;
                    loss = Some(error.to_string());
                }
            }
            if let Some(reason) = loss.filter(|_| !capture.is_overrun_told) {
                capture.is_overrun_told = true;
                tell_loss(world, *id, reason);
            }
        }
    }
}

fn tell_loss(world: &mut World, id: CaptureId, reason: String) {
    let text = format!(
        "capture {} has lost sound, and `overruns` counts how often: {reason}",
        id.number()
    );
    alert::raise(world, "audio", Level::Error, text);
}

fn told(event: DeviceEvent) -> (Level, String) {
    match event {
        DeviceEvent::Opened { device } => (Level::Vv, format!("listening to {device}")),
        DeviceEvent::Lost { device, reason } => {
            (Level::Error, format!("{device} is lost, not heard until it is back: {reason}"))
        }
        DeviceEvent::Missing { reason, instead } => (Level::Error, missing(&reason, instead)),
    }
}
