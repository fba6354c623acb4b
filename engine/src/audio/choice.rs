//! Which devices the user has chosen: `audio.ron` in the settings' folder.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use bevy_ecs::resource::Resource;
use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::backend::{AudioDevice, Direction};
use crate::destination::{self, Readers};

/// The file in the settings' folder.
const FILE: &str = "audio.ron";

/// The version of the file's form.
const VERSION: u32 = 1;

/// The devices to play on and to listen to; the system's own where none is named.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Resource)]
#[serde(deny_unknown_fields)]
pub struct AudioChoice {
    version: u32,
    /// Plays.
    #[serde(default)]
    pub output: Option<ChosenDevice>,
    /// Hears.
    #[serde(default)]
    pub input: Option<ChosenDevice>,
}

/// A device that somebody has chosen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ChosenDevice {
    /// What it is opened by, as [`AudioDevice::id`].
    pub id: String,
    /// Its name, for people; the device may not be there to be asked.
    #[serde(default)]
    pub name: String,
}

impl ChosenDevice {
    /// A device by the id or the name that somebody gave.
    pub fn called(name: &str) -> Self {
        Self { id: name.to_owned(), name: name.to_owned() }
    }

    /// Whether it is this one.
    pub fn is(&self, device: &AudioDevice) -> bool {
        device.is_called(&self.id)
    }
}

/// Why the choice could not be read or written.
#[derive(Debug, Error)]
pub enum ChoiceError {
    /// The file is there, and cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no such choice.
    #[error(
        "{}:{problem}; correct it, or take the choice away: metapython devices --forget",
        path.display()
    )]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Line, column and what is wrong there.
        problem: String,
    },
    /// The file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Default for AudioChoice {
    fn default() -> Self {
        Self { version: VERSION, output: None, input: None }
    }
}

impl AudioChoice {
    /// Reads the file of a folder; without one, nothing is chosen.
    ///
    /// # Errors
    /// [`ChoiceError`] if it cannot be read or understood.
    pub fn load(folder: &Path) -> Result<Self, ChoiceError> {
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).map_err(|problem| ChoiceError::Wrong { path, problem }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ChoiceError::Unreadable { path, source }),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let options = ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        match options.from_str::<Self>(text) {
            Err(error) => Err(format!("{}: {}", error.span.start, error.code)),
            Ok(Self { version: VERSION, output, input }) => {
                Ok(Self { version: VERSION, output, input })
            }
            Ok(Self { version, .. }) => Err(format!(
                "1:1: version {version} is not known; this program knows version {VERSION}"
            )),
        }
    }

    /// Writes the file of a folder, which is made if there is none; where nothing is chosen, there is
    /// no file afterwards.
    ///
    /// # Errors
    /// [`ChoiceError::Unwritable`]; the file is as it was then.
    pub fn save(&self, folder: &Path) -> Result<(), ChoiceError> {
        let path = folder.join(FILE);
        let write = || {
            if self.output.is_none() && self.input.is_none() {
                return match fs::remove_file(&path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                    _ => Ok(()),
                };
            }
            fs::create_dir_all(folder)?;
            let text = ron::ser::to_string_pretty(self, PrettyConfig::default())
                .map_err(io::Error::other)?;
            destination::replace(&path, Readers::Usual, |out| writeln!(out, "{text}"))
        };
        write().map_err(|source| ChoiceError::Unwritable { path, source })
    }

    /// What is chosen for a direction.
    pub fn of(&self, direction: Direction) -> Option<&ChosenDevice> {
        match direction {
            Direction::Output => self.output.as_ref(),
            Direction::Input => self.input.as_ref(),
        }
    }

    /// Two columns before a device in a list: `>` if it is chosen, `*` if it is the system's own.
    pub fn marks(&self, device: &AudioDevice) -> String {
        let is_chosen = self.of(device.direction).is_some_and(|chosen| chosen.is(device));
        let mark = |is_so, mark| if is_so { mark } else { ' ' };
        [mark(is_chosen, '>'), mark(device.is_default, '*')].iter().collect()
    }

    /// Chooses a device for what it does.
    pub fn choose(&mut self, device: &AudioDevice) {
        let chosen = ChosenDevice { id: device.id.clone(), name: device.name.clone() };
        match device.direction {
            Direction::Output => self.output = Some(chosen),
            Direction::Input => self.input = Some(chosen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(direction: Direction) -> AudioDevice {
        AudioDevice {
            id: "pulseaudio:cellar".to_owned(),
            name: "Cellar \"left\"".to_owned(),
            host: "PulseAudio".to_owned(),
            direction,
            is_default: false,
            channels: None,
            rates_hz: None,
        }
    }

    /// What is chosen is there the next time, and forgotten without a trace; a folder is made.
    #[test]
    fn a_choice_is_kept_until_it_is_forgotten() {
        let name = format!("metapython-choice-{}", std::process::id());
        let folder = std::env::temp_dir().join(name).join("new");
        assert_eq!(AudioChoice::load(&folder).unwrap(), AudioChoice::default());
        let mut choice = AudioChoice::default();
        choice.choose(&device(Direction::Input));
        choice.save(&folder).unwrap();
        let loaded = AudioChoice::load(&folder).unwrap();
        AudioChoice::default().save(&folder).unwrap();
        AudioChoice::default().save(&folder).unwrap();
        let left = fs::read_dir(&folder).unwrap().count();
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
        assert_eq!((loaded, left), (choice.clone(), 0));
        assert_eq!(choice.of(Direction::Output), None);
        assert_eq!(choice.of(Direction::Input).unwrap().name, "Cellar \"left\"");
    }

    /// What is wrong with a file is said with its place.
    #[test]
    fn a_broken_file_is_refused_with_its_place() {
        let refusal = |text: &str| AudioChoice::parse(text).unwrap_err();
        assert_eq!(
            refusal("(version: 2)"),
            "1:1: version 2 is not known; this program knows version 1"
        );
        let unknown = refusal("(version: 1,\n inputs: (id: \"a\"))");
        assert!(unknown.starts_with("2:"), "{unknown}");
        assert!(AudioChoice::parse("(version: 1, input: (id: \"a\"))").unwrap().input.is_some());
    }
}
