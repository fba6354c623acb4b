//! What a process class and its objects say of how they are stepped, as Python code gives it.

use metapython_engine::clock::Flicks;
use metapython_engine::input::{Control, Hotkeys};
use metapython_engine::message::MAX_MEMORY_SIZE;
use metapython_engine::nearest::{did_you_mean, nearest};
use metapython_engine::process::{self, Interval, Missed, Priority};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyMapping;

use crate::argument::{Given, number, text, whole, wrong_type, wrong_value};
use crate::error::value_error;

/// Restart(limit=3, within=10.0)
/// --
///
/// Lets a process go on after a failed step: it starts anew, with `start()` and, if `run` is a
/// coroutine, from its beginning; its attributes stay. After `limit` restarts (1 and up) within
/// `within` seconds of simulation time, above 0, it is held.
///
/// Raises `ValueError` outside of these ranges.
#[pyclass(frozen, eq, hash, module = "metapython")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Restart {
    /// How many restarts are let pass.
    #[pyo3(get)]
    limit: u32,
    within: Flicks,
}

#[pymethods]
impl Restart {
    #[new]
    #[pyo3(
        signature = (limit = Given::NOT, within = Given::NOT),
        text_signature = "(limit=3, within=10.0)"
    )]
    fn new(limit: Given<'_>, within: Given<'_>) -> PyResult<Self> {
        let default = process::Restart::default();
        let limit = limit.or(default.limit, |limit| {
            let takes = "a whole number from 1 to 4294967295 (restart=None is no restart)";
            let number = whole("Restart(limit)", takes, limit)?;
            if number > 0 { Ok(number) } else { Err(wrong_value("Restart(limit)", takes, limit)) }
        })?;
        let within = within.or(default.within, |within| {
            let takes = format!("a number of seconds above 0 and up to {:e}", Flicks::MAX_SECS);
            let valid = |secs| secs > 0.0 && secs <= Flicks::MAX_SECS;
            let secs = number("Restart(within)", &takes, within, valid)?;
            Flicks::from_secs(secs).map_err(|error| value_error(&error))
        })?;
        Ok(Self { limit, within })
    }

    /// The time in which they count, seconds.
    #[getter]
    fn within(&self) -> f64 {
        self.within.as_secs()
    }

    fn __repr__(&self) -> String {
        format!("Restart(limit={}, within={})", self.limit, self.within())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, pyo3::types::PyType>, (u32, f64)) {
        (slf.get_type(), (slf.get().limit, slf.get().within()))
    }
}

impl Restart {
    /// The engine's, as Python code sees it.
    pub fn of(restart: process::Restart) -> Self {
        Self { limit: restart.limit, within: restart.within }
    }
}

/// The priority that `value` is; `owner` is the class in messages.
///
/// # Errors
/// `TypeError` if it is no whole number, `ValueError` if it has more than 32 bits.
pub(super) fn priority_of(owner: &str, value: &Bound<'_, PyAny>) -> PyResult<Priority> {
    let takes = format!("a whole number from {} to {}", i32::MIN, i32::MAX);
    whole(&format!("{owner}.priority"), &takes, value).map(Priority)
}

/// The interval that `value` is.
///
/// # Errors
/// `TypeError` if it is no number, `ValueError` if no process can have this interval.
pub(super) fn interval_of(owner: &str, value: &Bound<'_, PyAny>) -> PyResult<Interval> {
    let (what, min, max) = (format!("{owner}.interval"), Interval::MIN_SECS, Flicks::MAX_SECS);
    let takes = format!("0 (every tick) or {min} to {max:e} seconds");
    let secs = number(&what, &takes, value, |_| true)?;
    Interval::from_secs(secs).map_err(|_| wrong_value(&what, &takes, value))
}

/// The policy for missed due times that `value` names.
///
/// # Errors
/// `TypeError` if it is no text, `ValueError` if it names none.
pub(super) fn missed_of(owner: &str, value: &Bound<'_, PyAny>) -> PyResult<Missed> {
    let (what, takes) = (format!("{owner}.missed"), "\"skip\", \"burst\" or \"delay\"");
    let name = text(&what, takes, value)?;
    let found = Missed::ALL.into_iter().find(|(known, _)| *known == name);
    found.map(|(_, policy)| policy).ok_or_else(|| wrong_value(&what, takes, value))
}

/// The limit of restarts that `value` is; `None` is none.
///
/// # Errors
/// `TypeError` if it is neither.
pub(super) fn restart_of(
    owner: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<Option<process::Restart>> {
    if value.is_none() {
        return Ok(None);
    }
    let takes = "a Restart(...) or None";
    let restart = value.cast::<Restart>();
    let restart = restart.map_err(|_| wrong_type(&format!("{owner}.restart"), takes, value))?;
    let Restart { limit, within } = *restart.get();
    Ok(Some(process::Restart { limit, within }))
}

/// The size of a mailbox that `value` is, bytes.
///
/// # Errors
/// `TypeError` if it is no whole number, `ValueError` if no mailbox can have it.
pub(super) fn memory_size_of(owner: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    let what = format!("{owner}.memory_size");
    let takes = format!("a whole number from 0 to {MAX_MEMORY_SIZE} bytes");
    let size = whole(&what, &takes, value)?;
    if size <= MAX_MEMORY_SIZE { Ok(size) } else { Err(wrong_value(&what, &takes, value)) }
}

/// The hotkeys that `value` says: what is pressed, and the names of methods.
///
/// # Errors
/// `TypeError` if it is no dict of texts, `ValueError` if there is no such key.
pub(super) fn hotkeys_of(owner: &str, value: &Bound<'_, PyAny>) -> PyResult<Hotkeys> {
    let takes = "a dict of keys and names of methods, like {\"Ctrl+S\": \"save\"}";
    let what = format!("{owner}.hotkeys");
    let pairs = value.cast::<PyMapping>().map_err(|_| wrong_type(&what, takes, value))?.items()?;
    let hotkey = |pair: Bound<'_, PyAny>| {
        let (key, method): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
        let (name, method) = (text(&what, takes, &key)?, text(&what, takes, &method)?);
        let control = Control::parse(name)
            .map_err(|error| PyValueError::new_err(format!("{what}[{name:?}]: {error}")))?;
        Ok((control, method.to_owned()))
    };
    let hotkeys = pairs.iter().map(hotkey).collect::<PyResult<Vec<_>>>()?;
    for (index, (control, _)) in hotkeys.iter().enumerate() {
        if hotkeys[..index].iter().any(|(other, _)| other == control) {
            let text = format!("{what} has {:?} twice", control.to_string());
            return Err(PyValueError::new_err(text));
        }
    }
    Ok(Hotkeys(hotkeys))
}

/// The same of a process, which must have the methods.
///
/// # Errors
/// As [`hotkeys_of`], and `TypeError` if a method is missing.
pub(super) fn hotkeys_on(
    process: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
) -> PyResult<Hotkeys> {
    let class = process.get_type();
    let owner = class.name()?;
    let hotkeys = hotkeys_of(owner.to_str()?, value)?;
    for (control, method) in &hotkeys.0 {
        if !class.getattr(method).is_ok_and(|method| method.is_callable()) {
            let names: Vec<String> = class.dir()?.extract()?;
            let near = nearest(method, names.iter().map(String::as_str));
            return Err(PyTypeError::new_err(format!(
                "{owner}.hotkeys[{:?}] calls {method}(), and {owner} has no such method{}",
                control.to_string(),
                did_you_mean(near.as_deref())
            )));
        }
    }
    Ok(hotkeys)
}

/// Raises `TypeError` or `ValueError` unless a class called `owner` can have this value of a setting.
#[pyfunction]
pub fn check_setting(owner: &str, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    match name {
        "priority" => priority_of(owner, value).map(drop),
        "interval" => interval_of(owner, value).map(drop),
        "missed" => missed_of(owner, value).map(drop),
        "restart" => restart_of(owner, value).map(drop),
        "memory_size" => memory_size_of(owner, value).map(drop),
        "hotkeys" => hotkeys_of(owner, value).map(drop),
        _ => Err(PyValueError::new_err(format!("processes have no setting {name:?}"))),
    }
}
