//! The machine as Python code sees it.

use metapython_engine::clock::Now;
use metapython_engine::machine::{Seed, Stop};
use metapython_engine::process::{self, Names};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList, PyType};

use super::alert;
use super::process::instance;
use crate::lend::with_world;
use crate::watchdog;

/// The machine that runs this program: its clock, its processes, its end.
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

    /// Ticks a second.
    #[getter]
    fn hz(&self) -> PyResult<u32> {
        with_world(|world| world.resource::<Now>().hz)
    }

    /// The seed of every random source.
    #[getter]
    fn seed(&self) -> PyResult<u64> {
        with_world(|world| world.resource::<Seed>().0)
    }

    /// How long a step may take, seconds of real time; 0 if as long as it likes.
    #[getter]
    fn step_limit(&self) -> f64 {
        watchdog::step_limit().map_or(0.0, |limit| limit.as_secs_f64())
    }

    /// Sets how long a step may take: 0.001 to 86,400 seconds, or 0.
    #[setter]
    fn set_step_limit(&self, seconds: f64) -> PyResult<()> {
        let limit = watchdog::limit_from_secs(seconds).map_err(PyValueError::new_err)?;
        watchdog::set_step_limit(limit);
        Ok(())
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
    fn set_verbosity(&self, py: Python<'_>, level: &str) -> PyResult<()> {
        alert::set_verbosity(py, level)
    }

    /// The last thousand alerts and those of this tick, oldest first: tuples of `time` (of simulation,
    /// seconds), `source`, `level` and `text`.
    #[getter]
    fn alerts<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        alert::recent(py)
    }

    /// Ends the machine after the current tick; the program's exit status is `status`.
    #[pyo3(signature = (status = 0))]
    fn stop(&self, status: i32) -> PyResult<()> {
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
    /// define the class, `TypeError` for a change that living objects cannot follow; nothing has
    /// changed then. If the first step of an object fails later, everything goes back to the old
    /// version, and an alert says why.
    #[pyo3(signature = (cls, text, /))]
    fn update(&self, cls: &Bound<'_, PyType>, text: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = cls.py();
        let update = py.import(intern!(py, "metapython._update"))?;
        update.call_method1(intern!(py, "update"), (cls, text)).map(drop)
    }

    /// The process called `name`; `KeyError` if there is none.
    fn __getitem__(&self, py: Python<'_>, name: &str) -> PyResult<Py<PyAny>> {
        let found = with_world(|world| {
            let process = world.resource::<Names>().get(name)?;
            instance(world, py, process)
        })?;
        found.ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    fn __contains__(&self, name: &str) -> PyResult<bool> {
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
