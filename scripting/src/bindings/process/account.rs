//! What a process has used, as Python code sees it.

use metapython_engine::process;
use pyo3::prelude::*;

/// What a process has used since it was created.
#[pyclass(frozen, get_all, module = "metapython")]
pub struct Accounting {
    /// Steps made.
    steps: u64,
    /// Time of the last step, seconds.
    last: f64,
    /// Mean time of a step, seconds; 0 before the first.
    mean: f64,
    /// Time of the longest step, seconds.
    max: f64,
    /// Steps that had to wait for a later tick than that of their due time.
    late: u64,
    /// The longest such wait, seconds of simulation time.
    lateness: f64,
    /// Due times passed over, by the process's `missed` policy.
    missed: u64,
    /// Steps that failed.
    faults: u64,
    /// Messages received.
    messages: u64,
}

impl Accounting {
    pub(super) fn of(accounting: process::Accounting) -> Self {
        let process::Accounting {
            steps,
            last_secs: last,
            mean_secs: mean,
            max_secs: max,
            late,
            lateness_secs: lateness,
            missed,
            faults,
            messages,
        } = accounting;
        Self { steps, last, mean, max, late, lateness, missed, faults, messages }
    }
}

#[pymethods]
impl Accounting {
    fn __repr__(&self) -> String {
        let Self { steps, last, mean, max, late, lateness, missed, faults, messages } = self;
        let micros = |secs: &f64| secs * 1e6;
        format!(
            "<{steps} steps of {:.1} µs (last {:.1}, max {:.1}), {late} late (by {lateness:.3} s at \
             most), {missed} missed, {faults} faults, {messages} messages>",
            micros(mean),
            micros(last),
            micros(max)
        )
    }
}
