//! Which controls are bound to actions: what a scene says of it, and the user's own file.
//!
//! The file is of one scene, `(version: 1, actions: {"jump": ["Space", "pad:a"]})`; it says only what
//! is not as the scene has it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use ron::value::RawValue;
use serde::Deserialize;

use super::error::Source;
use super::file::{Entries, Reader, options};
use super::{Located, SceneError};
use crate::alert::{self, Level};
use crate::component::ComponentRegistry;
use crate::destination::{self, Readers};
use crate::input::{Actions, Binding, Control, InputEvent, Simulated};
use crate::nearest::did_you_mean;
use crate::value::Value;

/// The version of such files that this engine reads and writes.
const VERSION: u32 = 1;

/// What is bound to an action.
pub type ActionBindings = (Located<String>, Vec<Binding>);

#[derive(Deserialize)]
#[serde(rename = "Bindings", deny_unknown_fields, bound(deserialize = "'de: 'a"))]
struct BindingsText<'a> {
    #[serde(default)]
    version: Option<&'a RawValue>,
    #[serde(default)]
    actions: Option<&'a RawValue>,
}

impl Reader<'_> {
    /// The section `actions`, in the order of the file.
    pub(super) fn actions(&self, raw: &RawValue) -> Result<Vec<ActionBindings>, SceneError> {
        let entries: Entries<'_> = self.part(raw)?;
        let action = |(name, raw): &(String, &RawValue)| {
            let at = self.key(name, raw);
            let controls: Vec<&RawValue> = self.part(raw)?;
            let bindings = controls.into_iter().map(|raw| self.binding(raw));
            Ok((Located { value: name.clone(), at }, bindings.collect::<Result<_, _>>()?))
        };
        entries.0.iter().map(action).collect()
    }

    /// The same of a scene, whose actions are named here.
    pub(super) fn named_actions(&self, raw: &RawValue) -> Result<Vec<ActionBindings>, SceneError> {
        let actions = self.actions(raw)?;
        // Actions that nobody asks for, in which names are refused as they would be later.
        let mut known = Actions::default();
        for (Located { value: name, .. }, _) in &actions {
            let named = known.define(name, Vec::new());
            named.map_err(|error| self.error(raw, error.to_string()))?;
        }
        Ok(actions)
    }

    /// What is pressed, with the names of methods.
    pub(super) fn hotkeys(&self, raw: &RawValue) -> Result<Vec<(Control, String)>, SceneError> {
        let entries: Entries<'_> = self.part(raw)?;
        let mut hotkeys: Vec<(Control, String)> = Vec::new();
        for (name, raw) in &entries.0 {
            let refuse = |message: String| self.error_at(self.key(name, raw), message);
            let control = Control::parse(name).map_err(|error| refuse(error.to_string()))?;
            if hotkeys.iter().any(|(other, _)| *other == control) {
                return Err(refuse(format!("`{control}` stands here twice")));
            }
            hotkeys.push((control, self.read(raw)?));
        }
        Ok(hotkeys)
    }

    /// A control's name, or two of them.
    fn binding(&self, raw: &RawValue) -> Result<Binding, SceneError> {
        let control =
            |name: &str| Control::parse(name).map_err(|error| self.error(raw, error.to_string()));
        match self.read(raw)? {
            Value::Str(name) => control(&name).map(Binding::One),
            Value::List(names) => match names.as_slice() {
                [Value::Str(negative), Value::Str(positive)] => {
                    Ok(Binding::Pair(control(negative)?, control(positive)?))
                }
                _ => Err(self.error(raw, NO_BINDING.to_owned())),
            },
            _ => Err(self.error(raw, NO_BINDING.to_owned())),
        }
    }
}

const NO_BINDING: &str = "a binding is the name of a control, like \"Space\", or two of them, of which \
     the first is the negative one: (\"Left\", \"Right\")";

/// The section `actions` of a scene or of a file, if it needs one.
pub(super) fn to_ron<'a>(actions: impl IntoIterator<Item = (&'a str, &'a [Binding])>) -> String {
    let mut out = String::new();
    for (name, bindings) in actions {
        let bindings: Vec<_> = bindings.iter().map(Binding::to_string).collect();
        // Writing into a text cannot fail.
        let _ = writeln!(out, "        {name:?}: [{}],", bindings.join(", "));
    }
    if out.is_empty() { out } else { format!("    actions: {{\n{out}    }},\n") }
}

/// The file in which the user's bindings for the scene are kept, for as long as one is used.
#[derive(Clone, Debug, PartialEq, Eq, Resource)]
pub struct BindingsFile {
    path: PathBuf,
    /// What this run wrote into it, unless somebody else did so later.
    written: Option<String>,
}

impl BindingsFile {
    /// The file at this place, whether it is there or not.
    pub fn new(path: PathBuf) -> Self {
        Self { path, written: None }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Reads what the user binds otherwise than the scene; nothing, if there is no such file.
///
/// # Errors
/// [`SceneError`] names line and column of what is wrong.
pub fn read_bindings(path: &Path) -> Result<Vec<ActionBindings>, SceneError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            let source = Source::new(path, String::new());
            return Err(source.error(0, format!("cannot be read: {error}")));
        }
    };
    let source = Source::new(path, text);
    let registry = ComponentRegistry::default();
    let reader = Reader::new(&source, &registry);
    let file: Result<BindingsText<'_>, _> = options().from_str(&source.text);
    let BindingsText { version, actions } =
        file.map_err(|error| reader.ron_error(0, &source.text, &error))?;
    if let Some(raw) = version
        && reader.read::<u32>(raw)? != VERSION
    {
        let message = format!("this engine reads bindings of version {VERSION} alone");
        return Err(reader.error(raw, message));
    }
    actions.map_or_else(|| Ok(Vec::new()), |raw| reader.actions(raw))
}

/// Binds actions as the user's file says, now that all actions are named; to be called between two
/// ticks. What scripts have bound meanwhile stays where the file says nothing. What is wrong with it is
/// told by an alert, and then all is bound as before.
pub fn take_bindings(world: &mut World) {
    if let Some(actions) = read_for(world) {
        world.resource_mut::<Actions>().bind_some(actions);
    }
}

/// The same while the machine runs: what the file says is input of the next tick. What this run has
/// written itself says nothing new.
pub(crate) fn take_saved_bindings(world: &mut World) {
    let Some(mut file) = world.get_resource_mut::<BindingsFile>() else { return };
    if file.written.is_some() {
        if fs::read_to_string(&file.path).ok() == file.written {
            return;
        }
        file.written = None;
    }
    if let Some(actions) = read_for(world) {
        world.resource_mut::<Simulated>().push(InputEvent::Bound { actions });
        alert::raise(world, "input", Level::V, "the saved bindings of actions are taken in");
    }
}

fn read_for(world: &mut World) -> Option<BTreeMap<String, Vec<Binding>>> {
    let path = world.get_resource::<BindingsFile>()?.path.clone();
    let read = match read_bindings(&path) {
        Ok(read) => read,
        Err(error) => {
            let text = format!("{error}; actions are bound as before");
            alert::raise(world, "input", Level::Error, text);
            return None;
        }
    };
    let mut bound = BTreeMap::new();
    for (Located { value: name, at }, bindings) in read {
        let actions = world.resource::<Actions>();
        if !actions.has(&name) {
            let hint = did_you_mean(actions.nearest(&name).as_deref());
            let message = format!("the scene has no action `{name}`{hint}");
            let source = Source::new(&path, fs::read_to_string(&path).unwrap_or_default());
            let text = source.error(at, message).to_string();
            alert::raise(world, "input", Level::Error, text);
        }
        // A script may name it later.
        bound.insert(name, bindings);
    }
    Some(bound)
}

/// Writes what is bound otherwise than by default into the user's file, for the runs to come. A crash
/// leaves the old file or the new one.
///
/// # Errors
/// Those of the system; also if the run has no such file, or there is something wrong with what is in it.
pub fn save_bindings(world: &mut World) -> io::Result<PathBuf> {
    let Some(BindingsFile { path, .. }) = world.get_resource::<BindingsFile>().cloned() else {
        let text = "this run keeps no bindings: it has neither a window nor --bindings FILE";
        return Err(io::Error::new(io::ErrorKind::NotFound, text));
    };
    // What is wrong with it is the user's to mend: it may be all that they ever bound.
    read_bindings(&path).map_err(|error| {
        io::Error::other(format!("{error}; it is left as it is: mend or delete it first"))
    })?;
    let actions = to_ron(world.resource::<Actions>().chosen());
    let text = format!("(\n    version: {VERSION},\n{actions})\n");
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    destination::replace(&path, Readers::Usual, |out| out.write_all(text.as_bytes()))?;
    world.insert_resource(BindingsFile { path: path.clone(), written: Some(text) });
    Ok(path)
}

#[cfg(test)]
mod tests;
