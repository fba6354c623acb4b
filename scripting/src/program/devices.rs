//! `metapython devices`: which there are, how they sound, and which of them to use from now on.

mod trial;

use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use metapython_engine::audio::{AudioChoice, AudioDevice, Direction};
use metapython_engine::platform::cpal::devices;

use super::folder::config_folder;
use super::{AT_FAULT, DONE, output};
use crate::cli::DevicesArguments;
use crate::scene::Failure;

/// Lists the devices, and does with them what was asked for; at a terminal, asks.
///
/// # Errors
/// [`Failure`] if there is no such device, it does not work, or the choice cannot be read or kept.
pub(super) fn run(arguments: &DevicesArguments) -> Result<u8, Failure> {
    let folder = folder()?;
    if arguments.forget {
        // What cannot be understood can be forgotten all the same.
        save(&AudioChoice::default(), &folder)?;
        output::print("the system's own devices are used from now on\n")?;
        return Ok(DONE);
    }
    let mut choice =
        AudioChoice::load(&folder).map_err(|error| Failure::plain(error.to_string()))?;
    let found = devices();
    if let Some(name) = &arguments.chosen {
        let told = choose(&mut choice, &found, name)?;
        save(&choice, &folder)?;
        output::print(told)?;
        return Ok(DONE);
    }
    if let Some(name) = &arguments.test {
        let tried = match name {
            Some(name) => called(&found, name)?,
            None => in_use(&choice, &found),
        };
        if tried.is_empty() {
            return Err(Failure::plain(
                "there is no device to try: connect one, or start the sound server",
            ));
        }
        tried.into_iter().try_for_each(|device| trial::try_out(device, arguments.seconds))?;
        return Ok(DONE);
    }
    output::print(listed(&choice, &found))?;
    if found.is_empty() {
        return Ok(AT_FAULT);
    }
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        let mut acts = Acts { folder: &folder, seconds: arguments.seconds };
        converse(&mut choice, &found, &mut io::stdin().lock(), &mut io::stdout(), &mut acts)?;
    }
    Ok(DONE)
}

fn folder() -> Result<PathBuf, Failure> {
    let missing =
        "there is no folder for settings: set HOME or XDG_CONFIG_HOME to an absolute path";
    config_folder().ok_or_else(|| Failure::plain(missing))
}

fn save(choice: &AudioChoice, folder: &Path) -> Result<(), Failure> {
    choice.save(folder).map_err(|error| Failure::plain(error.to_string()))
}

/// The list, with a number for each device, and chosen ones that are not there.
fn listed(choice: &AudioChoice, found: &[AudioDevice]) -> String {
    let mut text = String::new();
    // Writing into a text cannot fail.
    for (direction, title) in TITLES {
        let _ = writeln!(text, "{title}:");
        let of_direction = |(_, device): &(usize, &AudioDevice)| device.direction == direction;
        let mut is_chosen_there = false;
        for (index, device) in found.iter().enumerate().filter(of_direction) {
            let _ = writeln!(text, "{:3} {} {device}", index + 1, choice.marks(device));
            is_chosen_there |= choice.of(direction).is_some_and(|chosen| chosen.is(device));
        }
        if !found.iter().any(|device| device.direction == direction) {
            text += "    none\n";
        }
        if let Some(chosen) = choice.of(direction).filter(|_| !is_chosen_there) {
            let _ = writeln!(text, "    >  {}: {}, which is not there now", chosen.id, chosen.name);
        }
    }
    text += "> is chosen, * is the system's own\n";
    text
}

const TITLES: [(Direction, &str); 2] =
    [(Direction::Output, "to play on"), (Direction::Input, "to listen to")];

/// The devices of a number in the list, an id or a name: one that plays and hears is two.
fn called<'a>(found: &'a [AudioDevice], name: &str) -> Result<Vec<&'a AudioDevice>, Failure> {
    let number = name.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let by_number = number.and_then(|index| found.get(index));
    let mut devices: Vec<_> = match by_number {
        Some(device) => vec![device],
        None => found.iter().filter(|device| device.is_called(name)).collect(),
    };
    // Several systems may have a device of this name: the first in the list is opened by it.
    devices.dedup_by_key(|device| device.direction);
    if devices.is_empty() {
        let text = format!(
            "there is no device {name:?}: give a number, an id or a name of `metapython devices`"
        );
        return Err(Failure::plain(text));
    }
    Ok(devices)
}

/// The devices that a run would use now.
fn in_use<'a>(choice: &AudioChoice, found: &'a [AudioDevice]) -> Vec<&'a AudioDevice> {
    let used = |(direction, _)| {
        let mut of_direction = found.iter().filter(|device| device.direction == direction);
        let chosen = choice.of(direction);
        let is_chosen = |device: &&AudioDevice| chosen.is_some_and(|chosen| chosen.is(device));
        of_direction.clone().find(is_chosen).or_else(|| of_direction.find(|it| it.is_default))
    };
    TITLES.into_iter().filter_map(used).collect()
}

/// Chooses what has this number, id or name; says so.
fn choose(choice: &mut AudioChoice, found: &[AudioDevice], name: &str) -> Result<String, Failure> {
    let mut told = String::new();
    for device in called(found, name)? {
        choice.choose(device);
        let what = match device.direction {
            Direction::Output => "played on",
            Direction::Input => "listened to",
        };
        let _ = writeln!(told, "{} is {what} from now on", device.name);
    }
    Ok(told)
}

/// What a conversation has done.
struct Acts<'a> {
    folder: &'a Path,
    seconds: f64,
}

/// As [`Acts`] or a test does it.
trait Doer {
    fn save(&mut self, choice: &AudioChoice) -> Result<(), Failure>;
    fn try_out(&mut self, device: &AudioDevice) -> Result<(), Failure>;
}

impl Doer for Acts<'_> {
    fn save(&mut self, choice: &AudioChoice) -> Result<(), Failure> {
        save(choice, self.folder)
    }

    fn try_out(&mut self, device: &AudioDevice) -> Result<(), Failure> {
        trial::try_out(device, self.seconds)
    }
}

/// Asks what is to be done with the devices of the list until there is no answer.
fn converse(
    choice: &mut AudioChoice,
    found: &[AudioDevice],
    answers: &mut dyn BufRead,
    out: &mut dyn Write,
    acts: &mut dyn Doer,
) -> Result<(), Failure> {
    let broken = |error: io::Error| Failure::plain(format!("cannot ask: {error}"));
    loop {
        let question = "number: use it; t number: try it; f: forget the choice; Enter: leave > ";
        write!(out, "{question}").and_then(|()| out.flush()).map_err(broken)?;
        let mut answer = String::new();
        answers.read_line(&mut answer).map_err(broken)?;
        let answer = answer.trim();
        let outcome = match answer.split_once(char::is_whitespace) {
            None if answer.is_empty() => return Ok(()),
            None if answer == "f" => {
                *choice = AudioChoice::default();
                acts.save(choice).map(|()| "forgotten\n".to_owned())
            }
            Some(("t", name)) => called(found, name.trim()).and_then(|devices| {
                devices.into_iter().try_for_each(|device| acts.try_out(device))?;
                Ok(String::new())
            }),
            _ => choose(choice, found, answer).and_then(|told| {
                acts.save(choice)?;
                Ok(told)
            }),
        };
        // Who mistypes is asked again.
        let text = outcome.unwrap_or_else(|failure| format!("{failure}\n"));
        write!(out, "{text}").map_err(broken)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Vec<AudioDevice> {
        let device = |id: &str, name: &str, direction, is_default| AudioDevice {
            id: format!("pulseaudio:{id}"),
            name: name.to_owned(),
            host: "PulseAudio".to_owned(),
            direction,
            is_default,
            channels: Some((1, 2)),
            rates_hz: Some((48_000, 48_000)),
        };
        vec![
            device("hall", "Hall", Direction::Output, true),
            device("duplex", "Duplex", Direction::Output, false),
            device("duplex", "Duplex", Direction::Input, false),
            device("ear", "Ear", Direction::Input, true),
        ]
    }

    /// What was done, and what was said.
    fn talk(answers: &str) -> (Vec<String>, String) {
        struct Noted(Vec<String>);
        impl Doer for Noted {
            fn save(&mut self, choice: &AudioChoice) -> Result<(), Failure> {
                let id = |direction| choice.of(direction).map_or("-", |chosen| &chosen.id);
                let (output, input) = (id(Direction::Output), id(Direction::Input));
                self.0.push(format!("save {output} {input}"));
                Ok(())
            }
            fn try_out(&mut self, device: &AudioDevice) -> Result<(), Failure> {
                self.0.push(format!("try {} {:?}", device.name, device.direction));
                Ok(())
            }
        }
        let (mut noted, mut out) = (Noted(Vec::new()), Vec::new());
        let (mut choice, found) = (AudioChoice::default(), found());
        converse(&mut choice, &found, &mut answers.as_bytes(), &mut out, &mut noted).unwrap();
        (noted.0, String::from_utf8(out).unwrap())
    }

    /// The list has a number, marks and a name for each, and a chosen one that is not there.
    #[test]
    fn devices_are_listed_with_their_marks() {
        let mut choice = AudioChoice::default();
        choose(&mut choice, &found(), "2").unwrap();
        choice.input = Some(metapython_engine::audio::ChosenDevice::called("usb"));
        assert_eq!(
            listed(&choice, &found()),
            "to play on:\n  \
             1  * pulseaudio:hall: Hall, through PulseAudio, up to 2 channels, 48000 Hz\n  \
             2 >  pulseaudio:duplex: Duplex, through PulseAudio, up to 2 channels, 48000 Hz\n\
             to listen to:\n  \
             3    pulseaudio:duplex: Duplex, through PulseAudio, up to 2 channels, 48000 Hz\n  \
             4  * pulseaudio:ear: Ear, through PulseAudio, up to 2 channels, 48000 Hz\n    \
             >  usb: usb, which is not there now\n\
             > is chosen, * is the system's own\n"
        );
        assert!(listed(&choice, &[]).contains("to listen to:\n    none\n"));
    }

    /// A device is chosen by its number, its id or its name; one that plays and hears for both.
    #[test]
    fn devices_are_chosen_in_a_conversation() {
        let (done, said) = talk("2\nEar\nt 4\nfoo\nDuplex\nf\n\n1\n");
        assert_eq!(
            done,
            [
                "save pulseaudio:duplex -",
                "save pulseaudio:duplex pulseaudio:ear",
                "try Ear Input",
                "save pulseaudio:duplex pulseaudio:duplex",
                "save - -",
            ]
        );
        assert!(said.contains("there is no device \"foo\": give a number"), "{said}");
        assert!(said.contains("Duplex is played on from now on\nDuplex is listened to"), "{said}");
        assert_eq!(talk("").0, Vec::<String>::new());
    }

    /// Without a name those are tried that a run would use.
    #[test]
    fn the_chosen_ones_are_tried() {
        let mut choice = AudioChoice::default();
        let names = |choice: &AudioChoice| {
            in_use(choice, &found()).iter().map(|device| device.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&choice), ["Hall", "Ear"]);
        choose(&mut choice, &found(), "2").unwrap();
        assert_eq!(names(&choice), ["Duplex", "Ear"]);
    }
}
