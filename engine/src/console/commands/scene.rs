//! Commands about the scene as a whole: what is loaded, saving it, loading another.

use std::cmp::Reverse;
use std::fmt::Write;
use std::path::PathBuf;

use super::super::{Arguments, Command, Complaint, Context, Evaluation, Parameter, Role, Takes};
use super::aside::Aside;
use crate::component::ComponentRegistry;
use crate::console::Recorded;
use crate::process::{Classes, Names};
use crate::render::Window;
use crate::scene::{Kind, Loaded, Scene};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "scene",
        aliases: &[],
        parameters: &[],
        summary: "Show what is loaded: file, title, and how many processes of each class",
        details: "",
        example: "scene",
        role: Role::View,
        run: scene,
    },
    Command {
        name: "save",
        aliases: &[],
        parameters: &[Parameter::maybe("FILE", Takes::File("ron"))],
        summary: "Write the living processes as a scene, to the file that was loaded or another one",
        details: "Paths start at the current folder; without the role `exec`, at that of the scene that \
            runs, and lead nowhere else. Loaded or run again, the processes go on with the \
            components and attributes that they have now, without a new `start`; one that holds what no \
            scene can say is made anew by its class or left out, and you are told. Messages, \
            instructions, random states, accounts, due times and where an `async def run` stands are in \
            no scene. All values are those of one moment, so that a large world holds the tick while they \
            are taken; the file is written aside.",
        example: "save mine.ron",
        role: Role::Edit,
        run: save,
    },
    Command {
        name: "load",
        aliases: &[],
        parameters: &[Parameter::one("FILE", Takes::File("ron"))],
        summary: "Have the processes of a scene take the place of all others",
        details: "If anything is wrong with the scene or its scripts, nothing changes. Scripts that are \
            known and were saved since are first taken in, as `update` does. Instructions that wait are \
            forgotten; the time goes on. The file is read aside; the processes are created between two \
            ticks, so that nobody meets half a scene, and a large one holds them for as long as that takes. \
            Ctrl-C ends it, and nothing changes. Paths are as those of `save`: it imports scripts, which \
            is why only `exec` loads what lies elsewhere.",
        example: "load mine.ron",
        role: Role::Edit,
        run: load,
    },
    Command {
        name: "reload",
        aliases: &[],
        parameters: &[],
        summary: "Load the scene that is loaded once more, from its file as it is now",
        details: "As `load` does. To take in the newest text of a script and keep the processes, use \
            `update`.",
        example: "reload",
        role: Role::Edit,
        run: reload,
    },
];

fn save(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let file = arguments.get(0).map(|word| context.reach(word)).transpose()?;
    let recorded = context.interpreter.record(context.world, context.session, file.as_deref());
    let Recorded { scene, summary } = match recorded {
        Ok(recorded) => recorded,
        Err(failure) => {
            tell(context, failure);
            return Ok(());
        }
    };
    let write = move || scene.save().map(|()| summary);
    Aside::follow(context, "scene-save", write, |context, saved| match saved {
        Ok(summary) => context.out += &summary,
        Err(error) => context.error = Some(format!("{error}\n")),
    })
}

/// Passes on what the interpreter has told.
fn tell(context: &mut Context<'_>, Evaluation { output, error, .. }: Evaluation) {
    context.out += &output;
    context.error = error;
}

fn load(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    // Its row has it that there is one.
    let Some(word) = arguments.get(0) else { return Ok(()) };
    let path = context.reach(word)?;
    if path.is_dir() {
        let inner = path.join("scene.ron");
        let (folder, inner) = (path.display(), inner.display());
        let text = format!("{folder} is a folder; name the scene in it: {inner}");
        return Err(Complaint::new(text));
    }
    read(context, path)
}

/// Reads a scene, and then has its processes take the place of all others.
fn read(context: &mut Context<'_>, path: PathBuf) -> Result<(), Complaint> {
    let registry = context.world.resource::<ComponentRegistry>().clone();
    let read = move || {
        let scene = Scene::load(&path, &registry);
        (path, scene)
    };
    Aside::follow(context, "scene-load", read, |context, (path, scene)| {
        let interpreter = &mut *context.interpreter;
        let evaluation = interpreter.replace(context.world, context.session, &path, scene);
        tell(context, evaluation);
    })
}

fn reload(context: &mut Context<'_>, _: &Arguments) -> Result<(), Complaint> {
    let text = match context.world.get_resource::<Loaded>() {
        Some(Loaded { kind: Kind::Scene | Kind::Demo, file, .. }) => {
            let file = file.clone();
            return read(context, file);
        }
        Some(Loaded { file, .. }) => {
            let name = file.file_name().unwrap_or_default().display();
            let shown = file.display();
            format!("{shown} is a script, no scene; `update {name}` takes it in anew")
        }
        None => "nothing has been loaded here; `load FILE.ron` loads a scene".to_owned(),
    };
    Err(Complaint::new(text))
}

fn scene(context: &mut Context<'_>, _: &Arguments) -> Result<(), Complaint> {
    let world = &*context.world;
    let loaded = world.get_resource::<Loaded>();
    let file = loaded.map_or_else(|| "nothing was loaded".to_owned(), in_words);
    let title = &world.resource::<Window>().title;
    let names = world.resource::<Names>();
    let _ = writeln!(context.out, "{file}\ntitle {title:?}\nprocesses: {}", names.len());
    tell_classes(world.resource::<Classes>(), &mut context.out);
    Ok(())
}

fn in_words(loaded: &Loaded) -> String {
    let kind = match loaded.kind {
        Kind::Scene => "scene",
        Kind::Demo => "demo",
        Kind::Script => "script",
    };
    format!("{kind} {}", loaded.file.display())
}

/// The classes with most processes, and how many others there are.
fn tell_classes(classes: &Classes, out: &mut String) {
    const SHOWN: usize = 20;
    let mut classes: Vec<_> = classes.iter().collect();
    // Sorting keeps the order of the names where there are as many.
    classes.sort_by_key(|(_, count)| Reverse(*count));
    for (class, count) in classes.iter().take(SHOWN) {
        let _ = writeln!(out, "{count:>7}  {class}");
    }
    if let rest @ 1.. = classes.len().saturating_sub(SHOWN) {
        let _ = writeln!(out, "... and {rest} other classes");
    }
}
