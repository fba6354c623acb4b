//! A machine before a screen that is faster than its ticks.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::clock::{Clock, Flicks, Idle};
use crate::color::Color;
use crate::machine::Machine;
use crate::motion::{Interpolation, Transform, Velocity};
use crate::platform::headless::input::NoInput;
use crate::render::{Display, DisplayError, Frame, Picture, Shape};

/// Three frames for each tick of 50 Hz, and where the first rectangle was on each, px.
struct FastScreen(Rc<RefCell<Vec<f32>>>);

impl Display for FastScreen {
    fn present(&mut self, frame: &Frame<'_>) -> Result<(), DisplayError> {
        self.0.borrow_mut().push(frame.list.quads[0].x);
        Ok(())
    }

    fn picture(&mut self, _: &Frame<'_>) -> Result<Picture, DisplayError> {
        Err(DisplayError::NoPicture)
    }

    fn frame_interval(&self) -> Option<Duration> {
        Some(Duration::from_secs_f64(1.0 / 150.0))
    }
}

/// Real time, of which there is always enough.
struct Patient;

impl Clock for Patient {
    fn wait(&mut self, _: Flicks, _: &mut dyn Idle) -> Flicks {
        Flicks::ZERO
    }

    fn wait_between(&mut self, _: Flicks, _: &mut dyn Idle) -> bool {
        true
    }

    fn is_paced(&self) -> bool {
        true
    }
}

/// Where a square of 10 px that moves 3 px in each tick is seen in four ticks.
fn seen(is_interpolated: bool) -> Vec<f32> {
    let places = Rc::default();
    let mut machine = Machine::builder().hz(50).clock(Patient).build();
    machine.attach_display(Box::new(FastScreen(Rc::clone(&places))), Box::new(NoInput));
    let place = Transform { x: 105.0, y: 100.0, ..Transform::default() };
    let velocity = Velocity { x: 150.0, ..Velocity::default() };
    let shape = Shape::rectangle(10.0, 10.0, Color::WHITE);
    let mut thing = machine.world_mut().spawn((place, velocity, shape));
    if is_interpolated {
        thing.insert(Interpolation::default());
    }
    machine.run(Some(4));
    drop(machine);
    Rc::try_unwrap(places).unwrap().into_inner()
}

/// What is interpolated is seen a pixel further in each of three frames for a tick, one tick behind;
/// with nothing to be seen between ticks nothing is shown there.
#[test]
fn what_is_on_its_way_is_seen_between_ticks() {
    assert_eq!(seen(false), [103.0, 106.0, 109.0, 112.0]);
    assert_eq!(seen(true), [103.0, 103.0, 104.0, 105.0, 106.0, 107.0, 108.0, 109.0]);
}
