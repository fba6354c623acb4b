//! What the Python side of this process knows of its machine without a world at hand.
//!
//! Python's modules are one for each process, and so is this: the ways in for other threads.

use std::sync::{Mutex, PoisonError, RwLock};

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

/// What Python has printed for the terminal, and nobody has shown yet.
static PRINTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Has a text shown above the prompt of the terminal.
pub fn print_above(text: String) {
    PRINTED.lock().unwrap_or_else(PoisonError::into_inner).push(text);
}

/// Takes what is to be shown, in order.
pub fn take_printed() -> Vec<String> {
    std::mem::take(&mut PRINTED.lock().unwrap_or_else(PoisonError::into_inner))
}
