//! What the Python side of this process knows of its machine without a world at hand.
//!
//! Python's modules are one for each process, and so is this: the way in for other threads.

use std::sync::RwLock;

use metapython_engine::instruction::InstructionSender;

static SENDER: RwLock<Option<InstructionSender>> = RwLock::new(None);

/// Says where instructions of other threads go from now on.
pub fn set_instruction_sender(sender: InstructionSender) {
    if let Ok(mut place) = SENDER.write() {
        *place = Some(sender);
    }
}

/// Where instructions of other threads go, if there is a machine.
pub fn instruction_sender() -> Option<InstructionSender> {
    SENDER.read().ok()?.clone()
}
