//! What scripts put into components and the engine does not understand.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use bevy_ecs::world::World;

use crate::value::Value;

/// Something that only scripts know. Whoever implements it sees to it that a drop is harmless
/// wherever it happens, also while the world is being changed.
pub trait Opaque: Any + Send + Sync {
    /// What it is as plain data, for digests and inspection.
    fn describe(&self, world: &mut World) -> Value;
}

/// A shared reference to something that only scripts know.
#[derive(Clone)]
pub struct Object(Arc<dyn Opaque>);

impl Object {
    /// Wraps what a script gives.
    pub fn new(content: impl Opaque) -> Self {
        Self(Arc::new(content))
    }

    /// The content, if it is a `T`.
    pub fn downcast_ref<T: Opaque>(&self) -> Option<&T> {
        (&*self.0 as &dyn Any).downcast_ref()
    }

    /// Whether this is the only reference to the content.
    pub fn is_unshared(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }

    /// What it is as plain data.
    pub fn describe(&self, world: &mut World) -> Value {
        self.0.describe(world)
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Object")
    }
}
