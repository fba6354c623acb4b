//! Where processes are.

use metapython_engine::motion::{self, Transform};
use pyo3::prelude::*;

use crate::component::Component;
use crate::error::ProcessDeleted;
use crate::lend::with_world;

/// Where an attached `Transform` is in the scene: x, y, rotation and scale; `None` if it is detached.
#[pyfunction]
pub fn absolute_transform(transform: &Component) -> PyResult<Option<(f64, f64, f64, f64)>> {
    let Some(process) = transform.entity() else { return Ok(None) };
    let place = with_world(|world| motion::absolute(world, process))?;
    let Transform { x, y, rotation, scale, .. } = place.ok_or_else(|| {
        ProcessDeleted::new_err("the process of this Transform is deleted, or has none now")
    })?;
    Ok(Some((x, y, rotation, scale)))
}
