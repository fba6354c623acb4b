//! A scene as the text of its file, and the file.
//!
//! What is written is read as the same scene: every number to its last bit, every text to its last
//! letter.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::error::Source;
use super::{Located, Scene, SceneComponent, SceneProcess, VERSION, bindings, sound};
use crate::destination::{self, Readers};
use crate::input::Control;
use crate::process::Restart;
use crate::render::Window;
use crate::value::Value;

/// Why a scene could not be saved; the file that was there before still is.
#[derive(Debug, Error)]
#[error("cannot save the scene {}: {source}{remedy}", .path.display())]
pub struct SaveError {
    /// Where it was to be saved.
    pub path: PathBuf,
    /// What failed.
    pub source: io::Error,
    /// What to do about it, where the system does not say.
    remedy: &'static str,
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "; choose a folder that exists",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; choose a folder that you may write to"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; make room, or choose another disk. The file is as it was"
        }
        _ => "",
    }
}

impl Scene {
    /// A scene that is to be saved at `path`.
    pub fn new(path: &Path, window: Window) -> Self {
        Self {
            window,
            buses: Vec::new(),
            actions: Vec::new(),
            assets: None,
            scripts: Vec::new(),
            whole: false,
            processes: Vec::new(),
            source: Source::new(path, String::new()),
        }
    }

    /// The scene as the text of a file.
    pub fn to_ron(&self) -> String {
        let mut out = String::from("(\n");
        let Window { title, width, height, background, .. } = &self.window;
        // Writing into a text cannot fail.
        let _ = writeln!(out, "    version: {VERSION},\n    title: {title:?},");
        let _ = writeln!(
            out,
            "    window: (width: {width}, height: {height}, background: \"{background}\"{}),",
            window_options(&self.window)
        );
        out += &sound::to_ron(&self.buses);
        let actions = self.actions.iter();
        out +=
            &bindings::to_ron(actions.map(|(name, bound)| (name.value.as_str(), bound.as_slice())));
        if let Some(assets) = &self.assets {
            let _ = writeln!(out, "    assets: {:?},", assets.to_string_lossy());
        }
        let scripts: Vec<_> = self.scripts.iter().map(|script| quoted(&script.value)).collect();
        let _ = writeln!(out, "    scripts: [{}],", scripts.join(", "));
        if self.whole {
            out += "    whole: true,\n";
        }
        out += "    processes: [\n";
        for process in &self.processes {
            write_process(&mut out, process, 2);
        }
        out += "    ],\n)\n";
        out
    }

    /// Saves the scene where it was made for. A crash at any instant leaves the old file or the new
    /// one; of a symbolic link, the file that it leads to is replaced.
    ///
    /// # Errors
    /// [`SaveError`] names the file and what the system said; a folder, a device or a pipe is refused.
    pub fn save(&self) -> Result<(), SaveError> {
        let path = &self.source.path;
        let text = self.to_ron();
        destination::replace(path, Readers::Usual, |out| out.write_all(text.as_bytes()))
            .map_err(|source| SaveError { path: path.clone(), remedy: remedy(&source), source })
    }
}

/// What is not as usual of a window, each with a comma before it.
fn window_options(window: &Window) -> String {
    let usual = Window::default();
    let Window { scale, fullscreen, vsync, icon, .. } = window;
    [
        (*scale != usual.scale, format!(", scale: {scale:?}")),
        (*fullscreen != usual.fullscreen, format!(", fullscreen: {fullscreen}")),
        (*vsync != usual.vsync, format!(", vsync: {vsync}")),
        (*icon != usual.icon, format!(", icon: {icon:?}")),
    ]
    .into_iter()
    .filter_map(|(is_told, text)| is_told.then_some(text))
    .collect()
}

fn quoted(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

/// Writes a process, `depth` steps from the margin.
fn write_process(out: &mut String, process: &SceneProcess, depth: usize) {
    let (margin, inner) = ("    ".repeat(depth), "    ".repeat(depth + 1));
    let (terms, others) = terms(process);
    let _ = writeln!(out, "{margin}(\n{inner}{},", terms.join(", "));
    if !others.is_empty() {
        let _ = writeln!(out, "{inner}{},", others.join(", "));
    }
    let components: Vec<_> = process.components.iter().map(component).collect();
    write_map(out, &inner, "components", &components);
    let attribute = |(Located { value: name, .. }, value): &(Located<String>, Value)| {
        format!("{name:?}: {value}")
    };
    let attributes: Vec<_> = process.attributes.iter().map(attribute).collect();
    write_map(out, &inner, "attributes", &attributes);
    if !process.children.is_empty() {
        let _ = writeln!(out, "{inner}children: [");
        for child in &process.children {
            write_process(out, child, depth + 2);
        }
        let _ = writeln!(out, "{inner}],");
    }
    let _ = writeln!(out, "{margin}),");
}

/// Writes a map, on one line where it fits.
fn write_map(out: &mut String, margin: &str, name: &str, entries: &[String]) {
    /// The length of a line that is read at a glance.
    const WIDTH: usize = 100;
    let line = entries.join(", ");
    if entries.is_empty() {
        return;
    }
    if margin.len() + name.len() + line.len() < WIDTH {
        let _ = writeln!(out, "{margin}{name}: {{{line}}},");
        return;
    }
    let _ = writeln!(out, "{margin}{name}: {{");
    for entry in entries {
        let _ = writeln!(out, "{margin}    {entry},");
    }
    let _ = writeln!(out, "{margin}}},");
}

/// What a process is besides its components, attributes and children: what one looks for, and the
/// rest.
fn terms(process: &SceneProcess) -> (Vec<String>, Vec<String>) {
    let entry = |name: &str, value: String| format!("{name}: {value}");
    let text = |name: &str, text: &Option<Located<String>>| {
        text.as_ref().map(|it| entry(name, format!("{:?}", it.value)))
    };
    let terms = [
        Some(entry("class", format!("{:?}", process.class.value))),
        text("name", &process.name),
        text("parent", &process.parent),
        process.priority.map(|it| entry("priority", it.to_string())),
        process.interval.map(|it| entry("interval", format!("{it:?}"))),
    ];
    let others = [
        process.missed.map(|it| entry("missed", format!("{:?}", it.name()))),
        process.restart.map(|it| entry("restart", it.map_or_else(|| "None".to_owned(), restart))),
        process.memory_size.map(|it| entry("memory_size", it.to_string())),
        process.hotkeys.as_ref().map(|it| entry("hotkeys", hotkeys(it))),
        process.paused.then(|| entry("paused", "true".to_owned())),
        process.started.map(|it| entry("started", it.to_string())),
    ];
    (terms.into_iter().flatten().collect(), others.into_iter().flatten().collect())
}

fn restart(Restart { limit, within }: Restart) -> String {
    format!("(limit: {limit}, within: {:?})", within.as_secs())
}

fn hotkeys(hotkeys: &[(Control, String)]) -> String {
    let keys =
        hotkeys.iter().map(|(control, method)| format!("{:?}: {method:?}", control.to_string()));
    format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
}

fn component(SceneComponent { name, fields }: &SceneComponent) -> String {
    // Names that RON has a use for, or has no letters for, are written as texts.
    let is_plain = |name: &str| {
        name.starts_with(|letter: char| letter.is_ascii_lowercase())
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            && !matches!(name, "true" | "false" | "inf" | "inff32" | "inff64")
    };
    let (open, close, are_plain) = if fields.iter().all(|(field, _)| is_plain(&field.value)) {
        ('(', ')', true)
    } else {
        ('{', '}', false)
    };
    let fields = fields.iter().map(|(field, value)| match are_plain {
        true => format!("{}: {value}", field.value),
        false => format!("{:?}: {value}", field.value),
    });
    format!("{:?}: {open}{}{close}", name.value, fields.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
