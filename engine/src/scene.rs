//! Scenes: RON files that say which processes there are, with which components and attributes.
//!
//! [`Scene::load`] refuses what it does not understand before anything is spawned, and names the
//! place; [`replace`] has the processes of a scene take the place of all others, or of none.
//! [`record`] makes a scene of a living world, and [`Scene::save`] a file of it. What a class *is*, a
//! [`Factory`] and a [`Chronicler`] know: this module knows no scripts.

mod bindings;
mod error;
mod file;
mod loaded;
mod record;
mod replace;
mod sound;
mod terms;
mod write;

use std::path::{Path, PathBuf};

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::ChildOf;
use bevy_ecs::world::World;

pub(crate) use bindings::take_saved_bindings;
pub use bindings::{ActionBindings, BindingsFile, read_bindings, save_bindings, take_bindings};
use error::Source;
pub use error::{SceneError, offset};
pub use loaded::{Kind, Loaded};
pub use record::{Chronicler, Description, Omissions, record};
pub use replace::replace;
pub use write::SaveError;

use crate::audio::BusSettings;
use crate::component::{ComponentError, ComponentKind, ComponentRegistry};
use crate::input::Control;
use crate::nearest::did_you_mean;
use crate::process::{self, Missed, Names, Restart};
use crate::render::Window;
use crate::value::Value;

/// The version of scene files that this engine reads and writes.
pub const VERSION: u32 = 1;

/// A scene as it stands in its file, checked.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The window that the scene wants.
    pub window: Window,
    /// How the scene wants its buses, by name; the others are as they are when nobody has set them.
    pub buses: Vec<(String, BusSettings)>,
    /// The actions of the scene, with what is bound to each where the user says nothing.
    pub actions: Vec<ActionBindings>,
    /// The folder in which images and sounds are looked for, as a path from the scene's folder;
    /// otherwise that folder itself.
    pub assets: Option<PathBuf>,
    /// The scripts to import before its processes are created, as paths from the scene's folder.
    pub scripts: Vec<Located<PathBuf>>,
    /// Whether its processes are all that there are: those that scripts create as they are imported
    /// are taken back.
    pub whole: bool,
    /// The processes, in the order in which they are created.
    pub processes: Vec<SceneProcess>,
    source: Source,
}

/// One process of a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneProcess {
    /// The class with its module: `pong.Ball`.
    pub class: Located<String>,
    /// The instance name; otherwise it is made from the class.
    pub name: Option<Located<String>>,
    /// Instead of the class's priority.
    pub priority: Option<i32>,
    /// Instead of the class's interval, seconds.
    pub interval: Option<f64>,
    /// Instead of the class's policy for missed due times.
    pub missed: Option<Missed>,
    /// Instead of the class's limit of restarts; `Some(None)` is no restart.
    pub restart: Option<Option<Restart>>,
    /// Instead of the class's size of the mailbox, bytes.
    pub memory_size: Option<usize>,
    /// Instead of the class's hotkeys: what is pressed, and the method that is called.
    pub hotkeys: Option<Vec<(Control, String)>>,
    /// Whether it begins paused.
    pub paused: bool,
    /// If it goes on as it was saved, instead of being made anew by its class: whether it had started
    /// by then. It has the components and attributes that are named here, and no others.
    pub started: Option<bool>,
    /// The name of the process that deletes this one with itself, if it is not one of its `children`.
    pub parent: Option<Located<String>>,
    /// Components with the fields that differ from the class's, by name.
    pub components: Vec<SceneComponent>,
    /// Attributes that differ from the class's, in the order of the file.
    pub attributes: Vec<(Located<String>, Value)>,
    /// Processes that are deleted with this one.
    pub children: Vec<SceneProcess>,
}

/// A component of a scene's process.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneComponent {
    /// The component's name.
    pub name: Located<String>,
    /// The fields that are set, with the values as they stand in the file.
    pub fields: Vec<(Located<String>, Value)>,
}

impl SceneComponent {
    /// The component's kind, and the fields that are set: position and value.
    ///
    /// # Errors
    /// Says which name is unknown, or which value no value of its field.
    pub fn settle(&self, registry: &ComponentRegistry) -> Result<SettledComponent, Refusal> {
        let refuse =
            |at: usize| move |error: ComponentError| Refusal { message: error.to_string(), at };
        let kind = registry.find(&self.name.value).map_err(refuse(self.name.at))?;
        let fields = self.fields.iter().map(|(Located { value: field, at }, value)| {
            let index = kind.field_index(field).map_err(refuse(*at))?;
            Ok((index, kind.access.settle(index, value).map_err(refuse(*at))?))
        });
        Ok((kind.clone(), fields.collect::<Result<_, _>>()?))
    }
}

/// The kind of a component, and the positions and values of the fields that are set.
pub type SettledComponent = (ComponentKind, Vec<(usize, Value)>);

/// Something of a scene file, with the byte at which it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The thing.
    pub value: T,
    /// Where it begins in the file, bytes.
    pub at: usize,
}

impl<T> Located<T> {
    /// Something that stands in no file yet.
    pub fn nowhere(value: T) -> Self {
        Self { value, at: 0 }
    }
}

/// Creates processes of the classes that scenes name.
pub trait Factory {
    /// Creates the process, without its children.
    ///
    /// # Errors
    /// Says what is wrong with the request, and which part of it.
    fn create(
        &mut self,
        world: &mut World,
        request: &SceneProcess,
        parent: Option<Entity>,
    ) -> Result<Entity, Refusal>;

    /// Called when all processes of the scene have been created: they can be referred to.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    fn finish(&mut self, world: &mut World) -> Result<(), Refusal> {
        let _ = world;
        Ok(())
    }
}

/// Why a factory creates no process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong and what to do.
    pub message: String,
    /// Where in the file the part at fault begins, bytes.
    pub at: usize,
}

impl Scene {
    /// Reads and checks a scene file. Components that the registry does not know may be those of
    /// scripts that are still to be imported: they are checked when their process is created.
    ///
    /// # Errors
    /// [`SceneError`] if the file cannot be read, is no RON, holds a field or version
    /// that does not exist, or a value out of its range; it names line and column.
    pub fn load(path: &Path, registry: &ComponentRegistry) -> Result<Self, SceneError> {
        let text = std::fs::read_to_string(path).map_err(|error| SceneError::io(path, &error))?;
        Self::parse(path, text, registry)
    }

    /// Checks a scene given as text; `path` is what errors call it.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn parse(
        path: &Path,
        text: String,
        registry: &ComponentRegistry,
    ) -> Result<Self, SceneError> {
        file::parse(Source::new(path, text), registry)
    }

    /// The folder that the scene's paths start from; empty for the working directory.
    pub fn folder(&self) -> &Path {
        self.source.path.parent().unwrap_or(Path::new(""))
    }

    /// The folder in which the scene's images and sounds are looked for.
    pub fn asset_folder(&self) -> PathBuf {
        self.assets.as_ref().map_or_else(|| self.folder().to_owned(), |it| self.folder().join(it))
    }

    /// Creates the processes of the scene, parents before their children; returns how many.
    ///
    /// # Errors
    /// [`SceneError`] with the place of the process that the factory refused; those created before
    /// it are deleted again.
    pub fn spawn(&self, world: &mut World, factory: &mut dyn Factory) -> Result<usize, SceneError> {
        let mut made = Vec::new();
        let outcome = create_all(world, factory, &self.processes, &mut made);
        outcome.map(|()| made.len()).map_err(|Refusal { message, at }| {
            for process in made {
                process::delete(world, process);
            }
            self.error_at(at, message)
        })
    }

    /// An error about the part of this scene that begins at byte `at`.
    pub fn error_at(&self, at: usize, message: String) -> SceneError {
        self.source.error(at, message)
    }
}

fn create_all(
    world: &mut World,
    factory: &mut dyn Factory,
    requests: &[SceneProcess],
    made: &mut Vec<Entity>,
) -> Result<(), Refusal> {
    // Parents that are named before they are made.
    let mut orphans = Vec::new();
    for request in requests {
        let parent = request.parent.as_ref();
        let found = parent.and_then(|parent| world.resource::<Names>().get(&parent.value));
        let process = create(world, factory, request, found, made)?;
        orphans.extend(parent.filter(|_| found.is_none()).map(|parent| (process, parent)));
    }
    for (process, parent) in orphans {
        let Located { value, at } = parent;
        adopt(world, process, value).map_err(|message| Refusal { message, at: *at })?;
    }
    factory.finish(world)
}

/// Makes a process a child of the one that is called so.
fn adopt(world: &mut World, process: Entity, name: &str) -> Result<(), String> {
    let names = world.resource::<Names>();
    let parent = names.get(name).ok_or_else(|| {
        let hint = did_you_mean(names.nearest(name).as_deref());
        format!("there is no process `{name}` to be the parent of this one{hint}")
    })?;
    let mut ancestor = Some(parent);
    while let Some(entity) = ancestor {
        if entity == process {
            return Err(format!(
                "{name} cannot be the parent of this process: it descends from it"
            ));
        }
        ancestor = world.get::<ChildOf>(entity).map(|child| child.0);
    }
    world.entity_mut(process).insert(ChildOf(parent));
    Ok(())
}

fn create(
    world: &mut World,
    factory: &mut dyn Factory,
    request: &SceneProcess,
    parent: Option<Entity>,
    made: &mut Vec<Entity>,
) -> Result<Entity, Refusal> {
    if let Some(Located { value, at }) = &request.name {
        let refused = |error: process::NameError| Refusal { message: error.to_string(), at: *at };
        world.resource::<Names>().check(value).map_err(refused)?;
    }
    let process = factory.create(world, request, parent)?;
    made.push(process);
    if request.paused {
        process::pause(world, process);
    }
    for child in &request.children {
        create(world, factory, child, Some(process), made)?;
    }
    Ok(process)
}

#[cfg(test)]
mod tests;
