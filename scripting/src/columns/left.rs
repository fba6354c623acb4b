//! What blocks of columns leave for the next ones with the same components.
//!
//! It is kept in the world, for some time: to ask for memory anew, and to read what nobody has
//! changed, would cost more than a small block does.

use bevy_ecs::resource::Resource;
use metapython_engine::clock::Now;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::lend::with_world;

/// What blocks have left for later ones with the same components, the last one to the right.
#[derive(Default, Resource)]
struct Left(Vec<Block>);

struct Block {
    components: Vec<Py<PyType>>,
    left: Py<PyAny>,
    tick: u64,
}

/// How many sets of components are remembered: a program rarely has more in use.
const MOST_LEFT: usize = 16;

/// For how many ticks of the machine what a block has left is kept for the next: ten seconds at the
/// usual rate.
const KEPT_TICKS: u64 = 600;

impl Left {
    /// Takes out what the last block with these components has left.
    fn take(&mut self, components: &[Bound<'_, PyType>]) -> Option<Block> {
        let is_meant = |block: &Block| {
            let mut pairs = block.components.iter().zip(components);
            block.components.len() == components.len() && pairs.all(|(one, other)| one.is(other))
        };
        let position = self.0.iter().position(is_meant)?;
        Some(self.0.remove(position))
    }

    /// Takes out what nobody has used for long, and what is over the most.
    fn take_old(&mut self, now: u64) -> Vec<Block> {
        let old = self.0.iter().take_while(|block| block.tick + KEPT_TICKS < now).count();
        let old = old.max(self.0.len().saturating_sub(MOST_LEFT));
        self.0.drain(..old).collect()
    }
}

/// Takes what the last block with these components has left.
#[pyfunction]
pub fn take_columns(components: Vec<Bound<'_, PyType>>) -> PyResult<Option<Py<PyAny>>> {
    let (block, _old) = with_world(|world| {
        let now = world.resource::<Now>().tick;
        let mut left = world.get_resource_or_init::<Left>();
        (left.take(&components), left.take_old(now))
    })?;
    Ok(block.map(|block| block.left))
}

/// Leaves something for the next block with these components.
#[pyfunction]
pub fn leave_columns(components: Vec<Bound<'_, PyType>>, left: Py<PyAny>) -> PyResult<()> {
    // What goes does so when the world is free again: Python code may run.
    let _old = with_world(|world| {
        let tick = world.resource::<Now>().tick;
        let mut blocks = world.get_resource_or_init::<Left>();
        let earlier = blocks.take(&components);
        let components = components.into_iter().map(Bound::unbind).collect();
        blocks.0.push(Block { components, left, tick });
        (earlier, blocks.take_old(tick))
    })?;
    Ok(())
}
