//! One turn of the loop, straight down. This is the only place that knows the order.

mod times;

use std::sync::atomic::Ordering;
use std::time::Instant;

use times::Laps;
pub use times::{KEPT, Phase, Turn, TurnTimes};

use crate::alert::{self, Level};
use crate::clock::{Flicks, Now};
use crate::input::{self, InputEvent};
use crate::instruction::Instructions;
use crate::machine::{Machine, Stop};
use crate::render::{Frame, Pace, PictureWishes};

use crate::{audio, console, schedule, ui};

/// What is added to the number of a signal that ended the machine to be its exit status, as shells
/// have it.
const SIGNALLED: i32 = 128;

impl Machine {
    /// Turns the loop once: one tick of simulation time, and what the outside sees of it.
    pub fn turn(&mut self) {
        self.wait_for_tick();
        let mut laps = Laps::begin(&self.world);
        self.take_input();
        laps.end(Phase::Input);
        self.step();
        laps.end(Phase::Step);
        self.render();
        self.take_pictures();
        laps.end(Phase::Render);
        self.play();
        self.fan_out_alerts();
        laps.end(Phase::Out);
        laps.keep(&mut self.world);
    }

    /// Simulation time moves on by a tick, when the clock finds that it is time.
    ///
    /// Input is taken in after the wait, so that what a user does meanwhile is a tick younger when
    /// processes see it.
    fn wait_for_tick(&mut self) {
        let now = *self.world.resource::<Now>();
        self.show_between(now);
        let dropped = self.ports.clock.wait(now.next_time(), self.ports.idle.as_mut());
        self.world.resource_mut::<Now>().tick += 1;
        if dropped > Flicks::ZERO {
            let text = format!("the machine came too late: {dropped} were dropped");
            alert::raise(&mut self.world, "clock", Level::Vv, text);
        }
    }

    /// Where the screen is faster than the ticks, what is on its way from one place to another is shown
    /// there too.
    fn show_between(&mut self, now: Now) {
        let Some(interval) = self.ports.display.frame_interval() else { return };
        if !self.ports.clock.is_paced() {
            return;
        }
        for ahead in Pace::between(interval, now.next_time() - now.time()) {
            let at = now.time() + ahead;
            if !self.systems.trails.is_something_moving(&self.world, at) {
                return;
            }
            // What was dropped is found by the wait for the tick itself.
            if !self.ports.clock.wait_between(at, self.ports.idle.as_mut()) {
                continue;
            }
            self.show(at);
        }
    }

    /// What came from outside since the last tick is taken in: keys, sound, instructions of other threads,
    /// saved files, console lines.
    fn take_input(&mut self) {
        let mut events = Vec::new();
        self.ports.input.poll(&mut events);
        let source = self.ports.input.as_mut();
        input::express(&mut self.world, source, &mut events);
        self.ports.foreground.take_input(&self.world, source, &mut events);
        self.ports.toolkit.take_input(&self.world, source, &mut events);
        ui::take_in(&mut self.world, &events);
        if events.contains(&InputEvent::Quit) {
            self.world.insert_resource(Stop(Some(0)));
        }
        input::take_in(&mut self.world, events);
        audio::take_captured(&mut self.world, self.ports.capture.as_mut());
        let signal = i32::try_from(self.ports.interrupt.load(Ordering::Relaxed)).unwrap_or(0);
        if signal != 0 {
            self.world.insert_resource(Stop(Some(SIGNALLED + signal)));
        }
        let now = self.world.resource::<Now>().time();
        self.world.resource_mut::<Instructions>().receive(now);
        let ports = &mut self.ports;
        let (watcher, updater) = (ports.watcher.as_mut(), ports.updater.as_mut());
        self.watched.take_in(&mut self.world, watcher, updater, &mut self.renderer.images);
        console::evaluate(&mut self.world, ports.interpreter.as_mut(), &mut ports.front_ends);
    }

    /// Instructions and processes that are due have their turn; then everything moves, and what they
    /// are done with goes.
    fn step(&mut self) {
        let is_paced = self.ports.clock.is_paced();
        let deadline = is_paced.then(|| schedule::deadline(&self.world));
        schedule::settle(&mut self.world);
        schedule::execute_instructions(&mut self.world);
        schedule::run(&mut self.world, deadline);
        ui::settle(&mut self.world);
        self.systems.movers.advance(&mut self.world);
        self.systems.animated.animate(&mut self.world);
        self.systems.shaken.calm(&mut self.world);
        self.systems.canvases.settle(&mut self.world);
        self.systems.trails.follow(&mut self.world);
        self.ports.releaser.release(&mut self.world);
        // The ECS keeps a record of every component that goes, for systems that ask: nobody does.
        self.world.clear_trackers();
    }

    /// The display gets a frame, when it is time for one.
    fn render(&mut self) {
        let Some(interval) = self.ports.display.frame_interval() else { return };
        let span = self.world.resource::<Now>().span().as_duration();
        let now = Instant::now();
        if self.pace.is_due(now, interval, span) {
            self.show(self.world.resource::<Now>().time());
        }
    }

    /// The display gets a frame of what is to be seen at a time.
    fn show(&mut self, at: Flicks) {
        self.renderer.read_aside(true);
        let [widgets, painting] = self.paint_over(Instant::now());
        let frame = self.renderer.draw_at(&self.world, at);
        let frame = Frame { widgets: widgets.as_deref(), painting: painting.as_deref(), ..frame };
        let failure = self.ports.display.present(&frame).err();
        if self.pace.is_news(&failure)
            && let Some(error) = failure
        {
            alert::raise(&mut self.world, "display", Level::Error, error.to_string());
        }
        self.alert_bad_images();
    }

    /// Whoever wants a picture of what is to be seen gets it.
    fn take_pictures(&mut self) {
        let wishes = self.world.resource_mut::<PictureWishes>().take();
        if !wishes.is_empty() {
            let taken = self.take_picture();
            PictureWishes::fulfil(wishes, &taken);
        }
    }

    /// What the tick asked for is heard.
    fn play(&mut self) {
        let (sounds, backend) = (&mut self.systems.sounds, self.ports.audio.as_mut());
        audio::play_tick(&mut self.world, sounds, backend);
    }

    /// What there is to say goes to everybody who listens.
    pub(crate) fn fan_out_alerts(&mut self) {
        alert::fan_out(&mut self.world, &mut self.ports.alert_sinks);
    }
}

#[cfg(test)]
mod tests;
