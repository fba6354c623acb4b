//! What the Python side of this process knows of its machine without a world at hand.
//!
//! Python's modules are one for each process, and so is this: the ways in for other threads.

use std::sync::RwLock;

use bevy_ecs::world::World;
use metapython_engine::alert::{AlertSender, Alerts};
use metapython_engine::instruction::{InstructionSender, Instructions};

static SENDERS: RwLock<Option<(InstructionSender, AlertSender)>> = RwLock::new(None);

/// Says which machine's world gets what other threads send from now on.
pub fn set_senders(world: &World) {
    let senders = (world.resource::<Instructions>().sender(), world.resource::<Alerts>().sender());
    if let Ok(mut place) = SENDERS.write() {
        *place = Some(senders);
    }
}

/// Where instructions of other threads go, if there is a machine.
pub fn instruction_sender() -> Option<InstructionSender> {
    SENDERS.read().ok()?.as_ref().map(|(instructions, _)| instructions.clone())
}

/// Where alerts of other threads go, if there is a machine.
pub fn alert_sender() -> Option<AlertSender> {
    SENDERS.read().ok()?.as_ref().map(|(_, alerts)| alerts.clone())
}
