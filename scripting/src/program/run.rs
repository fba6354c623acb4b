//! `metapython run`.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use metapython_engine::alert::StderrAlerts;
use metapython_engine::audio::AudioChoice;
use metapython_engine::clock::{RealClock, VirtualClock};
use metapython_engine::console::{Console, Evaluation, FrontEnd, SessionId};
use metapython_engine::machine::{Machine, MachineBuilder, Stop};
use metapython_engine::process::{self, Held};
use metapython_engine::render::Picture;
use pyo3::prelude::*;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};

#[cfg(feature = "terminal")]
use super::console::LocalConsole;
#[cfg(feature = "remote")]
use super::remote;
use super::{AT_FAULT, output, python};
use crate::bindings::alert::follow_logging;
use crate::cli::{ClockChoice, RunArguments};
use crate::error::traceback;
use crate::evaluate::PythonInterpreter;
use crate::install::Installation;
use crate::interpreter::{self, DetachedIdle, InterpreterError};
use crate::kept::KeptReleaser;
use crate::scene::{BindingsPlace, Failure, Target, load, locate};
use crate::{outside, runtime, watchdog};

/// Runs a scene, a script or a demo.
pub(super) fn run(arguments: &RunArguments) -> Result<u8, Failure> {
    let installation = python::installation()?;
    let target = locate(&arguments.scene, &installation)?;
    python::start(&installation, std::slice::from_ref(&arguments.scene), arguments.seed)?;
    let interrupt = catch_signals()?;
    Python::attach(|py| {
        follow_logging(py, arguments.verbosity).map_err(|error| {
            Failure::plain(InterpreterError::Package(traceback(py, &error)).to_string())
        })?;
        watchdog::set_step_limit(arguments.step_limit.0);
        let outcome =
            python::watched(py, || run_machine(arguments, &target, &installation, interrupt));
        interpreter::exit(py);
        // The terminal is as it was before: what was printed since its last line is shown as it is.
        output::print_last(runtime::take_printed());
        outcome
    })
}

fn run_machine(
    arguments: &RunArguments,
    target: &Target,
    installation: &Installation,
    interrupt: Arc<AtomicUsize>,
) -> Result<u8, Failure> {
    // A long run need not end to find out that its picture cannot be saved.
    if let Some(path) = &arguments.screenshot {
        Picture::check_place(path).map_err(|error| Failure::plain(error.to_string()))?;
    }
    let file = arguments.audio_out.as_deref();
    let is_audible = !arguments.headless;
    // A run without devices is the same for everybody.
    let (choice, problem) =
        if is_audible { outside::chosen_devices() } else { (AudioChoice::default(), None) };
    let choice = arguments.devices(choice);
    let (audio, silence) = outside::open_audio(is_audible, file, &choice)?;
    let capture = outside::open_capture(is_audible, arguments.capture.as_deref(), &choice)?;
    let builder = Machine::builder()
        .hz(arguments.hz)
        .seed(arguments.seed)
        .verbosity(arguments.verbosity)
        .frame_budget(arguments.frame_budget)
        .idle(DetachedIdle)
        .audio(audio)
        .capture(capture)
        .interpreter(PythonInterpreter::default())
        .releaser(KeptReleaser::new())
        .interrupt(interrupt);
    let builder = with_front_end(builder, arguments)?;
    #[cfg(feature = "remote")]
    let remote = arguments.ssh_address().map(remote::bind).transpose()?;
    #[cfg(feature = "remote")]
    let builder = match &remote {
        Some(remote) => builder.front_end(remote.clone()).alert_sink(remote.clone()),
        None => builder,
    };
    let mut machine = with_clock(builder, arguments).build();
    runtime::set_senders(machine.world());
    load(&mut machine, target, installation)?;
    if let Some(file) = &arguments.bindings {
        BindingsPlace::File(file.clone()).open(machine.world_mut());
    }
    // A script that has ended the machine while it was loaded needs no window.
    let is_stopped = machine.world().resource::<Stop>().0.is_some();
    if arguments.headless || is_stopped {
        outside::attach_offscreen(&mut machine);
    } else {
        outside::attach_window(&mut machine).map_err(|error| Failure::plain(error.to_string()))?;
    }
    outside::attach_toolkit(&mut machine);
    if arguments.is_watching() {
        outside::watch(&mut machine);
    }
    machine.world_mut().insert_resource(choice);
    if let Some(problem) = problem {
        outside::alert_choice(&mut machine, &problem);
    }
    if let Some(reason) = silence {
        outside::alert_silence(&mut machine, &reason);
    }
    #[cfg(feature = "remote")]
    if let Some(remote) = &remote {
        remote::serve(remote, &machine)?;
    }
    for line in &arguments.eval {
        let mut console = machine.world_mut().resource_mut::<Console>();
        console.submit(SessionId::LOCAL, line.clone());
    }
    let status = machine.run(arguments.ticks);
    finish(&mut machine, arguments)?;
    Ok(exit_code(&mut machine, arguments, status))
}

/// Where lines come from, and where what they came to and alerts are shown.
fn with_front_end(
    builder: MachineBuilder,
    arguments: &RunArguments,
) -> Result<MachineBuilder, Failure> {
    #[cfg(feature = "terminal")]
    if arguments.has_console() {
        let ends_machine = arguments.ticks.is_none();
        let console = Python::attach(|py| LocalConsole::open(py, ends_machine))?;
        return Ok(builder.front_end(console.clone()).alert_sink(console));
    }
    let _ = arguments;
    Ok(builder.front_end(Streams).alert_sink(StderrAlerts))
}

fn with_clock(builder: MachineBuilder, arguments: &RunArguments) -> MachineBuilder {
    match arguments.pace() {
        ClockChoice::Real => builder.clock(RealClock::default()),
        ClockChoice::Virtual => builder.clock(VirtualClock),
    }
}

/// Writes what was asked for of the end: picture, sound, digest.
fn finish(machine: &mut Machine, arguments: &RunArguments) -> Result<(), Failure> {
    if let Some(path) = &arguments.screenshot {
        let picture = machine.picture().map_err(|error| Failure::plain(error.to_string()))?;
        picture.save_png(path).map_err(|error| Failure::plain(error.to_string()))?;
    } else {
        machine.look();
    }
    machine.finish_audio().map_err(|error| Failure::plain(error.to_string()))?;
    if arguments.digest {
        let digest = machine.digest();
        output::print(format_args!("{digest}\n"))?;
    }
    Ok(())
}

/// The machine's own status; where that is 0, 1 if a process is held or a console line failed.
fn exit_code(machine: &mut Machine, arguments: &RunArguments, status: i32) -> u8 {
    let world = machine.world();
    let held: Vec<_> = process::all(world)
        .into_iter()
        .filter(|process| world.get::<Held>(*process).is_some())
        .map(|process| process::instance_name(world, process))
        .collect();
    if !held.is_empty() {
        output::complain(format_args!("held by a fault at the end: {}", held.join(", ")));
    }
    let console = world.resource::<Console>();
    if console.waiting() > 0 && !arguments.has_console() {
        output::complain("the lines of --eval were not reached: they run at the first tick");
    }
    // Whoever sits at a console has seen what failed there; who reads what comes out of a pipe has the
    // status alone.
    let is_seen = arguments.has_console() && is_keyboard();
    let lines = if is_seen { 0 } else { console.failures() + console.waiting() };
    let failed = !held.is_empty() || lines > 0;
    match u8::try_from(status.rem_euclid(256)).unwrap_or(AT_FAULT) {
        0 if failed => AT_FAULT,
        status => status,
    }
}

/// Whether console lines are typed by somebody who sees what they come to.
fn is_keyboard() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Where the number of a signal that ends the program stands once there is one. A second Ctrl-C
/// ends it where it stands.
fn catch_signals() -> Result<Arc<AtomicUsize>, Failure> {
    let number = Arc::new(AtomicUsize::new(0));
    let is_interrupted = Arc::new(AtomicBool::new(false));
    let catch = || {
        let status = 128 + SIGINT;
        signal_hook::flag::register_conditional_shutdown(SIGINT, status, is_interrupted.clone())?;
        signal_hook::flag::register(SIGINT, is_interrupted)?;
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let value = usize::try_from(signal).unwrap_or(0);
            signal_hook::flag::register_usize(signal, number.clone(), value)?;
        }
        // A file that may not grow any more is an error of whoever writes it, not the program's end.
        signal_hook::flag::register(SIGXFSZ, Arc::default())?;
        Ok(number)
    };
    catch().map_err(|error: std::io::Error| {
        Failure::plain(format!("cannot listen for signals: {error}"))
    })
}

/// The console's front end for lines that come from the command line: the standard streams.
struct Streams;

impl FrontEnd for Streams {
    fn show(&mut self, session: SessionId, line: &str, evaluation: &Evaluation) {
        if session != SessionId::LOCAL {
            return;
        }
        if let Err(failure) = output::print(evaluation.whole_output()) {
            output::complain(failure);
        }
        if let Some(error) = &evaluation.error {
            let subject = match line {
                "" => "a line of --eval that waited".to_owned(),
                line => format!("--eval {line:?}"),
            };
            output::complain(format_args!("{subject} failed:\n{error}"));
        }
    }
}
