//! What the console does with ports that fail.

use std::sync::Arc;

use bevy_ecs::world::World;

use super::{Collect, Listen, Shown, Told};
use crate::console::{self, Console, Evaluation, FrontEnd, Interpreter, SessionId};
use crate::machine::Machine;
use crate::value::Value;

/// Fails in every way that a port can.
struct Clumsy;

impl Interpreter for Clumsy {
    fn evaluate(&mut self, _: &mut World, _: SessionId, _: &str) -> Evaluation {
        panic!("clumsy evaluation")
    }

    fn resume(&mut self, _: &mut World) -> Vec<(SessionId, Evaluation)> {
        panic!("clumsy resumption")
    }

    fn random_state(&mut self, _: &mut World) -> Value {
        Value::None
    }
}

impl FrontEnd for Clumsy {
    fn poll(&mut self, _: &mut console::Desk<'_>) {
        panic!("clumsy front end")
    }

    fn show(&mut self, _: SessionId, _: &str, _: &Evaluation) {}
}

/// A panic at the console is told, and ends no machine.
#[test]
fn panics_are_told() {
    let (shown, told) = (Shown::default(), Told::default());
    let mut machine = Machine::builder()
        .interpreter(Clumsy)
        .front_end(Clumsy)
        .front_end(Collect(Arc::clone(&shown)))
        .alert_sink(Listen(Arc::clone(&told)))
        .build();
    machine.world_mut().resource_mut::<Console>().submit(SessionId::LOCAL, "x".to_owned());
    machine.turn();
    let error = shown.lock().unwrap().pop().unwrap().error.unwrap();
    assert!(error.contains("clumsy evaluation"), "{error}");
    let told: String = told.lock().unwrap().iter().map(|alert| alert.text.to_string()).collect();
    assert!(told.contains("clumsy front end") && told.contains("clumsy resumption"), "{told}");
}
