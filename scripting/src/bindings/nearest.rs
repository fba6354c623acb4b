//! The name that somebody probably meant.

use metapython_engine::nearest;
use pyo3::prelude::*;

/// The end of a message about a name that does not exist: which of `names` was meant, if one is near.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "a list of Python's is converted to a new one")]
pub fn did_you_mean(name: &str, names: Vec<String>) -> String {
    let near = nearest::nearest(name, names.iter().map(String::as_str));
    nearest::did_you_mean(near.as_deref())
}
