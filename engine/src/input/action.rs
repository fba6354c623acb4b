//! Named actions: what a scene asks for instead of keys, and the controls that are bound to each.
//!
//! A scene or script names an action with its default bindings, of which those of the scene count where
//! both do; the user's settings, or a script while it runs, bind it otherwise. What each action is
//! follows from the state of the input, once a tick.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use bevy_ecs::resource::Resource;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::gamepad::AXIS_IS_DOWN;
use super::{Control, Input};
use crate::nearest::{did_you_mean, nearest};

/// An action that is down stays so until it falls below this: a stick at the edge does not flicker.
const STAYS_DOWN: f64 = 0.4;

/// The longest name of an action, in characters.
const MAX_NAME: usize = 100;

/// What an action is bound to: a control, or two of which the first counts as negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Binding {
    /// One control.
    One(Control),
    /// The negative and the positive one: left and right, up and down.
    Pair(Control, Control),
}

impl Binding {
    /// From -1 to 1.
    fn value(&self, input: &Input) -> f64 {
        match self {
            Self::One(control) => control.value(input),
            Self::Pair(negative, positive) => positive.value(input) - negative.value(input),
        }
        .clamp(-1.0, 1.0)
    }

    fn controls(&self) -> impl Iterator<Item = &Control> {
        let (first, second) = match self {
            Self::One(control) => (control, None),
            Self::Pair(negative, positive) => (negative, Some(positive)),
        };
        std::iter::once(first).chain(second)
    }
}

/// As RON has it: a text, or two in parentheses.
impl fmt::Display for Binding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(control) => write!(out, "{:?}", control.to_string()),
            Self::Pair(negative, positive) => {
                write!(out, "({:?}, {:?})", negative.to_string(), positive.to_string())
            }
        }
    }
}

/// What an action is in this tick.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ActionState {
    /// From 0 to 1, or from -1 to 1 where an axis or a pair is bound: the sum of all that is bound, cut
    /// off there.
    pub value: f64,
    /// Whether it is on: from half its way on.
    pub is_down: bool,
    /// Whether it went on in this tick.
    pub was_pressed: bool,
    /// Whether it went off in this tick.
    pub was_released: bool,
}

impl ActionState {
    /// What follows from the bindings, and from whether it was on before.
    fn of(bindings: &[Binding], input: &Input, was_down: bool) -> Self {
        let sum: f64 = bindings.iter().map(|binding| binding.value(input)).sum();
        let value = sum.clamp(-1.0, 1.0);
        let is_down = value.abs() >= if was_down { STAYS_DOWN } else { AXIS_IS_DOWN };
        let controls = || bindings.iter().flat_map(Binding::controls);
        let is_tapped = || controls().any(|it| it.was_pressed(input) && it.was_released(input));
        // One that others hold was not let go of, whatever else was tapped meanwhile.
        let is_held = || controls().any(|it| it.is_down(input) && !it.was_pressed(input));
        let [was_pressed, was_released] = match (was_down, is_down) {
            (false, true) => [true, false],
            (true, false) => [false, true],
            (false, false) => [is_tapped(); 2],
            (true, true) => [is_tapped() && !is_held(); 2],
        };
        Self { value, is_down, was_pressed, was_released }
    }
}

/// Why an action is not to be had.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ActionError {
    /// Nobody has named it.
    #[error(
        "there is no action `{name}`{}; a scene names its own in `actions`, a script by \
         input.define(...)", did_you_mean(.nearest.as_deref())
    )]
    Unknown {
        /// The name as written.
        name: String,
        /// The name that comes closest, if one does.
        nearest: Option<String>,
    },
    /// It is no name.
    #[error("an action is named by 1 to {MAX_NAME} characters, not by {0} of them")]
    Name(usize),
}

/// The actions of a scene, and what the user binds to them.
#[derive(Clone, Debug, Default, PartialEq, Resource)]
pub struct Actions {
    /// What the scene binds by default.
    of_scene: BTreeMap<String, Vec<Binding>>,
    /// What scripts do, for all scenes: their modules are run once, whatever is loaded how often.
    of_scripts: BTreeMap<String, Vec<Binding>>,
    /// What modules bind otherwise while they are run, once.
    of_modules: BTreeMap<String, Vec<Binding>>,
    /// Instead of the defaults; also of actions that are not named yet.
    own: BTreeMap<String, Vec<Binding>>,
    /// All that are named, by whomever.
    states: BTreeMap<String, ActionState>,
}

impl Actions {
    /// Names an action for a script, with what is bound to it where neither the scene nor the user says
    /// anything.
    ///
    /// # Errors
    /// [`ActionError::Name`].
    pub fn define(&mut self, name: &str, bindings: Vec<Binding>) -> Result<(), ActionError> {
        self.name(name)?;
        self.of_scripts.insert(name.to_owned(), bindings);
        Ok(())
    }

    /// Names an action for the scene, with what is bound to it where the user says nothing.
    ///
    /// # Errors
    /// [`ActionError::Name`].
    pub fn define_in_scene(
        &mut self,
        name: &str,
        bindings: Vec<Binding>,
    ) -> Result<(), ActionError> {
        self.name(name)?;
        self.of_scene.insert(name.to_owned(), bindings);
        Ok(())
    }

    fn name(&mut self, name: &str) -> Result<(), ActionError> {
        let length = name.chars().count();
        if !(1..=MAX_NAME).contains(&length) {
            return Err(ActionError::Name(length));
        }
        self.states.entry(name.to_owned()).or_default();
        Ok(())
    }

    /// The actions for another scene: those that scripts have named, bound by default or as modules
    /// have it.
    #[must_use]
    pub fn of_scripts(&self) -> Self {
        let states = self.of_scripts.keys().map(|name| (name.clone(), ActionState::default()));
        Self {
            of_scene: BTreeMap::new(),
            of_scripts: self.of_scripts.clone(),
            of_modules: self.of_modules.clone(),
            own: self.of_modules.clone(),
            states: states.collect(),
        }
    }

    /// Adds what scripts have named meanwhile in `others`, and modules bound.
    pub(crate) fn adopt(&mut self, others: &Self) {
        for (name, bindings) in &others.of_modules {
            let known = self.of_modules.insert(name.clone(), bindings.clone());
            if known.is_none() {
                self.own.entry(name.clone()).or_insert_with(|| bindings.clone());
            }
        }
        for (name, bindings) in &others.of_scripts {
            self.of_scripts.insert(name.clone(), bindings.clone());
            self.states.entry(name.clone()).or_default();
        }
    }

    /// Puts back what has changed between two earlier moments: names, and what is bound to them.
    pub fn take_back(&mut self, before: &Self, after: &Self) {
        type Bound = BTreeMap<String, Vec<Binding>>;
        let put_back = |now: &mut Bound, before: &Bound, after: &Bound| {
            let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
            for name in names.into_iter().filter(|name| before.get(*name) != after.get(*name)) {
                match before.get(name) {
                    Some(bindings) => now.insert(name.clone(), bindings.clone()),
                    None => now.remove(name),
                };
            }
        };
        put_back(&mut self.of_scripts, &before.of_scripts, &after.of_scripts);
        put_back(&mut self.of_modules, &before.of_modules, &after.of_modules);
        put_back(&mut self.own, &before.own, &after.own);
        self.states.retain(|name, _| before.has(name) || !after.has(name));
    }

    /// Binds an action otherwise, or with `None` as it is by default; from the next tick on.
    ///
    /// # Errors
    /// [`ActionError::Unknown`].
    pub fn bind(&mut self, name: &str, bindings: Option<Vec<Binding>>) -> Result<(), ActionError> {
        self.check(name)?;
        match bindings {
            Some(bindings) => self.own.insert(name.to_owned(), bindings),
            None => self.own.remove(name),
        };
        Ok(())
    }

    /// The same for a module, which is run once: it stays so for all scenes to come.
    ///
    /// # Errors
    /// [`ActionError::Unknown`].
    pub fn bind_in_module(
        &mut self,
        name: &str,
        bindings: Option<Vec<Binding>>,
    ) -> Result<(), ActionError> {
        self.bind(name, bindings.clone())?;
        match bindings {
            Some(bindings) => self.of_modules.insert(name.to_owned(), bindings),
            None => self.of_modules.remove(name),
        };
        Ok(())
    }

    /// Binds all actions as the user's settings say: those that are not named there as modules have
    /// it, or by default.
    pub fn bind_all(&mut self, own: BTreeMap<String, Vec<Binding>>) {
        self.own.clone_from(&self.of_modules);
        self.own.extend(own);
    }

    /// What the user has bound, or a script for them: what is not as it would be without that.
    pub fn chosen(&self) -> impl Iterator<Item = (&str, &[Binding])> {
        let own = self.own.iter().filter(|(name, own)| self.of_modules.get(*name) != Some(*own));
        let own = own.map(|(name, own)| (name.as_str(), own.as_slice()));
        // What a module has bound is by default again.
        let reset = self.of_modules.keys().filter(|name| !self.own.contains_key(*name));
        own.chain(reset.map(|name| (name.as_str(), self.default_of(name))))
    }

    /// What is not bound as by default.
    pub fn own(&self) -> &BTreeMap<String, Vec<Binding>> {
        &self.own
    }

    /// Binds some actions as the user's settings say, and leaves the others as they are.
    pub fn bind_some(&mut self, own: BTreeMap<String, Vec<Binding>>) {
        self.own.extend(own);
    }

    /// All actions with what is bound to them by default, by alphabet.
    pub fn defaults(&self) -> impl Iterator<Item = (&str, &[Binding])> {
        self.names().map(|name| (name, self.default_of(name)))
    }

    /// What is bound to an action.
    ///
    /// # Errors
    /// [`ActionError::Unknown`].
    pub fn bindings(&self, name: &str) -> Result<&[Binding], ActionError> {
        self.check(name)?;
        Ok(self.bound(name))
    }

    /// What an action is in this tick.
    ///
    /// # Errors
    /// [`ActionError::Unknown`].
    pub fn state(&self, name: &str) -> Result<ActionState, ActionError> {
        self.check(name)?;
        Ok(self.states.get(name).copied().unwrap_or_default())
    }

    /// The names of all actions, by alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.states.keys().map(String::as_str)
    }

    /// Those that are on, by alphabet.
    pub fn down(&self) -> impl Iterator<Item = &str> {
        let down = self.states.iter().filter(|(_, state)| state.is_down);
        down.map(|(name, _)| name.as_str())
    }

    /// The name of an action that comes closest.
    pub fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.names())
    }

    /// Follows the input of this tick.
    pub(super) fn follow(&mut self, input: &Input) {
        let mut states = std::mem::take(&mut self.states);
        for (name, state) in &mut states {
            *state = ActionState::of(self.bound(name), input, state.is_down);
        }
        self.states = states;
    }

    fn bound(&self, name: &str) -> &[Binding] {
        self.own.get(name).map_or_else(|| self.default_of(name), Vec::as_slice)
    }

    fn default_of(&self, name: &str) -> &[Binding] {
        let named = self.of_scene.get(name).or_else(|| self.of_scripts.get(name));
        named.map_or(&[], Vec::as_slice)
    }

    /// Whether somebody has named it.
    pub fn has(&self, name: &str) -> bool {
        self.states.contains_key(name)
    }

    fn check(&self, name: &str) -> Result<(), ActionError> {
        if self.has(name) {
            return Ok(());
        }
        Err(ActionError::Unknown { name: name.to_owned(), nearest: self.nearest(name) })
    }
}

#[cfg(test)]
mod tests;
