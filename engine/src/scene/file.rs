//! The scene file as RON has it, and how it becomes a checked [`Scene`].
//!
//! Parts whose place an error may have to name are kept as the raw text they are, so that the
//! place is where they stand in the file.

use std::fmt;
use std::path::PathBuf;

use ron::error::SpannedError;
use ron::value::RawValue;
use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, Visitor};

use super::error::{Source, offset};
use super::{Located, Refusal, Scene, SceneComponent, SceneError, SceneProcess, VERSION};
use crate::color::Color;
use crate::component::ComponentRegistry;
use crate::nearest::nearest;
use crate::render::Window;
use crate::value::written;

/// What is said of an empty scene.
const SMALLEST: &str = "the smallest scene is `(processes: [])`";

/// The one field that is read before all others: a scene of another version may have any.
#[derive(Deserialize)]
#[serde(rename = "Scene", bound(deserialize = "'de: 'a"))]
struct VersionFile<'a> {
    #[serde(default)]
    version: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename = "Scene", deny_unknown_fields, bound(deserialize = "'de: 'a"))]
struct SceneFile<'a> {
    #[serde(default, rename = "version")]
    _version: Option<u32>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    window: Option<&'a RawValue>,
    #[serde(default)]
    audio: Option<&'a RawValue>,
    #[serde(default)]
    actions: Option<&'a RawValue>,
    #[serde(default)]
    assets: Option<PathBuf>,
    #[serde(default)]
    scripts: Vec<&'a RawValue>,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    processes: Vec<ProcessFile<'a>>,
}

#[derive(Deserialize)]
#[serde(rename = "Window", deny_unknown_fields, default, bound(deserialize = "'de: 'a"))]
struct WindowFile<'a> {
    width: Option<&'a RawValue>,
    height: Option<&'a RawValue>,
    background: Option<&'a RawValue>,
    scale: f64,
    fullscreen: bool,
    vsync: bool,
    icon: String,
}

#[derive(Deserialize)]
#[serde(rename = "Process", deny_unknown_fields, bound(deserialize = "'de: 'a"))]
struct ProcessFile<'a> {
    class: &'a RawValue,
    #[serde(default)]
    name: Option<&'a RawValue>,
    #[serde(default)]
    priority: Option<&'a RawValue>,
    #[serde(default)]
    interval: Option<&'a RawValue>,
    #[serde(default)]
    missed: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "given")]
    restart: Option<&'a RawValue>,
    #[serde(default)]
    memory_size: Option<&'a RawValue>,
    #[serde(default)]
    hotkeys: Option<&'a RawValue>,
    #[serde(default)]
    paused: bool,
    #[serde(default)]
    started: Option<bool>,
    #[serde(default)]
    parent: Option<&'a RawValue>,
    #[serde(default)]
    components: Entries<'a>,
    #[serde(default)]
    attributes: Entries<'a>,
    #[serde(default)]
    children: Vec<ProcessFile<'a>>,
}

/// Also `None` is something that is given.
fn given<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'a RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// A map or struct whose keys are names, in the order of the file.
#[derive(Default)]
pub(super) struct Entries<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;

        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("names with values: {\"name\": value} or (name: value)")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Entries<'de>, E> {
                Ok(Entries::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries: Vec<(String, &RawValue)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    if entries.iter().any(|(other, _)| *other == name) {
                        return Err(de::Error::custom(format!("`{name}` stands here twice")));
                    }
                    entries.push((name, value));
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_any(EntriesVisitor)
    }
}

impl Default for WindowFile<'_> {
    fn default() -> Self {
        let Window { scale, fullscreen, vsync, icon, .. } = Window::default();
        Self { width: None, height: None, background: None, scale, fullscreen, vsync, icon }
    }
}

/// Reads and checks a scene.
pub(super) fn parse(source: Source, registry: &ComponentRegistry) -> Result<Scene, SceneError> {
    let reader = Reader::new(&source, registry);
    let text = source.text.as_ref();
    reader.check_version()?;
    let file: SceneFile<'_> =
        options().from_str(text).map_err(|error| reader.file_error(&error, SMALLEST))?;
    let scripts = file.scripts.iter().map(|raw| reader.script(raw)).collect::<Result<_, _>>()?;
    let mut window = file.window.map_or(Ok(Window::default()), |raw| reader.window(raw))?;
    window.title = file.title.unwrap_or(window.title);
    let buses = file.audio.map_or_else(|| Ok(Vec::new()), |raw| reader.buses(raw))?;
    let actions = file.actions.map_or_else(|| Ok(Vec::new()), |raw| reader.named_actions(raw))?;
    let processes =
        file.processes.iter().map(|file| reader.process(file)).collect::<Result<_, _>>()?;
    let SceneFile { assets, whole, .. } = file;
    Ok(Scene { window, buses, actions, assets, scripts, whole, processes, source: source.clone() })
}

pub(super) fn options() -> ron::Options {
    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
}

pub(super) struct Reader<'a> {
    source: &'a Source,
    registry: &'a ComponentRegistry,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source, registry: &'a ComponentRegistry) -> Self {
        Self { source, registry }
    }
}

impl Reader<'_> {
    /// Refuses a scene that says it is of another version; one that says nothing legible is left to
    /// the reading of the whole.
    fn check_version(&self) -> Result<(), SceneError> {
        let file: Result<VersionFile<'_>, _> = options().from_str(&self.source.text);
        let Some(raw) = file.ok().and_then(|file| file.version) else { return Ok(()) };
        match self.read::<u32>(raw) {
            Ok(version) if version != VERSION => {
                let message = format!(
                    "this engine reads scenes of version {VERSION}, and this one has version \
                     {version}; a newer engine may read it"
                );
                Err(self.source.error(self.key("version", raw), message))
            }
            _ => Ok(()),
        }
    }

    fn script(&self, raw: &RawValue) -> Result<Located<PathBuf>, SceneError> {
        let Located { value, at } = self.located::<String>(raw)?;
        Ok(Located { value: value.into(), at })
    }

    fn window(&self, raw: &RawValue) -> Result<Window, SceneError> {
        let text = raw.get_ron();
        let WindowFile { width, height, background, scale, fullscreen, vsync, icon } = options()
            .from_str(text)
            .map_err(|error| self.ron_error(self.start(raw), text, &error))?;
        let usual = Window::default();
        let width = self.side("a window's width", width, usual.width)?;
        let height = self.side("a window's height", height, usual.height)?;
        if !Window::SCALES.contains(&scale) {
            let (least, most) = (Window::SCALES.start(), Window::SCALES.end());
            let scale = written(scale);
            let message =
                format!("the scale of a window is a number from {least} to {most}, not {scale}");
            return Err(self.error(raw, message));
        }
        let window = Window { width, height, scale, fullscreen, vsync, icon, ..usual };
        let Some(raw) = background else { return Ok(window) };
        Ok(Window { background: self.color(raw)?, ..window })
    }

    fn side(&self, name: &str, raw: Option<&RawValue>, usual: u32) -> Result<u32, SceneError> {
        let sides = 1..=Window::MAX_SIDE_PX;
        let range = format!("a whole number from {} to {}, in px", sides.start(), sides.end());
        raw.map_or(Ok(usual), |raw| self.whole(name, &range, raw, |side| sides.contains(&side)))
    }

    fn color(&self, raw: &RawValue) -> Result<Color, SceneError> {
        let text: String = self.read(raw)?;
        Color::parse(&text).ok_or_else(|| {
            self.error(raw, format!("`{text}` is no color; try \"navy\" or \"#101218\""))
        })
    }

    fn process(&self, file: &ProcessFile<'_>) -> Result<SceneProcess, SceneError> {
        let class = self.located(file.class)?;
        let name = file.name.map(|raw| self.located(raw)).transpose()?;
        let priority = file.priority.map(|raw| self.priority(raw)).transpose()?;
        let interval = file.interval.map(|raw| self.interval(raw)).transpose()?;
        let missed = file.missed.map(|raw| self.missed(raw)).transpose()?;
        let restart = file.restart.map(|raw| self.restart(raw)).transpose()?;
        let memory_size = file.memory_size.map(|raw| self.memory_size(raw)).transpose()?;
        let hotkeys = file.hotkeys.map(|raw| self.hotkeys(raw)).transpose()?;
        let parent = file.parent.map(|raw| self.located(raw)).transpose()?;
        let components = file
            .components
            .0
            .iter()
            .map(|(name, raw)| self.component(name, raw))
            .collect::<Result<_, _>>()?;
        let attributes = file
            .attributes
            .0
            .iter()
            .map(|(name, raw)| {
                let at = self.key(name, raw);
                Ok((Located { value: name.clone(), at }, self.read(raw)?))
            })
            .collect::<Result<_, SceneError>>()?;
        let children =
            file.children.iter().map(|child| self.process(child)).collect::<Result<_, _>>()?;
        Ok(SceneProcess {
            class,
            name,
            priority,
            interval,
            missed,
            restart,
            memory_size,
            hotkeys,
            paused: file.paused,
            started: file.started,
            parent,
            components,
            attributes,
            children,
        })
    }

    fn component(&self, name: &str, raw: &RawValue) -> Result<SceneComponent, SceneError> {
        let text = raw.get_ron();
        let entries: Entries<'_> = options()
            .from_str(text)
            .map_err(|error| self.ron_error(self.start(raw), text, &error))?;
        let fields = entries.0.iter().map(|(field, raw)| {
            let at = self.key(field, raw);
            Ok((Located { value: field.clone(), at }, self.read(raw)?))
        });
        let fields = fields.collect::<Result<_, SceneError>>()?;
        let name = Located { value: name.to_owned(), at: self.key(name, raw) };
        let component = SceneComponent { name, fields };
        if self.registry.get(&component.name.value).is_some() {
            let settled = component.settle(self.registry);
            settled.map_err(|Refusal { message, at }| self.source.error(at, message))?;
        }
        Ok(component)
    }

    /// Reads a part that was kept raw.
    pub(super) fn read<T: DeserializeOwned>(&self, raw: &RawValue) -> Result<T, SceneError> {
        let text = raw.get_ron();
        options().from_str(text).map_err(|error| self.ron_error(self.start(raw), text, &error))
    }

    /// Reads a part whose own parts may be kept raw.
    pub(super) fn part<'p, T: Deserialize<'p>>(&self, raw: &'p RawValue) -> Result<T, SceneError> {
        let text = raw.get_ron();
        options().from_str(text).map_err(|error| self.ron_error(self.start(raw), text, &error))
    }

    fn located<T: DeserializeOwned>(&self, raw: &RawValue) -> Result<Located<T>, SceneError> {
        Ok(Located { value: self.read(raw)?, at: self.start(raw) })
    }

    /// Where a raw part begins in the file: it is a slice of the file's text.
    pub(super) fn start(&self, raw: &RawValue) -> usize {
        let begin = raw.get_ron().as_ptr().addr().wrapping_sub(self.source.text.as_ptr().addr());
        let leading = raw.get_ron().len() - raw.get_ron().trim_start().len();
        begin.wrapping_add(leading).min(self.source.text.len())
    }

    /// Where the key of a raw value begins: it is the last of its name before the value.
    pub(super) fn key(&self, name: &str, raw: &RawValue) -> usize {
        let value = self.start(raw);
        self.source.text.get(..value).and_then(|before| before.rfind(name)).unwrap_or(value)
    }

    pub(super) fn error_at(&self, at: usize, message: String) -> SceneError {
        self.source.error(at, message)
    }

    pub(super) fn error(&self, raw: &RawValue, message: String) -> SceneError {
        self.source.error(self.start(raw), message)
    }

    /// The error of RON in the whole file; `smallest` says what may stand in one that is empty.
    pub(super) fn file_error(&self, error: &SpannedError, smallest: &str) -> SceneError {
        let text = self.source.text.as_ref();
        if text.trim().is_empty() {
            return self.source.error(0, format!("the file is empty; {smallest}"));
        }
        self.ron_error(0, text, error)
    }

    /// The error of RON in `text`, which begins at byte `start` of the file.
    pub(super) fn ron_error(&self, start: usize, text: &str, error: &SpannedError) -> SceneError {
        let place = &error.span.start;
        let at = start + offset(text, place.line, place.col);
        // RON counts the space before a value as part of it.
        let rest = self.source.text.get(at..).unwrap_or_default();
        let at = if rest.trim_start().is_empty() {
            at
        } else {
            self.source.text.len() - rest.trim_start().len()
        };
        let message = match &error.code {
            ron::Error::NoSuchStructField { expected, found, outer } => {
                let outer = outer.as_deref().unwrap_or("this part").to_lowercase();
                let hint = nearest(found, expected.iter().copied()).map_or_else(
                    || format!("it has {}", expected.join(", ")),
                    |name| format!("did you mean `{name}`?"),
                );
                format!("the {outer} has no field `{found}`; {hint}")
            }
            ron::Error::MissingStructField { field, outer } => {
                let outer = outer.as_deref().unwrap_or("part").to_lowercase();
                format!("this {outer} has no `{field}`, which it must have")
            }
            ron::Error::ExceededRecursionLimit => {
                "values are nested too deeply here; spread them over several".to_owned()
            }
            other => format!("this is no valid RON: {other}"),
        };
        self.source.error(at.min(self.source.text.len()), message)
    }
}
