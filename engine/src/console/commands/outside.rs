//! Commands about what a user sees and hears.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crossbeam::channel::{Receiver, TryRecvError};

use super::super::reach::reach;
use super::super::{Arguments, Command, Complaint, Context, Job, Parameter, Role, Takes};
use super::aside::Aside;
use crate::audio::{AudioChoice, AudioDevice, AudioDevices, Direction};
use crate::render::{Picture, PictureError, PictureWishes, Taken};
use crate::scene::{Kind, Loaded};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "screenshot",
        aliases: &[],
        parameters: &[Parameter::maybe("FILE.png", Takes::Text)],
        summary: "Save a picture of what a user sees now",
        details: "Relative to the folder that the program was started in; without the role `exec`, to \
            that of the scene that runs, and nowhere else. Without a name it is screenshot.png there, \
            or screenshot-2.png and so on if there is one already; a file that is named is replaced.",
        example: "screenshot after.png",
        role: Role::Edit,
        run: screenshot,
    },
    Command {
        name: "devices",
        aliases: &[],
        parameters: &[],
        summary: "List the devices to play on and to listen to",
        details: "The one with a * is used where none is chosen, the one with a > is chosen: by \
            `metapython devices --use`, or on the command line. A machine that runs without sound has none.",
        example: "devices",
        role: Role::View,
        run: devices,
    },
];

/// How many names are tried for a picture that was given none.
const MOST_NAMES: usize = 10_000;

fn screenshot(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let loaded = context.world.get_resource::<Loaded>();
    if context.role() < Role::Exec && loaded.is_some_and(|loaded| loaded.kind == Kind::Demo) {
        let what = "a picture elsewhere than in the folder of a demo, which stays as it is,";
        return Err(Complaint::new(Role::Exec.needed_for(what, context.role())));
    }
    let path = match arguments.get(0) {
        Some(word) => {
            let path = context.reach(word)?;
            if !path.extension().is_some_and(|end| end.eq_ignore_ascii_case("png")) {
                let text = format!("a picture is a PNG: {}.png", word.text);
                return Err(Complaint::at(word, text));
            }
            Picture::check_place(&path).map_err(|error| Complaint::at(word, error.to_string()))?;
            path
        }
        None => unused_name(&place(context)?)?,
    };
    let taken = context.world.resource_mut::<PictureWishes>().ask();
    context.job = Some(Box::new(Screenshot { path, taken, saving: None }));
    Ok(())
}

/// The folder of pictures that were given no name.
fn place(context: &Context<'_>) -> Result<PathBuf, Complaint> {
    reach(context.world, context.role(), Path::new("")).map_err(Complaint::new)
}

/// The first name of a picture that no file in a folder has.
fn unused_name(folder: &Path) -> Result<PathBuf, Complaint> {
    let name = |number| match number {
        1 => "screenshot.png".to_owned(),
        number => format!("screenshot-{number}.png"),
    };
    let mut names = (1..=MOST_NAMES).map(|number| folder.join(name(number)));
    names.find(|path| path.symlink_metadata().is_err()).ok_or_else(|| {
        Complaint::new(
            "all names up to screenshot-10000.png are taken; give one: screenshot FILE.png",
        )
    })
}

/// A picture that is taken, and then saved on a thread of its own.
struct Screenshot {
    path: PathBuf,
    taken: Receiver<Taken>,
    saving: Option<Aside<Saved>>,
}

/// The place and the size of a picture.
type Saved = Result<(PathBuf, [u32; 2]), PictureError>;

impl Job for Screenshot {
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        if let Some(saving) = &mut self.saving {
            return saving.advance(context);
        }
        let picture = match self.taken.try_recv() {
            Ok(Ok(picture)) => picture,
            Ok(Err(error)) => return failed(context, &error.to_string()),
            Err(TryRecvError::Empty) => return false,
            Err(TryRecvError::Disconnected) => return failed(context, "no picture was taken"),
        };
        let path = self.path.clone();
        match Aside::start("screenshot", move || save(&path, &picture), tell_saved) {
            Ok(saving) => {
                self.saving = Some(saving);
                false
            }
            Err(complaint) => failed(context, &complaint.message),
        }
    }
}

/// Tells why there is no picture; always that this was all.
fn failed(context: &mut Context<'_>, reason: &str) -> bool {
    context.error = Some(format!("{reason}\n"));
    true
}

fn save(path: &Path, picture: &Picture) -> Saved {
    picture.save_png(path)?;
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Ok((path, [picture.width, picture.height]))
}

fn tell_saved(context: &mut Context<'_>, saved: Saved) {
    match saved {
        Ok((path, [width, height])) => {
            let _ = writeln!(context.out, "saved {} ({width} × {height})", path.display());
        }
        Err(error) => {
            failed(context, &error.to_string());
        }
    }
}

fn devices(context: &mut Context<'_>, _: &Arguments) -> Result<(), Complaint> {
    let AudioDevices(list) = *context.world.resource();
    // It asks sound servers, which takes up to seconds.
    context.job = Some(Box::new(Aside::start("console-devices", list, tell_devices)?));
    Ok(())
}

fn tell_devices(context: &mut Context<'_>, devices: Vec<AudioDevice>) {
    let chosen = context.world.get_resource::<AudioChoice>().cloned().unwrap_or_default();
    if devices.is_empty() {
        context.out += "none\n";
    }
    for (direction, title) in
        [(Direction::Output, "to play on"), (Direction::Input, "to listen to")]
    {
        let mut of_direction =
            devices.iter().filter(|device| device.direction == direction).peekable();
        if of_direction.peek().is_some() {
            let _ = writeln!(context.out, "{title}:");
        }
        for device in of_direction {
            let _ = writeln!(context.out, "{} {device}", chosen.marks(device));
        }
    }
}
