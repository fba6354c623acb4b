//! Opening what a run shows itself and is heard on.

#[cfg(feature = "watch")]
use metapython::reload::PythonUpdater;
use metapython::scene::Failure;
use metapython_engine::alert::{self, Level};
use metapython_engine::audio::{AudioBackend, Tee};
use metapython_engine::machine::{Machine, Stop};
#[cfg(feature = "audio")]
use metapython_engine::platform::cpal::CpalAudio;
use metapython_engine::platform::headless::audio::{OfflineAudio, SilentAudio};
use metapython_engine::platform::headless::input::NoInput;
use metapython_engine::render::{Display, DisplayError, Window};

use crate::cli::RunArguments;

/// The device, the file, both or neither. The second value says why there is no device, if there
/// should be one.
///
/// # Errors
/// [`Failure`] if the file cannot be created.
pub(super) fn open_audio(
    arguments: &RunArguments,
) -> Result<(Box<dyn AudioBackend>, Option<String>), Failure> {
    let file = arguments.audio_out.as_ref().map(OfflineAudio::create).transpose();
    let file = file.map_err(|error| Failure::plain(error.to_string()))?;
    let (device, silence) = if arguments.headless { (None, None) } else { open_device() };
    let backend: Box<dyn AudioBackend> = match (device, file) {
        (Some(device), Some(file)) => Box::new(Tee::new(device, file)),
        (Some(device), None) => Box::new(device),
        (None, Some(file)) => Box::new(file),
        (None, None) => Box::new(SilentAudio),
    };
    Ok((backend, silence))
}

/// The default device; where there is none, one that looks for it until it is there.
#[cfg(feature = "audio")]
fn open_device() -> (Option<CpalAudio>, Option<String>) {
    match CpalAudio::open(None) {
        Ok(device) => (Some(device), None),
        Err(error) => (Some(CpalAudio::look_for(None)), Some(error.to_string())),
    }
}

#[cfg(not(feature = "audio"))]
fn open_device() -> (Option<SilentAudio>, Option<String>) {
    (None, Some("this program was built without sound (the `audio` feature)".to_owned()))
}

/// Tells whoever watches that nothing will be heard, and why.
pub(super) fn alert_silence(machine: &mut Machine, reason: &str) {
    alert::raise(machine.world_mut(), "audio", Level::V, format!("silent: {reason}"));
}

/// Has scripts taken in when they are saved, if the run is one in which they are; where the system
/// does not tell of changes, whoever watches is told so.
#[cfg(feature = "watch")]
pub(super) fn watch(machine: &mut Machine, arguments: &RunArguments) {
    if !arguments.is_watching() {
        return;
    }
    match metapython_engine::platform::notify::NotifyWatcher::open() {
        Ok(watcher) => machine.attach_watcher(Box::new(watcher), Box::new(PythonUpdater)),
        Err(error) => alert::raise(machine.world_mut(), "update", Level::V, error.to_string()),
    }
}

#[cfg(not(feature = "watch"))]
pub(super) fn watch(machine: &mut Machine, arguments: &RunArguments) {
    if arguments.watch {
        let text = "this program was built without file watching (the `watch` feature)";
        alert::raise(machine.world_mut(), "update", Level::V, text);
    }
}

/// Opens the window that the scene wants, or what stands for it.
///
/// # Errors
/// [`Failure`] if there is no screen; it names the way to run without one.
pub(super) fn open_display(machine: &mut Machine, arguments: &RunArguments) -> Result<(), Failure> {
    // A script that has ended the machine while it was loaded needs no window.
    let is_stopped = machine.world().resource::<Stop>().0.is_some();
    if arguments.headless || is_stopped {
        machine.attach_display(offscreen(), Box::new(NoInput));
        return Ok(());
    }
    let window = machine.world().resource::<Window>().clone();
    open_window(machine, &window).map_err(|error| Failure::plain(error.to_string()))
}

#[cfg(feature = "sdl")]
fn open_window(machine: &mut Machine, window: &Window) -> Result<(), DisplayError> {
    let (display, input) = metapython_engine::platform::sdl::open(window)?;
    machine.attach_display(Box::new(display), Box::new(input));
    Ok(())
}

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
