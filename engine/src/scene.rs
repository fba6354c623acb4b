//! Scenes: RON files that say which processes there are, with which components and attributes.
//!
//! [`Scene::load`] refuses what it does not understand before anything is spawned, and names the
//! place. What a class *is*, a [`Factory`] knows: this module knows no scripts.

mod error;
mod file;
mod terms;

use std::path::{Path, PathBuf};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use error::Source;
pub use error::{SceneError, offset};

use crate::component::{ComponentError, ComponentKind, ComponentRegistry};
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
    /// The scripts to import before its processes are created, as paths from the scene's folder.
    pub scripts: Vec<Located<PathBuf>>,
    /// The processes, in the order in which they are created.
    pub processes: Vec<SceneProcess>,
    source: Source,
}

/// One process of a scene.
#[derive(Clone, Debug)]
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
    /// Components with the fields that differ from the class's, by name.
    pub components: Vec<SceneComponent>,
    /// Attributes that differ from the class's, in the order of the file.
    pub attributes: Vec<(Located<String>, Value)>,
    /// Processes that are deleted with this one.
    pub children: Vec<SceneProcess>,
}

/// A component of a scene's process.
#[derive(Clone, Debug)]
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

    /// Creates the processes of the scene, parents before their children.
    ///
    /// # Errors
    /// [`SceneError`] with the place of the process that the factory refused; those created before
    /// it are deleted again.
    pub fn spawn(&self, world: &mut World, factory: &mut dyn Factory) -> Result<(), SceneError> {
        let mut roots = Vec::new();
        let outcome = self.processes.iter().try_for_each(|request| {
            roots.push(create(world, factory, request, None)?);
            Ok(())
        });
        outcome.map_err(|Refusal { message, at }| {
            for root in roots {
                process::delete(world, root);
            }
            self.error_at(at, message)
        })
    }

    /// An error about the part of this scene that begins at byte `at`.
    pub fn error_at(&self, at: usize, message: String) -> SceneError {
        self.source.error(at, message)
    }
}

fn create(
    world: &mut World,
    factory: &mut dyn Factory,
    request: &SceneProcess,
    parent: Option<Entity>,
) -> Result<Entity, Refusal> {
    if let Some(Located { value, at }) = &request.name {
        let refused = |error: process::NameError| Refusal { message: error.to_string(), at: *at };
        world.resource::<Names>().check(value).map_err(refused)?;
    }
    let process = factory.create(world, request, parent)?;
    for child in &request.children {
        if let Err(refusal) = create(world, factory, child, Some(process)) {
            process::delete(world, process);
            return Err(refusal);
        }
    }
    Ok(process)
}

#[cfg(test)]
mod tests;
