//! The resident machine: the one that scripts of an ordinary interpreter have.
//!
//! `import metapython` in such an interpreter finds no program that runs a machine, so there is one
//! of its own. It is made on the main thread when something first needs a world, turns in
//! `machine.run()`, and ends with the interpreter. While it does not turn, its world is lent to
//! Python all the time ([`lend`]).
//!
//! The program never has one: [`allow`] is called by the wheel alone.

use std::cell::Cell;
use std::path::PathBuf;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::world::World;
use metapython_engine::alert::{Alert, AlertSink, Level};
use metapython_engine::audio::SoundFolder;
use metapython_engine::clock::{Now, RealClock, VirtualClock};
use metapython_engine::machine::{Machine, Stop};
use metapython_engine::platform::headless::audio::{NoMicrophone, SilentAudio};
use metapython_engine::process::Names;
use metapython_engine::render::DisplayError;
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;

use crate::bindings::alert::follow_logging;
use crate::evaluate::PythonInterpreter;
use crate::interpreter::DetachedIdle;
use crate::kept::KeptReleaser;
use crate::unraisable::UnraisableAlerts;
use crate::watchdog::Watchdog;
use crate::{lend, outside, runtime};

/// Whether this interpreter may have one: it runs no machine of another kind.
static IS_ALLOWED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static STATE: Cell<State> = const { Cell::new(State::Unmade) };
}

/// What there is of the machine on this thread.
#[derive(Clone, Copy)]
enum State {
    /// Nothing yet.
    Unmade,
    /// A machine that does not turn: its world is lent.
    Resting(NonNull<Machine>),
    /// One that turns, or is being made or ended: its world is lent in steps alone.
    Busy,
    /// It has ended, with the interpreter.
    Ended,
    /// This process is a copy of the one that has it.
    Forked,
}

/// Lets this interpreter have a machine as soon as it needs one.
pub fn allow() {
    IS_ALLOWED.store(true, Ordering::Relaxed);
}

/// Keeps a machine of another kind from having a second one beside it.
///
/// # Errors
/// `RuntimeError` if there is a machine in this interpreter.
pub fn give_way() -> PyResult<()> {
    let is_free = matches!(STATE.get(), State::Unmade) && !lend::is_lent();
    if is_free && IS_ALLOWED.swap(false, Ordering::Relaxed) {
        return Ok(());
    }
    Err(PyRuntimeError::new_err(
        "this interpreter has a machine already: start another interpreter",
    ))
}

/// Whether this thread would get a machine if it asked for its world.
///
/// # Errors
/// What Python raises.
pub(crate) fn is_wanted(py: Python<'_>) -> PyResult<bool> {
    let is_unmade = matches!(STATE.get(), State::Unmade) && IS_ALLOWED.load(Ordering::Relaxed);
    Ok(is_unmade && is_main_thread(py)?)
}

/// The world of a machine that is made for it.
///
/// # Errors
/// `RuntimeError` says why there is none to be had here.
pub(crate) fn open() -> PyResult<NonNull<World>> {
    let refused = |text: &str| Err(PyRuntimeError::new_err(text.to_owned()));
    match STATE.get() {
        State::Unmade if IS_ALLOWED.load(Ordering::Relaxed) => (),
        State::Unmade | State::Resting(_) | State::Busy => return refused(lend::UNREACHABLE),
        State::Ended => return refused("the machine has ended, as the interpreter does"),
        State::Forked => {
            return refused(
                "the machine is in the process that this one was forked from; start processes \
                 without a copy of it: multiprocessing.set_start_method(\"spawn\")",
            );
        }
    }
    Python::attach(|py| {
        if !is_main_thread(py)? {
            return refused(lend::UNREACHABLE);
        }
        if py.import("sys")?.call_method0("is_finalizing")?.is_truthy()? {
            return refused("the interpreter ends: there will be no machine any more");
        }
        STATE.set(State::Busy);
        let made = make(py).inspect_err(|_| STATE.set(State::Unmade))?;
        Ok(settle(NonNull::from(Box::leak(Box::new(made)))))
    })
}

fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    let threading = py.import("threading")?;
    let main = threading.call_method0("main_thread")?.getattr("ident")?;
    threading.call_method0("get_ident")?.eq(main)
}

fn make(py: Python<'_>) -> PyResult<Machine> {
    let mut machine = Machine::builder()
        .idle(DetachedIdle)
        .interpreter(PythonInterpreter::default())
        .releaser(KeptReleaser::new())
        .alert_sink(PythonStderr)
        .build();
    let folder = script_folder(py)?;
    machine.set_asset_folder(&folder);
    machine.world_mut().insert_resource(SoundFolder::new(&folder));
    outside::attach_offscreen(&mut machine);
    outside::attach_toolkit(&mut machine);
    py.import("atexit")?.call_method1("register", (wrap_pyfunction!(end, py)?,))?;
    let at_fork = [("after_in_child", wrap_pyfunction!(forked, py)?)];
    py.import("os")?.call_method(
        "register_at_fork",
        (),
        Some(&pyo3::types::IntoPyDict::into_py_dict(at_fork, py)?),
    )?;
    runtime::set_senders(machine.world());
    follow_logging(py, Level::default())?;
    Ok(machine)
}

/// Where images and sounds are looked for: beside the script that the interpreter was started with,
/// or in the working directory.
fn script_folder(py: Python<'_>) -> PyResult<PathBuf> {
    let main = py.import("__main__")?;
    let Some(file) = main.getattr_opt("__file__")? else { return Ok(PathBuf::new()) };
    let file: PathBuf = file.extract().unwrap_or_default();
    Ok(file.parent().map(PathBuf::from).unwrap_or_default())
}

/// Lends the world of a machine that does not turn.
fn settle(mut machine: NonNull<Machine>) -> NonNull<World> {
    STATE.set(State::Resting(machine));
    // SAFETY: the machine was leaked by `open`, and is freed by `end` alone, which runs while it
    // is `Busy`. Nobody else has a reference to it: `turning` gives out one at a time, and the
    // world's is taken from `lend` before that.
    let world = NonNull::from(unsafe { machine.as_mut() }.world_mut());
    lend::lend_for_good(Some(world));
    world
}

/// Has the machine to oneself; its world is lent again afterwards.
struct Turning(NonNull<Machine>);

impl Drop for Turning {
    fn drop(&mut self) {
        // It is a copy by now, where a step has forked.
        if matches!(STATE.get(), State::Busy) {
            settle(self.0);
        }
    }
}

/// Takes the machine, which is made if need be.
///
/// # Errors
/// `RuntimeError` if it turns already, or there is none to be had here.
fn take() -> PyResult<Turning> {
    if matches!(STATE.get(), State::Unmade) && !lend::is_lent() {
        lend::with_world(|_| ())?;
    }
    match STATE.get() {
        State::Resting(machine) if lend::is_lent() => {
            STATE.set(State::Busy);
            lend::lend_for_good(None);
            Ok(Turning(machine))
        }
        State::Unmade | State::Busy | State::Resting(_) => Err(PyRuntimeError::new_err(
            "a machine that turns cannot be run again from within: its steps are called by it. \
             (In a script that `metapython run` starts, leave machine.run() out, or call it under \
             `if __name__ == \"__main__\":`)",
        )),
        State::Ended | State::Forked => {
            Err(open().err().unwrap_or_else(|| PyRuntimeError::new_err(lend::UNREACHABLE)))
        }
    }
}

impl Turning {
    fn machine(&mut self) -> &mut Machine {
        // SAFETY: see `settle`; while this exists the state is `Busy`, so that there is no other.
        unsafe { self.0.as_mut() }
    }
}

/// How a run meets the outside.
#[derive(Clone, Copy, Debug)]
pub struct RunSettings {
    /// How many ticks; without end if there is none.
    pub ticks: Option<u64>,
    /// Whether it is seen and heard.
    pub is_shown: bool,
    /// Whether the clock on the wall paces the ticks.
    pub is_paced: bool,
}

/// Turns the machine until something stops it; returns the exit status.
///
/// # Errors
/// `RuntimeError` if there is no machine to be turned here or no window, `KeyboardInterrupt` on
/// Ctrl-C.
pub fn run(py: Python<'_>, settings: RunSettings) -> PyResult<i32> {
    let mut turning = take()?;
    let machine = turning.machine();
    let _alerts = UnraisableAlerts::install(py)?;
    let _watchdog = Watchdog::start(py)?;
    if settings.is_shown {
        outside::attach_window(machine).map_err(|error| no_window(&error))?;
        let (choice, problem) = outside::chosen_devices();
        problem.into_iter().for_each(|problem| outside::alert_choice(machine, &problem));
        if let Ok((audio, silence)) = outside::open_audio(true, None, &choice) {
            machine.attach_audio(audio);
            silence.into_iter().for_each(|reason| outside::alert_silence(machine, &reason));
        }
        if let Ok(capture) = outside::open_capture(true, None, &choice) {
            machine.attach_capture(capture);
        }
    }
    if settings.is_paced {
        machine.attach_clock(RealClock::default());
    }
    let outcome = turn(py, machine, settings.ticks);
    if settings.is_paced {
        machine.attach_clock(VirtualClock);
    }
    if settings.is_shown {
        outside::attach_offscreen(machine);
        machine.attach_audio(Box::new(SilentAudio));
        machine.attach_capture(Box::new(NoMicrophone));
    }
    outcome
}

/// As the display says it, with the way to run without one that there is here.
fn no_window(error: &DisplayError) -> PyErr {
    PyRuntimeError::new_err(match error {
        DisplayError::NoWindow { reason } => {
            format!("cannot open a window: {reason}; run without one: machine.run(window=False)")
        }
        other => other.to_string(),
    })
}

/// Ctrl-C comes between two turns, not in the middle of a step that has nothing to do with it.
fn turn(py: Python<'_>, machine: &mut Machine, ticks: Option<u64>) -> PyResult<i32> {
    let interrupt = py.import(intern!(py, "metapython._interrupt"))?.getattr("Interrupt")?;
    let interrupt = interrupt.call0()?;
    interrupt.call_method0("begin")?;
    let mut left = ticks;
    machine.run(Some(0));
    let outcome = loop {
        if let Err(error) = py.check_signals() {
            break Err(error);
        }
        match interrupt.getattr(intern!(py, "came")).and_then(|came| came.is_truthy()) {
            Ok(false) => (),
            Ok(true) => break Err(PyKeyboardInterrupt::new_err(())),
            Err(error) => break Err(error),
        }
        if let Some(status) = machine.world_mut().resource_mut::<Stop>().0.take() {
            break Ok(status);
        }
        if left == Some(0) {
            break Ok(0);
        }
        machine.run(Some(1));
        left = left.map(|left| left - 1);
    };
    interrupt.call_method0("end")?;
    outcome
}

/// Sets what the machine is made with, before there is anything in it.
///
/// # Errors
/// `RuntimeError` if there is, or if the machine is the program's.
pub fn set_up(what: &str, act: impl FnOnce(&mut Machine)) -> PyResult<()> {
    if matches!(STATE.get(), State::Unmade) && !IS_ALLOWED.load(Ordering::Relaxed) {
        let text = format!("{what} is the program's to decide: metapython run --{what}");
        return Err(PyRuntimeError::new_err(text));
    }
    let mut turning = take()?;
    let machine = turning.machine();
    let world = machine.world();
    if world.resource::<Now>().tick > 0 || world.resource::<Names>().iter().next().is_some() {
        let text = format!("{what} can only be set before the first process is created");
        return Err(PyRuntimeError::new_err(text));
    }
    act(machine);
    Ok(())
}

/// Ends the machine: the interpreter ends.
#[pyfunction]
fn end() -> PyResult<()> {
    if !matches!(STATE.get(), State::Resting(_)) {
        return Ok(()); // It is a copy, or has ended.
    }
    let mut turning = take()?;
    turning.machine().end();
    // SAFETY: `open` leaked it from a box. The state stays `Busy` while it is dropped, and becomes
    // `Ended` before `turning` is, so that nobody finds it any more.
    drop(unsafe { Box::from_raw(turning.0.as_ptr()) });
    STATE.set(State::Ended);
    Ok(())
}

/// Forgets the machine, which is the parent's.
#[pyfunction]
fn forked() {
    if let State::Resting(_) = STATE.replace(State::Forked) {
        lend::lend_for_good(None);
    }
}

/// Alerts on `sys.stderr`, where whoever works with this interpreter looks: a notebook's cell.
struct PythonStderr;

impl AlertSink for PythonStderr {
    fn alert(&mut self, alert: &Alert) {
        // A closed stream, or none, is no reason to stop a machine.
        let _ = Python::attach(|py| {
            let stderr = py.import(intern!(py, "sys"))?.getattr(intern!(py, "stderr"))?;
            stderr.call_method1(intern!(py, "write"), (format!("{alert}\n"),)).map(drop)
        });
    }
}
