//! What commands of the console have done with scenes: saving the world as one, and loading another.
//!
//! Both are done between two ticks, and take the time that they take; files are read and written by
//! whoever asks for it, on another thread.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use bevy_ecs::world::World;
use metapython_engine::audio::{Audio, SoundFolder};
use metapython_engine::console::{Evaluation, Recorded, SessionId};
use metapython_engine::input::Actions;
use metapython_engine::machine::Stop;
use metapython_engine::render::Window;
use metapython_engine::scene::{Kind, Loaded, Located, Scene, SceneError, SceneProcess, replace};
use pyo3::intern;
use pyo3::prelude::*;

use super::chronicle::chronicle;
use super::{
    DemoFolder, Failure, bindings, create_all, folder_of, import, loaded, loading, place, rebind,
};
use crate::evaluate::is_interrupted;
use crate::lend::lend;

/// How many lines tell what a scene leaves out.
const MOST_LINES: usize = 20;

/// Makes a scene of the world for a session, to be saved in `file` or where it was loaded from.
///
/// # Errors
/// What the session is told, if there is none.
pub fn record(
    world: &mut World,
    session: SessionId,
    file: Option<&Path>,
) -> Result<Recorded, Evaluation> {
    let (recorded, output) = with_streams(world, session, |world| save(world, file));
    match recorded {
        Ok(recorded) => Ok(Recorded { summary: output + &recorded.summary, ..recorded }),
        Err(failure) => Err(told(output, &failure)),
    }
}

/// Has the processes of a scene that was read from `path` take the place of all others, for a session.
pub fn exchange(
    world: &mut World,
    session: SessionId,
    path: &Path,
    scene: Result<Scene, SceneError>,
) -> Evaluation {
    let act =
        |world: &mut World| scene.map_err(Failure::from).and_then(|it| load(world, path, &it));
    let (loaded, output) = with_streams(world, session, act);
    match loaded {
        Ok(text) => Evaluation { output: output + &text, ..Evaluation::default() },
        Err(failure) => told(output, &failure),
    }
}

/// Does something with the standard streams of a session; what that printed, too.
fn with_streams<R>(
    world: &mut World,
    session: SessionId,
    act: impl FnOnce(&mut World) -> R,
) -> (R, String) {
    let streams = Streams::open(world, session);
    let outcome = act(world);
    (outcome, streams.map(|streams| streams.close(world)).unwrap_or_default())
}

/// A failure, after what was printed before it.
fn told(mut output: String, failure: &Failure) -> Evaluation {
    output += &failure.traceback.as_ref().map_or_else(String::new, |it| format!("{it}\n"));
    Evaluation { output, error: Some(format!("{failure}\n")), ..Evaluation::default() }
}

/// The file that is meant, or why there is none.
fn destination(world: &World, file: Option<&Path>) -> Result<PathBuf, Failure> {
    let refuse = |text: String| Err(Failure::plain(text));
    let is_demo = |path: &Path| {
        let demos = world.get_resource::<DemoFolder>();
        demos.is_some_and(|demos| place::absolute(path).starts_with(&demos.0))
    };
    let Some(file) = file else {
        let Some(Loaded { kind, file, .. }) = world.get_resource() else {
            return refuse("nothing has been loaded here: name a file, `save mine.ron`".to_owned());
        };
        let shown = file.display();
        return match kind {
            Kind::Scene => Ok(file.clone()),
            Kind::Demo => {
                refuse(format!("{shown} is a demo; save it as a file of yours: `save mine.ron`"))
            }
            Kind::Script => {
                refuse(format!("{shown} is a script; save the scene as a file: `save mine.ron`"))
            }
        };
    };
    let path = file.to_owned();
    let file = file.display();
    if path.extension().is_none_or(|extension| extension != "ron") && !path.is_dir() {
        return refuse(format!("the name of a scene ends in .ron: `save {file}.ron`"));
    }
    if is_demo(&path) {
        return refuse(format!("{file} is in the folder of the demos; choose one of yours"));
    }
    Ok(path)
}

/// The world as a scene; what it is, and what is left out.
fn save(world: &mut World, file: Option<&Path>) -> Result<Recorded, Failure> {
    let path = destination(world, file)?;
    let (processes, omissions) = chronicle(world);
    if is_interrupted() {
        // Those that it came upon could not be looked at, which is no reason to leave them out.
        return Err(interrupted("nothing is saved"));
    }
    let count = number(&processes);
    let scene = whole_scene(world, &path, processes)?;
    let mut out = format!("saved {} in {}\n", processes_in_words(count), path.display());
    for line in omissions.lines(MOST_LINES) {
        let _ = writeln!(out, "  {line}");
    }
    Ok(Recorded { scene, summary: out })
}

/// The scene of processes that are to be saved at `path`, with the scripts that have their classes.
fn whole_scene(
    world: &mut World,
    path: &Path,
    processes: Vec<SceneProcess>,
) -> Result<Scene, Failure> {
    let known = world.get_resource::<Loaded>().cloned();
    let (mut scripts, assets) =
        known.map_or_else(Default::default, |known| (known.scripts, Some(known.assets)));
    let mut classes = Vec::new();
    collect_classes(&processes, &mut classes);
    let found = loading(world, |py| {
        let saved = py.import(intern!(py, "metapython._saved"))?;
        saved.call_method1(intern!(py, "scripts_of"), (classes,))?.extract::<Vec<PathBuf>>()
    });
    for script in found.map_err(|error| Python::attach(|py| Failure::of_python(py, &error)))? {
        if !scripts.contains(&script) {
            scripts.push(script);
        }
    }
    let file = place::absolute(path);
    let folder = folder_of(&file);
    let fitting = |path: &PathBuf| match path.to_str() {
        Some(_) => Ok(place::fitting(path, &folder)),
        None => Err(Failure::plain(format!(
            "{} is no text in UTF-8, and no scene can name it; rename it",
            path.display()
        ))),
    };
    let window = world.resource::<Window>().clone();
    let located = |script| fitting(script).map(Located::nowhere);
    let mut scene = Scene::new(path, window);
    scene.assets = assets.filter(|assets| *assets != folder).as_ref().map(fitting).transpose()?;
    scene.scripts = scripts.iter().map(located).collect::<Result<_, _>>()?;
    scene.whole = true;
    let actions = world.resource::<Actions>().defaults();
    scene.actions =
        actions.map(|(name, bound)| (Located::nowhere(name.to_owned()), bound.to_vec())).collect();
    scene.buses = world.resource::<Audio>().bus_list();
    scene.processes = processes;
    Ok(scene)
}

/// Says that Ctrl-C has ended a deed, and with what.
fn interrupted(outcome: &str) -> Failure {
    Failure::plain(format!("KeyboardInterrupt: {outcome}"))
}

fn collect_classes(processes: &[SceneProcess], classes: &mut Vec<String>) {
    for process in processes {
        if !classes.contains(&process.class.value) {
            classes.push(process.class.value.clone());
        }
        collect_classes(&process.children, classes);
    }
}

fn number(processes: &[SceneProcess]) -> usize {
    processes.iter().map(|process| 1 + number(&process.children)).sum()
}

fn processes_in_words(count: usize) -> String {
    format!("{count} {}", if count == 1 { "process" } else { "processes" })
}

/// Has the processes of a scene take the place of all others, or changes nothing.
fn load(world: &mut World, path: &Path, scene: &Scene) -> Result<String, Failure> {
    let loaded = loaded(world, scene, path);
    take_in(world, &loaded.scripts)?;
    let search_path = loading(world, import::search_path);
    let sounds = world.remove_resource::<SoundFolder>();
    // A script that ends the program as it is imported ends no machine that runs already.
    let stop = std::mem::take(&mut *world.resource_mut::<Stop>());
    let outcome = replace(world, |world| {
        let made = create_all(world, scene)?;
        match world.resource::<Stop>().0 {
            None => Ok(made),
            Some(status) => Err(Failure::plain(format!(
                "{}: a script of it ends the program as it is imported, with status {status}",
                path.display()
            ))),
        }
    });
    world.insert_resource(stop);
    // Whatever that has kept from being made, or what an author makes of it.
    let outcome = outcome.map_err(|error| {
        if is_interrupted() { interrupted("all is as it was before") } else { error }
    });
    if outcome.is_err() {
        world.insert_resource(sounds.unwrap_or_default());
        if let Ok(search_path) = search_path {
            // What cannot be put back is one folder more in which scripts are looked for.
            let _ = loading(world, |py| import::set_search_path(py, &search_path));
        }
    }
    let made = outcome?;
    world.insert_resource(loaded);
    rebind(world)?;
    bindings::take(world);
    Ok(format!("loaded {} from {}\n", processes_in_words(made), path.display()))
}

/// Takes those scripts in, as an update does, that were imported and have been saved since.
fn take_in(world: &mut World, scripts: &[PathBuf]) -> Result<(), Failure> {
    let problem = loading(world, |py| {
        let saved = py.import(intern!(py, "metapython._saved"))?;
        saved.call_method1(intern!(py, "update"), (scripts,))?.extract::<Option<String>>()
    });
    match problem {
        Ok(None) => Ok(()),
        Ok(Some(problem)) => Err(Failure::plain(problem.trim_end())),
        Err(error) => Err(Python::attach(|py| Failure::of_python(py, &error))),
    }
}

/// The session's own standard streams, in the place of the program's.
struct Streams {
    session: Py<PyAny>,
    streams: Py<PyAny>,
}

impl Streams {
    fn open(world: &mut World, session: SessionId) -> Option<Self> {
        let open = |py: Python<'_>| -> PyResult<Self> {
            let sessions = py.import(intern!(py, "metapython._session"))?;
            let session = sessions.call_method1(intern!(py, "session"), (session.0,))?;
            let streams = session.call_method0(intern!(py, "streams"))?;
            streams.call_method0(intern!(py, "__enter__"))?;
            Ok(Self { session: session.unbind(), streams: streams.unbind() })
        };
        lend(world, || Python::attach(|py| open(py).ok()))
    }

    /// Puts the program's streams back; what was printed meanwhile.
    fn close(self, world: &mut World) -> String {
        let close = |py: Python<'_>| -> PyResult<String> {
            let none = py.None();
            self.streams.call_method1(py, intern!(py, "__exit__"), (&none, &none, &none))?;
            let output = self.session.getattr(py, intern!(py, "output"))?;
            output.call_method0(py, intern!(py, "take"))?.extract(py)
        };
        lend(world, || Python::attach(|py| close(py).unwrap_or_default()))
    }
}
