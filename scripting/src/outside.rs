//! Opening what a machine shows itself and is heard on.

use std::path::Path;

use metapython_engine::alert::{self, Level};
use metapython_engine::audio::{AudioBackend, AudioChoice, CaptureBackend, Tee};
#[cfg(feature = "overlay")]
use metapython_engine::console::editor::History;
use metapython_engine::machine::Machine;
#[cfg(feature = "overlay")]
use metapython_engine::overlay::Overlay;
#[cfg(feature = "audio")]
use metapython_engine::platform::cpal::{CpalAudio, CpalMicrophone};
use metapython_engine::platform::headless::audio::{
    FileMicrophone, NoMicrophone, OfflineAudio, SilentAudio,
};
use metapython_engine::platform::headless::input::NoInput;
#[cfg(feature = "watch")]
use metapython_engine::platform::notify::NotifyWatcher;
use metapython_engine::render::{Display, DisplayError, Window};

use crate::program::folder::config_folder;
#[cfg(feature = "watch")]
use crate::reload::PythonUpdater;
use crate::scene::{BindingsPlace, Failure};

/// The device if `is_audible`, the file, both or neither. The second value says why there is no
/// device, if there should be one.
///
/// # Errors
/// [`Failure`] if the file cannot be created.
pub fn open_audio(
    is_audible: bool,
    file: Option<&Path>,
    choice: &AudioChoice,
) -> Result<(Box<dyn AudioBackend>, Option<String>), Failure> {
    let file = file.map(OfflineAudio::create).transpose();
    let file = file.map_err(|error| Failure::plain(error.to_string()))?;
    let (device, silence) = if is_audible { open_device(choice) } else { (None, None) };
    let backend: Box<dyn AudioBackend> = match (device, file) {
        (Some(device), Some(file)) => Box::new(Tee::new(device, file)),
        (Some(device), None) => Box::new(device),
        (None, Some(file)) => Box::new(file),
        (None, None) => Box::new(SilentAudio),
    };
    Ok((backend, silence))
}

/// The device that the user has chosen; where there is none, one that looks for it until it is there.
#[cfg(feature = "audio")]
fn open_device(choice: &AudioChoice) -> (Option<CpalAudio>, Option<String>) {
    let chosen = choice.output.as_ref().map(|device| device.id.as_str());
    match CpalAudio::open(chosen) {
        Ok(device) => (Some(device), None),
        Err(error) => (Some(CpalAudio::look_for(chosen)), Some(error.to_string())),
    }
}

#[cfg(not(feature = "audio"))]
fn open_device(_: &AudioChoice) -> (Option<SilentAudio>, Option<String>) {
    (None, Some("this program was built without sound (the `audio` feature)".to_owned()))
}

/// What is heard: the file, the microphones if `is_audible`, or nothing.
///
/// # Errors
/// [`Failure`] if the file is no sound.
pub fn open_capture(
    is_audible: bool,
    file: Option<&Path>,
    choice: &AudioChoice,
) -> Result<Box<dyn CaptureBackend>, Failure> {
    if let Some(file) = file {
        let file = FileMicrophone::open(file);
        return Ok(Box::new(file.map_err(|error| Failure::plain(error.to_string()))?));
    }
    Ok(if is_audible { microphones(choice) } else { Box::new(NoMicrophone) })
}

#[cfg(feature = "audio")]
fn microphones(choice: &AudioChoice) -> Box<dyn CaptureBackend> {
    Box::new(CpalMicrophone::new(choice.input.as_ref().map(|device| device.id.clone())))
}

#[cfg(not(feature = "audio"))]
fn microphones(_: &AudioChoice) -> Box<dyn CaptureBackend> {
    Box::new(NoMicrophone)
}

/// The devices that the user has chosen, and what is wrong with the file that says so: then they are
/// the system's own.
#[cfg(feature = "audio")]
pub fn chosen_devices() -> (AudioChoice, Option<String>) {
    let folder = crate::program::folder::config_folder();
    match folder.map_or(Ok(AudioChoice::default()), |folder| AudioChoice::load(&folder)) {
        Ok(choice) => (choice, None),
        Err(error) => (AudioChoice::default(), Some(error.to_string())),
    }
}

#[cfg(not(feature = "audio"))]
pub fn chosen_devices() -> (AudioChoice, Option<String>) {
    (AudioChoice::default(), None)
}

/// Tells whoever watches that the user's choice is of no use, and why.
pub fn alert_choice(machine: &mut Machine, problem: &str) {
    let text = format!("the system's own devices are used: {problem}");
    alert::raise(machine.world_mut(), "audio", Level::Error, text);
}

/// Tells whoever watches that nothing will be heard, and why.
pub fn alert_silence(machine: &mut Machine, reason: &str) {
    alert::raise(machine.world_mut(), "audio", Level::V, format!("silent: {reason}"));
}

/// Has scripts taken in when they are saved from now on; where the system does not tell of changes,
/// whoever watches is told so.
#[cfg(feature = "watch")]
pub fn watch(machine: &mut Machine) {
    match NotifyWatcher::open() {
        Ok(watcher) => machine.attach_watcher(Box::new(watcher), Box::new(PythonUpdater)),
        Err(error) => alert::raise(machine.world_mut(), "update", Level::V, error.to_string()),
    }
}

#[cfg(not(feature = "watch"))]
pub fn watch(machine: &mut Machine) {
    let text = "this program was built without file watching (the `watch` feature)";
    alert::raise(machine.world_mut(), "update", Level::V, text);
}

/// Shows widgets from now on, in a window, in pictures and to those who only click.
#[cfg(feature = "ui")]
pub fn attach_toolkit(machine: &mut Machine) {
    use metapython_engine::platform::egui::EguiToolkit;
    machine.attach_toolkit(Box::new(EguiToolkit::default()));
}

#[cfg(not(feature = "ui"))]
pub fn attach_toolkit(_machine: &mut Machine) {}

/// Opens the window that the world wants.
///
/// # Errors
/// [`DisplayError`] if there is no screen; it names the way to run without one.
pub fn attach_window(machine: &mut Machine) -> Result<(), DisplayError> {
    let window = machine.world().resource::<Window>().clone();
    open_window(machine, &window)?;
    // Who plays may have bound actions otherwise than the scene.
    let world = machine.world_mut();
    if let Some(folder) = config_folder()
        && world.get_resource::<BindingsPlace>().is_none()
    {
        BindingsPlace::Folder(folder.join("input")).open(world);
    }
    Ok(())
}

/// Shows nothing, but draws what a window would show where that is asked for.
pub fn attach_offscreen(machine: &mut Machine) {
    machine.attach_display(offscreen(), Box::new(NoInput));
}

#[cfg(feature = "sdl")]
fn open_window(machine: &mut Machine, window: &Window) -> Result<(), DisplayError> {
    let (display, input) = metapython_engine::platform::sdl::open(window)?;
    machine.attach_display(Box::new(display), Box::new(input));
    attach_overlay(machine);
    Ok(())
}

/// The console that its key opens in the window.
#[cfg(feature = "overlay")]
fn attach_overlay(machine: &mut Machine) {
    // A history that cannot be read is none, and no reason not to have a console.
    let file = config_folder().map(|folder| folder.join("history"));
    let history = file.and_then(|file| History::load(&file).ok()).unwrap_or_default();
    let overlay = Overlay::new(history);
    machine.attach_front_end(Box::new(overlay.clone()));
    machine.attach_foreground(Box::new(overlay));
}

#[cfg(not(feature = "overlay"))]
fn attach_overlay(_machine: &mut Machine) {}

#[cfg(not(feature = "sdl"))]
fn open_window(_machine: &mut Machine, _window: &Window) -> Result<(), DisplayError> {
    Err(DisplayError::NoWindow {
        reason: "this program was built without SDL (the `sdl` feature)".to_owned(),
    })
}

#[cfg(feature = "sdl")]
fn offscreen() -> Box<dyn Display> {
    Box::new(metapython_engine::platform::sdl::OffscreenDisplay::default())
}

#[cfg(not(feature = "sdl"))]
fn offscreen() -> Box<dyn Display> {
    Box::new(metapython_engine::platform::headless::display::NullDisplay)
}
