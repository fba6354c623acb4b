//! Cases: folders of data that say how the program is run and what must come of it.
//!
//! A case is a folder with a `case.ron`. What it expects stands beside that: `stdout.txt` and
//! `stderr.txt` (no file: nothing may be said), and for what it compares `picture.png` and
//! `sound.wav`.

mod expectation;
mod picture;
mod sound;
mod text;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::folder::Folder;
use crate::program::{self, Finished};
use expectation::Expectations;

/// The file that makes a folder a case.
pub const FILE: &str = "case.ron";

/// What `case.ron` says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the case shows, in a sentence.
    pub shows: String,
    /// What is run: a file or folder in the case's folder, or a demo's name.
    pub run: String,
    /// The program's command.
    #[serde(default = "default_command")]
    pub command: String,
    /// Whether `run` is without window and sound card.
    #[serde(default = "default_headless")]
    pub headless: bool,
    /// Whether NumPy is there, as in the virtual environment of the tests.
    #[serde(default)]
    pub numpy: bool,
    /// How many ticks `run` takes; none: it must end by itself.
    #[serde(default)]
    pub ticks: Option<u64>,
    /// The seed of `run`; none: the program's own.
    #[serde(default)]
    pub seed: Option<u64>,
    /// What else is on the command line.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// The exit status that is expected.
    #[serde(default)]
    pub status: i32,
    /// What is compared besides output and status.
    #[serde(default)]
    pub compare: Vec<Compared>,
    /// Another seed, with which the digest must be another.
    #[serde(default)]
    pub other_seed: Option<u64>,
    /// Why the case fails, if it is known to. One that passes then fails the run.
    #[serde(default)]
    pub known_failure: Option<String>,
}

/// What is compared besides output and status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Compared {
    /// The last picture, pixel by pixel, with `picture.png`.
    Picture,
    /// What was to be heard, sample by sample, with `sound.wav`.
    Sound,
    /// The run is done twice, and must be the same in everything, its digest included.
    Repetition,
}

fn default_command() -> String {
    "run".to_owned()
}

fn default_headless() -> bool {
    true
}

/// The folders under `root` that are cases, with their paths from there as names, sorted.
///
/// # Panics
/// If a folder cannot be read.
pub fn find(root: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        if folder.join(FILE).is_file() {
            let name = folder.strip_prefix(root).unwrap_or(&folder).display().to_string();
            found.push((name, folder));
            continue;
        }
        let entries = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
        folders.extend(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

/// Runs the case in `folder`. What differs from what is expected goes to `actual`, a folder, and
/// the error names it; with `update` it becomes what is expected.
///
/// # Errors
/// What was expected, what came, and where that is.
pub fn check(folder: &Path, actual: &Path, update: bool) -> Result<(), String> {
    let file = folder.join(FILE);
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let case = read(&text).map_err(|error| format!("{}:{error}", file.display()))?;
    // What an earlier run has left would be mistaken for this one's.
    let _ = fs::remove_dir_all(actual);
    let outcome = case.check(&Expectations {
        folder,
        actual,
        update: update && case.known_failure.is_none(),
    });
    match (case.known_failure, outcome) {
        (None, outcome) => outcome,
        (Some(_), Err(_)) => Ok(()),
        (Some(reason), Ok(())) => Err(format!(
            "passes, though it is marked as failing (\"{reason}\"): remove known_failure from {}",
            file.display()
        )),
    }
}

/// Reads a `case.ron`.
///
/// # Errors
/// Line, column and what is wrong there; a field that does not exist is wrong too.
pub fn read(text: &str) -> Result<Case, String> {
    let options =
        ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    options.from_str(text).map_err(|error| error.to_string())
}

/// What one run of a case has left.
struct Run {
    finished: Finished,
    picture: Option<Vec<u8>>,
    sound: Option<Vec<u8>>,
}

impl Case {
    fn check(&self, expectations: &Expectations<'_>) -> Result<(), String> {
        let first = self.run(expectations.folder, self.seed);
        let mut problems = Vec::new();
        if first.finished.status != self.status {
            problems.push(format!("status {}, not {}", first.finished.status, self.status));
        }
        let digest = digest(&first.finished.stdout).filter(|_| self.wants_digest());
        if self.wants_digest() && digest.is_none() {
            problems.push("the last line of its output is no digest".to_owned());
        }
        let stdout = digest.map_or_else(
            || first.finished.stdout.clone(),
            |digest| first.finished.stdout.replace(digest, "[digest]"),
        );
        problems.extend(expectations.text("stdout.txt", &stdout));
        problems.extend(expectations.text("stderr.txt", &first.finished.stderr));
        let picture = self.compares(Compared::Picture).then_some(first.picture.as_deref());
        problems.extend(expectations.file("picture.png", picture, picture::difference));
        let sound = self.compares(Compared::Sound).then_some(first.sound.as_deref());
        problems.extend(expectations.file("sound.wav", sound, sound::difference));
        if self.compares(Compared::Repetition) {
            problems.extend(first.difference(&self.run(expectations.folder, self.seed)));
        }
        if let Some(seed) = self.other_seed {
            let other = self.run(expectations.folder, Some(seed));
            if self::digest(&other.finished.stdout) == digest {
                problems.push(format!("the digest with the seed {seed} is the same"));
            }
        }
        if problems.is_empty() {
            return Ok(());
        }
        let mut message = format!("{}\n", self.shows);
        for problem in &problems {
            let _ = writeln!(message, "- {problem}");
        }
        // What it said is the first thing to look at, if it is not what was compared.
        let _ = write!(message, "\nits errors:\n{}", first.finished.stderr);
        Err(message)
    }

    fn compares(&self, what: Compared) -> bool {
        self.compare.contains(&what)
    }

    fn wants_digest(&self) -> bool {
        self.compares(Compared::Repetition) || self.other_seed.is_some()
    }

    fn run(&self, folder: &Path, seed: Option<u64>) -> Run {
        let out = Folder::new();
        let (picture, sound) = (out.path().join("picture.png"), out.path().join("sound.wav"));
        let mut command = program::command(out.path());
        command.current_dir(folder).args([&self.command, &self.run]);
        if self.numpy {
            command.env("VIRTUAL_ENV", program::virtual_environment());
        }
        if self.command == "run" {
            command.args(self.headless.then_some("--headless"));
            command.args(self.ticks.iter().flat_map(|n| ["--ticks".to_owned(), n.to_string()]));
            command.args(seed.iter().flat_map(|seed| ["--seed".to_owned(), seed.to_string()]));
            command.args(self.wants_digest().then_some("--digest"));
            if self.compares(Compared::Picture) {
                command.arg("--screenshot").arg(&picture);
            }
            if self.compares(Compared::Sound) {
                command.arg("--audio-out").arg(&sound);
            }
        }
        command.args(&self.arguments);
        let mut finished = program::run(&mut command);
        for text in [&mut finished.stdout, &mut finished.stderr] {
            *text = text::normalized(
                text,
                &[("[case]", folder), ("[out]", out.path()), ("[root]", program::root())],
            );
        }
        Run { finished, picture: fs::read(picture).ok(), sound: fs::read(sound).ok() }
    }
}

impl Run {
    /// In what another run of the same differs, if in anything.
    fn difference(&self, other: &Self) -> Option<String> {
        let parts = [
            ("status", self.finished.status == other.finished.status),
            ("output or digest", self.finished.stdout == other.finished.stdout),
            ("errors", self.finished.stderr == other.finished.stderr),
            ("picture", self.picture == other.picture),
            ("sound", self.sound == other.sound),
        ];
        let differing: Vec<_> =
            parts.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
        (!differing.is_empty()).then(|| format!("a second run differs in {}", differing.join(", ")))
    }
}

/// The digest on the last line of an output: 64 hexadecimal digits.
fn digest(stdout: &str) -> Option<&str> {
    let line = stdout.lines().last()?;
    let is_digest = line.len() == 64 && line.chars().all(|letter| letter.is_ascii_hexdigit());
    is_digest.then_some(line)
}

#[cfg(test)]
mod tests;
