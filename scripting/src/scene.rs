//! Scenes and scripts: finding them, importing them, and creating what they say.

mod components;
mod failure;
mod import;
mod locate;

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use metapython_engine::component::ComponentRegistry;
use metapython_engine::machine::{Machine, Stop};
use metapython_engine::render::Window;
use metapython_engine::scene::{Factory, Refusal, Scene, SceneError, SceneProcess};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

pub use failure::{Excerpt, Failure};
pub use locate::{Target, demos, find_demos, locate};

use crate::bindings::audio::SoundFolder;
use crate::bindings::process::{ProcessHandle, Restart};
use crate::convert::to_python;
use crate::error::refusal;
use crate::lend::{lend, with_world};
use crate::watchdog::{Label, guarded};

/// Loads what the user named into a machine: imports its scripts, creates its processes, and gives
/// the window what the scene wants of it.
///
/// # Errors
/// [`Failure`] names the scene or script at fault, with line and column where there is one.
pub fn load(machine: &mut Machine, target: &Target) -> Result<(), Failure> {
    machine.set_asset_folder(target.folder());
    let world = machine.world_mut();
    world.insert_resource(SoundFolder::new(target.folder()));
    match target {
        Target::Script(path) => {
            let title = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            world.insert_resource(Window { title: title.unwrap_or_default(), ..Window::default() });
            let run =
                |py: Python<'_>| import::run(py, path).or_else(|error| import::outcome(py, &error));
            loading(world, run)
        }
        Target::Scene(path) => {
            let scene = Scene::load(path, world.resource::<ComponentRegistry>())?;
            world.insert_resource(scene.window.clone());
            loading(world, |py| import_scripts(py, &scene))?;
            if world.resource::<Stop>().0.is_some() {
                return Ok(());
            }
            let mut factory = ClassFactory::default();
            scene.spawn(world, &mut factory).map_err(|error| factory.failure(error))
        }
    }
}

/// Runs Python code that belongs to loading, with the world at hand. What takes too long is stopped
/// by an exception, and fails as by any other.
fn loading<R>(world: &mut World, act: impl FnOnce(Python<'_>) -> R) -> R {
    lend(world, || Python::attach(|py| guarded(py, &Label::LOADING, || act(py)).0))
}

fn import_scripts(py: Python<'_>, scene: &Scene) -> Result<(), Failure> {
    let folder = scene.folder();
    import::add_to_path(py, folder).map_err(|error| Failure::of_python(py, &error))?;
    for script in &scene.scripts {
        let path = folder.join(&script.value);
        if !path.is_file() {
            let message = format!("there is no script {}", path.display());
            return Err(scene.error_at(script.at, message).into());
        }
        if let Err(error) = import::import(py, &path) {
            return import::outcome(py, &error);
        }
    }
    Ok(())
}

/// Creates processes of Python classes.
#[derive(Default)]
struct ClassFactory {
    /// The fault in a script that kept a process from being created.
    script_failure: Option<Failure>,
}

impl ClassFactory {
    /// A script's fault has its place there; the scene's part in it is mentioned.
    fn failure(&mut self, error: SceneError) -> Failure {
        let Some(mut failure) = self.script_failure.take() else { return error.into() };
        let (line, column) = error.position().unwrap_or_default();
        let place = format!("{}:{line}:{column}", error.path().display());
        failure.message = format!("{} (in creating the process of {place})", failure.message);
        failure
    }

    fn refuse(&mut self, py: Python<'_>, CreationError { error, at }: CreationError) -> Refusal {
        self.script_failure = Some(Failure::of_python(py, &error)).filter(|it| it.path.is_some());
        Refusal { message: refusal(py, &error), at }
    }
}

impl Factory for ClassFactory {
    fn create(
        &mut self,
        world: &mut World,
        request: &SceneProcess,
        parent: Option<Entity>,
    ) -> Result<Entity, Refusal> {
        let parent = parent.and_then(|parent| {
            Python::attach(|py| crate::bindings::process::instance(world, py, parent))
        });
        let create =
            |py: Python<'_>| create(py, request, parent).map_err(|error| self.refuse(py, error));
        loading(world, create)
    }
}

/// A Python exception, and the part of the scene that it is about.
struct CreationError {
    error: PyErr,
    at: usize,
}

fn create(
    py: Python<'_>,
    request: &SceneProcess,
    parent: Option<Py<PyAny>>,
) -> Result<Entity, CreationError> {
    let at = request.class.at;
    let failed = |error| CreationError { error, at };
    let loading = py.import(intern!(py, "metapython._loading")).map_err(failed)?;
    let class = loading
        .call_method1(intern!(py, "find_process_class"), (request.class.value.as_str(),))
        .map_err(failed)?;
    let scene = py.import(intern!(py, "metapython._scene")).map_err(failed)?;
    let attributes = PyDict::new(py);
    for (name, value) in &request.attributes {
        let failed = |error| CreationError { error, at: name.at };
        let value = to_python(py, value).map_err(failed)?;
        scene
            .call_method1(intern!(py, "check_attribute"), (&class, &name.value, &value))
            .and_then(|value| attributes.set_item(&name.value, value))
            .map_err(failed)?;
    }
    let settle = |world: &mut World| -> Result<Vec<_>, Refusal> {
        let registry = world.resource::<ComponentRegistry>();
        request.components.iter().map(|component| component.settle(registry)).collect()
    };
    // Not before the class is found: its module may be what declares them.
    let settled = with_world(settle).map_err(failed)?.map_err(|Refusal { message, at }| {
        CreationError { error: PyValueError::new_err(message), at }
    })?;
    let named = PyDict::new(py);
    let set_terms = || {
        named.set_item("instance_name", request.name.as_ref().map(|name| name.value.as_str()))?;
        if let Some(priority) = request.priority {
            named.set_item("priority", priority)?;
        }
        if let Some(interval) = request.interval {
            named.set_item("interval", interval)?;
        }
        if let Some(missed) = request.missed {
            named.set_item("missed", missed.name())?;
        }
        if let Some(restart) = request.restart {
            named.set_item("restart", restart.map(Restart::of))?;
        }
        if let Some(size) = request.memory_size {
            named.set_item("memory_size", size)?;
        }
        named.set_item("parent", parent)?;
        named.set_item("_metapython_prepare", components::giver(py, settled)?)?;
        named.update(attributes.as_mapping())
    };
    set_terms().map_err(failed)?;
    let process = class.call((), Some(&named)).map_err(failed)?;
    let process = process.cast::<ProcessHandle>().map_err(|error| failed(error.into()))?;
    process.get().entity().map_err(failed)
}

impl From<SceneError> for Failure {
    fn from(error: SceneError) -> Self {
        let excerpt =
            error.excerpt().map(|(text, at)| Box::new(Excerpt { text: text.to_owned(), at }));
        Self {
            path: Some(error.path().to_owned()),
            position: error.position(),
            message: error.message().to_owned(),
            excerpt,
            traceback: None,
        }
    }
}
