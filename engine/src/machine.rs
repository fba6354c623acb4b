//! The machine: one world, one clock, one frame loop, and the ports through which it meets the
//! outside.
//!
//! [`MachineBuilder`] puts them together; what happens in a turn stands in `frame`.

mod systems;

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use bevy_ecs::resource::Resource;
use bevy_ecs::world::{FromWorld as _, World};

use crate::alert::{self, AlertSink, Alerts, Level};
use crate::audio::{
    Audio, AudioBackend, AudioDevices, AudioError, CaptureBackend, Captures, Sound,
};
use crate::clock::{Clock, HZ_RANGE, Idle, Now, PlainIdle, Stopwatch, VirtualClock};
use crate::component::ComponentRegistry;
use crate::console::{Console, FrontEnd, Interpreter, NoInterpreter, Sessions};
use crate::frame::TurnTimes;
use crate::input::{Actions, Input, InputEvents, InputSource, Simulated, Wishes};
use crate::inspect;
use crate::inspect::trace::Traces;
use crate::instruction::Instructions;
use crate::motion::{Interpolation, Transform, Velocity};
use crate::platform::headless::audio::{NoMicrophone, SilentAudio};
use crate::platform::headless::display::NullDisplay;
use crate::platform::headless::input::NoInput;
use crate::platform::headless::watch::NoWatcher;
use crate::process;
use crate::release::{NoReleaser, Releaser};
use crate::render::{
    Animation, Camera, Canvas, Display, DisplayError, Foreground, Frame, ImageFolder, Label,
    NoForeground, Pace, Painting, Picture, PictureWishes, Renderer, Scope, Shape, Sprite, Target,
    Window,
};
use crate::schedule::{self, FrameBudget};
use crate::ui::{NoToolkit, Panels, Toolkit};
use crate::watch::{NoUpdater, Updater, Watched, Watcher};
use systems::Systems;

/// Ticks a second unless told otherwise: what most displays show.
pub const DEFAULT_HZ: u32 = 60;

/// The seed of every random source of a machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Resource)]
pub struct Seed(pub u64);

/// Set to end the machine after the current turn, with an exit status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Resource)]
pub struct Stop(pub Option<i32>);

/// What a machine meets of the outside. Each has an implementation that needs no device.
pub(crate) struct Ports {
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) idle: Box<dyn Idle>,
    pub(crate) display: Box<dyn Display>,
    pub(crate) input: Box<dyn InputSource>,
    pub(crate) foreground: Box<dyn Foreground>,
    pub(crate) toolkit: Box<dyn Toolkit>,
    pub(crate) audio: Box<dyn AudioBackend>,
    pub(crate) capture: Box<dyn CaptureBackend>,
    pub(crate) interpreter: Box<dyn Interpreter>,
    pub(crate) front_ends: Vec<Box<dyn FrontEnd>>,
    pub(crate) watcher: Box<dyn Watcher>,
    pub(crate) updater: Box<dyn Updater>,
    pub(crate) releaser: Box<dyn Releaser>,
    pub(crate) alert_sinks: Vec<Box<dyn AlertSink>>,
    /// The number of the signal that ends the machine; 0 as long as none does.
    pub(crate) interrupt: Arc<AtomicUsize>,
}

/// Puts a machine together.
pub struct MachineBuilder {
    hz: u32,
    seed: u64,
    verbosity: Level,
    budget: FrameBudget,
    stopwatch: Stopwatch,
    ports: Ports,
}

impl Default for MachineBuilder {
    fn default() -> Self {
        Self {
            hz: DEFAULT_HZ,
            seed: 0,
            verbosity: Level::default(),
            budget: FrameBudget::default(),
            stopwatch: Stopwatch::default(),
            ports: Ports {
                clock: Box::new(VirtualClock),
                idle: Box::new(PlainIdle),
                display: Box::new(NullDisplay),
                input: Box::new(NoInput),
                foreground: Box::new(NoForeground),
                toolkit: Box::new(NoToolkit),
                audio: Box::new(SilentAudio),
                capture: Box::new(NoMicrophone),
                interpreter: Box::new(NoInterpreter),
                front_ends: Vec::new(),
                watcher: Box::new(NoWatcher),
                updater: Box::new(NoUpdater),
                releaser: Box::new(NoReleaser),
                alert_sinks: Vec::new(),
                interrupt: Arc::default(),
            },
        }
    }
}

impl MachineBuilder {
    /// Ticks a second, taken into the range 1 to 100,000. Default 60.
    #[must_use]
    pub fn hz(mut self, hz: u32) -> Self {
        self.hz = hz.clamp(*HZ_RANGE.start(), *HZ_RANGE.end());
        self
    }

    /// The seed of every random source. Default 0.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Alerts louder than this are not taken. Default `v`.
    #[must_use]
    pub fn verbosity(mut self, verbosity: Level) -> Self {
        self.verbosity = verbosity;
        self
    }

    /// How much of a tick its steps may use. Default 0.8.
    #[must_use]
    pub fn frame_budget(mut self, budget: FrameBudget) -> Self {
        self.budget = budget;
        self
    }

    /// What measures the time of steps. Default: the processor's counter or the system's clock.
    #[must_use]
    pub fn stopwatch(mut self, stopwatch: Stopwatch) -> Self {
        self.stopwatch = stopwatch;
        self
    }

    /// What paces the ticks. Default: the virtual clock, which never waits.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.ports.clock = Box::new(clock);
        self
    }

    /// What is done around every wait. Default: nothing.
    #[must_use]
    pub fn idle(mut self, idle: impl Idle + 'static) -> Self {
        self.ports.idle = Box::new(idle);
        self
    }

    /// Where sound goes. Default: nowhere.
    #[must_use]
    pub fn audio(mut self, audio: Box<dyn AudioBackend>) -> Self {
        self.ports.audio = audio;
        self
    }

    /// Where sound comes from. Default: nowhere.
    #[must_use]
    pub fn capture(mut self, capture: Box<dyn CaptureBackend>) -> Self {
        self.ports.capture = capture;
        self
    }

    /// Where a signal handler puts the number of a signal that ends the machine, with 128 and that
    /// number as exit status. Default: nothing does.
    #[must_use]
    pub fn interrupt(mut self, interrupt: Arc<AtomicUsize>) -> Self {
        self.ports.interrupt = interrupt;
        self
    }

    /// What understands console lines. Default: nothing does.
    #[must_use]
    pub fn interpreter(mut self, interpreter: impl Interpreter + 'static) -> Self {
        self.ports.interpreter = Box::new(interpreter);
        self
    }

    /// What lets go of the values of scripts that the engine is done with. Default: nothing does.
    #[must_use]
    pub fn releaser(mut self, releaser: impl Releaser + 'static) -> Self {
        self.ports.releaser = Box::new(releaser);
        self
    }

    /// One more place where users of the console sit. Default: none.
    #[must_use]
    pub fn front_end(mut self, front_end: impl FrontEnd + 'static) -> Self {
        self.ports.front_ends.push(Box::new(front_end));
        self
    }

    /// One more place where alerts go. Default: none.
    #[must_use]
    pub fn alert_sink(mut self, sink: impl AlertSink + 'static) -> Self {
        self.ports.alert_sinks.push(Box::new(sink));
        self
    }

    /// The machine, at tick 0, with no process.
    pub fn build(self) -> Machine {
        let Self { hz, seed, verbosity, budget, stopwatch, ports } = self;
        let mut world = World::new();
        world.insert_resource(Now { tick: 0, hz });
        world.insert_resource(Seed(seed));
        world.init_resource::<Stop>();
        world.insert_resource(Alerts::new(verbosity));
        world.insert_resource(budget);
        world.insert_resource(stopwatch);
        world.init_resource::<Instructions>();
        world.init_resource::<Traces>();
        world.init_resource::<TurnTimes>();
        world.init_resource::<Console>();
        world.init_resource::<Sessions>();
        process::install(&mut world);
        world.insert_resource(Machine::native_components());
        world.insert_resource(Audio::new(seed));
        world.init_resource::<Captures>();
        world.insert_resource(AudioDevices(ports.audio.devices()));
        world.init_resource::<PictureWishes>();
        world.init_resource::<Input>();
        world.init_resource::<Actions>();
        world.init_resource::<InputEvents>();
        world.init_resource::<Simulated>();
        world.init_resource::<Wishes>();
        world.init_resource::<Window>();
        world.init_resource::<Panels>();
        let renderer = Renderer::new(&mut world);
        let systems = Systems::from_world(&mut world);
        let (pace, watched) = (Pace::default(), Watched::default());
        Machine { world, systems, ports, renderer, pace, watched }
    }
}

/// One engine, on the thread that made it.
pub struct Machine {
    pub(crate) world: World,
    pub(crate) systems: Systems,
    pub(crate) ports: Ports,
    pub(crate) renderer: Renderer,
    pub(crate) pace: Pace,
    pub(crate) watched: Watched,
}

impl Machine {
    /// The components that every machine knows by name.
    pub fn native_components() -> ComponentRegistry {
        let mut registry = ComponentRegistry::default();
        registry.register::<Transform>();
        registry.register::<Velocity>();
        registry.register::<Interpolation>();
        registry.register::<Shape>();
        registry.register::<Sprite>();
        registry.register::<Animation>();
        registry.register::<Label>();
        registry.register::<Scope>();
        registry.register::<Camera>();
        registry.register::<Target>();
        registry.register::<Canvas>();
        registry.register::<Sound>();
        registry
    }

    /// Begins to put a machine together.
    pub fn builder() -> MachineBuilder {
        MachineBuilder::default()
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world, to be changed between two turns.
    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// Turns until something sets [`Stop`], or for `ticks` ticks; returns the exit status.
    pub fn run(&mut self, ticks: Option<u64>) -> i32 {
        self.fan_out_alerts();
        // What was created so far is part of the machine, even if it never turns.
        schedule::settle(&mut self.world);
        let mut left = ticks;
        loop {
            if let Stop(Some(status)) = *self.world.resource() {
                return status;
            }
            if left == Some(0) {
                return 0;
            }
            self.turn();
            left = left.map(|left| left - 1);
        }
    }

    /// Deletes all processes, so that each comes to its end, forgets the instructions that wait, and
    /// lets the last alerts out.
    pub fn end(&mut self) {
        /// How often what is let go of may create, or leave behind, something in turn.
        const GENERATIONS: usize = 10;
        schedule::clear(&mut self.world);
        self.world.insert_resource(Instructions::default());
        for _ in 0..GENERATIONS {
            if !self.ports.releaser.release(&mut self.world) {
                break;
            }
            schedule::clear(&mut self.world);
        }
        self.fan_out_alerts();
    }

    /// Shows frames on another display from now on, and takes input from another source.
    pub fn attach_display(&mut self, display: Box<dyn Display>, input: Box<dyn InputSource>) {
        self.ports.display = display;
        self.ports.input = input;
        self.world.resource_mut::<Wishes>().forget_told();
    }

    /// Has something over the scene from now on, which sees the user's input first.
    pub fn attach_foreground(&mut self, foreground: Box<dyn Foreground>) {
        self.ports.foreground = foreground;
    }

    /// Shows widgets by this from now on.
    pub fn attach_toolkit(&mut self, toolkit: Box<dyn Toolkit>) {
        self.ports.toolkit = toolkit;
    }

    /// Takes in the files that are saved from now on.
    pub fn attach_watcher(&mut self, watcher: Box<dyn Watcher>, updater: Box<dyn Updater>) {
        self.ports.watcher = watcher;
        self.ports.updater = updater;
    }

    /// Has one more place where users of the console sit, from now on.
    pub fn attach_front_end(&mut self, front_end: Box<dyn FrontEnd>) {
        self.ports.front_ends.push(front_end);
    }

    /// Paces ticks by another clock from now on.
    pub fn attach_clock(&mut self, clock: impl Clock + 'static) {
        self.ports.clock = Box::new(clock);
    }

    /// Sends sound elsewhere from now on.
    pub fn attach_audio(&mut self, audio: Box<dyn AudioBackend>) {
        self.world.insert_resource(AudioDevices(audio.devices()));
        self.ports.audio = audio;
    }

    /// Hears elsewhere from now on.
    pub fn attach_capture(&mut self, capture: Box<dyn CaptureBackend>) {
        self.ports.capture = capture;
    }

    /// Sets the ticks a second, taken into the range 1 to 100,000, of a machine that has neither
    /// turned nor a process.
    pub fn set_hz(&mut self, hz: u32) {
        self.world.resource_mut::<Now>().hz = hz.clamp(*HZ_RANGE.start(), *HZ_RANGE.end());
    }

    /// Sets the seed of every random source of a machine that has neither turned nor a process.
    pub fn set_seed(&mut self, seed: u64) {
        self.world.insert_resource(Seed(seed));
        self.world.insert_resource(Audio::new(seed));
    }

    /// Sets the folder in which the images of sprites are looked for.
    pub fn set_asset_folder(&mut self, folder: &Path) {
        self.world.insert_resource(ImageFolder(folder.to_owned()));
    }

    /// What a user would see now.
    ///
    /// # Errors
    /// [`DisplayError`] if the display cannot draw.
    pub fn picture(&mut self) -> Result<Picture, DisplayError> {
        let picture = self.take_picture();
        self.fan_out_alerts();
        picture
    }

    /// What a user would see now; what there is to say of it is said with the rest of the tick.
    pub(crate) fn take_picture(&mut self) -> Result<Picture, DisplayError> {
        self.renderer.read_aside(false);
        self.ports.foreground.refresh();
        let [widgets, painting] = self.paint_over(Instant::now());
        let frame = self.renderer.draw(&self.world);
        let frame = Frame { widgets: widgets.as_deref(), painting: painting.as_deref(), ..frame };
        let picture = self.ports.display.picture(&frame);
        self.alert_bad_images();
        picture
    }

    /// Looks at what there is to see, so that images that cannot be shown are told of.
    pub fn look(&mut self) {
        self.renderer.read_aside(false);
        self.renderer.draw(&self.world);
        self.alert_bad_images();
        self.fan_out_alerts();
    }

    /// What lies over the scene now: widgets, and what lies over these too.
    pub(crate) fn paint_over(&mut self, now: Instant) -> [Option<Rc<Painting>>; 2] {
        let surface = self.ports.display.surface(self.world.resource());
        let (world, renderer) = (&mut self.world, &mut self.renderer);
        let widgets = self.ports.toolkit.paint(world, renderer, surface);
        [widgets, self.ports.foreground.paint(world, renderer, surface, now)]
    }

    /// Tells of what could not be shown as it is.
    pub(crate) fn alert_bad_images(&mut self) {
        let errors = self.renderer.take_errors();
        for error in errors.into_iter().chain(self.ports.display.take_notes()) {
            alert::raise(&mut self.world, "display", Level::Error, error);
        }
    }

    /// Ends what the audio backend and captures have begun: their files are complete after it.
    ///
    /// # Errors
    /// [`AudioError::Output`], the first, if a file cannot be written; the others become alerts.
    pub fn finish_audio(&mut self) -> Result<(), AudioError> {
        let captured = self.world.resource_mut::<Captures>().finish();
        let mut failures = self.ports.audio.finish().err().into_iter().chain(captured);
        let first = failures.next();
        for other in failures {
            alert::raise(&mut self.world, "audio", Level::Error, other.to_string());
        }
        first.map_or(Ok(()), Err)
    }

    /// One hash over the state of the machine, 64 hexadecimal digits; see [`inspect`].
    pub fn digest(&mut self) -> String {
        let random = self.ports.interpreter.random_state(&mut self.world);
        inspect::digest(&mut self.world, &random)
    }
}

impl Drop for Machine {
    /// Ends the machine, if nobody has.
    fn drop(&mut self) {
        self.end();
    }
}
