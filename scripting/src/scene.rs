//! Scenes and scripts: finding them, importing them, and creating what they say.

mod bindings;
mod chronicle;
mod components;
mod deed;
mod failure;
mod import;
mod locate;
mod place;

use std::path::{Path, PathBuf};

use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use metapython_engine::audio::{Audio, SoundFolder};
use metapython_engine::component::ComponentRegistry;
use metapython_engine::input::Actions;
use metapython_engine::machine::{Machine, Stop};
use metapython_engine::process::Mark;
use metapython_engine::render::{ImageFolder, Window};
use metapython_engine::scene::{
    Factory, Kind, Loaded, Located, Refusal, Scene, SceneError, SceneProcess,
};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

pub use bindings::BindingsPlace;
pub use deed::{exchange, record};
pub use failure::{Excerpt, Failure};
pub use locate::{Target, demos, find_demos, locate};

use crate::bindings::process::{ProcessHandle, Restart};
use crate::convert::to_python;
use crate::error::refusal;
use crate::evaluate;
use crate::install::Installation;
use crate::lend::{lend, with_world};
use crate::watchdog::{Label, guarded};

/// Loads what the user named into a machine: imports its scripts, creates its processes, and gives
/// the window what the scene wants of it.
///
/// # Errors
/// [`Failure`] names the scene or script at fault, with line and column where there is one.
pub fn load(
    machine: &mut Machine,
    target: &Target,
    installation: &Installation,
) -> Result<(), Failure> {
    let world = machine.world_mut();
    world.insert_resource(DemoFolder(place::absolute(&installation.demos)));
    match target {
        Target::Script(path) => {
            look_for_assets(world, target.folder());
            let title = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            world.insert_resource(Window { title: title.unwrap_or_default(), ..Window::default() });
            let file = place::absolute(path);
            let assets = place::absolute(target.folder());
            let (kind, grounds, scripts) = (Kind::Script, folder_of(&file), vec![]);
            world.insert_resource(Loaded { kind, file, grounds, assets, scripts });
            let run =
                |py: Python<'_>| import::run(py, path).or_else(|error| import::outcome(py, &error));
            loading(world, run)
        }
        Target::Scene(path) => {
            let scene = Scene::load(path, world.resource::<ComponentRegistry>())?;
            world.insert_resource(loaded(world, &scene, path));
            create_all(world, &scene)?;
            if scene.whole { rebind(world) } else { Ok(()) }
        }
    }
}

/// Has the variables of scripts that stand for processes that are gone stand for those of their names.
fn rebind(world: &mut World) -> Result<(), Failure> {
    loading(world, |py| {
        let rebind = || {
            let saved = py.import(intern!(py, "metapython._saved"))?;
            saved.call_method0(intern!(py, "rebind")).map(drop)
        };
        rebind().map_err(|error| Failure::of_python(py, &error))
    })
}

/// The folder of the demos, which are nobody's to change.
#[derive(Clone, Debug, Default, Resource)]
struct DemoFolder(PathBuf);

/// What is to be remembered of a scene that is loaded from a file.
fn loaded(world: &World, scene: &Scene, path: &Path) -> Loaded {
    let file = place::absolute(path);
    let demos = world.get_resource::<DemoFolder>();
    let is_demo = demos.is_some_and(|demos| file.starts_with(&demos.0));
    let script = |script: &Located<PathBuf>| place::absolute(&scene.folder().join(&script.value));
    let before = world.get_resource::<Loaded>().map(|loaded| loaded.grounds.clone());
    Loaded {
        kind: if is_demo { Kind::Demo } else { Kind::Scene },
        grounds: before.filter(|it| file.starts_with(it)).unwrap_or_else(|| folder_of(&file)),
        file,
        assets: place::absolute(&scene.asset_folder()),
        scripts: scene.scripts.iter().map(script).collect(),
    }
}

/// The folder that a file lies in.
fn folder_of(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("/")).to_owned()
}

/// Has images and sounds be looked for in a folder.
fn look_for_assets(world: &mut World, folder: &Path) {
    world.insert_resource(ImageFolder(folder.to_owned()));
    world.insert_resource(SoundFolder::new(folder));
}

/// Imports the scripts of a scene and creates its processes; returns how many.
fn create_all(world: &mut World, scene: &Scene) -> Result<usize, Failure> {
    look_for_assets(world, &scene.asset_folder());
    world.insert_resource(scene.window.clone());
    let buses = world.resource_mut::<Audio>().reset_buses(&scene.buses);
    buses.map_err(|error| Failure::plain(error.to_string()))?;
    let mut actions = world.resource::<Actions>().of_scripts();
    for (name, bindings) in &scene.actions {
        let defined = actions.define_in_scene(&name.value, bindings.clone());
        defined.map_err(|error| Failure::plain(error.to_string()))?;
    }
    world.insert_resource(actions);
    let before = Mark::set(world);
    loading(world, |py| import_scripts(py, scene))?;
    if world.resource::<Stop>().0.is_some() {
        return Ok(0);
    }
    if scene.whole {
        before.take_back(world);
    }
    let mut factory = ClassFactory::new();
    scene.spawn(world, &mut factory).map_err(|error| factory.failure(error))
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
        // What it imports in turn lies beside it.
        let own = path.parent().unwrap_or(folder);
        import::add_to_path(py, own).map_err(|error| Failure::of_python(py, &error))?;
        if let Err(error) = import::import(py, &path) {
            return import::outcome(py, &error);
        }
    }
    Ok(())
}

/// Creates processes of Python classes.
struct ClassFactory {
    /// The fault in a script that kept a process from being created.
    script_failure: Option<Failure>,
    /// The attributes that name processes, with the byte in the file at which each stands: they are
    /// set when there are all.
    later: Py<PyList>,
    places: Vec<usize>,
}

impl ClassFactory {
    fn new() -> Self {
        let later = Python::attach(|py| PyList::empty(py).unbind());
        Self { script_failure: None, later, places: Vec::new() }
    }

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
        // Ctrl-C may have come between two of them.
        if evaluate::is_interrupted() {
            return Err(Refusal { message: "KeyboardInterrupt".to_owned(), at: request.class.at });
        }
        let parent = parent.and_then(|parent| {
            Python::attach(|py| crate::bindings::process::instance(world, py, parent))
        });
        loading(world, |py| {
            let later = self.later.bind(py);
            let created = create(py, request, parent, later);
            self.places.resize(later.len(), request.class.at);
            created.map_err(|error| self.refuse(py, error))
        })
    }

    fn finish(&mut self, world: &mut World) -> Result<(), Refusal> {
        loading(world, |py| {
            let later = std::mem::replace(&mut self.later, PyList::empty(py).unbind());
            for (item, at) in later.bind(py).iter().zip(std::mem::take(&mut self.places)) {
                let set = || {
                    let saved = py.import(intern!(py, "metapython._saved"))?;
                    saved.call_method1(intern!(py, "finish"), item.cast_into::<PyTuple>()?)
                };
                set().map_err(|error| self.refuse(py, CreationError { error, at }))?;
            }
            Ok(())
        })
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
    later: &Bound<'_, PyList>,
) -> Result<Entity, CreationError> {
    let at = request.class.at;
    let failed = |error| CreationError { error, at };
    let loading = py.import(intern!(py, "metapython._loading")).map_err(failed)?;
    let class = loading
        .call_method1(intern!(py, "find_process_class"), (request.class.value.as_str(),))
        .map_err(failed)?;
    let settle = |world: &mut World| -> Result<Vec<_>, Refusal> {
        let registry = world.resource::<ComponentRegistry>();
        request.components.iter().map(|component| component.settle(registry)).collect()
    };
    // Not before the class is found: its module may be what declares them.
    let settled = with_world(settle).map_err(failed)?.map_err(|Refusal { message, at }| {
        CreationError { error: PyValueError::new_err(message), at }
    })?;
    let prepare = components::giver(py, settled).map_err(failed)?;
    let settings = settings(py, request).map_err(failed)?;
    let name = request.name.as_ref().map(|name| name.value.as_str());
    let process = match request.started {
        None => {
            let named = attributes(py, request, &class)?;
            let set = || {
                named.update(settings.as_mapping())?;
                named.set_item("instance_name", name)?;
                named.set_item("parent", parent)?;
                named.set_item("_metapython_prepare", prepare)
            };
            set().map_err(failed)?;
            class.call((), Some(&named))
        }
        Some(is_started) => {
            let go_on = || {
                let said = PyDict::new(py);
                for (name, value) in &request.attributes {
                    said.set_item(&name.value, to_python(py, value)?)?;
                }
                let named = PyDict::new(py);
                named.set_item("instance_name", name)?;
                named.set_item("parent", parent)?;
                named.set_item("prepare", prepare)?;
                named.set_item("is_started", is_started)?;
                let saved = py.import(intern!(py, "metapython._saved"))?;
                let given = (&class, settings, said, later);
                saved.call_method(intern!(py, "go_on"), given, Some(&named))
            };
            go_on()
        }
    };
    let process = process.map_err(failed)?;
    let process = process.cast::<ProcessHandle>().map_err(|error| failed(error.into()))?;
    process.get().entity().map_err(failed)
}

/// The attributes that a class is called with, as it declares them.
fn attributes<'py>(
    py: Python<'py>,
    request: &SceneProcess,
    class: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyDict>, CreationError> {
    let attributes = PyDict::new(py);
    for (name, value) in &request.attributes {
        let set = || {
            let value = to_python(py, value)?;
            let value = py
                .import(intern!(py, "metapython._scene"))?
                .call_method1(intern!(py, "check_attribute"), (class, &name.value, &value))?;
            attributes.set_item(&name.value, value)
        };
        set().map_err(|error| CreationError { error, at: name.at })?;
    }
    Ok(attributes)
}

/// The settings that a scene gives to a process instead of those of its class.
fn settings<'py>(py: Python<'py>, request: &SceneProcess) -> PyResult<Bound<'py, PyDict>> {
    let settings = PyDict::new(py);
    if let Some(priority) = request.priority {
        settings.set_item("priority", priority)?;
    }
    if let Some(interval) = request.interval {
        settings.set_item("interval", interval)?;
    }
    if let Some(missed) = request.missed {
        settings.set_item("missed", missed.name())?;
    }
    if let Some(restart) = request.restart {
        settings.set_item("restart", restart.map(Restart::of))?;
    }
    if let Some(size) = request.memory_size {
        settings.set_item("memory_size", size)?;
    }
    if let Some(hotkeys) = &request.hotkeys {
        let keys = PyDict::new(py);
        for (control, method) in hotkeys {
            keys.set_item(control.to_string(), method)?;
        }
        settings.set_item("hotkeys", keys)?;
    }
    Ok(settings)
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
