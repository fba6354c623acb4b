//! One turn of the loop, straight down. This is the only place that knows the order.

use crate::alert::{self, Level};
use crate::clock::{Flicks, Now};
use crate::machine::Machine;
use crate::{console, motion, schedule};

impl Machine {
    /// Turns the loop once: one tick of simulation time, and what the outside sees of it.
    pub fn turn(&mut self) {
        self.wait_for_tick();
        self.take_input();
        self.step();
        self.fan_out_alerts();
    }

    /// Simulation time moves on by a tick, at the time the clock finds right.
    fn wait_for_tick(&mut self) {
        let now = *self.world.resource::<Now>();
        let dropped = self.ports.clock.wait(now.next_time(), self.ports.idle.as_mut());
        self.world.resource_mut::<Now>().tick += 1;
        if dropped > Flicks::ZERO {
            let text = format!("the machine was too slow: {dropped} were dropped");
            alert::raise(&mut self.world, "clock", Level::Vv, text);
        }
    }

    /// What came from outside since the last tick is taken in.
    fn take_input(&mut self) {
        let ports = &mut self.ports;
        console::evaluate(&mut self.world, ports.interpreter.as_mut(), ports.front_end.as_mut());
        schedule::settle(&mut self.world);
    }

    /// Instructions and processes that are due have their turn; then everything moves.
    fn step(&mut self) {
        schedule::settle(&mut self.world);
        schedule::execute_instructions(&mut self.world);
        schedule::run(&mut self.world);
        motion::advance(&mut self.world);
    }

    /// What there is to say goes to everybody who listens.
    fn fan_out_alerts(&mut self) {
        alert::fan_out(&mut self.world, &mut self.ports.alert_sinks);
    }
}
