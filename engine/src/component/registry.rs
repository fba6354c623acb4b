//! The component kinds that a world knows by name.

use std::sync::Arc;

use bevy_ecs::resource::Resource;

use super::{ComponentError, ComponentKind, Fields};
use crate::nearest::nearest;

/// The component kinds that scenes and scripts can name, in the order of their registration.
///
/// A name is that of the component, `Health`. Where another module has taken it first, or the
/// engine has, a script's component goes by its module too: `monsters.Health`, which finds any
/// script's component.
#[derive(Clone, Debug, Default, Resource)]
pub struct ComponentRegistry {
    kinds: Vec<ComponentKind>,
}

/// Whether somebody who writes `name` means the component called `component`: in any case, and with
/// underscores wherever they are wanted. `HitBox` is `hit_box`, as scripts have it.
pub(crate) fn is_meant(component: &str, name: &str) -> bool {
    let letters = |name: &str| {
        name.chars().filter(|char| *char != '_').flat_map(char::to_lowercase).collect::<String>()
    };
    letters(component) == letters(name)
}

impl ComponentRegistry {
    /// Makes the native component `C` known by its name.
    pub fn register<C: Fields>(&mut self) {
        if self.get(C::NAME).is_none() {
            self.kinds.push(ComponentKind::of::<C>());
        }
    }

    /// Makes a component that a script declares known.
    ///
    /// It takes the place of an earlier version of itself. An earlier one with other fields stays
    /// beside it, for the processes that still have it, without a name of its own.
    pub fn declare(&mut self, kind: &ComponentKind) {
        let is_known = |known: &ComponentKind| Arc::ptr_eq(&known.access, &kind.access);
        if self.kinds.iter().any(is_known) {
            return;
        }
        match self.kinds.iter_mut().find(|known| known.is(kind)) {
            Some(known) => *known = kind.clone(),
            None => self.kinds.push(kind.clone()),
        }
    }

    /// All kinds, in the order of their registration.
    pub fn iter(&self) -> impl Iterator<Item = &ComponentKind> {
        self.kinds.iter()
    }

    /// The kind called `name`.
    pub fn get(&self, name: &str) -> Option<&ComponentKind> {
        if let Some((module, name)) = name.rsplit_once('.') {
            let is_meant = |kind: &&ComponentKind| {
                *kind.name == *name && kind.module.as_deref() == Some(module)
            };
            return self.kinds.iter().rfind(is_meant);
        }
        let first = self.kinds.iter().find(|kind| *kind.name == *name)?;
        // The newest version of the one that has the name.
        self.kinds.iter().rfind(|kind| *kind.name == *name && kind.module == first.module)
    }

    /// The kind called `name`.
    ///
    /// # Errors
    /// [`ComponentError::UnknownComponent`] names the nearest kind that exists.
    pub fn find(&self, name: &str) -> Result<&ComponentKind, ComponentError> {
        self.get(name).ok_or_else(|| ComponentError::UnknownComponent {
            name: name.to_owned(),
            nearest: nearest(name, self.kinds.iter().map(|kind| kind.name.as_ref())),
        })
    }

    /// What the world calls a kind that it knows.
    pub fn name_of(&self, kind: &ComponentKind) -> String {
        match (&kind.module, self.get(&kind.name)) {
            (Some(module), Some(first)) if first.module != kind.module => {
                format!("{module}.{}", kind.name)
            }
            _ => kind.name.to_string(),
        }
    }
}
