//! Instance names: one for each process, never two alike.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::DeferredWorld;
use thiserror::Error;

use super::prefix;
use crate::nearest::{MAX_CANDIDATES, nearest};

/// The unique name of a process: `Ball`, `Ball1`, `Ball2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Component)]
#[component(immutable, on_add = taken, on_remove = freed)]
pub struct InstanceName(Arc<str>);

impl InstanceName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn taken(mut world: DeferredWorld<'_>, context: HookContext) {
    if let Some(name) = world.get::<InstanceName>(context.entity).cloned() {
        let mut names = world.resource_mut::<Names>();
        names.sorted.insert(Arc::clone(&name.0), context.entity);
        names.by_name.insert(name.0, context.entity);
    }
}

fn freed(mut world: DeferredWorld<'_>, context: HookContext) {
    if let Some(name) = world.get::<InstanceName>(context.entity).cloned() {
        let mut names = world.resource_mut::<Names>();
        // Another may have the name, if those of all were set aside.
        if names.get(&name.0) == Some(context.entity) {
            names.by_name.remove(&name.0);
            names.sorted.remove(&name.0);
        }
    }
}

/// A name that a process cannot have.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Somebody has it.
    #[error("there is a process named `{0}` already; delete it first or choose another name")]
    Taken(String),
    /// It is no identifier, so no console line could reach it.
    #[error(
        "`{0}` cannot be the name of a process: a name is letters, digits and underscores, and \
         does not begin with a digit"
    )]
    NoIdentifier(String),
}

/// Who has which name.
#[derive(Debug, Default, Resource)]
pub struct Names {
    /// Found as fast for a message in a hundred thousand as in ten.
    by_name: HashMap<Arc<str>, Entity>,
    /// The same in order, for those who look around.
    sorted: BTreeMap<Arc<str>, Entity>,
    /// The number to try next for each base, so that ten thousand of a kind are named in no time.
    next_number: BTreeMap<String, u64>,
}

impl Names {
    /// The process called `name`.
    pub fn get(&self, name: &str) -> Option<Entity> {
        self.by_name.get(name).copied()
    }

    /// All processes with their names, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Entity)> {
        self.sorted.iter().map(|(name, entity)| (&**name, *entity))
    }

    /// The processes whose names begin with `prefix`, in the order of the names. Who takes some looks at
    /// no others.
    pub fn beginning_with<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, Entity)> {
        prefix::beginning_with(&self.sorted, prefix).map(|(name, entity)| (&**name, *entity))
    }

    /// All processes, in no order.
    pub(crate) fn entities(&self) -> impl Iterator<Item = Entity> {
        self.by_name.values().copied()
    }

    /// The name that comes closest to one that nobody has, if there are few enough to look.
    pub fn nearest(&self, name: &str) -> Option<String> {
        let are_few = self.len() <= MAX_CANDIDATES;
        are_few.then(|| nearest(name, self.iter().map(|(name, _)| name))).flatten()
    }

    /// How many processes there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is no process.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The number that is tried next for each base whose own name was taken, in the order of the
    /// bases.
    pub fn numbering(&self) -> impl Iterator<Item = (&str, u64)> {
        self.next_number.iter().map(|(base, number)| (base.as_str(), *number))
    }

    /// Has the numbers go on from another place: one that was remembered.
    pub(super) fn set_numbering(&mut self, numbering: BTreeMap<String, u64>) {
        self.next_number = numbering;
    }

    /// Takes the names of all, as if there were no process: others can have them. Those who had them
    /// live on, and cannot be found.
    pub(crate) fn set_aside(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Whether a new process can have a name.
    ///
    /// # Errors
    /// [`NameError`] if somebody has it, or no console line could reach it.
    pub fn check(&self, name: &str) -> Result<(), NameError> {
        if !is_identifier(name) {
            return Err(NameError::NoIdentifier(name.to_owned()));
        }
        if self.by_name.contains_key(name) {
            return Err(NameError::Taken(name.to_owned()));
        }
        Ok(())
    }

    /// The name asked for, or else the next free one of the class.
    pub(super) fn choose(
        &mut self,
        asked: Option<&str>,
        class: &str,
    ) -> Result<InstanceName, NameError> {
        if let Some(name) = asked {
            self.check(name)?;
            return Ok(InstanceName(name.into()));
        }
        let base = class.rsplit('.').next().unwrap_or(class);
        if !self.by_name.contains_key(base) {
            return Ok(InstanceName(base.into()));
        }
        let next = self.next_number.entry(base.to_owned()).or_insert(1);
        loop {
            let name = format!("{base}{next}");
            *next += 1;
            if !self.by_name.contains_key(&*name) {
                return Ok(InstanceName(name.into()));
            }
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}
