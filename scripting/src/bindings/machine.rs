//! The machine as Python code sees it.

use metapython_engine::clock::{HZ_RANGE, Now};
use metapython_engine::machine::{Seed, Stop};
use metapython_engine::process::{self, Names};
use metapython_engine::schedule::FrameBudget;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList};

use super::alert;
use super::process::instance;
use crate::argument::{Given, number, text, truth, whole, wrong_value};
use crate::lend::with_world;
use crate::resident::{self, RunSettings};
use crate::watchdog;

/// The machine: its clock, its processes, its end.
#[pyclass(frozen, name = "Machine", module = "metapython")]
pub struct MachineHandle;

#[pymethods]
impl MachineHandle {
    /// Number of the current tick; 0 before the first.
    #[getter]
    fn tick(&self) -> PyResult<u64> {
        with_world(|world| world.resource::<Now>().tick)
    }

    /// Simulation time of the current tick, seconds.
    #[getter]
    fn time(&self) -> PyResult<f64> {
        with_world(|world| world.resource::<Now>().time().as_secs())
    }

    /// Ticks a second, 1 to 100,000; 60 unless said otherwise.
    ///
    /// In an ordinary interpreter it can be set before the first process is created; in the program
    /// `--hz` sets it.
    #[getter]
    fn hz(&self) -> PyResult<u32> {
        with_world(|world| world.resource::<Now>().hz)
    }

    #[setter]
    fn set_hz(&self, hz: &Bound<'_, PyAny>) -> PyResult<()> {
        let takes = format!("a whole number from {} to {}", HZ_RANGE.start(), HZ_RANGE.end());
        let number = whole("machine.hz", &takes, hz)?;
        if !HZ_RANGE.contains(&number) {
            return Err(wrong_value("machine.hz", &takes, hz));
        }
        let hz = number;
        resident::set_up("hz", |machine| machine.set_hz(hz))
    }

    /// The seed of every random source, 0 and up.
    ///
    /// In an ordinary interpreter it can be set before the first process is created, and only then
    /// the generators of `random` and NumPy follow from it; in the program `--seed` sets it.
    #[getter]
    fn seed(&self) -> PyResult<u64> {
        with_world(|world| world.resource::<Seed>().0)
    }

    #[setter]
    fn set_seed(&self, py: Python<'_>, seed: &Bound<'_, PyAny>) -> PyResult<()> {
        let takes = format!("a whole number from 0 to {}", u64::MAX);
        let seed: u64 = whole("machine.seed", &takes, seed)?;
        resident::set_up("seed", |machine| machine.set_seed(seed))?;
        py.import("metapython._random")?.call_method1("seed", (seed,)).map(drop)
    }

    /// How long a step may take, seconds of real time; 0 if as long as it likes.
    #[getter]
    fn step_limit(&self) -> f64 {
        watchdog::step_limit().map_or(0.0, |limit| limit.as_secs_f64())
    }

    /// Sets how long a step may take: 0.001 to 86,400 seconds, or 0.
    #[setter]
    fn set_step_limit(&self, seconds: &Bound<'_, PyAny>) -> PyResult<()> {
        let (min, max) = (watchdog::MIN_STEP_LIMIT, watchdog::MAX_STEP_LIMIT);
        let (min, max) = (min.as_secs_f64(), max.as_secs_f64());
        let takes = format!("0 (none) or {min} to {max} seconds");
        let valid = |secs| watchdog::limit_from_secs(secs).is_ok();
        let seconds = number("machine.step_limit", &takes, seconds, valid)?;
        let limit = watchdog::limit_from_secs(seconds).map_err(PyValueError::new_err)?;
        watchdog::set_step_limit(limit);
        Ok(())
    }

    /// The share of a tick that its steps may use, above 0 and up to 1; 0.8 unless said otherwise.
    ///
    /// What does not fit waits for the next tick, by priority, and rises as it waits. It holds where a
    /// real clock paces the ticks: under the virtual one every step that is due is made.
    #[getter]
    fn frame_budget(&self) -> PyResult<f64> {
        with_world(|world| world.resource::<FrameBudget>().share())
    }

    #[setter]
    fn set_frame_budget(&self, share: &Bound<'_, PyAny>) -> PyResult<()> {
        let (what, takes) = ("machine.frame_budget", "a number above 0 and up to 1");
        let number = number(what, takes, share, |_| true)?;
        let budget = FrameBudget::of(number).ok_or_else(|| wrong_value(what, takes, share))?;
        with_world(|world| world.insert_resource(budget))
    }

    /// Turns the machine, in an ordinary interpreter, for a number of ticks or until something
    /// calls `stop`; returns the status that was given to that, or 0.
    ///
    /// With `window` it is seen and heard, until the window is closed. `clock` paces the ticks:
    /// "real", which is the default with a window, or "virtual", as fast as they can be. It can be
    /// called again, and goes on where it was.
    ///
    /// Raises `RuntimeError` in a step, in the program, or if there is no screen for a window;
    /// `ValueError` for a clock or number of ticks that does not exist; `KeyboardInterrupt` on
    /// Ctrl-C.
    #[pyo3(
        signature = (ticks = None, *, window = Given::NOT, clock = None),
        text_signature = "($self, ticks=None, *, window=False, clock=None)"
    )]
    fn run(
        &self,
        py: Python<'_>,
        ticks: Option<&Bound<'_, PyAny>>,
        window: Given<'_>,
        clock: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<i32> {
        let takes = "a whole number from 0, or None for no end";
        let ticks = ticks.map(|ticks| whole("machine.run(ticks)", takes, ticks)).transpose()?;
        let window = window.or(false, |window| truth("machine.run(window)", window))?;
        let is_paced = match clock {
            None => window,
            Some(clock) => {
                let (what, takes) = ("machine.run(clock)", "\"real\" or \"virtual\"");
                match text(what, takes, clock)? {
                    "real" => true,
                    "virtual" => false,
                    _ => return Err(wrong_value(what, takes, clock)),
                }
            }
        };
        resident::run(py, RunSettings { ticks, is_shown: window, is_paced })
    }

    /// All processes, in the order in which they were created.
    #[getter]
    fn processes(&self, py: Python<'_>) -> PyResult<Vec<Py<PyAny>>> {
        with_world(|world| {
            let all = process::all(world);
            all.into_iter().filter_map(|process| instance(world, py, process)).collect()
        })
    }

    /// The loudest level of alerts that is shown: `error`, `v`, `vv`, `vvv` or `vvvv`. What is logged
    /// follows it.
    #[getter]
    fn verbosity(&self) -> PyResult<&'static str> {
        alert::verbosity()
    }

    #[setter]
    fn set_verbosity(&self, py: Python<'_>, level: &Bound<'_, PyAny>) -> PyResult<()> {
        alert::set_verbosity(py, level)
    }

    /// The last thousand alerts and those of this tick, oldest first: tuples of `time` (of simulation,
    /// seconds), `source`, `level` and `text`.
    #[getter]
    fn alerts<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        alert::recent(py)
    }

    /// Ends the machine after the current tick; the program's exit status is `status`.
    #[pyo3(signature = (status = Given::NOT), text_signature = "($self, status=0)")]
    fn stop(&self, status: Given<'_>) -> PyResult<()> {
        let takes = "a whole number of 32 bits; the program ends with the lowest 8 of them";
        let status = status.or(0, |status| whole("machine.stop(status)", takes, status))?;
        with_world(|world| world.resource_mut::<Stop>().0 = Some(status))
    }

    /// Creates processes from source: `text` becomes a module of its own (`source1`, `source2`, ...),
    /// and if it creates no process, one of each process class that it defines is started, with the
    /// keywords. Returns the processes that came of it.
    ///
    /// Raises what compiling and running the text raises, `LookupError` if it defines no process;
    /// nothing stays behind then.
    #[pyo3(signature = (text, /, **keywords))]
    fn spawn_source<'py>(
        &self,
        text: &Bound<'py, PyAny>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = text.py();
        let source = py.import(intern!(py, "metapython._source"))?;
        source.call_method(intern!(py, "spawn_source"), (text,), keywords)
    }

    /// Gives a class and its living objects a new version: `text` defines the class again, with
    /// whatever else of its module is to change.
    ///
    /// Objects keep their attributes and get new defaults; a changed default is taken over where an
    /// object still has the old one. Then `migrate(old_version)` is called on each.
    ///
    /// Raises what goes wrong in compiling, running or migrating, `LookupError` if the text does not
    /// define the class, `TypeError` for a change that living objects cannot follow, and for a class
    /// that no script defines, before anything is run; nothing has changed then. If the first step of an object fails later, everything goes back to the old
    /// version, and an alert says why.
    #[pyo3(signature = (cls, text, /))]
    fn update(&self, cls: &Bound<'_, PyAny>, text: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = cls.py();
        let update = py.import(intern!(py, "metapython._update"))?;
        update.call_method1(intern!(py, "update"), (cls, text)).map(drop)
    }

    /// The process called `name`; `KeyError` if there is none.
    fn __getitem__(&self, py: Python<'_>, name: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let name = text("machine[...]", "the instance name of a process", name)?;
        let found = with_world(|world| {
            let process = world.resource::<Names>().get(name)?;
            instance(world, py, process)
        })?;
        found.ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> PyResult<bool> {
        let name = text("machine[...]", "the instance name of a process", name)?;
        with_world(|world| world.resource::<Names>().get(name).is_some())
    }

    /// The names of all processes, in the order in which they were created.
    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        let names: Vec<_> = with_world(|world| {
            let all = process::all(world).into_iter();
            all.map(|process| process::instance_name(world, process)).collect()
        })?;
        PyList::new(py, names)?.try_iter()
    }

    fn __len__(&self) -> PyResult<usize> {
        with_world(|world| world.resource::<Names>().len())
    }

    fn __repr__(&self) -> PyResult<String> {
        with_world(|world| {
            let now = world.resource::<Now>();
            let count = world.resource::<Names>().len();
            format!("<machine at tick {} of {} Hz, {count} processes>", now.tick, now.hz)
        })
    }
}
